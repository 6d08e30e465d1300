"""Lists in rows (children, housemates): the items of all rows lie behind each other, and each row knows where its own begin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from vliegwiel.law.population.columns import (
    LIMIT,
    Amount,
    Blank,
    Cannot,
    Gap,
    Ints,
    Lit,
    Mask,
    Operand,
    Series,
    Space,
    Truth,
    any_of,
    either_null,
    gap_in,
    joined,
    narrowed,
    null_in,
    some,
)
from vliegwiel.law.population.exact import divide, endless_rows, num
from vliegwiel.law.population.logic import as_truth, same


def starts_of(series: Series) -> Ints:
    """Where the items of each row begin (length rows + 1)."""
    if series.space.starts is None:
        raise Cannot("geen lijst")
    return series.space.starts


def per_row(series: Series, mask: Mask) -> Ints:
    """How many items of each row are in the mask."""
    counted = np.zeros(len(mask) + 1, dtype=np.int64)
    np.cumsum(mask, out=counted[1:])
    starts = starts_of(series)
    found: Ints = counted[starts[1:]] - counted[starts[:-1]]
    return found


def sizes(series: Series) -> Ints:
    """The number of items of each row."""
    found: Ints = np.diff(starts_of(series))
    return found


def gap_of_items(space: Space, series: Series, gap: Gap | None) -> Gap | None:
    """Per row everything that is missing in its items."""
    if gap is None:
        return None
    bits = space.run.names.zeros(space.size)
    items = np.flatnonzero(gap.mask)
    np.bitwise_or.at(bits, series.space.index[items], gap.bits[items])
    return narrowed(Gap(bits != 0, bits))


def quantified(space: Space, series: Series, condition: Operand, *, every: bool) -> Operand:
    """`every` or `some` over the items, three-valued."""
    verdict = as_truth(series.space, condition)
    count = sizes(series)
    gap = joined(series.gap, gap_of_items(space, series, verdict.gap))
    null = series.null
    empty_items = None if verdict.null is None else per_row(series, verdict.null) > 0
    if every:
        settled = per_row(series, verdict.no()) > 0
        yes = per_row(series, verdict.yes) == count
    else:
        settled = yes = per_row(series, verdict.yes) > 0
    absent = joined(series.gap)
    gap = joined(absent, narrowed(gap, ~settled))
    null = either_null(gap, null, None if empty_items is None else some(empty_items & ~settled))
    if null is not None:
        yes = yes & ~null
    return Truth(yes if gap is None else yes & ~gap.mask, null, gap)


def filtered(space: Space, series: Series, condition: Operand) -> Operand:
    """`list[condition]`: the items for which it holds. The first unknown item decides what is missing; null is an empty list."""
    verdict = as_truth(series.space, condition)
    gap = series.gap
    if verdict.gap is not None:
        items = np.flatnonzero(verdict.gap.mask)
        rows, first = np.unique(series.space.index[items], return_index=True)
        bits = space.run.names.zeros(space.size)
        bits[rows] = verdict.gap.bits[items[first]]
        gap = joined(gap, Gap(bits != 0, bits))
    # A list that is unknown has no items of which anything could be missing.
    yes = verdict.yes if gap is None else verdict.yes & ~gap.mask[series.space.index]
    kept = np.flatnonzero(yes)
    starts = np.zeros(space.size + 1, dtype=np.int64)
    np.cumsum(per_row(series, yes), out=starts[1:])
    inner = Space(space.run, len(kept), space, starts)
    return Series(inner, series.items.take(kept), None, gap)


def item_at(space: Space, series: Series, position: int) -> Operand:
    """`list[1]`, or from the end with a negative number; null where the list is too short."""
    starts, count = starts_of(series), sizes(series)
    there = count >= abs(position)
    place = starts[:-1] + position - 1 if position > 0 else starts[1:] + position
    total = series.space.size
    if position == 0 or total == 0:
        return Blank(either_null(series.gap, np.ones(space.size, dtype=np.bool_)), series.gap)
    found = series.items.take(np.where(there, place, 0))
    if isinstance(found, Lit):
        raise Cannot("een vaste waarde uit een lijst")
    absent = series.null if series.null is not None else np.zeros(space.size, dtype=np.bool_)
    outside = absent | ~there
    found.gap = joined(narrowed(found.gap, ~outside), series.gap)
    found.null = either_null(found.gap, found.null, some(outside))
    if isinstance(found, Truth):
        found.yes = found.yes & ~outside if found.gap is None else found.yes & ~outside & ~found.gap.mask
    return found


# --- functions of a list ---------------------------------------------------------------------------------------------


def _missing(space: Space, series: Series) -> Gap | None:
    """What a function of a list asks for: the list, or any item of it."""
    return joined(series.gap, gap_of_items(space, series, gap_in(series.space, series.items)))


def _null_items(series: Series) -> Mask | None:
    null = null_in(series.space, series.items)
    return None if null is None else some(per_row(series, null) > 0)


def count(space: Space, series: Series) -> Operand:
    """`count(list)`."""
    gap = _missing(space, series)
    largest = int(sizes(series).max()) if space.size else 0
    return Amount(sizes(series), largest, null=either_null(gap, series.null), gap=gap)


def total(space: Space, series: Series) -> Operand:
    """`sum(list)`: null when the list is empty or an item is null."""
    gap = _missing(space, series)
    null = either_null(gap, series.null, _null_items(series), some(sizes(series) == 0))
    if isinstance(series.items, Blank) or series.space.size == 0:
        return Blank(either_null(gap, np.ones(space.size, dtype=np.bool_)), gap)
    if not isinstance(series.items, Amount) or series.items.family == "day" or series.items.div is not None:
        raise Cannot("de som van deze lijst")
    items = series.items
    if items.mag * max(series.space.size, 1) >= LIMIT:
        raise Cannot("een te grote som")
    running = np.zeros(series.space.size + 1, dtype=np.int64)
    np.cumsum(items.wide, out=running[1:])
    starts = starts_of(series)
    sums = running[starts[1:]] - running[starts[:-1]]
    mag = max(abs(int(sums.max())), abs(int(sums.min())))
    loose = None if items.loose is None else some(per_row(series, items.loose) > 0)
    if items.endless:
        loose = any_of(loose, some(per_row(series, endless_rows(series.space, num(items))) > 1))
    return Amount(sums, mag, den=items.den, family=items.family, loose=loose, null=null, gap=gap)


def mean(space: Space, series: Series) -> Operand:
    """`mean(list)`."""
    added = total(space, series)
    if isinstance(added, Blank):
        return added
    return divide(space, added, Amount(sizes(series), series.space.size))


def extreme(space: Space, series: Series, *, largest: bool) -> Operand:
    """`min(list)`, `max(list)`: null when the list is empty or an item is null."""
    gap = _missing(space, series)
    null = either_null(gap, series.null, _null_items(series), some(sizes(series) == 0))
    if isinstance(series.items, Blank) or series.space.size == 0:
        return Blank(either_null(gap, np.ones(space.size, dtype=np.bool_)), gap)
    items = series.items
    if not isinstance(items, Amount) or items.div is not None:
        raise Cannot("het grootste of kleinste van deze lijst")
    filled = np.flatnonzero(sizes(series))
    data = np.zeros(space.size, dtype=np.int64)
    data[filled] = (np.maximum if largest else np.minimum).reduceat(items.wide, starts_of(series)[filled])
    loose = None if items.loose is None else some(per_row(series, items.loose) > 0)
    return Amount(data, items.mag, den=items.den, family=items.family, loose=loose, null=null, gap=gap)


def all_or_any(space: Space, series: Series, *, every: bool) -> Operand:
    """`all(list)`, `any(list)`: unlike a quantifier, unknown in any item makes it unknown."""
    gap = _missing(space, series)
    verdict = as_truth(series.space, series.items)
    count_of = sizes(series)
    some_no, some_yes = per_row(series, verdict.no()) > 0, per_row(series, verdict.yes) > 0
    if every:
        yes, settled = per_row(series, verdict.yes) == count_of, some_no
    else:
        yes, settled = some_yes, some_yes | (per_row(series, verdict.no()) == count_of)
    open_rows = ~yes & ~settled
    null = either_null(gap, series.null, some(open_rows))
    if null is not None:
        yes = yes & ~null
    return Truth(yes if gap is None else yes & ~gap.mask, null, gap)


def contains(space: Space, series: Series, element: Operand) -> Operand:
    """`list contains(list, element)`."""
    lifted = element.take(series.space.index)
    gap = joined(_missing(space, series), gap_in(space, element))
    found = per_row(series, as_truth(series.space, same(series.space, series.items, lifted)).yes) > 0
    null = either_null(gap, series.null)
    if null is not None:
        found = found & ~null
    return Truth(found if gap is None else found & ~gap.mask, null, gap)


AGGREGATES: Final[dict[str, Callable[[Space, Series], Operand]]] = {
    "count": count,
    "sum": total,
    "mean": mean,
    "min": lambda space, series: extreme(space, series, largest=False),
    "max": lambda space, series: extreme(space, series, largest=True),
    "all": lambda space, series: all_or_any(space, series, every=True),
    "any": lambda space, series: all_or_any(space, series, every=False),
}
