"""What a plan comes to, in figures for people."""

from __future__ import annotations

from dataclasses import dataclass

from vliegwiel.rounds.planning.plans import Doing, Plan, Route
from vliegwiel.rounds.planning.problem import Problem


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums over all trucks. `load` per dimension; `cents` by the tariff, the truck itself and overtime included."""

    trucks: int
    stops: int
    tips: int
    metres: int
    seconds: int
    cents: int
    load: tuple[int, ...]


def figures(problem: Problem, plan: Plan) -> Figures:
    """What a plan comes to."""
    loads = {stop.key: stop.load for stop in problem.stops}
    done = [loads[key] for route in plan.routes for key in route.stops if key in loads]
    return Figures(
        len(plan.routes),
        sum(len(route.stops) for route in plan.routes),
        sum(route.tips for route in plan.routes),
        plan.metres,
        plan.seconds,
        sum(cents_of(problem, route) for route in plan.routes),
        tuple(sum(load[n] for load in done) for n in range(problem.dimensions)),
    )


def cents_of(problem: Problem, route: Route) -> int:
    """What a truck's day costs: its kilometres, its hours without the break, its overtime, and the truck."""
    truck = problem.truck(route.truck)
    tariff = problem.tariff_of(truck)
    paused = sum(a.ends - a.begins for a in route.activities if a.doing is Doing.REST)
    worked = route.seconds - paused
    over = max(route.activities[-1].ends - truck.shift.close, 0)
    return tariff.cents(route.metres, worked) + over * tariff.overtime_hour // 3600 + tariff.truck
