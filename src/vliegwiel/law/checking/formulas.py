"""What a rule says, as a formula over terms: the form in which a check reasons about all facts at once.

A *term* is something in a law that can have several values: a datum, an open term, a difference of two amounts, a call
whose result is not looked into. A *leaf* says how a term compares with a constant. FEEL has three outcomes (yes, no, null),
so a leaf also says which of them are wanted; there is no negation, because wanting `no or null` is the negation of wanting
`yes`. Formulas say at least what the law allows: what cannot be so in them cannot be so in the law.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from vliegwiel.law.feel.values import Value, equal, less, less_or_equal, negation
from vliegwiel.law.types import Type

YES: Final = 1
NO: Final = 2
NULL: Final = 4
NOT_YES: Final = NO | NULL


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where a number lies, both ends included (None: no end), and whether it is always whole."""

    low: Decimal | None = None
    high: Decimal | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """Something with a value. Equal keys mean the same thing.

    `bounds` is what is sure; `usual` is what holds when nothing that counts people, years or money is negative.
    """

    key: str
    type: Type = field(compare=False)
    bounds: Bounds = field(default=Bounds(), compare=False)
    usual: Bounds = field(default=Bounds(), compare=False)


@dataclass(frozen=True, slots=True)
class Leaf:
    """`term operator value`, with one of the outcomes in `wanted`.

    The operator `is` looks at the truth of the term itself; `null` asks whether it is null, without saying that it may be.
    """

    term: Term
    operator: str
    value: Value = field(hash=False)
    wanted: int

    def holds(self, value: Value) -> bool:
        """Whether this value of the term gives a wanted outcome."""
        return bool(outcome(compare(self.operator, value, self.value)) & self.wanted)


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = bool | Leaf | All | Some


def flipped(wanted: int) -> int:
    """What must be wanted of `x` when this is wanted of `not(x)`."""
    return (wanted & NULL) | (NO if wanted & YES else 0) | (YES if wanted & NO else 0)


def outcome(value: Value) -> int:
    """A value as one of the three outcomes; what is no truth value counts as null."""
    return YES if value is True else NO if value is False else NULL


def compare(operator: str, left: Value, right: Value) -> Value:
    """A comparison as FEEL does it; `is` gives the left side."""
    match operator:
        case "is":
            return left
        case "null":
            return left is None
        case "=":
            return equal(left, right)
        case "!=":
            return negation(equal(left, right))
        case "<":
            return less(left, right)
        case "<=":
            return less_or_equal(left, right)
        case ">":
            return less(right, left)
        case _:
            return less_or_equal(right, left)


MIRRORED: Final = {"=": "=", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def every(parts: Iterable[Formula]) -> Formula:
    """All of these, made as small as can be."""
    kept: list[Formula] = []
    for part in parts:
        if part is False:
            return False
        if isinstance(part, All):
            kept.extend(part.parts)
        elif part is not True:
            kept.append(part)
    if not kept:
        return True
    return kept[0] if len(kept) == 1 else All(tuple(kept))


def some(parts: Iterable[Formula]) -> Formula:
    """At least one of these, made as small as can be."""
    kept: list[Formula] = []
    for part in parts:
        if part is True:
            return True
        if isinstance(part, Some):
            kept.extend(part.parts)
        elif part is not False:
            kept.append(part)
    if not kept:
        return False
    return kept[0] if len(kept) == 1 else Some(tuple(kept))


def chained(parts: list[Formula], wanted: int, *, conjunction: bool) -> Formula:
    """A chain of `and` (or of `or`) whose parts were translated for `wanted` too (three-valued logic, DMN 1.5 table 50)."""
    if wanted == NULL:
        # Needs one part that is null; that no other part decides it is left out.
        return some(parts)
    # `and` is yes when all are yes, and no when one is no: so wanting yes (or null) needs all, wanting no needs one.
    asks_yes = bool(wanted & YES)
    return every(parts) if asks_yes == conjunction else some(parts)


def leaves(formula: Formula) -> Iterator[Leaf]:
    """All leaves of a formula; a part that stands in it more than once is looked at once."""
    stack = [formula]
    seen: set[int] = set()
    while stack:
        part = stack.pop()
        if isinstance(part, Leaf):
            yield part
        elif isinstance(part, (All, Some)) and id(part) not in seen:
            seen.add(id(part))
            stack.extend(part.parts)
