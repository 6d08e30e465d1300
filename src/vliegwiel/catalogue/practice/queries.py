"""Practice, as pages and files show it. Every municipality may read the counts of all; nobody sees a case of another."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Sum

from vliegwiel.base.tenancy import scope

from ..comparing.gathering import ProductCompared
from ..models import PracticeFigure
from .cells import from_json
from .figures import MEASURES, Figures, Measure, Stored, VersionRow, by_version, figures


@dataclass(frozen=True, slots=True)
class Practice:
    """A product in practice. `since` is the first quarter that counts, `counted_at` when the last municipality was counted; both
    None without figures."""

    product: str
    measures: tuple[Figures, ...]
    missing: tuple[Measure, ...]
    versions: tuple[VersionRow, ...]
    towns: int
    cases: int
    since: date | None
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A product with figures, for the list."""

    product: str
    towns: int
    cases: int


def counted(municipality: str) -> tuple[Counted, ...]:
    """The products of which anybody has figures, those with the most cases first. Opens the scope of the reader."""
    found: dict[str, tuple[set[str], int]] = {}
    with scope(municipality):
        rows = PracticeFigure.everywhere.values_list("product", "municipality_id").annotate(total=Sum("cases"))
        for product, town, total in rows:
            towns, cases = found.get(product, (set(), 0))
            found[product] = (towns | {town}, cases + total)
    listed = [Counted(product, len(towns), cases) for product, (towns, cases) in found.items()]
    return tuple(sorted(listed, key=lambda one: (-one.cases, one.product)))


def cases_a_year(municipality: str) -> dict[str, dict[str, int]]:
    """By product how many cases each municipality had in the last four counted quarters. Opens the scope of the reader."""
    with scope(municipality):
        listed = list(
            PracticeFigure.everywhere.values_list("product", "municipality_id", "begin").annotate(n=Sum("cases"))
        )
    latest = set(sorted({begin for _, _, begin, _ in listed})[-4:])
    found: dict[str, dict[str, int]] = {}
    for product, town, begin, n in listed:
        if begin in latest:
            towns = found.setdefault(product, {})
            towns[town] = towns.get(town, 0) + n
    return found


def practice(municipality: str, product: str, compared: ProductCompared | None = None) -> Practice:
    """The figures of a product over all municipalities. With `compared` also which deviation goes with which difference.

    Opens the scope of the reader. Worked out once for the same counts.
    """
    with scope(municipality):
        mark = PracticeFigure.everywhere.filter(product=product).aggregate(at=Max("counted_at"), cases=Sum("cases"))
        if mark["at"] is None:
            return Practice(product, (), MEASURES, (), 0, 0, None, None)
        key = (product, mark["at"], mark["cases"])
        stored = _kept.get(key)
        if stored is None:
            stored = _read(product)
            if len(_kept) >= _MOST_KEPT:
                _kept.clear()
            _kept[key] = stored
    having = tuple(sorted(_having(compared).items())) if compared is not None else ()
    return _worked_out(key, having)


_kept: dict[tuple[str, datetime, int], tuple[Stored, ...]] = {}
_MOST_KEPT = 64


def _read(product: str) -> tuple[Stored, ...]:
    rows = PracticeFigure.everywhere.filter(product=product).order_by("municipality_id", "begin", "stratum")
    return tuple(
        Stored(row.municipality_id, row.definition, row.version, row.begin, row.stratum, from_json(row.content))
        for row in rows.iterator(chunk_size=2000)
    )


@functools.lru_cache(maxsize=64)
def _worked_out(key: tuple[str, datetime, int], having: tuple[tuple[str, frozenset[str]], ...]) -> Practice:
    product, at, cases = key
    stored = _kept[key]
    found = [(measure, figures(measure, stored, dict(having))) for measure in MEASURES]
    return Practice(
        product=product,
        measures=tuple(one for _, one in found if one is not None),
        missing=tuple(measure for measure, one in found if one is None),
        versions=by_version(stored),
        towns=len({one.town for one in stored}),
        cases=cases,
        since=min(one.begin for one in stored),
        counted_at=at,
    )


def _having(compared: ProductCompared) -> Mapping[str, frozenset[str]]:
    """Per deviation in substance who has it: a value of a variant, or how an ordinance fills an open term."""
    found: dict[str, set[str]] = {}
    for place in compared.variants.places:
        towns = {town for value in place.values if value.in_substance for town in value.towns}
        if towns:
            found.setdefault(place.name, set()).update(towns)
    for term in compared.terms:
        for value in term.values:
            found.setdefault(f"{term.label}: {value.ruled.text[:80]}", set()).update(value.towns)
    return {name: frozenset(towns) for name, towns in found.items()}
