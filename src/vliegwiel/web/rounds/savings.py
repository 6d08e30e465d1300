"""What it saves: the report of a simulation, with what it does not tell, as page, PDF and CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.operations.savings import (
    COLLECTING,
    FIXED,
    KILOMETRES,
    TUNED,
    Savings,
    SavingsPage,
    savings_page,
)
from vliegwiel.rounds.operations.savingspdf import render
from vliegwiel.rounds.simulation.figures import Interval, Pair, Row
from vliegwiel.web.desk import csvfile
from vliegwiel.web.request import PageRequest, staff

from . import frame

SHOWN = (
    KILOMETRES, "hours", "lifts", "litres_overflown", "overflow_percent_of_container_days", "fill_at_emptying_percent", "co2_kg",
    "cost_euro",
)  # fmt: skip
HEADS = ("Beleid", "Naam", "Instelling", "Maat", "Eenheid", "Gemiddeld", "Laag (95 %)", "Hoog (95 %)")
WIDTH, MIDDLE = 180.0, 90.0
"""Of the drawing of an interval: no difference is in the middle."""
NONE = "Er is nog geen berekening bewaard. Reken met vliegwiel rounds simulate, en bewaar de uitkomst met vliegwiel rounds keep."


@dataclass(frozen=True, slots=True)
class Line:
    """A policy against the fixed schedule: what is less or more, and the overflow that goes with it."""

    pair: Pair
    title: str
    x: float
    low: float
    high: float
    kilometres: str
    overflow: str
    honest: bool


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The latest report, or how one is made."""
    reader = staff(request)
    found = savings_page(reader)
    context: dict[str, object] = {"found": found}
    if found is not None:
        savings = found.savings
        context |= {
            "savings": savings,
            "headline": savings.pair(COLLECTING, FIXED),
            "tuned": savings.pair(COLLECTING, TUNED),
            "lines": lines(savings),
            "measures": [(one, *found.title(one)) for one in SHOWN],
            "rows": [(row, [row.measures[one] for one in SHOWN]) for row in savings.rows],
            "stress": [(row, [row.measures[one] for one in SHOWN]) for row in savings.stress],
            "steps": savings.gains.steps,
        }
    return frame.show(request, reader, "savings.html", context, section="savings")


def lines(savings: Savings) -> tuple[Line, ...]:
    """Every policy against the fixed schedule, on one scale."""
    pairs = [pair for pair in savings.pairs if pair.against == FIXED]
    titles = {row.policy: row.title for row in savings.rows}
    widest = max((abs(end) for pair in pairs for end in _ends(pair.percent[KILOMETRES])), default=1.0) or 1.0
    return tuple(_line(pair, titles[pair.policy], widest) for pair in pairs)


def _ends(one: Interval) -> tuple[float, float]:
    return one.low, one.high


def _line(pair: Pair, title: str, widest: float) -> Line:
    far, over = pair.percent[KILOMETRES], pair.overflow_points

    def x(value: float) -> float:
        return round(MIDDLE + value / widest * (MIDDLE - 8), 1)

    return Line(
        pair, title, x(far.mean), x(far.low), x(far.high), difference(far, "%"), difference(over, "procentpunt", 2),
        pair.no_more_overflow,
    )  # fmt: skip


def difference(one: Interval, unit: str, digits: int = 1) -> str:
    """Like "31,0 % minder (27,0 tot 34,1)"."""
    word = "minder" if one.mean < 0 else "meer"
    low, high = sorted((abs(one.low), abs(one.high)))
    if one.low <= 0 <= one.high:
        range_ = f"{_comma(one.low, digits)} tot {_comma(one.high, digits)}"
        return f"{_comma(one.mean, digits)}\u00a0{unit} ({range_}), kan ook nul zijn"
    return f"{_comma(abs(one.mean), digits)}\u00a0{unit} {word} ({_comma(low, digits)} tot {_comma(high, digits)})"


def _comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",").replace("-", "−")


@require_safe
def csv(request: PageRequest) -> HttpResponse:
    """Every figure of every policy."""
    found = _found(request)
    return csvfile.download("besparing", HEADS, _cells(found), source="Vliegwiel, besparing", at=found.made_at)


def _cells(found: SavingsPage) -> Iterator[Sequence[csvfile.Cell]]:
    for row in (*found.savings.rows, *found.savings.stress):
        yield from _row(row, found)


def _row(row: Row, found: SavingsPage) -> Iterator[Sequence[csvfile.Cell]]:
    for key, name, unit in found.measures:
        one = row.measures[key]
        yield row.policy, row.title, row.settings, name, unit, _figure(one.mean), _figure(one.low), _figure(one.high)


def _figure(value: float) -> Decimal:
    return Decimal(str(round(value, 4)))


@require_safe
def pdf(request: PageRequest) -> HttpResponse:
    """The same as a document to hand round."""
    found = _found(request)
    response = HttpResponse(render(found), content_type="application/pdf")
    made = clock.local(found.made_at)
    response["Content-Disposition"] = f'attachment; filename="besparing-{made:%Y-%m-%d}.pdf"'
    return response


def _found(request: PageRequest) -> SavingsPage:
    found = savings_page(staff(request))
    if found is None:
        raise NotFound(NONE)
    return found
