"""Alarms: what a person has to look at. They come and go with what is measured; who saw one says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.clock import now
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.models import Alarm, Container, Device, FaultKind, SensorFault, Stop, StopState
from vliegwiel.rounds.operations.situation import NEARLY_FULL, latest_forecasts, urgencies
from vliegwiel.rounds.operations.words import percent, who
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

FULL: Final = "vol"
SOON: Final = "loopt_over"
SENSOR: Final = "sensor"
LIKELY: Final = 0.5
"""From this probability of overflowing before tomorrow evening a planner should look now."""

WORDS: Mapping[str, str] = {
    FaultKind.DEAD: "Sensor zwijgt",
    FaultKind.STUCK: "Sensor meet steeds hetzelfde",
    FaultKind.IMPOSSIBLE: "Sensor meet wat niet kan",
    FaultKind.CLOCK: "De klok van de sensor loopt fout",
    FaultKind.LATE: "Metingen komen te laat",
    FaultKind.DUPLICATES: "Metingen komen dubbel",
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An alarm that should be open."""

    kind: str
    container: UUID | None
    device: UUID | None
    text: str


def acknowledge(actor: Actor, alarm_id: UUID) -> None:
    """Say that it was seen. Twice is once; the first one stands. Needs `RONDE_PLANNEN`."""
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        row = Alarm.objects.select_for_update().filter(id=alarm_id).first()
        if row is None:
            raise NotFound("Dit alarm is er niet.")
        if row.acknowledged_at is not None:
            return
        row.acknowledged_at, row.acknowledged_by = now(), who(actor)
        row.save(update_fields=["acknowledged_at", "acknowledged_by"])
        ledger.append(
            actor, municipality=row.municipality_id, kind="alarm.gezien", zaak_id=None,
            payload={"alarm": str(row.id), "soort": row.kind},
        )  # fmt: skip


def renew_alarms(actor: Actor) -> tuple[int, int]:
    """Open the alarms that are due and close those that are over; gives how many of each. Idempotent; done by a job."""
    opened = closed = 0
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        wanted = {(one.kind, one.container, one.device): one for one in (*_of_containers(), *_of_sensors())}
        there = {(row.kind, row.container_id, row.device_id): row for row in Alarm.objects.filter(until=None)}
        for key, row in there.items():
            if key not in wanted:
                row.until = now()
                row.save(update_fields=["until"])
                closed += 1
            elif row.text != wanted[key].text[:300]:
                row.text = wanted[key].text[:300]
                row.save(update_fields=["text"])
        for key, one in wanted.items():
            if key not in there:
                Alarm.objects.create(
                    municipality_id=actor.municipality, container_id=one.container, device_id=one.device, kind=one.kind,
                    since=now(), text=one.text[:300],
                )  # fmt: skip
                opened += 1
    return opened, closed


def _coming() -> frozenset[UUID]:
    """Containers that a truck will come for today or tomorrow: nobody has to do anything about those."""
    today = clock.today()
    rows = Stop.objects.filter(
        route__plan__date__gte=today, route__plan__date__lte=today + timedelta(days=1), state=StopState.PLANNED,
        container__isnull=False,
    )  # fmt: skip
    return frozenset(row for row in rows.values_list("container_id", flat=True) if row is not None)


def _of_containers() -> list[_Wanted]:
    containers = {row.id: row for row in Container.objects.all()}
    forecasts = latest_forecasts(list(containers))
    urgent = urgencies(list(containers), clock.today())
    coming = _coming()
    found = []
    for id_, row in containers.items():
        if id_ in coming:
            continue
        forecast = forecasts.get(id_)
        name = row.address or row.code
        if forecast is not None and forecast.level_now >= NEARLY_FULL:
            found.append(_Wanted(FULL, id_, None, f"{name} is vol ({round(forecast.level_now)} %)."))
        elif id_ in urgent:
            found.append(_Wanted(FULL, id_, None, f"{name}: {urgent[id_][:1].lower()}{urgent[id_][1:]}"))
        elif forecast is not None and len(forecast.overflow) > 1 and float(forecast.overflow[1]) >= LIKELY:
            odds = percent(float(forecast.overflow[1]))
            found.append(_Wanted(SOON, id_, None, f"{name} loopt vandaag of morgen over ({odds} kans)."))
    return found


def _of_sensors() -> list[_Wanted]:
    faults = SensorFault.objects.filter(until=None).select_related("device")
    things = {row.thing_id: row for row in Container.objects.all()}
    found: dict[UUID, _Wanted] = {}
    for fault in faults:
        device: Device = fault.device
        container = things.get(device.thing_id) if device.thing_id else None
        name = (container.address or container.code) if container else device.device_eui
        text = f"{name}: {WORDS.get(fault.kind, fault.kind).lower()}, {fault.evidence}."
        found[device.id] = _Wanted(SENSOR, container.id if container else None, device.id, text)
    return list(found.values())
