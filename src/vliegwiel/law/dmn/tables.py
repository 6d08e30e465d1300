"""Hit policies: which rules of a decision table count, and what they give together (DMN 1.5, section 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from vliegwiel.law.feel.builtins import BUILTINS, invoke
from vliegwiel.law.feel.runtime import Budget
from vliegwiel.law.feel.values import Unknown, Value, equal

Row = tuple[Value, ...]


class TooManyHits(Exception):
    """A unique table has more than one hit, or an any-table hits that differ."""


@dataclass(frozen=True, slots=True)
class Policy:
    """`letter` is one of U A P F R O C; `rank` orders outputs for P and O (lower first)."""

    letter: str
    aggregation: str | None
    names: tuple[str, ...]
    rank: Callable[[Row], tuple[int, ...]]

    def shape(self, row: Row) -> Value:
        """One output is itself, more are a context."""
        return row[0] if len(row) == 1 else dict(zip(self.names, row, strict=True))

    def result(self, hits: Sequence[Row], budget: Budget) -> Value:
        """What the rules that were hit give. No hits: null, or an empty collection. Raises `TooManyHits`."""
        if self.letter in "UAFP":
            return self._single(hits)
        ordered = sorted(hits, key=self.rank) if self.letter == "O" else hits
        made: list[Value] = [self.shape(row) for row in ordered]
        if self.letter == "C" and self.aggregation is not None:
            return _aggregate(self.aggregation, made, budget)
        return made

    def _single(self, hits: Sequence[Row]) -> Value:
        if not hits:
            return None
        if self.letter == "U" and len(hits) > 1:
            raise TooManyHits("Meer dan een regel treft, en de tabel staat er een toe.")
        shaped: list[Value] = [self.shape(row) for row in hits]
        if self.letter == "A" and any(equal(shaped[0], other) is not True for other in shaped[1:]):
            raise TooManyHits("De regels die treffen geven niet hetzelfde.")
        if self.letter == "P":
            return self.shape(min(hits, key=self.rank))
        return shaped[0]


def _aggregate(aggregation: str, values: list[Value], budget: Budget) -> Value:
    missing = next((v for v in values if isinstance(v, Unknown)), None)
    if missing is not None:
        return missing
    if aggregation == "COUNT":
        return Decimal(len(values))
    if not values:
        return None
    return invoke(BUILTINS[aggregation.lower()].signatures, [values], budget)
