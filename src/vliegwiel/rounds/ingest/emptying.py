"""When a container was emptied, told by its level going down. Pure.

A level also wavers: waste settles, echoes differ, one reading is plain wrong. So a fall counts when it is large, ends low,
and neither it nor the height it fell from is one wrong reading.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

FALL = 15.0
"""Percentage points that the level must fall at least; less is settling or noise."""
SHARE_LEFT = 0.5
"""After an emptying at most this share of the level before is left."""
SETTLING = 5.0
"""Percentage points that a level may sink by itself."""
UNDONE_WITHIN = timedelta(hours=12)
UNDONE_SHARE = 0.6
"""A fall of which this share is won back within that time was an error of the sensor: no container fills so fast."""


@dataclass(frozen=True, slots=True)
class Fall:
    """An emptying between two readings: levels in percent."""

    not_before: datetime
    at: datetime
    before: float
    after: float


def falls(readings: Sequence[tuple[datetime, float]]) -> list[Fall]:
    """The emptyings in the readings of one container, which are in order of time (moment, percent)."""
    found: list[Fall] = []
    prior: tuple[datetime, float] | None = None
    before: tuple[datetime, float] | None = None
    for i, now in enumerate(readings):
        if before is None or before[1] - now[1] < FALL or now[1] > before[1] * SHARE_LEFT:
            prior, before = before, now
            continue
        if prior is not None and _peak(prior, before, now):
            before = now  # the height was the wrong one
            continue
        if _undone(readings[i + 1 :], now, before[1]):
            continue  # the reading was wrong: the next is compared with the one before it
        found.append(Fall(before[0], now[0], before[1], now[1]))
        prior, before = None, now
    return found


def _undone(later: Sequence[tuple[datetime, float]], low: tuple[datetime, float], before: float) -> bool:
    """Whether the level was soon back up."""
    wanted = low[1] + (before - low[1]) * UNDONE_SHARE
    for then, value in later:
        if then - low[0] > UNDONE_WITHIN:
            return False
        if value >= wanted:
            return True
    return False


def _peak(prior: tuple[datetime, float], high: tuple[datetime, float], now: tuple[datetime, float]) -> bool:
    """Whether the high one stands alone: soon the level is where it was before it."""
    return high[1] - prior[1] >= FALL and now[1] >= prior[1] - SETTLING and now[0] - prior[0] <= UNDONE_WITHIN


def may_be_one(before: float | None, level: float) -> bool:
    """Whether two readings in a row differ so much that the days around them must be looked at again: a fall, or a rise that
    may undo one."""
    return before is not None and abs(before - level) >= FALL
