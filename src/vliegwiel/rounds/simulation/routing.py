"""One day's rounds, quickly: the solver of the planner (PyVRP), started from the order of one long tour past everything.

A simulation needs tens of thousands of plans, so that each may take some ten milliseconds: a local search and a fixed number
of steps of iterated local search, no clock, so that the outcome does not depend on the machine. All policies drive with this
same search, the same trucks, shifts and break. Stops have no windows here, so that a break is a shorter shift.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias, cast

import numpy as np
import numpy.typing as npt
from pyvrp import (
    Activity,
    ActivityType,
    Client,
    CostEvaluator,
    Depot,
    Location,
    PenaltyParams,
    ProblemData,
    RandomNumberGenerator,
    Route,
    Solution,
    VehicleType,
)
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.IteratedLocalSearch import IteratedLocalSearch, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyManager
from pyvrp.search import (
    InsertOptionalClient,
    LocalSearch,
    NeighbourhoodParams,
    PerturbationManager,
    PerturbationParams,
    Relocate1,
    Relocate2,
    RelocateWithDepot,
    RemoveAdjacentDepot,
    RemoveOptionalClient,
    ReplaceOptionalClient,
    Swap11,
    SwapTails,
    compute_neighbours,
)
from pyvrp.stop import MaxIterations

from vliegwiel.rounds.simulation.assumptions import Assumptions
from vliegwiel.rounds.simulation.weighings import Floats, Ints

_Tables: TypeAlias = "list[np.ndarray[int, Any]]"
Mask = npt.NDArray[np.bool_]
SCALE: Final = 1000
"""Costs are counted in thousandths of a cent, so that a metre costs a whole number."""
MUST: Final = 1_000_000
"""Cents: what leaving out a stop that must be emptied costs. More than any detour, less than breaking a rule."""
NEIGHBOURS: Final = 20
AGAIN: Final = 2
"""A round that was driven before gets this part of the search: it begins where that ended, every week anew."""
SHAKEN: Final = 10
"""Stops that a step of the search moves at most: small steps find as much in half the time."""
OPERATORS: Final = (
    Relocate1, Relocate2, Swap11, SwapTails, RelocateWithDepot, RemoveAdjacentDepot,
    RemoveOptionalClient, InsertOptionalClient, ReplaceOptionalClient,
)  # fmt: skip
PENALTY: Final = PenaltyParams(max_penalty=1e7)
YARD, TIP, HOME, FIRST = 0, 1, 2, 3
"""Rows of the network: where trucks start, where they tip, coming home by way of the tip, and the first location."""


@dataclass(frozen=True, slots=True)
class Fleet:
    """The same trucks every day, for every policy. `cents_*`: what the search weighs (and what it costs)."""

    count: int
    kilograms: int
    shift: int
    """Seconds of work, the break taken off."""
    cents_km: int
    cents_hour: int
    cents_truck: int
    tip_seconds: int
    service: Ints
    """Seconds at each location."""

    @property
    def cents_service(self) -> Floats:
        """What the time at each location costs: the least that emptying it can cost."""
        return np.asarray(self.service * (self.cents_hour / 3600), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Roads:
    """Whole metres and seconds between yard, tip, home (by way of the tip) and locations."""

    metres: Ints
    seconds: Ints

    @property
    def size(self) -> int:
        """How many locations."""
        return int(self.metres.shape[0]) - FIRST


@dataclass(frozen=True, slots=True)
class Driven:
    """A day as driven. `served`: rows in order of the routes; `metres` with and without what goes to and from yard and tip."""

    served: Ints
    metres: int
    seconds: int
    tips: int
    trucks: int
    collecting_metres: int
    feasible: bool
    cost: int


IDLE: Final = Driven(np.zeros(0, dtype=np.int64), 0, 0, 0, 0, 0, feasible=True, cost=0)


def roads_of(x: Floats, y: Floats, yard: tuple[float, float], tip: tuple[float, float], assumed: Assumptions) -> Roads:
    """Straight lines times a detour, slower over short legs: for want of a road network, and labelled so in every report."""
    xs, ys = np.concatenate([[yard[0], tip[0], yard[0]], x]), np.concatenate([[yard[1], tip[1], yard[1]], y])
    far = np.hypot(xs[:, None] - xs[None], ys[:, None] - ys[None]) * assumed.detour
    town = np.minimum(far, assumed.town_metres)
    long = town / (assumed.town_kmh / 3.6) + (far - town) / (assumed.road_kmh / 3.6)
    metres, seconds = np.rint(far).astype(np.int64), np.rint(long).astype(np.int64)
    for row in range(FIRST, len(xs)):
        metres[row, HOME] = metres[row, TIP] + metres[TIP, YARD]
        seconds[row, HOME] = seconds[row, TIP] + int(assumed.tip_seconds) + seconds[TIP, YARD]
    np.fill_diagonal(metres, 0)
    np.fill_diagonal(seconds, 0)
    return Roads(metres, seconds)


@dataclass(frozen=True, slots=True)
class Router:
    """Plans days over one network with one fleet. `tour`: every location's place in one long tour past all of them."""

    roads: Roads
    fleet: Fleet
    tour: Ints
    steps: int = 20

    def drive(
        self, rows: Ints, kilograms: Floats, prizes: Floats, must: Mask, *, seed: int, before: Ints | None = None
    ) -> Driven:
        """A plan for these locations. `prizes`: cents that emptying is worth; `must`: emptied whatever it costs, if it fits.

        `before`: these very locations in the order in which they were driven last time; the search goes on from there.
        """
        if not len(rows):
            return IDLE
        place = self.tour
        if before is not None and len(before) == len(rows):
            place = self.tour.copy()
            place[before] = np.arange(len(before))
        order = np.argsort(place[rows], kind="stable")
        rows, prizes, must = rows[order], prizes[order], must[order]
        load = np.clip(np.rint(kilograms[order]), 0, self.fleet.kilograms).astype(np.int64)
        worth = np.where(must, MUST + prizes, prizes)
        data = self._data(rows, load, worth)
        start = self._start(data, rows, load, np.where(must, np.inf, prizes))
        found = self._search(data, start, seed, self.steps if before is None else self.steps // AGAIN)
        return self._read(data, found, rows)

    def _data(self, rows: Ints, load: Ints, worth: Floats) -> ProblemData:
        fleet = self.fleet
        index = np.concatenate([[YARD, TIP, HOME], rows + FIRST])
        grid = np.ix_(index, index)
        service = fleet.service[rows]
        clients = [
            Client(
                FIRST + at,
                pickup=[int(load[at])],
                service_duration=int(service[at]),
                prize=int(SCALE * worth[at]),
                required=False,
            )
            for at in range(len(rows))
        ]
        vehicle = VehicleType(
            num_available=fleet.count, capacity=[fleet.kilograms], start_depot=0, end_depot=2, reload_depots=[1],
            shift_duration=fleet.shift, fixed_cost=fleet.cents_truck * SCALE, unit_distance_cost=fleet.cents_km * SCALE // 1000,
            unit_duration_cost=fleet.cents_hour * SCALE // 3600,
        )  # fmt: skip
        return ProblemData(
            [Location(0, 0)] * len(index), clients,
            [Depot(YARD), Depot(TIP, service_duration=fleet.tip_seconds), Depot(HOME)], [vehicle],
            cast(_Tables, [np.ascontiguousarray(self.roads.metres[grid])]),
            cast(_Tables, [np.ascontiguousarray(self.roads.seconds[grid])]),
        )  # fmt: skip

    def _start(self, data: ProblemData, rows: Ints, load: Ints, worth: Floats) -> Solution:
        """What pays for itself, in the order of the long tour; to the tip when full, the next truck when the shift is over."""
        fleet, seconds = self.fleet, self.roads.seconds
        cents_service = fleet.cents_service
        routes: list[list[Activity]] = [[]]
        here, aboard, time = YARD, 0, 0
        for at, row in enumerate(rows.tolist()):
            place = row + FIRST
            if worth[at] < 1.1 * cents_service[row]:
                continue
            if aboard + load[at] > fleet.kilograms:
                time += int(seconds[here, TIP]) + fleet.tip_seconds
                here, aboard = TIP, 0
                routes[-1].append(Activity(ActivityType.DEPOT, 1))
            there = time + int(seconds[here, place]) + int(fleet.service[row])
            if there + int(seconds[place, HOME]) > fleet.shift and here != YARD:
                if len(routes) == fleet.count:
                    break
                routes.append([])
                here, aboard = YARD, 0
                there = int(seconds[here, place]) + int(fleet.service[row])
            routes[-1].append(Activity(ActivityType.CLIENT, at))
            here, aboard, time = place, aboard + int(load[at]), there
        return Solution(data, [Route(data, _trimmed(route), 0) for route in routes if _trimmed(route)])

    def _search(self, data: ProblemData, start: Solution, seed: int, steps: int) -> Solution:
        search = LocalSearch(
            data,
            RandomNumberGenerator(seed),
            compute_neighbours(data, NeighbourhoodParams(num_neighbours=NEIGHBOURS)),
            PerturbationManager(PerturbationParams(1, SHAKEN)),
        )
        for operator in OPERATORS:
            if operator.supports(data):
                search.add_operator(operator(data))
        with warnings.catch_warnings():
            # That a day is hard to fit is counted in the figures, not told in a log.
            warnings.simplefilter("ignore", PenaltyBoundWarning)
            penalties = PenaltyManager(PENALTY.midpoint_penalties(data), PENALTY)
            better = search(start, penalties.max_cost_evaluator(), exhaustive=True)
            further = IteratedLocalSearch(data, penalties, search, better, IteratedLocalSearchParams())
            found = further.run(MaxIterations(steps), False, False, 5.0).best
        return min((found, better, start), key=lambda one: (not one.is_feasible(), _judged(one)))

    def _read(self, data: ProblemData, found: Solution, rows: Ints) -> Driven:
        served: list[int] = []
        tips = 0
        collecting = 0
        metres = self.roads.metres
        for route in found.routes():
            before = -1
            for activity in route.schedule():
                if not activity.is_client():
                    before = -1
                    continue
                row = int(rows[activity.idx])
                served.append(row)
                if before >= 0:
                    collecting += int(metres[before + FIRST, row + FIRST])
                else:
                    tips += 1
                before = row
        return Driven(
            np.array(served, dtype=np.int64), int(found.distance()), int(found.duration()), tips, int(found.num_routes()),
            collecting, found.is_feasible(), _judged(found) // SCALE,
        )  # fmt: skip


def _trimmed(route: Sequence[Activity]) -> list[Activity]:
    """Without tips at its end: coming home is by way of the tip already."""
    kept = list(route)
    while kept and kept[-1].is_depot():
        kept.pop()
    return kept


def _judged(solution: Solution) -> int:
    return int(CostEvaluator([1000.0], 1000.0, 1000.0).penalised_cost(solution))


def long_tour(roads: Roads, *, steps: int = 400, seed: int = 1) -> Ints:
    """Each location's place in a good tour past all of them, from the tip and back."""
    size = roads.size
    data = ProblemData(
        [Location(0, 0)] * (size + 1), [Client(1 + at) for at in range(size)], [Depot(0)], [VehicleType()],
        cast(_Tables, [_closed(roads.metres)]), cast(_Tables, [_closed(roads.seconds)]),
    )  # fmt: skip
    search = LocalSearch(data, RandomNumberGenerator(seed), compute_neighbours(data))
    for operator in (Relocate1, Relocate2, Swap11, SwapTails):
        search.add_operator(operator(data))
    penalties = PenaltyManager(PENALTY.midpoint_penalties(data), PENALTY)
    start = Solution(data, [_nearest_first(roads.metres)])
    better = search(start, penalties.max_cost_evaluator(), exhaustive=True)
    best = IteratedLocalSearch(data, penalties, search, better, IteratedLocalSearchParams()).run(
        MaxIterations(steps), False, False, 5.0
    ).best  # fmt: skip
    order = [activity.idx for activity in best.routes()[0].schedule() if activity.is_client()]
    place = np.zeros(size, dtype=np.int64)
    place[order] = np.arange(size)
    return place


def _closed(matrix: Ints) -> Ints:
    index = np.concatenate([[TIP], np.arange(FIRST, len(matrix))])
    return np.ascontiguousarray(matrix[np.ix_(index, index)])


def _nearest_first(metres: Ints) -> list[int]:
    left = np.ones(len(metres) - FIRST, dtype=bool)
    here, order = TIP, []
    for _ in range(len(left)):
        far = np.where(left, metres[here, FIRST:], np.iinfo(np.int64).max)
        here = int(np.argmin(far)) + FIRST
        left[here - FIRST] = False
        order.append(here - FIRST)
    return order
