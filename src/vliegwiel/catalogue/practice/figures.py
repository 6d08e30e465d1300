"""From counted cells to what a page shows: per measure each municipality, raw and corrected, with an interval and a verdict."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from .associations import Association, Measured, associations
from .cells import EDGES, MINUTES, Cell, Spread, unscaled
from .pooling import AmountCell, Effect, Pooled, ShareCell, pool_amounts, pool_shares

MOST_OPEN: Final = 0.05
"""Share of a quarter's cases that may still be open: with more, the quick ones would count and the slow ones not yet."""
FEWEST_TOWNS: Final = 3
"""Municipalities needed to say what is usual."""


class Better(StrEnum):
    """Which way is better, where that can be said."""

    LOW = "laag"
    HIGH = "hoog"
    NEITHER = "geen"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is compared. `share`: of cases, else an amount in `unit`. `corrected`: for kinds of cases."""

    key: str
    name: str
    unit: str
    better: Better
    share: bool
    explained: str
    corrected: bool = True


MEASURES: Final = (
    Measure(
        "doorlooptijd", "Doorlooptijd", "dagen", Better.LOW, False,
        "Van ontvangst tot besluit, zonder de dagen dat de termijn stilstond.",
    ),
    Measure("termijn", "Binnen de wettelijke termijn", "%", Better.HIGH, True, "Van de zaken waarvan de termijn bekend is."),
    Measure("navraag", "Navraag nodig", "%", Better.LOW, True, "Zaken waarin wij minstens een keer om meer informatie vroegen."),
    Measure(
        "minuten", "Behandeltijd", "minuten", Better.LOW, False,
        "Tijd tussen handelingen van een medewerker in het systeem. Een ondergrens: wat daarbuiten gebeurt, telt niet mee.",
    ),
    Measure(
        "online", "Online aangevraagd", "%", Better.NEITHER, True,
        "Zonder correctie: het kanaal is juist wat wordt vergeleken.", corrected=False,
    ),
    Measure(
        "gegrond", "Bezwaren gegrond", "%", Better.LOW, True,
        "Van de bezwaren waarop is beslist en die hun zaak noemen: geheel of deels gegrond.",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stored:
    """A counted cell with whose it is."""

    town: str
    definition: str
    version: str
    begin: date
    kind: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Row:
    """A municipality on one measure. `raw` as counted (of an amount the median), `p90` what nine in ten stay under (amounts).
    `corrected` with `low` and `high` (90 %) is what it would be with the country's kinds of cases."""

    town: str
    n: int
    raw: float
    p90: float | None
    corrected: float
    low: float
    high: float
    verdict: str
    stands_out: bool
    better: bool


@dataclass(frozen=True, slots=True)
class Goes:
    """A deviation that goes with a difference: `with_it` against `without` on the scale of the measure, `low` to `high` for the
    difference."""

    feature: str
    having: int
    lacking: int
    difference: float
    low: float
    high: float
    stands: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """One measure over municipalities. `usual` is the middle over the country; `looked` how many deviations were looked at."""

    measure: Measure
    rows: tuple[Row, ...]
    usual: float
    goes: tuple[Goes, ...]
    looked: int
    left_out: int

    def row(self, town: str) -> Row | None:
        """A municipality, or None where it has too few cases."""
        return next((row for row in self.rows if row.town == town), None)


def figures(
    measure: Measure, stored: Sequence[Stored], having: Mapping[str, frozenset[str]] | None = None
) -> Figures | None:
    """A measure over all municipalities; None where too few have cases to say what is usual.

    `having`: per deviation the municipalities that have it.
    """
    usable, left_out = _usable(measure, stored)
    pooled = _pool(measure, usable)
    if pooled is None or len(pooled.effects) < FEWEST_TOWNS:
        return None
    back = _back(measure, pooled)
    by_town: dict[str, list[Cell]] = {}
    for one in usable:
        by_town.setdefault(one.town, []).append(one.cell)
    rows = [_row(measure, effect, by_town[effect.town], back) for effect in pooled.effects]
    rows.sort(key=lambda row: (row.corrected if measure.better is not Better.HIGH else -row.corrected, row.town))
    goes, looked = _goes(measure, pooled, having or {}, back)
    return Figures(measure, tuple(rows), back(0.0), goes, looked, left_out)


def _usable(measure: Measure, stored: Iterable[Stored]) -> tuple[list[Stored], int]:
    """The cells that count, and how many cases were left out because too much of their quarter is still open."""
    found, left_out = [], 0
    for one in stored:
        if measure.key in ("doorlooptijd", "minuten", "termijn") and one.cell.open > MOST_OPEN * one.cell.cases:
            left_out += one.cell.cases
        elif _n(measure, one.cell):
            found.append(one)
    return found, left_out


def _spread(measure: Measure, cell: Cell) -> tuple[Spread, tuple[float, ...]]:
    return (cell.days, EDGES) if measure.key == "doorlooptijd" else (cell.minutes, MINUTES)


def _counts(measure: Measure, cell: Cell) -> tuple[int, int]:
    match measure.key:
        case "termijn":
            return cell.term_known, cell.in_term
        case "navraag":
            return cell.cases, cell.asked
        case "online":
            return cell.cases, cell.online
    return cell.objections_decided, cell.upheld


def _n(measure: Measure, cell: Cell) -> int:
    return _counts(measure, cell)[0] if measure.share else _spread(measure, cell)[0].n


def _pool(measure: Measure, usable: Sequence[Stored]) -> Pooled | None:
    def kind(one: Stored) -> str:
        return one.kind if measure.corrected else "alle"

    if measure.share:
        shares: dict[tuple[str, str], tuple[int, int]] = {}
        for one in usable:
            n, holds = _counts(measure, one.cell)
            before = shares.get((one.town, kind(one)), (0, 0))
            shares[one.town, kind(one)] = (before[0] + n, before[1] + holds)
        return pool_shares([ShareCell(town, name, n, holds) for (town, name), (n, holds) in sorted(shares.items())])
    amounts: dict[tuple[str, str], Spread] = {}
    for one in usable:
        amounts.setdefault((one.town, kind(one)), Spread()).join(_spread(measure, one.cell)[0])
    return pool_amounts([AmountCell(town, name, s.n, s.mean, s.around) for (town, name), s in sorted(amounts.items())])


def _back(measure: Measure, pooled: Pooled) -> Callable[[float], float]:
    """From an effect to what it means for the country's kinds of cases: a percentage, days or minutes."""
    if measure.share:
        return lambda shift: 100 * pooled.level(shift, _chance)
    return lambda shift: max(unscaled(pooled.level(shift)), 0.0)


def _chance(logit: float) -> float:
    return 1 / (1 + math.exp(-logit)) if logit >= 0 else math.exp(logit) / (1 + math.exp(logit))


def _row(measure: Measure, effect: Effect, cells: Sequence[Cell], back: Callable[[float], float]) -> Row:
    raw, p90, n = _raw(measure, cells)
    good = (effect.mean < 0) is (measure.better is Better.LOW)
    return Row(
        effect.town, n, raw, p90, back(effect.mean), back(effect.low), back(effect.high), _verdict(measure, effect),
        effect.clear, effect.clear and good and measure.better is not Better.NEITHER,
    )  # fmt: skip


def _raw(measure: Measure, cells: Sequence[Cell]) -> tuple[float, float | None, int]:
    if measure.share:
        counted = [_counts(measure, cell) for cell in cells]
        n = sum(one for one, _ in counted)
        return 100 * sum(holds for _, holds in counted) / n, None, n
    whole = Spread()
    edges: tuple[float, ...] = EDGES
    for cell in cells:
        spread, edges = _spread(measure, cell)
        whole.join(spread)
    return whole.quantile(0.5, edges) or 0.0, whole.quantile(0.9, edges), whole.n


def _verdict(measure: Measure, effect: Effect) -> str:
    if not effect.clear:
        return "geen verschil te zien"
    if measure.key in ("doorlooptijd", "minuten"):
        return "korter dan gebruikelijk" if effect.mean < 0 else "langer dan gebruikelijk"
    return "minder dan gebruikelijk" if effect.mean < 0 else "meer dan gebruikelijk"


def _goes(
    measure: Measure, pooled: Pooled, having: Mapping[str, frozenset[str]], back: Callable[[float], float]
) -> tuple[tuple[Goes, ...], int]:
    measured = [Measured(one.town, one.own, one.own_variance) for one in pooled.effects]
    found = associations(measured, having, pooled.spread)
    return tuple(_goes_with(one, back) for one in found), len(found)


def _goes_with(one: Association, back: Callable[[float], float]) -> Goes:
    """The difference on the scale of the measure, around what is usual."""

    def on_scale(difference: float) -> float:
        return back(difference / 2) - back(-difference / 2)

    return Goes(
        one.feature,
        one.having,
        one.lacking,
        on_scale(one.difference),
        on_scale(one.low),
        on_scale(one.high),
        one.stands,
    )


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One definition (variant and version) in one municipality, as counted."""

    town: str
    definition: str
    version: str
    first: date
    last: date
    cases: int
    median: float | None
    p90: float | None
    in_term: float | None
    asked: float


def by_version(stored: Iterable[Stored]) -> tuple[VersionRow, ...]:
    """Per municipality each definition its cases ran under, oldest first: what changed with a new version, not corrected."""
    groups: dict[tuple[str, str], list[Stored]] = {}
    for one in stored:
        groups.setdefault((one.town, one.definition), []).append(one)
    rows = []
    for (town, definition), listed in groups.items():
        whole = Cell()
        for one in listed:
            whole.join(one.cell)
        term = 100 * whole.in_term / whole.term_known if whole.term_known else None
        begins = [one.begin for one in listed]
        rows.append(
            VersionRow(
                town,
                definition,
                listed[0].version,
                min(begins),
                max(begins),
                whole.cases,
                whole.days.quantile(0.5, EDGES),
                whole.days.quantile(0.9, EDGES),
                term,
                100 * whole.asked / whole.cases if whole.cases else 0.0,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.town, row.first, row.definition)))
