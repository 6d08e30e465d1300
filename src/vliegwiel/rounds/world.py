"""The demonstration's made-up world, and how it hears of what the platform did: a container that was emptied is empty.

Only in the demonstration. A real container is emptied by a real truck, and its sensor sees that by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import connection
from django.db.models import OuterRef, Subquery

from vliegwiel.base.clock import now
from vliegwiel.base.tenancy import scope

from .decoding.messages import Quantity
from .models import Channel, Container, Forecast

CHANNEL = "rounds_world"
USUAL_RATE = 12.0
"""Percent a day, for a container of which nothing is known."""
SILENT = timedelta(hours=30)
LEEG_MM, VOL_MM = 2600.0, 350.0


class Simulated(msgspec.Struct, frozen=True):
    """A container as the fleet of simulated sensors takes it up (`simulators/sensors`)."""

    code: str
    device: str
    kind: str
    level: float
    at: datetime
    rate: float
    leeg_mm: float
    vol_mm: float
    silent: bool


class SimulatedWorld(msgspec.Struct, frozen=True):
    """The containers of a municipality, for the fleet."""

    municipality: str
    containers: tuple[Simulated, ...]


def fleet_of(municipality: str) -> SimulatedWorld:
    """Containers with a sensor, as full as they were last seen and filling as fast as is expected."""
    moment = now()
    with scope(municipality):
        newest = Forecast.objects.filter(container_id=OuterRef("pk")).order_by("-made_at")
        rates = dict(
            Container.objects.annotate(rate=Subquery(newest.values("rate_mean")[:1])).values_list("thing_id", "rate")
        )
        codes = dict(Container.objects.values_list("thing_id", "code"))
        channels = list(
            Channel.objects.filter(name=Quantity.FILL_LEVEL, device__active=True, device__thing__isnull=False)
            .select_related("device")
            .order_by("device__device_eui")
        )
    found = [
        Simulated(
            code=codes[channel.device.thing_id],
            device=channel.device.device_eui,
            kind=channel.device.decoder,
            level=channel.last_result or 0.0,
            # From now on, also for what was seen long ago: nobody puts in a week's rubbish in a second.
            at=moment,
            rate=rates.get(channel.device.thing_id) or USUAL_RATE,
            leeg_mm=float(channel.device.mounting.get("leeg_mm", LEEG_MM)),
            vol_mm=float(channel.device.mounting.get("vol_mm", VOL_MM)),
            silent=channel.last_time is not None and moment - channel.last_time > SILENT,
        )
        for channel in channels
        if channel.device.thing_id in codes
    ]
    return SimulatedWorld(municipality, tuple(found))


def write_fleet(municipality: str, path: Path) -> int:
    """Write down the world that the fleet lives in; returns how many sensors there are."""
    world = fleet_of(municipality)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(msgspec.json.encode(world))
    fresh.replace(path)
    return len(world.containers)


def tell_emptied(code: str, at: datetime) -> None:
    """Let the made-up world know that a container was emptied, once the open transaction is committed. Without effect in
    production."""
    if settings.MODE == "production":
        return
    told = msgspec.json.encode({"container": code, "at": at}).decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, told])
