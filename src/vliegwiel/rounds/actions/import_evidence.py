"""Weighings of trucks and counted deposits, read from a table: evidence of how full containers were, beside sensors."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from uuid import UUID

import polars as pl
from django.db import connection

from vliegwiel.base.ids import uuid7
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, scope_of

from ..ingest import arrays
from ..ingest.rows import text
from ..ingest.tables import Column, moment, number, read_table, sift
from ..models import Container, EmptyingSource, EvidenceKind
from .imported import CONTAINER, NO_TIME, TIME, UTC_TIME, Imported, in_utc, outcome, permit, pieces, together

_REFERENCE: Final = Column("nummer", ("reference", "id", "weegnummer"), needed=False)
_TOO_HEAVY: Final = 1.5
"""Times what a container holds when full: more was not in it."""

_EMPTYING = """
INSERT INTO rounds_emptying (municipality_id, source, id, container_id, at, kilograms, reference)
SELECT %s, %s, i, c, t, v, r
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::float8[], %s::text[]) AS new(i, c, t, v, r)
ON CONFLICT DO NOTHING
"""

_EVIDENCE = """
INSERT INTO rounds_evidence (municipality_id, kind, id, container_id, at, value, reference, remark)
SELECT %s, %s, i, c, t, v, r, ''
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::float8[], %s::text[]) AS new(i, c, t, v, r)
ON CONFLICT DO NOTHING
"""


def import_weighings(actor: Actor, file: Path) -> Imported:
    """Read a table of weighings: container, tijd, kilogram, and optionally the number of the weighing. Each is an emptying.

    A weight that cannot be (not above zero, or more than one and a half times what the container holds) is left out: that the
    container was emptied stays true. Needs `RONDE_PLANNEN`. Raises `Invalid` for a file that is no such table.
    """
    permit(actor, Right.RONDE_PLANNEN)
    table = read_table(
        file, (CONTAINER, TIME, UTC_TIME, Column("kilogram", ("kg", "kilograms", "gewicht")), _REFERENCE)
    )
    good, refused = _about_containers(actor, table, "kilogram")
    weight = pl.col("kilogram")
    good = good.with_columns(
        # Without a number of its own a weighing is told from another of the same moment by its weight.
        pl.coalesce("nummer", pl.format("{} kg", weight)).alias("nummer"),
        pl.when((weight > 0) & (weight <= _TOO_HEAVY * pl.col("vol"))).then(weight).alias("kilogram"),
    )
    stored = _insert(actor, good, "kilogram", _EMPTYING, EmptyingSource.WEIGHING.value)
    return outcome(
        actor, file, "wegingen.ingelezen",
        rows=table.height, stored=stored, refused=together(refused), doubtful=good["kilogram"].null_count(),
    )  # fmt: skip


def import_deposits(actor: Actor, file: Path) -> Imported:
    """Read a table of deposits that an access system or a lid counted: container, tijd, aantal since the count before.

    Needs `RONDE_PLANNEN`. Raises `Invalid` for a file that is no such table.
    """
    permit(actor, Right.RONDE_PLANNEN)
    names = ("count", "deposits", "inworpen", "stortingen")
    table = read_table(file, (CONTAINER, TIME, UTC_TIME, Column("aantal", names), _REFERENCE))
    good, refused = _about_containers(actor, table, "aantal")
    good, negative = sift(good, (pl.col("aantal") < 0, "Het aantal is minder dan nul."))
    good = good.with_columns(pl.col("nummer").fill_null(""))
    stored = _insert(actor, good, "aantal", _EVIDENCE, EvidenceKind.DEPOSIT_COUNT.value)
    return outcome(
        actor, file, "stortingen.ingelezen", rows=table.height, stored=stored, refused=together(refused, negative)
    )


def _about_containers(actor: Actor, table: pl.DataFrame, value: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows about containers that are here, with the container's id and what it weighs when full (`vol`); and the others."""
    with scope_of(actor):
        known = Container.objects.values_list("code", "id", "kilograms_full")
        containers = pl.DataFrame(
            [(code, str(row), full) for code, row, full in known],
            schema={"container": pl.String, "container_id": pl.String, "vol": pl.Float64},
            orient="row",
        )
    table = table.with_columns(moment("tijd", utc=in_utc(table)), number(value))
    return sift(
        table.join(containers, on="container", how="left", maintain_order="left"),
        (pl.col("container").is_null(), "Er staat geen container."),
        (pl.col("container_id").is_null(), "Deze container is hier niet bekend."),
        (pl.col("tijd").is_null(), NO_TIME),
        (pl.col(value).is_null(), "De waarde is geen getal."),
    )


def _insert(actor: Actor, table: pl.DataFrame, value: str, sql: str, kind: str) -> int:
    """Store the rows; returns how many were new."""
    stored = 0
    for piece in pieces(table):
        with scope_of(actor), connection.cursor() as cursor:
            cursor.execute(
                sql,
                [
                    actor.municipality,
                    kind,
                    arrays.uuids(uuid7() for _ in range(piece.height)),
                    arrays.uuids(UUID(row) for row in piece["container_id"]),
                    arrays.moments(piece["tijd"]),
                    arrays.numbers(piece[value]),
                    arrays.texts(text(number, 80) for number in piece["nummer"]),
                ],
            )
            stored += cursor.rowcount
    return stored
