"""Values at the edge: from Python, from a law file, from a form, and to and from the plain form in which they are stored.

The plain form is JSON without loss: numbers, dates and durations are text, so that nothing is rounded; which type the text
has is stored beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Final, TypeAlias

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode
from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.temporal import DateTime, DaysDuration, MonthsDuration, NotTemporal, Time
from vliegwiel.law.feel.values import NUMBERS, Range, Unknown, Value, show, show_number
from vliegwiel.law.types import (
    Choice,
    Clock,
    Day,
    Days,
    Group,
    Many,
    Moment,
    Money,
    Months,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
)

Plain: TypeAlias = bool | str | list["Plain"] | dict[str, "Plain"] | None
Raw: TypeAlias = object
# Takes a Python value and the name of the datum; gives the value or raises `NotThisType`.
Acceptor: TypeAlias = Callable[[object, str], Value]


class NotThisType(ValueError):
    """The value does not belong to the type. The message is Dutch and says what is expected."""


_PLURAL: Final = {"jaar": 12, "jaren": 12, "maand": 1, "maanden": 1}
_DAYS: Final = {"dag": 1, "dagen": 1, "week": 7, "weken": 7}


def accept(type_: Type, value: Raw, name: str = "") -> Value:
    """A Python value as a value of this type. Raises `NotThisType`. None (known to be nothing) always fits,
    and so does what is known to be unknown.

    A field that a group leaves out is unknown, not nothing; `name` is the datum it is then asked for.
    """
    if value is None or isinstance(value, Unknown):
        return value
    if isinstance(type_, (Money, Number)):
        return _number(value, type_)
    if isinstance(type_, YesNo):
        return value if isinstance(value, bool) else _refuse(type_, value)
    if isinstance(type_, Choice):
        return value if isinstance(value, str) and any(value == o for o, _ in type_.options) else _refuse(type_, value)
    if isinstance(type_, Text):
        return value if isinstance(value, str) else _refuse(type_, value)
    if isinstance(type_, Many):
        if not isinstance(value, Sequence) or isinstance(value, (str, bytes)):
            return _refuse(type_, value)
        return [accept(type_.of, item, name) for item in value]
    if isinstance(type_, Group):
        return _group(type_, value, name)
    return _moment(type_, value)


def acceptor(type_: Type) -> Acceptor:
    """`accept` for one type, made once: what has the right Python class is taken at once."""
    if isinstance(type_, (Money, Number)):
        return lambda value, name: (
            value if isinstance(value, Decimal) and value.is_finite() else accept(type_, value, name)
        )
    if isinstance(type_, YesNo):
        return lambda value, name: value if isinstance(value, bool) else accept(type_, value, name)
    if isinstance(type_, Choice):
        options = frozenset(option for option, _ in type_.options)
        return lambda value, name: value if isinstance(value, str) and value in options else accept(type_, value, name)
    if isinstance(type_, Day):
        return lambda value, name: (
            value if isinstance(value, date) and value.__class__ is date else accept(type_, value, name)
        )
    return lambda value, name: accept(type_, value, name)


def _number(value: Raw, type_: Type) -> Value:
    if isinstance(value, bool):
        return _refuse(type_, value)
    if isinstance(value, Decimal):
        return value if value.is_finite() else _refuse(type_, value)
    return Decimal(value) if isinstance(value, int) and abs(value) < 10**30 else _refuse(type_, value)


def _group(type_: Group, value: Raw, name: str) -> Value:
    if not isinstance(value, Mapping):
        return _refuse(type_, value)
    made: dict[str, Value] = {}
    for field, inner in type_.fields:
        below = f"{name}.{field}"
        made[field] = accept(inner, value[field], below) if field in value else Unknown(frozenset((below,)))
    return made


def _moment(type_: Type, value: Raw) -> Value:
    if isinstance(type_, Day) and isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(type_, Moment):
        if isinstance(value, datetime):
            return temporal.from_python(value)
        return value if isinstance(value, DateTime) else _refuse(type_, value)
    if isinstance(type_, Clock) and isinstance(value, Time):
        return value
    if isinstance(type_, Months) and isinstance(value, MonthsDuration):
        return value
    if isinstance(type_, Days) and isinstance(value, DaysDuration):
        return value
    return _refuse(type_, value)


def _refuse(type_: Type, value: Raw) -> Value:
    raise NotThisType(f"Hier hoort {expected(type_)}. Er staat {_shown(value)}.")


def _shown(value: Raw) -> str:
    if isinstance(value, bool):
        return "'ja'" if value else "'nee'"
    text = str(value)
    return f"'{text[:40]}…'" if len(text) > 40 else f"'{text}'"


def expected(type_: Type) -> str:
    """What a value of this type looks like, in Dutch."""
    if isinstance(type_, Choice):
        return "een van: " + ", ".join(option for option, _ in type_.options)
    return _EXPECTED.get(type(type_), kind_of(type_))


_EXPECTED: Final[dict[type, str]] = {
    YesNo: "'ja' of 'nee'",
    Money: "een bedrag in euro's, zoals 12.50",
    Number: "een getal, zoals 12 of 2.5",
    Text: "tekst",
    Day: "een datum, zoals 2026-01-31",
    Clock: "een tijd, zoals 14:00",
    Moment: "een datum met tijd, zoals 2026-01-31T14:00",
    Months: "een duur, zoals '10 jaar' of '3 maanden'",
    Days: "een duur, zoals '5 dagen' of '4 weken'",
    Many: "een lijst",
    Group: "een groep",
}


def read_text(type_: Type, text: str) -> Value:
    """A value from text, as law files write it. Raises `NotThisType`."""
    reader = _READERS.get(type(type_))
    if reader is None:
        return _refuse(type_, text)
    try:
        return accept(type_, reader(text))
    except (NotTemporal, InvalidOperation, KeyError, ValueError):
        return _refuse(type_, text)


def _read_number(text: str) -> Value:
    if not re.fullmatch(r"-?[0-9]{1,25}(\.[0-9]{1,12})?", text, re.ASCII):
        raise NotTemporal
    return NUMBERS.create_decimal(text)


def _with_seconds(text: str) -> str:
    """`14:00` as FEEL writes it."""
    return f"{text}:00" if re.fullmatch(r"(.*T)?[0-9]{2}:[0-9]{2}", text, re.ASCII) else text


def _stored_number(text: str) -> Value:
    """A number that was computed: exact, so with as many digits as it has."""
    if not re.fullmatch(r"-?[0-9]{1,6200}(\.[0-9]{1,6200})?", text, re.ASCII):
        raise NotTemporal
    return NUMBERS.create_decimal(text)


def _read_months(text: str) -> Value:
    found = re.fullmatch(r"([0-9]{1,5}) (jaar|jaren|maand|maanden)", text, re.ASCII)
    if found:
        return MonthsDuration(int(found[1]) * _PLURAL[found[2]])
    return temporal.parse_duration(text)


def _read_days(text: str) -> Value:
    found = re.fullmatch(r"([0-9]{1,6}) (dag|dagen|week|weken)", text, re.ASCII)
    if found:
        return DaysDuration(Decimal(int(found[1]) * _DAYS[found[2]] * temporal.DAY_SECONDS))
    return temporal.parse_duration(text)


_READERS: Final[dict[type, Callable[[str], Value]]] = {
    YesNo: lambda text: {"ja": True, "nee": False}[text],
    Money: _read_number,
    Number: _read_number,
    Text: lambda text: text,
    Choice: lambda text: text,
    Day: temporal.parse_date,
    Clock: lambda text: temporal.parse_time(_with_seconds(text)),
    Moment: lambda text: temporal.parse_date_time(_with_seconds(text)),
    Months: _read_months,
    Days: _read_days,
}


def read_node(type_: Type, node: Node, name: str = "") -> Value:
    """A value from a law file. Raises `NotThisType`. A bare `null` is: known to be nothing; a field left out is unknown."""
    if isinstance(node, TextNode):
        if node.plain and node.text in ("null", "~", ""):
            return None
        return read_text(type_, node.text)
    if isinstance(type_, Many) and isinstance(node, ListNode):
        return [read_node(type_.of, item, name) for item in node.items]
    if isinstance(type_, Group) and isinstance(node, MapNode):
        strange = [key.text for key, _ in node.entries if type_.field(key.text) is None]
        if strange:
            known = ", ".join(name for name, _ in type_.fields)
            raise NotThisType(f"Het onderdeel '{strange[0]}' bestaat hier niet. Toegestaan: {known}.")
        made: dict[str, Value] = {}
        for field, inner in type_.fields:
            child, below = node.get(field), f"{name}.{field}"
            made[field] = Unknown(frozenset((below,))) if child is None else read_node(inner, child, below)
        return made
    what = "een lijst" if isinstance(node, ListNode) else "een groep sleutels"
    raise NotThisType(f"Hier hoort {expected(type_)}. Er staat {what}.")


def to_plain(value: Value) -> Plain:
    """A value as it is stored."""
    if isinstance(value, Decimal):
        return show_number(value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, Unknown):
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, Range):
        return {
            "van": to_plain(value.low),
            "tot": to_plain(value.high),
            "van_telt_mee": value.low_closed,
            "tot_telt_mee": value.high_closed,
        }
    return show(value)


def from_plain(type_: Type, plain: Plain) -> Value:
    """The inverse of `to_plain` for a value of this type. Raises `NotThisType`."""
    if plain is None:
        return None
    if isinstance(plain, bool):
        return accept(type_, plain)
    if isinstance(plain, list):
        return [from_plain(type_.of, item) for item in plain] if isinstance(type_, Many) else _refuse(type_, plain)
    if isinstance(plain, dict):
        if not isinstance(type_, Group):
            return _refuse(type_, plain)
        return {name: from_plain(inner, plain.get(name)) for name, inner in type_.fields}
    if isinstance(type_, YesNo):
        return _refuse(type_, plain)
    if isinstance(type_, (Money, Number)):
        try:
            return _stored_number(plain)
        except NotTemporal:
            return _refuse(type_, plain)
    return read_text(type_, plain)
