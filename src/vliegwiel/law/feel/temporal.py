"""Dates, times and durations of FEEL (DMN 1.5, sections 10.3.2.3.4 - 10.3.2.3.8).

A date within the years 1-9999 is a plain `datetime.date`; FEEL also knows dates outside that (`WideDate`), times finer than
a microsecond and named time zones, which Python's types lack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_FLOOR, Decimal
from functools import lru_cache
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NANOS: Final = 1_000_000_000
DAY_SECONDS: Final = 86_400
DAY_NANOS: Final = DAY_SECONDS * NANOS
MAX_YEAR: Final = 999_999_999
_MOST_MONTHS: Final = 10**13
_MOST_SECONDS: Final = Decimal(10**20)


class NotTemporal(ValueError):
    """The text or the numbers do not form a date, time or duration."""


@dataclass(frozen=True, slots=True)
class WideDate:
    """A date of the proleptic Gregorian calendar outside the years 1-9999."""

    year: int
    month: int
    day: int


Day: TypeAlias = date | WideDate


@dataclass(frozen=True, slots=True)
class MonthsDuration:
    """A years and months duration. Raises `NotTemporal` beyond what any calendar can hold."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > _MOST_MONTHS:
            raise NotTemporal


@dataclass(frozen=True, slots=True)
class DaysDuration:
    """A days and time duration, exact to the nanosecond. Raises `NotTemporal` beyond what any calendar can hold."""

    seconds: Decimal

    def __post_init__(self) -> None:
        if abs(self.seconds) > _MOST_SECONDS:
            raise NotTemporal


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day. `offset` is seconds east of UTC; `zone` a named time zone; at most one of them is set."""

    hour: int
    minute: int
    second: int
    nano: int = 0
    offset: int | None = None
    zone: str | None = None

    @property
    def nanos(self) -> int:
        """Nanoseconds since midnight."""
        return ((self.hour * 60 + self.minute) * 60 + self.second) * NANOS + self.nano


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date and time."""

    date: Day
    time: Time


# --- the calendar ----------------------------------------------------------------------------------------------------


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Days in a month."""
    return (31, 29 if _leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


def make_date(year: int, month: int, day: int) -> Day:
    """A date, plain where Python can hold it. Raises `NotTemporal`."""
    if not (-MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= month_length(year, month)):
        raise NotTemporal
    return date(year, month, day) if 1 <= year <= 9999 else WideDate(year, month, day)


def day_number(day: Day) -> int:
    """Days since 0000-12-31 (so 0001-01-01 is 1), for any year."""
    if isinstance(day, date):
        return day.toordinal()
    # Shift to March so that the leap day comes last in the year.
    year, month = (day.year, day.month - 3) if day.month > 2 else (day.year - 1, day.month + 9)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day.day - 306


def from_day_number(number: int) -> Day:
    """The inverse of `day_number`. Raises `NotTemporal` beyond the limits of FEEL."""
    if 1 <= number <= 3_652_059:
        return date.fromordinal(number)
    shifted = number + 305
    era, within = divmod(shifted, 146_097)
    year = (within - within // 1460 + within // 36_524 - within // 146_096) // 365
    yearday = within - (365 * year + year // 4 - year // 100)
    month = (5 * yearday + 2) // 153
    day = yearday - (153 * month + 2) // 5 + 1
    calendar = era * 400 + year + (1 if month >= 10 else 0)
    return make_date(calendar, month + 3 if month < 10 else month - 9, day)


def add_months(day: Day, months: int) -> Day:
    """A date so many months on; the last day of the month where that day does not exist."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if abs(year) > MAX_YEAR:
        raise NotTemporal
    return make_date(year, month + 1, min(day.day, month_length(year, month + 1)))


def months_between(start: Day, end: Day) -> int:
    """Whole months from start to end, negative when end lies before start."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    if whole > 0 and end.day < start.day:
        return whole - 1
    if whole < 0 and end.day > start.day:
        return whole + 1
    return whole


def add_days(day: Day, seconds: Decimal) -> Day:
    """A date plus a days and time duration: counted from midnight, the date of the result."""
    days = (seconds / DAY_SECONDS).to_integral_value(ROUND_FLOOR)
    if abs(days) > 366 * 2 * MAX_YEAR:
        raise NotTemporal
    return from_day_number(day_number(day) + int(days))


# --- moments ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=256)
def zone_info(name: str) -> ZoneInfo:
    """A named time zone. Raises `NotTemporal`."""
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}", name):
        raise NotTemporal
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        raise NotTemporal from error


def offset_of(time: Time, day: Day | None = None) -> int | None:
    """Seconds east of UTC; for a named zone this needs the date (without one: today is not guessed, so None)."""
    if time.zone is None:
        return time.offset
    if not isinstance(day, date):
        return None
    moment = datetime(day.year, day.month, day.day, time.hour, time.minute, time.second, tzinfo=zone_info(time.zone))
    delta = moment.utcoffset()
    return int(delta.total_seconds()) if delta is not None else None


def is_zoned(time: Time) -> bool:
    """Whether a time says where on earth it is."""
    return time.offset is not None or time.zone is not None


def instant(moment: DateTime) -> int:
    """Nanoseconds on a line: UTC where the zone is known, else local."""
    local = day_number(moment.date) * DAY_NANOS + moment.time.nanos
    return local - (offset_of(moment.time, moment.date) or 0) * NANOS


def from_local(nanos: int, like: Time) -> DateTime:
    """A local instant back to date and time, in the zone of `like`."""
    number, within = divmod(nanos, DAY_NANOS)
    return DateTime(from_day_number(number), time_of(within, like.offset, like.zone))


def time_of(nanos: int, offset: int | None = None, zone: str | None = None) -> Time:
    """A time of day from nanoseconds since midnight."""
    seconds, nano = divmod(nanos, NANOS)
    minutes, second = divmod(seconds, 60)
    return Time(minutes // 60, minutes % 60, second, nano, offset, zone)


def nanos_of(seconds: Decimal) -> int:
    """A number of seconds as nanoseconds."""
    return int(seconds.scaleb(9).to_integral_value())


def seconds_of(nanos: int) -> Decimal:
    """Nanoseconds as an exact number of seconds."""
    whole, rest = divmod(nanos, NANOS)
    return Decimal(whole) if rest == 0 else Decimal(nanos).scaleb(-9)


def local_midnight(day: Day) -> DateTime:
    """A date as a moment: midnight UTC (DMN 1.5, table 55)."""
    return DateTime(day, Time(0, 0, 0, 0, 0))


def from_python(moment: datetime) -> DateTime:
    """A Python datetime as FEEL has it."""
    offset = moment.utcoffset()
    seconds = int(offset.total_seconds()) if offset is not None else None
    time = Time(moment.hour, moment.minute, moment.second, moment.microsecond * 1000, seconds)
    return DateTime(moment.date(), time)


def to_python(moment: DateTime) -> datetime:
    """As a Python datetime; UTC where the offset is known. Raises `NotTemporal` for years Python lacks."""
    if not isinstance(moment.date, date):
        raise NotTemporal
    t = moment.time
    clock = time(t.hour, t.minute, t.second, t.nano // 1000)
    naive = datetime.combine(moment.date, clock)
    offset = offset_of(t, moment.date)
    return naive if offset is None else (naive - timedelta(seconds=offset)).replace(tzinfo=UTC)


# --- text ------------------------------------------------------------------------------------------------------------

_DATE: Final = re.compile(r"(-?(?:[1-9][0-9]{4,8}|[0-9]{4}))-([0-9]{2})-([0-9]{2})", re.ASCII)
_TIME: Final = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]{1,30})?(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@(.+))?",
    re.ASCII,
)
_MONTHS: Final = re.compile(r"(-?)P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?", re.ASCII)
_DAYS: Final = re.compile(
    r"(-?)P(?:([0-9]{1,12})D)?(?:T(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,15}(?:\.[0-9]{1,9}[0-9]*)?)S)?)?",
    re.ASCII,
)


def parse_date(text: str) -> Day:
    """`2026-01-31`. Raises `NotTemporal`."""
    found = _DATE.fullmatch(text)
    if found is None:
        raise NotTemporal
    return make_date(int(found[1]), int(found[2]), int(found[3]))


def parse_time(text: str) -> Time:
    """`14:00:00`, with a fraction, `Z`, `+01:00` or `@Europe/Amsterdam` behind it. Raises `NotTemporal`."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise NotTemporal
    hour, minute, second = int(found[1]), int(found[2]), int(found[3])
    nano = int((found[4] or ".0")[1:10].ljust(9, "0"))
    if hour > 23 or minute > 59 or second > 59:
        raise NotTemporal
    offset: int | None = 0 if found[5] else None
    if found[6]:
        if int(found[7]) > 18 or int(found[8]) > 59:
            raise NotTemporal
        offset = (int(found[7]) * 3600 + int(found[8]) * 60 + int(found[9] or 0)) * (-1 if found[6] == "-" else 1)
    zone = found[10]
    if zone:
        zone_info(zone)
        if zone in ("UTC", "Etc/UTC", "Z"):
            return Time(hour, minute, second, nano, None, zone)
    return Time(hour, minute, second, nano, offset, zone)


def parse_date_time(text: str) -> DateTime:
    """`2026-01-31T14:00:00`, or a date alone (midnight, no zone). Raises `NotTemporal`."""
    day, separator, rest = text.partition("T")
    return DateTime(parse_date(day), parse_time(rest) if separator else Time(0, 0, 0))


def parse_duration(text: str) -> MonthsDuration | DaysDuration:
    """`P1Y2M` or `P3DT4H`. Raises `NotTemporal`."""
    found = _MONTHS.fullmatch(text)
    if found is not None and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return MonthsDuration(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if found is None or not any(found[i] for i in (2, 3, 4, 5)) or text.endswith("T"):
        raise NotTemporal
    seconds = Decimal(int(found[2] or 0) * DAY_SECONDS + int(found[3] or 0) * 3600 + int(found[4] or 0) * 60)
    seconds += Decimal(found[5] or 0)
    return DaysDuration(-seconds if found[1] else seconds)


def parse_temporal(text: str) -> Day | Time | DateTime | MonthsDuration | DaysDuration:
    """What `@"..."` holds. Raises `NotTemporal`."""
    if text.startswith(("P", "-P")):
        return parse_duration(text)
    if _DATE.fullmatch(text):
        return parse_date(text)
    return parse_date_time(text) if "T" in text.partition("@")[0] else parse_time(text)


def show_date(day: Day) -> str:
    """A date as FEEL writes it."""
    if isinstance(day, date):
        return day.isoformat()
    return f"{'-' if day.year < 0 else ''}{abs(day.year):04d}-{day.month:02d}-{day.day:02d}"


def show_time(time: Time) -> str:
    """A time as FEEL writes it."""
    fraction = f".{time.nano:09d}".rstrip("0") if time.nano else ""
    text = f"{time.hour:02d}:{time.minute:02d}:{time.second:02d}{fraction}"
    if time.zone is not None:
        return f"{text}@{time.zone}"
    if time.offset is None:
        return text
    if time.offset == 0:
        return text + "Z"
    minutes, seconds = divmod(abs(time.offset), 60)
    sign = "-" if time.offset < 0 else "+"
    return f"{text}{sign}{minutes // 60:02d}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")


def show_months(duration: MonthsDuration) -> str:
    """`P1Y2M`."""
    years, months = divmod(abs(duration.months), 12)
    body = (f"{years}Y" if years else "") + (f"{months}M" if months or not years else "")
    return ("-P" if duration.months < 0 else "P") + body


def show_days(duration: DaysDuration) -> str:
    """`P1DT2H3M4.5S`."""
    total = abs(duration.seconds)
    whole = int(total)
    days, rest = divmod(whole, DAY_SECONDS)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = total - whole
    spelled = f"{fraction + seconds:f}"
    exact = spelled.rstrip("0").rstrip(".") if "." in spelled else spelled
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{exact}S" if seconds or fraction else ""
    body = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return ("-P" if duration.seconds < 0 else "P") + (body or "T0S")
