"""What became of a file that was read: told to who asked, and written in the ledger with the hash of the file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from ..ingest.tables import REASON, ROW, Column

PIECE: Final = 10_000
"""Rows in one transaction: a long file never holds the others up, and what was read stays read when it breaks off."""
TOLD: Final = 20
CONTAINER: Final = Column("container", ("code", "location", "locatie", "containernummer"))
TIME: Final = Column("tijd", ("tijd_utc", "time", "time_utc", "moment", "at", "timestamp", "datum_tijd"))
UTC_TIME: Final = Column("tijd_utc", ("time_utc",), needed=False)
NO_TIME: Final = "De tijd is niet te lezen. Schrijf bijvoorbeeld 2026-03-01 14:30 of 2026-03-01T13:30:00Z."


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that was not used, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. `doubles` were there already. `doubtful`: stored, but a value cannot be (it is marked, or a weight
    is left out). `refusals` are the first rows that were not used; `refused` counts them all."""

    rows: int
    stored: int
    doubles: int
    doubtful: int
    refused: int
    refusals: tuple[Refusal, ...]
    emptyings: int = 0


def permit(actor: Actor, right: Right) -> None:
    """Raises `Forbidden` before a file is even opened."""
    with scope_of(actor):
        require(actor, right, municipality=actor.municipality)


def in_utc(table: pl.DataFrame) -> bool:
    """Whether the name of the column of moments says that they are in UTC."""
    return bool(table["tijd_utc"].is_not_null().any())


def pieces(table: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The table in parts of one transaction."""
    for begin in range(0, table.height, PIECE):
        yield table.slice(begin, PIECE)


def together(*refused: pl.DataFrame) -> pl.DataFrame:
    """The rows that were refused, in order: number and reason."""
    return pl.concat([part.select(ROW, REASON) for part in refused]).sort(ROW)


def outcome(
    actor: Actor,
    file: Path,
    kind: str,
    *,
    rows: int,
    stored: int,
    refused: pl.DataFrame,
    doubtful: int = 0,
    emptyings: int = 0,
) -> Imported:
    """Tell it, and write in the ledger that this file was read (`kind`, dotted)."""
    with file.open("rb") as handle:
        digest = hashlib.file_digest(handle, "sha256").hexdigest()
    with scope_of(actor):
        ledger.append(
            actor, municipality=actor.municipality, kind=kind, zaak_id=None,
            payload={"bestand": file.name[:200], "sha256": digest, "rijen": rows, "nieuw": stored, "geweigerd": refused.height},
        )  # fmt: skip
    first = tuple(Refusal(row, reason) for row, reason in refused.head(TOLD).select(ROW, REASON).iter_rows())
    return Imported(rows, stored, rows - refused.height - stored, doubtful, refused.height, first, emptyings)
