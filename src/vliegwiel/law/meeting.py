"""Which types may meet: compared, added, put in one list. Money a month never meets money a year (issue: periods)."""

from __future__ import annotations

from vliegwiel.law.types import (
    Anything,
    Choice,
    Day,
    Days,
    Group,
    Interval,
    Many,
    Moment,
    Money,
    Months,
    Nothing,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
)


def join(a: Type, b: Type) -> Type | None:
    """The type that holds both, or None when they may not meet."""
    if isinstance(a, (Anything, Nothing)) or a == b:
        return b if isinstance(a, Nothing) or a == b else a
    if isinstance(b, (Anything, Nothing)):
        return a if isinstance(b, Nothing) else b
    if isinstance(a, (Money, Number)) and isinstance(b, (Money, Number)):
        return _join_numbers(a, b)
    if isinstance(a, Choice) and isinstance(b, Choice):
        known = {name for name, _ in a.options}
        return Choice((*a.options, *(o for o in b.options if o[0] not in known)))
    if isinstance(a, (Choice, Text)) and isinstance(b, (Choice, Text)):
        return Text()
    if isinstance(a, Many) and isinstance(b, Many):
        inner = join(a.of, b.of)
        return None if inner is None else Many(inner)
    if isinstance(a, Interval) and isinstance(b, Interval):
        inner = join(a.of, b.of)
        return None if inner is None else Interval(inner)
    return _join_groups(a, b) if isinstance(a, Group) and isinstance(b, Group) else None


def _join_numbers(a: Money | Number, b: Money | Number) -> Type | None:
    if isinstance(a, Money) and isinstance(b, Money):
        return None
    if isinstance(a, Number) and isinstance(b, Number):
        return _bare(a, b)
    money, number = (a, b) if isinstance(a, Money) else (b, a)
    return money if isinstance(number, Number) and number.unit is None else None


def _bare(a: Number, b: Number) -> Type | None:
    if a.unit is None:
        return b
    return a if b.unit is None else None


def _join_groups(a: Group, b: Group) -> Type | None:
    if {name for name, _ in a.fields} != {name for name, _ in b.fields}:
        return None
    fields: list[tuple[str, Type]] = []
    for name, type_ in a.fields:
        inner = join(type_, b.field(name) or Anything())
        if inner is None:
            return None
        fields.append((name, inner))
    return Group(tuple(fields))


def fits(found: Type, declared: Type) -> bool:
    """Whether a value of one type may stand where the other is declared."""
    if isinstance(declared, Choice) and isinstance(found, Choice):
        allowed = {name for name, _ in declared.options}
        return all(name in allowed for name, _ in found.options)
    if isinstance(declared, Choice) and isinstance(found, Text):
        return False
    if isinstance(declared, Many) and isinstance(found, Many):
        return isinstance(found.of, Anything) or fits(found.of, declared.of)
    return join(found, declared) is not None


def clash(a: Type, b: Type) -> str:
    """Why two types may not meet, in Dutch."""
    first, second = kind_of(a), kind_of(b)
    if isinstance(a, Money) and isinstance(b, Money):
        return f"'{first}' en '{second}' mogen niet samen. Reken eerst om met per_jaar, per_maand of per_kwartaal."
    if isinstance(a, Number) and isinstance(b, Number):
        return f"'{first}' en '{second}' mogen niet samen: de eenheden verschillen."
    return f"'{first}' en '{second}' mogen niet samen."


def add(a: Type, b: Type) -> Type | None:
    """The type of `a + b`."""
    if isinstance(a, (Anything, Nothing)) or isinstance(b, (Anything, Nothing)):
        return Anything()
    if isinstance(a, (Money, Number)):
        return join(a, b) if isinstance(b, (Money, Number)) else None
    if isinstance(a, (Text, Choice)) and isinstance(b, (Text, Choice)):
        return Text()
    if isinstance(a, (Months, Days)) and isinstance(b, (Months, Days)):
        return a if a == b else None
    if isinstance(b, (Day, Moment)):
        a, b = b, a
    return a if isinstance(a, (Day, Moment)) and isinstance(b, (Months, Days)) else None


def subtract(a: Type, b: Type) -> Type | None:
    """The type of `a - b`."""
    if isinstance(a, (Anything, Nothing)) or isinstance(b, (Anything, Nothing)):
        return Anything()
    if isinstance(a, (Day, Moment)) and isinstance(b, (Day, Moment)):
        return Days()
    if isinstance(b, (Day, Moment)) or isinstance(a, (Text, Choice)):
        return None
    return add(a, b)


def multiply(a: Type, b: Type) -> Type | None:
    """The type of `a * b`. An amount a month times a number of months is an amount."""
    if isinstance(a, (Anything, Nothing)) or isinstance(b, (Anything, Nothing)):
        return Anything()
    if isinstance(b, (Money, Months, Days)):
        a, b = b, a
    if not isinstance(b, Number):
        return None
    if isinstance(a, Money):
        if b.unit == "procent":
            return None
        return Money() if b.unit is not None and b.unit == a.per else a
    if isinstance(a, Number):
        return _bare(a, b) if a.unit is None or b.unit is None else None
    return a if isinstance(a, (Months, Days)) and b.unit is None else None


def divide(a: Type, b: Type) -> Type | None:
    """The type of `a / b`."""
    if isinstance(a, (Anything, Nothing)) or isinstance(b, (Anything, Nothing)):
        return Anything()
    if isinstance(a, Money):
        if isinstance(b, Money):
            return Number() if a.per == b.per else None
        return a if isinstance(b, Number) and b.unit != "procent" else None
    if isinstance(a, Number) and isinstance(b, Number):
        if a.unit == b.unit:
            return Number()
        return a if b.unit is None else None
    if isinstance(a, (Months, Days)):
        return Number() if a == b else (a if isinstance(b, Number) else None)
    return None


def is_truth(type_: Type) -> bool:
    """Whether a value of this type can be a condition."""
    return isinstance(type_, (YesNo, Anything, Nothing))
