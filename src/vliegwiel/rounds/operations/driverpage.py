"""What a driver sees: the trucks of the day, and the stops of one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vliegwiel.base import clock, storage
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.models import PlanState, RoundPlan, Route, Stop, Truck
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, may, require, scope_of

from .daypage import truck_lines
from .pages import StopLine, TruckLine
from .pictures import TYPES
from .situation import fraction_name


@dataclass(frozen=True, slots=True)
class TruckCard:
    """A truck to choose."""

    code: str
    name: str
    fraction: str
    containers: int
    done: int
    start: int
    end: int
    state: str


@dataclass(frozen=True, slots=True)
class DriverPage:
    """The work of one truck. `lines` None: nothing to drive that day. `version` counts changes of the plan."""

    code: str
    name: str
    day: date
    fraction: str
    state: str
    version: int
    line: TruckLine | None

    @property
    def following(self) -> StopLine | None:
        """The first stop that is not done yet; tips and breaks count when a container after them is still to do."""
        stops = self.line.stops if self.line else ()
        last = max((i for i, stop in enumerate(stops) if stop.number and stop.state != "planned"), default=-1)
        ahead = [stop for stop in stops[last + 1 :] if stop.state == "planned" and stop.number]
        behind = [stop for stop in stops[: last + 1] if stop.state == "planned" and stop.number]
        return next(iter(ahead + behind), None)

    @property
    def first_other(self) -> StopLine | None:
        """A tip or a break that comes before the next container."""
        stops = self.line.stops if self.line else ()
        coming = self.following
        at = stops.index(coming) if coming in stops else len(stops)
        before = stops[at - 1] if at > 0 else None
        return before if before is not None and not before.number else None


DRIVEN = (PlanState.FIXED, PlanState.DRIVING, PlanState.DONE)


def trucks_of(actor: Actor, day: date | None = None) -> tuple[TruckCard, ...]:
    """The trucks that drive that day (today), with how far they are. Only plans that are fixed."""
    wanted = day or clock.today()
    with scope_of(actor):
        require(actor, Right.RONDE_RIJDEN, municipality=actor.municipality)
        plans = list(RoundPlan.objects.filter(date=wanted, state__in=DRIVEN).order_by("fraction"))
        return tuple(
            TruckCard(
                line.code, line.name, fraction_name(plan.fraction), line.containers, line.done + line.blocked, line.start,
                line.end, plan.state,
            )
            for plan in plans
            for line in truck_lines(plan)
        )  # fmt: skip


def driver_page(actor: Actor, code: str, day: date | None = None) -> DriverPage:
    """The stops of a truck. A planner also sees a draft. Raises `NotFound` for a truck that does not exist."""
    wanted = day or clock.today()
    with scope_of(actor):
        require(actor, Right.RONDE_RIJDEN, municipality=actor.municipality)
        truck = Truck.objects.filter(code=code).first()
        if truck is None:
            raise NotFound("Deze wagen is er niet.")
        routes = Route.objects.filter(truck=truck, plan__date=wanted).select_related("plan")
        if not may(actor, Right.RONDE_PLANNEN, municipality=actor.municipality):
            routes = routes.filter(plan__state__in=DRIVEN)
        route = routes.order_by("plan__fraction").first()
        name = truck.name or f"Wagen {truck.code}"
        if route is None:
            return DriverPage(code, name, wanted, "", "", 0, None)
        line = next(one for one in truck_lines(route.plan) if one.code == code)
        return DriverPage(
            code, name, wanted, fraction_name(route.plan.fraction), route.plan.state, route.plan.version, line
        )


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture a driver sent."""

    content: bytes
    media_type: str


def photo(actor: Actor, stop_id: UUID) -> Photo:
    """The picture of a stop. For who may read or drive rounds. Raises `NotFound`."""
    with scope_of(actor):
        if not may(actor, Right.RONDE_LEZEN, municipality=actor.municipality):
            require(actor, Right.RONDE_RIJDEN, municipality=actor.municipality)
        stop = Stop.objects.filter(id=stop_id).first()
        if stop is None or not stop.photo:
            raise NotFound("Van deze stop is geen foto.")
        key = stop.photo
    ending = f".{key.rpartition('.')[2]}"
    return Photo(storage.get(actor.municipality, key), TYPES.get(ending, "application/octet-stream"))
