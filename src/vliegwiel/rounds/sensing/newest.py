"""Observations by their ids, from the months their ids name: what was just stored, to tell who listens."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from vliegwiel.rounds.ingest.ids import time_window
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .entities import TYPES
from .joins import linked
from .rows import Row, columns_of, values_of
from .sql import Sql, filled

_KIND = TYPES["Observation"]
_PROPERTIES = tuple(one for one in _KIND.properties.values() if one.name != "id")
_LINKS = tuple(_KIND.relations.values())


def observations_with(actor: Actor, ids: Sequence[UUID]) -> list[Row]:
    """The observations with these ids, in the order of their moments, with the ids of their datastream and feature of interest
    in `links`. Those that were removed meanwhile are left out. Needs METING_LEZEN. One statement."""
    windows = [time_window(one) for one in ids]
    sql = filled(
        "SELECT c.* FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) k(id, first, until)"
        f" CROSS JOIN LATERAL (SELECT o.id{{0}}{{1}} FROM {_KIND.table} o WHERE o.municipality_id = {{2}}"
        " AND o.id = k.id AND o.phenomenon_time >= k.first AND o.phenomenon_time < k.until) c",
        columns_of("o", _PROPERTIES),
        _links(actor.municipality),
        Sql("%s", (actor.municipality,)),
    )
    with scope_of(actor):
        require(actor, Right.METING_LEZEN, municipality=actor.municipality)
        with connection.cursor() as cursor:
            values = [list(ids), [first for first, _ in windows], [until for _, until in windows], *sql.values]
            cursor.execute(sql.text, values)
            return [_row(cells) for cells in cursor.fetchall()]


def _links(municipality: str) -> Sql:
    found = Sql("")
    for number, relation in enumerate(_LINKS):
        found = found + ", " + linked(_KIND, "o", relation, municipality) + f" AS link{number}"
    return found


def _row(cells: Sequence[object]) -> Row:
    rest = iter(cells)
    the_id = next(rest)
    assert isinstance(the_id, UUID)
    row = Row(_KIND, the_id, values_of(_PROPERTIES, rest))
    for relation in _LINKS:
        to = next(rest)
        row.links[relation.name] = to if isinstance(to, UUID) else None
    return row
