"""Plan again while the trucks are out: a truck breaks down, a container overflows, a street is closed.

What was done stays as it was done. Who is under way finishes that drive and what he does there. The rest of the day is a
problem of its own, in which each truck starts where it is, with what is in it, and with its break behind it or still to come.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from vliegwiel.rounds.planning.driving import drive
from vliegwiel.rounds.planning.planning import plan as plan_anew
from vliegwiel.rounds.planning.plans import Activity, Doing, Plan, Route, Skipped, Why
from vliegwiel.rounds.planning.problem import Problem, ProblemInvalid, Rest, Stop, Truck, Window
from vliegwiel.rounds.planning.reasons import NO_TRUCK, kilometres
from vliegwiel.rounds.planning.rest import best_cut, rests


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a truck is.

    - `done`: its activities so far, as they were really done; empty when it has not left yet.
    - `location`: the row where it is free; `free_at`: when.
    - `load`: what is in it then. `rested`: whether it had its break.
    - `broken`: it cannot go on; what is in it stays in it.
    - `home`: it is back, and does nothing more.
    """

    truck: str
    number: int
    done: tuple[Activity, ...]
    location: int
    free_at: int
    load: tuple[int, ...]
    rested: bool
    broken: bool = False
    home: bool = False

    @property
    def who(self) -> tuple[str, int]:
        """The truck and its number."""
        return self.truck, self.number


@dataclass(frozen=True, slots=True)
class Change:
    """A stop that another truck does than was planned, or that came in or went out. `was`, `now`: truck and number."""

    key: str
    was: tuple[str, int] | None
    now: tuple[str, int] | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """The whole day anew: `problem` with the stops that came in, `plan` with what was done and what will be.

    `stopped` are the trucks that broke down: their routes end where they stand.
    """

    problem: Problem
    plan: Plan
    changes: tuple[Change, ...]
    stopped: tuple[tuple[str, int], ...]
    sentences: tuple[str, ...]


def as_planned(problem: Problem, plan: Plan, now: int) -> tuple[Progress, ...]:
    """How far each truck of the plan is at this moment if all went as planned."""
    return tuple(_as_planned(problem, route, now) for route in plan.routes)


def _as_planned(problem: Problem, route: Route, now: int) -> Progress:
    truck = problem.truck(route.truck)
    done: list[Activity] = []
    for activity in route.activities:
        # A truck leaves as soon as it can: who was ready by now is on its way to what comes next.
        if (done and done[-1].ends > now) or (not done and activity.begins > now):
            break
        done.append(activity)
    return progress_of(truck, route.number, tuple(done), now)


def progress_of(truck: Truck, number: int, done: tuple[Activity, ...], now: int, *, broken: bool = False) -> Progress:
    """How far a truck is that did this."""
    empty = truck.onboard or (0,) * len(truck.capacity)
    last = done[-1] if done else None
    return Progress(
        truck.key,
        number,
        done,
        last.location if last else truck.start,
        max(last.ends if last else truck.shift.open, now),
        last.load if last else empty,
        any(activity.doing is Doing.REST for activity in done),
        broken,
        last is not None and last.doing is Doing.RETURN,
    )


def replan(
    problem: Problem,
    plan: Plan,
    now: int,
    progress: Sequence[Progress],
    *,
    added: Sequence[Stop] = (),
    cancelled: Collection[str] = (),
    seconds: float = 5.0,
    seed: int = 1,
    processes: int = 1,
) -> Replanned:
    """Plan the rest of the day from `now` on.

    `progress` has every route of the plan. `added`: stops that came in; one with the key of a stop that waits replaces it (what
    may is now what must). `cancelled`: stops that are not done today. A stop that belongs to a truck that broke down may be
    done by another. Raises `ProblemInvalid` when progress and plan do not belong together.
    """
    _check(plan, progress)
    whole = _with_added(problem, added)
    finished = {a.key for one in progress for a in one.done if a.doing is Doing.EMPTY}
    whole = replace(whole, stops=tuple(s for s in whole.stops if s.key in finished or s.key not in cancelled))
    names = _names(whole, progress)
    whole = _unlocked(whole, {key for key, _ in names.values()}, finished)
    ahead = [stop for stop in whole.stops if stop.key not in finished]
    if names:
        rest, stranded = _rest_of_day(whole, now, progress, names, ahead)
        made = plan_anew(rest, seconds=seconds, seed=seed, processes=processes, onwards=_renamed(plan, names))
        routes = _joined(rest, made, progress, names)
    else:
        stranded, made, routes = (
            ahead,
            Plan((), ()),
            tuple(Route(p.truck, p.number, p.done) for p in progress if p.done),
        )
    lost = tuple(Skipped(stop.key, Why.NEVER, stop.prize is None, NO_TRUCK) for stop in stranded)
    new = Plan(routes, (*made.skipped, *lost), made.advice)
    changes = _changes(plan, new, cancelled)
    return Replanned(
        whole, new, changes, tuple(p.who for p in progress if p.broken), _sentences(plan, new, changes, progress)
    )


def _check(plan: Plan, progress: Sequence[Progress]) -> None:
    if sorted(one.who for one in progress) != sorted((route.truck, route.number) for route in plan.routes):
        raise ProblemInvalid("De stand van de wagens hoort niet bij dit plan. Vraag het plan opnieuw op.")


def _with_added(problem: Problem, added: Sequence[Stop]) -> Problem:
    new = {stop.key: stop for stop in added}
    return replace(problem, stops=(*(s for s in problem.stops if s.key not in new), *added))


def _names(problem: Problem, progress: Sequence[Progress]) -> dict[str, tuple[str, int]]:
    """A name for each truck that can still do something: those that are out, and those that did not go yet."""
    gone = {one.who for one in progress if one.broken or one.home}
    ones = ((truck.key, number) for truck in problem.trucks for number in range(1, truck.count + 1))
    return {f"{key}#{number}": (key, number) for key, number in ones if (key, number) not in gone}


def _rest_of_day(
    problem: Problem,
    now: int,
    progress: Sequence[Progress],
    names: Mapping[str, tuple[str, int]],
    ahead: Sequence[Stop],
) -> tuple[Problem, list[Stop]]:
    """The rest of the day as a problem, and the stops that no truck that is left may do."""
    at = {one.who: one for one in progress}
    rest = _late_rest(problem, now, progress)
    trucks = tuple(_truck_from_now(problem, name, *who, at.get(who), now, rest) for name, who in names.items())
    stops = [_renamed_stop(stop, names) for stop in ahead]
    stranded = [stop for stop, new in zip(ahead, stops, strict=True) if new is None]
    return replace(problem, trucks=trucks, stops=tuple(stop for stop in stops if stop is not None)), stranded


def _late_rest(problem: Problem, now: int, progress: Sequence[Progress]) -> Rest | None:
    """The rule for the break of who still has to have it. Who is too late for it has it as soon as can be."""
    rule = problem.rest
    if rule is None:
        return None
    owing = [
        one.free_at
        for one in progress
        if not (one.rested or one.broken or one.home)
        and rests(problem.truck(one.truck).rest, problem.truck(one.truck).shift)
    ]
    return replace(rule, latest=max(rule.latest, *owing)) if owing else rule


def _truck_from_now(
    problem: Problem, name: str, key: str, number: int, at: Progress | None, now: int, rest: Rest | None
) -> Truck:
    """The truck as it is now; one that has not left yet starts where it would."""
    truck = problem.truck(key)
    return from_now(problem, name, truck, at or progress_of(truck, number, (), now), now, rest)


def from_now(problem: Problem, name: str, truck: Truck, at: Progress, now: int, rest: Rest | None) -> Truck:
    """The truck as it is now, under a new name, for the rest of its day. `rest`: the rule for the break, if it still has one."""
    opens = max(at.free_at, now)
    owes = rest is not None and not at.rested and rests(truck.rest, truck.shift)
    of = {stop.key: stop for stop in problem.stops}
    done = [of[a.key] for a in at.done if a.doing is Doing.EMPTY and a.key in of]
    collected = [sum(stop.load[n] for stop in done) for n in range(problem.dimensions)]
    return replace(
        truck,
        key=name,
        count=1,
        start=at.location,
        shift=Window(opens, max(truck.shift.close, opens)),
        onboard=tuple(min(have, room) for have, room in zip(at.load, truck.capacity, strict=True)),
        rest=rest if owes else None,
        most_stops=None if truck.most_stops is None else max(truck.most_stops - len(done), 0),
        most_load=truck.most_load and tuple(max(m - c, 0) for m, c in zip(truck.most_load, collected, strict=True)),
        fractions=(done[0].fraction,) if done and len(problem.fractions) > 1 else truck.fractions,
        # Who is out already costs the truck whatever happens.
        tariff=replace(problem.tariff_of(truck), truck=0) if at.done else truck.tariff,
    )


def _unlocked(problem: Problem, going: Collection[str], finished: Collection[str]) -> Problem:
    """A truck that somebody chose for a stop and that is gone no longer counts; what is done stays as it was."""
    stops = tuple(
        replace(stop, truck=None) if stop.truck not in (None, *going) and stop.key not in finished else stop
        for stop in problem.stops
    )
    return replace(problem, stops=stops)


def _renamed_stop(stop: Stop, names: Mapping[str, tuple[str, int]]) -> Stop | None:
    """The stop with the names of the trucks that are left. None when only trucks that are gone may do it."""
    able = tuple(name for name, (key, _) in names.items() if stop.may_come(key))
    if not able:
        return None
    return replace(stop, truck=None, trucks=() if len(able) == len(names) else able)


def _renamed(plan: Plan, names: Mapping[str, tuple[str, int]]) -> Plan:
    """The plan so far under the new names, to begin the search with."""
    name_of = {who: name for name, who in names.items()}
    routes = (
        Route(name_of[route.truck, route.number], 1, route.activities)
        for route in plan.routes
        if (route.truck, route.number) in name_of
    )
    return Plan(tuple(routes), ())


def _joined(
    rest: Problem, made: Plan, progress: Sequence[Progress], names: Mapping[str, tuple[str, int]]
) -> tuple[Route, ...]:
    """What was done and what will be, per truck."""
    done = {one.who: one.done for one in progress}
    ahead = {names[route.truck]: route.activities for route in made.routes}
    cut = best_cut(rest).moment
    for name, who in names.items():
        if who not in ahead and done.get(who):
            truck = rest.truck(name)
            ahead[who] = drive(rest, truck, (), leaves=truck.shift.open, cut=cut).route.activities
    joined = []
    for who in dict.fromkeys([*done, *ahead]):
        before, after = done.get(who, ()), ahead.get(who, ())
        activities = (*before, *after[1:]) if before else after
        if activities:
            joined.append(Route(*who, activities))
    return tuple(joined)


def _changes(before: Plan, after: Plan, cancelled: Collection[str]) -> tuple[Change, ...]:
    was = {key: (route.truck, route.number) for route in before.routes for key in route.stops}
    now = {key: (route.truck, route.number) for route in after.routes for key in route.stops}
    why = {stop.key: stop.sentence for stop in after.skipped}
    changes = []
    for key in dict.fromkeys([*was, *now]):
        old, new = was.get(key), now.get(key)
        if old == new:
            continue
        if new is None:
            sentence = "Afgezegd voor vandaag." if key in cancelled else why.get(key, "")
        else:
            sentence = f"Nieuw op wagen {new[0]}." if old is None else f"Gaat van wagen {old[0]} naar wagen {new[0]}."
        changes.append(Change(key, old, new, sentence))
    return tuple(changes)


def _sentences(before: Plan, after: Plan, changes: Sequence[Change], progress: Sequence[Progress]) -> tuple[str, ...]:
    """What changes, for the planner and the drivers."""
    said = []
    for one in progress:
        if one.broken:
            moved = [change for change in changes if change.was == one.who]
            taken = sum(change.now is not None for change in moved)
            said.append(
                f"Wagen {one.truck} kan niet verder: andere wagens nemen {taken} van zijn {len(moved)} stops over."
            )
    if new := sum(change.was is None for change in changes):
        said.append(f"{new} {'stop komt' if new == 1 else 'stops komen'} erbij.")
    far, long = after.metres - before.metres, after.seconds - before.seconds
    said.append(f"Het verschil met het vorige plan is {kilometres(far)} en {round(long / 60)} minuten.")
    if waits := sum(stop.must for stop in after.skipped):
        said.append(f"{waits} {'stop die moet, past' if waits == 1 else 'stops die moeten, passen'} niet meer vandaag.")
    return tuple(said)
