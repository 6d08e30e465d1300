"""Outcomes of a chunk in one plain form, for counting and for the file with outcomes per row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import polars as pl

from vliegwiel.law.feel.values import Value, show
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
    NameBits,
    NoUnits,
    Operand,
    Space,
    Truth,
    Words,
    odd_part,
)
from vliegwiel.law.population.exact import rounded
from vliegwiel.law.population.making import column_of, values_of

Kind: TypeAlias = Literal["truth", "amount", "words", "blank"]

# Amounts without end (a third) are shown with so many decimals.
SHOWN_DECIMALS: Final = 8


@dataclass(slots=True)
class Outcome:
    """One outcome of each row. `data / den` for amounts; `codes` into `words` for choices; `yes` for ja/nee."""

    kind: Kind
    size: int
    null: Mask | None
    gap: Gap | None
    yes: Mask | None = None
    data: npt.NDArray[np.int64] | None = None
    den: int = 1
    mag: int = 0
    family: Family = "number"
    codes: Ints | None = None
    words: tuple[Value, ...] = ()

    @property
    def known(self) -> Mask:
        """Rows that have a value."""
        found = np.ones(self.size, dtype=np.bool_)
        if self.null is not None:
            found &= ~self.null
        if self.gap is not None:
            found &= ~self.gap.mask
        return found


def outcome_of(space: Space, operand: Operand) -> Outcome:
    """The plain form of an operand."""
    column = operand if isinstance(operand, Column) else _spread(space, operand)
    null, gap, size = column.null, column.gap, space.size
    match column:
        case Truth():
            return Outcome("truth", size, null, gap, yes=column.yes)
        case Amount():
            ended = _ended(space, column)
            data = ended.wide
            if null is not None or gap is not None:
                data = np.where(Outcome("blank", size, null, gap).known, data, 0)
            return Outcome("amount", size, null, gap, data=data, den=ended.den, mag=ended.mag, family=ended.family)
        case Words():
            return Outcome("words", size, null, gap, codes=column.codes, words=column.words)
        case Blank():
            return Outcome("blank", size, null, gap)
        case _:
            values, _ = values_of(space, column, range(size))
            return outcome_of(space, column_of(space, values)[0])


def _spread(space: Space, operand: Operand) -> Column:
    if not isinstance(operand, Lit):
        raise Cannot("geen kolom")
    one, _ = column_of(Space(space.run, 1), [operand.value])
    return one.take(np.zeros(space.size, dtype=np.int64))


def _ended(space: Space, column: Amount) -> Amount:
    """Without denominators per row, and with decimals that end."""
    if not column.endless:
        return column
    plain = Amount(column.data, column.mag, den=column.den, div=column.div, family=column.family)
    digits = SHOWN_DECIMALS
    while digits and plain.mag * 10**digits * (1 if plain.div is None else int(plain.div.max())) >= LIMIT // 4:
        digits -= 1
    if odd_part(plain.den) == 1 and plain.div is None:
        return plain
    found = rounded(Space(_Careless(), space.size), plain, "half even", 1, 10**digits)
    found.family = column.family
    return found


class _Careless(NoUnits):
    """Rounding for show has no ties to doubt."""

    names = NameBits(())

    def doubt(self, rows: Mask | Ints) -> None:
        """Nothing."""


# --- a file with outcomes per row ------------------------------------------------------------------------------------


def as_column(outcome: Outcome, name: str) -> pl.Series:
    """The outcome as a column of a data frame; null where it has no value."""
    values = _series(outcome, name)
    known = outcome.known
    return values if known.all() else values.set(pl.Series(~known), None)


def _series(outcome: Outcome, name: str) -> pl.Series:
    if outcome.yes is not None:
        return pl.Series(name, outcome.yes)
    if outcome.data is not None:
        return _amounts(outcome, outcome.data, name)
    if outcome.codes is not None and outcome.words:
        texts = [word if isinstance(word, str) else str(show(word)) for word in outcome.words]
        return pl.Series(name, texts, dtype=pl.String).gather(pl.Series(outcome.codes.astype(np.int64)))
    return pl.Series(name, [None] * outcome.size, dtype=pl.Null)


def _amounts(outcome: Outcome, data: npt.NDArray[np.int64], name: str) -> pl.Series:
    if outcome.family == "day":
        return pl.Series(name, data.astype(np.int32)).cast(pl.Date)
    if outcome.family == "months":
        return pl.Series(name, data)
    if outcome.family == "days":
        return (pl.Series(name, data // outcome.den) * 1_000_000).cast(pl.Duration("us"))
    places = 0
    while 10**places % outcome.den:
        places += 1
    whole = pl.Series(name, data * (10**places // outcome.den)).cast(pl.Decimal(38, 0))
    return whole * pl.Series([f"{10**-places:.{places}f}"]).cast(pl.Decimal(38, places)) if places else whole
