"""Drive a sequence of stops on the clock: when the truck arrives, waits, empties, tips, has its break and is back.

Exact, for one truck; what the solver decided is told here in real times, and its order is checked on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vliegwiel.rounds.planning.plans import Activity, Doing, Route
from vliegwiel.rounds.planning.problem import ALL_DAY, DAY, Problem, Stop, Tip, Truck, Window
from vliegwiel.rounds.planning.rest import rests

Step: TypeAlias = Stop | Tip
TOO_FULL: Final = "te vol"


@dataclass(frozen=True, slots=True)
class Driven:
    """A day as driven, and what went wrong in it (nothing, if all is well)."""

    route: Route
    faults: tuple[str, ...]


@dataclass(slots=True)
class _Day:
    """Where the truck is while it drives."""

    problem: Problem
    truck: Truck
    time: int
    cut: int
    place: int
    load: list[int]
    rested: bool
    done: list[Activity] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def go(
        self, doing: Doing, key: str, location: int, service: int, windows: Sequence[Window], load: Sequence[int]
    ) -> None:
        """Drive there, with the break before or after the drive when it is time, and do what is to be done."""
        seconds = int(self.problem.network.seconds[self.truck.profile][self.place, location])
        metres = int(self.problem.network.metres[self.truck.profile][self.place, location])
        begins = _from(windows, self.time + seconds)
        late = begins is None or begins >= self.cut
        if not self.rested and late and not (doing is Doing.RETURN and self._in_time_for_a_break_at_home(seconds)):
            seconds, metres = self._rest(location, seconds, metres)
        arrives = self.time + seconds
        begins = _from(windows, arrives)
        if begins is None:
            self.faults.append(f"{key}: te laat")
            begins = arrives
        self.time, self.place, self.load = begins + service, location, list(load)
        self.done.append(Activity(doing, key, location, arrives, begins, self.time, tuple(self.load), metres))

    def _in_time_for_a_break_at_home(self, seconds: int) -> bool:
        rest = self.truck.rest
        return rest is not None and self.time + seconds <= rest.latest

    def _rest(self, location: int, seconds: int, metres: int) -> tuple[int, int]:
        """Have the break on arrival, or here when it is time or would be too late there. Gives what is still to be driven."""
        rest = self.truck.rest
        if rest is None:
            raise ValueError("a truck without a break had one")
        here, there = max(self.time, rest.earliest), max(self.time + seconds, rest.earliest)
        self.rested = True
        if self.time < self.cut and there <= rest.latest:
            self._pause(location, self.time + seconds, there, rest.length, metres)
            return 0, 0
        if here > rest.latest:
            self.faults.append("de pauze begint te laat")
        self._pause(self.place, self.time, here, rest.length, 0)
        return seconds, metres

    def _pause(self, location: int, arrives: int, begins: int, length: int, metres: int) -> None:
        self.time, self.place = begins + length, location
        self.done.append(Activity(Doing.REST, "", location, arrives, begins, self.time, tuple(self.load), metres))


def _from(windows: Sequence[Window], time: int) -> int | None:
    """The first moment from `time` on at which it may begin; None when it is over."""
    return min((max(time, window.open) for window in windows if window.close >= time), default=None)


def drive(problem: Problem, truck: Truck, steps: Sequence[Step], *, number: int = 1, leaves: int, cut: int) -> Driven:
    """Drive these steps, leaving at `leaves`. `cut`: from when on the break is next (see `rest`).

    A truck that must come back empty tips last where that costs the fewest metres and is still possible.
    """
    day = _Day(
        problem, truck, leaves, cut, truck.start, list(truck.onboard or (0,) * problem.dimensions),
        rested=not rests(truck.rest, truck.shift),
    )  # fmt: skip
    day.done.append(Activity(Doing.LEAVE, "", truck.start, leaves, leaves, leaves, tuple(day.load), 0))
    for step in steps:
        _do(day, step)
    if truck.empties and any(day.load):
        _do(day, _last_tip(day))
    day.go(Doing.RETURN, "", truck.end, 0, (Window(0, 10 * DAY),), day.load)
    if day.time > truck.shift.close + truck.overtime:
        day.faults.append("te laat terug")
    if leaves < truck.shift.open:
        day.faults.append("te vroeg weg")
    return Driven(Route(truck.key, number, tuple(day.done)), tuple(day.faults))


def _do(day: _Day, step: Step) -> None:
    if isinstance(step, Tip):
        day.go(Doing.TIP, step.key, step.location, step.service, (step.window,), [0] * len(day.load))
        return
    if not step.may_come(day.truck.key) or not day.truck.can_have(step.fraction):
        day.faults.append(f"{step.key}: van een andere wagen")
    load = [have + more for have, more in zip(day.load, step.load, strict=True)]
    if any(have > room for have, room in zip(load, day.truck.capacity, strict=True)):
        day.faults.append(f"{step.key}: {TOO_FULL}")
    day.go(Doing.EMPTY, step.key, step.location, step.service, step.windows or (ALL_DAY,), load)


def _last_tip(day: _Day) -> Tip:
    problem, truck = day.problem, day.truck
    metres, seconds = problem.network.metres[truck.profile], problem.network.seconds[truck.profile]
    tips = [problem.tip(key) for key in truck.tips]
    open_ = [tip for tip in tips if tip.window.close >= day.time + int(seconds[day.place, tip.location])] or tips
    return min(
        open_,
        key=lambda tip: (
            int(metres[day.place, tip.location] + metres[tip.location, truck.end]),
            int(seconds[day.place, tip.location]) + tip.service + int(seconds[tip.location, truck.end]),
        ),
    )
