"""What people say about a container: a resident reports it full, and is told when it will be emptied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import Invalid, InvalidParam, NotFound
from vliegwiel.base.ids import uuid7
from vliegwiel.rounds.models import (
    Container,
    Evidence,
    EvidenceKind,
    PlanState,
    PromiseTo,
    RoundPlan,
    Stop,
    StopKind,
    StopState,
)
from vliegwiel.rounds.operations.situation import following, last_emptied, riding_days
from vliegwiel.rounds.worklater import plan_again
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Anonymous, Citizen
from vliegwiel.trust.rights import Right, require, scope_of

FULL: Final = 100.0
ENOUGH: Final = timedelta(minutes=15)
WHATS: Final = {"vol": "Hij zit vol", "ernaast": "Er ligt afval naast", "klep": "De klep gaat niet open"}
"""What a resident can see. A choice and no free text: so nothing personal comes in."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be told to who reported: the day on which the container is emptied; `firm` when that plan is fixed."""

    container: str
    address: str
    day: date
    firm: bool


def report_full(actor: Actor, code: str, *, zaak: UUID | None, at: datetime, remark: str = "") -> Promise:
    """A resident says that a container is full. It becomes evidence, the day's plan is made again, and a day is promised.

    The same report twice is once. Anybody may report; staff need `RONDE_PLANNEN`. `zaak`: the id of the report, by which the
    promise is found. Raises `NotFound` for an unknown container.
    """
    with scope_of(actor):
        if not isinstance(actor, Citizen | Anonymous):
            require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        container = Container.objects.filter(code=code).first()
        if container is None:
            raise NotFound("Deze container kennen wij niet.")
        _, fresh = Evidence.objects.get_or_create(
            municipality_id=container.municipality_id, container=container, kind=EvidenceKind.REPORT, at=at,
            reference=str(zaak or ""), defaults={"value": FULL, "zaak": zaak, "remark": remark[:300]},
        )  # fmt: skip
        promise = _promise(container)
        if fresh:
            if zaak is not None:
                PromiseTo.objects.create(
                    municipality_id=container.municipality_id, zaak=zaak, container=container, date=promise.day,
                    made_at=clock.now(),
                )  # fmt: skip
            ledger.append(
                actor, municipality=container.municipality_id, kind="container.vol_gemeld", zaak_id=None,
                payload={"container": code, "melding": str(zaak or ""), "beloofd": promise.day.isoformat()},
            )  # fmt: skip
            plan_again.later(
                municipality=container.municipality_id, day=promise.day.isoformat(), fraction=container.fraction,
                once=f"rounds.plan_again:{container.municipality_id}:{promise.day}:{container.fraction}",
            )  # fmt: skip
    return promise


def seen(what: str) -> str:
    """What was seen, in words. Raises `Invalid` for anything that cannot be chosen."""
    if what not in WHATS:
        raise Invalid("Kies wat u ziet.", invalid=[InvalidParam("wat", "required", "Kies wat u ziet.")])
    return WHATS[what]


def report_of_now(actor: Actor, code: str) -> UUID | None:
    """The report of this container of the last quarter of an hour, which a new one joins: a hundred are not more evidence
    than one. Until the transaction of the caller ends nobody else can report it. Raises `NotFound`."""
    with scope_of(actor):
        container = Container.objects.select_for_update().filter(code=code).first()
        if container is None:
            raise NotFound("Deze container kennen wij niet.")
        known = Evidence.objects.filter(
            container=container, kind=EvidenceKind.REPORT, at__gte=clock.now() - ENOUGH, zaak__isnull=False
        ).order_by("at").first()  # fmt: skip
        return known.zaak if known is not None else None


def report_by_resident(actor: Actor, code: str, what: str) -> UUID:
    """A report from the street, without a login and without a case; gives the id of the report. Who reports right after
    another joins in. Raises `NotFound`, `Invalid`."""
    words = seen(what)
    with scope_of(actor):
        report = report_of_now(actor, code)
        if report is None:
            report = uuid7()
            report_full(actor, code, zaak=report, at=clock.now(), remark=words)
        return report


def _promise(container: Container) -> Promise:
    """The first day on which a truck can come: today when the round of today still will, else the next day of collection."""
    today = clock.today()
    coming = Stop.objects.filter(
        container=container, kind=StopKind.CONTAINER, state=StopState.PLANNED, route__plan__date=today,
        route__plan__state__in=(PlanState.FIXED, PlanState.DRIVING),
    )  # fmt: skip
    if coming.exists():
        return Promise(container.code, container.address, today, firm=True)
    days = riding_days(list(Container.objects.filter(fraction=container.fraction)))
    day = today
    for _ in range(7):
        day = following(day, days)
        plan = RoundPlan.objects.filter(date=day, fraction=container.fraction).first()
        if plan is None or plan.state == PlanState.DRAFT:
            return Promise(container.code, container.address, day, firm=False)
        if Stop.objects.filter(route__plan=plan, container=container).exists():
            return Promise(container.code, container.address, day, firm=True)
    return Promise(container.code, container.address, day, firm=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a promise: emptied at that moment, or not on the day it was promised."""

    zaak: UUID
    container: str
    address: str
    day: date
    kept: bool
    at: datetime | None


def outcomes(actor: Actor, zaken: tuple[UUID, ...]) -> tuple[Outcome, ...]:
    """What is known by now of the promises in these cases; those that are still open are left out."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        rows = list(PromiseTo.objects.filter(zaak__in=zaken).exclude(kept=None).select_related("container"))
        emptied = last_emptied([row.container_id for row in rows])
    return tuple(
        Outcome(
            row.zaak, row.container.code, row.container.address, row.date, bool(row.kept), emptied.get(row.container_id)
        )
        for row in rows
    )


def judge_promises(actor: Actor) -> int:
    """Close the promises of days that are over: kept when the container was emptied since it was made. Gives how many."""
    today = clock.today()
    closed = 0
    with scope_of(actor):
        rows = list(PromiseTo.objects.filter(kept=None))
        emptied = last_emptied([row.container_id for row in rows])
        for row in rows:
            at = emptied.get(row.container_id)
            if at is not None and at > row.made_at:
                row.kept = clock.local(at).date() <= row.date
            elif row.date < today:
                row.kept = False
            else:
                continue
            row.save(update_fields=["kept"])
            closed += 1
    return closed
