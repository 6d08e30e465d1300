"""What may be chosen is chosen in the training period, by one rule for all: the fewest kilometres within the service level.

The last part of the training period is lived through with what was known before it began. Nothing here sees the planned period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
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
PRICES: Final = (1_000.0, 4_000.0, 16_000.0, 64_000.0)
"""Cents that a day with an overflow may cost."""
BETWEEN: Final = 4
"""Prices tried between two of those."""
MARGIN: Final = 0.9
"""What is chosen may overflow this part of what the fixed schedule does in the same streams."""
TURNS: Final = (1, 2, 3)
FEWER: Final = (3, 4)
"""Days a week that are tried beside all that there are."""
BEST: Final = 2
"""Rhythms of driving of which the price is looked for more closely."""

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

    def tell(recipes: Iterable[Recipe]) -> list[Tried]:
        found = [_tried(recipe, counted) for recipe, counted in lives(tuple(recipes), SEEDS).items()]
        tried.extend(found)
        return found

    fixed = best_of(tell(Recipe(Kind.FIXED, rhythm=one) for one in rhythms), allowed)
    # Nobody may overflow more than the fixed schedule does: a saving that is paid in overflow is none. With room to spare, for
    # what comes after the training period is never quite the same.
    most = MARGIN * min(allowed, fixed.overflow) if fixed.overflow > 0 else allowed
    tuned = best_of(tell(Recipe(Kind.TUNED, safety=one, days=days) for days in (0, *FEWER) for one in SAFETIES), most)
    collecting, good = _searched(tell, Kind.COLLECTING, most, _rhythms())
    # What drives well with sensors does so without, and with perfect information.
    weighed, _ = _searched(tell, Kind.WEIGHED, most, good)
    perfect, _ = _searched(tell, Kind.PERFECT, most, good)
    recipes = (
        Recipe(Kind.PRACTICE), fixed.recipe, tuned.recipe, Recipe(Kind.THRESHOLDS), weighed.recipe, collecting.recipe,
        perfect.recipe,
    )  # fmt: skip
    return Chosen(recipes, tuple(tried), allowed)


def _rhythms() -> list[Recipe]:
    """When a planned policy can drive, and in how many parts."""
    kind = Kind.COLLECTING
    whole = [Recipe(kind, turns=turns) for turns in TURNS]
    fewer = [Recipe(kind, turns=turns, days=days) for days in FEWER for turns in TURNS[:2]]
    return [*whole, *fewer, *(Recipe(kind, days=days, spare=True) for days in FEWER)]


def _searched(
    tell: Callable[[Iterable[Recipe]], list[Tried]], kind: Kind, most: float, among: Iterable[Recipe]
) -> tuple[Tried, list[Recipe]]:
    """Each rhythm of driving at a few prices, then the price of the best of those more closely. Gives those best ones too."""
    rhythms = [replace(rhythm, kind=kind) for rhythm in among]
    coarse = tell(replace(rhythm, overflow=price) for rhythm in rhythms for price in PRICES)
    lines = [[one for one in coarse if replace(one.recipe, overflow=0.0) == rhythm] for rhythm in rhythms]
    lines.sort(key=lambda line: kilometres_at(line, most))
    fine = tell(recipe for line in lines[:BEST] for recipe in _between(line, most))
    return best_of((*coarse, *fine), most), [replace(line[0].recipe, overflow=0.0) for line in lines[:BEST]]


def kilometres_at(line: Sequence[Tried], most: float) -> float:
    """Kilometres at which so much overflows, on the straight lines between what was tried at rising prices."""
    loose = [one for one in line if one.overflow > most]
    strict = [one for one in line if one.overflow <= most]
    if not strict:
        return inf
    after = min(strict, key=lambda one: one.kilometres)
    if not loose:
        return after.kilometres
    before = min(loose, key=lambda one: one.overflow)
    part = (before.overflow - most) / (before.overflow - after.overflow)
    return before.kilometres + part * (after.kilometres - before.kilometres)


def _between(line: Sequence[Tried], most: float) -> list[Recipe]:
    """Prices on either side of which there is too much overflow and little enough."""
    strict = [one.recipe.overflow for one in line if one.overflow <= most]
    loose = [one.recipe.overflow for one in line if one.overflow > most]
    high = min(strict, default=PRICES[-1] * 4)
    low = max((price for price in loose if price < high), default=high / 4)
    steps = [low * (high / low) ** (step / (BETWEEN + 1)) for step in range(1, BETWEEN + 1)]
    return [replace(line[0].recipe, overflow=float(round(price))) for price in steps]


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
