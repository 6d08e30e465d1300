"""Messages that were kept aside, for the person who looks after the sensors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .models import SensorSource, SetAside


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A source as a list shows it. `aside` is how many different messages of it wait for someone to look."""

    id: UUID
    name: str
    kind: str
    form: str
    decoder: str
    where: str
    active: bool
    devices: int
    aside: int


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A message that was kept aside: from which source and device, why, and how often exactly this came."""

    received_at: datetime
    source: str
    device: str
    code: str
    reason: str
    times: int
    topic: str
    raw: bytes


def sources_of(actor: Actor) -> tuple[SourceRow, ...]:
    """The sources of the actor's municipality, by name. Needs `METING_LEZEN`; raises `Forbidden`."""
    with scope_of(actor):
        require(actor, Right.METING_LEZEN, municipality=actor.municipality)
        rows = SensorSource.objects.filter(municipality_id=actor.municipality).order_by("name")
        return tuple(
            SourceRow(
                row.id,
                row.name,
                row.kind,
                row.format,
                row.decoder,
                " ".join(part for part in (row.address, row.topic) if part),
                row.active,
                row.devices.count(),
                row.set_aside.filter(solved_at__isnull=True).count(),
            )
            for row in rows
        )


def kept_aside(actor: Actor, *, most: int = 50) -> tuple[AsideRow, ...]:
    """What waits for someone to look, newest first. Needs `METING_LEZEN`; raises `Forbidden`."""
    with scope_of(actor):
        require(actor, Right.METING_LEZEN, municipality=actor.municipality)
        rows = SetAside.objects.filter(municipality_id=actor.municipality, solved_at__isnull=True)
        return tuple(
            AsideRow(
                row.received_at,
                row.source.name,
                row.device_eui,
                row.code,
                row.reason,
                row.times,
                row.topic,
                bytes(row.raw),
            )
            for row in rows.select_related("source").order_by("-received_at")[:most]
        )
