"""The values of FEEL, their equality and order, and *unknown*.

`None` is FEEL's null: known to be nothing. `Unknown` is a datum nobody has given yet. It runs through every operation
that needs it and remembers which data are missing, so that a law asks and never guesses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import Final, TypeAlias

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.temporal import DateTime, Day, DaysDuration, MonthsDuration, Time, WideDate

# IEEE 754-2008 decimal128, as the standard asks.
NUMBERS: Final = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[InvalidOperation, DivisionByZero, Overflow]
)


class Unknown:
    """Data that are missing. Unknown is not equal to anything, also not to itself."""

    __slots__ = ("names",)

    def __init__(self, names: frozenset[str]) -> None:
        self.names = names

    def __repr__(self) -> str:
        return f"Unknown({', '.join(sorted(self.names))})"


class Range:
    """A FEEL range. A missing end is None."""

    __slots__ = ("high", "high_closed", "low", "low_closed")

    def __init__(self, low: Value, high: Value, low_closed: bool, high_closed: bool) -> None:
        self.low, self.high = low, high
        self.low_closed, self.high_closed = low_closed, high_closed

    def __repr__(self) -> str:
        left, right = "[" if self.low_closed else "(", "]" if self.high_closed else ")"
        return f"{left}{self.low}..{self.high}{right}"


class FeelFunction:
    """A function value. `parameters` are its names; `call` takes the arguments in that order.

    `bind` sets a variable in what the function closed over, so that a function in a context can call itself.
    """

    __slots__ = ("bind", "call", "parameters", "result", "types")

    def __init__(
        self,
        parameters: tuple[str, ...],
        call: Callable[[list[Value]], Value],
        types: tuple[object, ...] = (),
        result: object = None,
        bind: Callable[[int, Value], None] | None = None,
    ) -> None:
        self.bind = bind
        self.parameters = parameters
        self.call = call
        self.types = types
        self.result = result


Value: TypeAlias = (
    bool
    | Decimal
    | str
    | date
    | WideDate
    | Time
    | DateTime
    | MonthsDuration
    | DaysDuration
    | list["Value"]
    | dict[str, "Value"]
    | Range
    | FeelFunction
    | Unknown
    | None
)


def unknown_of(*values: Value) -> Unknown | None:
    """All that is missing in these values together, or None when all are known."""
    found: Unknown | None = None
    for value in values:
        if isinstance(value, Unknown):
            found = value if found is None else Unknown(found.names | value.names)
    return found


def equal(a: Value, b: Value) -> Value:
    """FEEL equality: true, false, or null when the kinds differ (DMN 1.5, section 10.3.2.13)."""
    if a is None or b is None:
        missing = unknown_of(a, b)
        return missing if missing is not None else a is b
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return unknown_of(a, b)
    if isinstance(a, list) and isinstance(b, list):
        return _all_equal(a, b) if len(a) == len(b) else False
    if isinstance(a, dict) and isinstance(b, dict):
        return _all_equal(list(a.values()), [b[k] for k in a]) if a.keys() == b.keys() else False
    if isinstance(a, Range) and isinstance(b, Range):
        same = a.low_closed == b.low_closed and a.high_closed == b.high_closed
        return same and equal(a.low, b.low) is True and equal(a.high, b.high) is True
    if isinstance(a, DateTime) and isinstance(b, DateTime):
        return _same_moment(a, b)
    if isinstance(a, Time) and isinstance(b, Time):
        return _same_time(a, b)
    if isinstance(a, (date, WideDate)) and isinstance(b, (date, WideDate)):
        return a == b
    return a == b if a.__class__ is b.__class__ else None


def _all_equal(a: list[Value], b: list[Value]) -> Value:
    missing: Unknown | None = None
    for left, right in zip(a, b, strict=True):
        same = equal(left, right)
        if isinstance(same, Unknown):
            missing = unknown_of(missing, same)
        elif same is not True:
            return False
    return True if missing is None else missing


def _same_moment(a: DateTime, b: DateTime) -> Value:
    if temporal.is_zoned(a.time) != temporal.is_zoned(b.time):
        return False
    return temporal.instant(a) == temporal.instant(b)


def _same_time(a: Time, b: Time) -> Value:
    if temporal.is_zoned(a) != temporal.is_zoned(b):
        return False
    if a.zone is not None or b.zone is not None:
        return a == b
    return _utc(a) == _utc(b)


def _utc(time: Time) -> int:
    return time.nanos - (time.offset or 0) * temporal.NANOS


def order(a: Value, b: Value) -> int | Unknown | None:
    """Negative, zero or positive; None when the two cannot be ordered."""
    if isinstance(a, Unknown) or isinstance(b, Unknown):
        return unknown_of(a, b)
    if isinstance(a, bool) or isinstance(b, bool):
        return None
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return (a > b) - (a < b)
    if isinstance(a, str) and isinstance(b, str):
        return (a > b) - (a < b)
    if isinstance(a, date) and isinstance(b, date):
        return (a > b) - (a < b)
    if isinstance(a, (date, WideDate)) and isinstance(b, (date, WideDate)):
        return temporal.day_number(a) - temporal.day_number(b)
    if isinstance(a, MonthsDuration) and isinstance(b, MonthsDuration):
        return a.months - b.months
    if isinstance(a, DaysDuration) and isinstance(b, DaysDuration):
        return (a.seconds > b.seconds) - (a.seconds < b.seconds)
    if isinstance(a, Time) and isinstance(b, Time):
        return _utc(a) - _utc(b) if temporal.is_zoned(a) == temporal.is_zoned(b) else None
    if isinstance(a, DateTime) and isinstance(b, DateTime):
        if temporal.is_zoned(a.time) != temporal.is_zoned(b.time):
            return None
        return temporal.instant(a) - temporal.instant(b)
    return None


def less(a: Value, b: Value) -> Value:
    """`a < b`."""
    sign = order(a, b)
    return sign < 0 if isinstance(sign, int) else sign


def less_or_equal(a: Value, b: Value) -> Value:
    """`a <= b`."""
    sign = order(a, b)
    return sign <= 0 if isinstance(sign, int) else sign


def both(a: Value, b: Value) -> Value:
    """Three-valued `and`: false wins, then unknown, then null."""
    if a is False or b is False:
        return False
    missing = unknown_of(a, b)
    if missing is not None:
        return missing
    return True if a is True and b is True else None


def either(a: Value, b: Value) -> Value:
    """Three-valued `or`: true wins, then unknown, then null."""
    if a is True or b is True:
        return True
    missing = unknown_of(a, b)
    if missing is not None:
        return missing
    return False if a is False and b is False else None


def negation(a: Value) -> Value:
    """Three-valued `not`."""
    if isinstance(a, bool):
        return not a
    return a if isinstance(a, Unknown) else None


def within(value: Value, interval: Range) -> Value:
    """Whether a value lies in a range; a missing end does not bound."""
    low: Value = True
    high: Value = True
    if interval.low is not None:
        low = less_or_equal(interval.low, value) if interval.low_closed else less(interval.low, value)
    if interval.high is not None:
        high = less_or_equal(value, interval.high) if interval.high_closed else less(value, interval.high)
    return both(low, high)


def kind(value: Value) -> str:
    """The FEEL name of the type of a value."""
    if isinstance(value, bool):
        return "boolean"
    return _KINDS.get(value.__class__, "Any")


_KINDS: Final[dict[type, str]] = {
    type(None): "Null",
    Decimal: "number",
    str: "string",
    date: "date",
    WideDate: "date",
    Time: "time",
    DateTime: "date and time",
    MonthsDuration: "years and months duration",
    DaysDuration: "days and time duration",
    list: "list",
    dict: "context",
    Range: "range",
    FeelFunction: "function",
    Unknown: "Unknown",
}


def show_number(number: Decimal) -> str:
    """A number as FEEL writes it: no exponent, no trailing zeros."""
    if not number:
        return "0"
    text = str(number)
    if "E" in text:
        text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def show(value: Value, *, inside: bool = False) -> str | None:
    """The text of a value, as `string()` gives it; None for null. Text inside a list or context is quoted."""
    if value is None:
        return "null" if inside else None
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' if inside else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return show_number(value)
    if isinstance(value, (date, WideDate)):
        return temporal.show_date(value)
    if isinstance(value, Time):
        return temporal.show_time(value)
    if isinstance(value, DateTime):
        return f"{temporal.show_date(value.date)}T{temporal.show_time(value.time)}"
    if isinstance(value, MonthsDuration):
        return temporal.show_months(value)
    if isinstance(value, DaysDuration):
        return temporal.show_days(value)
    return _show_composed(value)


def _show_composed(value: Value) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(str(show(item, inside=True)) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_show_key(k)}: {show(v, inside=True)}" for k, v in value.items()) + "}"
    if isinstance(value, Range):
        low = "" if value.low is None else str(show(value.low, inside=True))
        high = "" if value.high is None else str(show(value.high, inside=True))
        return f"{'[' if value.low_closed else '('}{low}..{high}{']' if value.high_closed else ')'}"
    return "function" if isinstance(value, FeelFunction) else repr(value)


def _show_key(key: str) -> str:
    return key if key.replace(" ", "").isalnum() else '"' + key.replace('"', '\\"') + '"'


def is_date(value: Value) -> Day | None:
    """The value if it is a date, else None."""
    return value if isinstance(value, (date, WideDate)) else None
