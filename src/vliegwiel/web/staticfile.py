"""Addresses of style sheets, scripts and fonts, marked with their content so that a browser may keep them."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

HTMX = "vendor/htmx.min.js"
FONT = "vendor/source-sans-3-latin-wght-normal.woff2"
FONT_EXTENDED = "vendor/source-sans-3-latin-ext-wght-normal.woff2"


@functools.cache
def found(path: str) -> Path | None:
    """Where a static file lies, or None: what comes from npm may not be installed, and pages do without."""
    where = finders.find(path)
    return Path(where) if isinstance(where, str) else None


@functools.cache
def address(path: str) -> str:
    """`/static/<path>?v=<first digits of its SHA-256>`; without the mark when there is no such file."""
    where = found(path)
    url = f"{settings.STATIC_URL}{path}"
    return f"{url}?v={hashlib.sha256(where.read_bytes()).hexdigest()[:10]}" if where else url
