"""Splitting rows into groups that people recognise: the values of a column, tenths of an amount, classes of age."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Final

import numpy as np
import polars as pl

from vliegwiel.base.sourcedecode import nearest
from vliegwiel.law.population.columns import EPOCH, Ints
from vliegwiel.law.population.days import years_between
from vliegwiel.law.population.errors import WrongData
from vliegwiel.law.population.source import Source

MOST_GROUPS: Final = 400
_MOST_VALUES: Final = 24
_AGES: Final = (18, 21, 27, 40, 55, 67)
EMPTY: Final = "(leeg)"


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups of a column, and which group each row is in."""

    column: str
    labels: tuple[str, ...]
    codes: Callable[[pl.Series], Ints]


def groupings(source: Source, columns: Sequence[str], on: date) -> tuple[Grouping, ...]:
    """A grouping for each column. Raises `WrongData` for a column that is not there or that has too many values."""
    return tuple(_grouping(source, column, on) for column in columns)


def _grouping(source: Source, column: str, on: date) -> Grouping:
    kind = source.schema.get(column)
    if kind is None:
        meant = nearest(column, source.schema)
        raise WrongData(f"Er is geen kolom '{column}' om op te splitsen." + (f" Bedoelt u '{meant}'?" if meant else ""))
    if isinstance(kind, pl.Date):
        return _ages(column, on)
    if isinstance(kind, (pl.Boolean, pl.String, pl.Enum, pl.Categorical)):
        return _values(source, column, kind)
    if kind.is_numeric():
        return _numbers(source, column, kind)
    raise WrongData(f"Op kolom '{column}' ({kind}) kan niet worden gesplitst.")


def _values(source: Source, column: str, kind: pl.DataType) -> Grouping:
    """A group for each value."""
    found = source.lazy.select(pl.col(column).cast(pl.String).drop_nulls().unique()).collect()[column].to_list()
    if len(found) > MOST_GROUPS:
        raise WrongData(
            f"Kolom '{column}' heeft {len(found)} verschillende waarden. Meer dan {MOST_GROUPS} groepen kan niet."
        )
    values = [c for c in kind.categories if c in found] if isinstance(kind, pl.Enum) else sorted(found)
    shown = [{"true": "ja", "false": "nee"}.get(v, v) if isinstance(kind, pl.Boolean) else v for v in values]
    enum = pl.Enum(values)

    def codes(series: pl.Series) -> Ints:
        text = series.cast(pl.String).cast(enum).to_physical()
        return text.cast(pl.Int64).fill_null(len(values)).to_numpy()

    return Grouping(column, (*shown, EMPTY), codes)


def _numbers(source: Source, column: str, kind: pl.DataType) -> Grouping:
    """Each value where there are few whole numbers, else tenths with about as many rows."""
    number = pl.col(column).cast(pl.Float64)
    if kind.is_integer():
        few = source.lazy.select(pl.col(column).drop_nulls().unique().head(_MOST_VALUES + 1)).collect()[column]
        if len(few) <= _MOST_VALUES:
            return _few(column, sorted(few.to_list()))
    edges = source.lazy.select([number.quantile(n / 10, "lower").alias(str(n)) for n in range(1, 10)]).collect().row(0)
    kept = sorted({edge for edge in edges if edge is not None})
    bounds = np.array(kept, dtype=np.float64)
    labels = [*(f"{n}e groep: tot en met {_shown(edge)}" for n, edge in enumerate(kept, 1))]
    last = f"{len(kept) + 1}e groep: meer dan {_shown(kept[-1])}" if kept else "alle"

    def codes(series: pl.Series) -> Ints:
        data = series.cast(pl.Float64).fill_null(float("nan")).to_numpy()
        found = np.searchsorted(bounds, data, side="left")
        return np.where(np.isnan(data), len(bounds) + 1, found)

    return Grouping(column, (*labels, last, EMPTY), codes)


def _few(column: str, values: Sequence[int]) -> Grouping:
    bounds = np.array(values, dtype=np.int64)

    def codes(series: pl.Series) -> Ints:
        data = series.cast(pl.Int64).fill_null(0).to_numpy()
        found = np.searchsorted(bounds, data)
        return np.where(series.is_null().to_numpy(), len(bounds), found)

    return Grouping(column, (*(str(value) for value in values), EMPTY), codes)


def _ages(column: str, on: date) -> Grouping:
    """Classes of age of a date of birth."""
    bounds = np.array(_AGES, dtype=np.int64)
    labels = [f"tot {_AGES[0]} jaar"]
    labels += [f"{low} tot {high} jaar" for low, high in pairwise(_AGES)]
    labels.append(f"{_AGES[-1]} jaar en ouder")
    end = on.toordinal() - EPOCH

    def codes(series: pl.Series) -> Ints:
        born = series.to_physical().fill_null(0).to_numpy().astype(np.int64)
        ages = years_between(born, np.full(len(born), end))
        found = np.searchsorted(bounds, ages, side="right")
        return np.where(series.is_null().to_numpy(), len(labels), found)

    return Grouping(column, (*labels, EMPTY), codes)


def _shown(number: float) -> str:
    exact = Decimal(repr(number))
    text = f"{exact:,.2f}" if exact != exact.to_integral_value() else f"{exact:,.0f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")
