"""Let the solver (PyVRP) search, and drive its answer on the clock."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from pyvrp import (
    CostEvaluator,
    IteratedLocalSearch,
    IteratedLocalSearchParams,
    PenaltyManager,
    PenaltyParams,
    ProblemData,
    RandomNumberGenerator,
    Solution,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import OPERATORS, LocalSearch, NeighbourhoodParams, PerturbationManager, compute_neighbours
from pyvrp.stop import FirstFeasible, MaxIterations, MaxRuntime, MultipleCriteria, StoppingCriterion

from vliegwiel.rounds.planning.driving import Driven, Step, drive
from vliegwiel.rounds.planning.plans import Doing, Plan
from vliegwiel.rounds.planning.problem import Problem, Stop, Tip, Truck
from vliegwiel.rounds.planning.rest import best_cut
from vliegwiel.rounds.planning.translating import Translated, started, translate

LONG: Final = 20.0
"""Seconds from which a search is long enough to be patient."""
LARGEST_PENALTY: Final = 1e7
Penalties: TypeAlias = tuple[list[float], float, float]
"""What a unit too much costs: of each load, a second, a metre."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to search: until so many seconds have passed, or so many iterations are done (then the clock plays no part).

    `first`: the first plan that keeps all rules will do. `neighbours`: how many near stops are tried for each.
    """

    seconds: float = 10.0
    iterations: int | None = None
    seed: int = 1
    first: bool = False
    neighbours: int = 40

    def patience(self) -> int:
        """Iterations after which the penalties are tuned: in a short search more often, or it ends before they are."""
        return 500 if self.iterations is None and self.seconds > LONG else 50

    def enough(self) -> StoppingCriterion:
        """When to stop, as the solver knows it."""
        most: StoppingCriterion = (
            MaxRuntime(self.seconds) if self.iterations is None else MaxIterations(self.iterations)
        )
        return MultipleCriteria([most, FirstFeasible()]) if self.first else most


@dataclass(frozen=True, slots=True)
class Answer:
    """What the solver found: per route the truck and its steps. `left` are stops it did not plan.

    `feasible`: everything that must be done is, within every rule but the limits of a day (see `mending`).
    """

    days: tuple[tuple[Truck, tuple[Step, ...], Driven], ...]
    left: tuple[Stop, ...]
    feasible: bool
    cost: int
    found: Solution


def solve(
    problem: Problem,
    effort: Effort,
    *,
    optional: bool = False,
    onwards: Answer | Plan | None = None,
) -> Answer:
    """The best plan found with so much effort.

    `optional`: also what must be emptied may be left (at a very high price). `onwards`: go on from an answer to this very
    problem, or from a plan for one that looks like it.
    """
    translated = translate(problem, best_cut(problem), optional=optional)
    start: Solution | None = None
    if isinstance(onwards, Plan):
        start = started(translated, _steps_of(problem, onwards))
    elif onwards is not None:
        start = onwards.found
    found = search(translated, effort, start)
    return read(problem, translated, found)


def _steps_of(problem: Problem, plan: Plan) -> list[tuple[str, list[Step], list[int]]]:
    """The steps of a plan that are in the problem."""
    stops = {stop.key: stop for stop in problem.stops}
    tips = {tip.key: tip for tip in problem.tips}
    days: list[tuple[str, list[Step], list[int]]] = []
    for route in plan.routes:
        steps: list[Step] = []
        times: list[int] = []
        for activity in route.activities:
            step: Step | None = None
            if activity.doing is Doing.EMPTY:
                step = stops.get(activity.key)
            elif activity.doing is Doing.TIP:
                step = tips.get(activity.key)
            if step is not None:
                steps.append(step)
                times.append(activity.begins)
        days.append((route.truck, steps, times))
    return days


def search(translated: Translated, effort: Effort, start: Solution | None = None) -> Solution:
    """Let the solver work."""
    return attempt(translated.data, translated.plain, fair_penalties(translated), effort, start)


def attempt(
    data: ProblemData, plain: ProblemData, penalties: Penalties, effort: Effort, start: Solution | None
) -> Solution:
    """One search, as PyVRP's own `solve` does it, but for where the penalties begin, which stops are near each other, and how
    soon it goes back to the best there is: far sooner, for a search of seconds cannot wander for minutes."""
    luck = RandomNumberGenerator(seed=effort.seed)
    near = compute_neighbours(plain, NeighbourhoodParams(num_neighbours=effort.neighbours))
    local = LocalSearch(data, luck, near, PerturbationManager())
    for operator in OPERATORS:
        if operator.supports(data):
            local.add_operator(operator(data))
    params = PenaltyParams(solutions_between_updates=effort.patience(), min_penalty=1e-4, max_penalty=LARGEST_PENALTY)
    with warnings.catch_warnings():
        # That a day is hard to fit is for the answer to say, not for the log.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        manager = PenaltyManager(penalties, params)
        if start is None:
            start = local(Solution.make_random(data, luck), manager.max_cost_evaluator(), exhaustive=True)
        again = min(max(2 * data.num_clients, 500), 5000)
        params_on = IteratedLocalSearchParams(num_iters_no_improvement=again)
        search_on = IteratedLocalSearch(data, manager, local, start, params_on)
        return search_on.run(effort.enough(), collect_stats=False).best


def fair_penalties(translated: Translated) -> Penalties:
    """What breaking a rule costs at first: as much as an average leg or prize, for an average load or the time of that leg.

    From there the solver tunes it; far from it, it needs tens of thousands of iterations to come near.
    """
    data, plain = translated.data, translated.plain
    vehicle = plain.vehicle_types()[0]
    metres = float(np.mean(plain.distance_matrix(vehicle.profile)))
    seconds = float(np.mean(plain.duration_matrix(vehicle.profile)))
    leg = max(metres * vehicle.unit_distance_cost + seconds * vehicle.unit_duration_cost, translated.worth, 1.0)
    loads = np.array([c.pickup for c in plain.clients()], np.float64).reshape(-1, plain.num_load_dimensions)
    average = [max(float(column.sum()) / max(len(column), 1), 1.0) for column in loads.T]
    longer = data is not plain
    stretch = float(np.mean(data.distance_matrix(vehicle.profile))) if longer else metres
    return [leg / load for load in average], leg / max(seconds, 1.0), leg / max(stretch, 1.0)


def cost_of(data: ProblemData, solution: Solution) -> int:
    """What a solution costs, broken rules included."""
    judge = CostEvaluator([1000.0] * data.num_load_dimensions, 1000.0, 1000.0)
    return int(judge.penalised_cost(solution))


def read(problem: Problem, translated: Translated, solution: Solution) -> Answer:
    """The solver's answer, driven on the clock."""
    model = translated.model
    days: list[tuple[Truck, tuple[Step, ...], Driven]] = []
    numbers: dict[str, int] = {}
    planned: set[str] = set()
    for route in solution.routes():
        truck = problem.trucks[route.vehicle_type()]
        steps: Sequence[Step] = [
            model.stop_of[activity.idx] if activity.is_client() else model.tip_of[activity.idx]
            for activity in route.schedule()[1:-1]
        ]
        numbers[truck.key] = numbers.get(truck.key, 0) + 1
        steps = without_idle_tips(steps, truck)
        leaves = model.cut.real(int(route.start_time()))
        driven = drive(problem, truck, steps, number=numbers[truck.key], leaves=leaves, cut=model.cut.moment)
        days.append((truck, steps, driven))
        planned |= {step.key for step in steps if isinstance(step, Stop)}
    left = tuple(stop for stop in problem.stops if stop.key not in planned)
    sound = solution.is_feasible() and not any(driven.faults for _, _, driven in days)
    feasible = sound and not any(stop.prize is None for stop in left)
    return Answer(tuple(days), left, feasible, cost_of(translated.data, solution), solution)


def without_idle_tips(steps: Sequence[Step], truck: Truck) -> tuple[Step, ...]:
    """A tip with nothing in the truck is no tip; the last one stays, for it is the way home."""
    kept: list[Step] = []
    loaded = any(truck.onboard)
    for step in steps:
        if isinstance(step, Tip) and not loaded:
            continue
        kept.append(step)
        loaded = isinstance(step, Stop)
    return tuple(kept)
