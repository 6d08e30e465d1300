"""What exactly is hashed: the bytes of an event as a leaf of the log.

A leaf is canonical JSON (RFC 8785) with these members and no others, so that anyone who is given a row can compute it:

| member | what |
| --- | --- |
| `v` | 1, the version of this form |
| `id`, `municipality`, `kind` | as in the row |
| `recorded_at` | UTC with microseconds: `2026-11-24T08:00:40.051101Z` |
| `xid` | number of the transaction that wrote it, as text |
| `zaak` | id of the case, or null |
| `actor` | `kind`, `municipality`, `id` |
| `payload` | the open part |
| `key`, `personal` | id of the key and the ciphertext in base64, or null; so the ciphertext is hashed, never the plain text |
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import UUID

from .canonical import encode


class EventRow(NamedTuple):
    """A row of the table of events, as the database gives it."""

    id: UUID
    municipality: str
    recorded_at: datetime
    xid: str
    kind: str
    zaak_id: UUID | None
    actor_kind: str
    actor_municipality: str
    actor_id: str
    payload: str
    key_id: UUID | None
    personal: bytes | memoryview | None


# The columns of each are those of `EventRow`, in its order.
READY = """
    SELECT e.id, e.municipality_id, e.recorded_at, e.xid::text, e.kind, e.zaak_id, e.actor_kind, e.actor_municipality,
        e.actor_id, e.payload::text, e.key_id, e.personal
    FROM trust_event e
    WHERE e.municipality_id = %(m)s AND e.xid >= %(from)s::xid8 AND e.xid < %(to)s::xid8
    AND NOT EXISTS (SELECT 1 FROM trust_leaf l WHERE l.municipality_id = e.municipality_id AND l.id = e.id)
    ORDER BY e.xid, e.id LIMIT %(batch)s"""
# After a restore a number at or above the next one this server will give out is from before it, and final.
READY_RESTORED = """
    SELECT e.id, e.municipality_id, e.recorded_at, e.xid::text, e.kind, e.zaak_id, e.actor_kind, e.actor_municipality,
        e.actor_id, e.payload::text, e.key_id, e.personal
    FROM trust_event e
    WHERE e.municipality_id = %(m)s AND (e.xid < %(to)s::xid8 OR e.xid >= %(unborn)s::xid8)
    AND NOT EXISTS (SELECT 1 FROM trust_leaf l WHERE l.municipality_id = e.municipality_id AND l.id = e.id)
    ORDER BY e.xid, e.id LIMIT %(batch)s"""
# Place, hash and event id of each leaf, then its event as it is now (nothing where there is none).
SEALED = """
    SELECT l.index, l.hash, l.id,
        e.id, e.municipality_id, e.recorded_at, e.xid::text, e.kind, e.zaak_id, e.actor_kind, e.actor_municipality,
        e.actor_id, e.payload::text, e.key_id, e.personal
    FROM trust_leaf l LEFT JOIN trust_event e
        ON e.municipality_id = l.municipality_id AND e.recorded_at = l.recorded_at AND e.id = l.id
    WHERE l.municipality_id = %(m)s AND l.index >= %(from)s AND l.index < %(to)s
    ORDER BY l.index LIMIT %(batch)s"""


def leaf_bytes(row: EventRow) -> bytes:
    """The bytes of the leaf. Raises `ValueError` or `TypeError` for a row `append` can never have written."""
    return encode(
        {
            "v": 1,
            "id": str(row.id),
            "municipality": row.municipality,
            "recorded_at": row.recorded_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
            "xid": row.xid,
            "kind": row.kind,
            "zaak": None if row.zaak_id is None else str(row.zaak_id),
            "actor": {"kind": row.actor_kind, "municipality": row.actor_municipality, "id": row.actor_id},
            "payload": json.loads(row.payload),
            "key": None if row.key_id is None else str(row.key_id),
            "personal": None if row.personal is None else base64.b64encode(row.personal).decode(),
        }
    )
