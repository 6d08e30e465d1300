"""What time brings to the rounds of a municipality: new forecasts, alarms, judged promises, and the draft of the coming day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict
from vliegwiel.rounds.actions.alarms import renew_alarms
from vliegwiel.rounds.actions.evidence import judge_promises
from vliegwiel.rounds.actions.plans import make_plan
from vliegwiel.rounds.forecasting import renew_forecasts
from vliegwiel.rounds.models import Container, PlanState, RoundPlan
from vliegwiel.rounds.operations.situation import following, riding_days
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import scope_of

FRESH: Final = timedelta(minutes=50)
"""A draft that was made within this time is not made again by the clock; a report of a resident does ask for it."""
JOB: Final = "rondes"


def look_ahead(municipality: str) -> None:
    """All of it. Idempotent; each part is an action of its own."""
    actor = System(municipality, JOB)
    days = _coming(actor)
    if not days:
        return
    renew_forecasts(municipality)
    renew_alarms(actor)
    judge_promises(actor)
    for day, fraction in days:
        if _due(actor, day, fraction):
            _plan(actor, day, fraction)


def renew(municipality: str) -> None:
    """What emptying changed: forecasts and alarms."""
    renew_forecasts(municipality)
    renew_alarms(System(municipality, JOB))


def plan_again(municipality: str, day: date, fraction: str) -> None:
    """Make the draft of a day again, because something became known. A fixed plan stays as it is."""
    actor = System(municipality, JOB)
    renew_forecasts(municipality)
    renew_alarms(actor)
    _plan(actor, day, fraction)


def _plan(actor: System, day: date, fraction: str) -> None:
    try:
        make_plan(actor, day, fraction)
    except Conflict:
        return  # fixed meanwhile, or nothing to plan with: the page of that day says so


def _coming(actor: System) -> tuple[tuple[date, str], ...]:
    """The coming day of collection of each fraction."""
    today = clock.today()
    with scope_of(actor):
        rows: dict[str, list[Container]] = {}
        for row in Container.objects.all():
            rows.setdefault(row.fraction, []).append(row)
        return tuple((following(today, riding_days(found)), fraction) for fraction, found in sorted(rows.items()))


def _due(actor: System, day: date, fraction: str) -> bool:
    with scope_of(actor):
        plan = RoundPlan.objects.filter(date=day, fraction=fraction).first()
    return plan is None or (plan.state == PlanState.DRAFT and plan.made_at < clock.now() - FRESH)
