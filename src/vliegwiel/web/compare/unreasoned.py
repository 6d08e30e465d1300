"""Where municipalities differ without saying why, and what that costs: an estimate with its assumptions beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.catalogue.comparing import costs, queries
from vliegwiel.catalogue.comparing.costs import Range, Unreasoned
from vliegwiel.catalogue.comparing.gathering import ProductCompared
from vliegwiel.catalogue.comparing.reasons import UNFOUNDED
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.typing_in import CannotRead, number
from vliegwiel.web.desk import csvfile
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from .overview import SOURCE
from .shown import show

MOST = 60
HEADS = (
    "Product",
    "Plek",
    "Pad",
    "Gemeenten",
    "Codes",
    "Uren per jaar, minstens",
    "Uren per jaar, hoogstens",
    "Waarom",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """An assumption as it stands in the form: what is counted with, as it is typed."""

    key: str
    name: str
    unit: str
    low: str
    high: str
    basis: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A difference without a reason."""

    product: str
    key: str
    name: str
    towns: tuple[str, ...]
    more: int
    values: tuple[tuple[str, str], ...]
    hours: Range
    ours: bool


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The list with the form of assumptions."""
    reader = staff(request)
    filled, ranges = _assumed(request.GET)
    whose = "" if request.GET.get("wie") == "alle" else reader.municipality
    found = queries.unreasoned(reader.municipality, clock.today(), ranges, whose)
    total = costs.together(one for _, one in found)
    context = {
        "lines": [_line(product, one, reader.municipality) for product, one in found[:MOST]],
        "count": len(found),
        "towns": len({code for _, one in found for code in one.towns}),
        "total": total,
        "filled": filled,
        "all": not whose,
        "everywhere": queries.unreasoned_places(reader.municipality, clock.today()) if whose else len(found),
        "read": clock.now(),
        "query": request.GET.urlencode(),
    }
    return show(request, reader, "unreasoned.html", context)


def _assumed(given: Mapping[str, object]) -> tuple[list[Filled], dict[str, Range]]:
    """What is counted with: the assumptions, with what was typed over them where that can be read."""
    own: dict[str, Range] = {}
    filled = []
    for one in costs.ASSUMPTIONS:
        typed = [posted.clean(str(given.get(f"{one.key}_{side}", "")))[:12].strip() for side in ("van", "tot")]
        low, high = _number(typed[0]), _number(typed[1])
        wrong = any(text and value is None for text, value in zip(typed, (low, high), strict=True))
        bounds = (low if low is not None else one.value.low, high if high is not None else one.value.high)
        wrong = wrong or bounds[0] > bounds[1]
        if not wrong:
            own[one.key] = Range(*bounds)
        shown = [
            text or f"{value:f}".replace(".", ",")
            for text, value in zip(typed, (one.value.low, one.value.high), strict=True)
        ]
        filled.append(Filled(one.key, one.name, one.unit, shown[0], shown[1], one.basis, wrong))
    return filled, costs.assumptions(own)


def _number(typed: str) -> Decimal | None:
    try:
        found = number(typed, 2) if typed else None
    except CannotRead:
        return None
    return found if found is None or 0 <= found <= 100_000 else None


def _line(product: ProductCompared, one: Unreasoned, own: str) -> Line:
    names = sorted(town(code).name for code in one.towns)
    values = tuple(
        (value.text or "–", wrong)
        for value in one.place.values
        if (wrong := next((reason.wrong for reason in value.reasons if reason.grade in UNFOUNDED), ""))
    )[:4]
    return Line(
        product.name,
        product.key,
        one.place.name,
        tuple(names[:6]),
        len(names) - 6,
        values,
        one.estimate.hours,
        own in one.towns,
    )


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """The whole list as a file."""
    reader = staff(request)
    _, ranges = _assumed(request.GET)
    whose = "" if request.GET.get("wie") == "alle" else reader.municipality
    found = queries.unreasoned(reader.municipality, clock.today(), ranges, whose)
    return csvfile.download("zonder-reden", HEADS, _cells(found), source=f"{SOURCE}; schatting", at=clock.now())


def _cells(found: Sequence[tuple[ProductCompared, Unreasoned]]) -> Iterator[Sequence[csvfile.Cell]]:
    for product, one in found:
        names = ", ".join(town(code).name for code in one.towns)
        why = "; ".join(
            dict.fromkeys(reason.wrong for value in one.place.values for reason in value.reasons if reason.wrong)
        )
        hours = one.estimate.hours
        yield (
            product.name, one.place.name, one.place.key, names, " ".join(one.towns), round(hours.low, 1), round(hours.high, 1),
            why,
        )  # fmt: skip
