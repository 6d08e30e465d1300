"""Planning again while trucks are on the road: what is done stays done, the rest is planned anew."""

from __future__ import annotations

from typing import Final

import msgspec

from vliegwiel.base import clock
from vliegwiel.rounds.models import RoundPlan, Stop, StopKind, StopState
from vliegwiel.rounds.planning import plans
from vliegwiel.rounds.planning.problem import Problem
from vliegwiel.rounds.planning.replanning import Progress, progress_of, replan

from .changing import MOST_CHANGES, Outcome
from .computing import BY_HAND, numbers, problem_of
from .figures import Chosen, Left, Option, PlanFigures
from .roadmap import roads_of

SECONDS: Final = 3.0
NO_TRUCK_LEFT: Final = "Past niet meer sinds de wagen uitviel."


def again(plan: RoundPlan, figures: PlanFigures, *, broken: str) -> Outcome:
    """The plan of the day when a truck cannot go on. Call inside the scope; takes some seconds."""
    problem = problem_of(figures, roads=roads_of(plan.municipality_id))
    current = figures.current
    moment, progress = under_way(plan, problem, current.plan, broken=broken)
    found = replan(problem, current.plan, moment, progress, seconds=SECONDS)
    option = _option(figures, found.plan)
    changes = (*figures.changes, f"wagen {broken} viel uit")[-MOST_CHANGES:]
    return Outcome(
        figures=msgspec.structs.replace(figures, current=option, changes=changes),
        metres=option.numbers.metres - current.numbers.metres,
        seconds=option.numbers.seconds - current.numbers.seconds,
        cents=option.numbers.cents - current.numbers.cents,
        overflow_before=current.numbers.overflow, overflow=option.numbers.overflow, broken=(),
        sentence=" ".join(found.sentences),
    )  # fmt: skip


def under_way(
    plan: RoundPlan, problem: Problem, made: plans.Plan, *, broken: str = ""
) -> tuple[int, tuple[Progress, ...]]:
    """The moment it is (seconds since midnight of the plan's day) and how far each truck is, by what drivers reported."""
    marks = _marks(plan)
    moment = _moment(plan, made, marks)
    return moment, tuple(
        _progress(problem, route, marks, moment, broken=route.truck == broken) for route in made.routes
    )


def _marks(plan: RoundPlan) -> dict[str, Stop]:
    rows = Stop.objects.filter(route__plan=plan, kind=StopKind.CONTAINER).select_related("container")
    return {row.container.code: row for row in rows if row.container is not None}


def _moment(plan: RoundPlan, made: plans.Plan, marks: dict[str, Stop]) -> int:
    """Seconds since midnight of the plan's day. Outside the shift (a demonstration at night) the plan's own clock counts."""
    at = int((clock.now() - clock.midnight(plan.date)).total_seconds())
    begins = min((route.activities[0].begins for route in made.routes), default=0)
    ends = max((route.activities[-1].ends for route in made.routes), default=0)
    if begins <= at <= ends:
        return at
    done = [
        activity.ends
        for route in made.routes
        for activity in route.activities
        if activity.doing is plans.Doing.EMPTY and marks[activity.key].state != StopState.PLANNED
    ]
    return max(done, default=begins)


def _progress(problem: Problem, route: plans.Route, marks: dict[str, Stop], moment: int, *, broken: bool) -> Progress:
    """How far a truck is: everything up to the last container that was reported."""
    last = -1
    for index, activity in enumerate(route.activities):
        if activity.doing is plans.Doing.EMPTY and marks[activity.key].state != StopState.PLANNED:
            last = index
    done = route.activities[: last + 1]
    return progress_of(problem.truck(route.truck), route.number, done, moment, broken=broken)


def _option(figures: PlanFigures, made: plans.Plan) -> Option:
    current = figures.current
    done = {stop for route in made.routes for stop in route.stops}
    outlooks = {one.key: one for one in figures.outlooks}
    emptied = {code: current.emptied.get(code, Chosen(True, BY_HAND)) for code in outlooks if code in done}
    waiting = {
        code: current.waiting.get(code) or Left(NO_TRUCK_LEFT, outlook.risk(), outlook.next_chance)
        for code, outlook in outlooks.items()
        if code not in done
    }
    total = numbers(made, figures.trucks, emptied, [left.overflow for left in waiting.values()])
    return Option(current.key, total, made, emptied, waiting)
