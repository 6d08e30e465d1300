"""From single values to a column and back: where the decision engine takes over, and where its answers are put back."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Context, Decimal
from fractions import Fraction
from math import gcd
from typing import Final

import numpy as np

from vliegwiel.law.feel.values import Unknown, Value
from vliegwiel.law.population.columns import (
    LIMIT,
    Amount,
    Blank,
    Cannot,
    Column,
    Family,
    Gap,
    Ints,
    Lit,
    Mask,
    Operand,
    Record,
    Series,
    Space,
    Truth,
    Words,
    code_type,
    distinct_words,
    either_null,
    family_of,
    odd_part,
    ratio_of,
    some,
    value_of,
)

# Decimals that fit beside a large amount in 62 bits; an answer with more is left to the decision engine.
_MOST_DECIMALS: Final = 8
_WIDE: Final = Context(prec=80)


def column_of(space: Space, values: Sequence[Value]) -> tuple[Column, Mask | None]:
    """A column with these values, and which of them it cannot hold exactly (they are left as 0)."""
    null = some(np.array([value is None for value in values], dtype=np.bool_))
    gap = _gap_of(space, values)
    known = [value for value in values if value is not None and not isinstance(value, Unknown)]
    if not known:
        return Blank(null, gap), None
    if all(isinstance(value, bool) for value in known):
        return Truth(np.array([value is True for value in values], dtype=np.bool_), null, gap), None
    kinds = {family_of(value) for value in known}
    if len(kinds) == 1 and None not in kinds:
        kind = kinds.pop()
        if kind is not None:
            return _amounts(values, kind, null, gap)
    codes, words = distinct_words([v if v is not None and not isinstance(v, Unknown) else known[0] for v in values])
    return Words(np.array(codes, dtype=code_type(len(words))), words, null, gap), None


def words_of(column: Column, values: Sequence[Value]) -> Words:
    """The values as they are, each different one once."""
    codes, words = distinct_words(values)
    return Words(np.array(codes, dtype=code_type(len(words))), words, column.null, column.gap)


def _gap_of(space: Space, values: Sequence[Value]) -> Gap | None:
    mask = np.array([isinstance(value, Unknown) for value in values], dtype=np.bool_)
    if not mask.any():
        return None
    names = space.run.names
    bits = names.zeros(len(values))
    for place in np.flatnonzero(mask):
        value = values[int(place)]
        if isinstance(value, Unknown):
            found = names.bits(value.names)
            bits[place] = found if names.wide else np.uint64(found)
    return Gap(mask, bits)


def _amounts(values: Sequence[Value], kind: Family, null: Mask | None, gap: Gap | None) -> tuple[Column, Mask | None]:
    ratios = [ratio_of(value) for value in values]
    decimals = max((_decimals(bottom) for _, bottom in filter(None, ratios)), default=0)
    den = 10 ** min(decimals, _MOST_DECIMALS)
    data = np.zeros(len(values), dtype=np.int64)
    bad = np.zeros(len(values), dtype=np.bool_)
    for place, ratio in enumerate(ratios):
        if ratio is None:
            continue
        exact = Fraction(*ratio) * den
        if exact.denominator != 1 or abs(exact.numerator) >= LIMIT:
            bad[place] = True
        else:
            data[place] = exact.numerator
    size = int(np.abs(data).max()) if len(data) else 0
    return Amount(data, size, den=den, family=kind, null=null, gap=gap), some(bad)


def _decimals(bottom: int) -> int:
    """How many decimals a denominator of a decimal number asks for."""
    count = 0
    while bottom > 1 and count <= _MOST_DECIMALS:
        bottom //= gcd(bottom, 10)
        count += 1
    return count


def shown(value: Value, digits: int) -> Value:
    """A number with at most so many decimals."""
    if not isinstance(value, Decimal) or int(value.as_tuple().exponent) >= -digits:
        return value
    return value.quantize(Decimal(1).scaleb(-digits), context=_WIDE)


def values_of(space: Space, operand: Operand, rows: Sequence[int]) -> tuple[list[Value], list[int]]:
    """The values of these rows, and the places among them of which the exact value is not certain."""
    if isinstance(operand, Lit):
        return [operand.value] * len(rows), []
    values: list[Value] = []
    unsure: list[int] = []
    for place, row in enumerate(rows):
        value, sure = value_at(space, operand, row)
        values.append(value)
        if not sure:
            unsure.append(place)
    return values, unsure


def value_at(space: Space, operand: Operand, row: int) -> tuple[Value, bool]:
    """The value of one row, and whether it is exactly what the decision engine would have."""
    if isinstance(operand, Lit):
        return operand.value, True
    if operand.null is not None and operand.null[row]:
        return None, True
    if operand.gap is not None and operand.gap.mask[row]:
        return Unknown(frozenset(space.run.names.spelled(int(operand.gap.bits[row])))), True
    match operand:
        case Truth():
            return bool(operand.yes[row]), True
        case Amount():
            return _number_at(operand, row)
        case Words():
            return operand.words[int(operand.codes[row])], True
        case Record():
            found = {name: value_at(space, field, row) for name, field in operand.fields.items()}
            return {name: value for name, (value, _) in found.items()}, all(sure for _, sure in found.values())
        case Series():
            return _items_at(operand, row)
        case _:
            raise Cannot("een waarde van deze soort")


def _number_at(column: Amount, row: int) -> tuple[Value, bool]:
    exact = Fraction(int(column.data[row]), column.den * (int(column.div[row]) if column.div is not None else 1))
    value = value_of(column.family, exact.numerator, exact.denominator)
    loose = column.loose is not None and bool(column.loose[row])
    return value, not loose and odd_part(exact.denominator) == 1


def _items_at(series: Series, row: int) -> tuple[Value, bool]:
    if series.space.starts is None:
        raise Cannot("geen lijst")
    first, last = int(series.space.starts[row]), int(series.space.starts[row + 1])
    found = [value_at(series.space, series.items, item) for item in range(first, last)]
    return [value for value, _ in found], all(sure for _, sure in found)


def identity(column: Column) -> list[Ints] | None:
    """Whole numbers that tell rows apart; None where that is not so simple."""
    match column:
        case Amount():
            parts = [column.wide] if column.div is None else [column.wide, column.div]
        case Words():
            parts = [column.codes.astype(np.int64)]
        case Truth():
            parts = [column.yes.astype(np.int64)]
        case Blank():
            parts = []
        case _:
            return None
    if column.gap is not None:
        if column.gap.bits.dtype == object:
            return None
        parts.append(column.gap.bits.view(np.int64))
    if column.null is not None:
        parts.append(column.null.astype(np.int64))
    known = either_null(None, column.null, None if column.gap is None else column.gap.mask)
    if known is not None and not isinstance(column, Blank):
        parts[0] = np.where(known, 0, parts[0])
    return parts
