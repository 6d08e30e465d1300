"""What happened to many cases, for counting: the open part of their events, without anything personal.

The encrypted part is not even read. Rows come one by one from the database, so that a year of a large municipality fits.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from vliegwiel.base.tenancy import Unscoped, current_scope

from .canonical import Json

_OF_CASES = """
    SELECT e.zaak_id, e.kind, e.recorded_at, e.actor_kind, e.actor_id, e.payload::text
    FROM trust_event e
    WHERE e.municipality_id = %(m)s AND e.zaak_id IN (
        SELECT o.zaak_id FROM trust_event o
        WHERE o.municipality_id = %(m)s AND o.kind = %(kind)s AND o.recorded_at >= %(since)s)
    ORDER BY e.zaak_id, e.recorded_at, e.id"""


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event as far as it stands in the open. `actor_id` is the subject of a member of staff or the name of a job."""

    zaak_id: UUID
    kind: str
    at: datetime
    actor_kind: str
    actor_id: str
    payload: Mapping[str, Json]


def events_of_cases(municipality: str, begun_with: str, since: datetime) -> Iterator[OpenEvent]:
    """All events of the cases that had an event `begun_with` since a moment, case by case, each in order of time.

    Read it to the end inside one scope that holds the municipality. Raises `Unscoped` elsewhere.
    """
    if municipality not in current_scope():
        raise Unscoped(f"events of {municipality} were asked outside its municipality scope")
    with connection.chunked_cursor() as cursor:
        cursor.execute(_OF_CASES, {"m": municipality, "kind": begun_with, "since": since})
        for zaak, kind, at, actor_kind, actor_id, payload in cursor:
            yield OpenEvent(zaak, kind, at, actor_kind, actor_id, json.loads(payload))
