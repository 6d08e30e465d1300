"""A small town with containers of which is known how full they are, two trucks, and who works there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.rounds.actions.containers import NewContainer, place_containers
from vliegwiel.rounds.actions.plans import fix, make_plan
from vliegwiel.rounds.models import Container, Depot, Forecast, RoundPlan, Stop, StopKind, TipSite, Truck
from vliegwiel.trust.identity import Role, Staff, System
from vliegwiel.trust.rights import scope_of

LEIDEN, UTRECHT = "GM0546", "GM0344"
MOMENT = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)
TODAY = date(2026, 11, 24)
THURSDAY = date(2026, 11, 26)
PLATFORM = System(LEIDEN, "proef")
PLANNER = Staff(LEIDEN, "planner", "M. Terpstra", frozenset({Role.RONDEPLANNER}))
DRIVER = Staff(LEIDEN, "chauffeur", "S. Verhulst", frozenset({Role.CHAUFFEUR}))
CLERK = Staff(LEIDEN, "balie", "I. Jansen", frozenset({Role.MEDEWERKER}))
ELSEWHERE = Staff(UTRECHT, "planner", "B. Smit", frozenset({Role.RONDEPLANNER}))
FULL, HALF, LOW = 97.0, 70.0, 20.0
LEVELS = (FULL, FULL, HALF, LOW, FULL, HALF, LOW, LOW, FULL, LOW, HALF, LOW)


@dataclass(frozen=True)
class Town:
    """What stands there, by code."""

    containers: dict[str, UUID]


def build(levels: Sequence[float] = LEVELS, *, days: tuple[int, ...] = (2, 4)) -> Town:
    """Containers C01… with these levels, on collection days Tuesday and Thursday."""
    new = [
        NewContainer(
            f"C{n + 1:02d}", "rest", 5000, 500, 4.48 + 0.004 * (n % 4), 52.15 + 0.004 * (n // 4), f"Dorpsstraat {n + 1}",
            "Centrum", 300, (), (), days,
        )
        for n in range(len(levels))
    ]  # fmt: skip
    place_containers(PLATFORM, new)
    with scope_of(PLATFORM):
        depot = Depot.objects.create(municipality_id=LEIDEN, name="Remise", lon=4.47, lat=52.15)
        TipSite.objects.create(municipality_id=LEIDEN, name="Overslag", lon=4.50, lat=52.14, fractions=["rest"])
        for code in ("3", "7"):
            Truck.objects.create(
                municipality_id=LEIDEN, code=code, name=f"Wagen {code}", fractions=["rest"], litres_compressed=90000,
                kilograms=9000, depot=depot, cost_km=110, cost_hour=6500,
            )  # fmt: skip
        rows = dict(Container.objects.values_list("code", "id"))
    tell(rows, dict(zip((one.code for one in new), levels, strict=True)))
    return Town(rows)


def tell(rows: dict[str, UUID], levels: dict[str, float], *, at: datetime | None = None) -> None:
    """Let this be what is expected of the containers."""
    moment = at or clock.now()
    with scope_of(PLATFORM):
        Forecast.objects.bulk_create(
            Forecast(
                municipality_id=LEIDEN, container_id=rows[code], made_at=moment, method="proef", level_now=level,
                level_low=max(level - 5, 0), level_high=min(level + 5, 100), rate_mean=6.0, rate_sd=3.0,
                overflow=[chance(level, day) for day in range(1, 9)], sensor_state="goed",
            )
            for code, level in levels.items()
        )  # fmt: skip


def chance(level: float, day: int) -> float:
    """Something that grows with level and time."""
    return round(min(max((level + 6 * day - 90) / 20, 0.0), 1.0), 3)


def planned(day: date = TODAY) -> RoundPlan:
    """A plan of the day, made by the planner."""
    plan_id = make_plan(PLANNER, day, "rest", seconds=0.1)
    return again(plan_id)


def driving(day: date = TODAY) -> RoundPlan:
    """A plan that was sent to the drivers."""
    plan = planned(day)
    fix(PLANNER, plan.id, version=plan.version)
    return again(plan.id)


def again(plan_id: UUID) -> RoundPlan:
    """The plan as it is now."""
    with scope_of(PLATFORM):
        return RoundPlan.objects.get(id=plan_id)


def stops(plan: RoundPlan) -> list[Stop]:
    """The containers of a plan, truck by truck."""
    with scope_of(PLATFORM):
        rows = Stop.objects.filter(route__plan=plan, kind=StopKind.CONTAINER).select_related(
            "container", "route__truck"
        )
        return list(rows.order_by("route__order", "order"))


def codes(plan: RoundPlan) -> list[str]:
    """The numbers of the containers that are emptied."""
    return [stop.container.code for stop in stops(plan) if stop.container]


LATER = timedelta(minutes=20)
