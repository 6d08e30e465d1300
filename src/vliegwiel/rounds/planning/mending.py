"""Mend what the solver left: the limits of a day, which it does not count, and rules it did not manage to keep in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from vliegwiel.rounds.planning.driving import TOO_FULL, Driven, Step, drive
from vliegwiel.rounds.planning.problem import Problem, Stop, Truck
from vliegwiel.rounds.planning.rest import Cut, best_cut
from vliegwiel.rounds.planning.solving import Answer
from vliegwiel.rounds.planning.translating import allowed

TRIES: Final = 12
"""How many of the cheapest places for a stop are driven before it is given up."""


@dataclass(slots=True)
class _Day:
    truck: Truck
    steps: list[Step]
    driven: Driven

    def over(self) -> bool:
        """Whether it does more than one day allows."""
        stops = [step for step in self.steps if isinstance(step, Stop)]
        if self.truck.most_stops is not None and len(stops) > self.truck.most_stops:
            return True
        return any(have > most for have, most in zip(self.total(), self.truck.most_load or (), strict=False))

    def wrong(self) -> bool:
        """Whether any rule is broken."""
        return bool(self.driven.faults) or self.over()

    def total(self) -> list[int]:
        """What it collects in the whole day."""
        return [sum(column) for column in zip(*(s.load for s in self.steps if isinstance(s, Stop)), strict=True)]


def mended(problem: Problem, answer: Answer) -> Answer:
    """The same plan, keeping every rule: what a truck cannot do goes to another, and what fits nowhere is left.

    A truck that has something in it has a day even without stops: it tips, and comes home.
    """
    cut = best_cut(problem)
    days = [_Day(truck, list(steps), driven) for truck, steps, driven in answer.days]
    if any(day.wrong() for day in days) or any(any(truck.onboard) for truck in problem.trucks):
        days += _idle(problem, days, cut)
    left = list(answer.left)
    for day in days:
        while day.wrong() and (stop := _to_move(problem, day)) is not None:
            if _tip_before(problem, day, stop, cut):
                continue
            _redrive(problem, day, [step for step in day.steps if step is not stop], cut)
            others = (other for other in _nearest(problem, days, stop) if other is not day)
            if not any(_take_in(problem, other, stop, cut) for other in others):
                left.append(stop)
    kept = [day for day in days if day.steps or any(day.truck.onboard)]
    feasible = not any(stop.prize is None for stop in left) and not any(day.wrong() for day in kept)
    return replace(
        answer,
        days=tuple((day.truck, tuple(day.steps), day.driven) for day in kept),
        left=tuple(left),
        feasible=feasible,
    )


def _to_move(problem: Problem, day: _Day) -> Stop | None:
    """The stop that a fault is about, or else the one whose detour is longest."""
    about = {fault.partition(":")[0] for fault in day.driven.faults}
    stops = [step for step in day.steps if isinstance(step, Stop)]
    named = next((stop for stop in stops if stop.key in about), None)
    return named or (_cheapest_to_miss(problem, day) if stops else None)


def _tip_before(problem: Problem, day: _Day, stop: Stop, cut: Cut) -> bool:
    """Tip before the stop that would make the truck too full, if that helps and harms nothing."""
    if f"{stop.key}: {TOO_FULL}" not in day.driven.faults:
        return False
    steps, driven = day.steps, day.driven
    at = steps.index(stop)
    seconds = problem.network.seconds[day.truck.profile]
    here = steps[at - 1].location if at else day.truck.start
    for tip in sorted(map(problem.tip, day.truck.tips), key=lambda one: int(seconds[here, one.location])):
        _redrive(problem, day, [*steps[:at], tip, *steps[at:]], cut)
        if len(day.driven.faults) < len(driven.faults):
            return True
        day.steps, day.driven = steps, driven
    return False


def _idle(problem: Problem, days: Sequence[_Day], cut: Cut) -> list[_Day]:
    """A day without work for every truck that does not go out yet."""
    idle: list[_Day] = []
    for truck in problem.trucks:
        out = sum(day.truck is truck for day in days)
        for number in range(out + 1, truck.count + 1):
            driven = drive(problem, truck, (), number=number, leaves=truck.shift.open, cut=cut.moment)
            idle.append(_Day(truck, [], driven))
    return idle


def _redrive(problem: Problem, day: _Day, steps: list[Step], cut: Cut) -> None:
    day.steps = steps
    first = day.driven.route.activities[0]
    number = day.driven.route.number
    day.driven = drive(problem, day.truck, steps, number=number, leaves=first.begins, cut=cut.moment)


def _detour(problem: Problem, truck: Truck, before: int, place: int, after: int) -> int:
    metres = problem.network.metres[truck.profile]
    return int(metres[before, place] + metres[place, after] - metres[before, after])


def _around(day: _Day) -> list[int]:
    """The places of a day in order, its start and end included."""
    return [day.truck.start, *(step.location for step in day.steps), day.truck.end]


def _cheapest_to_miss(problem: Problem, day: _Day) -> Stop:
    """The stop whose detour is longest; one that belongs to this truck only when there is no other."""
    places = _around(day)
    saved = [
        (
            step.truck is None and not step.trucks,
            _detour(problem, day.truck, places[index], places[index + 1], places[index + 2]),
            step,
        )
        for index, step in enumerate(day.steps)
        if isinstance(step, Stop)
    ]
    return max(saved, key=lambda one: one[:2])[2]


def _nearest(problem: Problem, days: Sequence[_Day], stop: Stop) -> list[_Day]:
    """The trucks by the length of their detour; of those that do not go out yet the first is as good as any."""
    return sorted(days, key=lambda day: (not day.steps, min(cost for cost, _ in _places(problem, day, stop))))


def _places(problem: Problem, day: _Day, stop: Stop) -> list[tuple[int, int]]:
    """Where the stop could go, cheapest first: what it costs in metres, and before which step."""
    places = _around(day)
    found = [(_detour(problem, day.truck, places[i], stop.location, places[i + 1]), i) for i in range(len(places) - 1)]
    return sorted(found)


def _take_in(problem: Problem, day: _Day, stop: Stop, cut: Cut) -> bool:
    """Put the stop where it costs least and everything still fits; False when it fits nowhere."""
    if day.truck.key not in allowed(problem, stop):
        return False
    before = day.steps, day.driven
    for _, index in _places(problem, day, stop)[:TRIES]:
        _redrive(problem, day, [*before[0][:index], stop, *before[0][index:]], cut)
        if not day.wrong():
            return True
        day.steps, day.driven = before
    return False
