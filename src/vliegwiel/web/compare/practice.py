"""Practice: what happened to cases, between municipalities, with what is not sure as large as what is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.catalogue.comparing import queries as comparing
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.practice.figures import FEWEST_TOWNS, Figures, Goes, Row
from vliegwiel.catalogue.practice.queries import Practice, counted, practice
from vliegwiel.web.desk import csvfile
from vliegwiel.web.request import PageRequest, staff

from .alike import names
from .shown import show

SOURCE = "Vliegwiel, praktijk: gebeurtenissen van zaken, per kwartaal geteld"
LINE = 180
"""Width of the drawing of an interval, in its own units."""
MOST_ROWS = 12
MOST_GOES = 8
HEADS = (
    "Maat", "Eenheid", "Gemeente", "Code", "Zaken", "Geteld (mediaan of %)", "Negen van de tien binnen", "Gecorrigeerd", "Van",
    "Tot", "Oordeel", "Gebruikelijk",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A municipality with its interval, ready to draw; figures as text come from the row."""

    name: str
    own: bool
    row: Row
    low_x: float
    high_x: float
    at_x: float
    usual_x: float


@dataclass(frozen=True, slots=True)
class Shown:
    """One measure as it is shown. `rows` are the own municipality and the outer ones, `more` how many lie between."""

    figures: Figures
    rows: tuple[Drawn, ...]
    more: int
    standing: tuple[Goes, ...]
    looked: int
    own: Row | None
    clear: int


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The products that have figures."""
    reader = staff(request)
    called = names()
    found = counted(reader.municipality)
    lines = [(one, called.get(one.product, one.product), one.towns >= FEWEST_TOWNS) for one in found]
    context = {
        "lines": lines,
        "cases": sum(one.cases for one in found),
        "fewest": FEWEST_TOWNS,
        "read": clock.now(),
    }
    return show(request, reader, "practice.html", context, section="practice")


def _found(municipality: str, key: str) -> Practice:
    compared = None
    if key in names():
        compared = comparing.comparison(municipality, key, clock.today())
    found = practice(municipality, key, compared)
    if compared is None and found.since is None:
        raise NotFound("Dit product kennen wij niet.")
    return found


@require_safe
def product(request: PageRequest, key: str) -> HttpResponse:
    """One product."""
    reader = staff(request)
    found = _found(reader.municipality, key)
    shown = [_shown(one, reader.municipality) for one in found.measures]
    context = {
        "found": found,
        "key": key,
        "name": names().get(key, key),
        "measures": shown,
        "lead": next((one for one in shown if one.figures.measure.key == "doorlooptijd"), None),
        "versions": [(town(row.town).name, row) for row in found.versions if row.town == reader.municipality],
        "fewest": FEWEST_TOWNS,
        "line": LINE,
        "read": clock.now(),
    }
    return show(request, reader, "practice_product.html", context, section="practice")


def _shown(found: Figures, own: str) -> Shown:
    top = max([*(row.high for row in found.rows), found.usual]) * 1.02 or 1.0
    bottom = min([*(row.low for row in found.rows), found.usual])
    bottom = 0.0 if bottom < top / 2 else bottom * 0.98

    def across(value: float) -> float:
        return round(4 + (value - bottom) / (top - bottom) * (LINE - 8), 1)

    rows = list(found.rows)
    if len(rows) > MOST_ROWS:
        outer = MOST_ROWS // 2
        rows = rows[:outer] + [row for row in rows[outer:-outer] if row.town == own] + rows[-outer:]
    drawn = tuple(
        Drawn(
            town(row.town).name,
            row.town == own,
            row,
            across(row.low),
            across(row.high),
            across(row.corrected),
            across(found.usual),
        )
        for row in rows
    )
    standing = tuple(one for one in found.goes if one.stands)[:MOST_GOES]
    clear = sum(row.stands_out for row in found.rows)
    return Shown(found, drawn, len(found.rows) - len(rows), standing, found.looked, found.row(own), clear)


@require_safe
def csv(request: PageRequest, key: str) -> HttpResponse:
    """Every figure of every municipality."""
    reader = staff(request)
    found = _found(reader.municipality, key)
    return csvfile.download(f"praktijk-{key}", HEADS, _cells(found), source=SOURCE, at=found.counted_at or clock.now())


def _cells(found: Practice) -> Iterator[Sequence[csvfile.Cell]]:
    for one in found.measures:
        for row in one.rows:
            yield (
                one.measure.name, one.measure.unit, town(row.town).name, row.town, row.n, _decimal(row.raw), _decimal(row.p90),
                _decimal(row.corrected), _decimal(row.low), _decimal(row.high), row.verdict, _decimal(one.usual),
            )  # fmt: skip


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.2f}")
