"""Check a plan against its problem, rule by rule. Knows what problems and plans look like, and nothing of how plans are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import pairwise

from vliegwiel.rounds.planning.plans import Activity, Doing, Plan, Route
from vliegwiel.rounds.planning.problem import Problem, Truck


def violations(problem: Problem, plan: Plan, *, stopped: Collection[tuple[str, int]] = ()) -> list[str]:
    """Every rule the plan breaks, in words; empty when it keeps all of them.

    `stopped`: trucks (key and number) that broke down on the way: they do not come home, nor empty.
    """
    found = [
        fault
        for route in plan.routes
        for fault in _route(problem, route, stopped=(route.truck, route.number) in stopped)
    ]
    visits = Counter(key for route in plan.routes for key in route.stops)
    skipped = Counter(stop.key for stop in plan.skipped)
    for stop in problem.stops:
        times = visits[stop.key] + skipped[stop.key]
        if times != 1:
            found.append(f"stop {stop.key}: {visits[stop.key]} keer gepland, {skipped[stop.key]} keer overgeslagen")
    used = Counter(route.truck for route in plan.routes)
    found += [f"wagen {t.key}: {used[t.key]} van de {t.count} rijden" for t in problem.trucks if used[t.key] > t.count]
    return found


def violations_of(problem: Problem, route: Route) -> list[str]:
    """Every rule that one truck's day breaks."""
    return list(_route(problem, route, stopped=False))


def _route(problem: Problem, route: Route, *, stopped: bool) -> Iterator[str]:
    truck = next((truck for truck in problem.trucks if truck.key == route.truck), None)
    if truck is None:
        yield f"wagen {route.truck} bestaat niet"
        return
    who = f"wagen {route.truck} {route.number}"
    for fault in (
        *_shape(truck, route, stopped=stopped),
        *_times(problem, truck, route),
        *_loads(problem, truck, route, stopped=stopped),
        *_pause(truck, route, stopped=stopped),
        *_kinds(problem, truck, route),
    ):
        yield f"{who}: {fault}"


def _shape(truck: Truck, route: Route, *, stopped: bool) -> Iterator[str]:
    first, last = route.activities[0], route.activities[-1]
    if first.doing is not Doing.LEAVE or first.location != truck.start:
        yield "vertrekt niet van zijn begin"
    if not stopped and (last.doing is not Doing.RETURN or last.location != truck.end):
        yield "komt niet terug op zijn eind"
    if first.begins < truck.shift.open:
        yield "vertrekt voor de dienst begint"
    if last.ends > truck.shift.close + truck.overtime:
        yield "is te laat terug"


def _times(problem: Problem, truck: Truck, route: Route) -> Iterator[str]:
    stops = {stop.key: stop for stop in problem.stops}
    tips = {tip.key: tip for tip in problem.tips}
    for before, after in pairwise(route.activities):
        drive = int(problem.network.seconds[truck.profile][before.location, after.location])
        if after.arrives < before.ends + drive:
            yield f"is te vroeg bij {_name(after)}"
        if after.metres != int(problem.network.metres[truck.profile][before.location, after.location]):
            yield f"telt de afstand naar {_name(after)} verkeerd"
        if after.begins < after.arrives or after.ends < after.begins:
            yield f"begint of eindigt bij {_name(after)} voor hij er is"
    for activity in route.activities:
        if activity.doing is Doing.EMPTY:
            stop = stops.get(activity.key)
            if stop is None or stop.location != activity.location:
                yield f"stop {activity.key} bestaat daar niet"
                continue
            if activity.ends - activity.begins < stop.service:
                yield f"blijft te kort bij {activity.key}"
            if stop.windows and not any(w.open <= activity.begins <= w.close for w in stop.windows):
                yield f"begint bij {activity.key} buiten de tijden die mogen"
            if stop.truck not in (None, truck.key):
                yield f"doet {activity.key}, die van wagen {stop.truck} is"
            if stop.trucks and truck.key not in stop.trucks:
                yield f"kan niet bij {activity.key} komen"
        if activity.doing is Doing.TIP:
            tip = tips.get(activity.key)
            if tip is None or tip.location != activity.location or tip.key not in truck.tips:
                yield f"mag niet storten bij {activity.key}"
            elif (
                activity.ends - activity.begins < tip.service
                or not tip.window.open <= activity.begins <= tip.window.close
            ):
                yield f"stort bij {activity.key} te kort of op een verkeerde tijd"


def _loads(problem: Problem, truck: Truck, route: Route, *, stopped: bool) -> Iterator[str]:
    loads = {stop.key: stop.load for stop in problem.stops}
    aboard = list(truck.onboard) or [0] * len(truck.capacity)
    day = [0] * len(truck.capacity)
    for activity in route.activities:
        if activity.doing is Doing.TIP:
            aboard = [0] * len(aboard)
        if activity.doing is Doing.EMPTY and activity.key in loads:
            aboard = [have + more for have, more in zip(aboard, loads[activity.key], strict=True)]
            day = [have + more for have, more in zip(day, loads[activity.key], strict=True)]
        if any(have > room for have, room in zip(aboard, truck.capacity, strict=True)):
            yield f"is te vol na {_name(activity)}"
        if activity.load != tuple(aboard):
            yield f"telt de lading bij {_name(activity)} verkeerd"
    if truck.empties and any(aboard) and not stopped:
        yield "komt niet leeg terug"
    if truck.most_stops is not None and len(route.stops) > truck.most_stops:
        yield "doet meer stops dan op een dag mag"
    if any(have > most for have, most in zip(day, truck.most_load or day, strict=True)):
        yield "haalt meer op dan op een dag mag"


def _pause(truck: Truck, route: Route, *, stopped: bool) -> Iterator[str]:
    pauses = [activity for activity in route.activities if activity.doing is Doing.REST]
    rest = truck.rest
    if rest is None or not rest.length:
        if pauses:
            yield "heeft een pauze die niemand vroeg"
        return
    if len(pauses) > 1:
        yield "heeft twee pauzes"
    for pause in pauses:
        if not rest.earliest <= pause.begins <= rest.latest:
            yield "heeft de pauze op een verkeerde tijd"
        if pause.ends - pause.begins < rest.length:
            yield "heeft een te korte pauze"
    out = route.activities[0].begins <= rest.latest and route.activities[-1].arrives > rest.latest
    if out and not stopped and truck.shift.open <= rest.latest and not pauses:
        yield "heeft geen pauze"


def _kinds(problem: Problem, truck: Truck, route: Route) -> Iterator[str]:
    kind_of = {stop.key: stop.fraction for stop in problem.stops}
    kinds = {kind_of[key] for key in route.stops if key in kind_of}
    if len(kinds) > 1:
        yield "heeft meer dan één soort afval op een dag"
    if truck.fractions and not kinds <= set(truck.fractions):
        yield "haalt een soort afval op die hij niet mag hebben"
    places = {tip.key: tip.fractions for tip in problem.tips}
    for activity in route.activities:
        if activity.doing is Doing.TIP and places.get(activity.key) and not kinds <= set(places[activity.key]):
            yield f"stort bij {activity.key} wat daar niet mag"


def _name(activity: Activity) -> str:
    return activity.key or activity.doing.value
