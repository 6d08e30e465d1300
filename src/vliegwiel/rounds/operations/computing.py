"""From a situation to a plan with its alternatives. Asks no database; takes seconds, so call it outside any transaction."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Final
from uuid import UUID

from vliegwiel.base.errors import Conflict
from vliegwiel.rounds.planning import problem as task
from vliegwiel.rounds.planning.day import Day, Need, Outlook, Rule, day_of, plan_day
from vliegwiel.rounds.planning.plans import Plan, Skipped, Why
from vliegwiel.rounds.planning.problem import Problem, Rest, Tariff, Window
from vliegwiel.rounds.planning.quick import quick
from vliegwiel.rounds.roads import DEFAULT, Crow, PlaceInvalid, Point, Roads, Travel, TruckProfile

from .figures import FIXED_ROUND, MUST_ONLY, PROPOSED, Chosen, Left, Numbers, Option, PlanFigures
from .roadmap import profile_of
from .situation import Bin, Lorry, Place, Situation, windows_on

ITERATIONS: Final = 24_000
"""How long the alternatives are searched for, in iterations times containers: so that they never take longer than the plan."""
MOST_SECONDS: Final = 8.0
SENSOR_WORDS: Final = {"ok": "", "goed": "", "geen": "zonder sensor geschat"}
ONLY_MUST: Final = "Alleen wat moet, wordt geleegd."
NOT_FIXED: Final = "Niet in de vaste ronde van deze dag."
NO_SUCH_TRUCK: Final = "geen wagen van dit soort"
BY_HAND: Final = "Door u zo gekozen."


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a planner decided, which planning again must respect: codes of containers, and the truck where that was chosen."""

    empty: Mapping[str, str] = field(default_factory=dict)
    skip: frozenset[str] = frozenset()


def propose(
    situation: Situation, *, roads: Roads | None = None, wishes: Wishes | None = None, seconds: float | None = None
) -> PlanFigures:
    """The plan of the day, what one could do instead, and what the fixed round would be.

    Raises `Conflict` with what is lacking when nothing can be planned (no container, truck or place to tip), and
    `ProblemInvalid` for what cannot be right.
    """
    wanted = wishes or Wishes()
    if lacking := _lacking(situation):
        raise Conflict(lacking)
    roads = roads or Crow()
    places = _places(situation)
    profiles = _profiles(situation)
    travel = _travel(roads, places, profiles, situation)
    outlooks = _outlooks(situation, wanted)
    trucks, tips = _trucks(situation), _tips(situation)
    day = day_of(outlooks, trucks, tips, travel.network, trucks[0].tariff or Tariff(), Rule())
    limit = seconds if seconds is not None else min(MOST_SECONDS, 1.5 + len(outlooks) / 60)
    planned = plan_day(day, seconds=limit)
    stops = _all_stops(day)
    chances = {one.key: one.risk() for one in outlooks}
    emptied = {one.key: Chosen(one.must, one.sentence, one.key in wanted.empty) for one in planned.emptied}
    waiting = {
        one.key: Left(one.sentence, one.overflow, one.next_chance, one.key in wanted.skip) for one in planned.waiting
    }
    made = _whole(planned.plan, stops, {key: left.sentence for key, left in waiting.items()})
    total = numbers(made, trucks, emptied, [left.overflow for left in waiting.values()])
    current = Option(PROPOSED, total, made, emptied, waiting)
    fixed = [bin_.code for bin_ in situation.bins if situation.day.isoweekday() in bin_.fixed_days]
    must = [judged.key for judged in day.judged if judged.need is Need.MUST]
    others = [
        _instead(MUST_ONLY, day, stops, must, chances, trucks, "Moet vandaag.", ONLY_MUST),
        _instead(FIXED_ROUND, day, stops, fixed, chances, trucks, "Staat in de vaste ronde.", NOT_FIXED),
    ]  # fmt: skip
    return PlanFigures(
        current=current,
        options=(current, *(one for one in others if one is not None)),
        outlooks=outlooks,
        stops=stops,
        trucks=trucks,
        tips=tips,
        places=places,
        profiles=profiles,
        distances=travel.sentence,
        known_at=known.isoformat() if (known := situation.known_at) else "",
        fixed=others[1].numbers if others[1] is not None else None,
    )


def _lacking(situation: Situation) -> str:
    if not situation.bins:
        return "Er staan geen containers van deze soort. Voeg ze toe of lees ze in."
    if not situation.lorries:
        return "Er is die dag geen wagen voor deze soort afval."
    return "" if situation.tips else "Er is geen plek waar dit afval gestort kan worden."


def problem_of(figures: PlanFigures, *, roads: Roads | None = None) -> Problem:
    """The problem again, as it was when the plan was made: to change the plan and know at once what that does."""
    # A map keeps its tables itself, in files.
    network = (
        _crow(figures.places, len(figures.profiles))
        if roads is None or isinstance(roads, Crow)
        else roads.travel(_points(figures.places), figures.profiles).network
    )
    return Problem(figures.stops, figures.trucks, figures.tips, network, figures.trucks[0].tariff or Tariff())


def _points(places: Sequence[tuple[float, float]]) -> list[Point]:
    return [Point(lon, lat) for lon, lat in places]


def _profiles(situation: Situation) -> tuple[TruckProfile, ...]:
    """The kinds of trucks of the day, each once; trucks that are the same for the road share one."""
    return tuple({profile.digest: profile for profile in (profile_of(one.row) for one in situation.lorries)}.values())


def _travel(
    roads: Roads, places: Sequence[tuple[float, float]], profiles: Sequence[TruckProfile], situation: Situation
) -> Travel:
    """Distances for each kind of truck. Raises `Conflict` and names the containers that no truck can reach over the map."""
    try:
        return roads.travel(_points(places), profiles)
    except PlaceInvalid as far:
        first = len(_depots(situation.lorries)) + len(situation.tips)
        rows = getattr(far, "rows", ())
        names = [situation.bins[row - first].address for row in rows if row >= first][:5]
        which = f" Het gaat om: {', '.join(names)}." if names else ""
        raise Conflict(f"Niet alles ligt aan een weg op de kaart. {far.sentence}{which}") from far


@lru_cache(maxsize=4)
def _crow(places: tuple[tuple[float, float], ...], profiles: int) -> task.Network:
    """Kept for the few plans that planners work on now: the tables of 1,500 places take longer than the change itself."""
    return Crow().travel(_points(places), (DEFAULT,) * profiles).network


def _all_stops(day: Day) -> tuple[task.Stop, ...]:
    """The containers of the day as stops, also those that need not be looked at: a planner may want them all the same."""
    known = {stop.key: stop for stop in day.problem.stops}
    return tuple(known.get(one.key) or _spare(one.outlook, one.prize or 0) for one in day.judged)


def _spare(one: Outlook, prize: int) -> task.Stop:
    return task.Stop(
        one.key, one.location, (one.kilograms, round(one.litres * min(one.level, 100.0) / 100)), one.service, one.windows,
        prize, None, one.trucks, one.fraction,
    )  # fmt: skip


def numbers(plan: Plan, trucks: Sequence[task.Truck], emptied: Iterable[str], overflow: Iterable[float]) -> Numbers:
    """What a plan comes to."""
    tariffs = {truck.key: truck.tariff or Tariff() for truck in trucks}
    cents = sum(tariffs[route.truck].cents(route.metres, route.seconds) for route in plan.routes)
    dry = math.prod(1 - min(max(p, 0.0), 1.0) for p in overflow)
    return Numbers(len(tuple(emptied)), plan.metres, plan.seconds, cents, 1 - dry)


def _instead(
    key: str, day: Day, all_: Sequence[task.Stop], codes: Sequence[str], chances: Mapping[str, float],
    trucks: Sequence[task.Truck], why: str, why_not: str,
) -> Option | None:  # fmt: skip
    """What emptying exactly these would be; None for none."""
    wanted = frozenset(codes)
    stops = tuple(replace(stop, prize=None) for stop in all_ if stop.key in wanted)
    if not stops:
        return None
    plan = quick(replace(day.problem, stops=stops), iterations=min(max(ITERATIONS // len(stops), 20), 300))
    done = {stop for route in plan.routes for stop in route.stops}
    emptied = {code: Chosen(must=True, sentence=why) for code in codes if code in done}
    waiting = {
        code: Left("Past niet in de dag." if code in wanted else why_not, odds, 1)
        for code, odds in chances.items()
        if code not in done
    }
    whole = _whole(plan, all_, {code: left.sentence for code, left in waiting.items()})
    total = numbers(whole, trucks, emptied, [left.overflow for left in waiting.values()])
    return Option(key, total, whole, emptied, waiting)


def _whole(plan: Plan, stops: Sequence[task.Stop], reasons: Mapping[str, str]) -> Plan:
    """The plan as one of all containers: those that were no candidates are skipped too, with their reason."""
    done = {stop for route in plan.routes for stop in route.stops}
    told = {skipped.key: skipped for skipped in plan.skipped}
    skipped = tuple(
        told.get(stop.key) or Skipped(stop.key, Why.NOT_WORTH, False, reasons.get(stop.key, ""))
        for stop in stops
        if stop.key not in done
    )
    return replace(plan, skipped=skipped)


# -- from rows to the planner's own types --------------------------------------------------------------------------------


def _places(situation: Situation) -> tuple[tuple[float, float], ...]:
    """Depots, places to tip, containers: in this order they are the rows of the network."""
    depots = _depots(situation.lorries)
    return (
        *((depot.lon, depot.lat) for depot in depots.values()),
        *((tip.lon, tip.lat) for tip in situation.tips),
        *((bin_.lon, bin_.lat) for bin_ in situation.bins),
    )


def _depots(lorries: Sequence[Lorry]) -> dict[UUID, Place]:
    return {lorry.depot.id: lorry.depot for lorry in lorries}


def _outlooks(situation: Situation, wishes: Wishes) -> tuple[Outlook, ...]:
    first = len(_depots(situation.lorries)) + len(situation.tips)
    days = max((situation.next_day - situation.day).days, 1)
    return tuple(_outlook(situation, bin_, first + row, days, wishes) for row, bin_ in enumerate(situation.bins))


def _outlook(situation: Situation, bin_: Bin, location: int, days: int, wishes: Wishes) -> Outlook:
    urgent = bin_.urgent
    if bin_.code in wishes.empty:
        urgent = BY_HAND
    skip = bin_.code in wishes.skip
    types = frozenset(bin_.truck_types)
    may = tuple(lorry.code for lorry in situation.lorries if not types or lorry.type in types)
    return Outlook(
        key=bin_.code, location=location, litres=round(bin_.litres), level=bin_.level, level_high=bin_.high,
        overflow=tuple(0.0 for _ in bin_.overflow) if skip else bin_.overflow,
        kilograms=round(bin_.kilograms_full * bin_.level / 100), service=bin_.service,
        windows=tuple(Window(open_, close) for open_, close in bin_.windows),
        trucks=(may or (NO_SUCH_TRUCK,)) if types else (), fraction=bin_.fraction,
        truck=_chosen(situation, wishes.empty.get(bin_.code, "")),
        urgent="" if skip else urgent, next_chance=days, rate=bin_.rate, sensor=SENSOR_WORDS.get(bin_.sensor, bin_.sensor),
    )  # fmt: skip


def _chosen(situation: Situation, code: str) -> str | None:
    """The truck a planner chose, as long as it drives that day."""
    return code if code in {lorry.code for lorry in situation.lorries} else None


def _trucks(situation: Situation) -> tuple[task.Truck, ...]:
    depots = list(_depots(situation.lorries))
    tips = tuple(tip.name for tip in situation.tips)
    digests = [profile.digest for profile in _profiles(situation)]
    return tuple(
        _truck(lorry, depots.index(lorry.depot.id), tips, digests.index(profile_of(lorry.row).digest))
        for lorry in situation.lorries
    )


def _truck(lorry: Lorry, start: int, tips: tuple[str, ...], profile: int) -> task.Truck:
    row = lorry.row
    rest = Rest(row.break_seconds, row.break_from, row.break_to) if row.break_seconds else None
    return task.Truck(
        key=lorry.code, capacity=(round(row.kilograms), round(row.litres_compressed)), start=start, end=start,
        shift=Window(row.shift_from, row.shift_to), tips=tips, rest=rest, overtime=row.overtime_seconds,
        tariff=Tariff(row.cost_km, row.cost_hour, row.cost_overtime_hour), profile=profile,
    )  # fmt: skip


def _tips(situation: Situation) -> tuple[task.Tip, ...]:
    first = len(_depots(situation.lorries))
    return tuple(
        task.Tip(tip.name, first + row, tip.service_seconds, _window(tip.windows, situation.day))
        for row, tip in enumerate(situation.tips)
    )


def _window(windows: Sequence[Sequence[object]], day: date) -> Window:
    """From the first opening to the last closing of that day: the planner knows one window a place to tip."""
    found = windows_on(windows, day)
    return Window(min(w[0] for w in found), max(w[1] for w in found)) if found else task.ALL_DAY
