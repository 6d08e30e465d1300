"""Emptyings that nobody told of, found in the levels of a sensor; and what came in between them.

A level that falls by a fifth of the container and more, and stays down, was an emptying. One low reading between two high ones is
a mistake of the sensor; a slow fall is waste that settles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.evidence import Bools, Containers, Deposits, Floats, Ints, Levels

FALL: Final = 20.0
"""Percent of the capacity by which the level falls at least."""

REMAINS: Final = 0.6
"""Of the level before, no more than this is left."""

FULL: Final = 98.0
"""Percent from which a sensor may be looking at waste above the rim."""

SLOWEST: Final = 2.0
"""Days between the readings around an emptying, at most, for its moment to be known."""

SPAN: Final = 1.0
"""Days that spans between readings last at least: shorter ones tell of the sensor's error, not of the waste."""


@dataclass(frozen=True, slots=True)
class Emptied:
    """Emptyings [e]: container, moment (halfway between the readings around it), level before and after in percent."""

    container: Ints
    at: Floats
    before: Floats
    after: Floats


def emptyings(levels: Levels) -> Emptied:
    """Emptyings in readings of any order."""
    readings = levels.in_order()
    fallen = _falls(readings)
    rows = np.flatnonzero(fallen)
    return Emptied(
        readings.container[rows],
        (readings.at[rows - 1] + readings.at[rows]) / 2.0,
        readings.level[rows - 1],
        readings.level[rows],
    )


def deposits_of(levels: Levels, containers: Containers) -> Deposits:
    """What came in, in spans of about a day between readings with no emptying between them, in the unit of the capacity.

    A span that ends full is marked: at least that much came in. What came in while the sensor saw full is unknown and left out.
    """
    readings = levels.in_order()
    if not len(readings):
        nothing = np.zeros(0)
        return Deposits(readings.container, nothing, nothing, nothing, np.zeros(0, dtype=np.bool_))
    fallen = _falls(readings)
    new = np.append(True, readings.container[1:] != readings.container[:-1])
    run = np.cumsum(new | fallen) - 1
    first_of_run = np.flatnonzero(np.append(True, run[1:] != run[:-1]))
    # A reading is kept when it opens another day of its run: the first of each day, and the last of the run.
    day = np.floor((readings.at - readings.at[first_of_run][run]) / SPAN)
    last = np.append(run[1:] != run[:-1], True)
    keep = np.append(True, (run[1:] != run[:-1]) | (day[1:] != day[:-1])) | last
    row = np.flatnonzero(keep)
    same = run[row][1:] == run[row][:-1]
    begin, end = row[:-1][same], row[1:][same]
    seen = readings.level[begin] < FULL
    begin, end = begin[seen], end[seen]
    amount = (readings.level[end] - readings.level[begin]) / 100.0 * containers.capacity[readings.container[begin]]
    long_enough = readings.at[end] - readings.at[begin] >= 0.25 * SPAN
    begin, end, amount = begin[long_enough], end[long_enough], amount[long_enough]
    return Deposits(
        readings.container[begin], readings.at[begin], readings.at[end], amount, readings.level[end] >= FULL
    )


def _falls(readings: Levels) -> Bools:
    """[m]: an emptying lies between the reading before and this one."""
    m = len(readings)
    fallen = np.zeros(m, dtype=np.bool_)
    if m < 2:
        return fallen
    level, same = readings.level, readings.container[1:] == readings.container[:-1]
    fallen[1:] = same & (level[:-1] - level[1:] >= FALL) & (level[1:] <= REMAINS * level[:-1])
    # Back up at the next reading: the low one was a mistake of the sensor.
    if m > 2:
        back = np.zeros(m, dtype=np.bool_)
        back[1:-1] = fallen[1:-1] & same[1:] & (level[2:] >= level[:-2] - 0.25 * (level[:-2] - level[1:-1]))
        fallen &= ~back
        # The reading after a single high mistake is no emptying either: it is about what it was before the mistake.
        spike = np.zeros(m, dtype=np.bool_)
        spike[2:] = fallen[2:] & same[:-1] & (np.abs(level[2:] - level[:-2]) <= 0.25 * (level[1:-1] - level[2:]))
        spike[2:] &= readings.at[2:] - readings.at[:-2] <= SLOWEST
        fallen &= ~spike
    return fallen
