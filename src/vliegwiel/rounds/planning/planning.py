"""Plan a day: which stops, by which truck, in which order; why the others wait; and what to relax when it does not fit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from typing import Final

from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.plans import Plan, Route, Skipped, Why
from vliegwiel.rounds.planning.problem import Matrix, Problem, Stop, Truck
from vliegwiel.rounds.planning.solving import Answer, solve

EXTRA_HOUR: Final = 3600
SHORT: Final = 0.3
"""The part of the time that goes to finding out what would help."""


def plan(problem: Problem, *, seconds: float = 10.0, seed: int = 1, processes: int = 1) -> Plan:
    """The best plan found in about so many seconds.

    The same seed gives the same luck, not the same plan: how far the search comes depends on the machine. What must be emptied
    and does not fit is left out last; `advice` then says what would make it fit. Never raises for a day that is too full.
    """
    never = {stop.key: sentence for stop in problem.stops if (sentence := _never(problem, stop))}
    possible = replace(problem, stops=tuple(stop for stop in problem.stops if stop.key not in never))
    skipped = [
        Skipped(stop.key, Why.NEVER, stop.prize is None, never[stop.key]) for stop in problem.stops if stop.key in never
    ]
    if not possible.stops:
        return Plan((), tuple(skipped))
    share = seconds if _easy(possible) else seconds * (1 - SHORT)
    answer = _solved(possible, seconds=share, seed=seed, processes=processes)
    advice: tuple[str, ...] = ()
    if any(stop.prize is None for stop in answer.left):
        advice = _advice(possible, answer, seconds=seconds * SHORT, seed=seed)
    routes = tuple(driven.route for _, _, driven in answer.days)
    skipped += [_left(possible, routes, stop) for stop in answer.left]
    return Plan(routes, tuple(skipped), advice)


def _easy(problem: Problem) -> bool:
    """Whether there is nothing that must be emptied, so nothing that may not fit."""
    return all(stop.prize is not None for stop in problem.stops)


def _solved(problem: Problem, *, seconds: float, seed: int, processes: int) -> Answer:
    """An answer that keeps every rule; what must be emptied is only left when nothing else is possible."""
    if _easy(problem):
        return mended(problem, solve(problem, seconds=seconds, seed=seed, processes=processes))
    first = solve(problem, seconds=seconds / 2, seed=seed, processes=processes)
    if not first.feasible:
        return mended(problem, solve(problem, seconds=seconds / 2, seed=seed, processes=processes, optional=True))
    last = mended(problem, solve(problem, seconds=seconds / 2, seed=seed + 100, processes=processes, onwards=first))
    return last if last.feasible else mended(problem, first)


def _never(problem: Problem, stop: Stop) -> str:
    """Why no truck could ever do this stop, or an empty text."""
    trucks = [truck for truck in problem.trucks if stop.truck in (None, truck.key)]
    fitting = [t for t in trucks if all(have <= room for have, room in zip(stop.load, t.capacity, strict=True))]
    if not fitting:
        return "Wat erin zit, past in geen wagen die mag komen."
    if not any(_reaches(problem, truck, stop) for truck in fitting):
        return "Geen wagen kan er op tijd zijn en op tijd terugkomen. Verruim het tijdvenster of de dienst."
    return ""


def _reaches(problem: Problem, truck: Truck, stop: Stop) -> bool:
    seconds = problem.network.seconds[truck.profile]
    arrives = truck.shift.open + int(seconds[truck.start, stop.location])
    closes = max((window.close for window in stop.windows), default=truck.shift.close)
    opens = min((window.open for window in stop.windows if window.close >= arrives), default=arrives)
    home = [int(seconds[stop.location, truck.end])]
    if truck.empties:
        tips = [problem.tip(key) for key in truck.tips]
        home = [int(seconds[stop.location, t.location]) + t.service + int(seconds[t.location, truck.end]) for t in tips]
    return arrives <= closes and max(arrives, opens) + stop.service + min(home) <= truck.shift.close + truck.overtime


def _left(problem: Problem, routes: Iterable[Route], stop: Stop) -> Skipped:
    """Why this stop is not in the plan: the detour costs more than it is worth today, or no truck has room or time."""
    must = stop.prize is None
    cheapest = min((_insertion(problem, route, stop) for route in routes), default=None)
    if cheapest is None:
        why = Why.NO_ROOM if must else Why.NOT_WORTH
        return Skipped(stop.key, why, must, "Er rijdt geen wagen: wat legen vandaag waard is, dekt geen rit.")
    metres, cents = cheapest
    if not must and stop.prize is not None and cents >= stop.prize:
        sentence = (
            f"De omweg van {_kilometres(metres)} kost {_euro(cents)}; legen is vandaag {_euro(stop.prize)} waard."
        )
        return Skipped(stop.key, Why.NOT_WORTH, must, sentence)
    return Skipped(
        stop.key, Why.NO_ROOM, must, f"De wagens hebben geen tijd of ruimte meer (omweg {_kilometres(metres)})."
    )


def _insertion(problem: Problem, route: Route, stop: Stop) -> tuple[int, int]:
    """The smallest detour in metres, and what it costs in cents with the time it takes."""
    truck = next(truck for truck in problem.trucks if truck.key == route.truck)
    metres, seconds = problem.network.metres[truck.profile], problem.network.seconds[truck.profile]
    places = [activity.location for activity in route.activities]
    at = stop.location

    def extra(table: Matrix, a: int, b: int) -> int:
        return int(table[a, at] + table[at, b] - table[a, b])

    def cost(a: int, b: int) -> tuple[int, int]:
        far, long = extra(metres, a, b), max(extra(seconds, a, b), 0) + stop.service
        return far, far * problem.tariff.kilometre // 1000 + long * problem.tariff.hour // 3600

    return min((cost(a, b) for a, b in pairwise(places)), key=lambda pair: pair[1])


def _advice(problem: Problem, answer: Answer, *, seconds: float, seed: int) -> tuple[str, ...]:
    """What would make everything fit that must be emptied, tried out and not guessed."""
    lacking = [stop for stop in answer.left if stop.prize is None]
    tries = (
        ("Een uur langer werken", [replace(t, overtime=t.overtime + EXTRA_HOUR) for t in problem.trucks]),
        ("Een wagen meer", [replace(t, count=t.count + (index == 0)) for index, t in enumerate(problem.trucks)]),
    )
    said = [
        f"{len(lacking)} {'stop die moet, past' if len(lacking) == 1 else 'stops die moeten, passen'} niet in deze dag."
    ]
    for what, trucks in tries:
        relaxed = replace(problem, trucks=tuple(trucks))
        found = mended(relaxed, solve(relaxed, seconds=max(seconds / len(tries), 1.0), seed=seed, optional=True))
        rest = sum(stop.prize is None for stop in found.left)
        helps = "past alles" if not rest else f"passen er nog {rest} niet"
        if rest < len(lacking):
            said.append(f"{what}: dan {helps}.")
    if len(said) == 1:
        said.append(
            "Een uur langer werken of een wagen meer helpt niet. Kijk naar tijdvensters, inhoud en stortplaatsen."
        )
    return tuple(said)


def _kilometres(metres: int) -> str:
    return f"{metres / 1000:.1f} km".replace(".", ",")


def _euro(cents: int) -> str:
    return f"€ {cents / 100:.2f}".replace(".", ",")
