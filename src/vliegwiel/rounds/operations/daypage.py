"""The page of a day: which containers, by which truck, in which order, and is it worth it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.models import (
    Alarm,
    Container,
    Fraction,
    RoundPlan,
    Route,
    SavingsReport,
    Stop,
    StopKind,
    Waiting,
)
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .figures import PlanFigures, from_json
from .pages import BinLine, DayPage, Group, OptionLine, PlaceLine, SavingsLine, StopLine, TruckLine
from .savings import headline
from .situation import Bin, Situation, following, read
from .words import full_on

STOP_TITLES = {StopKind.TIP: "Storten", StopKind.BREAK: "Pauze", StopKind.DEPOT: "Remise"}


def day_page(actor: Actor, day: date, fraction: str = "") -> DayPage:
    """The page of a day; without a fraction the first that there is. Raises `NotFound` where there are no containers."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        known = fractions()
        if not known:
            raise NotFound("Er staan nog geen containers. Lees ze in met vliegwiel rounds import.")
        wanted = fraction or known[0][0]
        if wanted not in {key for key, _ in known}:
            raise NotFound("Van deze soort afval staan hier geen containers.")
        situation = read(actor.municipality, day, wanted)
        plan = RoundPlan.objects.filter(date=day, fraction=wanted).first()
        trucks = truck_lines(plan) if plan else ()
        waiting = list(Waiting.objects.filter(plan=plan).select_related("container")) if plan else []
        report = SavingsReport.objects.order_by("-made_at").first()
        alarms = Alarm.objects.filter(until=None, acknowledged_at=None).count()
    figures = from_json(plan.figures) if plan and plan.figures else None
    return _page(situation, known, plan, figures, trucks, waiting, headline(report) if report else None, alarms)


def plan_page(actor: Actor, plan_id: UUID) -> DayPage:
    """The page of the day of a plan. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        plan = RoundPlan.objects.filter(id=plan_id, municipality_id=actor.municipality).first()
        if plan is None:
            raise NotFound("Dit plan is er niet.")
    return day_page(actor, plan.date, plan.fraction)


def fractions() -> tuple[tuple[str, str], ...]:
    """The kinds of waste that are collected here, with their names. Inside the scope."""
    found = set(Container.objects.values_list("fraction", flat=True).distinct().order_by())
    return tuple((key, str(label)) for key, label in Fraction.choices if key in found)


def truck_lines(plan: RoundPlan) -> tuple[TruckLine, ...]:
    """The routes of a plan, stop by stop. Two queries, inside the scope."""
    routes = list(Route.objects.filter(plan=plan).select_related("truck").order_by("order"))
    stops: dict[UUID, list[Stop]] = {route.id: [] for route in routes}
    rows = Stop.objects.filter(route__plan=plan).select_related("container", "tip").order_by("order")
    for row in rows:
        stops[row.route_id].append(row)
    return tuple(
        TruckLine(
            code=route.truck.code, name=route.truck.name or f"Wagen {route.truck.code}", start=route.start, end=route.end,
            metres=route.metres, seconds=route.seconds, stops=_stop_lines(stops[route.id]), line=_line(route.geometry),
        )
        for route in routes
    )  # fmt: skip


def _line(geometry: object) -> tuple[tuple[float, float], ...]:
    if not isinstance(geometry, dict):
        return ()
    return tuple((float(lon), float(lat)) for lon, lat, *_ in geometry.get("coordinates", []))


def _stop_lines(rows: Sequence[Stop]) -> tuple[StopLine, ...]:
    found = []
    number = 0
    for row in rows:
        container = row.container
        if container is not None:
            number += 1
        found.append(
            StopLine(
                id=row.id, order=row.order, number=number if container else None, kind=row.kind,
                title=(container.address or container.code) if container else _title(row),
                code=container.code if container else "",
                arrival=row.arrival, leave=row.leave, must=row.must, reason=row.reason, state=row.state, done_at=row.done_at,
                remark=row.remark, photo=bool(row.photo), by_hand=row.locked,
                lon=container.lon if container else (row.tip.lon if row.tip else None),
                lat=container.lat if container else (row.tip.lat if row.tip else None),
                kilograms=row.load_kilograms, litres=row.load_litres,
            )
        )  # fmt: skip
    return tuple(found)


def _title(row: Stop) -> str:
    title = STOP_TITLES.get(StopKind(row.kind), row.kind)
    return f"{title}: {row.tip.name}" if row.tip else title


def _page(
    known: Situation, fractions_: tuple[tuple[str, str], ...], plan: RoundPlan | None, figures: PlanFigures | None,
    trucks: tuple[TruckLine, ...], waiting: Sequence[Waiting], savings: SavingsLine | None, alarms: int,
) -> DayPage:  # fmt: skip
    current = figures.current if figures else None
    driving = {truck.code for truck in trucks}
    return DayPage(
        day=known.day, fraction=known.fraction, fractions=fractions_, next_day=known.next_day,
        previous_day=_before(known.day, known.riding_days),
        plan=plan.id if plan else None, version=plan.version if plan else 0, state=plan.state if plan else "",
        made_at=plan.made_at if plan else None, made_by=plan.made_by if plan else "",
        bins=_bins(known, figures, trucks, waiting), trucks=trucks,
        idle_trucks=tuple((lorry.code, lorry.name) for lorry in known.lorries if lorry.code not in driving),
        places=_places(known), numbers=current.numbers if current else None, fixed=figures.fixed if figures else None,
        options=tuple(
            OptionLine(one.key, one.numbers, current is not None and current.key == one.key)
            for one in (figures.options if figures else ())
        ),
        changed=bool(figures and figures.changes), distances=figures.distances if figures else "",
        advice=tuple(plan.advice.splitlines()) if plan else (), notes=_notes(known),
        known_at=_moment(figures) or known.known_at, collected=known.day.isoweekday() in known.riding_days,
        savings=savings, alarms=alarms,
    )  # fmt: skip


def _moment(figures: PlanFigures | None) -> datetime | None:
    return datetime.fromisoformat(figures.known_at) if figures and figures.known_at else None


def _before(day: date, weekdays: frozenset[int]) -> date:
    back = (day - timedelta(days=n) for n in range(1, 8))
    return next((one for one in back if one.isoweekday() in weekdays), day - timedelta(days=1))


def _bins(
    known: Situation, figures: PlanFigures | None, trucks: tuple[TruckLine, ...], waiting: Sequence[Waiting]
) -> tuple[BinLine, ...]:
    """As the plan saw them where there is one, else as they are expected now."""
    stops = {stop.code: (truck.code, stop) for truck in trucks for stop in truck.stops if stop.code}
    waits = {row.container.code: row for row in waiting}
    seen = {one.key: one for one in figures.outlooks} if figures else {}
    by_hand = {code for code, left in figures.current.waiting.items() if left.by_hand} if figures else set()
    return tuple(
        _bin(
            bin_,
            seen_one.level if (seen_one := seen.get(bin_.code)) else bin_.level,
            known,
            stops,
            waits,
            bin_.code in by_hand,
        )
        for bin_ in known.bins
    )


def _bin(
    bin_: Bin, level: float, known: Situation, stops: Mapping[str, tuple[str, StopLine]], waits: Mapping[str, Waiting],
    by_hand: bool,
) -> BinLine:  # fmt: skip
    truck, stop = stops.get(bin_.code, ("", None))
    wait = waits.get(bin_.code)
    days = max((known.next_day - known.day).days, 1)
    odds = bin_.overflow[min(days, len(bin_.overflow)) - 1] if bin_.overflow else 0.0
    if stop is not None:
        group = Group.MUST if stop.must else Group.MAY
        reason = stop.reason
    else:
        group = Group.WAIT
        reason = wait.reason if wait else bin_.urgent
        odds = wait.overflow_probability if wait and wait.overflow_probability is not None else odds
    return BinLine(
        code=bin_.code, name=bin_.address, district=bin_.district, lon=bin_.lon, lat=bin_.lat,
        level=round(level), high=round(bin_.high), full_on=full_on(level, bin_.rate, known.day), group=group, reason=reason,
        stop=stop.number if stop else None, truck=truck, state=stop.state if stop else "",
        by_hand=stop.by_hand if stop else by_hand, overflow=odds, sensor=bin_.sensor,
    )  # fmt: skip


def _places(known: Situation) -> tuple[PlaceLine, ...]:
    depots = {lorry.depot.id: lorry.depot for lorry in known.lorries}
    return (
        *(PlaceLine(depot.name, depot.lon, depot.lat, depot=True) for depot in depots.values()),
        *(PlaceLine(tip.name, tip.lon, tip.lat, depot=False) for tip in known.tips),
    )


def _notes(known: Situation) -> tuple[str, ...]:
    """What a planner has to know before fixing: reports, promises, containers that are only open for a part of the day."""
    urgent = [f"{bin_.address}: {bin_.urgent[:1].lower()}{bin_.urgent[1:]}" for bin_ in known.bins if bin_.urgent]
    today = clock.today()
    late = [] if known.day >= today else ["Deze dag is voorbij."]
    return tuple(late + urgent)


def riding_day(actor: Actor, fraction: str = "") -> date:
    """The day to show first: today where it is collected, else the next day that is."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        known = fractions()
        if not known:
            return clock.today()
        rows = Container.objects.filter(fraction=fraction or known[0][0])
        days = frozenset(day for row in rows for day in row.fixed_days) or frozenset(range(1, 6))
    today = clock.today()
    return today if today.isoweekday() in days else following(today, days)
