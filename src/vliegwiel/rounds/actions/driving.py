"""What drivers report: a container was emptied, or could not be. Reports may come late and more than once (a tunnel)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.clock import local, now
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.rounds.models import (
    Container,
    Emptying,
    EmptyingSource,
    Evidence,
    EvidenceKind,
    PlanState,
    PromiseTo,
    RoundPlan,
    Stop,
    StopKind,
    StopState,
)
from vliegwiel.rounds.operations.pictures import accepted
from vliegwiel.rounds.worklater import renew
from vliegwiel.rounds.world import tell_emptied
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .plans import done_if_all_done

LATEST: Final = timedelta(hours=36)
"""A report that was kept on a phone longer than this says nothing reliable about when it happened: the plan's day counts."""
RENEWED: Final = timedelta(minutes=3)
LONGEST_REMARK: Final = 300
NO_STOP = "Deze stop staat niet meer in uw ronde. De planner heeft hem veranderd."


@dataclass(frozen=True, slots=True)
class Report:
    """What a driver says of a stop. `at`: when, by the phone; `level`: how full it was (percent), where the driver says so.

    `photo`: the bytes of a picture, or empty.
    """

    done: bool
    at: datetime | None = None
    level: int | None = None
    remark: str = ""
    photo: bytes = b""


def report_stop(actor: Actor, stop_id: UUID, report: Report) -> bool:
    """Take in what a driver reports. Gives False when it was known already: sending twice is no mistake.

    Emptied: an `Emptying`, and a promise to a resident is kept. Blocked: it stays in the open with the reason. Needs
    `RONDE_RIJDEN`. Raises `NotFound`, `Invalid` (remark, photo) and `Conflict` for a plan that is still a draft.
    """
    remark = _remark(report)
    picture = accepted(report.photo) if report.photo else None
    with scope_of(actor):
        require(actor, Right.RONDE_RIJDEN, municipality=actor.municipality)
    key = storage.put(actor.municipality, report.photo, suffix=picture) if picture else ""
    try:
        fresh = _take_in(actor, stop_id, report, remark, key)
    except (NotFound, Conflict):
        if key:
            storage.remove(actor.municipality, key)
        raise
    if not fresh and key:
        storage.remove(actor.municipality, key)
    return fresh


def _remark(report: Report) -> str:
    remark = " ".join(report.remark.split())
    if len(remark) > LONGEST_REMARK:
        raise Invalid(
            "Maak de opmerking korter.", invalid=[InvalidParam("opmerking", "too_long", "Hoogstens 300 tekens.")]
        )
    if not report.done and not remark:
        raise Invalid(
            "Zeg waarom het niet kon.",
            invalid=[InvalidParam("opmerking", "required", "Kies of schrijf waarom het niet kon.")],
        )
    if report.level is not None and not 0 <= report.level <= 150:
        raise Invalid(
            "Een vulling ligt tussen 0 en 150 procent.", invalid=[InvalidParam("vol", "range", "Kies een vulling.")]
        )
    return remark


def _take_in(actor: Actor, stop_id: UUID, report: Report, remark: str, photo: str) -> bool:
    with scope_of(actor):
        require(actor, Right.RONDE_RIJDEN, municipality=actor.municipality)
        plan_id = Stop.objects.filter(id=stop_id).values_list("route__plan_id", flat=True).first()
        plan = RoundPlan.objects.select_for_update().filter(id=plan_id).first() if plan_id else None
        stop = Stop.objects.filter(id=stop_id, kind=StopKind.CONTAINER).select_related("container").first()
        if plan is None or stop is None or stop.container is None:
            raise NotFound(NO_STOP)
        if plan.state == PlanState.DRAFT:
            raise Conflict("Dit plan is nog niet vastgesteld. Vraag de planner.")
        wanted = StopState.DONE if report.done else StopState.BLOCKED
        # What was emptied stays emptied; a stop that could not be done may be done later.
        if stop.state in (StopState.DONE, wanted):
            return False
        at = _when(plan, report.at)
        stop.state, stop.done_at, stop.remark = wanted, at, remark
        stop.photo = photo or stop.photo
        stop.save(update_fields=["state", "done_at", "remark", "photo"])
        if report.done:
            _emptied(stop, stop.container, at, report.level)
        elif report.level is not None:
            _seen(stop, stop.container, at, report.level, remark)
        if plan.state == PlanState.FIXED:
            plan.state = PlanState.DRIVING
            plan.save(update_fields=["state"])
        ledger.append(
            actor, municipality=plan.municipality_id, kind="stop.gedaan" if report.done else "stop.kon_niet", zaak_id=None,
            payload={"plan": str(plan.id), "stop": str(stop.id), "container": stop.container.code, "om": at.isoformat()},
        )  # fmt: skip
        done_if_all_done(actor, plan)
        if report.done:
            tell_emptied(stop.container.code, at)
            # Soon, and once for what is emptied meanwhile: the forecast still tells these containers full.
            renew.later(
                municipality=plan.municipality_id, at=now() + RENEWED, once=f"rounds.renew:{plan.municipality_id}"
            )
        return True


def _when(plan: RoundPlan, said: datetime | None) -> datetime:
    """The moment it happened: the phone's where that can be, else now."""
    current = now()
    if said is None or said > current + timedelta(minutes=5) or said < current - LATEST:
        return current
    return min(said, current)


def _emptied(stop: Stop, container: Container, at: datetime, level: int | None) -> None:
    Emptying.objects.get_or_create(
        municipality_id=stop.municipality_id, container=container, at=at, source=EmptyingSource.DRIVER,
        reference=f"stop {stop.id}", defaults={"level_before": level, "level_after": 0.0},
    )  # fmt: skip
    if level is not None:
        _seen(stop, container, at - timedelta(seconds=1), level, "")
    day = local(at).date()
    PromiseTo.objects.filter(container=container, kept=None, date__gte=day).update(kept=True)
    PromiseTo.objects.filter(container=container, kept=None, date__lt=day).update(kept=False)


def _seen(stop: Stop, container: Container, at: datetime, level: int, remark: str) -> None:
    Evidence.objects.get_or_create(
        municipality_id=stop.municipality_id, container=container, at=at, kind=EvidenceKind.DRIVER,
        reference=f"stop {stop.id}", defaults={"value": float(level), "remark": remark},
    )  # fmt: skip
