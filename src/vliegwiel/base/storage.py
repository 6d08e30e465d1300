"""Files: uploads, letters, pictures. A local folder by default, an S3-compatible store by setting.

A file belongs to one municipality and its key says so: `GM0546/2026/11/<uuid7>.pdf`. Write the file first and then the
row that points to it: a file without a row is harmless (and can be swept up), a row without its file is a lost document.
`put` returns when the file will survive a crash.
"""

from __future__ import annotations

import os
import re
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from . import clock
from .errors import NotFound
from .ids import uuid7

_MUNICIPALITY = re.compile(r"GM\d{4}")
_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8})?")
_KEY = re.compile(r"GM\d{4}/\d{4}/\d{2}/[0-9a-f-]{36}(\.[a-z0-9]{1,8})?")


class DurableFolder(FileSystemStorage):
    """A folder that has really written a file (and its name) to disk before it says so."""

    def _save(self, name: str, content: Any) -> str:
        saved: str = super()._save(name, content)  # type: ignore[misc]  # there at run time, not in the type stubs
        path = self.path(saved)
        for target in (path, os.path.dirname(path)):  # noqa: PTH120  # Django gives and takes text here
            descriptor = os.open(target, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        return saved


def put(municipality: str, content: bytes, *, suffix: str) -> str:
    """Keep `content` for a municipality and return its key. `suffix` as in `.pdf` (lower case) or empty.

    Raises `ValueError` for a malformed municipality or suffix.
    """
    if not _MUNICIPALITY.fullmatch(municipality):
        raise ValueError(f"not a municipality code: {municipality!r}")
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError(f"not a file suffix: {suffix!r}")
    today = clock.today()
    key = f"{municipality}/{today:%Y/%m}/{uuid7()}{suffix}"
    return default_storage.save(key, ContentFile(content))


def get(municipality: str, key: str) -> bytes:
    """The content under `key`. Raises `NotFound` when it is not there or belongs to another municipality."""
    _check(municipality, key)
    try:
        with default_storage.open(key, "rb") as handle:
            content: bytes = handle.read()
    except (FileNotFoundError, SuspiciousOperation) as error:
        raise NotFound("Dit bestand is er niet.") from error
    return content


def remove(municipality: str, key: str) -> None:
    """Throw the file away; it is no error when it is gone already. Raises `NotFound` for another municipality's key."""
    _check(municipality, key)
    default_storage.delete(key)


def _check(municipality: str, key: str) -> None:
    if not _KEY.fullmatch(key) or not key.startswith(f"{municipality}/"):
        raise NotFound("Dit bestand is er niet.")
