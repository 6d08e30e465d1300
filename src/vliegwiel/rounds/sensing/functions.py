"""The functions of a filter (OGC 18-088, table 23): what they take, what they give and how PostgreSQL says it.

Moments count in UTC. A text position counts from 0, as in OData. Functions of geometry are in `geometry`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .values import Kind

_T, _N, _M = Kind.TEXT, Kind.NUMBER, Kind.MOMENT


@dataclass(frozen=True, slots=True)
class Function:
    """`takes` the kinds of the arguments, the last `optional` of which may be left out; `sql` with `{n}` per argument,
    one text for each number of arguments."""

    takes: tuple[Kind, ...]
    gives: Kind
    sql: tuple[str, ...]
    optional: int = 0

    def template(self, given: int) -> str | None:
        """The SQL for so many arguments; None when that is not a right number."""
        missing = len(self.takes) - given
        return self.sql[-1 - missing] if 0 <= missing <= self.optional else None


def _one(takes: tuple[Kind, ...], gives: Kind, sql: str) -> Function:
    return Function(takes, gives, (sql,))


def _part(field: str) -> Function:
    return _one((_M,), _N, f"extract({field} FROM ({{0}}) AT TIME ZONE 'UTC')::float8")


FUNCTIONS: Mapping[str, Function] = {
    # Needle first: the order of OData 3, which the standard kept.
    "substringof": _one((_T, _T), Kind.TRUTH, "strpos({1}, {0}) > 0"),
    "contains": _one((_T, _T), Kind.TRUTH, "strpos({0}, {1}) > 0"),
    "startswith": _one((_T, _T), Kind.TRUTH, "starts_with({0}, {1})"),
    "endswith": _one((_T, _T), Kind.TRUTH, "right({0}, length({1})) = {1}"),
    "length": _one((_T,), _N, "length({0})::float8"),
    "indexof": _one((_T, _T), _N, "(strpos({0}, {1}) - 1)::float8"),
    "substring": Function(
        (_T, _N, _N),
        _T,
        (
            "substr({0}, greatest(({1})::int, 0) + 1)",
            "substr({0}, greatest(({1})::int, 0) + 1, greatest(({2})::int, 0))",
        ),
        optional=1,
    ),
    "tolower": _one((_T,), _T, "lower({0})"),
    "toupper": _one((_T,), _T, "upper({0})"),
    "trim": _one((_T,), _T, "btrim({0}, E' \\t\\r\\n')"),
    "concat": _one((_T, _T), _T, "({0} || {1})"),
    "year": _part("year"),
    "month": _part("month"),
    "day": _part("day"),
    "hour": _part("hour"),
    "minute": _part("minute"),
    "second": _one((_M,), _N, "floor(extract(second FROM {0}))::float8"),
    "fractionalseconds": _one((_M,), _N, "(extract(second FROM {0}) - floor(extract(second FROM {0})))::float8"),
    "date": _one((_M,), Kind.DAY, "(({0}) AT TIME ZONE 'UTC')::date"),
    "time": _one((_M,), Kind.CLOCK, "(({0}) AT TIME ZONE 'UTC')::time"),
    # We keep moments, not the zone they were written in: all of them are in UTC here.
    "totaloffsetminutes": _one((_M,), _N, "CASE WHEN {0} IS NOT NULL THEN 0::float8 END"),
    "mindatetime": _one((), _M, "'0001-01-01T00:00:00Z'::timestamptz"),
    "maxdatetime": _one((), _M, "'9999-12-31T23:59:59.999999Z'::timestamptz"),
    # Halves away from zero, as OData says; PostgreSQL rounds only numeric so.
    "round": _one((_N,), _N, "round(({0})::numeric)::float8"),
    "floor": _one((_N,), _N, "floor({0})"),
    "ceiling": _one((_N,), _N, "ceil({0})"),
}
