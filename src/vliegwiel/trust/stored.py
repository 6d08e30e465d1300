"""The stored hashes of a log: leaves and complete subtrees, by their place."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from .merkle import Coordinate, node_id


def hashes_at(municipality: str, places: Iterable[Coordinate]) -> dict[Coordinate, bytes]:
    """The hashes at these places, as far as they are stored. One statement; call it inside a scope."""
    wanted = set(places)
    if not wanted:
        return {}
    leaves = [index for level, index in wanted if level == 0]
    nodes = [node_id(level, index) for level, index in wanted if level > 0]
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT 0, index, hash FROM trust_leaf WHERE municipality_id = %s AND index = ANY(%s::bigint[])
            UNION ALL SELECT level, index, hash FROM trust_node WHERE municipality_id = %s AND id = ANY(%s::uuid[])""",
            [municipality, leaves, municipality, nodes],
        )
        return {(int(level), int(index)): bytes(hash_) for level, index, hash_ in cursor.fetchall()}
