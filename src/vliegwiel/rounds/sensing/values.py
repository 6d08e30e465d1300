"""Values in SQL with what they are, and how one kind of value is read as another.

What JSON holds is only known row by row: it is read as a text, number, yes/no or moment where it is one, and is null elsewhere,
so that one odd row never makes a question fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .sql import Sql, filled


class Kind(StrEnum):
    """What a value is; the text is Dutch, for messages."""

    TEXT = "tekst"
    NUMBER = "getal"
    TRUTH = "ja/nee"
    MOMENT = "moment"
    DAY = "datum"
    CLOCK = "tijd"
    DURATION = "duur"
    PERIOD = "periode"
    JSON = "JSON"
    RESULT = "resultaat"
    ID = "id"
    SHAPE = "vorm"
    NOTHING = "null"


@dataclass(frozen=True, slots=True)
class Value:
    """A value: `parts` is one piece of SQL, or two for a PERIOD (start, end) and a RESULT (number, JSON).

    A SHAPE is `parts[0]` = the id of the row that holds it, and `place` = its table and column. Of an ID `place` = its table
    and the alias of its row; of an id that was written out it is empty.
    """

    kind: Kind
    parts: tuple[Sql, ...]
    place: tuple[str, str] = ("", "")

    @property
    def sql(self) -> Sql:
        """Its first part."""
        return self.parts[0]


_OF_JSON = {
    Kind.TEXT: "CASE jsonb_typeof({0}) WHEN 'string' THEN {0} #>> ARRAY[]::text[] END",
    Kind.NUMBER: "CASE jsonb_typeof({0}) WHEN 'number' THEN"
    " CASE WHEN abs(({0})::numeric) < 1e300 THEN ({0})::numeric::float8 END END",
    Kind.TRUTH: "CASE jsonb_typeof({0}) WHEN 'boolean' THEN ({0})::boolean END",
    Kind.MOMENT: "CASE WHEN jsonb_typeof({0}) = 'string' AND pg_input_is_valid({0} #>> ARRAY[]::text[], 'timestamptz')"
    " THEN ({0} #>> ARRAY[]::text[])::timestamptz END",
}


def read_as(value: Value, kind: Kind) -> Value | None:
    """`value` as another kind; None where that makes no sense."""
    if value.kind is kind:
        return value
    match value.kind, kind:
        case Kind.NOTHING, _:
            return Value(kind, (Sql(f"NULL::{_NAMES[kind]}"),)) if kind in _NAMES else None
        case Kind.JSON, _ if kind in _OF_JSON:
            return Value(kind, (filled(_OF_JSON[kind], value.sql),))
        case Kind.RESULT, Kind.NUMBER:
            return Value(kind, (value.parts[0],))
        case Kind.RESULT, _ if kind in _OF_JSON:
            return Value(kind, (filled(_OF_JSON[kind], value.parts[1]),))
        case Kind.RESULT, Kind.JSON:
            return Value(kind, (filled("COALESCE({1}, to_jsonb({0}))", *value.parts),))
        case Kind.ID, Kind.TEXT:
            return Value(kind, (filled("({0})::text", value.sql),))
        case Kind.DAY, Kind.MOMENT:
            return Value(kind, (filled("({0})::timestamp AT TIME ZONE 'UTC'", value.sql),))
        case Kind.PERIOD, Kind.MOMENT:
            return Value(kind, (value.parts[0],))
        case Kind.MOMENT, Kind.PERIOD:
            return Value(kind, (value.sql, value.sql))
        case Kind.DAY, Kind.PERIOD:
            moment = filled("({0})::timestamp AT TIME ZONE 'UTC'", value.sql)
            return Value(kind, (moment, moment))
        case _:
            return None


_NAMES = {
    Kind.TEXT: "text",
    Kind.NUMBER: "float8",
    Kind.TRUTH: "boolean",
    Kind.MOMENT: "timestamptz",
    Kind.DURATION: "interval",
    Kind.JSON: "jsonb",
}
