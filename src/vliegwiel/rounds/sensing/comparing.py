"""Two values compared in SQL.

Comparisons follow OData 4.0 part 2, 5.1.1.1: nothing is greater or smaller than null, and what is null differs from all that
is not. A period is before (`lt`) another when it ends before that one starts, and after (`gt`) when it starts after that one
ends; `le` and `ge` allow them to touch or be equal.
"""

from __future__ import annotations

from uuid import UUID

from .entities import TYPES
from .expressions import Comparator
from .joins import key_is
from .properties import as_uuid
from .refused import Refused
from .sql import FALSE, Sql, every, filled
from .values import Kind, Value, read_as

OBSERVATION = TYPES["Observation"]
_SIGNS = {
    Comparator.EQ: "=",
    Comparator.NE: "IS DISTINCT FROM",
    Comparator.GT: ">",
    Comparator.GE: ">=",
    Comparator.LT: "<",
    Comparator.LE: "<=",
}
# Two values of different kinds are compared as the first of these that one of them is.
_COMMON = (
    Kind.SHAPE,
    Kind.ID,
    Kind.PERIOD,
    Kind.MOMENT,
    Kind.DAY,
    Kind.CLOCK,
    Kind.DURATION,
    Kind.NUMBER,
    Kind.TRUTH,
    Kind.TEXT,
    Kind.JSON,
    Kind.RESULT,
)


def compared(how: Comparator, left: Value, right: Value) -> Sql:
    """The condition that they compare so. Raises `Refused` for kinds that cannot be compared."""
    kind = next(one for one in _COMMON if one in {left.kind, right.kind})
    if kind is Kind.SHAPE:
        raise Refused("Een vorm vergelijkt u met een functie, zoals st_equals of st_within.")
    if kind is Kind.ID:
        return _ids(how, left, right)
    if kind is Kind.RESULT:
        kind = Kind.JSON
    if kind is Kind.DAY and Kind.MOMENT in {left.kind, right.kind}:
        kind = Kind.MOMENT
    one, other = read_as(left, kind), read_as(right, kind)
    if one is None or other is None:
        raise Refused(f"Een {left.kind} en een {right.kind} zijn niet te vergelijken.")
    if kind is Kind.PERIOD:
        return _periods(how, one, other)
    return filled(f"{{0}} {_SIGNS[how]} {{1}}", one.sql, other.sql)


def _ids(how: Comparator, left: Value, right: Value) -> Sql:
    sides = []
    for side in (left, right):
        if side.kind is Kind.TEXT:
            text = side.sql.values[0] if side.sql.text == "%s::text" else None
            key = as_uuid(text) if isinstance(text, str) else None
            if key is None:
                # Not an id of ours: equal to none, different from all.
                return FALSE if how is not Comparator.NE else Sql("TRUE")
            sides.append(Sql("%s::uuid", (key,)))
        elif side.kind is Kind.ID:
            sides.append(side.sql)
        else:
            raise Refused(f"Een id is een tekst tussen quotes, geen {side.kind}.")
    if how is Comparator.EQ and (quick := _one_row(left, sides[1]) or _one_row(right, sides[0])) is not None:
        return quick
    return filled(f"{{0}} {_SIGNS[how]} {{1}}", *sides)


def _one_row(value: Value, key: Sql) -> Sql | None:
    """The condition for one observation: its id says in which month to look."""
    table, alias = value.place
    if table != OBSERVATION.table or not key.values or not isinstance(key.values[0], UUID):
        return None
    return key_is(OBSERVATION, alias, key.values[0])


def _periods(how: Comparator, left: Value, right: Value) -> Sql:
    (start, end), (other_start, other_end) = left.parts, right.parts
    match how:
        case Comparator.EQ:
            return filled("{0} = {1} AND {2} = {3}", start, other_start, end, other_end)
        case Comparator.NE:
            return filled("({0} = {1} AND {2} = {3}) IS NOT TRUE", start, other_start, end, other_end)
        case Comparator.LT:
            # The first condition says nothing new, but an index on the start can use it.
            return filled("{0} < {1} AND {2} < {1}", start, other_start, end)
        case Comparator.LE:
            return filled("{0} <= {1} AND {2} <= {3}", start, other_end, end, other_end)
        case Comparator.GT:
            return filled("{0} > {1}", start, other_end)
        case Comparator.GE:
            return filled("{0} >= {1}", start, other_start)


def empty(value: Value) -> Sql:
    """The condition that there is nothing."""
    if value.kind is Kind.JSON:
        return filled("({0} IS NULL OR {0} = 'null'::jsonb)", value.sql)
    return every(filled("{0} IS NULL", part) for part in value.parts)


def shifted(value: Value, by: Value, sign: str) -> Value:
    """A moment, date, period or duration with a duration added or taken off."""
    as_moment = read_as(value, Kind.MOMENT) if value.kind in {Kind.DAY, Kind.JSON} else value
    if as_moment is None or as_moment.kind not in {Kind.MOMENT, Kind.PERIOD, Kind.DURATION}:
        raise Refused(f"Bij een {value.kind} kan geen duur.")
    return Value(as_moment.kind, tuple(filled(f"({{0}} {sign} {{1}})", part, by.sql) for part in as_moment.parts))
