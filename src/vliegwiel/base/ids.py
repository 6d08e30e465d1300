"""Identifiers: UUID version 7 (RFC 9562), ordered by time so that indexes stay compact."""

from __future__ import annotations

import os
import threading
import time
import uuid

_lock = threading.Lock()
_last = 0


def uuid7() -> uuid.UUID:
    """A new UUIDv7. Within one process the values strictly increase, also inside a millisecond (RFC 9562, method 1)."""
    global _last
    millis = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    # 48 bits time, then 12 + 62 bits random; the version and variant bits are put in below.
    value = (millis << 74) | (random & ((1 << 74) - 1))
    with _lock:
        if value <= _last:
            value = _last + 1
        _last = value
    high, low = value >> 62, value & ((1 << 62) - 1)
    return uuid.UUID(int=((high >> 12) << 80) | (0x7 << 76) | ((high & 0xFFF) << 64) | (0b10 << 62) | low)
