"""What a filter or an ordering says, as a tree. No text any more, and not yet SQL.

The words are those of OData 4.0 as the SensorThings API 1.1 uses them (OGC 18-088, 9.3.3.5). A tree says nothing about
entity types: `compiling` looks its paths up and refuses what does not exist.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum


class Comparator(StrEnum):
    """Comparison of two values; with a null on one side only EQ and NE have an answer."""

    EQ = "eq"
    NE = "ne"
    GT = "gt"
    GE = "ge"
    LT = "lt"
    LE = "le"


class Operator(StrEnum):
    """Arithmetic on two numbers, or on a moment and a duration (`add`, `sub`)."""

    ADD = "add"
    SUB = "sub"
    MUL = "mul"
    DIV = "div"
    MOD = "mod"


@dataclass(frozen=True, slots=True)
class Text:
    """A text between quotes."""

    value: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exact as written."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Nothing:
    """null."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment with its time zone."""

    value: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """A period `start/end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """A date without a time."""

    value: date


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day without a date."""

    value: time


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time."""

    value: timedelta


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry as well-known text, in WGS84: x is longitude, y latitude."""

    wkt: str


@dataclass(frozen=True, slots=True)
class Path:
    """Names with slashes between: relations, then a property, then keys inside it (`Datastream/Thing/properties/soort`)."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "/".join(self.names)


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the standard with its arguments; the name in lower case."""

    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values compared."""

    how: Comparator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class OneOf:
    """`value in (a, b, ...)`."""

    value: Expression
    options: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Calculate:
    """Two values added, subtracted and so on."""

    how: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Minus:
    """A number with its sign turned."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Both:
    """and."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Either:
    """or."""

    left: Expression
    right: Expression


@dataclass(frozen=True, slots=True)
class Not:
    """not."""

    value: Expression


Constant = Text | Number | Truth | Nothing | Moment | Span | Day | Clock | Duration | Shape
Expression = Constant | Path | Call | Compare | OneOf | Calculate | Minus | Both | Either | Not


def conjuncts(expression: Expression) -> tuple[Expression, ...]:
    """The parts of which all must hold."""
    if isinstance(expression, Both):
        return conjuncts(expression.left) + conjuncts(expression.right)
    return (expression,)


def children(expression: Expression) -> tuple[Expression, ...]:
    """The expressions directly inside this one."""
    match expression:
        case Call(_, arguments):
            return arguments
        case Compare(_, left, right) | Calculate(_, left, right) | Both(left, right) | Either(left, right):
            return (left, right)
        case OneOf(value, options):
            return (value, *options)
        case Minus(value) | Not(value):
            return (value,)
        case _:
            return ()


def paths(expression: Expression) -> tuple[Path, ...]:
    """All paths in it, from left to right."""
    if isinstance(expression, Path):
        return (expression,)
    return tuple(path for child in children(expression) for path in paths(child))
