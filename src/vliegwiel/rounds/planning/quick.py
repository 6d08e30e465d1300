"""A quick plan for those who need thousands (simulations): by a number of iterations and without the clock, so that the same
problem and seed give the same plan on every machine; no advice and no sentences."""

from __future__ import annotations

from dataclasses import replace

from vliegwiel.rounds.planning.choosing import settled
from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.plans import Plan, Skipped, Why
from vliegwiel.rounds.planning.problem import Problem
from vliegwiel.rounds.planning.reasons import never
from vliegwiel.rounds.planning.solving import Effort, solve


def quick(
    problem: Problem, *, iterations: int = 200, seed: int = 1, onwards: Plan | None = None, neighbours: int = 30
) -> Plan:
    """A plan that keeps every rule. `onwards`: a plan of a day like this one to begin with; stops that are gone are left out.

    What must be emptied and does not fit is skipped with `must`; the others with `NOT_WORTH`, whatever the reason.
    """
    effort = Effort(iterations=iterations, seed=seed, neighbours=neighbours)
    problem = settled(problem, effort)
    impossible = {stop.key for stop in problem.stops if never(problem, stop)}
    skipped = [Skipped(stop.key, Why.NEVER, stop.prize is None, "") for stop in problem.stops if stop.key in impossible]
    possible = (
        replace(problem, stops=tuple(s for s in problem.stops if s.key not in impossible)) if skipped else problem
    )
    if not possible.stops and not any(any(truck.onboard) for truck in problem.trucks):
        return Plan((), tuple(skipped))
    answer = solve(possible, effort, onwards=onwards)
    if not answer.feasible and any(stop.prize is None for stop in possible.stops):
        answer = solve(possible, effort, optional=True, onwards=onwards)
    answer = mended(possible, answer)
    skipped += [
        Skipped(stop.key, Why.NO_ROOM if stop.prize is None else Why.NOT_WORTH, stop.prize is None, "")
        for stop in answer.left
    ]
    return Plan(tuple(driven.route for _, _, driven in answer.days), tuple(skipped))
