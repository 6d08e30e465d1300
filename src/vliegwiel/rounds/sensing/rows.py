"""Answers: entities with their values and what hangs around them, as data (no rows of the database any more)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import msgspec

from .entities import EntityType, Property, Type
from .sql import Sql

Json = msgspec.Raw | str | float | bool | None | Mapping[str, "Json"] | Sequence["Json"]


@dataclass(slots=True)
class Row:
    """An entity. `values` are by the name of the property, ready for JSON; `related` what was expanded."""

    kind: EntityType
    id: UUID
    values: dict[str, Json]
    related: dict[str, Page | Row | None] = field(default_factory=dict)
    links: dict[str, UUID | None] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """A part of a set of entities. `count` is how many there are in all, where that was asked.

    When there are more, `more` is true and the next page begins after `after` (a token), or else after skipping `skip`.
    """

    kind: EntityType
    rows: list[Row]
    count: int | None = None
    more: bool = False
    after: str = ""
    skip: int = 0


def moment(value: datetime) -> str:
    """As ISO 8601 in UTC; parts of a second only where there are any, in thousandths or millionths."""
    text = value.astimezone(UTC)
    spec = "seconds" if not text.microsecond else "milliseconds" if not text.microsecond % 1000 else "microseconds"
    return text.isoformat(timespec=spec).replace("+00:00", "Z")


def number(value: float) -> float | int:
    """A whole number without a decimal point: what came in as 21 goes out as 21."""
    return int(value) if value.is_integer() and abs(value) < 1e15 else value


def _json(cells: Iterator[object]) -> Json:
    text = next(cells)
    return msgspec.Raw(text.encode()) if isinstance(text, str) else None


def _plain(cells: Iterator[object]) -> Json:
    value = next(cells)
    assert value is None or isinstance(value, str)
    return value


def _moment(cells: Iterator[object]) -> Json:
    value = next(cells)
    return moment(value) if isinstance(value, datetime) else None


def _period(cells: Iterator[object]) -> Json:
    start, end = next(cells), next(cells)
    if not isinstance(start, datetime):
        return None
    return f"{moment(start)}/{moment(end)}" if isinstance(end, datetime) else moment(start)


def _result(cells: Iterator[object]) -> Json:
    value, other = next(cells), next(cells)
    if isinstance(other, str):
        return msgspec.Raw(other.encode())
    return number(value) if isinstance(value, float) else None


def _unit(cells: Iterator[object]) -> Json:
    return {key: _plain(cells) for key in ("name", "symbol", "definition")}


_READ: Mapping[Type, Callable[[Iterator[object]], Json]] = {
    Type.TEXT: _plain,
    Type.JSON: _json,
    Type.SHAPE: _json,
    Type.MOMENT: _moment,
    Type.PERIOD: _period,
    Type.RESULT: _result,
    Type.UNIT: _unit,
}
_AS_TEXT = {Type.JSON: (0,), Type.SHAPE: (0,), Type.RESULT: (1,)}


def columns_of(alias: str, properties: Sequence[Property]) -> Sql:
    """The columns of these properties, JSON as text: it goes out as it is, without being read here."""
    cells = [
        f"{cell}::text" if index in _AS_TEXT.get(one.type, ()) else cell
        for one in properties
        for index, cell in enumerate(one.cells(alias))
    ]
    return Sql("".join(f", {cell}" for cell in cells))


def values_of(properties: Sequence[Property], cells: Iterator[object]) -> dict[str, Json]:
    """The values of these properties from the cells of a row, in the same order."""
    return {one.name: _READ[one.type](cells) for one in properties}
