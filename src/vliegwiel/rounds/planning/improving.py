"""Make a plan better with several processes at once, without losing what it has.

In a large day the trucks are divided into two groups of neighbours, and each process plans the stops of one group again; the
next time they are divided otherwise. In a small one each process searches the whole day with luck of its own, and all go on
from the best. Everything travels as problems and plans, so processes share nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Final, ParamSpec, TypeVar

import numpy as np

from vliegwiel.rounds.planning.figures import cents_of
from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.plans import Plan, Route, Skipped, Why
from vliegwiel.rounds.planning.problem import DAY, Problem, Stop
from vliegwiel.rounds.planning.solving import Answer, Effort, solve
from vliegwiel.rounds.planning.translating import allowed, ransom_of

_P = ParamSpec("_P")
_T = TypeVar("_T")
LARGE: Final = 250
"""Stops in a plan from which it is worth dividing, when there are trucks enough."""
TURN: Final = 0.025
"""Seconds a stop is worth in each turn: for 800 stops a turn is 20 seconds."""
WORTH_A_PROCESS: Final = 15.0
"""Seconds from which more processes are worth starting."""
SHORTEST: Final = 4.0
"""Seconds below which a turn is not worth starting."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plan without sentences, whether it does all that must be done within every rule, and what it costs: cents, and what the
    stops that are left were worth (those that must: more than any detour)."""

    plan: Plan
    feasible: bool
    cost: int


def found(problem: Problem, answer: Answer) -> Found:
    """An answer as a plan."""
    routes = tuple(driven.route for _, _, driven in answer.days)
    skipped = tuple(Skipped(stop.key, Why.NO_ROOM, stop.prize is None, "") for stop in answer.left)
    ransom = ransom_of(problem)
    lost = sum(ransom if stop.prize is None else stop.prize for stop in answer.left)
    return Found(Plan(routes, skipped), answer.feasible, sum(cents_of(problem, route) for route in routes) + lost)


def search_once(problem: Problem, effort: Effort, onwards: Plan | None, optional: bool) -> Found:
    """One search of the whole problem, mended. Runs in any process."""
    return found(problem, mended(problem, solve(problem, effort, optional=optional, onwards=onwards)))


class _Here(Executor):
    """Works at once, in this process: one search at a time needs no other."""

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Do the work, and give it as a future that is done. Errors are raised here."""
        done: Future[_T] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


def worth(processes: int, seconds: float) -> int:
    """How many processes are worth starting for a search of so many seconds."""
    return processes if seconds >= WORTH_A_PROCESS else 1


@contextmanager
def workers(processes: int) -> Iterator[Executor]:
    """Processes that search; with one it is this one."""
    if processes < 2:
        yield _Here()
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield pool


def begun(
    problem: Problem,
    *,
    seconds: float,
    seed: int,
    processes: int,
    pool: Executor,
    optional: bool = False,
    onwards: Plan | None = None,
) -> Found:
    """The best of as many searches as there are processes, each of so many seconds."""
    tries = [
        pool.submit(search_once, problem, Effort(seconds=seconds, seed=seed + n), onwards, optional)
        for n in range(processes)
    ]
    return min((one.result() for one in tries), key=_rank)


def improved(
    problem: Problem,
    start: Found,
    *,
    seconds: float,
    seed: int,
    processes: int,
    pool: Executor,
    optional: bool = False,
) -> Found:
    """The best plan found from this one on in so many seconds; never a worse one."""
    until = time.monotonic() + seconds
    best, turn = start, 0
    while (left := until - time.monotonic()) > SHORTEST / 2 or turn == 0:
        length = max(SHORTEST, TURN * len(problem.stops))
        if left < 1.7 * length:
            length = max(left, 0.2)
        effort = Effort(seconds=length, seed=seed + 10 * turn)
        if processes > 1 and _divisible(best.plan) and turn % 4 < 3:
            new = _by_parts(problem, best, effort, pool, optional)
        else:
            new = begun(
                problem, seconds=length, seed=effort.seed, processes=processes, pool=pool, optional=optional,
                onwards=best.plan,
            )  # fmt: skip
        best = min(best, new, key=_rank)
        turn += 1
    return best


def _rank(one: Found) -> tuple[bool, int]:
    return not one.feasible, one.cost


def _divisible(plan: Plan) -> bool:
    return len(plan.routes) >= 4 and sum(len(route.stops) for route in plan.routes) >= LARGE


def _by_parts(problem: Problem, start: Found, effort: Effort, pool: Executor, optional: bool) -> Found:
    """Plan two groups of trucks again, each in a process of its own."""
    groups = divided(problem, start.plan.routes, effort.seed)
    parts = _parts(problem, start.plan, groups)
    works = [
        pool.submit(search_once, part, effort, Plan(tuple(group), ()), optional)
        for part, group in zip(parts, groups, strict=True)
    ]
    return _joined([one.result() for one in works])


def divided(problem: Problem, routes: Sequence[Route], seed: int) -> tuple[list[Route], list[Route]]:
    """The routes in two groups of about as many stops, each of routes near each other: those nearest to a route by chance, and
    the others."""
    dice = np.random.default_rng(seed)
    order = list(dice.permutation(len(routes)))
    metres = problem.network.metres[0]
    rows = [
        np.array([a.location for a in route.activities[1:-1]] or [route.activities[0].location]) for route in routes
    ]
    first = order[0]
    near = sorted(order, key=lambda n: float(metres[np.ix_(rows[first], rows[n])].mean()) if n != first else -1.0)
    half = sum(len(route.stops) for route in routes) / 2
    taken: list[Route] = []
    for n in near[:-1]:
        taken.append(routes[n])
        if sum(len(route.stops) for route in taken) >= half:
            break
    return taken, [route for route in routes if not any(route is one for one in taken)]


def _parts(problem: Problem, plan: Plan, groups: Sequence[Sequence[Route]]) -> list[Problem]:
    """A problem for each group: its own trucks and stops, and what is left of the plan that is nearest to it. Trucks that do
    not drive are in the first."""
    used = [{truck.key: sum(r.truck == truck.key for r in group) for truck in problem.trucks} for group in groups]
    spare = {t.key: t.count - sum(one[t.key] for one in used) for t in problem.trucks}
    for key, count in spare.items():
        used[0][key] += count
    keys = [{key for key, count in one.items() if count} for one in used]
    of = {stop.key: stop for stop in problem.stops}
    stops = [[of[key] for route in group for key in route.stops if key in of] for group in groups]
    for stop in (of[one.key] for one in plan.skipped if one.key in of):
        # A truck that may come is in one of the groups: every truck is.
        able = [n for n in range(len(groups)) if allowed(problem, stop) & keys[n]] or [0]
        stops[min(able, key=lambda n: _distance(problem, stop, stops[n]))].append(stop)
    return [
        replace(
            problem,
            trucks=tuple(replace(t, count=one[t.key]) for t in problem.trucks if one[t.key]),
            stops=tuple(_within(stop, names) for stop in own),
        )
        for one, names, own in zip(used, keys, stops, strict=True)
    ]


def _within(stop: Stop, keys: Collection[str]) -> Stop:
    """A stop in a part without all trucks."""
    return replace(stop, trucks=tuple(key for key in stop.trucks if key in keys))


def _distance(problem: Problem, stop: Stop, others: Sequence[Stop]) -> int:
    metres = problem.network.metres[0][stop.location]
    return min((int(metres[one.location]) for one in others), default=DAY**2)


def _joined(ones: Sequence[Found]) -> Found:
    """The plans of the parts as one; trucks of a kind get new numbers."""
    numbers: dict[str, int] = {}
    routes: list[Route] = []
    for route in (route for one in ones for route in one.plan.routes):
        numbers[route.truck] = numbers.get(route.truck, 0) + 1
        routes.append(replace(route, number=numbers[route.truck]))
    skipped = tuple(stop for one in ones for stop in one.plan.skipped)
    return Found(Plan(tuple(routes), skipped), all(one.feasible for one in ones), sum(one.cost for one in ones))
