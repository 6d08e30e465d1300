"""Figures on signs, as mappers write them: weights, heights and speeds.

Sources: OpenStreetMap wiki, keys maxweight (tonnes unless said), maxheight (metres), maxspeed (km/h), conditional restrictions.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBER: Final = re.compile(r"^\s*(\d{1,7}(?:[.,]\d{1,4})?)\s*([a-z/]*)\s*$", re.ASCII)
_FEET: Final = re.compile(r"^\s*(\d{1,3})\s*(?:'|ft)\s*(?:(\d{1,2})\s*(?:\"|''|in)?)?\s*$", re.ASCII)
_WEIGHT: Final = {
    "": 1000.0, "t": 1000.0, "ton": 1000.0, "tons": 1000.0, "kg": 1.0, "st": 907.185, "lt": 1016.047, "lb": 0.453592,
    "lbs": 0.453592,
}  # fmt: skip
_LENGTH: Final = {"": 100.0, "m": 100.0, "cm": 1.0, "ft": 30.48}
_SPEED: Final = {"": 1.0, "km/h": 1.0, "kmh": 1.0, "kph": 1.0, "mph": 1.609344, "knots": 1.852}
_WALK: Final = 8.0
_ZONES: Final = {
    "urban": 50.0,
    "rural": 80.0,
    "trunk": 100.0,
    "motorway": 100.0,
    "zone30": 30.0,
    "living_street": 15.0,
    "walk": _WALK,
}
"""What a value like `NL:urban` stands for (RVV 1990 art. 20, 21, 45)."""


def kilograms(text: str) -> float | None:
    """A weight limit; None where the text names none."""
    return _read(text, _WEIGHT)


def centimetres(text: str) -> float | None:
    """A height, width or length limit; None where the text names none."""
    feet = _FEET.match(text.lower())
    if feet:
        return int(feet[1]) * 30.48 + int(feet[2] or 0) * 2.54
    return _read(text, _LENGTH)


def kmh(text: str) -> float | None:
    """A speed limit; None where the text names none (`none`, `signals`, unknown)."""
    low = text.lower()
    if low == "walk":
        return _WALK
    if ":" in low:
        last = low.rsplit(":", 1)[1]
        return _ZONES.get(last) or (kmh(last) if last.isdigit() else None)
    found = _read(low, _SPEED)
    return found if found and found >= 1 else None


def _read(text: str, units: dict[str, float]) -> float | None:
    found = _NUMBER.match(text.lower())
    if not found or found[2] not in units:
        return None
    return float(found[1].replace(",", ".")) * units[found[2]]
