"""The values of a term that a formula can tell apart: one for each constant it is compared with, and one between each two.

Within such a stretch every comparison gives the same, so looking at one value of it is looking at all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from vliegwiel.law.checking.formulas import Bounds, Term
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, Time
from vliegwiel.law.feel.values import Value
from vliegwiel.law.types import Choice, Clock, Day, Days, Moment, Money, Months, Number, Text, Type, YesNo

ELSE: Final = "iets anders"
_DAY: Final = Decimal(temporal.DAY_SECONDS)
_ONE: Final = Decimal(1)
_CENT: Final = Decimal("0.01")
_TODAY: Final = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class _Line:
    """Values of a type as numbers on a line and back. `step` is the distance between neighbours, None where there is none."""

    rank: Callable[[Value], Decimal | None]
    value: Callable[[Decimal], Value]
    step: Decimal | None


def _number_of(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _day_of(value: Value) -> Decimal | None:
    return Decimal(value.toordinal()) if isinstance(value, date) else None


def _months_of(value: Value) -> Decimal | None:
    return Decimal(value.months) if isinstance(value, MonthsDuration) else None


def _seconds_of(value: Value) -> Decimal | None:
    return value.seconds if isinstance(value, DaysDuration) else None


def _instant_of(value: Value) -> Decimal | None:
    return Decimal(temporal.instant(value)) if isinstance(value, DateTime) else None


def _nanos_of(value: Value) -> Decimal | None:
    return Decimal(value.nanos) if isinstance(value, Time) else None


def _day(rank: Decimal) -> Value:
    return date.fromordinal(min(max(int(rank), 1), date.max.toordinal()))


_LOCAL: Final = Time(0, 0, 0)
_LINES: Final[dict[type, _Line]] = {
    Money: _Line(_number_of, lambda rank: rank, None),
    Number: _Line(_number_of, lambda rank: rank, None),
    Day: _Line(_day_of, _day, _ONE),
    Months: _Line(_months_of, lambda rank: MonthsDuration(int(rank)), _ONE),
    Days: _Line(_seconds_of, DaysDuration, _ONE),
    Moment: _Line(_instant_of, lambda rank: temporal.from_local(int(rank), _LOCAL), _ONE),
    Clock: _Line(_nanos_of, lambda rank: temporal.time_of(int(rank) % temporal.DAY_NANOS), _ONE),
}


def is_ordered(type_: Type) -> bool:
    """Whether values of this type lie on a line."""
    return type(type_) in _LINES


def is_scaled(type_: Type) -> bool:
    """Whether the values of this type can be told apart here."""
    return is_ordered(type_) or isinstance(type_, (YesNo, Choice, Text))


@dataclass(frozen=True, slots=True)
class Range:
    """How wide to look. `usual`: nothing negative; `whole`: numbers that are no money are whole; `named`: texts are those
    that the law names. Without any of these everything that the types allow."""

    usual: bool = False
    whole: bool = False
    named: bool = False


WIDEST: Final = Range()


def stretches(term: Term, constants: Iterable[Value], width: Range = WIDEST) -> list[Value]:
    """One value for each stretch. Null is among them only when a comparison names it."""
    given = list(constants)
    found = _finite(term.type, given, named=width.named)
    if found is None:
        found = _on_a_line(term, given, usual=width.usual, whole=width.whole)
    if any(value is None for value in given):
        found.append(None)
    return found


def _finite(type_: Type, constants: list[Value], *, named: bool) -> list[Value] | None:
    if isinstance(type_, YesNo):
        return [True, False]
    if isinstance(type_, Choice):
        return [name for name, _ in type_.options]
    if type(type_) in _LINES:
        return None
    texts = dict.fromkeys(value for value in constants if isinstance(value, str))
    if named and texts:
        return list(texts)
    other = ELSE
    while other in texts:
        other += " dan dat"
    return [*texts, other]


def _on_a_line(term: Term, constants: list[Value], *, usual: bool, whole: bool) -> list[Value]:
    line = _LINES[type(term.type)]
    bounds = term.usual if usual else term.bounds
    step = line.step
    if bounds.whole or (whole and isinstance(term.type, Number)):
        step = _ONE
    ranks = {rank for value in constants if (rank := line.rank(value)) is not None}
    if isinstance(term.type, Days) and all(rank % _DAY == 0 for rank in ranks):
        step = _DAY
    ranks |= {end for end in (bounds.low, bounds.high) if end is not None}
    if not ranks:
        ranks = {Decimal(_TODAY.toordinal()) if isinstance(term.type, Day) else Decimal(0)}
    found: list[Decimal] = []
    ordered = sorted(ranks)
    found.append(_below(ordered[0], step))
    for here, there in zip(ordered, [*ordered[1:], None], strict=True):
        if step is None or here % step == 0:
            found.append(here)
        between = _after(here, there, step, term.type)
        if between is not None:
            found.append(between)
    return [line.value(rank) for rank in found if _within(rank, bounds)] or [line.value(rank) for rank in found]


def _below(rank: Decimal, step: Decimal | None) -> Decimal:
    return rank - _ONE if step is None else (rank - step) // step * step


def _after(here: Decimal, there: Decimal | None, step: Decimal | None, type_: Type) -> Decimal | None:
    """A value right after a boundary and before the next, None when there is none."""
    if step is not None:
        following = here // step * step + step
        return following if there is None or following < there else None
    nearby = _CENT if isinstance(type_, Money) else _ONE
    for distance in (nearby, _CENT):
        if there is None or here + distance < there:
            return here + distance
    return (here + there) / 2 if there is not None else here + _ONE


def _within(rank: Decimal, bounds: Bounds) -> bool:
    return (bounds.low is None or rank >= bounds.low) and (bounds.high is None or rank <= bounds.high)
