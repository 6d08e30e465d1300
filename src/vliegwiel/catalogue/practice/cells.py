"""Sums, counts and histograms over cases of one kind: enough to compare municipalities, nothing about one case.

Few cases are taken together until there are at least `FEWEST`; what stays under that is not kept.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Final

from .journey import Journey

FEWEST: Final = 10
MIXED: Final = "gemengd"
UPHELD: Final = frozenset(("gegrond", "deels_gegrond"))
EDGES: Final = (0.042, 0.125, 0.25, 0.5, 1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 42, 56, 70, 84, 112, 140, 182, 274, 365, 730)
"""Bounds of the histogram of days; an hour is 0.042."""
MINUTES: Final = (2, 4, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 480)
"""Bounds of the histogram of minutes."""


def scaled(value: float) -> float:
    """Days or minutes on the scale on which means are kept: the logarithm of one more, so that zero can be told."""
    return math.log1p(value)


def unscaled(value: float) -> float:
    """Back to days or minutes."""
    return math.expm1(value)


@dataclass(slots=True)
class Spread:
    """Something measured in several cases: how many, the sum and the sum of squares (both scaled), and a histogram."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0
    counts: list[int] = field(default_factory=list)

    def note(self, value: float, edges: Sequence[float]) -> None:
        """One more."""
        at = scaled(value)
        self.n += 1
        self.total += at
        self.squares += at * at
        if not self.counts:
            self.counts = [0] * (len(edges) + 1)
        self.counts[bisect_right(edges, value)] += 1

    def join(self, other: Spread) -> None:
        """Those of another as well."""
        self.n += other.n
        self.total += other.total
        self.squares += other.squares
        if other.counts:
            own = self.counts or [0] * len(other.counts)
            self.counts = [a + b for a, b in zip(own, other.counts, strict=True)]

    @property
    def mean(self) -> float:
        """The mean, scaled."""
        return self.total / self.n if self.n else 0.0

    @property
    def around(self) -> float:
        """The sum of squares around the mean, scaled."""
        return max(self.squares - self.total**2 / self.n, 0.0) if self.n else 0.0

    def quantile(self, share: float, edges: Sequence[float]) -> float | None:
        """The value below which this share (0..1) lies, read from the histogram; None for nothing."""
        if not self.n or not self.counts:
            return None
        bounds = (0.0, *edges, edges[-1] * 2)
        wanted, below = share * self.n, 0.0
        for (low, high), count in zip(pairwise(bounds), self.counts, strict=True):
            if count and below + count >= wanted:
                part = min(max((wanted - below) / count, 0.0), 1.0)
                return unscaled(scaled(low) + part * (scaled(high) - scaled(low)))
            below += count
        return edges[-1]


@dataclass(slots=True)
class Cell:
    """Cases of one kind, received in one quarter, run under one definition."""

    cases: int = 0
    open: int = 0
    withdrawn: int = 0
    online: int = 0
    automatic: int = 0
    term_known: int = 0
    in_term: int = 0
    asked: int = 0
    requests: int = 0
    objections: int = 0
    objections_decided: int = 0
    upheld: int = 0
    days: Spread = field(default_factory=Spread)
    minutes: Spread = field(default_factory=Spread)

    def note(self, one: Journey) -> None:
        """One more case."""
        self.cases += 1
        self.open += one.open
        self.withdrawn += one.withdrawn
        self.online += one.channel in ("internet", "zonder_inloggen")
        self.automatic += one.automatic
        self.term_known += one.in_term is not None
        self.in_term += one.in_term is True
        self.asked += one.asked > 0
        self.requests += one.asked
        if one.days is not None:
            self.days.note(one.days, EDGES)
        if one.minutes is not None and one.days is not None:
            self.minutes.note(one.minutes, MINUTES)

    def join(self, other: Cell) -> None:
        """Those of another as well."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.days.join(other.days)
        self.minutes.join(other.minutes)


_COUNTS: Final = (
    "cases", "open", "withdrawn", "online", "automatic", "term_known", "in_term", "asked", "requests", "objections",
    "objections_decided", "upheld",
)  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class CellKey:
    """Which cases: product, definition they ran under, first day of the quarter of receipt, kind."""

    product: str
    definition: str
    begin: date
    kind: str


def quarter(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def cells(journeys: Iterable[Journey]) -> dict[CellKey, Cell]:
    """All cases counted, few ones taken together. An objection also counts for the product it is about."""
    found: dict[CellKey, Cell] = {}
    about: dict[tuple[str, str], list[Journey]] = {}
    for one in journeys:
        found.setdefault(CellKey(one.product, one.definition, quarter(one.received), one.kind), Cell()).note(one)
        if one.objects_to is not None:
            about.setdefault(one.objects_to, []).append(one)
    for (product, definition), objections in about.items():
        _note_objections(
            [found[key] for key in found if (key.product, key.definition) == (product, definition)], objections
        )
    return together(found)


def _note_objections(cells_: Sequence[Cell], objections: Sequence[Journey]) -> None:
    """Objections count where the most cases are: which quarter the decision was of is not told by an objection."""
    if not cells_:
        return
    most = max(cells_, key=lambda cell: cell.cases)
    most.objections += len(objections)
    decided = [one for one in objections if one.days is not None and one.outcome]
    most.objections_decided += len(decided)
    most.upheld += sum(one.outcome in UPHELD for one in decided)


def together(found: Mapping[CellKey, Cell]) -> dict[CellKey, Cell]:
    """Kinds with few cases taken together, then quarters, until every cell has at least `FEWEST`. What is left over goes with the
    quarter before; a product with fewer cases in all is left out."""
    kept: dict[CellKey, Cell] = {}
    groups: dict[tuple[str, str], dict[date, list[tuple[CellKey, Cell]]]] = {}
    for key in sorted(found):
        groups.setdefault((key.product, key.definition), {}).setdefault(key.begin, []).append((key, found[key]))
    for (product, definition), quarters in groups.items():
        waiting = Cell()
        last: CellKey | None = None
        for begin, listed in sorted(quarters.items()):
            mixed = waiting
            for key, cell in listed:
                if cell.cases >= FEWEST:
                    kept[key] = cell
                    last = key
                else:
                    mixed.join(cell)
            if mixed.cases >= FEWEST:
                last = CellKey(product, definition, begin, MIXED)
                kept[last] = mixed
                waiting = Cell()
            else:
                waiting = mixed
        if waiting.cases and last is not None:
            kept[last].join(waiting)
    return kept


def as_json(cell: Cell) -> dict[str, int | float | list[int] | dict[str, int | float | list[int]]]:
    """As it is stored."""
    data: dict[str, int | float | list[int] | dict[str, int | float | list[int]]] = {
        name: getattr(cell, name) for name in _COUNTS
    }
    for name, spread in (("days", cell.days), ("minutes", cell.minutes)):
        data[name] = {"n": spread.n, "total": spread.total, "squares": spread.squares, "counts": spread.counts}
    return data


def from_json(data: Mapping[str, object]) -> Cell:
    """Read what `as_json` wrote. What is missing counts as nothing."""
    cell = Cell()
    for name in _COUNTS:
        setattr(cell, name, _whole(data.get(name)))
    for name in ("days", "minutes"):
        told = data.get(name)
        if isinstance(told, Mapping):
            counts = told.get("counts")
            numbers = [_whole(one) for one in counts] if isinstance(counts, list) else []
            made = Spread(_whole(told.get("n")), _number(told.get("total")), _number(told.get("squares")), numbers)
            setattr(cell, name, made)
    return cell


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0
