"""Reads of readings that more than one face needs: the history of a container, the levels a forecast is made of, how the
sensors do. (What concerns plans and trucks is in `operations/`.)

Readings are many. They are read from the index alone and travel as binary columns, not as Python objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np
import numpy.typing as npt
from django.db import connection

from vliegwiel.base.clock import local, now
from vliegwiel.base.prepared import prepared
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .models import USABLE, Emptying, EmptyingSource
from .observed import LEVEL

SAME_EMPTYING: Final = timedelta(hours=12)
"""What a sensor, a driver and a scale tell within this time is one emptying: no container is emptied twice a shift."""
SAME_LIFT: Final = timedelta(minutes=30)
"""Two weighings this near are lifts of one visit."""

_SIGNATURE = b"PGCOPY\n\xff\r\n\x00"
_HEADER = len(_SIGNATURE) + 8

_STREAMS = """
SELECT s.id FROM rounds_datastream AS s
JOIN rounds_container AS k ON k.municipality_id = s.municipality_id AND k.thing_id = s.thing_id
JOIN rounds_observedproperty AS p ON p.municipality_id = s.municipality_id AND p.id = s.observed_property_id
WHERE k.id = %s AND p.definition = %s
"""

_LEVELS = """
COPY (
  SELECT EXTRACT(epoch FROM phenomenon_time)::float8, result, quality::int4 FROM rounds_observation
  WHERE municipality_id = %s AND datastream_id = ANY(%s::uuid[]) AND phenomenon_time >= %s AND phenomenon_time < %s
    AND result IS NOT NULL
) TO STDOUT (FORMAT BINARY)
"""

_ALL_STREAMS = """
SELECT (c.row - 1)::int, s.id FROM unnest(%s::uuid[]) WITH ORDINALITY AS c(container, row)
JOIN rounds_container AS k ON k.municipality_id = %s AND k.id = c.container
JOIN rounds_datastream AS s ON s.municipality_id = k.municipality_id AND s.thing_id = k.thing_id
JOIN rounds_observedproperty AS p ON p.municipality_id = s.municipality_id AND p.id = s.observed_property_id
  AND p.definition = %s
ORDER BY c.row, s.id
"""

# A stream at a time, from the key's index: a join over all of them sorts all readings of a town at once.
_ALL_LEVELS = """
COPY (
  SELECT c.row, EXTRACT(epoch FROM o.phenomenon_time)::float8, o.result
  FROM unnest(%s::int4[], %s::uuid[]) AS c(row, stream)
  CROSS JOIN LATERAL (
    SELECT DISTINCT ON (bin) date_bin(%s::interval, r.phenomenon_time, TIMESTAMPTZ '2000-01-01 00:00:00+00') AS bin,
           r.phenomenon_time, r.result
    FROM rounds_observation AS r
    WHERE r.municipality_id = %s AND r.datastream_id = c.stream AND r.phenomenon_time >= %s AND r.phenomenon_time < %s
      AND r.result IS NOT NULL AND r.quality = ANY(%s::smallint[])
    ORDER BY bin, r.phenomenon_time DESC
  ) AS o
) TO STDOUT (FORMAT BINARY)
"""

_TODAY = """
SELECT count(*), count(*) FILTER (WHERE d.last_seen >= %s),
       COALESCE(sum(d.messages) FILTER (WHERE d.counted_on = %s), 0),
       COALESCE(sum(d.duplicates) FILTER (WHERE d.counted_on = %s), 0),
       COALESCE(sum(d.late) FILTER (WHERE d.counted_on = %s), 0)
FROM rounds_device AS d WHERE d.municipality_id = %s AND d.active
"""

_FAULTS = """
SELECT f.kind, f.since, f.last_seen, f.evidence, d.device_eui, k.code
FROM rounds_sensorfault AS f
JOIN rounds_device AS d ON d.municipality_id = f.municipality_id AND d.id = f.device_id
LEFT JOIN rounds_container AS k ON k.municipality_id = d.municipality_id AND k.thing_id = d.thing_id
WHERE f.municipality_id = %s AND f.until IS NULL
ORDER BY f.since DESC, f.id LIMIT %s
"""

_ASIDE = """
SELECT code, sum(times)::bigint, max(received_at), (array_agg(reason ORDER BY received_at DESC))[1]
FROM rounds_setaside WHERE municipality_id = %s AND solved_at IS NULL
GROUP BY code ORDER BY 2 DESC LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class LevelPoint:
    """A reading of the level: percent, and its worth (`models.Quality`)."""

    at: datetime
    level: float
    quality: int


@dataclass(frozen=True, slots=True)
class LevelTable:
    """Usable readings of many containers side by side: `container` [m] is the row in `containers`, `at` [m] seconds since 1970
    (UTC), `level` [m] percent. By container, then moment."""

    containers: tuple[UUID, ...]
    container: npt.NDArray[np.int64]
    at: npt.NDArray[np.float64]
    level: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Emptied:
    """An emptying, however we know of it: `sources` says by whom. Kilograms come from the scale, levels from the sensor."""

    at: datetime
    sources: tuple[str, ...]
    kilograms: float | None
    litres: float | None
    level_before: float | None
    level_after: float | None


@dataclass(frozen=True, slots=True)
class FaultNow:
    """A fault of a sensor that is there now. `container` is a code, empty for a sensor that hangs in none."""

    kind: str
    since: datetime
    last_seen: datetime
    evidence: str
    device: str
    container: str


@dataclass(frozen=True, slots=True)
class AsideNow:
    """How many messages are kept aside for one reason, with the newest sentence that says why."""

    code: str
    times: int
    newest: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class SensorOverview:
    """How the sensors do: devices, those heard of in 24 hours, and of today's messages how many were duplicates or late."""

    devices: int
    heard: int
    messages: int
    duplicates: int
    late: int
    faults: tuple[FaultNow, ...]
    aside: tuple[AsideNow, ...]


def _columns(sql: str, values: Sequence[object], kinds: Sequence[tuple[str, str]]) -> npt.NDArray[np.void]:
    """What a binary COPY gives, as columns: no column may be null. `kinds` are names with `i4` or `f8`."""
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds:
        fields += [(f"{name}_length", ">i4"), (name, f">{kind}")]
    dtype = np.dtype(fields)
    connection.ensure_connection()
    raw = connection.connection
    assert raw is not None
    # The driver's own cursor: Django's, when it logs statements, knows another `copy`.
    with connection.wrap_database_errors, raw.cursor() as cursor, cursor.copy(sql, values) as copy:
        content = b"".join(bytes(part) for part in copy)
    rows = (len(content) - _HEADER - 2) // dtype.itemsize  # after the rows come two bytes: the end
    return np.frombuffer(content, dtype=dtype, count=rows, offset=_HEADER)


def levels_of(container: UUID, since: datetime, until: datetime, *, most: int = 1500) -> tuple[LevelPoint, ...]:
    """The readings of the level of a container from `since` until before `until`, in order, of all qualities. Inside a scope.

    Where there are more than `most`, time is cut in equal parts and of each the lowest and the highest stay, so that no peak
    and no emptying disappears from a picture.
    """
    with prepared() as cursor:
        cursor.execute(_STREAMS, [container, LEVEL])
        streams = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT municipality_id FROM rounds_container WHERE id = %s", [container])
        owner = cursor.fetchone()
    if not streams or owner is None:
        return ()
    found = _columns(_LEVELS, [owner[0], streams, since, until], (("at", "f8"), ("level", "f8"), ("quality", "i4")))
    found = found[np.argsort(found["at"], kind="stable")]
    if len(found) > most:
        found = found[_telling(found["at"], found["level"], since.timestamp(), until.timestamp(), max(most // 2, 1))]
    return tuple(
        LevelPoint(datetime.fromtimestamp(at, UTC), level, quality)
        for at, level, quality in zip(
            found["at"].tolist(), found["level"].tolist(), found["quality"].tolist(), strict=True
        )
    )


def _telling(
    at: npt.NDArray[np.float64], level: npt.NDArray[np.float64], since: float, until: float, parts: int
) -> npt.NDArray[np.int64]:
    """Rows of the lowest and highest reading of each part of the time, in order."""
    part = np.clip(((at - since) / max(until - since, 1.0) * parts).astype(np.int64), 0, parts - 1)
    order = np.lexsort((level, part))
    first = np.flatnonzero(np.diff(part[order], prepend=-1))
    last = np.append(first[1:], len(order)) - 1
    return np.unique(np.concatenate([order[first], order[last]]))


def levels_of_all(
    municipality: str,
    containers: Sequence[UUID],
    since: datetime,
    until: datetime,
    *,
    step: timedelta = timedelta(hours=4),
) -> LevelTable:
    """The usable levels of many containers, the last of each `step` of each stream. Inside a scope of `municipality`."""
    with prepared() as cursor:
        cursor.execute(_ALL_STREAMS, [list(containers), municipality, LEVEL])
        streams = cursor.fetchall()
    found = _columns(
        _ALL_LEVELS,
        [
            [row for row, _ in streams], [stream for _, stream in streams], step, municipality, since, until,
            [int(q) for q in USABLE],
        ],
        (("row", "i4"), ("at", "f8"), ("level", "f8")),
    )  # fmt: skip
    found = found[np.lexsort((found["at"], found["row"]))]
    return LevelTable(
        tuple(containers),
        found["row"].astype(np.int64),
        found["at"].astype(np.float64),
        found["level"].astype(np.float64),
    )


def emptyings_of(container: UUID, since: datetime, until: datetime) -> tuple[Emptied, ...]:
    """The emptyings of a container, in order; what several sources tell of one is one. Inside a scope."""
    rows = Emptying.objects.filter(container_id=container, at__gte=since, at__lt=until).order_by("at", "source")
    groups: list[list[Emptying]] = []
    for row in rows:
        begin = row.not_before or row.at
        near = SAME_LIFT if groups and row.source in {r.source for r in groups[-1]} else SAME_EMPTYING
        if groups and begin - groups[-1][-1].at < near:
            groups[-1].append(row)
        else:
            groups.append([row])
    return tuple(_together(group) for group in groups)


def _together(rows: Sequence[Emptying]) -> Emptied:
    # A person who was there knows the moment better than a sensor that reports each hours.
    witness = next((row for row in rows if row.source != EmptyingSource.SENSOR), rows[0])
    kilograms = [row.kilograms for row in rows if row.kilograms is not None]
    return Emptied(
        at=witness.at,
        sources=tuple(dict.fromkeys(row.source for row in rows)),
        kilograms=sum(kilograms) if kilograms else None,
        litres=next((row.litres for row in rows if row.litres is not None), None),
        level_before=next((row.level_before for row in rows if row.level_before is not None), None),
        level_after=next((row.level_after for row in rows if row.level_after is not None), None),
    )


def sensor_overview(actor: Actor, *, limit: int = 100) -> SensorOverview:
    """How the sensors of the actor's municipality do. Needs `METING_LEZEN`."""
    with scope_of(actor):
        require(actor, Right.METING_LEZEN, municipality=actor.municipality)
        moment = now()
        day = local(moment).date()
        with prepared() as cursor:
            cursor.execute(_TODAY, [moment - timedelta(hours=24), day, day, day, actor.municipality])
            devices, heard, messages, duplicates, late = cursor.fetchone()
            cursor.execute(_FAULTS, [actor.municipality, limit])
            faults = tuple(
                FaultNow(k, since, last, why, device, code or "")
                for k, since, last, why, device, code in cursor.fetchall()
            )
            cursor.execute(_ASIDE, [actor.municipality, limit])
            aside = tuple(AsideNow(*row) for row in cursor.fetchall())
        return SensorOverview(devices, heard, int(messages), int(duplicates), int(late), faults, aside)
