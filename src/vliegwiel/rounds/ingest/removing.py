"""Finding, moving and removing single observations, and those of datastreams that go. All inside a scope, in the caller's
transaction; the caller has checked the rights."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from vliegwiel.base.errors import NotFound
from vliegwiel.base.prepared import prepared

from .ids import time_window

_BY_ID = """
SELECT o.datastream_id, o.phenomenon_time FROM rounds_observation AS o
WHERE o.municipality_id = %s AND o.id = %s AND o.phenomenon_time >= %s AND o.phenomenon_time < %s
"""

_MOVED = """
SELECT o.datastream_id, o.phenomenon_time FROM rounds_observationmoved AS m
JOIN rounds_observation AS o ON o.municipality_id = m.municipality_id AND o.datastream_id = m.datastream_id
  AND o.phenomenon_time = m.phenomenon_time AND o.id = m.id
WHERE m.municipality_id = %s AND m.id = %s
"""

_MOVE = """
UPDATE rounds_observation SET datastream_id = %s, phenomenon_time = %s
WHERE municipality_id = %s AND datastream_id = %s AND phenomenon_time = %s AND id = %s
"""

_REMOVE = """
DELETE FROM rounds_observation WHERE municipality_id = %s AND datastream_id = %s AND phenomenon_time = %s AND id = %s
"""

_FORGET = "DELETE FROM rounds_observationmoved WHERE municipality_id = %s AND id = %s"

_REMEMBER = """
INSERT INTO rounds_observationmoved (municipality_id, id, datastream_id, phenomenon_time) VALUES (%s, %s, %s, %s)
ON CONFLICT (municipality_id, id) DO UPDATE
SET datastream_id = excluded.datastream_id, phenomenon_time = excluded.phenomenon_time
"""

_TIMES_AGAIN = """
UPDATE rounds_datastream AS d SET phenomenon_from = t.first, phenomenon_until = t.last
FROM (SELECT min(phenomenon_time) AS first, max(COALESCE(phenomenon_end, phenomenon_time)) AS last FROM rounds_observation
      WHERE municipality_id = %s AND datastream_id = %s) AS t
WHERE d.municipality_id = %s AND d.id = %s
"""


class Place(NamedTuple):
    """Where an observation stands: what its key is made of, beside its id."""

    datastream: uuid.UUID
    time: datetime


def find(municipality: str, row: uuid.UUID) -> Place | None:
    """Where the observation with this id is; None when there is none. Looks in one month only."""
    with prepared() as cursor:
        for sql, values in ((_BY_ID, [*time_window(row)]), (_MOVED, [])):
            cursor.execute(sql, [municipality, row, *values])
            if found := cursor.fetchone():
                return Place(*found)
    return None


def _found(municipality: str, row: uuid.UUID) -> Place:
    if (place := find(municipality, row)) is None:
        raise NotFound("Deze waarneming is er niet.")
    return place


def move(municipality: str, row: uuid.UUID, time: datetime, *, datastream: uuid.UUID | None = None) -> None:
    """Give an observation another moment, and another datastream where that is given. Raises `NotFound`."""
    was = _found(municipality, row)
    stream = datastream or was.datastream
    with prepared() as cursor:
        cursor.execute(_MOVE, [stream, time, municipality, *was, row])
        first, until = time_window(row)
        if first <= time < until:
            cursor.execute(_FORGET, [municipality, row])
        else:
            cursor.execute(_REMEMBER, [municipality, row, stream, time])
    for changed in {stream, was.datastream}:
        times_again(municipality, changed)


def remove_observation(municipality: str, row: uuid.UUID) -> None:
    """Remove one observation. Raises `NotFound`."""
    place = _found(municipality, row)
    with prepared() as cursor:
        cursor.execute(_REMOVE, [municipality, *place, row])
        cursor.execute(_FORGET, [municipality, row])
    times_again(municipality, place.datastream)


def remove_observations_of(municipality: str, datastreams: Collection[uuid.UUID]) -> int:
    """Remove all observations of datastreams that go; returns how many there were."""
    with prepared() as cursor:
        cursor.execute(
            "DELETE FROM rounds_observation WHERE municipality_id = %s AND datastream_id = ANY(%s::uuid[])",
            [municipality, sorted(datastreams)],
        )
        return int(cursor.rowcount)


def times_again(municipality: str, datastream: uuid.UUID) -> None:
    """Work out anew between which moments the observations of a datastream lie."""
    with prepared() as cursor:
        cursor.execute(_TIMES_AGAIN, [municipality, datastream, municipality, datastream])
