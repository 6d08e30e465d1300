"""Fixed schedules: on which days of a cycle of four weeks each location is emptied, whatever is in it.

Made with care, for a straw man proves nothing: visits are spread evenly over the week, neighbours are done on the same
days, and the days carry about the same weight.
"""

from __future__ import annotations

from itertools import combinations
from typing import Final

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.simulation.weighings import Floats, Ints

CYCLE: Final = 28
"""Days after which a schedule begins anew; day 0 is a Monday."""
SECTORS: Final = 12
"""Stretches of the long tour of which the locations are kept on the same days as far as possible."""
WEEKS: Final = (4, 2)
"""Once in so many weeks, for what fills slowly."""

Schedule = npt.NDArray[np.bool_]


def rhythms(weekdays: tuple[int, ...]) -> Floats:
    """Visits a week that a schedule can have, rising."""
    return np.array([*(1 / weeks for weeks in WEEKS), *range(1, len(weekdays) + 1)])


def longest_gaps(weekdays: tuple[int, ...]) -> Floats:
    """The longest wait in days that each of those rhythms leaves, at best."""
    daily = [min(_gap(days) for days in combinations(weekdays, count)) for count in range(1, len(weekdays) + 1)]
    return np.array([*(7.0 * weeks for weeks in WEEKS), *daily])


def spread(weekdays: tuple[int, ...], count: int) -> tuple[int, ...]:
    """So many of the days of the week, with the shortest longest wait; of equal ones those with the most even waits."""
    return min(combinations(weekdays, count), key=lambda days: (_gap(days), sum(gap**2 for gap in _gaps(days))))


def nearest(visits_a_week: Floats, weekdays: tuple[int, ...]) -> Floats:
    """The rhythm nearest (in ratio) to what was done."""
    offered = rhythms(weekdays)
    away = np.abs(np.log(np.maximum(visits_a_week, 1e-3))[:, None] - np.log(offered)[None])
    return np.asarray(offered[np.argmin(away, axis=1)], dtype=np.float64)


def slowest_within(days: Floats, weekdays: tuple[int, ...]) -> Floats:
    """The fewest visits a week of which the longest wait is at most so many days; the most there are where none will do."""
    offered, gaps = rhythms(weekdays), longest_gaps(weekdays)
    fits = gaps[None] <= days[:, None]
    return np.asarray(np.where(fits.any(axis=1), offered[np.argmax(fits, axis=1)], offered[-1]), dtype=np.float64)


def schedule_of(visits_a_week: Floats, kilograms_a_day: Floats, tour: Ints, weekdays: tuple[int, ...]) -> Schedule:
    """[CYCLE, n]: who is emptied when. `visits_a_week` are rhythms; `tour` is each location's place in a long tour."""
    size = len(visits_a_week)
    plan = np.zeros((CYCLE, size), dtype=bool)
    carried = np.zeros(CYCLE)
    sector = tour * SECTORS // max(size, 1)
    for part in range(SECTORS):
        used = np.zeros(CYCLE, dtype=bool)
        for rhythm in sorted(set(visits_a_week[sector == part].tolist()), reverse=True):
            rows = np.flatnonzero((sector == part) & (visits_a_week == rhythm))
            days = _best(_patterns(rhythm, weekdays), carried, used)
            plan[np.ix_(days, rows)] = True
            used[days] = True
            carried[days] += kilograms_a_day[rows].sum() * CYCLE / len(days)
    return plan


def _patterns(rhythm: float, weekdays: tuple[int, ...]) -> list[Ints]:
    """Every set of days of the cycle with this rhythm and the shortest longest wait."""
    if rhythm < 1:
        weeks = round(1 / rhythm)
        return [
            np.arange(first * 7 + day, CYCLE, weeks * 7) for first in range(weeks) for day in weekdays
        ]  # fmt: skip
    sets = list(combinations(weekdays, round(rhythm)))
    least = min(_gap(days) for days in sets)
    good = [days for days in sets if _gap(days) == least]
    return [np.array([week * 7 + day for week in range(4) for day in days]) for days in good]


def _best(patterns: list[Ints], carried: Floats, used: npt.NDArray[np.bool_]) -> Ints:
    """Days that carry little yet, and on which the trucks are in that part of the district already."""
    mean = max(float(carried.mean()), 1e-9)
    return min(patterns, key=lambda days: float(carried[days].mean()) / mean - float(used[days].mean()))


def _gap(days: tuple[int, ...]) -> int:
    """The longest wait in days between two visits, over the weekend too."""
    return max(_gaps(days))


def _gaps(days: tuple[int, ...]) -> list[int]:
    """The waits in days from each visit to the next."""
    following = [*days[1:], days[0] + 7]
    return [after - day for day, after in zip(days, following, strict=True)]
