"""Why a stop is not in a plan: it can never be, it is not worth its detour today, or there is no room or time for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from vliegwiel.rounds.planning.plans import Route, Skipped, Why
from vliegwiel.rounds.planning.problem import Matrix, Problem, Stop, Truck
from vliegwiel.rounds.planning.translating import allowed

NO_TRUCK: Final = "Er rijdt vandaag geen wagen die hier mag of kan komen."


def never(problem: Problem, stop: Stop) -> str:
    """Why no truck could ever do this stop, or an empty text."""
    may = allowed(problem, stop)
    trucks = [truck for truck in problem.trucks if truck.key in may]
    if not trucks:
        return NO_TRUCK
    fitting = [t for t in trucks if all(have <= room for have, room in zip(stop.load, t.capacity, strict=True))]
    if not fitting:
        return "Wat erin zit, past in geen wagen die mag komen."
    if not any(_reaches(problem, truck, stop) for truck in fitting):
        return "Geen wagen kan er op tijd zijn en op tijd terugkomen. Verruim het tijdvenster of de dienst."
    return ""


def _reaches(problem: Problem, truck: Truck, stop: Stop) -> bool:
    seconds = problem.network.seconds[truck.profile]
    arrives = truck.shift.open + int(seconds[truck.start, stop.location])
    closes = max((window.close for window in stop.windows), default=truck.shift.close + truck.overtime)
    opens = min((window.open for window in stop.windows if window.close >= arrives), default=arrives)
    home = [int(seconds[stop.location, truck.end])]
    if truck.empties:
        tips = [problem.tip(key) for key in truck.tips]
        home = [int(seconds[stop.location, t.location]) + t.service + int(seconds[t.location, truck.end]) for t in tips]
    return arrives <= closes and max(arrives, opens) + stop.service + min(home) <= truck.shift.close + truck.overtime


def left_out(problem: Problem, routes: Sequence[Route], stops: Sequence[Stop]) -> list[Skipped]:
    """Why each of these stops is not in the routes."""
    metres, cents = detours(problem, routes, stops)
    return [_why(stop, far if far >= 0 else None, cost) for stop, far, cost in zip(stops, metres, cents, strict=True)]


def _why(stop: Stop, metres: int | None, cents: int) -> Skipped:
    must = stop.prize is None
    if metres is None:
        why = Why.NO_ROOM if must else Why.NOT_WORTH
        return Skipped(stop.key, why, must, "Er rijdt geen wagen: wat legen vandaag waard is, dekt geen rit.")
    if stop.prize is not None and cents >= stop.prize:
        sentence = f"De omweg van {kilometres(metres)} kost {euro(cents)}; legen is vandaag {euro(stop.prize)} waard."
        return Skipped(stop.key, Why.NOT_WORTH, must, sentence)
    return Skipped(
        stop.key, Why.NO_ROOM, must, f"De wagens hebben geen tijd of ruimte meer (omweg {kilometres(metres)})."
    )


def detours(problem: Problem, routes: Sequence[Route], stops: Sequence[Stop]) -> tuple[list[int], list[int]]:
    """The cheapest detour to each stop by a route that may do it: metres, and cents with the time it takes.

    Metres are -1 where no route may.
    """
    rows = np.array([stop.location for stop in stops], np.intp)
    service = np.array([stop.service for stop in stops], np.int64)
    best_cents = np.full(len(stops), np.iinfo(np.int64).max)
    best_metres = np.full(len(stops), -1, np.int64)
    may = [allowed(problem, stop) for stop in stops]
    for route in routes:
        truck = problem.truck(route.truck)
        tariff = problem.tariff_of(truck)
        places = np.array([activity.location for activity in route.activities], np.intp)
        far = _extra(problem.network.metres[truck.profile], places, rows)
        long = np.maximum(_extra(problem.network.seconds[truck.profile], places, rows), 0) + service[:, None]
        cents = far * tariff.kilometre // 1000 + long * tariff.hour // 3600
        at = np.argmin(cents, axis=1)
        found = np.take_along_axis(cents, at[:, None], axis=1)[:, 0]
        better = (found < best_cents) & np.array([truck.key in one for one in may], bool)
        best_cents[better] = found[better]
        best_metres[better] = np.take_along_axis(far, at[:, None], axis=1)[:, 0][better]
    return [int(x) for x in best_metres], [int(x) for x in best_cents]


def _extra(
    table: Matrix, places: np.ndarray[tuple[int], np.dtype[np.intp]], rows: np.ndarray[tuple[int], np.dtype[np.intp]]
) -> Matrix:
    """What going by way of each row adds, between each two places: an array of rows by legs."""
    before, after = places[:-1], places[1:]
    return np.asarray(table[np.ix_(before, rows)].T + table[np.ix_(rows, after)] - table[before, after][None, :])


def kilometres(metres: int) -> str:
    """Metres for people."""
    return f"{metres / 1000:.1f} km".replace(".", ",")


def euro(cents: int) -> str:
    """Cents for people."""
    sign = "−" if cents < 0 else ""
    return f"{sign}€ {abs(cents) / 100:.2f}".replace(".", ",")
