"""A municipality with a source and containers with sensors, and messages as decoding gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from vliegwiel.base.tenancy import scope
from vliegwiel.rounds.actions.containers import NewContainer, NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.decoding.messages import Quantity, Reading, Uplink
from vliegwiel.rounds.ingest.arrivals import Arrived
from vliegwiel.rounds.models import Channel, Container, Datastream, SensorSource, SourceKind
from vliegwiel.trust.identity import System

LEIDEN, UTRECHT = "GM0546", "GM0344"
PLATFORM = System(LEIDEN, "proef")
START = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOTH = (Quantity.FILL_LEVEL, Quantity.TEMPERATURE)


@dataclass(frozen=True)
class District:
    """Containers C1… with sensors of one source, by code."""

    source: UUID
    streams: dict[str, UUID]

    def datastream(self, code: str) -> Datastream:
        return Datastream.objects.get(id=self.streams[code])


def container(code: str, **more: object) -> NewContainer:
    values: dict[str, object] = {
        "code": code, "fraction": "rest", "litres": 5000, "kilograms_full": 600, "lon": 4.49, "lat": 52.16,
        "address": "Breestraat 1", "district": "Centrum",
    }  # fmt: skip
    return NewContainer(**{**values, **more})  # type: ignore[arg-type]


def district(count: int = 1, quantities: Sequence[Quantity] = BOTH) -> District:
    """As many containers with a sensor each; device `E1` hangs in container `C1`."""
    codes = [f"C{i + 1}" for i in range(count)]
    with scope(LEIDEN):
        source = SensorSource.objects.create(municipality_id=LEIDEN, name="proefnetwerk", kind=SourceKind.MQTT).id
        place_containers(PLATFORM, [container(code) for code in codes])
        hang_sensors(PLATFORM, source, [NewSensor(c, f"E{c[1:]}", "proef", tuple(quantities)) for c in codes])
        streams = {
            c.code: Channel.objects.get(device__thing=c.thing_id, name=Quantity.FILL_LEVEL).datastream_id
            for c in Container.objects.filter(code__in=codes)
        }
    return District(source, streams)


def says(
    level: float,
    time: datetime,
    *,
    device: str = "E1",
    received: datetime | None = None,
    message: str = "",
    **more: float,
) -> Arrived:
    """A message: the level, and other quantities by their name, measured at `time` and received then unless told."""
    readings = (
        Reading(Quantity.FILL_LEVEL, level),
        *(Reading(Quantity(name), value) for name, value in more.items()),
    )
    uplink = Uplink(device, message or f"{device}-{time.isoformat()}", time, 1, readings)
    raw = f"{device} {time.isoformat()} {level} {more}".encode()
    return Arrived(f"v3/{device}/up", received or time, raw, uplink)


def series(
    levels: Sequence[float], *, start: datetime = START, step: timedelta = 4 * HOUR, device: str = "E1"
) -> list[Arrived]:
    """Messages with these levels, one each step."""
    return [says(level, start + i * step, device=device) for i, level in enumerate(levels)]
