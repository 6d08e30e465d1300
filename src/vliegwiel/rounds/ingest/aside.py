"""Messages that could not become observations: kept as they came, with the reason. The same message twice is one row that
counts, so that a flood of rubbish does not fill the disk."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from django.db import connection

from ..decoding.messages import Reason
from .arrays import blobs, moments, numbers, texts, uuids
from .arrivals import Arrived
from .rows import text

LONGEST = 64 * 1024
"""Bytes that are kept of a message; what is longer is no message of a sensor."""

_KEEP = """
INSERT INTO rounds_setaside
  (municipality_id, source_id, id, received_at, topic, device_eui, raw, code, reason, times)
SELECT %s, %s, *
FROM unnest(%s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::bytea[], %s::text[], %s::text[], %s::int[])
ON CONFLICT (municipality_id, id) DO UPDATE
SET times = LEAST(rounds_setaside.times::bigint + excluded.times, 2147483647)::int,
    received_at = GREATEST(rounds_setaside.received_at, excluded.received_at), solved_at = NULL
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A message with the reason why it is kept aside."""

    arrived: Arrived
    code: str
    sentence: str
    device: str

    def row(self, source: uuid.UUID) -> uuid.UUID:
        """The id that the same message from the same source has again (RFC 9562, version 8)."""
        digest = blake2b(source.bytes, digest_size=16)
        for part in (self.code.encode(), self.arrived.topic.encode(errors="replace"), self.arrived.raw):
            digest.update(len(part).to_bytes(4) + part)
        return uuid.UUID(int=_version_8(digest.digest()))


def _version_8(digest: bytes) -> int:
    number = int.from_bytes(digest)
    return number & ~(0xF << 76) & ~(0b11 << 62) | (0x8 << 76) | (0b10 << 62)


def unknown(arrived: Arrived, device: str) -> Kept:
    """A message of a device that this source does not have."""
    sentence = (
        f"Het apparaat {device} is hier niet bekend. Voeg het toe aan deze bron, of laat de afzender het weglaten."
    )
    return Kept(arrived, Reason.UNKNOWN_DEVICE, sentence, device)


def keep(municipality: str, source: uuid.UUID, messages: Sequence[Kept]) -> int:
    """Keep messages aside; returns how many. Inside a scope."""
    if not messages:
        return 0
    counted: dict[uuid.UUID, tuple[Kept, int]] = {}
    for message in messages:
        row = message.row(source)
        counted[row] = (message, counted.get(row, (message, 0))[1] + 1)
    rows = sorted(counted.items(), key=lambda item: item[0])
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                municipality,
                source,
                uuids(row for row, _ in rows),
                moments(kept.arrived.received_at for _, (kept, _) in rows),
                texts(text(kept.arrived.topic, 500) for _, (kept, _) in rows),
                texts(text(kept.device, 64) for _, (kept, _) in rows),
                blobs(kept.arrived.raw[:LONGEST] for _, (kept, _) in rows),
                texts(text(kept.code, 40) for _, (kept, _) in rows),
                texts(text(kept.sentence, 300) for _, (kept, _) in rows),
                numbers(times for _, (_, times) in rows),
            ],
        )
    return len(messages)
