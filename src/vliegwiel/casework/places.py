"""Names and numbers of municipalities, as pages show them. They hardly ever change, so a process reads them once a minute."""

from __future__ import annotations

import time
from dataclasses import dataclass

from vliegwiel.base.models import Municipality

from .pages import Place

_FRESH = 60.0


@dataclass(slots=True)
class _Known:
    places: dict[str, Place]
    read: float


_known = _Known({}, 0.0)


def place(code: str) -> Place:
    """The municipality with this code. A code that is not in the table is its own name: it cannot come from a row."""
    if code not in _known.places or time.monotonic() - _known.read > _FRESH:
        rows = Municipality.objects.filter(live_since__isnull=False) | Municipality.objects.filter(code=code)
        found = {row.code: Place(row.code, row.name, row.phone, row.visiting_address) for row in rows}
        _known.places, _known.read = found, time.monotonic()
    return _known.places.get(code) or Place(code, code, "", "")
