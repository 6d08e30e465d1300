"""The page of alarms: what is open, what was, and what sensors and messages are like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from vliegwiel.base import clock
from vliegwiel.rounds.models import Alarm, Container, Device, FaultKind, SensorFault, SetAside
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

PAST: Final = timedelta(days=7)
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class AlarmLine:
    """An alarm. `code`: of its container, or empty. `seen_by` empty: nobody said so."""

    id: UUID
    kind: str
    text: str
    code: str
    since: datetime
    until: datetime | None
    seen_by: str
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault of a sensor."""

    device: str
    code: str
    name: str
    kind: str
    since: datetime
    evidence: str


@dataclass(frozen=True, slots=True)
class AsideLine:
    """Messages that could not be read, by reason."""

    reason: str
    messages: int
    last: datetime
    example: str


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """All of it. Counts of messages are of today."""

    open: tuple[AlarmLine, ...]
    past: tuple[AlarmLine, ...]
    faults: tuple[FaultLine, ...]
    aside: tuple[AsideLine, ...]
    sensors: int
    silent: int
    messages: int
    duplicates: int
    late: int
    at: datetime

    @property
    def unseen(self) -> int:
        """How many open alarms nobody saw."""
        return sum(not line.seen_by for line in self.open)


def alarm_page(actor: Actor) -> AlarmPage:
    """What is wrong now. Six queries."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        now = clock.now()
        open_ = Alarm.objects.filter(until=None).select_related("container").order_by("acknowledged_at", "-since")
        past = Alarm.objects.filter(until__gte=now - PAST).select_related("container").order_by("-until")
        counts = Device.objects.filter(active=True).aggregate(
            sensors=Count("id"),
            messages=Sum("messages", filter=Q(counted_on=clock.today())),
            duplicates=Sum("duplicates", filter=Q(counted_on=clock.today())),
            late=Sum("late", filter=Q(counted_on=clock.today())),
        )
        dead = SensorFault.objects.filter(until=None, kind=FaultKind.DEAD).count()
        return AlarmPage(
            open=tuple(_line(row) for row in open_[:MOST]), past=tuple(_line(row) for row in past[:MOST]),
            faults=_faults(), aside=_aside(), sensors=counts["sensors"] or 0, silent=dead, messages=counts["messages"] or 0,
            duplicates=counts["duplicates"] or 0, late=counts["late"] or 0, at=now,
        )  # fmt: skip


def _line(row: Alarm) -> AlarmLine:
    return AlarmLine(
        row.id, row.kind, row.text, row.container.code if row.container else "", row.since, row.until, row.acknowledged_by,
        row.acknowledged_at,
    )  # fmt: skip


def _faults() -> tuple[FaultLine, ...]:
    rows = list(SensorFault.objects.filter(until=None).select_related("device").order_by("-since")[:MOST])
    things = [row.device.thing_id for row in rows if row.device.thing_id]
    found = {row.thing_id: row for row in Container.objects.filter(thing_id__in=things)}
    lines = []
    for row in rows:
        container = found.get(row.device.thing_id) if row.device.thing_id else None
        lines.append(
            FaultLine(
                row.device.device_eui, container.code if container else "",
                (container.address or container.code) if container else row.device.device_eui,
                str(row.get_kind_display()), row.since, row.evidence,
            )
        )  # fmt: skip
    return tuple(lines)


def _aside() -> tuple[AsideLine, ...]:
    rows = (
        SetAside.objects.filter(solved_at=None)
        .values("code")
        .annotate(many=Sum("times"), last=Max("received_at"), reason=Max("reason"), device=Max("device_eui"))
        .order_by("-many")[:50]
    )
    return tuple(AsideLine(row["reason"], row["many"], row["last"], row["device"]) for row in rows)
