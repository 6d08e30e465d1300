"""Where the rows come from: a data frame, or a file that is read in blocks so that it never has to fit in memory."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from vliegwiel.law.population.errors import WrongData

BLOCK: Final = 1_000_000
_READERS: Final = (".parquet", ".csv", ".arrow", ".feather", ".ipc")


@dataclass(frozen=True, slots=True)
class Source:
    """Rows with their columns. `lazy` is read block by block."""

    lazy: pl.LazyFrame
    schema: dict[str, pl.DataType]
    rows: int
    whole: pl.DataFrame | None = None

    def blocks(self, columns: list[str]) -> Iterator[tuple[int, pl.DataFrame]]:
        """The rows in order, at most `BLOCK` at a time: number of the first row, and its columns."""
        if self.whole is not None:
            yield 0, self.whole.select(columns)
            return
        for first in range(0, self.rows, BLOCK):
            yield first, self.lazy.select(columns).slice(first, BLOCK).collect()


@contextmanager
def opened(data: pl.DataFrame | pl.LazyFrame | Path | str) -> Iterator[Source]:
    """The rows behind this. A CSV file is turned into a temporary Parquet file first. Raises `WrongData`."""
    if isinstance(data, pl.DataFrame):
        schema = {name: kind for name, kind in data.schema.items() if isinstance(kind, pl.DataType)}
        yield Source(data.lazy(), schema, data.height, data)
        return
    if isinstance(data, pl.LazyFrame):
        yield _scanned(data, "de gegevens")
        return
    path = Path(data)
    if path.suffix.lower() not in _READERS:
        raise WrongData(f"'{path.name}' is geen {', '.join(_READERS[:-1])} of {_READERS[-1]}.")
    if not path.is_file():
        raise WrongData(f"Het bestand '{path.name}' is er niet.")
    if path.suffix.lower() == ".csv":
        with tempfile.TemporaryDirectory(prefix="vliegwiel-bevolking-") as folder:
            ready = Path(folder) / "rijen.parquet"
            with reading(path.name):
                pl.scan_csv(path, try_parse_dates=True).sink_parquet(ready)
            yield _scanned(_without_guesses(pl.scan_parquet(ready)), path.name)
        return
    scan = pl.scan_parquet if path.suffix.lower() == ".parquet" else pl.scan_ipc
    with reading(path.name):
        lazy = scan(path)
    yield _scanned(lazy, path.name)


def _without_guesses(lazy: pl.LazyFrame) -> pl.LazyFrame:
    """A CSV column that is empty in every row has no type; the reader calls it text."""
    texts = [column for column, kind in lazy.collect_schema().items() if kind == pl.String]
    if not texts:
        return lazy
    filled = lazy.select(pl.col(texts).is_not_null().any()).collect().row(0, named=True)
    return lazy.with_columns(pl.lit(None).alias(column) for column in texts if not filled[column])


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What the reader says about a broken file, as one of our errors."""
    try:
        yield
    except (pl.exceptions.PolarsError, OSError) as error:
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise WrongData(f"'{name}' kan niet worden gelezen: {first}") from error


def _scanned(lazy: pl.LazyFrame, name: str) -> Source:
    with reading(name):
        schema = {column: kind for column, kind in lazy.collect_schema().items() if isinstance(kind, pl.DataType)}
        rows = int(lazy.select(pl.len()).collect().item())
    return Source(lazy, schema, rows)
