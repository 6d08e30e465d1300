"""The sealer: puts what was committed, in order and without gaps, into the Merkle log of a municipality.

Writers number nothing and wait for nobody; an event only carries the number of its transaction. PostgreSQL says which
transaction is the oldest that still runs (`pg_snapshot_xmin`). Every lower number has ended, committed or not, and no new
event can ever get one. So all committed events below it, ordered by (transaction, id), are final: they are appended to
the log, and the log's new size and root are signed. What commits later follows in a later run.

One sealer works on a municipality at a time (it locks the row of the log); writers never touch that row. A transaction
that stays open holds back the sealing of what comes after it, not the writing.

A database restored from a dump counts transactions from the start again, on a server with another number. The sealer sees
that number change, then seals whatever it finds unsealed, and goes on with the new count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.conf import settings
from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.base.ids import uuid7
from vliegwiel.base.tenancy import scope

from .keystore import keystore
from .leaves import READY, READY_RESTORED, EventRow, leaf_bytes
from .merkle import Coordinate, Frontier, leaf_hash, node_id, subtrees
from .notes import Checkpoint, sign_checkpoint
from .stored import hashes_at

BATCH = 5000

_LOCK = """SELECT id, origin, size, next_xid::text, database, (SELECT system_identifier::text FROM pg_control_system())
    FROM trust_ledgerlog WHERE municipality_id = %s FOR UPDATE"""
_NEW_LOG = """INSERT INTO trust_ledgerlog (id, municipality_id, origin, size, next_xid, database)
    SELECT %s, %s, %s, 0, '0', system_identifier::text FROM pg_control_system() ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class _Log:
    id: object
    origin: str
    size: int
    next_xid: str
    restored: bool
    server: str


def seal(municipality: str) -> Checkpoint | None:
    """Seal the events of a municipality that are ready, at most `BATCH`; returns the new checkpoint, or None if there were none.

    Its own transaction: an event that the same transaction wrote is not ready. Called again while it returns a
    checkpoint, it seals everything.
    """
    with scope(municipality):
        log = _locked(municipality)
        lowest, unborn = _bounds()
        rows = _ready(municipality, log, lowest, unborn)
        done = len(rows) < BATCH
        if rows:
            checkpoint = _append(municipality, log, rows)
        if rows or log.restored:
            _advance(municipality, log, rows, lowest if done else None)
        return checkpoint if rows else None


def seal_all(municipality: str) -> Checkpoint | None:
    """Seal everything of a municipality that is ready; returns the last checkpoint it made, or None."""
    last = None
    while (made := seal(municipality)) is not None:
        last = made
    return last


def unsealed() -> tuple[str, ...]:
    """The municipalities in scope that have an event which is ready, or will be when its neighbours have ended."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT m.code FROM base_municipality m LEFT JOIN trust_ledgerlog l ON l.municipality_id = m.code
            WHERE EXISTS (
                SELECT 1 FROM trust_event e WHERE e.municipality_id = m.code AND e.xid >= coalesce(l.next_xid, '0'::xid8)
                AND NOT EXISTS (SELECT 1 FROM trust_leaf f WHERE f.municipality_id = e.municipality_id AND f.id = e.id))
            OR (SELECT system_identifier::text FROM pg_control_system()) <> l.database
            ORDER BY m.code"""
        )
        return tuple(code for (code,) in cursor.fetchall())


def oldest_unsealed() -> datetime | None:
    """When the oldest event in scope that is not sealed yet was written: how far behind the sealer is. None when it is not."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT min(e.recorded_at) FROM trust_event e
            LEFT JOIN trust_ledgerlog l ON l.municipality_id = e.municipality_id
            WHERE e.xid >= coalesce(l.next_xid, '0'::xid8)
            AND NOT EXISTS (SELECT 1 FROM trust_leaf f WHERE f.municipality_id = e.municipality_id AND f.id = e.id)"""
        )
        (moment,) = cursor.fetchone()
    return cast("datetime | None", moment)


def _locked(municipality: str) -> _Log:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [municipality])
        row = cursor.fetchone()
        if row is None:
            cursor.execute(_NEW_LOG, [uuid7(), municipality, f"{settings.BASE_DOMAIN}/ledger/{municipality}"])
            cursor.execute(_LOCK, [municipality])
            row = cursor.fetchone()
    id_, origin, size, next_xid, database, server = row
    return _Log(id_, origin, int(size), next_xid, database != server, server)


def _bounds() -> tuple[str, str]:
    """The oldest transaction that still runs, and the first that does not exist yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text FROM pg_current_snapshot() s")
        lowest, unborn = cursor.fetchone()
    return str(lowest), str(unborn)


def _ready(municipality: str, log: _Log, lowest: str, unborn: str) -> list[EventRow]:
    values: dict[str, str | int] = {
        "m": municipality,
        "from": log.next_xid,
        "to": lowest,
        "unborn": unborn,
        "batch": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(READY_RESTORED if log.restored else READY, values)
        return [EventRow(*row) for row in cursor.fetchall()]


def _append(municipality: str, log: _Log, rows: list[EventRow]) -> Checkpoint:
    frontier = Frontier(log.size, hashes_at(municipality, subtrees(0, log.size)))
    leaves = [leaf_hash(leaf_bytes(row)) for row in rows]
    nodes: list[tuple[Coordinate, bytes]] = []
    for leaf in leaves:
        nodes.extend(frontier.append(leaf))
    checkpoint = sign_checkpoint(log.origin, frontier.size, frontier.root(), keystore().signers(municipality)[0])
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO trust_leaf (municipality_id, id, index, recorded_at, hash)
            SELECT %s, * FROM unnest(%s::uuid[], %s::bigint[], %s::timestamptz[], %s::bytea[])""",
            [
                municipality,
                [row.id for row in rows],
                list(range(log.size, frontier.size)),
                [row.recorded_at for row in rows],
                leaves,
            ],
        )
        if nodes:
            cursor.execute(
                """INSERT INTO trust_node (municipality_id, id, level, index, hash)
                SELECT %s, * FROM unnest(%s::uuid[], %s::smallint[], %s::bigint[], %s::bytea[])""",
                [
                    municipality,
                    [node_id(level, index) for (level, index), _ in nodes],
                    [level for (level, _), _ in nodes],
                    [index for (_, index), _ in nodes],
                    [hash_ for _, hash_ in nodes],
                ],
            )
        cursor.execute(
            """INSERT INTO trust_checkpoint (municipality_id, id, size, root, note, made_at)
            VALUES (%s, %s, %s, %s, %s, %s)""",
            [municipality, uuid7(), checkpoint.size, checkpoint.root, checkpoint.note, now()],
        )
    return checkpoint


def _advance(municipality: str, log: _Log, rows: list[EventRow], reached: str | None) -> None:
    """Note how far the log has come. `reached`: everything below this transaction is sealed; None after a full batch.

    A full batch may have stopped in the middle of a transaction, so the next run starts at that transaction again and
    skips what is in the log already. While a restore is being worked off the old number of the server stays.
    """
    if log.restored:
        next_xid, server = (reached, log.server) if reached is not None else (log.next_xid, None)
    else:
        next_xid, server = reached or rows[-1].xid, None
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE trust_ledgerlog SET size = size + %s, next_xid = %s::xid8, database = coalesce(%s, database)
            WHERE municipality_id = %s""",
            [len(rows), next_xid, server, municipality],
        )
