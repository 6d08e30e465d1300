"""Faults of sensors: begun by what a batch shows, ended by what shows that they are over, or by the sweep of every quarter."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from vliegwiel.base.clock import local
from vliegwiel.base.ids import uuid7

from ..models.sourcing import FaultKind
from .arrays import moments, texts, uuids
from .ids import time_window

OVER_AFTER = timedelta(hours=24)
"""A fault that has not been seen for so long, while the sensor did report, is over."""
DEAD_INTERVALS = 6
DEAD_AT_LEAST = timedelta(hours=24)
"""A sensor is dead when it misses so many reports in a row, and at least a day: radio in a cellar misses some."""

_OPEN = """
INSERT INTO rounds_sensorfault (municipality_id, id, device_id, kind, since, last_seen, evidence)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[])
ON CONFLICT (municipality_id, device_id, kind) WHERE until IS NULL
DO UPDATE SET last_seen = GREATEST(rounds_sensorfault.last_seen, excluded.last_seen), evidence = excluded.evidence
RETURNING xmax = 0
"""

_CLOSE = """
UPDATE rounds_sensorfault AS f SET until = GREATEST(new.until, f.since)
FROM unnest(%s::uuid[], %s::text[], %s::timestamptz[]) AS new(device, kind, until)
WHERE f.municipality_id = %s AND f.device_id = new.device AND f.kind = new.kind AND f.until IS NULL
"""

# Of sensors that send by themselves: a file or a program comes when somebody wants it to.
_SILENT = """
SELECT d.id, d.last_seen, d.interval_seconds FROM rounds_device AS d
JOIN rounds_sensorsource AS s ON s.municipality_id = d.municipality_id AND s.id = d.source_id
WHERE d.municipality_id = %s AND d.active AND s.active AND s.kind IN ('mqtt', 'webhook')
  AND (d.last_seen IS NULL OR d.last_seen < %s)
  AND NOT EXISTS (SELECT 1 FROM rounds_sensorfault AS f WHERE f.municipality_id = d.municipality_id
                  AND f.device_id = d.id AND f.kind = 'dead' AND f.until IS NULL)
"""

_OVER = """
UPDATE rounds_sensorfault AS f SET until = f.last_seen
FROM rounds_device AS d
WHERE f.municipality_id = %s AND f.until IS NULL AND f.kind NOT IN ('dead', 'stuck')
  AND f.last_seen < %s::timestamptz - make_interval(secs => %s::float8)
  AND d.municipality_id = f.municipality_id AND d.id = f.device_id AND d.last_seen > f.last_seen
"""


@dataclass(frozen=True, slots=True)
class Seen:
    """A fault that was seen: since when, when last, and what was seen (Dutch, with figures)."""

    since: datetime
    last: datetime
    evidence: str


def begin(municipality: str, seen: Mapping[tuple[uuid.UUID, FaultKind], Seen]) -> int:
    """Write down what was seen; a fault that was open already goes on. Returns how many began. Inside a scope."""
    if not seen:
        return 0
    rows = sorted(seen.items(), key=lambda item: item[0])
    with connection.cursor() as cursor:
        cursor.execute(
            _OPEN,
            [
                municipality,
                [uuid7() for _ in rows],
                [device for (device, _), _ in rows],
                [kind.value for (_, kind), _ in rows],
                [fault.since for _, fault in rows],
                [fault.last for _, fault in rows],
                [fault.evidence[:300] for _, fault in rows],
            ],
        )
        return sum(1 for (new,) in cursor.fetchall() if new)


def end(municipality: str, over: Mapping[tuple[uuid.UUID, FaultKind], datetime]) -> None:
    """Close the faults that are over, as far as they were open. Inside a scope."""
    if not over:
        return
    rows = sorted(over.items(), key=lambda item: item[0])
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE,
            [
                uuids(device for (device, _), _ in rows),
                texts(kind.value for (_, kind), _ in rows),
                moments(until for _, until in rows),
                municipality,
            ],
        )


def sweep(municipality: str, now: datetime) -> int:
    """Find the sensors that fell silent and end the faults that are over. Returns how many are newly dead. Inside a scope."""
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [municipality, now, OVER_AFTER.total_seconds()])
        cursor.execute(_SILENT, [municipality, now - DEAD_AT_LEAST])
        silent: list[tuple[uuid.UUID, datetime | None, int]] = cursor.fetchall()
    dead: dict[tuple[uuid.UUID, FaultKind], Seen] = {}
    for device, last, interval in silent:
        since = last or placed_at(device)
        if since < now - max(DEAD_AT_LEAST, DEAD_INTERVALS * timedelta(seconds=interval)):
            dead[device, FaultKind.DEAD] = Seen(since, since, _silence(since, interval, heard=last is not None))
    return begin(municipality, dead)


def placed_at(device: uuid.UUID) -> datetime:
    """When a device was added: its id (UUIDv7) holds the moment."""
    return time_window(device)[0]


def _silence(since: datetime, interval: int, *, heard: bool) -> str:
    day = f"{local(since):%d-%m-%Y %H:%M}"
    return (
        f"stil sinds {day}, verwacht elke {_hours(interval)}" if heard else f"nog nooit een bericht, geplaatst op {day}"
    )


def _hours(seconds: int) -> str:
    if seconds < 5400:
        return f"{max(round(seconds / 60), 1)} minuten"
    return f"{seconds / 3600:.0f} uur"


def number(value: float) -> str:
    """A value as Dutch people write it, at most three decimals."""
    return f"{value:.3f}".rstrip("0").rstrip(".").replace(".", ",")
