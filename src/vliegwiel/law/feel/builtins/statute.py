"""Functions that Dutch law texts need and FEEL lacks. Names are Dutch: lawyers write them.

`per_jaar`, `per_maand` and `per_kwartaal` are not here: which factor they mean follows from the type of the amount, so the
checker writes them out (see `vliegwiel.law.typing`).
"""

from __future__ import annotations

from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.builtins.numbers import rounded
from vliegwiel.law.feel.builtins.registry import builtin, whole
from vliegwiel.law.feel.temporal import DAY_SECONDS, DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import NUMBERS, Value


@builtin("hele_maanden", "van: date, tot: date", "number")
def whole_months(start: date, end: date) -> Value:
    return Decimal(temporal.months_between(start, end))


@builtin("hele_jaren", "van: date, tot: date", "number")
def whole_years(start: date, end: date) -> Value:
    """Birthdays passed: someone born on 29 February is a year older on 1 March where there is no 29 February."""
    months = temporal.months_between(start, end)
    return Decimal(months // 12 if months >= 0 else -(-months // 12))


@builtin("dagen_tussen", "van: date, tot: date", "number")
def days_between(start: date, end: date) -> Value:
    return Decimal(temporal.day_number(end) - temporal.day_number(start))


@builtin("eerste_dag_van_maand", "datum: date", "date")
def first_of_month(day: date) -> Value:
    return temporal.make_date(day.year, day.month, 1)


@builtin("laatste_dag_van_maand", "datum: date", "date")
def last_of_month(day: date) -> Value:
    return temporal.make_date(day.year, day.month, temporal.month_length(day.year, day.month))


def _months(number: Decimal, each: int) -> Value:
    count = whole(number)
    return None if count is None else MonthsDuration(count * each)


@builtin("jaren", "aantal: number", "years and months duration")
def years(number: Decimal) -> Value:
    return _months(number, 12)


@builtin("maanden", "aantal: number", "years and months duration")
def months(number: Decimal) -> Value:
    return _months(number, 1)


@builtin("dagen", "aantal: number", "days and time duration")
def days(number: Decimal) -> Value:
    count = whole(number)
    return None if count is None else DaysDuration(Decimal(count * DAY_SECONDS))


@builtin("weken", "aantal: number", "days and time duration")
def weeks(number: Decimal) -> Value:
    return days(number * 7)


@builtin("procent", "procent: number, van: number", "number")
def percent(share: Decimal, of: Decimal) -> Value:
    return NUMBERS.divide(NUMBERS.multiply(share, of), Decimal(100))


@builtin("afronden", "getal: number, decimalen: number", "number")
def round_amount(number: Decimal, scale: Decimal) -> Value:
    """Half away from zero, as amounts are rounded; only where a rule says that it rounds."""
    return rounded(number, scale, ROUND_HALF_UP)


def _to_multiple(number: Decimal, step: Decimal, mode: str) -> Value:
    """A whole number of steps; null where the step is not more than zero."""
    if step <= 0:
        return None
    count = NUMBERS.divide(number, step)
    whole_steps = rounded(count, Decimal(0), mode)
    return NUMBERS.multiply(whole_steps, step) if isinstance(whole_steps, Decimal) else None


@builtin("afronden_op", "getal: number, veelvoud: number", "number")
def round_to_multiple(number: Decimal, step: Decimal) -> Value:
    """To the nearest multiple (`1` is whole euros, `0.01` cents, `5` fives); half away from zero."""
    return _to_multiple(number, step, ROUND_HALF_UP)


@builtin("afronden_omlaag", "getal: number, veelvoud: number", "number")
def round_down_to_multiple(number: Decimal, step: Decimal) -> Value:
    """To the multiple towards zero."""
    return _to_multiple(number, step, ROUND_DOWN)


@builtin("afronden_omhoog", "getal: number, veelvoud: number", "number")
def round_up_to_multiple(number: Decimal, step: Decimal) -> Value:
    """To the multiple away from zero."""
    return _to_multiple(number, step, ROUND_UP)
