"""From counts to measures, and from seeds to means with intervals, paired where two policies lived through the same streams."""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import StrEnum
from statistics import NormalDist
from typing import Final

import numpy as np

from vliegwiel.rounds.simulation.assumptions import Assumptions
from vliegwiel.rounds.simulation.figures import Interval
from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.running import Counted
from vliegwiel.rounds.simulation.weighings import Floats

SURE: Final = 0.95
"""Of the intervals."""


class Measure(StrEnum):
    """What is reported, by the name it has in figures. Amounts are a week, unless the name says otherwise."""

    KILOMETRES = "km"
    COLLECTING = "km_between_stops"
    HOURS = "hours"
    VISITS = "visits"
    LIFTS = "lifts"
    TIPS = "tips"
    TRUCK_DAYS = "truck_days"
    TONNES = "tonnes"
    SPILLED = "litres_overflown"
    OVERFLOW_DAYS = "overflow_container_days"
    OVERFLOW_SHARE = "overflow_percent_of_container_days"
    FILL = "fill_at_emptying_percent"
    CO2 = "co2_kg"
    COST = "cost_euro"


SENSED: Final = frozenset({Kind.THRESHOLDS, Kind.COLLECTING})
"""Policies that pay for sensors. Perfect information is no product: it has no price."""


def measures(counted: Counted, kind: Kind, assumed: Assumptions, containers: int) -> dict[Measure, float]:
    """The measures of one policy in one stream. `containers`: how many there are, each with a sensor if the policy has them."""
    weeks = counted.days / 7
    diesel = counted.metres / 1000 * assumed.litre_diesel_km + counted.lifts * assumed.litre_diesel_lift
    sensors = assumed.cents_sensor_day * 7 * containers if kind in SENSED else 0.0
    driving = (
        counted.metres / 1000 * assumed.cents_km + counted.seconds / 3600 * assumed.cents_hour
        + counted.truck_days * assumed.cents_truck_day
    )  # fmt: skip
    return {
        Measure.KILOMETRES: counted.metres / 1000 / weeks,
        Measure.COLLECTING: counted.collecting_metres / 1000 / weeks,
        Measure.HOURS: counted.seconds / 3600 / weeks,
        Measure.VISITS: counted.visits / weeks,
        Measure.LIFTS: counted.lifts / weeks,
        Measure.TIPS: counted.tips / weeks,
        Measure.TRUCK_DAYS: counted.truck_days / weeks,
        Measure.TONNES: counted.kilograms / 1000 / weeks,
        Measure.SPILLED: assumed.litres(counted.spilled) / weeks,
        Measure.OVERFLOW_DAYS: counted.overflow_days / weeks,
        Measure.OVERFLOW_SHARE: 100 * counted.overflow_days / counted.container_days,
        Measure.FILL: 100 * counted.filled / max(counted.visits, 1),
        Measure.CO2: diesel * assumed.co2_per_litre / weeks,
        Measure.COST: (driving / weeks + sensors) / 100,
    }


def interval(values: Sequence[float] | Floats) -> Interval:
    """Mean and 95 % interval. With one value there is no interval: it is the value itself."""
    array = np.asarray(values, dtype=np.float64)
    mean = float(array.mean())
    if len(array) < 2:
        return Interval(mean, mean, mean)
    half = _student(len(array) - 1) * float(array.std(ddof=1)) / math.sqrt(len(array))
    return Interval(mean, mean - half, mean + half)


def _student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: the expansion in Abramowitz and Stegun 26.7.5, from a table for 1 to 3."""
    exact = {1: 12.7062, 2: 4.3027, 3: 3.1824}
    if freedom in exact:
        return exact[freedom]
    z = NormalDist().inv_cdf(0.5 + SURE / 2)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + g1 / freedom + g2 / freedom**2 + g3 / freedom**3


def difference(mine: Sequence[float], other: Sequence[float]) -> Interval:
    """Mine minus the other's, seed by seed."""
    return interval(np.asarray(mine) - np.asarray(other))


def change(mine: Sequence[float], other: Sequence[float]) -> Interval:
    """Mine against the other's in percent, seed by seed; zero where there is nothing to compare with."""
    base = np.asarray(other, dtype=np.float64)
    safe = np.where(base == 0, 1.0, base)
    return interval(np.where(base == 0, 0.0, 100 * (np.asarray(mine) - base) / safe))
