"""Tables that people have (CSV, gzipped CSV, Parquet), read as what they mean. No database.

Names of columns are forgiving (Dutch, English, capitals, spaces), values are not: a row of which something cannot be read is
refused with the reason, never guessed. A moment without a zone is on the Dutch clock, unless the column says `utc`.
"""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from vliegwiel.base.errors import Invalid

ROW: Final = "rij"
REASON: Final = "reden"
_PLACE: Final = "Europe/Amsterdam"
_ZONED: Final = r"(?:[Zz]|[+-]\d{2}:?\d{2})$"
_ZONED_FORMS: Final = ("%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%dT%H:%M%:z")
_FORMS: Final = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """A column we want: our name for it, other names it goes by, and whether a table can do without."""

    name: str
    also: tuple[str, ...] = ()
    needed: bool = True


def read_table(file: Path, columns: tuple[Column, ...]) -> pl.DataFrame:
    """The wanted columns as text under our names, with the number of each row (`rij`, from 1). A column that the table can do
    without and has not is null.

    Raises `Invalid`, with what to do, for what is no table or misses a column.
    """
    raw = _raw(file)
    names = {_plain(name): name for name in reversed(raw.columns)}
    found: list[pl.Expr] = []
    missing: list[str] = []
    for column in columns:
        known = next((names[_plain(n)] for n in (column.name, *column.also) if _plain(n) in names), None)
        if known is not None:
            text = pl.col(known).cast(pl.String).str.strip_chars()
            found.append(pl.when(text != "").then(text).alias(column.name))
        elif column.needed:
            missing.append(column.name)
        else:
            found.append(pl.lit(None, dtype=pl.String).alias(column.name))
    if missing:
        raise Invalid(
            f"{file.name} mist de kolom {', '.join(missing)}. Gevonden: {', '.join(raw.columns[:20]) or 'geen kolommen'}."
        )
    return raw.with_row_index(ROW, offset=1).select(ROW, *found)


def _plain(name: str) -> str:
    return name.strip().strip("\ufeff").casefold().replace(" ", "_").replace("-", "_")


def _raw(file: Path) -> pl.DataFrame:
    try:
        if file.suffix.lower() == ".parquet":
            table = pl.read_parquet(file)
            return table.select(_as_text(name, kind) for name, kind in table.schema.items())
        return pl.read_csv(
            file, infer_schema=False, separator=_separator(file), encoding="utf8-lossy", truncate_ragged_lines=True
        )
    except (pl.exceptions.PolarsError, OSError, EOFError, ValueError) as error:
        raise Invalid(
            f"{file.name} is niet te lezen als tabel. Geef CSV (met een regel namen bovenaan) of Parquet."
        ) from error


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(kind, pl.Datetime):
        text = column.dt.to_string("%Y-%m-%dT%H:%M:%S%.6f")
        if kind.time_zone is None:
            return text
        return column.dt.convert_time_zone("UTC").dt.to_string("%Y-%m-%dT%H:%M:%S%.6f+00:00")
    if isinstance(kind, pl.List | pl.Struct | pl.Array | pl.Object | pl.Binary):
        return pl.lit(None, dtype=pl.String).alias(name)
    return column.cast(pl.String)


def _separator(file: Path) -> str:
    """What stands between the names in the first line."""
    with gzip.open(file, "rb") if file.suffix.lower() == ".gz" else file.open("rb") as handle:
        line = handle.readline(65_536).decode("utf-8", errors="replace")
    try:
        return csv.Sniffer().sniff(line, delimiters=",;\t|").delimiter
    except csv.Error:
        return ","


def moment(name: str, *, utc: bool = False) -> pl.Expr:
    """A column of text as moments in UTC; null for what is none."""
    text = pl.col(name)
    zoned = text.str.replace(r"[Zz]$", "+00:00").str.replace(" ", "T", literal=True)
    forms = [zoned.str.to_datetime(form, strict=False, time_unit="us", time_zone="UTC") for form in _ZONED_FORMS]
    loose = pl.coalesce(text.str.to_datetime(f, strict=False, time_unit="us") for f in _FORMS)
    if utc:
        local = loose.dt.replace_time_zone("UTC")
    else:
        # The hour that comes twice in autumn: the first. The hour that summer time skips does not exist.
        local = loose.dt.replace_time_zone(_PLACE, ambiguous="earliest", non_existent="null").dt.convert_time_zone(
            "UTC"
        )
    return pl.when(text.str.contains(_ZONED)).then(pl.coalesce(forms)).otherwise(local).alias(name)


def number(name: str) -> pl.Expr:
    """A column of text as numbers, with a decimal point or comma; null for what is none (also for NaN and infinity)."""
    text = pl.col(name)
    dotted = (
        pl.when(text.str.contains(r"^[+-]?\d*,\d+$")).then(text.str.replace(",", ".", literal=True)).otherwise(text)
    )
    value = dotted.cast(pl.Float64, strict=False)
    return pl.when(value.is_finite()).then(value).alias(name)


def day(name: str) -> pl.Expr:
    """A column of text as dates; null for what is none."""
    text = pl.col(name)
    return pl.coalesce(text.str.to_date(f, strict=False) for f in ("%Y-%m-%d", "%d-%m-%Y")).alias(name)


def sift(table: pl.DataFrame, *wrong: tuple[pl.Expr, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows that are right, and those that are not with the first reason (`reden`). `wrong` are conditions with reasons."""
    reason = pl.lit(None, dtype=pl.String)
    for condition, why in reversed(wrong):
        reason = pl.when(condition).then(pl.lit(why)).otherwise(reason)
    told = table.with_columns(reason.alias(REASON))
    return told.filter(pl.col(REASON).is_null()).drop(REASON), told.filter(pl.col(REASON).is_not_null())
