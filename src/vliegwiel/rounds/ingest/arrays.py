"""Columns as PostgreSQL array literals: for thousands of values several times as fast as handing over lists.

Only `texts` takes what others wrote; it quotes every element. A literal goes as one text parameter with a cast behind it
(`%s::uuid[]`). Source: PostgreSQL 18 documentation, 8.15.2 and 8.15.6.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID


def uuids(values: Iterable[UUID | None]) -> str:
    """`uuid[]`"""
    return "{" + ",".join(["NULL" if v is None else v.hex for v in values]) + "}"


def moments(values: Iterable[date | None]) -> str:
    """`timestamptz[]` of aware datetimes, or `date[]`."""
    return "{" + ",".join(["NULL" if v is None else f'"{v.isoformat()}"' for v in values]) + "}"


def numbers(values: Iterable[float | None]) -> str:
    """`float8[]`, or of whole numbers `int[]`."""
    return "{" + ",".join(["NULL" if v is None else repr(v) for v in values]) + "}"


def texts(values: Iterable[str | None]) -> str:
    """`text[]`. Raises `ValueError` for the character U+0000, which PostgreSQL cannot keep."""
    return "{" + ",".join(["NULL" if v is None else _quoted(v) for v in values]) + "}"


def blobs(values: Iterable[bytes]) -> str:
    """`bytea[]`"""
    return "{" + ",".join([f'"\\\\x{v.hex()}"' for v in values]) + "}"


def _quoted(value: str) -> str:
    if "\0" in value:
        raise ValueError("text with the character U+0000")
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
