"""Unary tests over columns: the cells of a decision table, and what stands behind `in` (DMN 1.5, section 10.3.2.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np

from vliegwiel.law.feel.values import Range, Unknown, Value
from vliegwiel.law.population.columns import (
    Blank,
    Cannot,
    Gap,
    Lit,
    Op,
    Operand,
    Series,
    Space,
    Truth,
    either_null,
    gap_in,
    joined,
    narrowed,
    null_in,
)
from vliegwiel.law.population.exact import blank, no_value
from vliegwiel.law.population.logic import as_truth, chain, inverse, ordered, pick, same, truth

Test: TypeAlias = Callable[[Space, Operand], Operand]


def comparison(operator: Literal["=", "!=", "<", "<=", ">", ">="], operand: Op) -> Test:
    if operator == "=":
        return lambda space, value: same(space, value, operand(space))
    if operator == "!=":
        return lambda space, value: inverse(same(space, value, operand(space)))
    return lambda space, value: ordered(space, operator, value, operand(space))


def satisfies(space: Space, value: Operand, wanted: Operand, *, held: bool) -> Operand:
    """Whether a value equals what is wanted or lies in it. `held`: a condition on something else is as true as it is."""
    if held and (isinstance(wanted, Truth) or (isinstance(wanted, Lit) and isinstance(wanted.value, bool))):
        return _as_true_as(space, value, wanted)
    if isinstance(wanted, Lit) and isinstance(wanted.value, Range):
        ends = wanted.value
        low = Lit(ends.low) if ends.low is not None else None
        high = Lit(ends.high) if ends.high is not None else None
        return within(space, value, low, high, (ends.low_closed, ends.high_closed))
    if isinstance(wanted, Lit) and isinstance(wanted.value, list):
        return _among(space, value, wanted.value)
    if isinstance(wanted, Series):
        raise Cannot("een lijst die per rij verschilt, in een vak")
    missing = joined(gap_in(space, value), gap_in(space, wanted))
    found = same(space, value, wanted)
    return found if missing is None else truth_in_gap(space, found, missing)


def truth_in_gap(space: Space, found: Operand, gap: Gap) -> Operand:
    """A verdict that is unknown wherever something it looks at is."""
    if isinstance(found, Truth):
        return Truth(found.yes & ~gap.mask, either_null(gap, found.null), joined(found.gap, gap))
    return found


def _as_true_as(space: Space, value: Operand, wanted: Operand) -> Operand:
    if isinstance(wanted, Truth) and wanted.null is not None:
        raise Cannot("een voorwaarde zonder antwoord in een vak")
    if isinstance(value, (Truth, Blank)) or (isinstance(value, Lit) and isinstance(value.value, (bool, Unknown))):
        gap = gap_in(space, value)
        if isinstance(value, (Truth, Lit)) and gap is None and null_in(space, value) is None:
            return same(space, value, wanted)
        raise Cannot("een voorwaarde in een vak van een kolom met ja of nee")
    gap = gap_in(space, value)
    if gap is None:
        return wanted
    return pick(
        space, [(~gap.mask, wanted), (gap.mask, Blank(None, joined(gap, narrowed(gap_in(space, wanted), gap.mask))))]
    )


def within(
    space: Space, value: Operand, low: Operand | None, high: Operand | None, closed: tuple[bool, bool]
) -> Operand:
    """Whether a value lies in a range. A range with a null end is no range: nothing can be said."""
    ends = [end for end in (low, high) if end is not None]
    end_gap = joined(*(gap_in(space, end) for end in ends))
    end_null = either_null(end_gap, *(null_in(space, end) for end in ends))
    if any(no_value(end) for end in ends) or no_value(value):
        found: Operand = blank(space, value, *ends)
    else:
        tests = []
        if low is not None:
            tests.append(ordered(space, ">=" if closed[0] else ">", value, low))
        if high is not None:
            tests.append(ordered(space, "<=" if closed[1] else "<", value, high))
        found = chain(space, tests, every=True)
    gap = joined(end_gap, gap_in(space, value))
    if gap is not None and end_null is not None:
        gap = narrowed(gap, ~end_null)
    if isinstance(found, Lit) and isinstance(found.value, bool):
        found = as_truth(space, found)
    if isinstance(found, Blank):
        return Blank(either_null(gap, np.ones(space.size, dtype=np.bool_)), gap)
    if isinstance(found, Truth):
        return truth(space, found.yes, either_null(gap, found.null, end_null), gap)
    return found


def _among(space: Space, value: Operand, wanted: list[Value]) -> Operand:
    """Whether a value is one of a fixed list, or lies in a range of it."""
    gap = gap_in(space, value)
    tests = [satisfies(space, value, Lit(item), held=False) for item in wanted if not isinstance(item, list)]
    if len(tests) != len(wanted):
        raise Cannot("een lijst van lijsten")
    # A list says yes or no, also where a single item would say nothing.
    yes = np.zeros(space.size, dtype=np.bool_)
    for test in tests:
        yes |= test.yes if isinstance(test, Truth) else isinstance(test, Lit) and test.value is True
    return Truth(yes if gap is None else yes & ~gap.mask, None, gap)
