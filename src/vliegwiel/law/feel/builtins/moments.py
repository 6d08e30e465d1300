"""Conversion and calendar functions for dates, times and durations (DMN 1.5, sections 10.3.4.1 and 10.3.4.8)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from vliegwiel.base import clock
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.builtins.registry import builtin, whole
from vliegwiel.law.feel.temporal import DateTime, Day, DaysDuration, MonthsDuration, NotTemporal, Time
from vliegwiel.law.feel.values import Value

_WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


@builtin("date", "from: string|date|moment", "date")
def to_date(from_: Value) -> Value:
    if isinstance(from_, str):
        return temporal.parse_date(from_)
    return from_.date if isinstance(from_, DateTime) else from_


@builtin("date", "year: number, month: number, day: number", "date")
def make_date(year: Decimal, month: Decimal, day: Decimal) -> Value:
    y, m, d = whole(year), whole(month), whole(day)
    if y is None or m is None or d is None:
        return None
    return temporal.make_date(y, m, d)


@builtin("time", "from: string|time|moment|date", "time")
def to_time(from_: Value) -> Value:
    if isinstance(from_, str):
        return temporal.parse_time(from_)
    if isinstance(from_, DateTime):
        return from_.time
    return from_ if isinstance(from_, Time) else Time(0, 0, 0, 0, 0)


@builtin("time", "hour: number, minute: number, second: number, offset: days?~", "time")
def make_time(hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None) -> Value:
    h, m = whole(hour), whole(minute)
    if h is None or m is None or not (0 <= h <= 23 and 0 <= m <= 59 and 0 <= second < 60):
        return None
    east: int | None = None
    if offset is not None:
        if abs(offset.seconds) > 18 * 3600:
            raise NotTemporal
        east = int(offset.seconds)
    whole_second = int(second)
    return Time(h, m, whole_second, temporal.nanos_of(second - whole_second), east)


@builtin("date and time", "from: string|date|moment", "date and time")
def to_moment(from_: Value) -> Value:
    if isinstance(from_, str):
        return temporal.parse_date_time(from_)
    if isinstance(from_, DateTime):
        return from_
    return temporal.local_midnight(from_) if isinstance(from_, (date, temporal.WideDate)) else None


@builtin("date and time", "date: date|moment, time: time", "date and time")
def combine(day: Value, time: Time) -> Value:
    plain = day.date if isinstance(day, DateTime) else day
    return DateTime(plain, time) if isinstance(plain, (date, temporal.WideDate)) else None


@builtin("date and time", "date: date|moment, timezone: string", "date and time")
def in_zone(moment: Value, zone: str) -> Value:
    if not isinstance(moment, DateTime):
        return None
    t = moment.time
    return DateTime(moment.date, Time(t.hour, t.minute, t.second, t.nano, None, temporal.zone_info(zone).key))


@builtin("duration", "from: string|days|months", "duration")
def duration(from_: Value) -> Value:
    return temporal.parse_duration(from_) if isinstance(from_, str) else from_


def _day(value: Value) -> Day | None:
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, (date, temporal.WideDate)) else None


@builtin("years and months duration", "from: date|moment, to: date|moment", "years and months duration")
def years_and_months(start: Value, end: Value) -> Value:
    first, last = _day(start), _day(end)
    if first is None or last is None:
        return None
    return MonthsDuration(temporal.months_between(first, last))


@builtin("day of year", "date: date|moment", "number")
def day_of_year(moment: Value) -> Value:
    day = _day(moment)
    if day is None:
        return None
    return Decimal(temporal.day_number(day) - temporal.day_number(temporal.make_date(day.year, 1, 1)) + 1)


def weekday(day: Day) -> int:
    """1 is Monday."""
    return (temporal.day_number(day) - 1) % 7 + 1


@builtin("day of week", "date: date|moment", "string")
def day_of_week(moment: Value) -> Value:
    day = _day(moment)
    return None if day is None else _WEEKDAYS[weekday(day) - 1]


@builtin("month of year", "date: date|moment", "string")
def month_of_year(moment: Value) -> Value:
    day = _day(moment)
    return None if day is None else _MONTHS[day.month - 1]


@builtin("week of year", "date: date|moment", "number")
def week_of_year(moment: Value) -> Value:
    """ISO 8601: the week with the first Thursday is week 1."""
    day = _day(moment)
    if day is None:
        return None
    thursday = temporal.day_number(day) - weekday(day) + 4
    first = temporal.from_day_number(thursday).year
    return Decimal((thursday - temporal.day_number(temporal.make_date(first, 1, 1))) // 7 + 1)


@builtin("now", "", "date and time")
def now() -> Value:
    return temporal.from_python(clock.now())


@builtin("today", "", "date")
def today() -> Value:
    return clock.today()
