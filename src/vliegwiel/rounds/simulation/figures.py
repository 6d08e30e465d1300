"""The figures of a report of savings, wherever it is shown. Light: a page that reads a report loads nothing that calculates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

PRECISE: Final = 0.005
"""Percentage points of container-days that are no difference worth a name."""
HALF_A_LITRE: Final = 0.5
"""A week: less is no difference worth a name."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean over seeds and where it lies with 95 % certainty (Student's t)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Row:
    """One policy: how it was set in the training period, and each measure over the seeds."""

    policy: str
    title: str
    settings: str
    measures: Mapping[str, Interval]


@dataclass(frozen=True, slots=True)
class Pair:
    """One policy against another, seed by seed: percent less or more, with the difference in overflow beside it."""

    policy: str
    against: str
    percent: Mapping[str, Interval]
    """Change in percent of kilometres, hours, lifts, CO₂ and cost."""
    overflow_points: Interval
    """Percentage points of container-days that overflow, more (above zero) or less."""
    litres: Interval
    """Litres overflown a week, more or less."""
    sentence: str

    @property
    def no_more_overflow(self) -> bool:
        """Whether the mean of neither kind is more. That seeds cannot tell two apart does not make them equal."""
        return self.overflow_points.mean <= PRECISE and self.litres.mean <= HALF_A_LITRE


@dataclass(frozen=True, slots=True)
class Gains:
    """Where the saving comes from, step by step, in percent of the kilometres of the fixed schedule, with overflow beside it."""

    steps: tuple[tuple[str, Interval, Interval], ...]
    """What changes, kilometres in percent of the fixed schedule, overflow in percentage points."""
