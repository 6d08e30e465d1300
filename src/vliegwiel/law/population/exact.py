"""Exact arithmetic over columns: whole numbers over a denominator, guarded against overflow and against doubtful ties.

Why this equals the decimals of the decision engine (34 digits, DMN 1.5 section 10.3.2.3.3): sums and products that fit in 62
bits have at most 19 digits, so the engine does not round them. A quotient without end is rounded there at its 34th digit; two
fractions with denominators below 2**62 that differ, differ long before that digit. Only where they are equal may the engine
see a difference, and only after a further step: those rows are `loose`, and their ties are doubted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import gcd
from typing import Final, Literal, TypeAlias

import numpy as np

from vliegwiel.law.feel import operators
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
    Space,
    any_of,
    check_decimals,
    common,
    either_null,
    family_of,
    gap_in,
    joined,
    null_in,
    odd_part,
    ratio_of,
    some,
)

Number: TypeAlias = Ints | int
Rounding: TypeAlias = Literal["half up", "half down", "half even", "floor", "ceiling", "down", "up"]


@dataclass(frozen=True, slots=True)
class Num:
    """An operand as numbers: a column, or one number for all rows."""

    data: Number
    mag: int
    den: int
    div: Ints | None
    loose: Mask | None

    @property
    def endless(self) -> bool:
        return self.div is not None or odd_part(self.den) > 1


def num(operand: Operand) -> Num:
    """The numbers of an operand. Raises `Cannot` when it has none."""
    if isinstance(operand, Amount):
        return Num(operand.wide, operand.mag, operand.den, operand.div, operand.loose)
    ratio = ratio_of(operand.value) if isinstance(operand, Lit) else None
    if ratio is None:
        raise Cannot("rekenen met iets dat geen getal is")
    top, bottom = ratio
    return Num(top, abs(top), check_decimals(bottom), None, None)


def family(operand: Operand) -> Family | None:
    """The family of an operand; None when it is no number, day or duration."""
    if isinstance(operand, Amount):
        return operand.family
    return family_of(operand.value) if isinstance(operand, Lit) else None


def strict(space: Space, *operands: Operand) -> tuple[Mask | None, Gap | None]:
    """Unknown where any is, else null where any is."""
    gap = joined(*(gap_in(space, operand) for operand in operands))
    return either_null(gap, *(null_in(space, operand) for operand in operands)), gap


def no_value(operand: Operand) -> bool:
    """Whether no row has a value."""
    return isinstance(operand, Blank) or (
        isinstance(operand, Lit) and (operand.value is None or isinstance(operand.value, Unknown))
    )


def blank(space: Space, *operands: Operand) -> Operand:
    """The result of a strict operation when one of these never has a value."""
    _, gap = strict(space, *operands)
    rest = np.ones(space.size, dtype=np.bool_) if gap is None else ~gap.mask
    return Blank(some(rest), gap)


# --- overflow --------------------------------------------------------------------------------------------------------


def times(space: Space, x: Number, x_mag: int, y: Number, y_mag: int) -> tuple[Number, int]:
    """The product and its largest size. Rows that do not fit are doubted and become 0."""
    if isinstance(x, int) and isinstance(y, int):
        return x * y, abs(x * y)
    if isinstance(y, int) and y == 1:
        return x, x_mag
    if x_mag * y_mag < LIMIT:
        return x * y, x_mag * y_mag
    x_mag, y_mag = _size(x), _size(y)
    if x_mag * y_mag < LIMIT:
        return x * y, x_mag * y_mag
    large = np.abs(np.multiply(x, float(y) if isinstance(y, int) else y.astype(np.float64))) >= LIMIT / 2
    if isinstance(x, int):
        large = np.abs(np.multiply(float(x), y)) >= LIMIT / 2
    space.doubt(large)
    if isinstance(x, int):
        return (np.where(large, 0, y) * x if abs(x) < LIMIT else np.zeros(space.size, np.int64)), LIMIT - 1
    if isinstance(y, int):
        return (np.where(large, 0, x) * y if abs(y) < LIMIT else np.zeros(space.size, np.int64)), LIMIT - 1
    return np.where(large, 0, x) * y, LIMIT - 1


def plus(space: Space, x: Number, x_mag: int, y: Number, y_mag: int) -> tuple[Number, int]:
    """The sum and its largest size, guarded in the same way."""
    if isinstance(x, int) and isinstance(y, int):
        return x + y, abs(x + y)
    if x_mag + y_mag < LIMIT:
        return x + y, x_mag + y_mag
    x_mag, y_mag = _size(x), _size(y)
    if x_mag + y_mag < LIMIT:
        return x + y, x_mag + y_mag
    large = np.abs(np.add(np.multiply(x, 1.0), np.multiply(y, 1.0))) >= LIMIT / 2
    large |= (np.abs(np.multiply(x, 1.0)) >= LIMIT / 2) | (np.abs(np.multiply(y, 1.0)) >= LIMIT / 2)
    space.doubt(large)
    if isinstance(x, int):
        x, y = y, x
    if isinstance(x, int):
        raise Cannot("een te groot getal")
    smaller = np.where(large, 0, x)
    if isinstance(y, int):
        return (smaller + y if abs(y) < LIMIT else smaller), LIMIT - 1
    return smaller + np.where(large, 0, y), LIMIT - 1


def _size(x: Number) -> int:
    if isinstance(x, int):
        return abs(x)
    return max(abs(int(x.max())), abs(int(x.min()))) if x.size else 0


# --- sums, products, quotients ---------------------------------------------------------------------------------------


def aligned(space: Space, a: Num, b: Num) -> tuple[Number, int, Number, int, int, Ints | None]:
    """Both over one denominator: their numerators with sizes, that denominator, and the one per row."""
    den = common(a.den, b.den)
    x, x_mag = times(space, a.data, a.mag, den // a.den, den // a.den)
    y, y_mag = times(space, b.data, b.mag, den // b.den, den // b.den)
    if a.div is b.div:
        return x, x_mag, y, y_mag, den, a.div
    div = a.div
    if b.div is not None:
        size = _size(b.div)
        x, x_mag = times(space, x, x_mag, b.div, size)
        div = b.div if div is None else np.maximum(_column(times(space, div, _size(div), b.div, size)[0]), 1)
    if a.div is not None:
        y, y_mag = times(space, y, y_mag, a.div, _size(a.div))
    return x, x_mag, y, y_mag, den, div


def _column(data: Number) -> Ints:
    if isinstance(data, int):
        raise Cannot("geen kolom")
    return data


def endless_rows(space: Space, number: Num) -> Mask:
    """Rows of which the value may have decimals without end."""
    found = np.zeros(space.size, dtype=np.bool_)
    if number.div is not None:
        # A few decimals more, where they fit: a half or an eighth ends.
        more = 1_000_000 if number.mag < LIMIT // 1_000_000 else 1
        found |= number.data * more % number.div != 0
    if odd_part(number.den) > 1:
        found |= np.not_equal(number.data % odd_part(number.den), 0)
    return found


def _loosened(space: Space, a: Num, b: Num) -> Mask | None:
    """Rows of a product or quotient for which an endless number was rounded first."""
    parts = [some(endless_rows(space, number)) for number in (a, b) if number.endless]
    return any_of(a.loose, b.loose, *parts)


def linear(space: Space, a: Operand, b: Operand, sign: int, kind: Family) -> Operand:
    """`a + b` or `a - b` (`sign` -1) of numbers of one family."""
    left, right = num(a), num(b)
    x, x_mag, y, y_mag, den, div = aligned(space, left, right)
    data, mag = plus(space, x, x_mag, y if sign > 0 else -y, y_mag)
    null, gap = strict(space, a, b)
    both = some(endless_rows(space, left) & endless_rows(space, right)) if left.endless and right.endless else None
    loose = any_of(left.loose, right.loose, both)
    return Amount(_column(data), mag, den=den, div=div, family=kind, loose=loose, null=null, gap=gap)


def multiply(space: Space, a: Operand, b: Operand) -> Operand:
    """`a * b`."""
    done = _settled(space, a, b, operators.multiply)
    if done is not None:
        return done
    kinds = {family(a), family(b)}
    if kinds not in ({"number"}, {"number", "days"}):
        raise Cannot("deze vermenigvuldiging")
    kind: Family = "days" if "days" in kinds else "number"
    if isinstance(a, Lit):
        a, b = b, a
    left, right = num(a), num(b)
    null, gap = strict(space, a, b)
    if isinstance(b, Lit) and isinstance(right.data, int):
        return _scaled(space, left, right.data, right.den, kind, null, gap)
    data, mag = times(space, left.data, left.mag, right.data, right.mag)
    div = left.div
    if right.div is not None:
        div = right.div if div is None else _column(times(space, div, _size(div), right.div, _size(right.div))[0])
        div = np.maximum(div, 1)
    den = check_decimals(left.den * right.den)
    loose = _loosened(space, left, right)
    return Amount(_column(data), mag, den=den, div=div, family=kind, loose=loose, null=null, gap=gap)


def _scaled(space: Space, a: Num, top: int, bottom: int, kind: Family, null: Mask | None, gap: Gap | None) -> Amount:
    """A column times `top / bottom`."""
    # An endless fraction that a factor could make end again was rounded by the engine and is not by us.
    tight = not a.endless or (abs(top) if a.div is not None else gcd(top, odd_part(a.den))) in (0, 1)
    loose = a.loose if tight else any_of(a.loose, some(endless_rows(space, a)))
    shared = gcd(top, a.den)
    top, den = top // shared, check_decimals(a.den // shared * bottom)
    data, mag = times(space, a.data, a.mag, top, abs(top))
    return Amount(_column(data), mag, den=den, div=a.div, family=kind, loose=loose, null=null, gap=gap)


def divide(space: Space, a: Operand, b: Operand) -> Operand:
    """`a / b`; by zero is null."""
    done = _settled(space, a, b, operators.divide)
    if done is not None:
        return done
    kinds = (family(a), family(b))
    if kinds not in (("number", "number"), ("days", "number"), ("days", "days")):
        raise Cannot("deze deling")
    kind: Family = "days" if kinds == ("days", "number") else "number"
    left, right = num(a), num(b)
    null, gap = strict(space, a, b)
    if isinstance(right.data, int):
        if right.data == 0:
            return blank(space, a, Lit(None))
        sign = -1 if right.data < 0 else 1
        return _scaled(space, left, sign * right.den, abs(right.data), kind, null, gap)
    zero = right.data == 0
    bottom = np.where(zero, 1, np.abs(right.data))
    top, mag = left.data, left.mag
    factor, den = right.den // gcd(right.den, left.den), left.den // gcd(right.den, left.den)
    top, mag = times(space, np.where(right.data < 0, -1, 1) * top, mag, factor, factor)
    if right.div is not None:
        top, mag = times(space, top, mag, right.div, _size(right.div))
    if left.div is not None:
        bottom = np.maximum(_column(times(space, bottom, right.mag, left.div, _size(left.div))[0]), 1)
    loose = _loosened(space, left, right)
    nulls = either_null(gap, null, some(zero))
    return Amount(_column(top), mag, den=den, div=bottom, family=kind, loose=loose, null=nulls, gap=gap)


def _settled(space: Space, a: Operand, b: Operand, operation: Callable[[Value, Value], Value]) -> Operand | None:
    """What needs no arithmetic over rows."""
    if isinstance(a, Lit) and isinstance(b, Lit):
        return Lit(operation(a.value, b.value))
    return blank(space, a, b) if no_value(a) or no_value(b) else None


def negate(space: Space, a: Operand) -> Operand:
    """`-a`."""
    if isinstance(a, Lit):
        return Lit(operators.negate(a.value))
    if isinstance(a, Blank):
        return a
    if not isinstance(a, Amount) or a.family == "day":
        raise Cannot("min voor iets dat geen getal is")
    return with_data(a, -a.wide)


def absolute(space: Space, a: Amount) -> Amount:
    """Without its sign."""
    return with_data(a, np.abs(a.wide))


def with_data(a: Amount, data: Ints) -> Amount:
    """The same column with other numerators of at most the same size."""
    return Amount(data, a.mag, den=a.den, div=a.div, family=a.family, loose=a.loose, null=a.null, gap=a.gap)


# --- comparing -------------------------------------------------------------------------------------------------------

Comparing: TypeAlias = Literal["<", "<=", ">", ">=", "="]
_MIRRORED: Final[dict[Comparing, Comparing]] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "=": "="}
_COMPARE: Final[dict[Comparing, np.ufunc]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "=": np.equal,
}


def compared(space: Space, operator: Comparing, a: Operand, b: Operand) -> Mask:
    """Which rows hold, for numbers of one family; rows without a value mean nothing. Doubts ties that may not be ties."""
    if isinstance(a, Lit):
        a, b, operator = b, a, _MIRRORED[operator]
    left = num(a)
    right = num(b)
    if isinstance(a, Amount) and isinstance(b, Lit) and left.div is None and isinstance(right.data, int):
        return _against_number(space, operator, a, right.data, right.den)
    x, _, y, _, _, _ = aligned(space, left, right)
    held: Mask = _COMPARE[operator](x, y)
    loose = any_of(left.loose, right.loose)
    if left.endless and right.endless:
        loose = any_of(loose, some(endless_rows(space, left) & endless_rows(space, right)))
    if loose is not None:
        ties = np.equal(x, y) & loose
        if ties.any():
            space.doubt(_known(a, _known(b, ties)))
    return held


def _known(operand: Operand, mask: Mask) -> Mask:
    if isinstance(operand, Column):
        if operand.null is not None:
            mask = mask & ~operand.null
        if operand.gap is not None:
            mask = mask & ~operand.gap.mask
    return mask


def _against_number(space: Space, operator: Comparing, a: Amount, top: int, bottom: int) -> Mask:
    """Without arithmetic over rows: the number is put on the grid of the column."""
    lower, rest = divmod(top * a.den, bottom)
    upper = lower + (1 if rest else 0)
    if operator == "=":
        held: Mask = a.data == lower if not rest else np.zeros(len(a.data), dtype=np.bool_)
    else:
        held = _COMPARE[operator](a.data, lower if operator in ("<=", ">") else upper)
    if a.loose is not None and not rest:
        ties = (a.data == lower) & a.loose
        if ties.any():
            space.doubt(_known(a, ties))
    return held


# --- rounding --------------------------------------------------------------------------------------------------------


def rounded(space: Space, a: Amount, mode: Rounding, top: int, bottom: int) -> Amount:
    """To a whole number of steps of `top / bottom`."""
    check_decimals(bottom)
    shared = gcd(bottom, a.den * top)
    factor, per = bottom // shared, a.den * top // shared
    data, mag = times(space, a.wide, a.mag, factor, factor)
    if per == 1 and a.div is None:
        steps: Number = data
        if a.loose is not None and not mode.startswith("half"):
            space.doubt(_known(a, a.loose))
    else:
        steps = _whole_steps(space, a, _column(data), mag, per, mode)
        mag = mag // per + 1
    shared = gcd(top, bottom)
    result, mag = times(space, steps, mag, top // shared, top // shared)
    return Amount(_column(result), mag, den=bottom // shared, family=a.family, null=a.null, gap=a.gap)


def _whole_steps(space: Space, a: Amount, data: Ints, mag: int, per: int, mode: Rounding) -> Ints:
    step: Number = per
    if a.div is not None:
        step, _ = times(space, a.div, _size(a.div), per, per)
    largest = _size(step)
    if 2 * mag + largest >= LIMIT:
        large = np.abs(data) >= (LIMIT - largest) // 2 if largest < LIMIT // 2 else np.ones(len(data), np.bool_)
        space.doubt(large)
        data = np.where(large, 0, data)
    if mode in ("floor", "ceiling"):
        steps = data // step if mode == "floor" else -(-data // step)
        ties: Mask | None = None if a.loose is None else a.loose & (data % step == 0)
    elif mode in ("down", "up"):
        size = np.abs(data)
        steps = np.sign(data) * ((size if mode == "down" else size + (step - 1)) // step)
        ties = None if a.loose is None else a.loose & (size % step == 0)
    elif mode == "half even":
        steps = (2 * data + step) // (2 * step)
        tie = (2 * data + step) % (2 * step) == 0
        steps = steps - (tie & (steps % 2 != 0))
        ties = None if a.loose is None else a.loose & tie
    elif a.loose is None and mode == "half up" and int(data.min(initial=0)) >= 0:
        return (2 * data + step) // (2 * step)
    else:
        doubled = 2 * np.abs(data) + step
        ties = None if a.loose is None else a.loose & (doubled % (2 * step) == 0)
        steps = np.sign(data) * ((doubled if mode == "half up" else doubled - 1) // (2 * step))
    if ties is not None and ties.any():
        space.doubt(_known(a, ties))
    return steps
