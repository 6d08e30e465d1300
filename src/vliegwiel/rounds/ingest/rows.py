"""Many rows in one statement: observations, the times of their datastreams, raw messages.

All of it inside a scope. The values of a column go as one array; PostgreSQL leaves out what is there already, because the key
of an observation follows from what it is (`ids`). These statements are planned each time, for the arrays they have: a plan that
was kept for an array of any length is slower by far than the planning.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from django.db import connection

from vliegwiel.base.errors import Invalid

from ..models.sensing import Quality
from .arrays import blobs, moments, numbers, texts, uuids
from .arrivals import Json

CHANNEL = "rounds_observations"
"""PostgreSQL tells listeners on this channel, after the commit, `<municipality>:<id>,<id>…` of what was stored."""
TOLD_AT_ONCE = 180

_NUL = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")

_INSERT = """
INSERT INTO rounds_observation (municipality_id, id, datastream_id, phenomenon_time, received_at, result, quality, parameters)
SELECT %s, i, d, t, r, v, q, p::jsonb
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::smallint[], %s::text[])
     AS new(i, d, t, r, v, q, p)
ON CONFLICT DO NOTHING
RETURNING id
"""

# First the locks, in the order of the ids: two that store at once never wait for each other in a circle.
_WIDEN = """
WITH new AS (
  SELECT n.id, n.first, n.last FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS n(id, first, last)
), locked AS (
  SELECT d.id FROM rounds_datastream AS d JOIN new ON new.id = d.id
  WHERE d.municipality_id = %s
    AND (d.phenomenon_from IS NULL OR d.phenomenon_from > new.first OR d.phenomenon_until < new.last)
  ORDER BY d.id FOR NO KEY UPDATE OF d
)
UPDATE rounds_datastream AS d
SET phenomenon_from = LEAST(d.phenomenon_from, new.first), phenomenon_until = GREATEST(d.phenomenon_until, new.last)
FROM new JOIN locked USING (id)
WHERE d.municipality_id = %s AND d.id = new.id
"""

_RAW = """
INSERT INTO rounds_rawmessage (municipality_id, source_id, id, received_at, device_id, topic, raw)
SELECT %s, %s, * FROM unnest(%s::uuid[], %s::timestamptz[], %s::uuid[], %s::text[], %s::bytea[])
ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Row:
    """An observation as sensors make them. `parameters` are JSON."""

    id: uuid.UUID
    datastream: uuid.UUID
    time: datetime
    received_at: datetime
    result: float | None
    quality: Quality
    parameters: str | None = None


@dataclass(frozen=True, slots=True)
class Raw:
    """A raw message; `received_at` is the network's clock where it is known."""

    id: uuid.UUID
    received_at: datetime
    device: uuid.UUID | None
    topic: str
    raw: bytes


def as_json(value: Json) -> str | None:
    """JSON for a `jsonb` column; None for null. PostgreSQL cannot keep the character U+0000: it becomes U+FFFD.

    Raises `Invalid` for text that is no text (half a pair of surrogates).
    """
    if value is None:
        return None
    try:
        return _NUL.sub(r"\1\\ufffd", msgspec.json.encode(value).decode())
    except UnicodeEncodeError as error:
        raise Invalid("Er staan tekens in die geen tekst zijn.") from error


def insert(municipality: str, rows: Sequence[Row]) -> set[uuid.UUID]:
    """Store observations; returns the ids of those that were not there yet. Rows may hold doubles."""
    if not rows:
        return set()
    # One order for all who store at once; of the ids as numbers, which compare five times as fast.
    rows = sorted(rows, key=lambda row: (row.datastream.int, row.time, row.id.int))
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                municipality,
                uuids(row.id for row in rows),
                uuids(row.datastream for row in rows),
                moments(row.time for row in rows),
                moments(row.received_at for row in rows),
                numbers(row.result for row in rows),
                numbers(int(row.quality) for row in rows),
                texts(row.parameters for row in rows),
            ],
        )
        return {found for (found,) in cursor.fetchall()}


def widen(municipality: str, times: Iterable[tuple[uuid.UUID, datetime]]) -> None:
    """Let each datastream know between which moments its observations lie."""
    spans: dict[uuid.UUID, tuple[datetime, datetime]] = {}
    for datastream, time in times:
        known = spans.get(datastream)
        spans[datastream] = (time, time) if known is None else (min(known[0], time), max(known[1], time))
    if not spans:
        return
    ids = list(spans)
    with connection.cursor() as cursor:
        cursor.execute(
            _WIDEN,
            [
                uuids(ids),
                moments(spans[i][0] for i in ids),
                moments(spans[i][1] for i in ids),
                municipality,
                municipality,
            ],
        )


def insert_raw(municipality: str, source: uuid.UUID, messages: Sequence[Raw]) -> None:
    """Keep messages as they came; the same one at the same moment once."""
    if not messages:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _RAW,
            [
                municipality,
                source,
                uuids(m.id for m in messages),
                moments(m.received_at for m in messages),
                uuids(m.device for m in messages),
                texts(m.topic for m in messages),
                blobs(m.raw for m in messages),
            ],
        )


def with_quality(
    municipality: str, datastreams: Collection[uuid.UUID], quality: Quality, *, since: datetime
) -> set[uuid.UUID]:
    """Ids of the observations of this quality since a moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM rounds_observation WHERE municipality_id = %s AND datastream_id = ANY(%s::uuid[])"
            " AND phenomenon_time >= %s AND quality = %s",
            [municipality, uuids(datastreams), since, int(quality)],
        )
        return {found for (found,) in cursor.fetchall()}


def text(value: str, longest: int) -> str:
    """Text that PostgreSQL can keep, of at most so many characters."""
    return value.encode(errors="replace").decode().replace("\0", "\ufffd")[:longest]


def tell(municipality: str, ids: Iterable[uuid.UUID]) -> None:
    """Tell who listens, once the transaction is committed, which observations are new."""
    wanted = sorted(str(i) for i in ids)
    with connection.cursor() as cursor:
        for start in range(0, len(wanted), TOLD_AT_ONCE):
            names = ",".join(wanted[start : start + TOLD_AT_ONCE])
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{municipality}:{names}"])
