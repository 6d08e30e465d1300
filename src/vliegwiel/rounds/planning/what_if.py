"""What a change by hand would do, at once: the routes it touches are driven again on the clock, and checked by the validator.

Nothing is planned anew: the order of all other stops stays. A truck that gets too full tips in between, where it can.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.planning.driving import TOO_FULL, Driven, Step, drive
from vliegwiel.rounds.planning.figures import figures
from vliegwiel.rounds.planning.plans import Activity, Doing, Plan, Route, Skipped, Why
from vliegwiel.rounds.planning.problem import Problem, Stop, Tip, Truck
from vliegwiel.rounds.planning.reasons import euro, kilometres
from vliegwiel.rounds.planning.replanning import Progress, from_now
from vliegwiel.rounds.planning.rest import best_cut, rests
from vliegwiel.rounds.planning.solving import without_idle_tips
from vliegwiel.rounds.planning.validating import violations_of

TRIES: Final = 12
"""How many of the nearest places for a stop are driven when no place was asked for."""
BY_HAND: Final = "Door de planner uit het plan gehaald."


class ChangeInvalid(Invalid):
    """A change that cannot be: there is no such stop, truck or place in the plan."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does. `metres`, `seconds`, `cents`, `overflow` (containers expected to overflow) are differences: more is
    positive. `broken` are rules that are broken now and were not; `plan` is the plan with the change, good only without them."""

    problem: Problem
    plan: Plan
    metres: int
    seconds: int
    cents: int
    overflow: float
    broken: tuple[str, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class _Tail:
    """What a truck still has to do: `truck` as it is now, what is fixed already, the steps ahead."""

    who: tuple[str, int]
    truck: Truck
    fixed: tuple[Activity, ...]
    steps: tuple[Step, ...]
    leaves: int


def move(
    problem: Problem,
    plan: Plan,
    key: str,
    truck: str,
    number: int = 1,
    position: int | None = None,
    *,
    risk: Mapping[str, float] | None = None,
    progress: Sequence[Progress] = (),
) -> Effect:
    """Let another truck do a planned stop, or the same at another moment.

    `position`: before which of the stops still to be done by that truck, counted without the moved stop; None: where it costs
    least. `risk`: per container the chance that it overflows if it is not emptied. `progress`: what was done by now, and stays.
    Raises `ChangeInvalid`.
    """
    now = _At(problem, plan, progress)
    stop, source = now.planned(key)
    taken = now.tail(source)
    without = replace(taken, steps=tuple(step for step in taken.steps if step is not stop))
    target = without if (truck, number) == source else now.tail((truck, number))
    changed = [now.driven_with(target, stop, position)]
    if target is not without:
        changed.insert(0, now.driven(without))
    return now.effect(changed, plan.skipped, risk or {}, problem)


def drop(
    problem: Problem,
    plan: Plan,
    key: str,
    *,
    risk: Mapping[str, float] | None = None,
    progress: Sequence[Progress] = (),
) -> Effect:
    """Leave a planned stop for another day. Raises `ChangeInvalid`."""
    now = _At(problem, plan, progress)
    stop, source = now.planned(key)
    taken = now.tail(source)
    without = replace(taken, steps=tuple(step for step in taken.steps if step is not stop))
    skipped = (*plan.skipped, Skipped(key, Why.CHOSEN, stop.prize is None, BY_HAND))
    return now.effect([now.driven(without)], skipped, risk or {}, problem)


def add(
    problem: Problem,
    plan: Plan,
    stop: Stop | str,
    truck: str,
    number: int = 1,
    position: int | None = None,
    *,
    risk: Mapping[str, float] | None = None,
    progress: Sequence[Progress] = (),
) -> Effect:
    """Empty a container that waits: the key of a stop of the problem, or a stop that was not in it (see `day.stop_of`).

    Raises `ChangeInvalid`.
    """
    if isinstance(stop, Stop):
        problem = replace(problem, stops=(*(s for s in problem.stops if s.key != stop.key), stop))
    key = stop.key if isinstance(stop, Stop) else stop
    now = _At(problem, plan, progress)
    if key not in now.stops or any(key in route.stops for route in plan.routes):
        raise ChangeInvalid(f"Container {key} wacht niet: hij is al gepland, of doet vandaag niet mee.")
    skipped = tuple(one for one in plan.skipped if one.key != key)
    return now.effect(
        [now.driven_with(now.tail((truck, number)), now.stops[key], position)], skipped, risk or {}, problem
    )


class _At:
    """The plan as it stands, and what is fixed of it."""

    def __init__(self, problem: Problem, plan: Plan, progress: Sequence[Progress]) -> None:
        self.problem, self.plan = problem, plan
        self.stops = {stop.key: stop for stop in problem.stops}
        self.tips = {tip.key: tip for tip in problem.tips}
        self.routes = {(route.truck, route.number): route for route in plan.routes}
        self.progress = {one.who: one for one in progress}
        self.cut = best_cut(problem).moment

    def planned(self, key: str) -> tuple[Stop, tuple[str, int]]:
        """A stop that is still to be done, and who does it."""
        who = next((who for who, route in self.routes.items() if key in route.stops), None)
        if who is None or key not in self.stops:
            raise ChangeInvalid(f"Container {key} staat niet in dit plan.")
        at = self.progress.get(who)
        if at is not None and any(a.key == key and a.doing is Doing.EMPTY for a in at.done):
            raise ChangeInvalid(f"Container {key} is al geleegd.")
        return self.stops[key], who

    def tail(self, who: tuple[str, int]) -> _Tail:
        """What a truck still has to do."""
        key, number = who
        truck = next((truck for truck in self.problem.trucks if truck.key == key), None)
        if truck is None or not 1 <= number <= truck.count:
            raise ChangeInvalid(f"Wagen {key} {number} rijdt vandaag niet.")
        at = self.progress.get(who)
        if at is not None and (at.broken or at.home):
            raise ChangeInvalid(f"Wagen {key} doet vandaag niets meer.")
        route = self.routes.get(who)
        steps = self._ahead(route, at) if route else ()
        if at is not None and at.done:
            tail = from_now(self.problem, key, truck, at, at.free_at, truck.rest)
            return _Tail(who, tail, at.done, steps, at.free_at)
        leaves = route.activities[0].begins if route else truck.shift.open
        return _Tail(who, truck, (), steps, max(leaves, at.free_at if at else leaves))

    def _ahead(self, route: Route, at: Progress | None) -> tuple[Step, ...]:
        done = {a.key for a in at.done if a.doing is Doing.EMPTY} if at else set()
        tipped = sum(a.doing is Doing.TIP for a in at.done) if at else 0
        steps: list[Step] = []
        for activity in route.activities:
            if activity.doing is Doing.EMPTY and activity.key in self.stops and activity.key not in done:
                steps.append(self.stops[activity.key])
            elif activity.doing is Doing.TIP and activity.key in self.tips:
                if tipped:
                    tipped -= 1
                else:
                    steps.append(self.tips[activity.key])
        return tuple(steps)

    def driven(self, tail: _Tail) -> tuple[_Tail, Route | None]:
        """The truck's day with these steps; None when there is nothing left of it."""
        steps = without_idle_tips(tail.steps, tail.truck)
        if not any(isinstance(step, Stop) for step in steps) and not tail.fixed and not any(tail.truck.onboard):
            return tail, None
        best = self._best(tail, steps)
        for _ in range(len(steps)):
            fuller = self._with_tip(tail, steps, best)
            if fuller is None:
                break
            steps, best = fuller
        activities = best.route.activities
        return tail, Route(*tail.who, (*tail.fixed, *activities[1:]) if tail.fixed else activities)

    def _best(self, tail: _Tail, steps: Sequence[Step]) -> Driven:
        """Driven from when it would leave, or as early as can be when that is too late; with the break where it fits."""
        cuts = [self.cut]
        if tail.truck.rest is not None and rests(tail.truck.rest, tail.truck.shift):
            cuts += [tail.truck.rest.earliest, tail.truck.rest.latest]
        tried = [
            drive(self.problem, tail.truck, steps, number=tail.who[1], leaves=leaves, cut=cut)
            for leaves in sorted({max(tail.leaves, tail.truck.shift.open), tail.truck.shift.open}, reverse=True)
            for cut in cuts
        ]
        return min(tried, key=lambda one: (len(one.faults), one.route.seconds))

    def _with_tip(self, tail: _Tail, steps: Sequence[Step], driven: Driven) -> tuple[tuple[Step, ...], Driven] | None:
        """The same with a tip before the stop that makes the truck too full, if it does and that helps."""
        full = next((f.partition(":")[0] for f in driven.faults if f.endswith(TOO_FULL)), None)
        at = next((n for n, step in enumerate(steps) if isinstance(step, Stop) and step.key == full), 0)
        if full is None or at == 0 or isinstance(steps[at - 1], Tip):
            return None
        tried = []
        for key in tail.truck.tips:
            more = (*steps[:at], self.tips[key], *steps[at:])
            tried.append((more, self._best(tail, more)))
        better = [one for one in tried if len(one[1].faults) < len(driven.faults)]
        return min(better, key=lambda one: (len(one[1].faults), one[1].route.seconds), default=None)

    def driven_with(self, tail: _Tail, stop: Stop, position: int | None) -> tuple[_Tail, Route | None]:
        """The truck's day with this stop in it as well."""
        places = [n for n, step in enumerate(tail.steps) if isinstance(step, Stop)]
        last = places[-1] + 1 if places else len(tail.steps)
        if position is not None:
            if not 0 <= position <= len(places):
                raise ChangeInvalid(f"Wagen {tail.who[0]} heeft nog {len(places)} stops: plaats {position} is er niet.")
            return self.driven(_put(tail, stop, places[position] if position < len(places) else last))
        metres = self.problem.network.metres[tail.truck.profile]
        around = [tail.truck.start, *(step.location for step in tail.steps), tail.truck.end]
        extra = [int(metres[a, stop.location] + metres[stop.location, b] - metres[a, b]) for a, b in pairwise(around)]
        nearest = sorted(range(len(extra)), key=lambda n: extra[n])[:TRIES]
        tried = [self.driven(_put(tail, stop, index)) for index in nearest]
        return min(tried, key=lambda one: self._badness(one[1]))

    def _badness(self, route: Route | None) -> tuple[int, int]:
        if route is None:
            return 0, 0
        return len(violations_of(self.problem, route)), route.metres

    def effect(
        self,
        changed: Sequence[tuple[_Tail, Route | None]],
        skipped: tuple[Skipped, ...],
        risk: Mapping[str, float],
        problem: Problem,
    ) -> Effect:
        """The plan with these routes, against the plan as it was."""
        new = {tail.who: route for tail, route in changed}
        routes = dict.fromkeys([*self.routes, *new])
        kept = [new[who] if who in new else self.routes[who] for who in routes]
        after = Plan(tuple(route for route in kept if route is not None), skipped, self.plan.advice)
        before = figures(problem, self.plan)
        then = figures(problem, after)
        old = {fault for who in new if who in self.routes for fault in violations_of(problem, self.routes[who])}
        faults = [fault for route in new.values() if route for fault in violations_of(problem, route)]
        broken = tuple(fault for fault in faults if fault not in old)
        overflow = _expected(after, risk) - _expected(self.plan, risk)
        far, long, cents = then.metres - before.metres, then.seconds - before.seconds, then.cents - before.cents
        return Effect(problem, after, far, long, cents, overflow, broken, _said(far, long, cents, overflow, broken))


def _put(tail: _Tail, stop: Stop, index: int) -> _Tail:
    return replace(tail, steps=(*tail.steps[:index], stop, *tail.steps[index:]))


def _expected(plan: Plan, risk: Mapping[str, float]) -> float:
    """How many containers are expected to overflow, of those that are not emptied."""
    emptied = {key for route in plan.routes for key in route.stops}
    return sum(chance for key, chance in risk.items() if key not in emptied)


def _said(metres: int, seconds: int, cents: int, overflow: float, broken: Sequence[str]) -> str:
    minutes = round(seconds / 60)
    parts = [
        _more(metres, kilometres),
        _more(minutes, lambda n: f"{n} {'minuut' if n == 1 else 'minuten'}"),
        _more(cents, euro),
    ]
    said = f"Dit is {', '.join(parts[:-1])} en {parts[-1]}."
    if abs(overflow) >= 0.005:
        often = f"{abs(overflow):.2f}".replace(".", ",")
        said += f" Naar verwachting lopen er {often} containers {'meer' if overflow > 0 else 'minder'} over."
    if broken:
        said += f" Zo kan het niet: {'; '.join(broken)}."
    return said


def _more(value: int, text: Callable[[int], str]) -> str:
    return f"{text(abs(value))} {'meer' if value >= 0 else 'minder'}"
