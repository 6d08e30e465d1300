"""Terms of general administrative law: when something must be decided, and until when a person may object.

Sources: Algemene wet bestuursrecht (BWBR0005537) articles 4:13-4:18 and 6:7-6:8, text of 2026-01-01; Algemene
termijnenwet (BWBR0002448) articles 1-4, text of 2010-10-10; the royal decrees that equate days (see `EQUATED`). Days are
Dutch calendar days; nothing here knows a clock.

Counting:
- A term starts on the day after the event (receipt, announcement); its last day counts in full.
- It stands still from the day after the applicant is asked for more until (not including) the day on which the answer
  comes, or through the last day of the time given when that passes unused (Awb 4:15).
- A term that ends on a Saturday, Sunday or recognised holiday runs on to the next other day, and a term of three days or
  more holds at least two working days (Termijnenwet 1 and 2). Not for terms longer than 90 days, 12 weeks or 3 months, in
  years or in hours (4).
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import MappingProxyType

ONE = timedelta(days=1)

# Days that the Crown equates with a holiday (Termijnenwet 3(3)), by royal decree for three years at a time. Sources: the decree
# of 2016-10-24 for 2017-2019 (BWBR0038666); the titles of the decrees for 2023-2025 and 2026-2028, which name the days. Of
# those for 2020-2022 no text was found; after 2028 nothing is decided yet.
EQUATED = frozenset(
    date.fromisoformat(day)
    for day in (
        "2017-04-28", "2017-05-26", "2018-05-11", "2018-12-24", "2018-12-31", "2019-05-31", "2019-12-27",
        "2023-04-28", "2023-05-19", "2024-05-10", "2024-12-27", "2025-05-30",
        "2026-01-02", "2026-05-15", "2027-05-07", "2028-04-28", "2028-05-26",
    )
)  # fmt: skip


def easter(year: int) -> date:
    """First Easter day (Gregorian; the anonymous algorithm of Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    m = (a + 11 * h) // 319
    r = (2 * e + 2 * i - k - h + m + 32) % 7
    month = (h - m + r + 90) // 25
    return date(year, month, (h - m + r + month + 19) % 32)


@cache
def holidays(year: int) -> Mapping[date, str]:
    """The recognised holidays of Termijnenwet 3(1), Good Friday of 3(2) and the equated days of 3(3), with their names."""
    sunday = easter(year)
    king = date(year, 4, 27) if year >= 2014 else date(year, 4, 30)
    if king.weekday() == calendar.SUNDAY:
        king += -ONE if year >= 1980 else ONE
    days = {
        date(year, 1, 1): "Nieuwjaarsdag",
        sunday - 2 * ONE: "Goede Vrijdag",
        sunday + ONE: "tweede paasdag",
        king: "Koningsdag" if year >= 2014 else "Koninginnedag",
        date(year, 5, 5): "5 mei",
        sunday + 39 * ONE: "Hemelvaartsdag",
        sunday + 50 * ONE: "tweede pinksterdag",
        date(year, 12, 25): "eerste kerstdag",
        date(year, 12, 26): "tweede kerstdag",
    }
    equated = {day: "gelijkgestelde dag" for day in EQUATED if day.year == year}
    return MappingProxyType(equated | days)


def is_rest_day(day: date) -> bool:
    """Saturday, Sunday or recognised holiday."""
    return day.weekday() >= calendar.SATURDAY or day in holidays(day.year)


def working_days_after(day: date, number: int) -> date:
    """The `number`-th day after `day` that is not a rest day. `number` 0 gives `day` itself."""
    if number < 0:
        raise ValueError("a number of working days is not negative")
    while number:
        day += ONE
        number -= not is_rest_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many days after `start` up to and including `end` are not rest days; 0 when `end` is not after `start`."""
    if end <= start:
        return 0
    weeks, rest = divmod((end - start).days, 7)
    weekdays = 5 * weeks + sum((start.weekday() + n) % 7 < calendar.SATURDAY for n in range(1, rest + 1))
    return weekdays - sum(start < day <= end for year in range(start.year, end.year + 1) for day in _on_weekdays(year))


@cache
def _on_weekdays(year: int) -> tuple[date, ...]:
    """The holidays of a year that do not fall in a weekend."""
    return tuple(day for day in holidays(year) if day.weekday() < calendar.SATURDAY)


class Unit(StrEnum):
    """Units a law counts in."""

    DAYS = "dagen"
    WORKING_DAYS = "werkdagen"
    WEEKS = "weken"
    MONTHS = "maanden"
    YEARS = "jaren"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time as a law writes it: `Duration(8, Unit.WEEKS)`."""

    number: int
    unit: Unit

    def after(self, day: date) -> date:
        """The last day of a term of this length that starts on the day after `day`."""
        match self.unit:
            case Unit.DAYS:
                return day + timedelta(days=self.number)
            case Unit.WEEKS:
                return day + timedelta(weeks=self.number)
            case Unit.WORKING_DAYS:
                return working_days_after(day, self.number)
            case Unit.MONTHS:
                return _months_after(day, self.number)
            case Unit.YEARS:
                return _months_after(day, 12 * self.number)

    @property
    def lengthened(self) -> bool:
        """Whether the Termijnenwet lengthens it: not above 90 days, 12 weeks or 3 months, and not in years (4)."""
        limits = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3, Unit.WORKING_DAYS: 0, Unit.YEARS: 0}
        return self.number <= limits[self.unit]

    def __str__(self) -> str:
        singular = {"dagen": "dag", "werkdagen": "werkdag", "weken": "week", "maanden": "maand", "jaren": "jaar"}
        return f"{self.number} {singular[self.unit] if self.number == 1 or self.unit is Unit.YEARS else self.unit}"


def _months_after(day: date, months: int) -> date:
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Suspension:
    """The applicant was asked for more on day `asked`, and got until and including `due` to answer (Awb 4:5, 4:15).

    `answered` is the day the answer came, or None while it has not come.
    """

    asked: date
    due: date
    answered: date | None = None

    def days(self, on: date) -> frozenset[date]:
        """The days on which the term stands still, as known on day `on`."""
        last = min(self.due, on)
        if self.answered is not None and self.answered <= self.due:
            last = min(last, self.answered - ONE)
        return frozenset(self.asked + n * ONE for n in range(1, (last - self.asked).days + 1))


@dataclass(frozen=True, slots=True)
class Term:
    """A term worked out. `end` is its last day; `plain_end` what it was without standing still and rest days."""

    duration: Duration
    started_by: date
    plain_end: date
    end: date
    suspended_days: int
    rest_days: int
    extended_to: date | None
    running: bool

    def days_left(self, on: date) -> int:
        """Days from `on` to the last day; negative when it is over."""
        return (self.end - on).days


def term(
    received: date,
    duration: Duration,
    *,
    suspensions: Iterable[Suspension] = (),
    extended_to: date | None = None,
    on: date,
) -> Term:
    """The term of `duration` that an event on `received` starts, as it stands on day `on`.

    While the term stands still, days up to `on` are counted: `end` moves on each day, and `running` is false.
    `extended_to` is a new last day told to the applicant (Awb 4:14); it counts when it is later, and standing still
    after it was told is not added again.
    """
    stops = tuple(suspensions)
    still: frozenset[date] = frozenset().union(*(s.days(on) for s in stops)) if stops else frozenset()
    plain = duration.after(received)
    end = _with_stops(received, plain, still)
    moved = _lengthened(received, end, duration) if duration.lengthened else end
    final = max(moved, extended_to) if extended_to else moved
    return Term(
        duration=duration,
        started_by=received,
        plain_end=plain,
        end=final,
        suspended_days=(end - plain).days,
        rest_days=(moved - end).days,
        extended_to=extended_to,
        running=on not in still,
    )


def last_day(received: date, duration: Duration, still: frozenset[date] = frozenset()) -> date:
    """The last day of a term that an event on `received` starts, when the days in `still` do not count."""
    end = _with_stops(received, duration.after(received), still)
    return _lengthened(received, end, duration) if duration.lengthened else end


def _with_stops(received: date, plain: date, still: frozenset[date]) -> date:
    """The last day when the days in `still` do not count; days after the term is over stop nothing."""
    left = (plain - received).days
    day = received
    while left:
        day += ONE
        left -= day not in still
    return day


def _lengthened(received: date, end: date, duration: Duration) -> date:
    # Termijnenwet 2: a term of at least three days holds two days that are no rest days.
    if (end - received).days >= 3 or duration.unit is not Unit.DAYS:
        end = max(end, working_days_after(received, 2))
    while is_rest_day(end):
        end += ONE
    return end


OBJECTION = Duration(6, Unit.WEEKS)
REASONABLE = Duration(8, Unit.WEEKS)


def objection_term(announced: date) -> Term:
    """Until when a person may object to a decision made known on `announced` (Awb 6:7, 6:8)."""
    return term(announced, OBJECTION, on=announced)


@dataclass(frozen=True, slots=True)
class Penalty:
    """What is due for deciding late (Awb 4:17). `first_day` is the first day that costs money."""

    first_day: date
    last_day: date
    days: int
    amount: Decimal


PENALTY_DAYS = 42
PENALTY_STEPS = ((14, Decimal("23.00")), (14, Decimal("35.00")), (14, Decimal("45.00")))


def penalty(term_end: date, notice: date, *, on: date) -> Penalty:
    """The penalty for a decision that is not there on day `on`: `notice` is the day the notice of default came in.

    Due from the day on which two weeks have passed after the term ended and the notice came, at most 42 days; the Termijnenwet
    does not lengthen them.
    """
    first = max(term_end, notice) + timedelta(days=15)
    days = max(0, min(PENALTY_DAYS, (on - first).days + 1))
    amount, left = Decimal("0.00"), days
    for length, rate in PENALTY_STEPS:
        amount += rate * min(left, length)
        left = max(0, left - length)
    return Penalty(first, first + timedelta(days=PENALTY_DAYS - 1), days, amount)
