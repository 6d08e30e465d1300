"""Solve an instance of Kim et al. with our planner, fewest vehicles first, and let the independent validator judge."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from vliegwiel.rounds.benchmark.reading import STOP, Instance, parse, problem_of
from vliegwiel.rounds.benchmark.validator import Called, Checker, Verdict
from vliegwiel.rounds.planning.improving import SHORTEST, Found, improved, search_once, workers
from vliegwiel.rounds.planning.plans import Doing, Plan, Route
from vliegwiel.rounds.planning.problem import Problem
from vliegwiel.rounds.planning.solving import Effort

FEWER: Final = 0.35
"""The part of the time in which fewer vehicles may be found; the rest is for shorter routes."""
MEANWHILE: Final = 6.0
"""Seconds after which a plan that gets shorter meanwhile is looked at."""
START_UP: Final = 1.5
"""Seconds that go to starting processes and to judging."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """The routes and what the validator says of them."""

    routes: tuple[Route, ...]
    verdict: Verdict
    seconds: float


class Unsolved(Exception):
    """No plan that keeps all rules was found in the time given."""


@dataclass(slots=True)
class _Search:
    """One search for an instance: how long it may take, its luck, and whom it tells how far it is."""

    instance: Instance
    until: float
    seed: int
    processes: int
    pool: Executor
    told: Callable[[str], None]
    problems: dict[int, Problem] = field(default_factory=dict)

    def left(self) -> float:
        """Seconds that are left."""
        return self.until - time.monotonic()

    def problem(self, vehicles: int) -> Problem:
        """The problem with so many vehicles."""
        if vehicles not in self.problems:
            self.problems[vehicles] = problem_of(self.instance, trucks=vehicles)
        return self.problems[vehicles]

    def first(self, vehicles: int, seconds: float, onwards: Plan | None = None, *, tries: int = 0) -> Future[Found]:
        """Look for any plan with so many vehicles."""
        effort = Effort(seconds=max(seconds, 0.5), seed=self.seed + tries, first=True)
        return self.pool.submit(search_once, self.problem(vehicles), effort, onwards, False)


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
    with workers(processes) as pool:
        search = _Search(instance, began + seconds - (START_UP if processes > 1 else 0), seed, processes, pool, told)
        share = seconds * FEWER
        best = search.first(vehicles, share).result() if vehicles else _fewest(search, share)
        number = vehicles or len(best.plan.routes)
        told(f"{number} wagens; nog {max(search.left(), 0):.0f} s zoeken naar kortere routes")
        best = improved(
            search.problem(number), best, seconds=search.left(), seed=seed + 50, processes=processes,
            pool=pool,
        )  # fmt: skip
    if not best.feasible:
        raise Unsolved(f"Met {number} wagens is in {seconds:.0f} s geen plan gevonden dat alle regels houdt.")
    return Outcome(best.plan.routes, judged(text, instance, best.plan.routes), time.monotonic() - began)


def _fewest(search: _Search, seconds: float) -> Found:
    """A plan with as few vehicles as were found in so many seconds."""
    until = time.monotonic() + seconds
    least = least_vehicles(search.instance)
    best = _some(search, least, seconds)
    search.told(f"minstens {least} wagens nodig; een plan met {len(best.plan.routes)}")
    fewer: Future[Found] | None = None
    better: Future[Found] | None = None
    tries, gone = 0, _half(best, least)
    while (left := until - time.monotonic()) > 0.5 and len(best.plan.routes) > least:
        if fewer is None:
            number = len(best.plan.routes) - gone
            # Far fewer are found from nothing, one fewer rather from what there is; what failed is tried the other way.
            afresh = gone > 1 or tries % 2 == 1
            limit = max(left / 3, min(left, SHORTEST))
            fewer = search.first(number, limit, None if afresh else _without(best.plan, tries), tries=tries)
            tries += 1
        if better is None and search.processes > 1:
            # Meanwhile the plan that there is gets shorter, so that no time is lost when fewer vehicles cannot be.
            better = _shorter(search, best, min(left, MEANWHILE), tries)
        wait([one for one in (fewer, better) if one is not None], return_when=FIRST_COMPLETED)
        if fewer.done():
            new = fewer.result()
            fewer = None
            if new.feasible:
                best, tries, gone = new, 0, _half(new, least)
                search.told(f"een plan met {len(best.plan.routes)}")
            else:
                tries, gone = (tries, 1) if gone == 1 else (0, gone // 2)
        if better is not None and better.done():
            best = _best(best, better.result())
            better = None
    for late in (fewer, better):
        if late is not None:
            best = _best(best, late.result())
    return best


def _some(search: _Search, least: int, seconds: float) -> Found:
    """Any plan, with vehicles enough."""
    enough = least * 2 + 3
    while not (found := search.first(enough, seconds / 2).result()).feasible:
        if enough > len(search.instance.of_kind(STOP)):
            raise Unsolved("Ook met een wagen per stop is geen plan gevonden dat alle regels houdt.")
        enough *= 2
    return found


def _half(found: Found, least: int) -> int:
    """How many vehicles to do without at once: half of what may be too many."""
    return max((len(found.plan.routes) - least) // 2, 1)


def _without(plan: Plan, tries: int) -> Plan:
    """The plan without the vehicle that does least, or when that was tried without another."""
    ranked = sorted(range(len(plan.routes)), key=lambda n: len(plan.routes[n].stops))
    gone = ranked[tries // 2 % len(ranked)]
    return Plan(tuple(route for n, route in enumerate(plan.routes) if n != gone), ())


def _shorter(search: _Search, best: Found, seconds: float, tries: int) -> Future[Found]:
    effort = Effort(seconds=seconds, seed=search.seed + 7 * tries)
    return search.pool.submit(search_once, search.problem(len(best.plan.routes)), effort, best.plan, False)


def _best(one: Found, other: Found) -> Found:
    """The one with fewer vehicles, or with as many the shorter one; what breaks a rule is no plan."""
    return min(one, other, key=lambda found: (not found.feasible, len(found.plan.routes), found.plan.metres))


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


def judged(text: str, instance: Instance, routes: tuple[Route, ...]) -> Verdict:
    """What the validator says. Tips are named by the file's own ids."""
    tips = {f"stort-{n}": site.key for n, site in enumerate(instance.of_kind(2))}
    words = {Doing.LEAVE: "depot", Doing.RETURN: "depot", Doing.EMPTY: "stop", Doing.TIP: "tip", Doing.REST: "lunch"}
    vehicles = [
        [Called(words[a.doing], tips.get(a.key, a.key), a.begins, a.ends) for a in route.activities] for route in routes
    ]
    return Checker(text).check(vehicles)
