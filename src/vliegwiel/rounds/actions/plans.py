"""Plans: making, changing, fixing, and planning again while trucks are on the road."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Conflict, Invalid, NotFound, Stale
from vliegwiel.rounds.models import PlanState, RoundPlan, Route, Stop, StopKind, StopState
from vliegwiel.rounds.operations import computing, situation, storing
from vliegwiel.rounds.operations.changing import SKIPPED, Change, Outcome
from vliegwiel.rounds.operations.computing import Wishes
from vliegwiel.rounds.operations.figures import PlanFigures, from_json
from vliegwiel.rounds.operations.preview import changed
from vliegwiel.rounds.operations.roadmap import roads_of
from vliegwiel.rounds.operations.underway import again
from vliegwiel.rounds.operations.words import who
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

NO_PLAN = "Dit plan is er niet."


def make_plan(actor: Actor, day: date, fraction: str, *, seconds: float | None = None) -> UUID:
    """Plan a day, or plan it again as long as it is not fixed. Gives the plan's id; takes some seconds.

    What a planner chose by hand (emptied, skipped, on which truck) stays so. Needs `RONDE_PLANNEN`. Raises `Conflict` when the
    plan of that day is fixed or when nothing can be planned.
    """
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        plan = _of_day(day, fraction)
        _only_draft(plan)
        seen = plan.version if plan else 0
        wishes = _wishes(plan)
        known = situation.read(actor.municipality, day, fraction)
        roads = roads_of(actor.municipality)
    figures = computing.propose(known, roads=roads, wishes=wishes, seconds=seconds)
    with scope_of(actor):
        plan = _of_day(day, fraction, lock=True)
        _only_draft(plan)
        if (plan.version if plan else 0) != seen:
            raise Stale("Iemand anders veranderde dit plan terwijl het werd berekend. Bekijk het eerst.")
        if plan is None:
            plan = RoundPlan(municipality_id=actor.municipality, date=day, fraction=fraction, version=0)
        plan.version += 1
        plan.made_at, plan.made_by = now(), who(actor)
        plan.figures = {}
        plan.save()
        _keep(actor, plan, figures, "plan.gemaakt")
    return plan.id


def change(actor: Actor, plan_id: UUID, wanted: Change, *, version: int) -> Outcome:
    """Move, skip or add a container. Raises `Conflict` with the rules it would break, `Stale` when somebody was first.

    In a plan that is being driven, what was done stays as it was.
    """
    with scope_of(actor):
        plan = _locked(actor, plan_id, version)
        figures = from_json(plan.figures)
        if plan.state == PlanState.DONE:
            raise Conflict("Deze ronde is klaar. Er valt niets meer te veranderen.")
        outcome = changed(plan, figures, wanted)
        if outcome.broken:
            raise Conflict(f"Dat past niet: {' '.join(outcome.broken)}")
        plan.version += 1
        _keep(actor, plan, outcome.figures, "plan.gewijzigd", {"container": wanted.code, "wat": wanted.doing.value})
    return outcome


def choose(actor: Actor, plan_id: UUID, key: str, *, version: int) -> None:
    """Take another of the plans that were worked out: only what must, or the fixed round. Only while it is a draft."""
    with scope_of(actor):
        plan = _locked(actor, plan_id, version)
        _only_draft(plan)
        figures = from_json(plan.figures)
        option = next((one for one in figures.options if one.key == key), None)
        if option is None:
            raise Invalid("Kies een van de plannen op de pagina.")
        plan.version += 1
        _keep(actor, plan, msgspec.structs.replace(figures, current=option, changes=()), "plan.gekozen", {"keuze": key})


def fix(actor: Actor, plan_id: UUID, *, version: int) -> None:
    """Send a plan to the drivers. From here on it is driven as it stands."""
    with scope_of(actor):
        plan = _locked(actor, plan_id, version)
        _only_draft(plan)
        if not from_json(plan.figures).current.emptied:
            raise Conflict("Dit plan heeft geen stops. Er valt niets te rijden.")
        plan.version += 1
        plan.state = PlanState.FIXED
        plan.save()
        _tell(actor, plan, "plan.vastgesteld", {})


def take_back(actor: Actor, plan_id: UUID, *, version: int) -> None:
    """Make a fixed plan a draft again, as long as nobody drives it."""
    with scope_of(actor):
        plan = _locked(actor, plan_id, version)
        if plan.state != PlanState.FIXED:
            raise Conflict("Alleen een vastgesteld plan dat nog niet rijdt, kan terug.")
        plan.version += 1
        plan.state = PlanState.DRAFT
        plan.save()
        _tell(actor, plan, "plan.teruggehaald", {})


def truck_broke(actor: Actor, plan_id: UUID, truck: str, *, version: int) -> Outcome:
    """A truck cannot go on: the others take over what they can. Gives what changed.

    What does not fit any more waits, with its reason. Raises `NotFound` for a truck that does not drive this plan.
    """
    with scope_of(actor):
        plan = _locked(actor, plan_id, version)
        if plan.state not in (PlanState.FIXED, PlanState.DRIVING):
            raise Conflict("Een wagen kan pas uitvallen als het plan is vastgesteld. Maak anders een nieuw plan.")
        if not Route.objects.filter(plan=plan, truck__code=truck).exists():
            raise NotFound("Deze wagen rijdt deze ronde niet.")
        outcome = again(plan, from_json(plan.figures), broken=truck)
        plan.version += 1
        _keep(actor, plan, outcome.figures, "plan.wagen_uitgevallen", {"wagen": truck})
    return outcome


def done_if_all_done(actor: Actor, plan: RoundPlan) -> None:
    """Mark a plan done when nothing of it is left to do. Inside the scope, plan locked."""
    left = Stop.objects.filter(route__plan=plan, kind=StopKind.CONTAINER, state=StopState.PLANNED)
    if plan.state == PlanState.DRIVING and not left.exists():
        plan.state = PlanState.DONE
        plan.save(update_fields=["state"])
        _tell(actor, plan, "plan.klaar", {})


def _keep(actor: Actor, plan: RoundPlan, figures: PlanFigures, kind: str, more: dict[str, str] | None = None) -> None:
    storing.write(plan, figures, roads=roads_of(plan.municipality_id))
    plan.save()
    _tell(actor, plan, kind, more or {})


def _tell(actor: Actor, plan: RoundPlan, kind: str, more: dict[str, str]) -> None:
    ledger.append(
        actor,
        municipality=plan.municipality_id,
        kind=kind,
        zaak_id=None,
        payload={
            "plan": str(plan.id),
            "dag": plan.date.isoformat(),
            "soort": plan.fraction,
            "versie": plan.version,
            **more,
        },
    )


def _of_day(day: date, fraction: str, *, lock: bool = False) -> RoundPlan | None:
    rows = RoundPlan.objects.select_for_update() if lock else RoundPlan.objects.all()
    return rows.filter(date=day, fraction=fraction).first()


def _only_draft(plan: RoundPlan | None) -> None:
    if plan is not None and plan.state != PlanState.DRAFT:
        raise Conflict("Het plan van deze dag is al vastgesteld. Haal het eerst terug, of wijzig het zoals het is.")


def _locked(actor: Actor, plan_id: UUID, version: int) -> RoundPlan:
    require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
    plan = RoundPlan.objects.select_for_update().filter(id=plan_id, municipality_id=actor.municipality).first()
    if plan is None:
        raise NotFound(NO_PLAN)
    if plan.version != version:
        raise Stale("Het plan is intussen veranderd. Kijk eerst hoe het nu is.")
    return plan


def _wishes(plan: RoundPlan | None) -> Wishes:
    """What was decided by hand in the plan as it is."""
    if plan is None or not plan.figures:
        return Wishes()
    current = from_json(plan.figures).current
    on = {stop: route.truck for route in current.plan.routes for stop in route.stops}
    return Wishes(
        empty={code: on.get(code, "") for code, chosen in current.emptied.items() if chosen.by_hand},
        skip=frozenset(c for c, left in current.waiting.items() if left.by_hand and left.sentence == SKIPPED),
    )
