"""What a change would do, without doing it."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.errors import Conflict, NotFound, Stale
from vliegwiel.rounds.models import PlanState, RoundPlan
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .changing import Change, Outcome, worked_out
from .computing import problem_of
from .figures import PlanFigures, from_json
from .roadmap import roads_of
from .underway import under_way


def preview(actor: Actor, plan_id: UUID, wanted: Change, *, version: int) -> Outcome:
    """The effect of a change, rules it would break included. Raises `NotFound`, `Stale`, `Conflict` as the change itself."""
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        plan = RoundPlan.objects.filter(id=plan_id, municipality_id=actor.municipality).first()
        if plan is None:
            raise NotFound("Dit plan is er niet.")
        if plan.version != version:
            raise Stale("Het plan is intussen veranderd. Kijk eerst hoe het nu is.")
        if plan.state == PlanState.DONE:
            raise Conflict("Deze ronde is klaar. Er valt niets meer te veranderen.")
        figures = from_json(plan.figures)
        return changed(plan, figures, wanted)


def changed(plan: RoundPlan, figures: PlanFigures, wanted: Change) -> Outcome:
    """The effect of a change on a stored plan: while it is driven, what was done stays. Inside the scope."""
    problem = problem_of(figures, roads=roads_of(plan.municipality_id))
    if plan.state != PlanState.DRIVING:
        return worked_out(figures, wanted, problem=problem)
    _, progress = under_way(plan, problem, figures.current.plan)
    return worked_out(figures, wanted, problem=problem, progress=progress)
