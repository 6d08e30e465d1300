"""A week at once, so that today's choice looks ahead: what is emptied today need not be fetched on Wednesday, and the other way
round.

Each container has a last day on which it can still be emptied in time, and a first day before which emptying it would be a
waste. The trucks of all days together are planned on one long clock; that says on which day each container is best emptied.
Then today is planned exactly, where taking a container along is also worth the detour it saves on its own day. Tomorrow the
week is planned again (a rolling horizon).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from vliegwiel.rounds.planning.choosing import settled
from vliegwiel.rounds.planning.day import DayPlan, Need, Outlook, Rule, Waiting, day_of, plan_day
from vliegwiel.rounds.planning.improving import begun, improved, workers, worth
from vliegwiel.rounds.planning.plans import Route
from vliegwiel.rounds.planning.problem import DAY, Network, Problem, Stop, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.reasons import detours
from vliegwiel.rounds.planning.solving import Effort

EARLY: Final = 1 / 3
"""The part of its time from empty to full that a container may be emptied too early."""
FULL: Final = 85.0
"""Percent up to which a container fills between two emptyings, when days between them are counted."""
OUTLINE: Final = 0.5
"""The part of the time that goes to the week; the rest goes to today."""
START: Final = 0.3
"""The part of the outline's time in which it is begun."""
WORTH: Final = 0.8
"""How much of what a later day saves counts today: later days are planned again, and may save it anyway."""


@dataclass(frozen=True, slots=True)
class Week:
    """Today's plan, and for each container that is to be emptied this week how many days from now (0 is today)."""

    today: DayPlan
    days: dict[str, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """An emptying that is due this week: from which day to which day, counted from today."""

    outlook: Outlook
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Names:
    """What the outline's names stand for: the truck and its day; the container and the first day of the visit."""

    trucks: dict[str, tuple[str, int]]
    stops: dict[str, tuple[str, int]]


def due(outlooks: Sequence[Outlook], rule: Rule, days: int) -> list[Visit]:
    """The emptyings that are due within so many days. A container that fills fast has several, in order."""
    visits: list[Visit] = []
    for one in outlooks:
        last = 0 if one.urgent or one.truck is not None else _last_day(one, rule, days)
        cycle = max(int(FULL / one.rate), 1) if one.rate > 0 else days
        before = -1
        while last < days:
            first = max(last - int(cycle * EARLY), before + 1, 0)
            visits.append(Visit(one, first, max(first, last)))
            before = visits[-1].last
            last = before + cycle
    return visits


def _last_day(one: Outlook, rule: Rule, days: int) -> int:
    """The last day on which it can be emptied before it is too likely to be full, or too full by the rule."""
    for day in range(days):
        if rule.must_level is not None:
            if one.level + one.rate * (day + 1) > rule.must_level:
                return day
        elif one.risk(day + 1) >= rule.must_above:
            return day
    return days


def plan_week(
    outlooks: Sequence[Outlook],
    days: Sequence[Sequence[Truck]],
    tips: Sequence[Tip],
    network: Network,
    tariff: Tariff,
    rule: Rule,
    *,
    seconds: float = 10.0,
    seed: int = 1,
    processes: int = 1,
) -> Week:
    """Plan today with an eye on the days after it. `days`: the trucks of each day, today first; a day may have none.

    Raises `ProblemInvalid` when today has no truck, or trucks, tips or places cannot be right.
    """
    if len(days) < 2 or not any(days[1:]):
        today = plan_day(day_of(outlooks, days[0], tips, network, tariff, rule), seconds=seconds, seed=seed)
        return Week(today, {one.key: 0 for one in today.emptied})
    chances = _next_chances(days)
    outlooks = [replace(one, next_chance=chances) for one in outlooks]
    outline, names = _outline(outlooks, days, tips, network, tariff, rule)
    routes = _outlined(outline, seconds=seconds * OUTLINE, seed=seed, processes=processes)
    on = {key: names.trucks[route.truck][1] for route in routes for key in route.stops}
    day = day_of(outlooks, days[0], tips, network, tariff, rule, more=_worth_today(outline, routes, on, names))
    today = plan_day(day, seconds=seconds * (1 - OUTLINE), seed=seed, processes=processes)
    return _merged(today, outlooks, _first_days(due(outlooks, rule, len(days)), days, on, names))


def _next_chances(days: Sequence[Sequence[Truck]]) -> int:
    """Days until the next day with a truck."""
    return next((n for n, trucks in enumerate(days) if n and trucks), len(days))


def _outline(
    outlooks: Sequence[Outlook],
    days: Sequence[Sequence[Truck]],
    tips: Sequence[Tip],
    network: Network,
    tariff: Tariff,
    rule: Rule,
) -> tuple[Problem, _Names]:
    """The week as one problem on one long clock, and what the names of its trucks and stops stand for.

    Rough where that does no harm: breaks make the shift shorter, loads are those of a full container at most.
    """
    trucks: list[Truck] = []
    names = _Names({}, {})
    for number, ones in enumerate(days):
        for truck in ones:
            name = f"{truck.key}@{number}"
            names.trucks[name] = truck.key, number
            trucks.append(_on_day(truck, name, number))
    stops: list[Stop] = []
    for visit in due(outlooks, rule, len(days)):
        if free := _free(visit, days):
            able = tuple(name for name, (key, _) in names.trucks.items() if _may(visit.outlook, key))
            stop = _visit_stop(visit, free, () if len(able) == len(trucks) else able)
            if able:
                names.stops[stop.key] = visit.outlook.key, free[0]
                stops.append(stop)
    long = tuple(replace(tip, window=Window(0, DAY * (len(days) + 1))) for tip in tips)
    problem = Problem(tuple(stops), tuple(trucks), long, network, tariff)
    return settled(problem, Effort(iterations=50)), names


def _free(visit: Visit, days: Sequence[Sequence[Truck]]) -> list[int]:
    """The days of a visit on which a truck drives; if there is none, the last one before them."""
    driving = [number for number, trucks in enumerate(days) if trucks and number <= visit.last]
    return [number for number in driving if number >= visit.first] or driving[-1:]


def _on_day(truck: Truck, name: str, number: int) -> Truck:
    rest = truck.rest.length if truck.rest is not None else 0
    opens, closes = truck.shift.open, max(truck.shift.close - rest, truck.shift.open)
    return replace(truck, key=name, shift=Window(opens + DAY * number, closes + DAY * number), rest=None)


def _may(one: Outlook, truck: str) -> bool:
    return one.truck in (None, truck) and (not one.trucks or truck in one.trucks)


def _visit_stop(visit: Visit, free: Sequence[int], able: tuple[str, ...]) -> Stop:
    one = visit.outlook
    level = min(max(one.level, 0.0) + one.rate * visit.first, 100.0)
    weight = one.kilograms * level / one.level if one.level > 0 else one.kilograms
    windows = tuple(
        Window(w.open + DAY * number, w.close + DAY * number)
        for number in free
        for w in one.windows or (Window(0, DAY - 1),)
    )
    whole = not one.windows and free == list(range(free[0], free[-1] + 1))
    if whole:
        windows = (Window(DAY * free[0], DAY * (free[-1] + 1) - 1),)
    return Stop(
        f"{one.key}@{visit.first}", one.location, (round(weight), round(one.litres * level / 100)), one.service,
        windows, None, None, able, one.fraction,
    )  # fmt: skip


def _outlined(outline: Problem, *, seconds: float, seed: int, processes: int) -> tuple[Route, ...]:
    """Who does what on which day, in outline."""
    processes = worth(processes, seconds)
    with workers(processes) as pool:
        began = begun(
            outline, seconds=seconds * START, seed=seed, processes=processes, pool=pool, optional=True
        )  # fmt: skip
        return improved(
            outline, began, seconds=seconds * (1 - START), seed=seed, processes=processes, pool=pool, optional=True
        ).plan.routes


def _worth_today(outline: Problem, routes: Sequence[Route], on: Mapping[str, int], names: _Names) -> dict[str, int]:
    """Cents that emptying a container today saves on a later day.

    One that the outline empties today would be a detour on a later day that is still in time; one that it empties later no
    longer needs that detour.
    """
    later = [route for route in routes if names.trucks[route.truck][1] > 0]
    trucks = [truck for truck in outline.trucks if names.trucks[truck.key][1] > 0]
    now = [stop for stop in outline.stops if on.get(stop.key) == 0]
    worth: dict[str, int] = {}
    for stop, (metres, cents) in zip(now, _pairs(outline, later, now), strict=True):
        alone = min((_alone(outline, truck, stop) for truck in trucks), default=0)
        worth[names.stops[stop.key][0]] = int((alone if metres < 0 else min(cents, alone)) * WORTH)
    stops = {stop.key: stop for stop in outline.stops}
    for route in later:
        for key, cents in _saved(outline, route, stops).items():
            container, first = names.stops[key]
            if first == 0:
                worth[container] = int(cents * WORTH)
    return worth


def _alone(problem: Problem, truck: Truck, stop: Stop) -> int:
    """Cents of a truck that goes out for one stop only."""
    metres, seconds = problem.network.metres[truck.profile], problem.network.seconds[truck.profile]
    tips = [problem.tip(key) for key in truck.tips] if truck.empties else []
    tip = min(
        tips, key=lambda one: int(metres[stop.location, one.location] + metres[one.location, truck.end]), default=None
    )
    way = [truck.start, stop.location, *([tip.location] if tip else []), truck.end]
    far = sum(int(metres[a, b]) for a, b in pairwise(way))
    long = sum(int(seconds[a, b]) for a, b in pairwise(way)) + stop.service + (tip.service if tip else 0)
    tariff = problem.tariff_of(truck)
    return tariff.cents(far, long) + tariff.truck


def _pairs(problem: Problem, routes: Sequence[Route], stops: Sequence[Stop]) -> list[tuple[int, int]]:
    return list(zip(*detours(problem, routes, stops), strict=True)) if stops else []


def _saved(problem: Problem, route: Route, stops: Mapping[str, Stop]) -> dict[str, int]:
    """Cents that each stop of a route costs there."""
    truck = problem.truck(route.truck)
    metres, seconds = problem.network.metres[truck.profile], problem.network.seconds[truck.profile]
    found: dict[str, int] = {}
    acts = route.activities
    for before, here, after in zip(acts, acts[1:], acts[2:], strict=False):
        if here.key in stops:
            a, at, b = before.location, here.location, after.location
            far = max(int(metres[a, at] + metres[at, b] - metres[a, b]), 0)
            long = max(int(seconds[a, at] + seconds[at, b] - seconds[a, b]), 0) + stops[here.key].service
            found[here.key] = problem.tariff_of(truck).cents(far, long)
    return found


def _first_days(
    visits: Sequence[Visit], days: Sequence[Sequence[Truck]], on: Mapping[str, int], names: _Names
) -> dict[str, int]:
    """The day after today on which each container is emptied if it is not today: that of the outline if it is in time, else the
    last one with a truck that is."""
    outlined: dict[str, int] = {}
    for key, number in sorted(on.items(), key=lambda item: item[1]):
        if number > 0:
            outlined.setdefault(names.stops[key][0], number)
    found: dict[str, int] = {}
    for visit in visits:
        key = visit.outlook.key
        later = [number for number, trucks in enumerate(days) if trucks and number > 0]
        if key in found or not later:
            continue
        in_time = [number for number in later if number <= visit.last]
        planned = outlined.get(key)
        found[key] = planned if planned is not None and planned <= visit.last else (in_time or later[:1])[-1]
    return found


def _merged(today: DayPlan, outlooks: Sequence[Outlook], later: Mapping[str, int]) -> Week:
    """The day of each container: today where today's plan has it, else the day of its visit this week."""
    emptied = {one.key for one in today.emptied}
    days = dict.fromkeys(emptied, 0) | {key: number for key, number in later.items() if key not in emptied}
    of = {one.key: one for one in outlooks}
    waiting = tuple(_with_day(one, of[one.key], days.get(one.key)) for one in today.waiting)
    return Week(replace(today, waiting=waiting), days)


def _with_day(one: Waiting, outlook: Outlook, number: int | None) -> Waiting:
    if number is None:
        return replace(one, sentence=f"{one.sentence} Deze week is legen niet nodig.") if one.need is Need.NOT else one
    when = "morgen" if number == 1 else f"over {number} dagen"
    return replace(one, sentence=f"{one.sentence} Gepland: {when}.", next_chance=number, overflow=outlook.risk(number))
