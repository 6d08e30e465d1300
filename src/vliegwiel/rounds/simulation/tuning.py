"""What may be chosen is chosen in the training period, by one rule for all: the fewest kilometres within the service level.

The last part of the training period is lived through with what was known before it began. Nothing here sees the planned period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.running import Counted
from vliegwiel.rounds.simulation.trial import Recipe
from vliegwiel.rounds.simulation.weighings import DataInvalid, Period

PRACTICE_DAYS: Final = 91
"""Days at the end of the training period in which is chosen."""
LEARN_DAYS: Final = 60
"""Days before those, at least, to learn from."""
SEEDS: Final = (900_001, 900_002)
"""Streams of the choosing; never those of the comparison."""
SAFETIES: Final = (0.0, 0.8, 1.6, 2.4, 3.2, 4.0)
PRICES: Final = (1_000.0, 2_000.0, 4_000.0, 8_000.0, 16_000.0, 40_000.0)
"""Cents that an overflow may cost."""
BETWEEN: Final = (0.6, 0.7, 0.84, 1.2)
"""Prices around the best one, as parts of it."""
TURNS: Final = (1, 2, 3)

Lives = Callable[[Sequence[Recipe], Sequence[int]], dict[Recipe, list[Counted]]]
"""Let these policies live through these streams of the choosing."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a choice did in the training period: mean kilometres, and the share of container-days that overflowed."""

    recipe: Recipe
    kilometres: float
    overflow: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """The policies as chosen, and everything that was tried."""

    recipes: tuple[Recipe, ...]
    tried: tuple[Tried, ...]
    allowed: float
    """Share of container-days that may overflow."""


def choosing_period(train: Period) -> Period:
    """The end of the training period. Raises `DataInvalid` when too little is left to learn from."""
    days = min(PRACTICE_DAYS, train.days // 3)
    first = train.last - timedelta(days=days - 1)
    if (first - train.first).days < LEARN_DAYS:
        raise DataInvalid(f"De leerperiode duurt {train.days} dagen; {LEARN_DAYS * 3 // 2} is het minste.")
    return Period(first, train.last)


def choose(lives: Lives, rhythms: Sequence[float], allowed: float) -> Chosen:
    """One of each kind. `rhythms`: visits a week a schedule can have; `allowed`: share of container-days that may overflow."""
    tried: list[Tried] = []

    def best(recipes: Iterable[Recipe], most: float) -> Tried:
        found = [_tried(recipe, counted) for recipe, counted in lives(tuple(recipes), SEEDS).items()]
        tried.extend(found)
        return best_of(found, most)

    fixed = best((Recipe(Kind.FIXED, rhythm=one) for one in rhythms), allowed)
    # Nobody may overflow more than the fixed schedule does: a saving that is paid in overflow is none.
    most = min(allowed, fixed.overflow) if fixed.overflow > 0 else allowed
    tuned = best((Recipe(Kind.TUNED, safety=one) for one in SAFETIES), most)
    collecting = _in_steps(best, Kind.COLLECTING, most)
    weighed = _in_steps(best, Kind.WEIGHED, most)
    perfect = best((Recipe(Kind.PERFECT, overflow=PRICES[-1], turns=turns) for turns in TURNS), most)
    recipes = (
        Recipe(Kind.PRACTICE), fixed.recipe, tuned.recipe, Recipe(Kind.THRESHOLDS), weighed.recipe, collecting.recipe,
        perfect.recipe,
    )  # fmt: skip
    return Chosen(recipes, tuple(tried), allowed)


def _in_steps(best: Callable[[Iterable[Recipe], float], Tried], kind: Kind, most: float) -> Tried:
    """First the price with two parts that take turns, then how many parts, then prices in between."""
    first = best((Recipe(kind, overflow=price, turns=2) for price in PRICES), most)
    others = best((replace(first.recipe, turns=turns) for turns in TURNS if turns != first.recipe.turns), most)
    coarse = best_of((first, others), most)
    fine = best((replace(coarse.recipe, overflow=round(coarse.recipe.overflow * part)) for part in BETWEEN), most)
    return best_of((coarse, fine), most)


def best_of(found: Sequence[Tried], most: float) -> Tried:
    """The fewest kilometres with no more overflow than allowed; the least overflow where none has so little."""
    within = [one for one in found if one.overflow <= most]
    if within:
        return min(within, key=lambda one: one.kilometres)
    return min(found, key=lambda one: one.overflow)


def _tried(recipe: Recipe, counted: Sequence[Counted]) -> Tried:
    metres = sum(one.metres for one in counted) / len(counted)
    overflow = sum(one.overflow_days for one in counted) / sum(one.container_days for one in counted)
    return Tried(recipe, metres / 1000, overflow)
