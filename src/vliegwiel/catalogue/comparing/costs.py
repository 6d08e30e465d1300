"""What differing costs: an estimate with its assumptions in sight, never a finding.

Nobody measured this, so each assumption is a range, stands on the page, and can be replaced by what a municipality knows of
itself (`docs/comparing.md`). Two things are counted:

- *upkeep*: each time the shared product changes, somebody looks whether the own value still fits, and tries it;
- *work on cases*: a part that asks something of people (a question, a document, a task) costs minutes for every case. Only where
  the number of cases is known.

Not counted: mistakes, court cases, contracts with suppliers, what people learn from each other. So the true costs are higher.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from .aspects import Aspect
from .reasons import UNFOUNDED
from .sidebyside import Comparison, Place


@dataclass(frozen=True, slots=True)
class Range:
    """From at least to at most."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __mul__(self, other: Range | int | Decimal) -> Range:
        if isinstance(other, Range):
            return Range(self.low * other.low, self.high * other.high)
        return Range(self.low * other, self.high * other)


NOTHING: Final = Range(Decimal(0), Decimal(0))


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the estimate rests on. `basis` says where it comes from, as it is."""

    key: str
    name: str
    unit: str
    value: Range
    basis: str


def _assumed(key: str, name: str, unit: str, low: str, high: str, basis: str) -> Assumption:
    return Assumption(key, name, unit, Range(Decimal(low), Decimal(high)), basis)


GUESS: Final = "Aanname van de makers, niet gemeten. Vul uw eigen getal in."
ASSUMPTIONS: Final = (
    _assumed("versies", "Nieuwe versies van een gedeeld product", "per jaar", "2", "6", GUESS),
    _assumed("bijhouden", "Nakijken of de eigen waarde nog past, en proberen", "minuten per keer", "10", "45", GUESS),
    _assumed("inwoner", "Een extra vraag of document nakijken", "minuten per zaak", "1", "4", GUESS),
    _assumed("taak", "Een extra taak voor een medewerker", "minuten per zaak", "5", "20", GUESS),
    _assumed("tarief", "Een uur werk", "euro", "55", "95", GUESS),
)


@dataclass(frozen=True, slots=True)
class Estimate:
    """Hours and euros in a year for one municipality, or for all together."""

    upkeep: Range
    cases: Range
    euros: Range

    @property
    def hours(self) -> Range:
        """All hours."""
        return self.upkeep + self.cases

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(self.upkeep + other.upkeep, self.cases + other.cases, self.euros + other.euros)


NO_COSTS: Final = Estimate(NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class Unreasoned:
    """A place at which municipalities differ without saying why, with who, and what it costs them together."""

    product: str
    place: Place
    towns: tuple[str, ...]
    estimate: Estimate


def assumptions(own: Mapping[str, Range] | None = None) -> dict[str, Range]:
    """The ranges to count with, with what a municipality filled in itself put over them. Unknown keys are left out."""
    given = own or {}
    return {one.key: given.get(one.key, one.value) for one in ASSUMPTIONS}


def estimate(place: Place, aspects: frozenset[Aspect], cases: int | None, ranges: Mapping[str, Range]) -> Estimate:
    """What one municipality spends in a year on differing in one place. `cases`: how many a year, None when nobody knows."""
    minutes = ranges["versies"] * ranges["bijhouden"]
    upkeep = _hours(minutes)
    worked = NOTHING
    if cases is not None and Aspect.PART in aspects:
        each = _each_case(place, ranges)
        worked = _hours(each * cases)
    return Estimate(upkeep, worked, (upkeep + worked) * ranges["tarief"])


def _each_case(place: Place, ranges: Mapping[str, Range]) -> Range:
    match place.path[0]:
        case "stappen" | "stukken" | "past_dit":
            return ranges["inwoner"]
        case "proces" if len(place.path) > 1 and place.path[1] == "taken":
            return ranges["taak"]
    return NOTHING


def _hours(minutes: Range) -> Range:
    return Range(minutes.low / 60, minutes.high / 60)


def unreasoned(
    product: str, found: Comparison, cases: Mapping[str, int], ranges: Mapping[str, Range], only: str = ""
) -> tuple[Unreasoned, ...]:
    """The places of a product at which somebody differs without a reason, the most expensive first.

    `cases`: the number of cases in a year by municipality, as far as it is known. `only`: of one municipality.
    """
    listed = []
    for place in found.places:
        total, towns = NO_COSTS, []
        for value in place.values:
            for reason in value.reasons:
                if reason.grade in UNFOUNDED and only in ("", reason.code):
                    towns.append(reason.code)
                    total += estimate(place, value.aspects, cases.get(reason.code), ranges)
        if towns:
            listed.append(Unreasoned(product, place, tuple(sorted(towns)), total))
    return tuple(sorted(listed, key=lambda one: (-one.estimate.hours.high, one.place.name)))


def together(found: Iterable[Unreasoned]) -> Estimate:
    """All of it together."""
    total = NO_COSTS
    for one in found:
        total += one.estimate
    return total
