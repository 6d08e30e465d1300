"""The problem as the solver (PyVRP) knows it, its answer, and the day as it will be driven.

What the solver lacks is put in another way: the break is cut out of the day (`rest`); coming home by way of a place to tip is
a last leg of its own; a stop with several windows is a group of which one is visited; a stop that belongs to one truck has a
load only that truck can take.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any, Final, TypeAlias, cast

import numpy as np
from pyvrp import (
    Client,
    ClientGroup,
    CostEvaluator,
    Depot,
    Location,
    PenaltyParams,
    ProblemData,
    Solution,
    SolveParams,
    VehicleType,
)
from pyvrp import solve as solve_with
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.stop import FirstFeasible, MaxRuntime, MultipleCriteria, StoppingCriterion

from vliegwiel.rounds.planning.driving import Driven, Step, drive
from vliegwiel.rounds.planning.problem import DAY, Matrix, Problem, Stop, Tip, Truck
from vliegwiel.rounds.planning.rest import Cut, best_cut, shift_of, windows_of

_Tables: TypeAlias = "list[np.ndarray[int, Any]]"
"""What the solver calls a table: its stubs give the shape of an array as one number."""
SCALE: Final = 1000
"""Costs are counted in thousandths of a cent, so that a metre costs a whole number."""
WORTH_A_PROCESS: Final = 8.0
"""Seconds from which a second process, with other luck, is worth starting."""


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


@dataclass(slots=True)
class _Model:
    """The parts of the solver's problem while they are gathered, and what each stands for."""

    problem: Problem
    cut: Cut
    places: list[int] = field(default_factory=list)
    homes: dict[int, tuple[int, tuple[str, ...], int]] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)
    groups: list[ClientGroup] = field(default_factory=list)
    depots: list[Depot] = field(default_factory=list)
    stop_of: list[Stop] = field(default_factory=list)
    tip_of: dict[int, Tip] = field(default_factory=dict)

    def place(self, location: int) -> int:
        """A new place of the solver at a location of the network."""
        self.places.append(location)
        return len(self.places) - 1


def solve(
    problem: Problem,
    *,
    seconds: float,
    seed: int = 1,
    processes: int = 1,
    optional: bool = False,
    onwards: Answer | None = None,
    first: bool = False,
) -> Answer:
    """The best plan found in so many seconds.

    `optional`: also what must be emptied may be left (at a very high price). `onwards`: go on from an answer to this very
    problem. `first`: the first plan that keeps all rules will do.
    """
    cut = best_cut(problem)
    data, model = build(problem, cut, optional=optional)
    start = onwards.found if onwards else None
    found = run(data, seconds=seconds, seed=seed, processes=processes, onwards=start, first=first)
    return read(problem, model, data, found)


def run(
    data: ProblemData,
    *,
    seconds: float,
    seed: int,
    processes: int,
    onwards: Solution | None = None,
    first: bool = False,
) -> Solution:
    """Let the solver work; with more processes the best of several tries."""
    if first or processes < 2 or seconds < WORTH_A_PROCESS:
        return _attempt(data, seconds, seed, onwards, first)
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        tries = [pool.submit(_attempt, data, seconds, seed + number, onwards, first) for number in range(processes)]
        found = [one.result() for one in tries]
    return min(found, key=lambda solution: (not solution.is_feasible(), _cost(data, solution)))


def _attempt(data: ProblemData, seconds: float, seed: int, onwards: Solution | None, first: bool) -> Solution:
    # Breaking a rule must be able to cost more than any detour it saves, whatever the units.
    params = SolveParams(penalty=PenaltyParams(max_penalty=1e7))
    enough: StoppingCriterion = MaxRuntime(seconds)
    if first:
        enough = MultipleCriteria([enough, FirstFeasible()])
    with warnings.catch_warnings():
        # That a day is hard to fit is for the answer to say, not for the log.
        warnings.simplefilter("ignore", PenaltyBoundWarning)
        return solve_with(
            data, stop=enough, seed=seed, params=params, collect_stats=False, initial_solution=onwards
        ).best


def _cost(data: ProblemData, solution: Solution) -> int:
    judge = CostEvaluator([1000.0] * data.num_load_dimensions, 1000.0, 1000.0)
    return int(judge.penalised_cost(solution))


def build(problem: Problem, cut: Cut, *, optional: bool) -> tuple[ProblemData, _Model]:
    """The solver's problem."""
    model = _Model(problem, cut)
    locked = sorted({stop.truck for stop in problem.stops if stop.truck is not None})
    at: dict[int, int] = {}
    for stop in problem.stops:
        if stop.location not in at:
            at[stop.location] = model.place(stop.location)
        _add_stop(model, stop, at[stop.location], locked, optional=optional)
    tips = {tip.key: _add_tip(model, tip) for tip in problem.tips}
    vehicles = [_vehicle(model, truck, tips, locked) for truck in problem.trucks]
    metres, seconds = _matrices(model)
    data = ProblemData(
        locations=[Location(0, 0) for _ in model.places],
        clients=model.clients,
        depots=model.depots,
        vehicle_types=vehicles,
        distance_matrices=cast(_Tables, metres),
        duration_matrices=cast(_Tables, seconds),
        groups=model.groups,
    )
    return data, model


def _add_stop(model: _Model, stop: Stop, place: int, locked: Sequence[str], *, optional: bool) -> None:
    windows = windows_of(stop, model.cut)
    must = stop.prize is None and not optional
    prize = 0 if must else SCALE * (stop.prize if stop.prize is not None else _ransom(model.problem))
    load = [*stop.load, *(int(stop.truck == truck) for truck in locked)]
    group = len(model.groups) if len(windows) > 1 else None
    first = len(model.clients)
    for window in windows:
        model.clients.append(
            Client(
                location=place, pickup=load, service_duration=stop.service, tw_early=window.open, tw_late=window.close,
                prize=prize, required=must and group is None, group=group,
            )
        )  # fmt: skip
        model.stop_of.append(stop)
    if group is not None:
        model.groups.append(ClientGroup(list(range(first, len(model.clients))), required=must))


def _ransom(problem: Problem) -> int:
    """Cents that no detour on this network can cost."""
    tariff, network = problem.tariff, problem.network
    farthest = max(int(matrix.max(initial=0)) for matrix in network.metres)
    longest = max(int(matrix.max(initial=0)) for matrix in network.seconds)
    detour = 4 * (farthest * tariff.kilometre // 1000 + (longest + 3600) * (tariff.hour + tariff.overtime_hour) // 3600)
    return 10 * (detour + tariff.truck + max((stop.prize or 0 for stop in problem.stops), default=0) + 100)


def _add_tip(model: _Model, tip: Tip) -> int:
    shape = model.cut.squeezed(tip.window) or tip.window
    depot = Depot(model.place(tip.location), tw_early=shape.open, tw_late=shape.close, service_duration=tip.service)
    model.depots.append(depot)
    model.tip_of[len(model.depots) - 1] = tip
    return len(model.depots) - 1


def _vehicle(model: _Model, truck: Truck, tips: dict[str, int], locked: Sequence[str]) -> VehicleType:
    tariff = model.problem.tariff
    shift = shift_of(truck, model.cut)
    start = len(model.depots)
    model.depots.append(Depot(model.place(truck.start)))
    home = model.place(truck.end)
    if truck.empties:
        model.homes[home] = (truck.end, truck.tips, truck.profile)
    model.depots.append(Depot(home))
    plenty = len(model.problem.stops)
    return VehicleType(
        num_available=truck.count,
        capacity=[*truck.capacity, *(plenty if truck.key == one else 0 for one in locked)],
        start_depot=start,
        end_depot=start + 1,
        fixed_cost=SCALE * tariff.truck,
        tw_early=shift.open,
        tw_late=shift.close + truck.overtime,
        shift_duration=max(shift.close - shift.open, 0),
        max_overtime=truck.overtime,
        unit_distance_cost=tariff.kilometre * SCALE // 1000,
        unit_duration_cost=tariff.hour * SCALE // 3600,
        unit_overtime_cost=tariff.overtime_hour * SCALE // 3600,
        profile=truck.profile,
        initial_load=[*truck.onboard, *(0 for _ in locked)] if truck.onboard else [],
        reload_depots=[tips[key] for key in truck.tips],
    )


def _matrices(model: _Model) -> tuple[list[Matrix], list[Matrix]]:
    """The network as the solver's places see it; to come home is to come home by way of a place to tip."""
    problem, index = model.problem, np.array(model.places)
    grid = np.ix_(index, index)
    metres = [matrix[grid].copy() for matrix in problem.network.metres]
    seconds = [matrix[grid].copy() for matrix in problem.network.seconds]
    tip_places = [model.depots[depot].location for depot in model.tip_of]
    for home, (end, keys, profile) in model.homes.items():
        tips = [problem.tip(key) for key in keys]
        far, long = problem.network.metres[profile], problem.network.seconds[profile]
        by_way = np.stack([far[index, tip.location] + far[tip.location, end] for tip in tips])
        lasting = np.stack([long[index, tip.location] + tip.service + long[tip.location, end] for tip in tips])
        best = np.argmin(by_way * DAY + lasting, axis=0)
        column = np.arange(len(index))
        straight = np.isin(column, tip_places) | (column == home)
        metres[profile][~straight, home] = by_way[best, column][~straight]
        seconds[profile][~straight, home] = lasting[best, column][~straight]
    for matrix in (*metres, *seconds):
        np.fill_diagonal(matrix, 0)
    return metres, seconds


def read(problem: Problem, model: _Model, data: ProblemData, solution: Solution) -> Answer:
    """The solver's answer, driven on the clock."""
    days: list[tuple[Truck, tuple[Step, ...], Driven]] = []
    numbers: dict[str, int] = {}
    planned: set[str] = set()
    for route in solution.routes():
        truck = problem.trucks[route.vehicle_type()]
        schedule = route.schedule()
        steps = tuple(
            model.stop_of[activity.idx] if activity.is_client() else model.tip_of[activity.idx]
            for activity in schedule[1:-1]
        )
        numbers[truck.key] = numbers.get(truck.key, 0) + 1
        steps = _without_idle_tips(steps, truck)
        leaves = model.cut.real(int(route.start_time()))
        driven = drive(problem, truck, steps, number=numbers[truck.key], leaves=leaves, cut=model.cut.moment)
        days.append((truck, steps, driven))
        planned |= {step.key for step in steps if isinstance(step, Stop)}
    left = tuple(stop for stop in problem.stops if stop.key not in planned)
    sound = solution.is_feasible() and not any(driven.faults for _, _, driven in days)
    feasible = sound and not any(stop.prize is None for stop in left)
    return Answer(tuple(days), left, feasible, _cost(data, solution), solution)


def _without_idle_tips(steps: tuple[Step, ...], truck: Truck) -> tuple[Step, ...]:
    """A tip with nothing in the truck is no tip; the last one stays, for it is the way home."""
    kept: list[Step] = []
    loaded = any(truck.onboard)
    for step in steps:
        if isinstance(step, Tip) and not loaded:
            continue
        kept.append(step)
        loaded = isinstance(step, Stop)
    return tuple(kept)
