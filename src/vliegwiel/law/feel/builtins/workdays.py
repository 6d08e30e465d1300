"""Working days and terms inside formulas: the calendar of the Algemene termijnenwet (`vliegwiel.law.termijnen`)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from vliegwiel.law import termijnen
from vliegwiel.law.feel.builtins.registry import builtin, whole
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.temporal import DAY_SECONDS, Day, DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.termijnen import Duration, Unit

# Working days are counted one by one; no term of a law is longer than this.
_MOST_DAYS: Final = 40_000


def _limited(days: int) -> int:
    if abs(days) > _MOST_DAYS:
        raise FeelLimit("Werkdagen tellen kan over hoogstens 100 jaar.")
    return days


@builtin("is_werkdag", "datum: date", "boolean")
def is_working_day(day: Day) -> Value:
    """No Saturday, Sunday or recognised holiday (Termijnenwet 1 and 3)."""
    return not termijnen.is_rest_day(day) if isinstance(day, date) else None


@builtin("eerstvolgende_werkdag", "datum: date", "date")
def first_working_day(day: Day) -> Value:
    """The day itself, or the first day after it that is a working day (Termijnenwet 1)."""
    if not isinstance(day, date):
        return None
    while termijnen.is_rest_day(day):
        day += termijnen.ONE
    return day


@builtin("werkdagen_na", "datum: date, aantal: number", "date")
def working_days_after(day: Day, number: Decimal) -> Value:
    """The `aantal`-th working day after a day; 0 gives the day itself."""
    count = whole(number)
    if count is None or count < 0 or not isinstance(day, date):
        return None
    return termijnen.working_days_after(day, _limited(count))


@builtin("werkdagen_tussen", "van: date, tot: date", "number")
def working_days_between(start: Day, end: Day) -> Value:
    """Working days after `van` up to and including `tot`; 0 when `tot` is not later."""
    if not isinstance(start, date) or not isinstance(end, date):
        return None
    _limited((end - start).days)
    return Decimal(termijnen.working_days_between(start, end))


@builtin("einde_termijn", "na: date, duur: months|days", "date")
def end_of_term(start: Day, length: Value) -> Value:
    """The last day of a term that begins the day after `na`, moved off rest days (Termijnenwet 1, 2 and 4)."""
    return _end(start, length, [])


@builtin("einde_termijn", "na: date, duur: months|days, stilstand: list", "date")
def end_of_suspended_term(start: Day, length: Value, stops: list[Value]) -> Value:
    """The same when the term stands still: each item is `{van, tot}`, the first and last day that do not count."""
    return _end(start, length, stops)


def _end(start: Day, length: Value, stops: list[Value]) -> Value:
    duration = _duration(length)
    if duration is None or not isinstance(start, date):
        return None
    still: set[date] = set()
    for stop in stops:
        if not isinstance(stop, dict):
            return None
        first, last = stop.get("van"), stop.get("tot")
        if isinstance(first, Unknown) or isinstance(last, Unknown):
            return first if isinstance(first, Unknown) else last
        if not isinstance(first, date) or not isinstance(last, date):
            return None
        still.update(first + timedelta(days=n) for n in range(_limited((last - first).days) + 1))
    return termijnen.last_day(start, duration, frozenset(still))


def _duration(length: Value) -> Duration | None:
    """A duration as the law counts it: whole weeks as weeks, other whole days as days, months as months."""
    if isinstance(length, MonthsDuration):
        return Duration(length.months, Unit.MONTHS) if 0 <= length.months <= 1200 else None
    if not isinstance(length, DaysDuration):
        return None
    days, rest = divmod(length.seconds, DAY_SECONDS)
    if rest or not 0 <= days <= _MOST_DAYS:
        return None
    weeks, odd = divmod(int(days), 7)
    return Duration(weeks, Unit.WEEKS) if weeks and not odd else Duration(int(days), Unit.DAYS)
