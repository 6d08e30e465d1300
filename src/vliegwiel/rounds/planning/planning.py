"""Plan a day: which stops, by which truck, in which order; why the others wait; and what to relax when it does not fit."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import Final

from vliegwiel.rounds.planning.choosing import settled
from vliegwiel.rounds.planning.improving import begun, improved, workers, worth
from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.plans import Plan, Skipped, Why
from vliegwiel.rounds.planning.problem import Problem, Truck
from vliegwiel.rounds.planning.reasons import left_out, never
from vliegwiel.rounds.planning.solving import Effort, solve

EXTRA_HOUR: Final = 3600
SHORT: Final = 0.25
"""The part of the time that goes to finding out what would help, and the part that goes to who has which kind of waste."""
FIRST: Final = 0.35
"""The part of the time in which everything that must be emptied is to find its place, or some of it is left."""
START: Final = 0.15
"""The same where nothing must be: then it is only a beginning."""
MARGIN: Final = 0.1
"""The part of the time that is always left to make a plan better."""


def plan(
    problem: Problem, *, seconds: float = 10.0, seed: int = 1, processes: int = 1, onwards: Plan | None = None
) -> Plan:
    """The best plan found in about so many seconds. `onwards`: a plan of a day like this one to begin with.

    The same seed gives the same luck, not the same plan: how far the search comes depends on the machine. What must be emptied
    and does not fit is left out last; `advice` then says what would make it fit. Never raises for a day that is too full.
    """
    problem, seconds = _with_kinds(problem, seconds=seconds, seed=seed)
    impossible = {stop.key: sentence for stop in problem.stops if (sentence := never(problem, stop))}
    possible = replace(problem, stops=tuple(stop for stop in problem.stops if stop.key not in impossible))
    skipped = [
        Skipped(stop.key, Why.NEVER, stop.prize is None, impossible[stop.key])
        for stop in problem.stops
        if stop.key in impossible
    ]
    if not possible.stops and not any(any(truck.onboard) for truck in problem.trucks):
        return Plan((), tuple(skipped))
    made = _solved(possible, seconds=seconds, seed=seed, processes=worth(processes, seconds), onwards=onwards)
    advice: tuple[str, ...] = ()
    if lacking := sum(one.must for one in made.skipped):
        advice = _advice(possible, lacking, seconds=seconds * SHORT, seed=seed)
    of = {stop.key: stop for stop in possible.stops}
    left = left_out(possible, made.routes, [of[one.key] for one in made.skipped])
    return Plan(made.routes, (*skipped, *left), advice)


def _with_kinds(problem: Problem, *, seconds: float, seed: int) -> tuple[Problem, float]:
    """The problem with one kind of waste per truck, and the seconds that are left."""
    if len(problem.fractions) < 2:
        return settled(problem, Effort(iterations=0)), seconds
    return settled(problem, Effort(seconds=seconds * SHORT, seed=seed)), seconds * (1 - SHORT)


def _easy(problem: Problem) -> bool:
    """Whether there is nothing that must be emptied, so nothing that may not fit."""
    return all(stop.prize is not None for stop in problem.stops)


def _solved(problem: Problem, *, seconds: float, seed: int, processes: int, onwards: Plan | None) -> Plan:
    """A plan that keeps every rule; what must be emptied is only left when nothing else is possible."""
    until = time.monotonic() + seconds
    share = FIRST if processes < 2 or not _easy(problem) else START
    with workers(processes) as pool:
        search = partial(begun, problem, seed=seed, processes=processes, pool=pool)
        if _easy(problem) and processes < 2:
            return search(seconds=seconds, onwards=onwards).plan
        best = search(seconds=seconds * share, onwards=onwards)
        optional = not best.feasible
        if optional:
            seconds *= 1 - SHORT
            until -= seconds * SHORT
            best = search(seconds=seconds * share, optional=True)
        left = max(until - time.monotonic(), seconds * MARGIN)
        return improved(
            problem, best, seconds=left, seed=seed + 100, processes=processes, pool=pool, optional=optional
        ).plan


def _advice(problem: Problem, lacking: int, *, seconds: float, seed: int) -> tuple[str, ...]:
    """What would make everything fit that must be emptied, tried out and not guessed."""
    tries = (
        ("Een uur langer werken", [replace(t, overtime=t.overtime + EXTRA_HOUR) for t in problem.trucks]),
        ("Een wagen meer", _one_more(problem)),
    )
    said = [f"{lacking} {'stop die moet, past' if lacking == 1 else 'stops die moeten, passen'} niet in deze dag."]
    for what, trucks in tries:
        relaxed = replace(problem, trucks=tuple(trucks))
        effort = Effort(seconds=max(seconds / len(tries), 1.0), seed=seed)
        found = mended(relaxed, solve(relaxed, effort, optional=True))
        rest = sum(stop.prize is None for stop in found.left)
        helps = "past alles" if not rest else f"passen er nog {rest} niet"
        if rest < lacking:
            said.append(f"{what}: dan {helps}.")
    if len(said) == 1:
        said.append(
            "Een uur langer werken of een wagen meer helpt niet. Kijk naar tijdvensters, inhoud en stortplaatsen."
        )
    return tuple(said)


def _one_more(problem: Problem) -> list[Truck]:
    """The trucks of the day, and one more, empty, of the kind that comes first."""
    return [replace(t, count=t.count + (n == 0)) for n, t in enumerate(problem.trucks)]
