"""What is known on the day that is planned: containers and how full they will be, trucks, and where they go."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet

from vliegwiel.base import clock
from vliegwiel.rounds.models import (
    Container,
    Emptying,
    Evidence,
    EvidenceKind,
    Forecast,
    Fraction,
    PlanState,
    PromiseTo,
    Route,
    Stop,
    StopState,
    TipSite,
    Truck,
)

REPORT_COUNTS: Final = timedelta(days=7)
"""A report that a container is full counts until it is emptied, and no longer than this."""
WHEN_EMPTIED: Final = 10
"""Hour of the day for which fillings are worked out: about the middle of a round."""
Z95: Final = 1.645
NEARLY_FULL: Final = 95.0
"""Percent: from here a container is full for those who use it."""


@dataclass(frozen=True, slots=True)
class Bin:
    """A container as it will be on the day. `level`, `high`: percent expected, and the 95 % quantile. `overflow[k-1]`:
    probability of having overflown within k days from then. `urgent`: why it must be emptied, in words, or empty."""

    id: UUID
    code: str
    fraction: str
    address: str
    district: str
    lon: float
    lat: float
    litres: float
    kilograms_full: float
    service: int
    windows: tuple[tuple[int, int], ...]
    truck_types: tuple[str, ...]
    fixed_days: tuple[int, ...]
    level: float
    high: float
    rate: float
    overflow: tuple[float, ...]
    sensor: str
    known_at: datetime | None
    urgent: str


@dataclass(frozen=True, slots=True)
class Place:
    """A depot or a place to tip."""

    id: UUID
    name: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Lorry:
    """A truck with its crew that day."""

    id: UUID
    code: str
    name: str
    type: str
    row: Truck
    depot: Place


@dataclass(frozen=True, slots=True)
class Situation:
    """All of it. `riding_days`: weekdays (1-7) on which this fraction is collected. `next_day`: the first one after `day`."""

    municipality: str
    day: date
    fraction: str
    bins: tuple[Bin, ...]
    lorries: tuple[Lorry, ...]
    tips: tuple[TipSite, ...]
    riding_days: frozenset[int]

    @property
    def next_day(self) -> date:
        """The next day on which a truck can come."""
        return following(self.day, self.riding_days)

    @property
    def known_at(self) -> datetime | None:
        """How fresh the forecasts are: the newest of them."""
        return max((bin_.known_at for bin_ in self.bins if bin_.known_at is not None), default=None)


def following(day: date, weekdays: frozenset[int]) -> date:
    """The first of these weekdays after `day`; the next day when there are none."""
    ahead = (day + timedelta(days=n) for n in range(1, 8))
    return next((one for one in ahead if one.isoweekday() in weekdays), day + timedelta(days=1))


def read(municipality: str, day: date, fraction: str) -> Situation:
    """The situation of a fraction on a day. Call inside the scope of the municipality; four or five queries."""
    rows = list(_standing(day).filter(fraction=fraction).order_by("code"))
    forecasts = latest_forecasts([row.id for row in rows])
    urgent = urgencies([row.id for row in rows], day)
    before = {**_emptied_since(forecasts), **emptied_before(day)}
    bins = tuple(_bin(row, forecasts.get(row.id), day, urgent.get(row.id, ""), before.get(row.id)) for row in rows)
    return Situation(
        municipality=municipality,
        day=day,
        fraction=fraction,
        bins=bins,
        lorries=_lorries(day, fraction),
        tips=tuple(tip for tip in TipSite.objects.order_by("name") if not tip.fractions or fraction in tip.fractions),
        riding_days=riding_days(rows),
    )


def riding_days(rows: Sequence[Container]) -> frozenset[int]:
    """On which weekdays this fraction is collected: those of the schedule; Monday to Friday where there is none."""
    return frozenset(day for row in rows for day in row.fixed_days) or frozenset(range(1, 6))


def _standing(day: date) -> QuerySet[Container]:
    return Container.objects.filter(
        Q(active_from__isnull=True) | Q(active_from__lte=day), Q(active_until__isnull=True) | Q(active_until__gte=day)
    )


def latest_forecasts(containers: Sequence[UUID]) -> Mapping[UUID, Forecast]:
    """The newest forecast of each container."""
    rows = (
        Forecast.objects.filter(container_id__in=containers)
        .order_by("container_id", "-made_at")
        .distinct("container_id")
    )
    return {row.container_id: row for row in rows}


def last_emptied(containers: Sequence[UUID]) -> Mapping[UUID, datetime]:
    """When each container was last emptied, as far as we know."""
    found = Emptying.objects.filter(container_id__in=containers).values_list("container_id").annotate(at=Max("at"))
    return dict(found.order_by())


def urgencies(containers: Sequence[UUID], day: date) -> Mapping[UUID, str]:
    """Why a container must be emptied whatever the sensor says: somebody reported it full, or it was promised."""
    emptied = last_emptied(containers)
    since = clock.now() - REPORT_COUNTS
    said = Evidence.objects.filter(
        container_id__in=containers,
        at__gte=since,
        kind__in=(EvidenceKind.REPORT, EvidenceKind.DRIVER),
        value__gte=NEARLY_FULL,
    ).order_by("at")
    found = {
        row.container_id: "Een bewoner meldt dat hij vol is."
        if row.kind == EvidenceKind.REPORT
        else "De chauffeur zag dat hij vol was."
        for row in said
        if row.at > emptied.get(row.container_id, since)
    }
    promised = PromiseTo.objects.filter(container_id__in=containers, date=day, kept=None)
    for promise in promised:
        if clock.local(promise.made_at) > clock.local(emptied.get(promise.container_id, since)):
            found[promise.container_id] = "Aan een bewoner beloofd."
    return found


def _emptied_since(forecasts: Mapping[UUID, Forecast]) -> Mapping[UUID, date]:
    """Containers that were emptied after their forecast was made, and when: it still tells them full."""
    emptied = last_emptied(list(forecasts))
    return {key: clock.local(at).date() for key, at in emptied.items() if at > forecasts[key].made_at}


def emptied_before(day: date) -> Mapping[UUID, date]:
    """Containers that a truck will still empty in a round before that day, and when: by then they are empty again."""
    rows = Stop.objects.filter(
        state=StopState.PLANNED, container__isnull=False, route__plan__date__gte=clock.today(), route__plan__date__lt=day,
        route__plan__state__in=(PlanState.FIXED, PlanState.DRIVING),
    ).order_by("route__plan__date")  # fmt: skip
    return {key: when for key, when in rows.values_list("container_id", "route__plan__date") if key is not None}


def _bin(row: Container, forecast: Forecast | None, day: date, urgent: str, emptied: date | None) -> Bin:
    level, high, rate, sensor, known = 0.0, 100.0, 0.0, "geen", None
    overflow: tuple[float, ...] = ()
    if forecast is not None:
        known = forecast.made_at
        made = clock.local(forecast.made_at)
        ahead = (clock.midnight(day) + timedelta(hours=WHEN_EMPTIED) - made).total_seconds() / 86400
        grown = forecast.rate_mean * max(ahead, 0.0)
        level, high = min(forecast.level_now + grown, 100.0), min(forecast.level_high + grown, 100.0)
        rate, sensor = forecast.rate_mean, forecast.sensor_state
        overflow = _from(tuple(float(p) for p in forecast.overflow), (day - made.date()).days)
        if emptied is not None:
            days, urgent = max((day - emptied).days, 0), ""
            level = min(rate * days, 100.0)
            high = min(level + Z95 * forecast.rate_sd * math.sqrt(days), 100.0)
            overflow = _from_empty(forecast, days, len(overflow))
    return Bin(
        id=row.id, code=row.code, fraction=row.fraction, address=row.address or row.code, district=row.district,
        lon=row.lon, lat=row.lat, litres=row.litres, kilograms_full=row.kilograms_full, service=row.service_seconds,
        windows=windows_on(row.windows, day), truck_types=tuple(row.truck_types), fixed_days=tuple(row.fixed_days),
        level=level, high=high, rate=rate, overflow=overflow, sensor=sensor, known_at=known, urgent=urgent,
    )  # fmt: skip


def _from_empty(forecast: Forecast, days: int, ahead: int) -> tuple[float, ...]:
    """The probabilities for a container that was emptied so many days before: as fast as it fills, each day by itself."""
    found = []
    for more in range(1, ahead + 1):
        spread = max(forecast.rate_sd * math.sqrt(days + more), 1.0)
        found.append(0.5 * math.erfc((100.0 - forecast.rate_mean * (days + more)) / (spread * math.sqrt(2))))
    return tuple(found)


def _from(chances: tuple[float, ...], days: int) -> tuple[float, ...]:
    """The probabilities seen from a later day; the last one known goes for what lies beyond."""
    if not chances:
        return ()
    start = min(max(days, 0), len(chances) - 1)
    return chances[start:] + chances[-1:] * start


def windows_on(windows: Sequence[Sequence[object]], day: date) -> tuple[tuple[int, int], ...]:
    """The windows (seconds of the day) that hold on a day. `windows`: [from, until, weekdays]; no weekdays is each day."""
    found = []
    for window in windows:
        open_, close, *rest = window
        days = rest[0] if rest else []
        if not isinstance(days, list) or not days or day.isoweekday() in days:
            found.append((int(str(open_)), int(str(close))))
    return tuple(found)


def _lorries(day: date, fraction: str) -> tuple[Lorry, ...]:
    """The trucks that can have this fraction and are not on the road with another that day."""
    busy = set(
        Route.objects.filter(plan__date=day, plan__state__in=(PlanState.FIXED, PlanState.DRIVING))
        .exclude(plan__fraction=fraction)
        .values_list("truck_id", flat=True)
    )
    trucks = Truck.objects.filter(active=True).exclude(id__in=busy).select_related("depot").order_by("code")
    return tuple(
        Lorry(
            truck.id, truck.code, truck.name or f"Wagen {truck.code}", truck.type, truck,
            Place(truck.depot.id, truck.depot.name, truck.depot.lon, truck.depot.lat),
        )
        for truck in trucks
        if not truck.fractions or fraction in truck.fractions
    )  # fmt: skip


def fraction_name(fraction: str) -> str:
    """As people call it ("restafval")."""
    return str(Fraction(fraction).label)


def is_fraction(text: str) -> bool:
    """Whether this is the key of a kind of waste."""
    return text in Fraction.values
