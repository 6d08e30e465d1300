"""Solve an instance of Kim et al. with our planner, fewest vehicles first, and let the independent validator judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Final

from vliegwiel.rounds.benchmark.reading import STOP, Instance, parse, problem_of
from vliegwiel.rounds.benchmark.validator import Called, Checker, Verdict
from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.plans import Doing, Route
from vliegwiel.rounds.planning.solving import Answer, Effort, solve

TRIES: Final = 6
"""How many times a number of vehicles can be tried to the end, in the time there is for that."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The routes and what the validator says of them."""

    routes: tuple[Route, ...]
    verdict: Verdict
    seconds: float


class Unsolved(Exception):
    """No plan that keeps all rules was found in the time given."""


def run(
    text: str,
    *,
    seconds: float = 120.0,
    seed: int = 1,
    processes: int = 2,
    vehicles: int | None = None,
    told: Callable[[str], None] = lambda _: None,
) -> Outcome:
    """Solve the instance in about so many seconds, with as few vehicles as can be found, or with `vehicles`.

    Raises `InstanceInvalid` for a text that is no instance and `Unsolved` when nothing sound was found.
    """
    began = time.monotonic()
    instance = parse(text)
    if vehicles is None:
        number, start = _fewest(instance, seconds=seconds * 0.4, seed=seed, told=told)
    else:
        number, start = vehicles, None
    problem = problem_of(instance, trucks=number)
    left = max(seconds - (time.monotonic() - began) - 1.0, 1.0)
    told(f"{number} wagens; nog {left:.0f} s zoeken naar kortere routes")
    effort = Effort(seconds=left, seed=seed + 50, processes=processes)
    last = mended(problem, solve(problem, effort, onwards=start))
    best = min((one for one in (last, start) if one is not None and one.feasible), key=_metres, default=None)
    if best is None:
        raise Unsolved(f"Met {number} wagens is in {seconds:.0f} s geen plan gevonden dat alle regels houdt.")
    routes = tuple(driven.route for _, _, driven in best.days)
    return Outcome(routes, judged(text, instance, routes), time.monotonic() - began)


def _fewest(instance: Instance, *, seconds: float, seed: int, told: Callable[[str], None]) -> tuple[int, Answer]:
    """The smallest number of vehicles for which a plan was found, and that plan: halving between too few and enough."""
    until = time.monotonic() + seconds
    least = least_vehicles(instance)
    enough = least * 2 + 3
    while (answer := _attempt(instance, enough, seconds=seconds / TRIES, seed=seed)) is None:
        if enough > len(instance.of_kind(STOP)):
            raise Unsolved("Ook met een wagen per stop is geen plan gevonden dat alle regels houdt.")
        enough *= 2
    number = len(answer.days)
    told(f"minstens {least} wagens nodig; een plan met {number}")
    low = least
    while low < number and time.monotonic() < until:
        middle = (low + number) // 2
        tried = _attempt(instance, middle, seconds=min(seconds / TRIES, max(until - time.monotonic(), 1.0)), seed=seed)
        if tried is None:
            low = middle + 1
            continue
        number, answer = len(tried.days), tried
        told(f"een plan met {number}")
    return number, answer


def _attempt(instance: Instance, trucks: int, *, seconds: float, seed: int) -> Answer | None:
    """The first plan with so many vehicles that keeps all rules, if it was found in time."""
    problem = problem_of(instance, trucks=trucks)
    found = mended(problem, solve(problem, Effort(seconds=seconds, seed=seed, first=True)))
    return found if found.feasible else None


def least_vehicles(instance: Instance) -> int:
    """How many vehicles are needed at the very least: by yards, by stops, and by the time at the stops."""
    stops = instance.of_kind(STOP)
    depot = next(site for site in instance.sites if site.kind == 0)
    hours = depot.closes - depot.opens - instance.lunch
    return max(
        1,
        ceil(sum(site.load for site in stops) / instance.most_load),
        ceil(len(stops) / instance.most_stops),
        ceil(sum(site.service for site in stops) / hours) if hours > 0 else 1,
    )


def _metres(answer: Answer) -> int:
    return sum(driven.route.metres for _, _, driven in answer.days)


def judged(text: str, instance: Instance, routes: tuple[Route, ...]) -> Verdict:
    """What the validator says. Tips are named by the file's own ids."""
    tips = {f"stort-{n}": site.key for n, site in enumerate(instance.of_kind(2))}
    words = {Doing.LEAVE: "depot", Doing.RETURN: "depot", Doing.EMPTY: "stop", Doing.TIP: "tip", Doing.REST: "lunch"}
    vehicles = [
        [Called(words[a.doing], tips.get(a.key, a.key), a.begins, a.ends) for a in route.activities] for route in routes
    ]
    return Checker(text).check(vehicles)
