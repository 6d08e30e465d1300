"""Does what happened on one case still stand in the log as it was written? The check of `verification`, for a few events.

Each event is hashed again as it is now, and its place is proven against the last signed checkpoint. So a changed event
shows on the page of the case, in milliseconds; whether something was left out of the whole log, only `verify` can say.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from vliegwiel.base.tenancy import scope

from .keystore import keystore
from .leaves import EventRow, leaf_bytes
from .merkle import inclusion_ranges, leaf_hash, needed, range_hash, verify_inclusion
from .models import CheckpointRow
from .notes import BadNote, Checkpoint, open_checkpoint
from .stored import hashes_at

# The columns after the first two are those of `EventRow`, in its order.
_EVENTS = """
    SELECT l.index, l.hash,
        e.id, e.municipality_id, e.recorded_at, e.xid::text, e.kind, e.zaak_id, e.actor_kind, e.actor_municipality,
        e.actor_id, e.payload::text, e.key_id, e.personal
    FROM trust_event e LEFT JOIN trust_leaf l ON l.municipality_id = e.municipality_id AND l.id = e.id
    WHERE e.municipality_id = %s AND e.zaak_id = %s ORDER BY l.index"""


@dataclass(frozen=True, slots=True)
class CaseChain:
    """How the events of a case stand in the log: proven, still waiting for the sealer, or not as they were written."""

    proven: int
    waiting: int
    broken: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Sealed:
    index: int
    hash: bytes
    event: EventRow


def chain_of(municipality: str, zaak_id: UUID) -> CaseChain:
    """Check the events of one case. Three statements; nothing personal is opened."""
    with scope(municipality):
        with connection.cursor() as cursor:
            cursor.execute(_EVENTS, [municipality, zaak_id])
            rows = cursor.fetchall()
        checkpoint = _checkpoint(municipality)
        if checkpoint is None:
            return CaseChain(0, len(rows), ())
        sealed = [
            _Sealed(int(index), bytes(hash_), EventRow(*event))
            for index, hash_, *event in rows
            if index is not None and index < checkpoint.size
        ]
        places = {line.index: inclusion_ranges(line.index, checkpoint.size) for line in sealed}
        stored = hashes_at(municipality, {place for ranges in places.values() for place in needed(ranges)})
    broken = []
    for line in sealed:
        try:
            proof = [range_hash(start, end, stored) for start, end in places[line.index]]
            leaf = leaf_hash(leaf_bytes(line.event))
        except (KeyError, TypeError, ValueError):
            # A hash that is gone, or content that was never written so.
            broken.append(line.event.id)
            continue
        if leaf != line.hash or not verify_inclusion(leaf, line.index, checkpoint.size, proof, checkpoint.root):
            broken.append(line.event.id)
    return CaseChain(len(sealed) - len(broken), len(rows) - len(sealed), tuple(broken))


def _checkpoint(municipality: str) -> Checkpoint | None:
    """The last checkpoint that really is signed by us; None when there is none yet."""
    publics = [signer.public_key() for signer in keystore().signers(municipality)]
    row = CheckpointRow.objects.filter(municipality_id=municipality).order_by("-size").first()
    if row is None:
        return None
    try:
        return open_checkpoint(row.note, publics)
    except BadNote:
        # Nothing can be proven against it; every event then counts as not as it was.
        return Checkpoint("", row.size, b"", row.note)
