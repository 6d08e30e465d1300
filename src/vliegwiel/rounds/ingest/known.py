"""What is known of the devices in a batch: their channels, and what these said last."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from vliegwiel.base.clock import local

from ..decoding.messages import Quantity
from .arrays import moments, numbers, uuids
from .judging import ChannelState

WATCHED = frozenset({Quantity.FILL_LEVEL, Quantity.DISTANCE})
"""Quantities that move in a container in use; a temperature or a full battery may stay the same for weeks."""

# The lock first, in one order for all; what was said last is read after it, so that nobody works with what is old.
_LOCK = """
SELECT id, device_eui, counted_on, messages, duplicates, late, last_seen FROM rounds_device
WHERE municipality_id = %s AND source_id = %s AND device_eui = ANY(%s::text[]) ORDER BY id FOR NO KEY UPDATE
"""

_CHANNELS = """
SELECT device_id, id, name, datastream_id, low, high, last_time, last_result, same_since, same_count FROM rounds_channel
WHERE municipality_id = %s AND device_id = ANY(%s::uuid[])
"""

_KEEP_CHANNELS = """
UPDATE rounds_channel AS c
SET last_time = new.last_time, last_result = new.last_result, same_since = new.same_since, same_count = new.same_count
FROM unnest(%s::uuid[], %s::timestamptz[], %s::float8[], %s::timestamptz[], %s::int[])
     AS new(id, last_time, last_result, same_since, same_count)
WHERE c.municipality_id = %s AND c.id = new.id
"""

_KEEP_DEVICES = """
UPDATE rounds_device AS d
SET counted_on = new.counted_on, messages = new.messages, duplicates = new.duplicates, late = new.late,
    last_seen = GREATEST(d.last_seen, new.last_seen)
FROM unnest(%s::uuid[], %s::date[], %s::int[], %s::int[], %s::int[], %s::timestamptz[])
     AS new(id, counted_on, messages, duplicates, late, last_seen)
WHERE d.municipality_id = %s AND d.id = new.id
"""


@dataclass(slots=True)
class KnownChannel:
    """A channel of a device."""

    id: uuid.UUID
    name: str
    datastream: uuid.UUID
    state: ChannelState
    changed: bool = False

    @property
    def tells_level(self) -> bool:
        """Whether it says how full something is, in percent."""
        return self.name == Quantity.FILL_LEVEL


@dataclass(slots=True)
class KnownDevice:
    """A device and how many of its messages of the day were duplicates or late."""

    id: uuid.UUID
    counted_on: date | None
    messages: int
    duplicates: int
    late: int
    last_seen: datetime | None
    channels: dict[str, KnownChannel] = field(default_factory=dict)

    def count(self, moment: datetime, *, duplicate: bool, late: bool) -> None:
        """A message more, on the Dutch day of `moment`; another day starts anew."""
        day = local(moment).date()
        if day != self.counted_on:
            self.counted_on, self.messages, self.duplicates, self.late = day, 0, 0, 0
        self.messages += 1
        self.duplicates += duplicate
        self.late += late

    def seen(self, moment: datetime) -> None:
        """It was there at `moment`."""
        self.last_seen = moment if self.last_seen is None else max(self.last_seen, moment)


def known(municipality: str, source: uuid.UUID, names: Collection[str]) -> dict[str, KnownDevice]:
    """The devices of a source by their EUI, locked until the end of the transaction. Inside a scope."""
    if not names:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [municipality, source, sorted(names)])
        devices = {row[1]: KnownDevice(row[0], *row[2:]) for row in cursor.fetchall()}
        by_id = {device.id: device for device in devices.values()}
        cursor.execute(_CHANNELS, [municipality, uuids(by_id)])
        for device, channel, name, datastream, low, high, *said in cursor.fetchall():
            state = ChannelState(low, high, name in WATCHED, *said)
            by_id[device].channels[name] = KnownChannel(channel, name, datastream, state)
    return devices


def keep(municipality: str, devices: Iterable[KnownDevice]) -> None:
    """Write down what the devices said last."""
    rows = list(devices)
    if not rows:
        return
    states = [(c.id, c.state) for device in rows for c in device.channels.values() if c.changed]
    with connection.cursor() as cursor:
        if states:
            cursor.execute(
                _KEEP_CHANNELS,
                [
                    uuids(i for i, _ in states),
                    moments(s.last_time for _, s in states),
                    numbers(s.last_result for _, s in states),
                    moments(s.same_since for _, s in states),
                    numbers(s.same_count for _, s in states),
                    municipality,
                ],
            )
        cursor.execute(
            _KEEP_DEVICES,
            [
                uuids(d.id for d in rows),
                moments(d.counted_on for d in rows),
                numbers(d.messages for d in rows),
                numbers(d.duplicates for d in rows),
                numbers(d.late for d in rows),
                moments(d.last_seen for d in rows),
                municipality,
            ],
        )
