"""What stands behind a dot when it is not a context: parts of dates and durations, ends of ranges (DMN 1.5, table 65)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.builtins.moments import weekday
from vliegwiel.law.feel.temporal import DateTime, Day, DaysDuration, MonthsDuration, Time, WideDate
from vliegwiel.law.feel.values import Range, Unknown, Value


def property_of(value: Value, name: str) -> Value:
    """The part of a value with this name; null when it has none. Of a list: of each element."""
    if isinstance(value, Unknown):
        return value
    if isinstance(value, list):
        return [item.get(name) if isinstance(item, dict) else property_of(item, name) for item in value]
    if isinstance(value, (date, WideDate)):
        return _of_day(value, name)
    if isinstance(value, Time):
        return _of_time(value, name, None)
    if isinstance(value, DateTime):
        found = _of_day(value.date, name)
        return _of_time(value.time, name, value.date) if found is None else found
    if isinstance(value, MonthsDuration):
        years, months = divmod(abs(value.months), 12)
        part = {"years": years, "months": months}.get(name)
        return None if part is None else Decimal(-part if value.months < 0 else part)
    if isinstance(value, DaysDuration):
        return _of_days(value, name)
    return _of_range(value, name) if isinstance(value, Range) else None


def _of_day(day: Day, name: str) -> Value:
    if name == "weekday":
        return Decimal(weekday(day))
    part = {"year": day.year, "month": day.month, "day": day.day}.get(name)
    return None if part is None else Decimal(part)


def _of_time(time: Time, name: str, day: Day | None) -> Value:
    if name == "second":
        return temporal.seconds_of(time.second * temporal.NANOS + time.nano)
    if name == "time offset":
        offset = temporal.offset_of(time, day)
        return None if offset is None else DaysDuration(Decimal(offset))
    if name == "timezone":
        return time.zone
    part = {"hour": time.hour, "minute": time.minute}.get(name)
    return None if part is None else Decimal(part)


def _of_days(duration: DaysDuration, name: str) -> Value:
    total = abs(duration.seconds)
    whole = int(total)
    parts = {
        "days": Decimal(whole // temporal.DAY_SECONDS),
        "hours": Decimal(whole % temporal.DAY_SECONDS // 3600),
        "minutes": Decimal(whole % 3600 // 60),
        "seconds": whole % 60 + (total - whole),
    }
    part = parts.get(name)
    if part is None:
        return None
    return -part if duration.seconds < 0 else part


def _of_range(value: Range, name: str) -> Value:
    if name == "start":
        return value.low
    if name == "end":
        return value.high
    if name == "start included":
        return value.low_closed
    return value.high_closed if name == "end included" else None
