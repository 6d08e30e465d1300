"""Properties of entities and values written in a filter, as values in SQL."""

from __future__ import annotations

from uuid import UUID

from . import expressions as e
from .entities import EntityType, Property, Type
from .refused import Refused
from .sql import Sql, filled
from .values import Kind, Value

_KINDS = {
    Type.TEXT: Kind.TEXT,
    Type.JSON: Kind.JSON,
    Type.MOMENT: Kind.MOMENT,
    Type.PERIOD: Kind.PERIOD,
    Type.RESULT: Kind.RESULT,
}
_UNIT = {"name": "unit_name", "symbol": "unit_symbol", "definition": "unit_definition"}
_LARGEST = 1e300


def property_of(kind: EntityType, name: str) -> Property:
    """A property by name (`@iot.id` is `id`). Raises `Refused` with those that exist."""
    if name == "@iot.id":
        name = "id"
    if (found := kind.properties.get(name)) is None:
        raise Refused(f"{kind.name} heeft geen eigenschap {name!r}. Wel: {', '.join(kind.properties)}.")
    return found


def property_value(kind: EntityType, alias: str, one: Property, inside: tuple[str, ...] = ()) -> Value:
    """A property of row `alias`, or what `inside` names within its JSON."""
    columns = tuple(Sql(cell) for cell in one.cells(alias))
    if one.type is Type.ID:
        return Value(Kind.ID, columns, (kind.table, alias))
    if one.type is Type.UNIT:
        return _unit(alias, inside)
    if one.type is Type.SHAPE and not inside:
        return Value(Kind.SHAPE, (Sql(f"{alias}.id"),), (kind.table, one.columns[0]))
    if not inside:
        # An observation's phenomenonTime may be a moment: then it ends when it starts.
        if one.type is Type.PERIOD and one.columns[0] == "phenomenon_time":
            columns = (columns[0], Sql(f"COALESCE({alias}.{one.columns[1]}, {alias}.{one.columns[0]})"))
        return Value(_KINDS[one.type], columns)
    if one.type in {Type.JSON, Type.SHAPE, Type.RESULT}:
        return Value(Kind.JSON, (filled("({0} #> {1})", columns[-1], Sql("%s::text[]", (list(inside),))),))
    raise Refused(f"{one.name} van {kind.name} heeft geen onderdelen.")


def _unit(alias: str, inside: tuple[str, ...]) -> Value:
    if len(inside) != 1 or inside[0] not in _UNIT:
        raise Refused(f"Noem een onderdeel van unitOfMeasurement: {', '.join(_UNIT)}.")
    return Value(Kind.TEXT, (Sql(f"{alias}.{_UNIT[inside[0]]}"),))


def constant(expression: e.Expression) -> Value:
    """A value that was written out."""
    match expression:
        case e.Text(text):
            if "\x00" in text:
                raise Refused("In een tekst kan geen teken 0 staan.")
            return Value(Kind.TEXT, (Sql("%s::text", (text,)),))
        case e.Number(number):
            if abs(number) >= _LARGEST:
                raise Refused("Dit getal is te groot.")
            return Value(Kind.NUMBER, (Sql("%s::float8", (float(number),)),))
        case e.Truth(value):
            return Value(Kind.TRUTH, (Sql("%s::boolean", (value,)),))
        case e.Moment(moment):
            return Value(Kind.MOMENT, (Sql("%s::timestamptz", (moment,)),))
        case e.Span(start, end):
            return Value(Kind.PERIOD, (Sql("%s::timestamptz", (start,)), Sql("%s::timestamptz", (end,))))
        case e.Day(day):
            return Value(Kind.DAY, (Sql("%s::date", (day,)),))
        case e.Clock(clock):
            return Value(Kind.CLOCK, (Sql("%s::time", (clock.isoformat(),)),))
        case e.Duration(duration):
            return Value(Kind.DURATION, (Sql("%s::interval", (f"{duration.total_seconds()} seconds",)),))
        case e.Shape():
            raise Refused("Een vorm (geography'...') kan alleen in een functie als st_within of geo.distance staan.")
        case _:
            return Value(Kind.NOTHING, (Sql("NULL"),))


def as_uuid(text: str) -> UUID | None:
    """A key of ours; None for a text that is none."""
    try:
        return UUID(text)
    except ValueError:
        return None
