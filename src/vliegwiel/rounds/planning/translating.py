"""A problem in the words of the solver (PyVRP), and its answer in ours.

What the solver lacks is put in another way: the break is cut out of the day (`rest`); coming home by way of a place to tip is
a last leg of its own; a stop with several windows is a group of which one is visited; a stop that only some trucks can do has
a load only those can take; and what a truck may collect in a whole day, over all its trips, is counted in its kilometres:
each stop is farther away by its load times a length that no day's drive reaches.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast

import numpy as np
from pyvrp import Activity, ActivityType, Client, ClientGroup, Depot, Location, ProblemData, Solution, VehicleType
from pyvrp import Route as SolverRoute

from vliegwiel.rounds.planning.driving import Step
from vliegwiel.rounds.planning.problem import DAY, Matrix, Problem, Stop, Tariff, Tip, Truck
from vliegwiel.rounds.planning.rest import Cut, shift_of, windows_of

_Tables: TypeAlias = "list[np.ndarray[int, Any]]"
"""What the solver calls a table: its stubs give the shape of an array as one number."""
SCALE: Final = 1000
"""Costs are counted in thousandths of a cent, so that a metre costs a whole number."""
LARGEST: Final = 10**15
"""No sum of lengths may be greater: the solver counts in 64 bits, and multiplies."""
NEAR: Final = 0.6
"""The part of a limit of a day that trucks use on average, from which it is worth counting: to count it slows the search."""


@dataclass(frozen=True, slots=True)
class DayLimit:
    """A limit on what a truck collects in a day, as the solver counts it: `weights` per stop, `length` metres for each."""

    length: int
    weights: tuple[int, ...]
    most: dict[str, int]


@dataclass(slots=True)
class Model:
    """The parts of the solver's problem while they are gathered, and what each stands for."""

    problem: Problem
    cut: Cut
    limit: DayLimit | None
    places: list[int] = field(default_factory=list)
    homes: dict[int, tuple[int, tuple[str, ...], int]] = field(default_factory=dict)
    clients: list[Client] = field(default_factory=list)
    groups: list[ClientGroup] = field(default_factory=list)
    depots: list[Depot] = field(default_factory=list)
    stop_of: list[Stop] = field(default_factory=list)
    tip_of: dict[int, Tip] = field(default_factory=dict)
    weight_at: dict[int, int] = field(default_factory=dict)

    def place(self, location: int) -> int:
        """A new place of the solver at a location of the network."""
        self.places.append(location)
        return len(self.places) - 1


@dataclass(frozen=True, slots=True)
class Translated:
    """The solver's problem. `plain`: the same without limits of a day, to tell which stops are near each other; `worth`: what
    an average stop that may be left is worth, as the solver counts cents."""

    data: ProblemData
    plain: ProblemData
    model: Model
    worth: float


def translate(problem: Problem, cut: Cut, *, optional: bool = False) -> Translated:
    """The solver's problem. `optional`: also what must be emptied may be left, at a price no detour reaches."""
    model = Model(problem, cut, day_limit(problem))
    sets = restricted(problem)
    ransom = ransom_of(problem)
    at: dict[int, int] = {}
    for index, stop in enumerate(problem.stops):
        if model.limit is not None or stop.location not in at:
            at[stop.location] = model.place(stop.location)
        if model.limit is not None:
            model.weight_at[at[stop.location]] = model.limit.weights[index]
        _add_stop(model, stop, at[stop.location], sets, ransom, optional=optional)
    tips = {tip.key: _add_tip(model, tip) for tip in problem.tips}
    vehicles = [_vehicle(model, truck, tips, sets) for truck in problem.trucks]
    metres, seconds = _matrices(model)
    plain = ProblemData(
        locations=[Location(0, 0) for _ in model.places],
        clients=model.clients,
        depots=model.depots,
        vehicle_types=vehicles,
        distance_matrices=cast(_Tables, metres),
        duration_matrices=cast(_Tables, seconds),
        groups=model.groups,
    )
    prizes = [
        ransom if stop.prize is None else stop.prize for stop in problem.stops if optional or stop.prize is not None
    ]
    worth = SCALE * sum(prizes) / len(prizes) if prizes else 0.0
    return Translated(_limited(model, plain, metres), plain, model, worth)


def restricted(problem: Problem) -> tuple[frozenset[str], ...]:
    """The different sets of trucks that some stops are only for, other than all trucks together."""
    sets = {allowed(problem, stop) for stop in problem.stops}
    every = frozenset(truck.key for truck in problem.trucks)
    return tuple(sorted((one for one in sets if one != every), key=sorted))


def allowed(problem: Problem, stop: Stop) -> frozenset[str]:
    """The trucks that may do this stop."""
    return frozenset(t.key for t in problem.trucks if stop.may_come(t.key) and t.can_have(stop.fraction))


def day_limit(problem: Problem) -> DayLimit | None:
    """The limit of a day that is soonest reached, if there is one that matters and the solver can count it.

    It cannot where a kilometre costs one truck more than another: then stops are moved afterwards (see `mending`).
    """
    costs = {problem.tariff_of(truck).kilometre for truck in problem.trucks}
    limited = [truck for truck in problem.trucks if truck.most_stops is not None or truck.most_load]
    if not limited or len(costs) > 1 or not problem.stops:
        return None
    counts = [[1] * len(problem.stops), *([stop.load[d] for stop in problem.stops] for d in range(problem.dimensions))]
    trucks = sum(truck.count for truck in problem.trucks)
    tightness = [
        max((sum(weights) / max(_most(truck, n), 1) / trucks for truck in limited if _most(truck, n) >= 0), default=0.0)
        for n, weights in enumerate(counts)
    ]
    chosen = int(np.argmax(tightness))
    if tightness[chosen] <= NEAR:
        return None
    length = _longest_day(problem)
    total = sum(counts[chosen])
    if length * total * max(costs) * SCALE // 1000 > LARGEST * 100 or length * total > LARGEST:
        return None
    return DayLimit(length, tuple(counts[chosen]), {t.key: _most(t, chosen) for t in limited if _most(t, chosen) >= 0})


def _most(truck: Truck, count: int) -> int:
    """How much of the count (0: stops; n: load n-1) the truck may have in a day; -1: as much as there is."""
    if count == 0:
        return -1 if truck.most_stops is None else truck.most_stops
    return truck.most_load[count - 1] if truck.most_load else -1


def _longest_day(problem: Problem) -> int:
    """Metres that no truck drives in a day, by its hours and the fastest road."""
    fastest = 1.0
    for metres, seconds in zip(problem.network.metres, problem.network.seconds, strict=True):
        moving = metres[seconds > 0] / seconds[seconds > 0]
        fastest = max(fastest, float(moving.max(initial=0.0)))
        if (metres[seconds == 0] > 0).any():
            return 4 * len(problem.stops) * int(metres.max()) + 1
    hours = max(truck.shift.close + truck.overtime - truck.shift.open for truck in problem.trucks)
    return int(hours * fastest) + 1


def ransom_of(problem: Problem) -> int:
    """Cents that no detour on this network can cost."""
    tariffs = [problem.tariff_of(truck) for truck in problem.trucks]
    network = problem.network
    farthest = max(int(matrix.max(initial=0)) for matrix in network.metres)
    longest = max(int(matrix.max(initial=0)) for matrix in network.seconds)
    detour = max(
        4 * (farthest * one.kilometre // 1000 + (longest + 3600) * (one.hour + one.overtime_hour) // 3600) + one.truck
        for one in tariffs
    )
    return 10 * (detour + max((stop.prize or 0 for stop in problem.stops), default=0) + 100)


def _add_stop(
    model: Model, stop: Stop, place: int, sets: Sequence[frozenset[str]], ransom: int, *, optional: bool
) -> None:
    windows = windows_of(stop, model.cut)
    must = stop.prize is None and not optional
    prize = 0 if must else SCALE * (stop.prize if stop.prize is not None else ransom)
    if model.limit is not None and not must:
        # What the limit of a day adds to the way there is given back, or no visit would be worth its way.
        prize += (
            model.weight_at[place] * model.limit.length * _per_metre(model.problem.tariff_of(model.problem.trucks[0]))
        )
    may = allowed(model.problem, stop)
    load = [*stop.load, *(int(may == one) for one in sets)]
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


def _per_metre(tariff: Tariff) -> int:
    return tariff.kilometre * SCALE // 1000


def _add_tip(model: Model, tip: Tip) -> int:
    shape = model.cut.squeezed(tip.window) or tip.window
    depot = Depot(model.place(tip.location), tw_early=shape.open, tw_late=shape.close, service_duration=tip.service)
    model.depots.append(depot)
    model.tip_of[len(model.depots) - 1] = tip
    return len(model.depots) - 1


def _vehicle(model: Model, truck: Truck, tips: dict[str, int], sets: Sequence[frozenset[str]]) -> VehicleType:
    tariff = model.problem.tariff_of(truck)
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
        capacity=[*truck.capacity, *(plenty if truck.key in one else 0 for one in sets)],
        start_depot=start,
        end_depot=start + 1,
        fixed_cost=SCALE * tariff.truck,
        tw_early=shift.open,
        tw_late=shift.close + truck.overtime,
        shift_duration=max(shift.close - shift.open, 0),
        max_overtime=truck.overtime,
        unit_distance_cost=_per_metre(tariff),
        unit_duration_cost=tariff.hour * SCALE // 3600,
        unit_overtime_cost=tariff.overtime_hour * SCALE // 3600,
        profile=truck.profile,
        initial_load=[*truck.onboard, *(0 for _ in sets)] if truck.onboard else [],
        reload_depots=[tips[key] for key in truck.tips],
        name=truck.key,
    )


def _matrices(model: Model) -> tuple[list[Matrix], list[Matrix]]:
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


def _limited(model: Model, plain: ProblemData, metres: list[Matrix]) -> ProblemData:
    """The same problem with the limit of a day in its distances."""
    limit = model.limit
    if limit is None:
        return plain
    added = np.zeros(len(model.places), np.int64)
    for place, weight in model.weight_at.items():
        added[place] = weight * limit.length
    tables = [matrix + added[None, :] for matrix in metres]
    for matrix in tables:
        np.fill_diagonal(matrix, 0)
    vehicles = [
        vehicle.replace(max_distance=limit.most[vehicle.name] * limit.length + limit.length - 1)
        if vehicle.name in limit.most
        else vehicle
        for vehicle in plain.vehicle_types()
    ]
    return plain.replace(distance_matrices=cast(_Tables, tables), vehicle_types=vehicles)


def started(translated: Translated, days: Iterable[tuple[str, Sequence[Step], Sequence[int]]]) -> Solution:
    """A plan as the solver's start: per truck its key, its steps, and when each begins on the clock.

    Steps that are not in the problem are left out; a truck that is not, too.
    """
    model = translated.model
    vehicle = {truck.key: n for n, truck in enumerate(model.problem.trucks)}
    depot = {tip.key: n for n, tip in model.tip_of.items()}
    clients: dict[str, list[int]] = {}
    for n, stop in enumerate(model.stop_of):
        clients.setdefault(stop.key, []).append(n)
    left = {truck.key: truck.count for truck in model.problem.trucks}
    routes: list[SolverRoute] = []
    for truck, steps, times in days:
        if left.get(truck, 0) < 1:
            continue
        tips = model.problem.truck(truck).tips
        visits: list[Activity] = []
        for step, begins in zip(steps, times, strict=True):
            if isinstance(step, Stop) and step.key in clients:
                chosen = min(clients.pop(step.key), key=lambda n: _off(model.clients[n], begins, model.cut))
                visits.append(Activity(ActivityType.CLIENT, chosen))
            elif isinstance(step, Tip) and step.key in tips and visits and visits[-1].is_client():
                visits.append(Activity(ActivityType.DEPOT, depot[step.key]))
        if visits and visits[-1].is_depot():
            visits.pop()
        if visits:
            left[truck] -= 1
            routes.append(SolverRoute(translated.data, visits, vehicle[truck]))
    return Solution(translated.data, routes)


def _off(client: Client, begins: int, cut: Cut) -> int:
    """How far a client's window is from a moment on the clock."""
    opens, closes = cut.real(client.tw_early), cut.real(client.tw_late)
    return max(opens - begins, begins - closes, 0)
