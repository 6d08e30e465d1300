"""Emptyings seen in the fill level: found again over the days around what came in, so that readings that arrive late, twice
or in another order lead to the same emptyings as readings in order."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db import connection

from vliegwiel.base.ids import uuid7

from ..models.operating import EmptyingSource
from ..models.sensing import USABLE
from .emptying import Fall, falls

AROUND = timedelta(days=2)
"""An emptying this near to what came in may be another one now."""
LOOKED_AT = timedelta(days=4)
"""What is read around it, so that the nearest emptyings have the readings before and after them."""

_CONTAINERS = """
SELECT s.id, k.id FROM rounds_datastream AS s
JOIN rounds_container AS k ON k.municipality_id = s.municipality_id AND k.thing_id = s.thing_id
WHERE s.municipality_id = %s AND s.id = ANY(%s::uuid[]) ORDER BY s.id
"""

# A stream at a time (the order keeps PostgreSQL from joining all at once), from the index of the key.
_READINGS = """
SELECT w.datastream, o.phenomenon_time, o.result
FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) AS w(datastream, first, last)
CROSS JOIN LATERAL (
  SELECT r.phenomenon_time, r.result FROM rounds_observation AS r
  WHERE r.municipality_id = %s AND r.datastream_id = w.datastream AND r.phenomenon_time >= w.first
    AND r.phenomenon_time <= w.last AND r.result IS NOT NULL AND r.quality = ANY(%s::smallint[])
  ORDER BY r.phenomenon_time
) AS o
"""

_FORGET = """
DELETE FROM rounds_emptying AS e
USING unnest(%s::uuid[], %s::text[], %s::timestamptz[], %s::timestamptz[]) AS w(container, reference, first, last)
WHERE e.municipality_id = %s AND e.container_id = w.container AND e.source = %s AND e.reference = w.reference
  AND e.at >= w.first AND e.at <= w.last
"""

_KEEP = """
INSERT INTO rounds_emptying
  (municipality_id, source, id, container_id, at, not_before, level_before, level_after, litres, reference)
SELECT %s, %s, n.id, n.container, n.at, n.not_before, n.before, n.after, k.litres * (n.before - n.after) / 100, n.reference
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::float8[], %s::text[])
     AS n(id, container, at, not_before, before, after, reference)
JOIN rounds_container AS k ON k.municipality_id = %s AND k.id = n.container
ON CONFLICT DO NOTHING
"""


@dataclass(slots=True)
class Touched:
    """A level that moved enough to look again: between which moments something came in."""

    first: datetime
    last: datetime

    def at(self, moment: datetime) -> None:
        """Something came in at this moment too."""
        self.first, self.last = min(self.first, moment), max(self.last, moment)


def look_again(municipality: str, touched: Mapping[uuid.UUID, Touched]) -> int:
    """Find the emptyings around what came in anew; keys are datastreams. Returns how many there are. Inside a scope."""
    if not touched:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_CONTAINERS, [municipality, list(touched)])
        containers: dict[uuid.UUID, uuid.UUID] = dict(cursor.fetchall())
        streams = list(containers)
        if not streams:
            return 0
        cursor.execute(
            _READINGS,
            [
                streams,
                [touched[s].first - LOOKED_AT for s in streams],
                [touched[s].last + LOOKED_AT for s in streams],
                municipality,
                [int(quality) for quality in USABLE],
            ],
        )
        rows: list[tuple[uuid.UUID, datetime, float]] = cursor.fetchall()
    found: list[tuple[uuid.UUID, Fall]] = []
    for stream, readings in groupby(sorted(rows), key=lambda row: row[0]):
        first, last = touched[stream].first - AROUND, touched[stream].last + AROUND
        found += [(stream, f) for f in falls([(at, level) for _, at, level in readings]) if first <= f.at <= last]
    _replace(municipality, {s: touched[s] for s in streams}, containers, found)
    return len(found)


def _replace(
    municipality: str,
    touched: Mapping[uuid.UUID, Touched],
    containers: Mapping[uuid.UUID, uuid.UUID],
    found: list[tuple[uuid.UUID, Fall]],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            _FORGET,
            [
                [containers[s] for s in touched],
                [str(s) for s in touched],
                [t.first - AROUND for t in touched.values()],
                [t.last + AROUND for t in touched.values()],
                municipality,
                EmptyingSource.SENSOR.value,
            ],
        )
        if not found:
            return
        cursor.execute(
            _KEEP,
            [
                municipality,
                EmptyingSource.SENSOR.value,
                [uuid7() for _ in found],
                [containers[s] for s, _ in found],
                [f.at for _, f in found],
                [f.not_before for _, f in found],
                [f.before for _, f in found],
                [f.after for _, f in found],
                [str(s) for s, _ in found],
                municipality,
            ],
        )
