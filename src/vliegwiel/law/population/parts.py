"""What stands behind a dot, and fields of the element of a filter, over columns."""

from __future__ import annotations

import numpy as np

from vliegwiel.law.feel.properties import property_of
from vliegwiel.law.feel.values import Unknown
from vliegwiel.law.population import days, functions
from vliegwiel.law.population.columns import (
    Amount,
    Blank,
    Cannot,
    Column,
    Gap,
    Lit,
    Mask,
    Op,
    Operand,
    Record,
    Series,
    Space,
    Truth,
    Words,
    either_null,
    gap_in,
    joined,
    narrowed,
)
from vliegwiel.law.population.logic import pick, truth


def part_of(space: Space, source: Operand, name: str) -> Operand:
    """What stands behind a dot."""
    match source:
        case Lit():
            value = source.value
            return Lit(value.get(name) if isinstance(value, dict) else property_of(value, name))
        case Blank():
            return source
        case Record():
            return _field(space, source, name)
        case Series():
            return Series(source.space, part_of(source.space, source.items, name), source.null, source.gap)
        case Amount(family="day"):
            return days.part(source, name)
        case Words():
            return functions.of_words(space, source, lambda word: property_of(word, name))
        case _:
            raise Cannot(f"'.{name}' van deze soort")


def _field(space: Space, record: Record, name: str) -> Operand:
    if name not in record.fields:
        return Blank(either_null(record.gap, np.ones(space.size, dtype=np.bool_)), record.gap)
    found = record.fields[name]
    if record.null is None and record.gap is None:
        return found
    present = np.ones(space.size, dtype=np.bool_)
    if record.null is not None:
        present &= ~record.null
    if record.gap is not None:
        present &= ~record.gap.mask
    return _overlaid(space, found, record, present)


def _overlaid(space: Space, operand: Operand, record: Record, present: Mask) -> Operand:
    """A field, null or unknown where its group is."""
    column = pick(space, [(present, operand)]) if isinstance(operand, Lit) else operand
    if isinstance(column, Lit):
        raise Cannot("een groep met een vaste waarde")
    null, gap = _outside(column, record, present)
    if isinstance(column, Series):
        return Series(column.space, column.items, null, gap)
    if isinstance(column, Record):
        return Record(column.fields, null, gap)
    found = column.take(np.arange(space.size))
    found.null, found.gap = null, gap
    if isinstance(found, Truth):
        return truth(space, found.yes & present, found.null, found.gap)
    return found


def _outside(operand: Column, record: Record, present: Mask) -> tuple[Mask | None, Gap | None]:
    gap = joined(narrowed(operand.gap, present), record.gap)
    null = None if operand.null is None else operand.null & present
    return either_null(gap, null, record.null), gap


def through(slot: int, name: str, outer: Op) -> Op:
    """Inside a filter a name is first a field of the element."""

    def run(space: Space) -> Operand:
        item = space.variable(slot)
        if isinstance(item, Record) and name in item.fields:
            inner = _field(space, item, name)
            if item.null is None:
                return inner
            return pick(space, [(~item.null, inner), (item.null, outer(space))])
        if isinstance(item, Lit) and isinstance(item.value, dict) and name in item.value:
            return Lit(item.value[name])
        if isinstance(item, Lit) and isinstance(item.value, Unknown):
            return item
        gap = gap_in(space, item)
        if gap is None:
            return outer(space)
        return pick(space, [(~gap.mask, outer(space)), (gap.mask, Blank(None, gap))])

    return run
