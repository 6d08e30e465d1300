"""Observations that a program posts (SensorThings 1.1, 10.2 and the extension that posts many at once, 10.4)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.base.ids import uuid7

from ..models.sensing import Quality
from . import rows
from .arrays import moments, numbers, texts, uuids
from .arrivals import NewObservation
from .ids import observation_id, time_window

_INSERT = """
INSERT INTO rounds_observation
  (municipality_id, received_at, quality, id, datastream_id, phenomenon_time, phenomenon_end, result, result_json, result_time,
   result_quality, valid_from, valid_until, parameters, feature_id)
SELECT %s, %s, %s, i, d, t, e, r, j::jsonb, rt, rq::jsonb, vf, vu, p::jsonb, f
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::float8[], %s::text[], %s::timestamptz[],
            %s::text[], %s::timestamptz[], %s::timestamptz[], %s::text[], %s::uuid[])
     AS new(i, d, t, e, r, j, rt, rq, vf, vu, p, f)
ON CONFLICT DO NOTHING
RETURNING id
"""

_RESULT_TIMES = """
WITH new AS (
  SELECT n.id, min(n.at) AS first, max(n.at) AS last FROM unnest(%s::uuid[], %s::timestamptz[]) AS n(id, at) GROUP BY n.id
), locked AS (
  SELECT d.id FROM rounds_datastream AS d JOIN new ON new.id = d.id WHERE d.municipality_id = %s
  ORDER BY d.id FOR NO KEY UPDATE OF d
)
UPDATE rounds_datastream AS d
SET result_from = LEAST(d.result_from, new.first), result_until = GREATEST(d.result_until, new.last)
FROM new JOIN locked USING (id)
WHERE d.municipality_id = %s AND d.id = new.id
"""

_MOVED = """
INSERT INTO rounds_observationmoved (municipality_id, id, datastream_id, phenomenon_time)
SELECT %s, * FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[])
ON CONFLICT DO NOTHING
"""


def store_observations(municipality: str, observations: Sequence[NewObservation]) -> list[uuid.UUID]:
    """Store what a program posts; returns the ids in the given order. Inside a scope, in the caller's transaction.

    The caller has checked rights, and that datastreams and features are there. With a `mark` an observation that was stored
    before is recognised and its id returned. No judgement on the value: a program that posts says what it means.
    """
    if not observations:
        return []
    ids = [
        observation_id(o.datastream_id, o.phenomenon_time, o.mark.encode(errors="replace") or uuid7().bytes)
        for o in observations
    ]
    order = sorted(
        range(len(ids)), key=lambda k: (observations[k].datastream_id, observations[k].phenomenon_time, ids[k])
    )
    new = [observations[k] for k in order]
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                municipality,
                now(),
                int(Quality.GOOD),
                uuids(ids[k] for k in order),
                uuids(o.datastream_id for o in new),
                moments(o.phenomenon_time for o in new),
                moments(o.phenomenon_end for o in new),
                numbers(o.result for o in new),
                texts(rows.as_json(o.result_json) for o in new),
                moments(o.result_time for o in new),
                texts(rows.as_json(o.result_quality) for o in new),
                moments(o.valid_from for o in new),
                moments(o.valid_until for o in new),
                texts(rows.as_json(o.parameters) for o in new),
                uuids(o.feature_id for o in new),
            ],
        )
        stored = {found for (found,) in cursor.fetchall()}
    fresh = [(ids[k], observations[k]) for k in order if ids[k] in stored]
    _note_times(municipality, fresh)
    rows.tell(municipality, stored)
    return ids


def _note_times(municipality: str, fresh: Sequence[tuple[uuid.UUID, NewObservation]]) -> None:
    """Let the datastreams know their times, and remember where the id does not tell the moment."""
    times = [(o.datastream_id, o.phenomenon_time) for _, o in fresh]
    times += [(o.datastream_id, o.phenomenon_end) for _, o in fresh if o.phenomenon_end is not None]
    rows.widen(municipality, times)
    results = [(o.datastream_id, o.result_time) for _, o in fresh if o.result_time is not None]
    hidden = [(row, o) for row, o in fresh if not tells(row, o)]
    with connection.cursor() as cursor:
        if results:
            streams, at = uuids(d for d, _ in results), moments(t for _, t in results)
            cursor.execute(_RESULT_TIMES, [streams, at, municipality, municipality])
        if hidden:
            cursor.execute(
                _MOVED,
                [
                    municipality,
                    [row for row, _ in hidden],
                    [o.datastream_id for _, o in hidden],
                    [o.phenomenon_time for _, o in hidden],
                ],
            )


def tells(row: uuid.UUID, observation: NewObservation) -> bool:
    """Whether the id alone leads to the observation's moment."""
    first, until = time_window(row)
    return first <= observation.phenomenon_time < until
