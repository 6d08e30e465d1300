"""Proofs that an event is in the log, and that the log only ever grew. They hold hashes only: nothing in them is secret."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from vliegwiel.base.errors import NotFound
from vliegwiel.base.tenancy import scope

from .keystore import keystore
from .merkle import Range, consistency_ranges, inclusion_ranges, needed, range_hash
from .models import CheckpointRow, Leaf, LedgerLog
from .notes import verifier_key
from .stored import hashes_at


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """Leaf `index` with this hash is in the tree of `checkpoint`; check it with `merkle.verify_inclusion`."""

    index: int
    leaf: bytes
    size: int
    hashes: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class ConsistencyProof:
    """The log of `first` leaves is the beginning of that of `second`; check it with `merkle.verify_consistency`."""

    first: int
    second: int
    hashes: tuple[bytes, ...]


def latest_checkpoint(municipality: str) -> str | None:
    """The last signed checkpoint of a municipality's log, as text; None when nothing was sealed yet."""
    with scope(municipality):
        row = CheckpointRow.objects.order_by("-size").first()
        return None if row is None else row.note


def verifier_keys(municipality: str) -> tuple[str, ...]:
    """The public keys with which anyone can check the checkpoints of a municipality, the one in use first (C2SP signed-note)."""
    with scope(municipality):
        log = LedgerLog.objects.first()
    if log is None:
        return ()
    return tuple(verifier_key(log.origin, key.public_key()) for key in keystore().signers(municipality))


def inclusion_proof(municipality: str, event_id: UUID) -> InclusionProof:
    """Proof that an event is in the log, against the last checkpoint. Raises `NotFound` for an event that is not sealed yet."""
    with scope(municipality):
        leaf = Leaf.objects.filter(id=event_id).first()
        checkpoint = CheckpointRow.objects.order_by("-size").first()
        if leaf is None or checkpoint is None:
            raise NotFound("Deze gebeurtenis is nog niet verzegeld. Dat duurt meestal een paar tellen.")
        hashes = _hashes(municipality, inclusion_ranges(leaf.index, checkpoint.size))
        return InclusionProof(leaf.index, bytes(leaf.hash), checkpoint.size, hashes, checkpoint.note)


def consistency_proof(municipality: str, first: int, second: int) -> ConsistencyProof:
    """Proof that the log of `first` leaves is the beginning of that of `second`. Raises `NotFound` beyond what is sealed."""
    with scope(municipality):
        log = LedgerLog.objects.first()
        if log is None or not 0 <= first <= second <= log.size:
            raise NotFound("Zo lang is dit logboek niet.")
        return ConsistencyProof(first, second, _hashes(municipality, consistency_ranges(first, second)))


def _hashes(municipality: str, ranges: tuple[Range, ...]) -> tuple[bytes, ...]:
    stored = hashes_at(municipality, needed(ranges))
    return tuple(range_hash(start, end, stored) for start, end in ranges)
