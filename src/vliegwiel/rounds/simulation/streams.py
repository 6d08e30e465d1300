"""What may have been deposited, day by day, given what was really weighed: one draw per seed, the same for every policy.

The weight between two real visits is kept to the gram; how it was spread over the days between is drawn (a Dirichlet bridge:
gamma days of which the sum is known). Where the real registration is missing, a rate is drawn from what that location did in
the other intervals of the same period. So the total is real, the days are drawn, and no policy's own model makes the data it
is judged by.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.simulation.district import District
from vliegwiel.rounds.simulation.weighings import Floats, Intervals, Ints, Period, medians

WARM: Final = 21
"""Days before the period in which a policy starts up, not counted."""
BEYOND: Final = 14
"""Days after the period, for who may look ahead (perfect information)."""
WEEKDAY_SD: Final = 0.1
"""How much weekdays are expected to differ before any data are seen (standard deviation around 1)."""
CHUNK: Final = 7.0
"""Days of one drawn rate where nothing was registered."""


@dataclass(frozen=True, slots=True)
class World:
    """From which streams are drawn. Pieces: (stretch, day, share of the stretch's weight expected that day)."""

    size: int
    first_day: int
    """Day number of the first day of a stream (warm-up included)."""
    days: int
    warm: int
    kilograms: Floats
    """Weight per stretch; NaN where it is drawn."""
    length: Floats
    row: Ints
    rates: tuple[tuple[Floats, Floats], ...]
    """Per location what was really deposited a day in its known intervals, and up to which share of their time (rising to 1)."""
    piece: Ints
    piece_day: Ints
    piece_share: Floats
    shape: float
    """Gamma shape of one whole day: 1 / (coefficient of variation)²."""

    @property
    def counted(self) -> int:
        """How many days count."""
        return self.days - self.warm - BEYOND


def world_of(district: District, period: Period, evidence: Intervals) -> World:
    """Streams for a period, from what was really weighed in and around it."""
    first, last = period.begin - WARM, period.end + BEYOND
    whole = evidence.where(evidence.whole & (evidence.end > first) & (evidence.begin < last))
    begin, end, row, kilograms = _stretches(whole, district.size, first, last)
    weekday = weekday_factors(whole, district.size)
    piece, day, share = _pieces(begin, end, weekday, first, last)
    return World(
        district.size, int(first), int(last - first), WARM, kilograms, end - begin, row,
        tuple(_rates(one, whole, evidence.where(evidence.whole)) for one in range(district.size)), piece, day, share,
        shape=1 / variation(whole, district.size),
    )  # fmt: skip


def _rates(row: int, near: Intervals, ever: Intervals) -> tuple[Floats, Floats]:
    """Weighed by time, so that a draw has the real mean: short intervals are the busy ones.

    Of this location in and around the period; of this location at any time, or of all, where nothing is known of it then.
    """
    mine = near.where(near.row == row)
    if not len(mine.row):
        mine = ever.where(ever.row == row)
    if not len(mine.row):
        mine = near if len(near.row) else ever
    length = mine.end - mine.begin
    return mine.kilograms / length, np.cumsum(length) / length.sum()


def _stretches(whole: Intervals, size: int, first: float, last: float) -> tuple[Floats, Floats, Ints, Floats]:
    """The known intervals, and what lies between them in pieces of a week at most, without a weight."""
    begins, ends, rows, weights = [whole.begin], [whole.end], [whole.row], [whole.kilograms]
    for row in range(size):
        mine = whole.row == row
        edges = [(first, first), *zip(whole.begin[mine], whole.end[mine], strict=True), (last, last)]
        for (_, free), (taken, _) in pairwise(edges):
            parts = max(int(np.ceil((taken - free) / CHUNK)), 0)
            if taken - free > 1e-9 and parts:
                cuts = np.linspace(free, taken, parts + 1)
                begins.append(cuts[:-1])
                ends.append(cuts[1:])
                rows.append(np.full(parts, row))
                weights.append(np.full(parts, np.nan))
    return np.concatenate(begins), np.concatenate(ends), np.concatenate(rows), np.concatenate(weights)


def _pieces(begin: Floats, end: Floats, weekday: Floats, first: float, last: float) -> tuple[Ints, Ints, Floats]:
    """Each stretch in days: which stretch, which day of the stream (-1 outside it), and the share expected that day."""
    start = np.floor(begin).astype(np.int64)
    count = np.ceil(end).astype(np.int64) - start
    piece = np.repeat(np.arange(len(begin)), count)
    day = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + start[piece]
    overlap = np.minimum(end[piece], day + 1) - np.maximum(begin[piece], day)
    keep = overlap > 1e-9
    piece, day, overlap = piece[keep], day[keep], overlap[keep]
    inside = (day >= first) & (day < last)
    return piece, np.where(inside, day - int(first), -1), overlap * weekday[(day + 3) % 7]


def weekday_factors(whole: Intervals, size: int) -> Floats:
    """How much more or less is deposited on each weekday (mean 1), by least squares over intervals; Monday first."""
    if len(whole.row) < 50:
        return np.ones(7)
    pace = _pace(whole, size)
    start = np.floor(whole.begin).astype(np.int64)
    most = int(np.ceil(whole.end).max() - start.min()) if len(start) else 0
    spread = np.zeros((len(start), 7))
    for step in range(min(most, 60)):
        day = start + step
        overlap = np.clip(np.minimum(whole.end, day + 1) - np.maximum(whole.begin, day), 0, None)
        spread[np.arange(len(start)), (day + 3) % 7] += overlap
    length = whole.end - whole.begin
    weight = 1 / np.sqrt(length)
    left = spread * weight[:, None]
    right = (whole.kilograms / pace[whole.row]) * weight
    # Visits follow a weekly rhythm, so that single weekdays are hardly told apart: what the data do not say stays 1.
    pull = variation(whole, size) / WEEKDAY_SD**2
    found = np.linalg.solve(left.T @ left + pull * np.eye(7), left.T @ right + pull)
    factors = np.clip(found, 0.5, 1.6)
    return np.asarray(factors / factors.mean())


def _pace(whole: Intervals, size: int) -> Floats:
    """Kilograms a day per location."""
    weight = np.bincount(whole.row, whole.kilograms, minlength=size)
    days = np.bincount(whole.row, whole.end - whole.begin, minlength=size)
    return np.maximum(weight / np.maximum(days, 1e-9), 1e-6)


def variation(whole: Intervals, size: int) -> float:
    """The squared coefficient of variation of one day, from how usual intervals differ from their location's pace."""
    length = whole.end - whole.begin
    usual = medians(whole.row, length, size)[whole.row]
    regular = whole.where((length > 0.75 * usual) & (length < 1.3 * usual))
    if len(regular.row) < 20:
        return 0.3
    length = regular.end - regular.begin
    pace = _pace(regular, size)[regular.row]
    off = np.sort((regular.kilograms - pace * length) ** 2 / (pace**2 * length))
    # The far tail is mattresses and slips of the scale; without it the spread of the rest stands out.
    return float(np.clip(off[: int(len(off) * 0.98)].mean(), 0.05, 4.0))


def draw(world: World, seed: int) -> npt.NDArray[np.float64]:
    """Kilograms deposited per day and location (days × locations). The same seed gives the same stream, always."""
    luck = np.random.default_rng([20200101, seed])
    total = world.kilograms.copy()
    for stretch in np.flatnonzero(np.isnan(total)):
        rates, upto = world.rates[world.row[stretch]]
        total[stretch] = rates[min(int(np.searchsorted(upto, luck.random())), len(rates) - 1)] * world.length[stretch]
    parts = luck.standard_gamma(np.maximum(world.shape * world.piece_share, 1e-3)) + 1e-12
    parts *= (total / np.bincount(world.piece, parts, minlength=len(total)))[world.piece]
    inside = world.piece_day >= 0
    flat = world.piece_day[inside] * world.size + world.row[world.piece[inside]]
    found = np.bincount(flat, parts[inside], minlength=world.days * world.size)
    return np.asarray(found.reshape(world.days, world.size), dtype=np.float64)
