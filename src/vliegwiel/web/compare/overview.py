"""The list of products: where municipalities differ, and where nobody says why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.comparing import queries
from vliegwiel.catalogue.comparing.gathering import ProductCompared
from vliegwiel.catalogue.comparing.reasons import FOUNDED, Grade
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from .shown import show

SOURCE = "Vliegwiel, vergelijking van gemeenten"
HEADS = (
    "Product",
    "Sleutel",
    "Versie",
    "Gemeenten",
    "Plekken met verschil",
    "Zonder reden",
    "Zelf geregeld in verordeningen",
    "Bij ons gelijk (%)",
)


@dataclass(frozen=True, slots=True)
class Line:
    """A product in the list. `own` is the share (in %) that is the same here; None where this municipality was not compared."""

    key: str
    name: str
    version: str
    towns: int
    places: int
    unreasoned: int
    terms: int
    own: int | None


def line(found: ProductCompared, code: str) -> Line:
    """A product as it stands in the list of a municipality."""
    variants = found.variants
    unreasoned = sum(place.shape is Grade.NONE for place in variants.places)
    own = round(100 * variants.alike(code)) if code in variants.towns else None
    return Line(
        found.key,
        found.name,
        found.version,
        len(variants.towns),
        len(variants.places),
        unreasoned,
        len(found.terms),
        own,
    )


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """All products, those with differences without a reason first."""
    reader = staff(request)
    text = posted.query(request, "q", 100).strip().casefold()
    compared = queries.comparisons(reader.municipality, clock.today())
    lines = [line(one, reader.municipality) for one in compared]
    shown = [one for one in lines if text in one.name.casefold()]
    shown.sort(key=lambda one: (-one.unreasoned, -one.places - one.terms, one.name.casefold()))
    towns = {town for one in compared for town in one.variants.towns}
    founded = sum(_founded(one) for one in compared)
    context = {
        "lines": shown,
        "total": len(lines),
        "asked": posted.query(request, "q", 100),
        "towns": len(towns),
        "founded": founded,
        "unreasoned": sum(one.unreasoned for one in lines),
        "terms": sum(one.terms for one in lines),
        "read": clock.now(),
    }
    return show(request, reader, "overview.html", context)


def _founded(found: ProductCompared) -> int:
    return sum(any(value.count(*FOUNDED) for value in place.values) for place in found.variants.places)


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The same list as a file."""
    reader = staff(request)
    compared = queries.comparisons(reader.municipality, clock.today())
    rows = _cells([line(one, reader.municipality) for one in compared])
    return csvfile.download("vergelijken", HEADS, rows, source=SOURCE, at=clock.now())


def _cells(lines: Sequence[Line]) -> Iterator[Sequence[csvfile.Cell]]:
    for one in lines:
        yield one.name, one.key, one.version, one.towns, one.places, one.unreasoned, one.terms, one.own
