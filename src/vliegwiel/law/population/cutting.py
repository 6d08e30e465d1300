"""A stretch of rows of a column, without copying. Lists get spaces of their own: each run keeps its variables there."""

from __future__ import annotations

from vliegwiel.law.population.columns import (
    Amount,
    Blank,
    Cannot,
    Gap,
    Lit,
    Mask,
    Operand,
    Record,
    Series,
    Space,
    Truth,
    Words,
    narrowed,
    some,
)


def cut(space: Space, operand: Operand, first: int, last: int) -> Operand:
    """Rows `first` up to `last` (not included), for a run in this space."""
    if isinstance(operand, Lit):
        return operand
    null = None if operand.null is None else some(operand.null[first:last])
    gap = None if operand.gap is None else narrowed(Gap(operand.gap.mask[first:last], operand.gap.bits[first:last]))
    match operand:
        case Truth():
            return Truth(operand.yes[first:last], null, gap)
        case Amount():
            return _amount(operand, first, last, null, gap)
        case Words():
            return Words(operand.codes[first:last], operand.words, null, gap)
        case Record():
            return Record({name: cut(space, part, first, last) for name, part in operand.fields.items()}, null, gap)
        case Series():
            return _series(space, operand, first, last, null, gap)
        case Blank():
            return Blank(null, gap)
        case _:
            raise Cannot("een stuk van deze soort")


def _amount(column: Amount, first: int, last: int, null: Mask | None, gap: Gap | None) -> Amount:
    return Amount(
        column.data[first:last],
        column.mag,
        den=column.den,
        div=None if column.div is None else column.div[first:last],
        family=column.family,
        loose=None if column.loose is None else some(column.loose[first:last]),
        null=null,
        gap=gap,
    )


def _series(space: Space, column: Series, first: int, last: int, null: Mask | None, gap: Gap | None) -> Series:
    starts = column.space.starts
    if starts is None:
        raise Cannot("geen lijst")
    begin, end = int(starts[first]), int(starts[last])
    inner = Space(space.run, end - begin, space, starts[first : last + 1] - begin)
    return Series(inner, cut(inner, column.items, begin, end), null, gap)
