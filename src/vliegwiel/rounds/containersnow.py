"""Containers as they are now, for who is told about all of them at once (open data, other platforms)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import today
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .decoding.messages import Quantity
from .models import Fraction

MOST: Final = 50_000
"""Containers of one municipality; the largest have about 20,000 underground."""

_NOW = """
SELECT c.code, c.fraction, c.litres, c.kilograms_full, c.address, c.district, c.lon, c.lat, c.active_from,
       l.last_result, l.last_time, (SELECT max(e.at) FROM rounds_emptying e
         WHERE e.municipality_id = c.municipality_id AND e.container_id = c.id),
       ARRAY(SELECT d.id FROM rounds_device d
         WHERE d.municipality_id = c.municipality_id AND d.thing_id = c.thing_id AND d.active ORDER BY d.id)
FROM rounds_container c
LEFT JOIN LATERAL (
  SELECT n.last_result, n.last_time FROM rounds_device d
  JOIN rounds_channel n ON n.municipality_id = d.municipality_id AND n.device_id = d.id AND n.name = %s
  WHERE d.municipality_id = c.municipality_id AND d.thing_id = c.thing_id AND n.last_time IS NOT NULL
  ORDER BY n.last_time DESC LIMIT 1
) l ON true
WHERE c.municipality_id = %s AND (c.active_from IS NULL OR c.active_from <= %s)
  AND (c.active_until IS NULL OR c.active_until >= %s)
ORDER BY c.code LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class ContainerNow:
    """A container that stands in the street today. `level` in percent with the moment it was measured; None without a sensor
    that ever reported."""

    code: str
    fraction: Fraction
    litres: float
    kilograms_full: float
    address: str
    district: str
    lon: float
    lat: float
    since: date | None
    level: float | None
    measured_at: datetime | None
    emptied_at: datetime | None
    devices: tuple[UUID, ...]


def containers_now(actor: Actor) -> tuple[ContainerNow, ...]:
    """All containers of the actor's municipality that stand in the street today, by code. One statement.

    Needs METING_LEZEN.
    """
    with scope_of(actor):
        require(actor, Right.METING_LEZEN, municipality=actor.municipality)
        with connection.cursor() as cursor:
            day = today()
            cursor.execute(_NOW, [Quantity.FILL_LEVEL.value, actor.municipality, day, day, MOST])
            return tuple(_read(*row) for row in cursor.fetchall())


def _read(
    code: str, fraction: str, litres: float, kilograms_full: float, address: str, district: str, lon: float, lat: float,
    since: date | None, level: float | None, measured_at: datetime | None, emptied_at: datetime | None,
    devices: list[UUID],
) -> ContainerNow:  # fmt: skip
    return ContainerNow(
        code, Fraction(fraction), litres, kilograms_full, address, district, lon, lat, since, level, measured_at, emptied_at,
        tuple(devices),
    )  # fmt: skip
