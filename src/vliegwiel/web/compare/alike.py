"""What is alike: a map of products, the pairs most alike, towns like ours, two products side by side, parts written twice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.catalogue.comparing import queries
from vliegwiel.catalogue.comparing.likeness import Likeness, families, positions
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.library import header
from vliegwiel.catalogue.resolve import library
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from .overview import SOURCE
from .shown import show

WIDE, HIGH, EDGE = 680, 420, 28
MOST_PAIRS = 25
FAMILY = 0.6
"""How alike two products must be to be called family."""
HEADS = ("Product", "Ander product", "Gelijkenis (0 tot 100)")


@dataclass(frozen=True, slots=True)
class Dot:
    """A product on the map. `family` is its number, 0 for one that stands alone."""

    key: str
    name: str
    x: int
    y: int
    family: int
    named: bool
    left: bool


@dataclass(frozen=True, slots=True)
class PairLine:
    """Two that are alike, in percent."""

    one: str
    one_name: str
    other: str
    other_name: str
    alike: int


def names() -> dict[str, str]:
    """What each product is called."""
    found = library()
    return {key: header(file, "naam") or key for key in found.products() if (file := found.product(key)) is not None}


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The map with what lies behind it."""
    reader = staff(request)
    found, called = queries.product_likeness(), names()
    grouped = [group for group in families(found, FAMILY) if len(group) > 1]
    towns = queries.town_likeness(reader.municipality, clock.today())
    like_us = towns.nearest(reader.municipality, 8) if reader.municipality in towns.keys else ()
    pairs = found.pairs(0.3)[:MOST_PAIRS]
    context = {
        "dots": _dots(found, grouped, called),
        "width": WIDE,
        "height": HIGH,
        "count": len(found.keys),
        "families": [[(key, called.get(key, key)) for key in group] for group in grouped],
        "single": len(found.keys) - sum(len(group) for group in grouped),
        "pairs": [PairLine(a, called.get(a, a), b, called.get(b, b), round(100 * value)) for a, b, value in pairs],
        "towns": len(towns.keys),
        "town_families": len(families(towns, 0.999)),
        "like_us": [(town(code), round(100 * value)) for code, value in like_us],
        "choices": sorted(called.items(), key=lambda item: item[1].casefold()),
        "read": clock.now(),
    }
    return show(request, reader, "alike.html", context)


def _dots(found: Likeness, grouped: Sequence[Sequence[str]], called: dict[str, str]) -> list[Dot]:
    number = {key: n for n, group in enumerate(grouped, 1) for key in group}
    places = {
        key: (EDGE + round((x + 1) / 2 * (WIDE - 2 * EDGE)), EDGE + round((y + 1) / 2 * (HIGH - 2 * EDGE)))
        for key, (x, y) in positions(found).items()
    }
    first = [group[0] for group in grouped]
    taken: list[Box] = [(x - 7, y - 7, x + 7, y + 7) for x, y in places.values()]
    named: set[str] = set()
    for key in (*first, *(key for key in found.keys if key not in number)):
        box = _label(places[key], called.get(key, key))
        if not any(
            _touch(box, other) for other in taken if other[0] + 7 != places[key][0] or other[1] + 7 != places[key][1]
        ):
            named.add(key)
            taken.append(box)
    return [
        Dot(key, called.get(key, key), x, y, number.get(key, 0), key in named, x > WIDE * LEFT)
        for key, (x, y) in places.items()
    ]


LEFT = 0.62
"""From this share of the width on, names stand to the left of their dot."""
Box: TypeAlias = tuple[float, float, float, float]


def _label(place: tuple[int, int], name: str) -> Box:
    """About where a name stands: left, top, right, bottom."""
    x, y = place
    width = 6.6 * len(name)
    left = x - 10 - width if x > WIDE * LEFT else x + 10
    return left, y - 9, left + width, y + 7


def _touch(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """Every pair as a file."""
    staff(request)
    found, called = queries.product_likeness(), names()
    return csvfile.download("lijken", HEADS, _cells(found, called), source=SOURCE, at=clock.now())


def _cells(found: Likeness, called: dict[str, str]) -> Iterator[Sequence[csvfile.Cell]]:
    for one, other, value in found.pairs(0.0):
        yield called.get(one, one), called.get(other, other), round(100 * value)


@require_safe
def pair(request: PageRequest) -> HttpResponse:
    """Two products side by side."""
    reader = staff(request)
    one, other = posted.query(request, "een", 80), posted.query(request, "ander", 80)
    called = names()
    if one not in called or other not in called:
        raise NotFound(_("Kies twee producten."))
    context = {
        "one": (one, called[one]),
        "other": (other, called[other]),
        "pair": queries.pair(one, other),
        "choices": sorted(called.items(), key=lambda item: item[1].casefold()),
        "read": clock.now(),
    }
    context["percent"] = round(100 * queries.pair(one, other).alike)
    return show(request, reader, "pair.html", context)


@require_safe
def twice(request: PageRequest) -> HttpResponse:
    """Parts that stand in several files."""
    reader = staff(request)
    found = queries.repeated()
    context = {
        "whole": [one for one in found if one.share == 1.0][:40],
        "nearly": [one for one in found if one.share < 1.0][:40],
        "spared": sum(one.spared for one in found if one.share == 1.0),
        "read": clock.now(),
    }
    return show(request, reader, "twice.html", context)
