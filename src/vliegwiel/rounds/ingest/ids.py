"""Ids of observations and raw messages: UUIDs (RFC 9562, version 8) that hold the moment and follow from what they name.

The first 48 bits are milliseconds since 1970, as in version 7, so that an id alone leads to the right month. The rest is a
hash of what makes the row the same row, so that storing it twice is storing it once without asking first.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND, _MICROSECOND = timedelta(milliseconds=1), timedelta(microseconds=1)
_LARGEST = (1 << 48) - 1
_TAIL = (1 << 74) - 1


def _made(moment: datetime, digest: bytes) -> uuid.UUID:
    millis = min(max((moment - _EPOCH) // _MILLISECOND, 0), _LARGEST)
    random = int.from_bytes(digest) & _TAIL
    return uuid.UUID(
        int=(millis << 80) | (0x8 << 76) | ((random >> 62) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    )


def observation_id(
    datastream: uuid.UUID, moment: datetime, mark: bytes = b"", *, claimed: datetime | None = None
) -> uuid.UUID:
    """The id of the observation of a datastream at a moment (aware). `mark` tells two at the same moment apart.

    `claimed` is the moment a sensor with a wrong clock gave, where `moment` had to be another one: the tail follows from it.
    """
    micros = ((claimed or moment) - _EPOCH) // _MICROSECOND
    return _made(moment, blake2b(datastream.bytes + micros.to_bytes(9, signed=True) + mark, digest_size=10).digest())


def message_id(moment: datetime, *parts: bytes) -> uuid.UUID:
    """The id of a raw message that the network took in at `moment`; `parts` are what it consists of."""
    digest = blake2b(digest_size=10)
    for part in parts:
        digest.update(len(part).to_bytes(4) + part)
    return _made(moment, digest.digest())


def tail(row: uuid.UUID) -> int:
    """What an id says apart from its moment."""
    return row.int & ((1 << 80) - 1)


def time_window(row: uuid.UUID) -> tuple[datetime, datetime]:
    """From (included) and until (not included) between which the moment lies that an id of version 7 or 8 tells.

    Exceptions stand in `ObservationMoved`: moments before 1970, or changed after the id was given.
    """
    begin = _EPOCH + (min(row.int >> 80, _LAST)) * _MILLISECOND
    return begin, begin + _MILLISECOND


_LAST = (datetime(9999, 12, 31, tzinfo=UTC) - _EPOCH) // _MILLISECOND
