"""The kinds of value a law works with, as a lawyer names them (`soort`).

A type knows its unit and period, so that the checker can refuse what must not meet (money a month and money a year), and it
knows its choices, so that a value can be shown to people. Types are msgspec structs: they are stored with a decision.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

from msgspec import Struct

PERIODS: Final = ("dag", "week", "maand", "kwartaal", "jaar")

# Units that mean the same are written one way; any other word is a unit of its own.
_UNITS: Final = {
    "jaren": "jaar",
    "maanden": "maand",
    "weken": "week",
    "dagen": "dag",
    "werkdagen": "werkdag",
    "uren": "uur",
    "kilometers": "kilometer",
    "meters": "meter",
    "personen": "persoon",
    "objecten": "object",
    "straten": "straat",
    "%": "procent",
}


class YesNo(Struct, frozen=True, tag="ja/nee"):
    """`ja` or `nee`."""


class Money(Struct, frozen=True, tag="geld"):
    """Euros, exact; `per` is the period, or None for a sum."""

    per: str | None = None


class Number(Struct, frozen=True, tag="getal"):
    """A number; `unit` is None for a bare number, which fits everything."""

    unit: str | None = None


class Text(Struct, frozen=True, tag="tekst"):
    """Free text."""


class Choice(Struct, frozen=True, tag="keuze"):
    """One of a fixed set. `options` are (name, text for people), in the order of the file."""

    options: tuple[tuple[str, str], ...]

    def label(self, name: str) -> str:
        """The text for people of an option."""
        return next((label for option, label in self.options if option == name), name)


class Day(Struct, frozen=True, tag="datum"):
    """A calendar date."""


class Clock(Struct, frozen=True, tag="tijd"):
    """A time of day."""


class Moment(Struct, frozen=True, tag="tijdstip"):
    """A date and time."""


class Months(Struct, frozen=True, tag="duur in maanden"):
    """A duration in years and months."""


class Days(Struct, frozen=True, tag="duur in dagen"):
    """A duration in days, hours, minutes and seconds."""


class Many(Struct, frozen=True, tag="lijst"):
    """A list of one kind."""

    of: Type


class Group(Struct, frozen=True, tag="groep"):
    """Named values together; fields in the order of the file."""

    fields: tuple[tuple[str, Type], ...]

    def field(self, name: str) -> Type | None:
        """The type of a field, or None."""
        return next((type_ for field, type_ in self.fields if field == name), None)


class Interval(Struct, frozen=True, tag="bereik"):
    """A FEEL range; only inside expressions."""

    of: Type


class Closure(Struct, frozen=True, tag="functie"):
    """A FEEL function; only inside expressions."""

    result: Type


class Nothing(Struct, frozen=True, tag="niets"):
    """The type of `null`: it fits everywhere."""


class Anything(Struct, frozen=True, tag="iets"):
    """Not known before running. Checked at run time only."""


Type: TypeAlias = (
    YesNo
    | Money
    | Number
    | Text
    | Choice
    | Day
    | Clock
    | Moment
    | Months
    | Days
    | Many
    | Group
    | Interval
    | Closure
    | Nothing
    | Anything
)

_SIMPLE: Final[dict[str, Type]] = {
    "ja/nee": YesNo(),
    "tekst": Text(),
    "datum": Day(),
    "tijd": Clock(),
    "tijdstip": Moment(),
    "duur in maanden": Months(),
    "duur in dagen": Days(),
    "geld": Money(),
    "getal": Number(),
}

KINDS: Final = (
    *_SIMPLE,
    *(f"geld per {p}" for p in PERIODS),
    "getal in jaar",
    "getal in EENHEID",
    "keuze",
    "lijst",
    "groep",
)


def normal_unit(word: str) -> str:
    """A unit as it is compared: `jaren` is `jaar`."""
    return _UNITS.get(word, word)


def simple_type(kind: str) -> Type | None:
    """The type of a `soort` that needs no further keys; None when it is another word."""
    if kind in _SIMPLE:
        return _SIMPLE[kind]
    if kind.startswith("geld per ") and kind[9:] in PERIODS:
        return Money(kind[9:])
    unit = re.fullmatch(r"getal in ([a-zë%²]+)", kind)
    return Number(normal_unit(unit.group(1))) if unit else None


def kind_of(type_: Type) -> str:
    """How a type is written in a law file, for messages."""
    if isinstance(type_, Money):
        return f"geld per {type_.per}" if type_.per else "geld"
    if isinstance(type_, Number):
        return f"getal in {type_.unit}" if type_.unit else "getal"
    if isinstance(type_, Many):
        return f"lijst van {kind_of(type_.of)}"
    return str(type_.__struct_config__.tag)
