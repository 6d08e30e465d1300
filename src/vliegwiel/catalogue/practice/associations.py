"""Which deviation goes with which difference in practice. An association, never a cause: municipalities chose their deviations.

Per deviation the mean effect of municipalities with it and without it, each weighed by how sure it is and by how much
municipalities differ anyway (meta-regression with a random effect; the interval by Knapp and Hartung, 2003). Of many deviations
some differ by chance: the list keeps the share of those at 10 % (Benjamini and Hochberg, 1995) and says how many were looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

FEWEST: Final = 4
"""Municipalities with and without a deviation that are needed to say anything."""
FALSE: Final = 0.10


@dataclass(frozen=True, slots=True)
class Measured:
    """What came out for one municipality, not drawn to the others: the estimate and its variance."""

    town: str
    value: float
    variance: float


@dataclass(frozen=True, slots=True)
class Association:
    """Municipalities with a deviation against those without. `difference` (with - without) on the scale of the estimates, with an
    interval of 90 %. `stands`: it still stands out when all deviations that were looked at are taken together."""

    feature: str
    having: int
    lacking: int
    difference: float
    low: float
    high: float
    chance: float
    stands: bool


def associations(
    measured: Sequence[Measured], having: Mapping[str, frozenset[str]], spread: float
) -> tuple[Association, ...]:
    """Every deviation that enough municipalities have and enough have not, those that stand out first. `spread` is the standard
    deviation between municipalities. Two deviations of exactly the same municipalities cannot be told apart: both are listed."""
    found = []
    for feature, towns in having.items():
        sides = [[one for one in measured if (one.town in towns) is side] for side in (True, False)]
        if min(len(side) for side in sides) >= FEWEST:
            found.append(_compared(feature, sides[0], sides[1], spread))
    return _standing(found)


def _compared(feature: str, having: Sequence[Measured], lacking: Sequence[Measured], spread: float) -> Association:
    means, variances, scatter = [], [], 0.0
    for side in (having, lacking):
        weights = [1 / (one.variance + spread**2) for one in side]
        total = sum(weights)
        mean = sum(weight * one.value for weight, one in zip(weights, side, strict=True)) / total
        means.append(mean)
        variances.append(1 / total)
        scatter += sum(weight * (one.value - mean) ** 2 for weight, one in zip(weights, side, strict=True))
    free = len(having) + len(lacking) - 2
    # Knapp and Hartung: the scatter that is really there, never less than what was expected.
    factor = max(scatter / free, 1.0)
    error = math.sqrt(sum(variances) * factor)
    difference = means[0] - means[1]
    chance = 2 * student_above(abs(difference) / error, free) if error > 0 else 1.0
    reach = student_quantile(0.95, free) * error
    return Association(
        feature, len(having), len(lacking), difference, difference - reach, difference + reach, chance, False
    )


def _standing(found: Sequence[Association]) -> tuple[Association, ...]:
    ordered = sorted(found, key=lambda one: (one.chance, one.feature))
    last = max((n for n, one in enumerate(ordered, 1) if one.chance <= FALSE * n / len(ordered)), default=0)
    return tuple(
        Association(o.feature, o.having, o.lacking, o.difference, o.low, o.high, o.chance, n <= last)
        for n, o in enumerate(ordered, 1)
    )


def student_above(t: float, free: int) -> float:
    """The chance that a Student variable with so many degrees of freedom lies above t (t >= 0)."""
    return 0.5 * _beta(free / (free + t * t), free / 2, 0.5)


def student_quantile(share: float, free: int) -> float:
    """The value below which this share (0.5..1) of a Student distribution lies."""
    low, high = 0.0, 1000.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if student_above(middle, free) > 1 - share else (low, middle)
    return (low + high) / 2


def _beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8; Lentz)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(1 - x, b, a) / b
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    tiny = 1e-300
    c, d = 1.0, 1 / max(abs(1 - (a + b) * x / (a + 1)), tiny)
    found = d
    for m in range(1, 300):
        for numerator in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 + numerator * d
            d = 1 / (d if abs(d) > tiny else tiny)
            c = 1 + numerator / c
            c = c if abs(c) > tiny else tiny
            found *= c * d
        if abs(c * d - 1) < 1e-12:
            break
    return found
