"""What functions of geometry answer for the rows of a table, and how that enters a statement."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec
import numpy as np
from django.db import connection
from numpy.typing import NDArray

from . import expressions as e
from .geometry import MOST_SHAPES, Layer, layer
from .sql import FALSE, TRUE, Sql, filled
from .values import Kind, Value


@dataclass
class Geometries:
    """Reads the shapes of a table once for a question, however often they are asked for. Needs the municipality in scope."""

    municipality: str
    _found: dict[tuple[str, str], Layer] = field(default_factory=dict)

    def layer(self, place: tuple[str, str]) -> Layer:
        """All shapes in `place` = (table, column). One statement the first time."""
        if place not in self._found:
            table, column = place
            # Two numbers are quicker to read than GeoJSON; a point that has them needs nothing else.
            point = f"{column} ->> 'type' = 'Point' AND lon IS NOT NULL AND lat IS NOT NULL"
            lonlat = "lon, lat" if column != "observed_area" else "NULL::float8, NULL::float8"
            text = (
                f"CASE WHEN {point} THEN NULL ELSE {column}::text END"
                if column != "observed_area"
                else f"{column}::text"
            )
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id, {lonlat}, {text} FROM {table} WHERE municipality_id = %s LIMIT %s",
                    [self.municipality, MOST_SHAPES + 1],
                )
                self._found[place] = layer(cursor.fetchall())
        return self._found[place]


@dataclass(frozen=True, slots=True)
class GeoAnswer:
    """What a function of geometry gave for each row `ids[i]`, the rows being known by the column `row`; without rows for all."""

    ids: Sequence[UUID] | None
    row: Sql | None
    truths: NDArray[np.bool_] | None = None
    numbers: NDArray[np.float64] | None = None

    def value(self) -> Value:
        """As a value in SQL."""
        if self.truths is not None:
            return Value(Kind.TRUTH, (self._where(self.truths),))
        assert self.numbers is not None
        if self.ids is None or self.row is None:
            return Value(Kind.NUMBER, (Sql("%s::float8", (float(self.numbers[0]),)),))
        known = {str(row): float(n) for row, n in zip(self.ids, self.numbers, strict=True) if np.isfinite(n)}
        return Value(
            Kind.NUMBER,
            (
                filled(
                    "(({0} ->> ({1})::text)::float8)",
                    Sql("%s::jsonb", (msgspec.json.encode(known).decode(),)),
                    self.row,
                ),
            ),
        )

    def compared(self, how: e.Comparator, number: float) -> Sql:
        """The condition that the number compares so to another."""
        assert self.numbers is not None
        return self._where(_COMPARED[how](self.numbers, number))

    def _where(self, truths: NDArray[np.bool_]) -> Sql:
        if self.ids is None or self.row is None:
            return TRUE if bool(truths[0]) else FALSE
        rows = [row for row, true in zip(self.ids, truths, strict=True) if true]
        return filled("({0} = ANY({1}))", self.row, Sql("%s::uuid[]", (rows,)))


_COMPARED: dict[e.Comparator, Callable[[NDArray[np.float64], float], NDArray[np.bool_]]] = {
    e.Comparator.EQ: np.equal,
    e.Comparator.NE: np.not_equal,
    e.Comparator.GT: np.greater,
    e.Comparator.GE: np.greater_equal,
    e.Comparator.LT: np.less,
    e.Comparator.LE: np.less_equal,
}
