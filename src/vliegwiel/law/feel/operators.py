"""Arithmetic of FEEL over all kinds of value (DMN 1.5, table 54). A combination that does not exist gives null."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal, DecimalException

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.runtime import check_size
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, NotTemporal, Time, WideDate
from vliegwiel.law.feel.values import NUMBERS, Value, unknown_of


def _guarded(operation: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    """Unknown runs through; what cannot be computed (overflow, no such date) is null."""

    def run(a: Value, b: Value) -> Value:
        missing = unknown_of(a, b)
        if missing is not None:
            return missing
        try:
            return operation(a, b)
        except (DecimalException, NotTemporal, OverflowError):
            return None

    return run


@_guarded
def add(a: Value, b: Value) -> Value:
    """`a + b`."""
    if isinstance(a, bool) or isinstance(b, bool):
        return None
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return NUMBERS.add(a, b)
    if isinstance(a, str) and isinstance(b, str):
        check_size(len(a) + len(b))
        return a + b
    if isinstance(a, MonthsDuration) and isinstance(b, MonthsDuration):
        return MonthsDuration(a.months + b.months)
    if isinstance(a, DaysDuration) and isinstance(b, DaysDuration):
        return DaysDuration(NUMBERS.add(a.seconds, b.seconds))
    if isinstance(b, (MonthsDuration, DaysDuration)):
        return shift(a, b)
    return shift(b, a) if isinstance(a, (MonthsDuration, DaysDuration)) else None


def shift(point: Value, by: MonthsDuration | DaysDuration, sign: int = 1) -> Value:
    """A date, time or moment moved by a duration."""
    if isinstance(by, MonthsDuration):
        if isinstance(point, (date, WideDate)):
            return temporal.add_months(point, sign * by.months)
        if isinstance(point, DateTime):
            return DateTime(temporal.add_months(point.date, sign * by.months), point.time)
        return None
    seconds = by.seconds * sign
    if isinstance(point, (date, WideDate)):
        return temporal.add_days(point, seconds)
    if isinstance(point, Time):
        moved = (point.nanos + temporal.nanos_of(seconds)) % temporal.DAY_NANOS
        return temporal.time_of(moved, point.offset, point.zone)
    if isinstance(point, DateTime):
        local = temporal.day_number(point.date) * temporal.DAY_NANOS + point.time.nanos
        return temporal.from_local(local + temporal.nanos_of(seconds), point.time)
    return None


@_guarded
def subtract(a: Value, b: Value) -> Value:
    """`a - b`."""
    if isinstance(a, bool) or isinstance(b, bool):
        return None
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return NUMBERS.subtract(a, b)
    if isinstance(a, MonthsDuration) and isinstance(b, MonthsDuration):
        return MonthsDuration(a.months - b.months)
    if isinstance(a, DaysDuration) and isinstance(b, DaysDuration):
        return DaysDuration(NUMBERS.subtract(a.seconds, b.seconds))
    if isinstance(b, (MonthsDuration, DaysDuration)):
        return shift(a, b, -1)
    return _difference(a, b)


def _difference(a: Value, b: Value) -> Value:
    if isinstance(a, Time) and isinstance(b, Time):
        if temporal.is_zoned(a) != temporal.is_zoned(b):
            return None
        return DaysDuration(temporal.seconds_of(_utc(a) - _utc(b)))
    first, second = _moment(a), _moment(b)
    if first is None or second is None:
        return None
    # A date alone is midnight UTC, so it only meets a moment that says where it is.
    if temporal.is_zoned(first.time) != temporal.is_zoned(second.time):
        return None
    return DaysDuration(temporal.seconds_of(temporal.instant(first) - temporal.instant(second)))


def _utc(time: Time) -> int:
    return time.nanos - (time.offset or 0) * temporal.NANOS


def _moment(value: Value) -> DateTime | None:
    if isinstance(value, DateTime):
        return value
    return temporal.local_midnight(value) if isinstance(value, (date, WideDate)) else None


@_guarded
def multiply(a: Value, b: Value) -> Value:
    """`a * b`."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return NUMBERS.multiply(a, b)
    if isinstance(a, Decimal):
        a, b = b, a
    if not isinstance(b, Decimal):
        return None
    if isinstance(a, MonthsDuration):
        return MonthsDuration(int(NUMBERS.multiply(Decimal(a.months), b)))
    return DaysDuration(NUMBERS.multiply(a.seconds, b)) if isinstance(a, DaysDuration) else None


@_guarded
def divide(a: Value, b: Value) -> Value:
    """`a / b`; by zero is null."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return NUMBERS.divide(a, b)
    if isinstance(a, MonthsDuration):
        if isinstance(b, Decimal):
            return MonthsDuration(int(NUMBERS.divide(Decimal(a.months), b)))
        return NUMBERS.divide(Decimal(a.months), Decimal(b.months)) if isinstance(b, MonthsDuration) else None
    if isinstance(a, DaysDuration):
        if isinstance(b, Decimal):
            return DaysDuration(NUMBERS.divide(a.seconds, b))
        return NUMBERS.divide(a.seconds, b.seconds) if isinstance(b, DaysDuration) else None
    return None


@_guarded
def power(a: Value, b: Value) -> Value:
    """`a ** b`."""
    return NUMBERS.power(a, b) if isinstance(a, Decimal) and isinstance(b, Decimal) else None


def negate(a: Value) -> Value:
    """`-a`."""
    if isinstance(a, Decimal):
        return NUMBERS.minus(a)
    if isinstance(a, MonthsDuration):
        return MonthsDuration(-a.months)
    if isinstance(a, DaysDuration):
        return DaysDuration(-a.seconds)
    return unknown_of(a)
