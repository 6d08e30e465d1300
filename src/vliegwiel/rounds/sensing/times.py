"""Moments and periods as the standard writes them: ISO 8601, a period as `start/end` (OGC 18-088, 8.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_FRACTION = re.compile(r"[.,](\d+)")
_ZONE = re.compile(r"[ +\-]\d{2}:?\d{2}$")
_SHAPE = re.compile(r"\d{4}-?\d{2}-?\d{2}[Tt]\d{2}.*")


def moment(text: str) -> datetime:
    """A moment, in UTC. Without a time zone it is UTC. Raises `ValueError`.

    A plus sign in an address means a space: a zone +01:00 that was not escaped arrives as " 01:00" and is read as meant.
    """
    if len(text) > 40 or _SHAPE.fullmatch(text) is None:
        raise ValueError(f"no moment: {text!r}")
    zone = _ZONE.search(text)
    if zone is not None and zone.group()[0] == " ":
        text = f"{text[: zone.start()]}+{zone.group()[1:]}"
    found = datetime.fromisoformat(_FRACTION.sub(lambda digits: f".{digits.group(1)[:6]:0<6}", text.upper()))
    found = found.replace(tzinfo=UTC) if found.tzinfo is None else found
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"out of range: {text!r}") from None


def span(text: str) -> tuple[datetime, datetime]:
    """A period. Raises `ValueError`, also when it ends before it starts."""
    start, slash, end = text.partition("/")
    if not slash:
        raise ValueError(f"no period: {text!r}")
    found = moment(start), moment(end)
    if found[1] < found[0]:
        raise ValueError(f"it ends before it starts: {text!r}")
    return found
