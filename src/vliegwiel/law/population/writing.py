"""The outcome of each row, written to a Parquet file while it is computed: block by block, so that memory stays small."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import polars as pl

from vliegwiel.law.population.columns import NameBits
from vliegwiel.law.population.errors import WrongData
from vliegwiel.law.population.outcomes import Outcome, as_column
from vliegwiel.law.program import JUDGEMENT, NORM, OPEN

_ROWS_A_PART: Final = 1_000_000


class RowFile:
    """A Parquet file with a column per outcome (and version), and a column `….onbekend` that names what is missing."""

    def __init__(self, path: Path, labels: Sequence[str], wanted: Sequence[str], names: NameBits) -> None:
        self.path = path
        self.labels = labels
        self.wanted = wanted
        self.names = names
        self.folder = tempfile.TemporaryDirectory(prefix="vliegwiel-uitkomsten-")
        self.waiting: list[pl.DataFrame] = []
        self.rows = 0
        self.parts: list[Path] = []
        self.kinds: dict[str, pl.DataType] = {}

    def __enter__(self) -> RowFile:
        if not self.path.parent.is_dir():
            raise WrongData(f"De map '{self.path.parent}' is er niet.")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.folder.cleanup()

    def write(self, outcomes: Sequence[Sequence[Outcome]]) -> None:
        """The next rows: per version an outcome for each that is wanted."""
        columns: list[pl.Series] = []
        for label, version in zip(self.labels, outcomes, strict=True):
            for name, outcome in zip(self.wanted, version, strict=True):
                title = name if len(self.labels) == 1 else f"{name} ({label})"
                columns.append(as_column(outcome, title))
                columns.append(self._missing(outcome, f"{title}.onbekend"))
        frame = pl.DataFrame(columns)
        self.waiting.append(frame)
        self.rows += frame.height
        for name, found in frame.schema.items():
            if isinstance(found, pl.DataType):
                self.kinds[name] = _wider(self.kinds.get(name), found)
        if self.rows >= _ROWS_A_PART:
            self._flush()

    def _missing(self, outcome: Outcome, title: str) -> pl.Series:
        if outcome.gap is None:
            return pl.Series(title, [], dtype=pl.String).extend_constant(None, outcome.size)
        kept, codes = np.unique(outcome.gap.bits, return_inverse=True)
        texts = [", ".join(plain_name(n) for n in self.names.spelled(int(bits))) or None for bits in kept]
        return pl.Series(title, texts, dtype=pl.String).gather(pl.Series(np.reshape(codes, -1)))

    def _flush(self) -> None:
        if not self.waiting:
            return
        path = Path(self.folder.name) / f"{len(self.parts):06}.parquet"
        kinds = self.kinds
        frames = [
            frame.cast({n: kinds[n] for n in frame.columns if frame[n].dtype != kinds[n]}) for frame in self.waiting
        ]
        pl.concat(frames).write_parquet(path)
        self.parts.append(path)
        self.waiting, self.rows = [], 0

    def finish(self) -> None:
        """Put the parts together."""
        self._flush()
        schema = pl.Schema(self.kinds)
        frames = [pl.scan_parquet(part).cast(schema) for part in self.parts]
        try:
            if frames:
                pl.concat(frames).sink_parquet(self.path)
            else:
                pl.DataFrame().write_parquet(self.path)
        except OSError as error:
            raise WrongData(f"'{self.path.name}' kan niet worden geschreven: {error.strerror or error}") from error


def _wider(known: pl.DataType | None, found: pl.DataType) -> pl.DataType:
    """A type that holds both: amounts get the most decimals, a column without values takes any type."""
    if known is None or known == pl.Null:
        return found
    if isinstance(known, pl.Decimal) and isinstance(found, pl.Decimal):
        return pl.Decimal(38, max(known.scale or 0, found.scale or 0))
    return known if found in (pl.Null, known) else pl.String()


def plain_name(name: str) -> str:
    """The name of a missing datum, judgement, open term or norm as people know it."""
    for prefix in (JUDGEMENT, OPEN, NORM):
        if name.startswith(prefix):
            return name.removeprefix(prefix).partition(".")[2] or name
    return name
