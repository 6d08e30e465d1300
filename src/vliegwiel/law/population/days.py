"""The calendar over columns: days are numbers since 1970-01-01."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import numpy as np

from vliegwiel.law.feel import operators
from vliegwiel.law.feel.temporal import DAY_SECONDS
from vliegwiel.law.population.columns import EPOCH, Amount, Cannot, Ints, Lit, Operand, Space, ratio_of
from vliegwiel.law.population.exact import family, linear, num, strict

# What a table of answers per day covers: 1860 - 2134, any living person and any term.
_TABLE: Final = 40_000
_MOST_MONTHS: Final = 6_000
_FIRST, _LAST = 1 - EPOCH, 3_652_059 - EPOCH


def months_and_days(days: Ints) -> tuple[Ints, Ints]:
    """Months since January 1970, and the day of the month (from 0)."""
    moments = days.astype("M8[D]")
    months = moments.astype("M8[M]")
    return months.astype(np.int64), (moments - months.astype("M8[D]")).astype(np.int64)


def months_between(start: Ints, end: Ints) -> Ints:
    """Whole months, as `temporal.months_between` counts them."""
    first_month, first_day = months_and_days(start)
    last_month, last_day = months_and_days(end)
    whole = last_month - first_month
    early = (whole > 0) & (last_day < first_day)
    late = (whole < 0) & (last_day > first_day)
    return whole - early + late


def years_between(start: Ints, end: Ints) -> Ints:
    """Whole years, towards zero."""
    months = months_between(start, end)
    found: Ints = np.sign(months) * (np.abs(months) // 12)
    return found


def days_between(start: Ints, end: Ints) -> Ints:
    """Days from start to end."""
    return end.astype(np.int64) - start


def first_of_month(days: Ints) -> Ints:
    """The first day of its month."""
    return days.astype("M8[D]").astype("M8[M]").astype("M8[D]").astype(np.int64)


def last_of_month(days: Ints) -> Ints:
    """The last day of its month."""
    return (days.astype("M8[D]").astype("M8[M]") + 1).astype("M8[D]").astype(np.int64) - 1


def moved(days: Ints, months: Ints) -> Ints:
    """So many months on; the last day of the month where that day does not exist."""
    month, day = months_and_days(days)
    wanted = month + months
    first = wanted.astype("M8[M]").astype("M8[D]").astype(np.int64)
    length = (wanted + 1).astype("M8[M]").astype("M8[D]").astype(np.int64) - first
    found: Ints = first + np.minimum(day, length - 1)
    return found


PARTS: Final[dict[str, Callable[[Ints], Ints]]] = {
    "year": lambda days: np.floor_divide(months_and_days(days)[0], 12) + 1970,
    "month": lambda days: months_and_days(days)[0] % 12 + 1,
    "day": lambda days: months_and_days(days)[1] + 1,
    "weekday": lambda days: (days.astype(np.int64) + 3) % 7 + 1,
}
BETWEEN: Final[dict[str, Callable[[Ints, Ints], Ints]]] = {
    "hele_maanden": months_between,
    "hele_jaren": years_between,
    "dagen_tussen": days_between,
}
MONTH_ENDS: Final[dict[str, Callable[[Ints], Ints]]] = {
    "eerste_dag_van_maand": first_of_month,
    "laatste_dag_van_maand": last_of_month,
}


@lru_cache(maxsize=512)
def _counted(name: str, fixed: int, first: bool) -> Ints:
    """The answer for every day in the table, with the other date fixed."""
    every = np.arange(-_TABLE, _TABLE + 1)
    other = np.full(len(every), fixed)
    found = BETWEEN[name](every, other) if first else BETWEEN[name](other, every)
    return found.astype(np.int16 if name == "hele_jaren" else np.int32)


@lru_cache(maxsize=16)
def _parts(name: str) -> Ints:
    every = np.arange(-_TABLE, _TABLE + 1)
    return PARTS[name](every).astype(np.int16)


@lru_cache(maxsize=64)
def _moved_table(months: int) -> Ints:
    every = np.arange(-_TABLE, _TABLE + 1)
    return moved(every, np.full(len(every), months)).astype(np.int32)


def counted(space: Space, name: str, start: Operand, end: Operand) -> Operand:
    """`hele_jaren(start, end)` and the like."""
    if family(start) != "day" or family(end) != "day":
        raise Cannot(f"{name} met iets dat geen datum is")
    null, gap = strict(space, start, end)
    column, fixed = (start, end) if isinstance(start, Amount) else (end, start)
    if not isinstance(column, Amount):
        raise Cannot("geen kolom")
    if isinstance(fixed, Lit):
        day = ratio_of(fixed.value)
        if day is not None and column.mag <= _TABLE:
            found = np.take(_counted(name, day[0], column is start), column.data + _TABLE)
            return Amount(found, 3_700_000, null=null, gap=gap)
    first, last = (_spread(space, operand) for operand in (start, end))
    return Amount(BETWEEN[name](first, last), 3_700_000, null=null, gap=gap)


def _spread(space: Space, operand: Operand) -> Ints:
    data = num(operand).data
    return np.full(space.size, data) if isinstance(data, int) else data


def part(column: Amount, name: str) -> Operand:
    """`datum.year` and the like."""
    if name not in PARTS:
        raise Cannot(f"'{name}' van een datum")
    if column.mag <= _TABLE:
        return Amount(np.take(_parts(name), column.data + _TABLE), 10_000, null=column.null, gap=column.gap)
    return Amount(PARTS[name](column.wide), 10_000, null=column.null, gap=column.gap)


def month_end(column: Amount, name: str) -> Operand:
    """The first or last day of the month."""
    return Amount(MONTH_ENDS[name](column.wide), column.mag + 31, family="day", null=column.null, gap=column.gap)


def _bounded(space: Space, months: Ints | int) -> Ints | int:
    """Months that stay within the calendar; rows with more are doubted."""
    if isinstance(months, int):
        if abs(months) > _MOST_MONTHS:
            raise Cannot("een zeer lange duur")
        return months
    large = np.abs(months) > _MOST_MONTHS
    if not large.any():
        return months
    space.doubt(large)
    return np.where(large, 0, months)


def shifted(space: Space, day: Operand, by: Operand, sign: int) -> Operand:
    """A day moved by a duration. Rows that leave the calendar are doubted."""
    null, gap = strict(space, day, by)
    length = num(by)
    if family(by) == "months":
        months = _bounded(space, length.data)
        if isinstance(months, int) and isinstance(day, Amount) and day.mag <= _TABLE:
            found = np.take(_moved_table(sign * months), day.data + _TABLE)
            return Amount(found, _TABLE + 31 * (abs(months) + 1), family="day", null=null, gap=gap)
        found = moved(_spread(space, day), np.broadcast_to(sign * months, (space.size,)))
    else:
        if length.div is not None:
            raise Cannot("een datum plus een gebroken duur")
        found = _spread(space, day) + (sign * _spread(space, by)) // (length.den * DAY_SECONDS)
    outside = (found < _FIRST) | (found > _LAST)
    if outside.any():
        space.doubt(outside)
        found = np.where(outside, 0, found)
    size = max(abs(int(found.max())), abs(int(found.min()))) if len(found) else 0
    return Amount(found, size, family="day", null=null, gap=gap)


def add(space: Space, a: Operand, b: Operand, sign: int) -> Operand:
    """`a + b`, or `a - b` (`sign` -1), of numbers, days and durations."""
    kinds = (family(a), family(b))
    if kinds[0] == kinds[1] and kinds[0] in ("number", "months", "days"):
        return linear(space, a, b, sign, kinds[0])
    if kinds == ("day", "day") and sign < 0:
        seconds = num(a), num(b)
        data = (np.subtract(seconds[0].data, seconds[1].data)) * DAY_SECONDS
        null, gap = strict(space, a, b)
        return Amount(data, (seconds[0].mag + seconds[1].mag) * DAY_SECONDS, family="days", null=null, gap=gap)
    if kinds[0] == "day" and kinds[1] in ("months", "days"):
        return shifted(space, a, b, sign)
    if kinds[1] == "day" and kinds[0] in ("months", "days") and sign > 0:
        return shifted(space, b, a, 1)
    raise Cannot("optellen of aftrekken van deze soorten")


ADDING: Final = {1: operators.add, -1: operators.subtract}
