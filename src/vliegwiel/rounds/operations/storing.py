"""Between stored rows and plans: a plan is rewritten as a whole, and what a driver already did is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from vliegwiel.base.ids import uuid7
from vliegwiel.rounds.models import Container, RoundPlan, Route, Stop, StopKind, StopState, TipSite, Truck, Waiting
from vliegwiel.rounds.planning import plans
from vliegwiel.rounds.roads import Crow, Point, Roads

from .figures import Option, PlanFigures, to_json

REASON = 200


@dataclass(frozen=True, slots=True)
class _Names:
    """Rows by the keys that plans use."""

    containers: Mapping[str, UUID]
    trucks: Mapping[str, UUID]
    tips: Mapping[str, UUID]


def write(plan: RoundPlan, figures: PlanFigures, *, roads: Roads | None = None) -> None:
    """Replace the routes, stops and waiting containers of a plan. What was done or could not be done stays marked so.

    Call inside the transaction of the action that changes the plan; the caller saves the plan itself.
    """
    option = figures.current
    marks = _marks(plan)
    Route.objects.filter(plan=plan).delete()
    Waiting.objects.filter(plan=plan).delete()
    names = _names(plan, option)
    for order, route in enumerate(option.plan.routes):
        row = _route(plan, figures, route, order, names, roads or Crow())
        row.save(force_insert=True)
        Stop.objects.bulk_create(_stops(plan, row, route, option, names, marks, figures))
    Waiting.objects.bulk_create(_waiting(plan, option, names))
    plan.figures = to_json(figures)
    plan.advice = "\n".join(option.plan.advice)


def _names(plan: RoundPlan, option: Option) -> _Names:
    codes = {*option.emptied, *option.waiting}
    return _Names(
        dict(Container.objects.filter(code__in=codes).values_list("code", "id")),
        dict(Truck.objects.values_list("code", "id")),
        dict(TipSite.objects.values_list("name", "id")),
    )


def _marks(plan: RoundPlan) -> Mapping[UUID, Stop]:
    """What was reported of containers, by container."""
    rows = Stop.objects.filter(route__plan=plan, kind=StopKind.CONTAINER).exclude(state=StopState.PLANNED)
    return {row.container_id: row for row in rows if row.container_id is not None}


def _route(plan: RoundPlan, figures: PlanFigures, route: plans.Route, order: int, names: _Names, roads: Roads) -> Route:
    line = _line(figures, route, roads)
    return Route(
        id=uuid7(), municipality_id=plan.municipality_id, plan=plan, truck_id=names.trucks[route.truck], order=order,
        start=route.activities[0].begins, end=route.activities[-1].ends, metres=route.metres, seconds=route.seconds,
        break_at=next((a.begins for a in route.activities if a.doing is plans.Doing.REST), None),
        geometry={"type": "LineString", "coordinates": line},
    )  # fmt: skip


def _line(figures: PlanFigures, route: plans.Route, roads: Roads) -> list[tuple[float, float]]:
    """The way the truck drives, as the roads know it."""
    points = [Point(*figures.places[activity.location]) for activity in route.activities]
    line: list[tuple[float, float]] = []
    truck = next(one for one in figures.trucks if one.key == route.truck)
    for leg in roads.route(points, figures.profiles[truck.profile]):
        for lon, lat in leg.line:
            if not line or line[-1] != (lon, lat):
                line.append((lon, lat))
    return line


def _stops(
    plan: RoundPlan, row: Route, route: plans.Route, option: Option, names: _Names, marks: Mapping[UUID, Stop],
    figures: PlanFigures,
) -> list[Stop]:  # fmt: skip
    loads = {one.key: (one.kilograms, one.litres * one.level / 100) for one in figures.outlooks}
    found: list[Stop] = []
    kinds = {plans.Doing.EMPTY: StopKind.CONTAINER, plans.Doing.TIP: StopKind.TIP, plans.Doing.REST: StopKind.BREAK}
    for activity in route.activities:
        if activity.doing not in kinds:
            continue
        stop = Stop(
            municipality_id=plan.municipality_id, route=row, order=len(found) + 1, kind=kinds[activity.doing],
            arrival=activity.begins, leave=activity.ends,
        )  # fmt: skip
        if activity.doing is plans.Doing.TIP:
            stop.tip_id = names.tips.get(activity.key)
        elif activity.doing is plans.Doing.EMPTY:
            chosen = option.emptied.get(activity.key)
            stop.container_id = names.containers[activity.key]
            stop.load_kilograms, stop.load_litres = loads[activity.key]
            if chosen is not None:
                stop.must, stop.reason, stop.locked = chosen.must, chosen.sentence[:REASON], chosen.by_hand
            _carry(stop, marks)
        found.append(stop)
    return found


def _carry(stop: Stop, marks: Mapping[UUID, Stop]) -> None:
    mark = marks.get(stop.container_id) if stop.container_id is not None else None
    if mark is not None:
        stop.state, stop.done_at, stop.remark, stop.photo = mark.state, mark.done_at, mark.remark, mark.photo


def _waiting(plan: RoundPlan, option: Option, names: _Names) -> list[Waiting]:
    day: date = plan.date
    return [
        Waiting(
            municipality_id=plan.municipality_id, plan=plan, container_id=names.containers[code],
            reason=left.sentence[:REASON], overflow_probability=left.overflow,
            next_chance=day + timedelta(days=left.next_chance),
        )
        for code, left in option.waiting.items()
        if code in names.containers
    ]  # fmt: skip
