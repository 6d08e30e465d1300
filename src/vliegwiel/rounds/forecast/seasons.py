"""Weekday and season: how much comes in on a day, against a mean day, for each fraction.

Spans of several days tell about weekdays too: what came in is shared out over the days of the span in the proportions found so
far, the proportions are counted again, and so on (expectation-maximisation for sums of Poisson counts). Seasons need years: one
year of a month is one opinion about that month, and weighs as such (`YEARS`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.evidence import Containers, Deposits, Floats, Ints

LAST_DAY: Final = 47_482
"""2100-01-01. Days beyond, or before 1970, count as mean days."""

YEARS: Final = 1.0
"""How many years of the same month weigh as much as the belief that no month differs."""

ROUNDS: Final = 25
STRIDE: Final = 1.8
"""Each round goes so much further than expectation-maximisation says: below two it ends in the same place, sooner."""

MOST_SPANS: Final = 60_000
WHOLE_YEAR: Final = 330
"""Days that evidence spans at least to tell of seasons: of a few months one cannot tell a season from a trend."""

LEAST_SPANS: Final = 40
"""Below this many spans a fraction keeps mean days: noise would look like a season."""

_DAYS = np.arange(LAST_DAY, dtype=np.int64)
_WEEKDAY: Final = (_DAYS + 3) % 7  # 1970-01-01 was a Thursday; Monday is 0
_DATES = np.datetime64("1970-01-01") + _DAYS
_MONTH: Final = (_DATES.astype("datetime64[M]").astype(np.int64)) % 12
_YEAR: Final = _DATES.astype("datetime64[Y]").astype(np.int64)


@dataclass(frozen=True, slots=True)
class Calendar:
    """How the days differ. `weekday` [f, 7] from Monday, `month` [f, 12]; both have mean one over the days they are of.

    `running` [f, days + 1]: mean days from 1970-01-01 until the midnight at which day i begins.
    """

    weekday: Floats
    month: Floats
    running: Floats

    def until(self, fraction: Ints, at: Floats) -> Floats:
        """Mean days until a moment, for fractions [m] and moments [m]."""
        day = np.clip(np.floor(at), 0, LAST_DAY - 1).astype(np.int64)
        before = self.running[fraction, day]
        return np.asarray(before + (at - day) * (self.running[fraction, day + 1] - before), dtype=np.float64)

    def span(self, fraction: Ints, begin: Floats, end: Floats) -> Floats:
        """Mean days between two moments: a busy day counts for more than one."""
        return self.until(fraction, end) - self.until(fraction, begin)

    def factor(self, fraction: int, day: int) -> float:
        """What comes in on a day, against a mean day."""
        return float(self.running[fraction, day + 1] - self.running[fraction, day])


def calendar(weekday: Floats, month: Floats) -> Calendar:
    """A calendar of given factors, [f, 7] and [f, 12]."""
    factor = weekday[:, _WEEKDAY] * month[:, _MONTH]
    running = np.zeros((len(weekday), LAST_DAY + 1))
    np.cumsum(factor, axis=1, out=running[:, 1:])
    return Calendar(weekday, month, running)


def even(fractions: int) -> Calendar:
    """All days alike."""
    return calendar(np.ones((fractions, 7)), np.ones((fractions, 12)))


def fitted(containers: Containers, deposits: Deposits) -> Calendar:
    """The calendar that the deposits tell of. Spans far longer or shorter than usual for a container say nothing."""
    count = max(len(containers.fractions), 1)
    weekday, month = np.ones((count, 7)), np.ones((count, 12))
    fraction = containers.fraction
    spans = _telling(deposits)
    for row in range(count):
        mine = spans.where(fraction[spans.container] == row)
        if len(mine) >= LEAST_SPANS:
            weekday[row], month[row] = _factors(mine)
    return calendar(weekday, month)


def _telling(deposits: Deposits) -> Deposits:
    """Spans of an ordinary length for their container, not full at the end; at most `MOST_SPANS`, evenly picked."""
    length = deposits.end - deposits.begin
    order = np.lexsort((length, deposits.container))
    container = deposits.container[order]
    first = np.searchsorted(container, np.arange(container.max(initial=-1) + 1))
    count = np.bincount(container)
    middle = np.zeros(len(count))
    there = count > 0
    middle[there] = length[order][(first + count // 2)[there]]
    usual = middle[deposits.container]
    keep = ~deposits.full & (length >= 0.4 * usual) & (length <= 1.6 * usual) & (length <= 35.0)
    rows = np.flatnonzero(keep)
    if len(rows) > MOST_SPANS:
        picked = np.zeros_like(keep)
        picked[rows[np.linspace(0, len(rows) - 1, MOST_SPANS).astype(np.int64)]] = True
        keep = picked
    return deposits.where(keep)


def _factors(spans: Deposits) -> tuple[Floats, Floats]:
    """Weekday [7] and month [12] factors of spans of one fraction."""
    weekday, month = np.ones(7), np.ones(12)
    _, owner = np.unique(spans.container, return_inverse=True)
    first, last = int(spans.begin.min()), int(spans.end.max()) + 1
    window = slice(max(first, 0), min(last + 1, LAST_DAY))
    years = np.array([len(np.unique(_YEAR[window][_MONTH[window] == m])) for m in range(12)], dtype=np.float64)
    trust = years / (years + YEARS)
    of_day = {7: _WEEKDAY[window], 12: _MONTH[window]}
    begin, end = spans.begin - window.start, spans.end - window.start
    seasons = [(weekday, 7), (month, 12)] if last - first >= WHOLE_YEAR else [(weekday, 7)]
    for _ in range(ROUNDS):
        for factors, parts in seasons:
            day = weekday[of_day[7]] * month[of_day[12]]
            cells = _cells(begin, end, day, of_day[parts], parts)
            whole = cells.sum(axis=1)
            rate = np.bincount(owner, weights=spans.amount) / np.maximum(np.bincount(owner, weights=whole), 1e-9)
            expected = np.maximum(rate, 0.0)[owner][:, None] * cells
            got = (spans.amount / np.maximum(whole, 1e-9))[:, None] * cells
            prior = 0.002 * expected.sum()
            step = (got.sum(axis=0) + prior) / np.maximum(expected.sum(axis=0) + prior, 1e-12)
            factors *= np.clip(step, 0.2, 5.0) ** STRIDE
            factors /= factors.mean()
    month = 1.0 + trust * (month - 1.0)
    return weekday, month / month.mean()


def _cells(begin: Floats, end: Floats, day: Floats, part: Ints, parts: int) -> Floats:
    """[m, parts]: how much of each span, in weighted days, lies in each weekday (or month)."""
    weights = np.zeros((len(day) + 1, parts))
    weights[np.arange(len(day)) + 1, part] = day
    running = np.cumsum(weights, axis=0)

    def until(at: Floats) -> Floats:
        row = np.clip(np.floor(at), 0, len(day) - 1).astype(np.int64)
        before = running[row]
        return np.asarray(before + (at - row)[:, None] * (running[row + 1] - before), dtype=np.float64)

    return until(end) - until(begin)
