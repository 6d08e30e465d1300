"""What is known of the devices in a batch: their channels, what these said last, and the container they hang in."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from vliegwiel.base.clock import local
from vliegwiel.base.prepared import prepared

from ..decoding.messages import Quantity
from .judging import ChannelState

WATCHED = frozenset({Quantity.FILL_LEVEL, Quantity.DISTANCE})
"""Quantities that move in a container in use; a temperature or a full battery may stay the same for weeks."""

# The lock first, in one order for all; what was said last is read after it, so that nobody works with what is old.
_LOCK = """
SELECT id, device_eui, counted_on, messages, duplicates, late, last_seen FROM rounds_device
WHERE municipality_id = %s AND source_id = %s AND device_eui = ANY(%s::text[]) ORDER BY id FOR NO KEY UPDATE
"""

_CHANNELS = """
SELECT c.device_id, c.id, c.name, c.datastream_id, c.low, c.high, c.last_time, c.last_result, c.same_since, c.same_count, k.id
FROM rounds_channel AS c
JOIN rounds_datastream AS s ON s.municipality_id = c.municipality_id AND s.id = c.datastream_id
LEFT JOIN rounds_container AS k ON k.municipality_id = s.municipality_id AND k.thing_id = s.thing_id
WHERE c.municipality_id = %s AND c.device_id = ANY(%s::uuid[])
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
    """A channel of a device. `container` where its thing is one."""

    id: uuid.UUID
    name: str
    datastream: uuid.UUID
    container: uuid.UUID | None
    state: ChannelState
    changed: bool = False

    @property
    def tells_level(self) -> bool:
        """Whether it says how full a container is, in percent."""
        return self.name == Quantity.FILL_LEVEL and self.container is not None


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
    with prepared() as cursor:
        cursor.execute(_LOCK, [municipality, source, sorted(names)])
        devices = {row[1]: KnownDevice(row[0], *row[2:]) for row in cursor.fetchall()}
        by_id = {device.id: device for device in devices.values()}
        cursor.execute(_CHANNELS, [municipality, list(by_id)])
        for device, channel, name, datastream, low, high, *said, container in cursor.fetchall():
            state = ChannelState(low, high, name in WATCHED, *said)
            by_id[device].channels[name] = KnownChannel(channel, name, datastream, container, state)
    return devices


def keep(municipality: str, devices: Iterable[KnownDevice]) -> None:
    """Write down what the devices said last."""
    rows = list(devices)
    if not rows:
        return
    states = [(c.id, c.state) for device in rows for c in device.channels.values() if c.changed]
    with prepared() as cursor:
        if states:
            cursor.execute(
                _KEEP_CHANNELS,
                [
                    [i for i, _ in states],
                    [s.last_time for _, s in states],
                    [s.last_result for _, s in states],
                    [s.same_since for _, s in states],
                    [s.same_count for _, s in states],
                    municipality,
                ],
            )
        cursor.execute(
            _KEEP_DEVICES,
            [
                [d.id for d in rows],
                [d.counted_on for d in rows],
                [d.messages for d in rows],
                [d.duplicates for d in rows],
                [d.late for d in rows],
                [d.last_seen for d in rows],
                municipality,
            ],
        )
