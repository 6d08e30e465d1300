"""What is known of the locations of one district: from the training period alone, but for one thing: that they still exist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.simulation.areas import Area
from vliegwiel.rounds.simulation.assumptions import Assumptions
from vliegwiel.rounds.simulation.weighings import (
    HEAVIEST,
    DataInvalid,
    Floats,
    Intervals,
    Ints,
    Period,
    Places,
    Visits,
    intervals_of,
    medians,
)

ENOUGH: Final = 12
"""Known intervals in the training period below which a location is left out: too little to plan by."""
SEEN: Final = 3
"""Known intervals in the planned period below which nothing is known of what was really deposited."""
FEWEST: Final = 5
"""Locations below which there is no district to speak of."""
WORKED: Final = 0.25
"""A weekday is a working day when it has more than this share of the visits of the busiest one."""
DENSE: Final = 0.9
"""Quantile of the weight per lift that counts as full, where it is more than the assumed weight."""


@dataclass(frozen=True, slots=True)
class District:
    """Locations that are simulated. Arrays have one row per location.

    - `containers`: how many are lifted in a usual visit; `capacity`: kilograms when all are full.
    - `rhythm`: median days between visits in the training period: what the city really did.
    - `train`, `real`: intervals before and in the planned period, rows of this district.
    - `weekdays`: on which days there is collection (0 Monday).
    - `left_out`: locations with visits in the planned period that have too few known intervals, and their share of the weight.
    """

    name: str
    exact: bool
    keys: tuple[str, ...]
    x: Floats
    y: Floats
    containers: Ints
    capacity: Floats
    rhythm: Floats
    train: Intervals
    real: Intervals
    train_period: Period
    plan_period: Period
    weekdays: tuple[int, ...]
    left_out: int
    left_out_share: float
    unknown_share: float

    @property
    def size(self) -> int:
        """How many locations."""
        return len(self.keys)


def district_of(
    places: Places, visits: Visits, area: Area, train: Period, plan: Period, assumed: Assumptions
) -> District:
    """The locations of an area with enough evidence. Raises `DataInvalid` when the periods or the data will not do."""
    if train.last >= plan.first:
        raise DataInvalid("De leerperiode eindigt voor de planperiode begint: anders is de uitkomst niet eerlijk.")
    for what, period in (("leerperiode", train), ("planperiode", plan)):
        if period.first > visits.last or period.last < visits.first:
            raise DataInvalid(f"In de {what} {period.first} tot en met {period.last} is er geen weging.")
    total = len(places)
    known = intervals_of(visits, total)
    learned = known.between(train.begin, train.end)
    real = known.between(train.begin, plan.end)
    real = real.where(real.end > plan.begin)
    keep = area.inside & (_counts(learned, total) >= ENOUGH) & (_counts(real, total) >= SEEN)
    rows = np.flatnonzero(keep)
    if len(rows) < FEWEST:
        raise DataInvalid(
            f"{area.name}: maar {len(rows)} locaties hebben genoeg wegingen in beide perioden ({FEWEST} is het minste). "
            "Kies een grotere wijk of langere perioden."
        )
    number = np.full(total, -1)
    number[rows] = np.arange(len(rows))
    here = area.inside[visits.row] & (visits.at >= plan.begin) & (visits.at < plan.end) & visits.known
    weight = np.bincount(visits.row[here], visits.kilograms[here], minlength=total)
    learned, real = _renumbered(learned, number), _renumbered(real, number)
    containers, capacity = _capacity(learned, len(rows), assumed)
    whole = learned.where(learned.whole)
    return District(
        name=area.name, exact=area.exact, keys=tuple(places.keys[row] for row in rows),
        x=places.x[rows], y=places.y[rows], containers=containers, capacity=capacity,
        rhythm=medians(whole.row, whole.end - whole.begin, len(rows)),
        train=learned, real=real, train_period=train, plan_period=plan,
        weekdays=_weekdays(visits, number, train),
        left_out=int((area.inside & (weight > 0) & ~keep).sum()),
        left_out_share=float(1 - weight[rows].sum() / max(weight.sum(), 1.0)),
        unknown_share=float(1 - (real.end - real.begin)[real.whole].sum() / max((real.end - real.begin).sum(), 1.0)),
    )  # fmt: skip


def _counts(intervals: Intervals, size: int) -> Ints:
    return np.bincount(intervals.row[intervals.whole], minlength=size)


def _renumbered(intervals: Intervals, number: npt.NDArray[np.int64]) -> Intervals:
    part = intervals.where(number[intervals.row] >= 0)
    return Intervals(number[part.row], part.begin, part.end, part.kilograms, part.lifts, part.whole)


def _capacity(learned: Intervals, size: int, assumed: Assumptions) -> tuple[Ints, Floats]:
    """Containers per location, and kilograms when full: as assumed, or what is really carried where that is more."""
    whole = learned.where(learned.whole)
    containers = np.maximum(np.round(medians(whole.row, whole.lifts.astype(np.float64), size)), 1).astype(np.int64)
    per_lift = whole.kilograms / np.maximum(whole.lifts, 1)
    full = np.array([float(np.quantile(per_lift[whole.row == row], DENSE)) for row in range(size)])
    return containers, containers * np.clip(full, assumed.full_kilograms, HEAVIEST)


def _weekdays(visits: Visits, number: Ints, train: Period) -> tuple[int, ...]:
    """Monday is 0; 1970-01-01 was a Thursday."""
    inside = (number[visits.row] >= 0) & (visits.at >= train.begin) & (visits.at < train.end)
    day = (np.floor(visits.at[inside]).astype(np.int64) + 3) % 7
    counts = np.bincount(day, minlength=7)
    return tuple(int(one) for one in np.flatnonzero(counts > WORKED * counts.max()))
