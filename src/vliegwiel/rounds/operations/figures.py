"""What a stored plan was made with and what it comes to: kept beside its rows, so that a change can be worked out at once.

Metres, seconds (since midnight), cents; loads are (kilograms, litres); probabilities 0-1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from vliegwiel.base.typed import prepare
from vliegwiel.rounds.planning.day import Outlook
from vliegwiel.rounds.planning.plans import Plan
from vliegwiel.rounds.planning.problem import Stop, Tip, Truck
from vliegwiel.rounds.roads import TruckProfile

PROPOSED: Final = "voorstel"
MUST_ONLY: Final = "moet"
FIXED_ROUND: Final = "vast"


class Numbers(msgspec.Struct, frozen=True):
    """What a plan comes to. `overflow`: probability that at least one container that waits overflows before its next chance."""

    containers: int
    metres: int
    seconds: int
    cents: int
    overflow: float


class Chosen(msgspec.Struct, frozen=True):
    """Why a container is emptied. `by_hand`: a planner decided it."""

    must: bool
    sentence: str
    by_hand: bool = False


class Left(msgspec.Struct, frozen=True):
    """Why a container waits, how probable it is that it overflows before its next chance, and in how many days that is."""

    sentence: str
    overflow: float
    next_chance: int
    by_hand: bool = False


class Option(msgspec.Struct, frozen=True):
    """A whole plan: what is proposed, or what one could do instead."""

    key: str
    numbers: Numbers
    plan: Plan
    emptied: Mapping[str, Chosen]
    waiting: Mapping[str, Left]


class PlanFigures(msgspec.Struct, frozen=True):
    """Everything to work with a stored plan. `current` is the option that the rows show, changes by hand included; `stops` are
    all containers as the planner sees them, also those it need not look at."""

    current: Option
    options: tuple[Option, ...]
    outlooks: tuple[Outlook, ...]
    stops: tuple[Stop, ...]
    trucks: tuple[Truck, ...]
    tips: tuple[Tip, ...]
    places: tuple[tuple[float, float], ...]
    profiles: tuple[TruckProfile, ...]
    distances: str
    known_at: str
    fixed: Numbers | None = None
    changes: tuple[str, ...] = ()


def to_json(figures: PlanFigures) -> Any:
    """As it is stored."""
    return msgspec.to_builtins(figures)


def from_json(stored: object) -> PlanFigures:
    """As it was stored."""
    return msgspec.convert(stored, PlanFigures)


prepare(PlanFigures)
