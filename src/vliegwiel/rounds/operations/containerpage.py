"""The page of one container: how full it was, is and will be, what was done with it, and what people said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import sqrt
from typing import Final
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.models import (
    Alarm,
    Container,
    Device,
    Evidence,
    Forecast,
    PromiseTo,
    SensorFault,
    Stop,
    Waiting,
)
from vliegwiel.rounds.queries import Emptied, LevelPoint, emptyings_of, levels_of
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .pages import GOOD_STATES
from .situation import fraction_name, latest_forecasts
from .words import full_on

PAST: Final = 28
AHEAD: Final = 8
MOST_POINTS: Final = 700
Z: Final = 1.645
"""A standard normal is within this of its mean with 90 % probability."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected at a moment: percent, with its 5 % and 95 % quantile, and the odds of having overflown by then."""

    at: datetime
    level: float
    low: float
    high: float
    overflow: float | None

    @property
    def day(self) -> date:
        """The day that ends then."""
        return clock.local(self.at - timedelta(minutes=1)).date()


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to it. `kind`: geleegd, melding, chauffeur, weging, storing, alarm, beloofd."""

    at: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class ContainerPage:
    """All of it. `level` None where nothing is known."""

    id: UUID
    code: str
    name: str
    district: str
    fraction: str
    litres: float
    kilograms_full: float
    lon: float
    lat: float
    windows: tuple[tuple[int, int, tuple[int, ...]], ...]
    fixed_days: tuple[int, ...]
    level: float | None
    low: float
    high: float
    rate: float
    method: str
    known_at: datetime | None
    sensor: str
    full_on: date | None
    devices: tuple[tuple[str, datetime | None], ...]
    readings: tuple[LevelPoint, ...]
    expected: tuple[Expected, ...]
    emptied: tuple[datetime, ...]
    happened: tuple[Happening, ...]
    coming: tuple[date, str, str] | None
    since: datetime
    until: datetime

    @property
    def silent(self) -> bool:
        """Whether its sensor tells nothing now."""
        return self.sensor not in GOOD_STATES

    @property
    def overflow(self) -> tuple[float, ...]:
        """The odds of having overflown by the end of each coming day."""
        return tuple(one.overflow for one in self.expected if one.overflow is not None)


def container_page(actor: Actor, code: str, *, days: int = PAST) -> ContainerPage:
    """The page of the container with this number. Raises `NotFound`. Seven or eight queries, the readings thinned."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        row = Container.objects.filter(code=code).first()
        if row is None:
            raise NotFound("Deze container is er niet.")
        now = clock.now()
        since, until = now - timedelta(days=days), now + timedelta(days=AHEAD)
        forecast = latest_forecasts([row.id]).get(row.id)
        devices = list(Device.objects.filter(thing_id=row.thing_id, active=True))
        readings = levels_of(row.id, since, now, most=MOST_POINTS)
        emptied = emptyings_of(row.id, since, now)
        happened = _happened(row, devices, emptied, since)
        coming = _coming(row)
    return ContainerPage(
        id=row.id, code=row.code, name=row.address or row.code, district=row.district, fraction=fraction_name(row.fraction),
        litres=row.litres, kilograms_full=row.kilograms_full, lon=row.lon, lat=row.lat,
        windows=tuple((int(w[0]), int(w[1]), tuple(w[2]) if len(w) > 2 else ()) for w in row.windows),
        fixed_days=tuple(row.fixed_days),
        level=forecast.level_now if forecast else None, low=forecast.level_low if forecast else 0.0,
        high=forecast.level_high if forecast else 100.0, rate=forecast.rate_mean if forecast else 0.0,
        method=forecast.method if forecast else "", known_at=forecast.made_at if forecast else None,
        sensor=forecast.sensor_state if forecast else "geen",
        full_on=full_on(forecast.level_now, forecast.rate_mean, clock.today()) if forecast else None,
        devices=tuple((device.device_eui, device.last_seen) for device in devices), readings=readings,
        expected=_expected(forecast) if forecast else (), emptied=tuple(one.at for one in emptied), happened=happened,
        coming=coming,
        since=since, until=until,
    )  # fmt: skip


def _expected(forecast: Forecast) -> tuple[Expected, ...]:
    """The band: now, and at the end of each coming day. What is uncertain now and how fast it fills add up as independent errors
    do."""
    spread = max(forecast.level_high - forecast.level_low, 0.0) / (2 * Z)
    first = clock.local(forecast.made_at).date()
    moments: list[tuple[datetime, float | None]] = [(forecast.made_at, None)]
    moments += [
        (clock.midnight(first + timedelta(days=day)), float(chance))
        for day, chance in enumerate(forecast.overflow, start=1)
    ]
    found = []
    for at, chance in moments:
        ahead = (at - forecast.made_at).total_seconds() / 86400
        level = forecast.level_now + forecast.rate_mean * ahead
        sd = sqrt(spread**2 + forecast.rate_sd**2 * ahead)
        found.append(Expected(at, level, max(level - Z * sd, 0.0), level + Z * sd, chance))
    return tuple(found)


def _happened(
    row: Container, devices: Sequence[Device], emptied: Sequence[Emptied], since: datetime
) -> tuple[Happening, ...]:
    found = [Happening(one.at, "geleegd", _emptied_text(one)) for one in emptied]
    said = Evidence.objects.filter(container=row, at__gte=since)
    found += [Happening(one.at, str(one.get_kind_display()), _said(one)) for one in said]
    faults = SensorFault.objects.filter(device__in=devices, last_seen__gte=since)
    found += [
        Happening(one.since, "storing", f"{str(one.get_kind_display()).capitalize()}, {one.evidence}.")
        for one in faults
    ]
    alarms = Alarm.objects.filter(container=row, since__gte=since)
    found += [Happening(one.since, "alarm", one.text) for one in alarms]
    for promise in PromiseTo.objects.filter(container=row, made_at__gte=since):
        kept = {True: ", en dat is gelukt", False: ", en dat is niet gelukt", None: ""}[promise.kept]
        day = f"{promise.date.day}-{promise.date.month}"
        found.append(Happening(promise.made_at, "beloofd", f"Aan een bewoner beloofd voor {day}{kept}."))
    for stop in Stop.objects.filter(container=row, state="blocked", done_at__gte=since):
        assert stop.done_at is not None
        found.append(Happening(stop.done_at, "kon niet", stop.remark))
    return tuple(sorted(found, key=lambda one: one.at, reverse=True))


def _emptied_text(one: Emptied) -> str:
    words = {"sensor": "gezien door de sensor", "driver": "gemeld door de chauffeur", "weighing": "gewogen"}
    parts = [" en ".join(words[source] for source in one.sources).capitalize()]
    if one.level_before is not None:
        parts.append(f"was {round(one.level_before)}\u00a0% vol")
    if one.kilograms is not None:
        parts.append(f"{round(one.kilograms)}\u00a0kg")
    return ", ".join(parts) + "."


def _said(row: Evidence) -> str:
    if row.kind == "report":
        return "Een bewoner meldt dat hij vol is."
    if row.kind == "weighing":
        return f"{round(row.value or 0)} kg gewogen."
    if row.kind == "deposit_count":
        return f"{round(row.value or 0)} keer iets ingegooid."
    return f"De chauffeur zag hem {round(row.value or 0)}\u00a0% vol. {row.remark}".strip()


def _coming(row: Container) -> tuple[date, str, str] | None:
    """The first coming plan that says something of it: the day, what, and why."""
    today = clock.today()
    stop = (
        Stop.objects.filter(container=row, route__plan__date__gte=today, state="planned")
        .select_related("route__plan")
        .order_by("route__plan__date")
        .first()
    )
    wait = (
        Waiting.objects.filter(container=row, plan__date__gte=today)
        .select_related("plan")
        .order_by("plan__date")
        .first()
    )
    if stop is not None and (wait is None or stop.route.plan.date <= wait.plan.date):
        return stop.route.plan.date, "legen", stop.reason
    return (wait.plan.date, "wachten", wait.reason) if wait is not None else None


@dataclass(frozen=True, slots=True)
class ContainerCard:
    """A container in the list."""

    code: str
    name: str
    district: str
    fraction: str
    level: float | None
    full_on: date | None
    sensor: str
    lon: float
    lat: float

    @property
    def silent(self) -> bool:
        """Whether its sensor tells nothing now."""
        return self.sensor not in GOOD_STATES


def containers(actor: Actor, *, text: str = "", only_silent: bool = False) -> tuple[ContainerCard, ...]:
    """All containers, the fullest first. `text`: part of number, address or district."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        rows = list(Container.objects.order_by("code"))
        forecasts = latest_forecasts([row.id for row in rows])
    wanted = text.casefold()
    found = []
    for row in rows:
        if wanted and wanted not in f"{row.code} {row.address} {row.district}".casefold():
            continue
        forecast = forecasts.get(row.id)
        card = ContainerCard(
            row.code, row.address or row.code, row.district, fraction_name(row.fraction),
            forecast.level_now if forecast else None,
            full_on(forecast.level_now, forecast.rate_mean, clock.today()) if forecast else None,
            forecast.sensor_state if forecast else "geen", row.lon, row.lat,
        )  # fmt: skip
        if card.silent or not only_silent:
            found.append(card)
    return tuple(sorted(found, key=lambda card: (-(card.level if card.level is not None else -1.0), card.name)))
