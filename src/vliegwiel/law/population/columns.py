"""Values of many rows at once: a column per name, with null (known to be nothing) and unknown kept apart as FEEL has them.

Numbers are exact: whole numbers over a common denominator, so that money never touches a floating point. Where a row cannot be
certain (a result too large, a tie after a division that does not end) it is *doubted*: the decision engine computes it again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import gcd, lcm
from typing import Any, Final, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import NUMBERS, Unknown, Value

Mask: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[Any]  # whole numbers of any width
Bits: TypeAlias = npt.NDArray[Any]  # one bit a name: uint64, or Python integers above 64 names
Family: TypeAlias = Literal["number", "day", "months", "days"]

EPOCH: Final = date(1970, 1, 1).toordinal()
LIMIT: Final = 2**62
# Decimals that a quotient may have so that 34 digits still hold it together with 19 of the numerator.
_MOST_DECIMALS: Final = 15
MOST_BITS: Final = 64


class Cannot(Exception):
    """This cannot be done over columns; the decision engine does it a row at a time. The message is Dutch and short."""


class Gap:
    """Rows that are unknown, and a bit in each for every name that is missing."""

    __slots__ = ("bits", "mask")

    def __init__(self, mask: Mask, bits: Bits) -> None:
        self.mask = mask
        self.bits = bits


class Lit:
    """The same value in every row."""

    __slots__ = ("value",)

    def __init__(self, value: Value) -> None:
        self.value = value

    def take(self, index: Ints) -> Lit:
        return self


class Column:
    """What all columns have. `null` and `gap` are None where no row is. A row is never both."""

    __slots__ = ("gap", "null")

    def __init__(self, null: Mask | None = None, gap: Gap | None = None) -> None:
        self.null = null
        self.gap = gap

    def take(self, index: Ints) -> Column:
        """The rows with these numbers."""
        raise NotImplementedError

    def missing(self, index: Ints) -> tuple[Mask | None, Gap | None]:
        """Null and unknown of the rows with these numbers."""
        null = None if self.null is None else some(self.null[index])
        gap = None if self.gap is None else narrowed(Gap(self.gap.mask[index], self.gap.bits[index]))
        return null, gap


Operand: TypeAlias = Column | Lit


class Blank(Column):
    """No row has a value: each is null or unknown."""

    __slots__ = ()

    def take(self, index: Ints) -> Blank:
        return Blank(*self.missing(index))


class Truth(Column):
    """`yes` is true only where the row is true: not where it is false, null or unknown."""

    __slots__ = ("yes",)

    def __init__(self, yes: Mask, null: Mask | None = None, gap: Gap | None = None) -> None:
        super().__init__(null, gap)
        self.yes = yes

    def take(self, index: Ints) -> Truth:
        return Truth(self.yes[index], *self.missing(index))

    def no(self) -> Mask:
        """Rows that are false."""
        other = ~self.yes
        if self.null is not None:
            other &= ~self.null
        if self.gap is not None:
            other &= ~self.gap.mask
        return other


class Amount(Column):
    """Numbers, days, or durations: `data / (den * div)`.

    `mag` is at least the largest size of `data`. `loose` are rows in which the decision engine may have rounded at its 34th
    digit where we did not, so that what looks like a tie may not be one.
    """

    __slots__ = ("data", "den", "div", "family", "loose", "mag")

    def __init__(
        self,
        data: Ints,
        mag: int,
        *,
        den: int = 1,
        div: Ints | None = None,
        family: Family = "number",
        loose: Mask | None = None,
        null: Mask | None = None,
        gap: Gap | None = None,
    ) -> None:
        super().__init__(null, gap)
        self.data = data
        self.mag = mag
        self.den = den
        self.div = div
        self.family: Family = family
        self.loose = loose

    def take(self, index: Ints) -> Amount:
        null, gap = self.missing(index)
        div = None if self.div is None else self.div[index]
        return Amount(
            self.data[index],
            self.mag,
            den=self.den,
            div=div,
            family=self.family,
            loose=None if self.loose is None else some(self.loose[index]),
            null=null,
            gap=gap,
        )

    @property
    def endless(self) -> bool:
        """Whether some row may have decimals without end."""
        return self.div is not None or odd_part(self.den) > 1

    @property
    def wide(self) -> npt.NDArray[np.int64]:
        """The data with room to compute."""
        return self.data.astype(np.int64, copy=False)


class Words(Column):
    """Each row one of a few values (choices, texts): a code into `words`."""

    __slots__ = ("codes", "words")

    def __init__(self, codes: Ints, words: tuple[Value, ...], null: Mask | None = None, gap: Gap | None = None) -> None:
        super().__init__(null, gap)
        self.codes = codes
        self.words = words

    def take(self, index: Ints) -> Words:
        return Words(self.codes[index], self.words, *self.missing(index))


class Record(Column):
    """A group: a column for each field."""

    __slots__ = ("fields",)

    def __init__(self, fields: Mapping[str, Operand], null: Mask | None = None, gap: Gap | None = None) -> None:
        super().__init__(null, gap)
        self.fields = fields

    def take(self, index: Ints) -> Record:
        return Record({name: field.take(index) for name, field in self.fields.items()}, *self.missing(index))


class Series(Column):
    """A list in each row: the items of all rows behind each other, in a space of their own."""

    __slots__ = ("items", "space")

    def __init__(self, space: Space, items: Operand, null: Mask | None = None, gap: Gap | None = None) -> None:
        super().__init__(null, gap)
        self.space = space
        self.items = items

    def take(self, index: Ints) -> Series:
        raise Cannot("een lijst binnen een lijst")


class Run(Protocol):
    """What a computation over one chunk needs from around it."""

    names: NameBits

    def doubt(self, rows: Mask | Ints) -> None:
        """These rows (a mask, or their numbers) must be computed again by the decision engine."""

    def unit(self, key: str) -> Operand:
        """The column of a unit."""

    def known(self, key: str) -> Operand | None:
        """The column of a unit that needs no computing any more."""

    def unit_in(self, space: Space, key: str) -> Operand:
        """A unit for some rows only. Raises `Cannot` when it can only be done for all."""


class NoUnits:
    """A run in which no unit is computed."""

    def unit(self, key: str) -> Operand:
        """Raises `Cannot`."""
        raise Cannot(key)

    def known(self, key: str) -> Operand | None:
        """None."""
        return None

    def unit_in(self, space: Space, key: str) -> Operand:
        """Raises `Cannot`."""
        raise Cannot(key)


class NameBits:
    """A bit for each name that may be missing."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        self.places = {name: place for place, name in enumerate(self.names)}
        self.wide = len(self.names) > MOST_BITS
        self.dtype: np.dtype[Any] = np.dtype(object) if self.wide else np.dtype(np.uint64)

    def bits(self, names: Iterable[str]) -> int:
        """The bits of these names. Raises `Cannot` for a name that was not foreseen."""
        found = 0
        for name in names:
            if name not in self.places:
                raise Cannot(f"'{name}' kan hier niet ontbreken")
            found |= 1 << self.places[name]
        return found

    def spelled(self, bits: int) -> tuple[str, ...]:
        """The names of these bits."""
        return tuple(name for place, name in enumerate(self.names) if bits >> place & 1)

    def zeros(self, size: int) -> Bits:
        """Nothing missing."""
        return np.zeros(size, dtype=self.dtype)

    def full(self, size: int, bits: int) -> Gap:
        """The same names missing in every row."""
        spread = np.empty(size, dtype=self.dtype)
        spread[:] = bits if self.wide else np.uint64(bits)
        return Gap(np.ones(size, dtype=np.bool_), spread)


class Space:
    """Rows that are computed together: all rows of a chunk, or all items of the lists in them."""

    def __init__(
        self,
        run: Run,
        size: int,
        parent: Space | None = None,
        starts: Ints | None = None,
        chosen: Ints | None = None,
    ) -> None:
        """`starts` (length of the parent + 1) says where the items of each row of the parent begin; or `chosen` which rows of
        the parent these are."""
        self.run = run
        self.size = size
        self.parent = parent
        self.starts = starts
        self.chosen = chosen
        self.variables: dict[int | str, Operand] = {}
        self.concerned: Mask | None = None

    @cached_property
    def index(self) -> Ints:
        """For each row here the row of the parent."""
        if self.chosen is not None:
            return self.chosen
        if self.parent is None or self.starts is None:
            raise Cannot("geen lijst")
        return np.repeat(np.arange(self.parent.size), np.diff(self.starts))

    def doubt(self, rows: Mask) -> None:
        """These rows are not certain."""
        space, chosen = self, np.flatnonzero(rows if self.concerned is None else rows & self.concerned)
        while space.parent is not None:
            chosen = space.index[chosen]
            space = space.parent
        space.run.doubt(chosen)

    @contextmanager
    def only(self, rows: Mask) -> Iterator[None]:
        """What is computed here matters in these rows only: others are not doubted."""
        before = self.concerned
        self.concerned = rows if before is None else rows & before
        yield
        self.concerned = before

    def variable(self, slot: int) -> Operand:
        """A variable of a loop or cell, here or in a space around this one."""
        if slot in self.variables:
            return self.variables[slot]
        if self.parent is None:
            raise Cannot("een variabele buiten bereik")
        found = self.parent.variable(slot).take(self.index)
        self.variables[slot] = found
        return found

    def unit(self, key: str) -> Operand:
        """The column of a unit of the law. In some rows of a chunk it is computed for those rows only."""
        if self.parent is None:
            return self.run.unit(key)
        found = self.known(key)
        if found is None:
            found = self.variables[key] = self._here(key)
        return found

    def _here(self, key: str) -> Operand:
        parent = self.parent
        if parent is None:
            return self.run.unit(key)
        if self.chosen is not None:
            try:
                return self.run.unit_in(self, key)
            except Cannot:
                pass
        return parent.unit(key).take(self.index)

    def known(self, key: str) -> Operand | None:
        """The column of a unit that needs no computing any more."""
        found = self.variables.get(key)
        if found is None:
            if self.parent is None:
                return self.run.known(key)
            found = self.parent.known(key)
            if found is not None:
                found = self.variables[key] = found.take(self.index)
        return found

    def gap_of(self, value: Unknown) -> Gap:
        """Unknown in every row."""
        return self.run.names.full(self.size, self.run.names.bits(value.names))


Op: TypeAlias = Callable[[Space], Operand]


# --- null and unknown ------------------------------------------------------------------------------------------------


def some(mask: Mask) -> Mask | None:
    """The mask, or None when no row is in it."""
    return mask if mask.any() else None


def narrowed(gap: Gap | None, keep: Mask | None = None) -> Gap | None:
    """The gap in these rows only; None when none is left."""
    if gap is None:
        return None
    if keep is None:
        return gap if gap.mask.any() else None
    mask = gap.mask & keep
    if not mask.any():
        return None
    return Gap(mask, np.where(mask, gap.bits, 0).astype(gap.bits.dtype, copy=False))


def joined(*gaps: Gap | None) -> Gap | None:
    """Unknown where any is, with all that is missing."""
    found: Gap | None = None
    for gap in gaps:
        if gap is not None:
            found = gap if found is None else Gap(found.mask | gap.mask, found.bits | gap.bits)
    return found


def either_null(gap: Gap | None, *nulls: Mask | None) -> Mask | None:
    """Null where any is and nothing is unknown."""
    found: Mask | None = None
    for null in nulls:
        if null is not None:
            found = null if found is None else found | null
    if found is not None and gap is not None:
        found = some(found & ~gap.mask)
    return found


def gap_in(space: Space, operand: Operand) -> Gap | None:
    """Where an operand is unknown."""
    if isinstance(operand, Column):
        return operand.gap
    return space.gap_of(operand.value) if isinstance(operand.value, Unknown) else None


def null_in(space: Space, operand: Operand) -> Mask | None:
    """Where an operand is null."""
    if isinstance(operand, Column):
        return operand.null
    return np.ones(space.size, dtype=np.bool_) if operand.value is None else None


def known_in(space: Space, operand: Operand) -> Mask | None:
    """Rows that have a value; None means all."""
    null, gap = null_in(space, operand), gap_in(space, operand)
    if null is None and gap is None:
        return None
    out = null if null is not None else np.zeros(space.size, dtype=np.bool_)
    return ~(out if gap is None else out | gap.mask)


def any_of(*masks: Mask | None) -> Mask | None:
    """Rows that are in any of these."""
    found: Mask | None = None
    for mask in masks:
        if mask is not None:
            found = mask if found is None else found | mask
    return found


# --- numbers ---------------------------------------------------------------------------------------------------------


def odd_part(number: int) -> int:
    """What is left without the factors 2 and 5: more than 1 means that a quotient may not end."""
    for prime in (2, 5):
        while number % prime == 0:
            number //= prime
    return number


def check_decimals(den: int) -> int:
    """A denominator whose decimals 34 digits can hold. Raises `Cannot`."""
    rest, longest = den // odd_part(den), 0
    while rest > 1:
        rest //= gcd(rest, 10)
        longest += 1
    if longest > _MOST_DECIMALS:
        raise Cannot("te veel decimalen")
    return den


def common(*dens: int) -> int:
    """A denominator that fits all."""
    return check_decimals(lcm(*dens))


def ratio_of(value: Value) -> tuple[int, int] | None:
    """A value as numerator and denominator, in the measure of its family; None for other kinds."""
    if isinstance(value, Decimal):
        return value.as_integer_ratio()
    if isinstance(value, date):
        return value.toordinal() - EPOCH, 1
    if isinstance(value, MonthsDuration):
        return value.months, 1
    if isinstance(value, DaysDuration):
        return value.seconds.as_integer_ratio()
    return None


def family_of(value: Value) -> Family | None:
    """The family of a value that can be ordered as a number."""
    if isinstance(value, Decimal):
        return "number"
    if isinstance(value, date):
        return "day"
    if isinstance(value, MonthsDuration):
        return "months"
    return "days" if isinstance(value, DaysDuration) else None


def value_of(family: Family, top: int, bottom: int) -> Value:
    """The value of one row. A quotient without end has 34 digits."""
    if family == "day":
        return date.fromordinal(top + EPOCH)
    if family == "months":
        return MonthsDuration(top)
    number = NUMBERS.divide(Decimal(top), Decimal(bottom))
    return DaysDuration(number) if family == "days" else number


def distinct_words(values: Sequence[Value]) -> tuple[list[int], tuple[Value, ...]]:
    """Each value once (by how it looks, so that lists and groups count too), and the code of each."""
    places: dict[str, int] = {}
    words: list[Value] = []
    codes: list[int] = []
    for value in values:
        key = f"{type(value).__name__}{value!r}"
        if key not in places:
            places[key] = len(words)
            words.append(value)
        codes.append(places[key])
    return codes, tuple(words)


def code_type(size: int) -> np.dtype[Any]:
    """The narrowest whole numbers for so many codes."""
    return np.dtype(np.uint8 if size <= 255 else np.uint16 if size <= 65_535 else np.int32)
