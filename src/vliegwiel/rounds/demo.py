"""A living district for the demonstration: containers with a past, trucks, forecasts, today's plan and the draft after it.

Everything comes in as in real life: containers are placed, sensors hung, messages stored, emptyings weighed. Only the clock
of the past is made. The same seed and day give the same district.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import Final
from uuid import UUID

import msgspec
import yaml

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict
from vliegwiel.base.typed import prepare
from vliegwiel.rounds.actions.alarms import renew_alarms
from vliegwiel.rounds.actions.containers import NewContainer, NewSensor, hang_sensors, place_containers
from vliegwiel.rounds.actions.plans import fix, make_plan
from vliegwiel.rounds.actions.sources import add_mqtt_source
from vliegwiel.rounds.decoding.messages import Quantity, Reading, Uplink
from vliegwiel.rounds.forecasting import renew_forecasts
from vliegwiel.rounds.ingest.arrivals import Arrived
from vliegwiel.rounds.ingest.storing import store
from vliegwiel.rounds.models import Container, Depot, Emptying, EmptyingSource, RoundPlan, TipSite, Truck
from vliegwiel.rounds.operations.situation import following
from vliegwiel.rounds.partitions import refresh_statistics
from vliegwiel.rounds.watching import watch_sensors
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import scope_of

FRACTION: Final = "rest"
LITRES, KILOGRAMS = 5000.0, 500.0
SENSED: Final = timedelta(days=35)
WEIGHED: Final = timedelta(days=370)
STEP: Final = timedelta(hours=4)
EMPTIED_AT: Final = timedelta(hours=10)
SEED: Final = 2333
DEAD: Final = frozenset({7, 41})
"""Sensors that fell silent a day and a half ago: a person must find them on the page of alarms."""
TYPES: Final = ("milesight-em310-udl", "milesight-em400-mud", "elsys-elt-ultrasonic")
MOUNTING: Final = {"leeg_mm": 2600.0, "vol_mm": 350.0}
WEEK: Final = (1.10, 0.95, 0.95, 1.0, 1.05, 1.05, 0.90)
"""How much more or less comes in on each day of the week, from Monday."""


class _Spot(msgspec.Struct, frozen=True, array_like=True):
    address: str
    lon: float
    lat: float


class _Quarter(msgspec.Struct, frozen=True):
    naam: str
    vol_per_dag: tuple[float, float]
    ritten: tuple[tuple[int, ...], ...]
    plekken: tuple[_Spot, ...]
    vensters: tuple[tuple[int, int], ...] = ()


class _Place(msgspec.Struct, frozen=True):
    naam: str
    lon: float
    lat: float
    seconden: int = 0


class _Lorry(msgspec.Struct, frozen=True):
    code: str
    naam: str
    liter: float
    kilogram: float
    van: int
    tot: int


class _District(msgspec.Struct, frozen=True):
    remise: _Place
    storten: tuple[_Place, ...]
    wagens: tuple[_Lorry, ...]
    wijken: tuple[_Quarter, ...]


prepare(_District)


@dataclass(frozen=True, slots=True)
class _Made:
    """A container of the demonstration: how fast it fills (percent a day) and on which weekdays it was emptied."""

    code: str
    new: NewContainer
    rate: float
    days: tuple[int, ...]
    device: str
    kind: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made."""

    containers: int
    observations: int
    plans: int


def fill_district(municipality: str) -> Filled:
    """Make the district, as the platform itself. Does nothing where containers stand already."""
    actor = System(municipality, "voorbeeldgegevens")
    with scope_of(actor):
        if Container.objects.exists():
            return Filled(0, 0, 0)
    made = _made()
    place_containers(actor, [one.new for one in made])
    _depots_and_trucks(actor)
    source = add_mqtt_source(
        actor, name="Sensoren in containers", form="things_stack_v3", topic=f"{municipality}/v3/#", decoder=""
    )
    hang_sensors(
        actor,
        source,
        [
            NewSensor(
                o.code,
                o.device,
                o.kind,
                (Quantity.FILL_LEVEL, Quantity.BATTERY),
                int(STEP.total_seconds()),
                dict(MOUNTING),
            )
            for o in made
        ],
    )
    observations = _history(actor, source, made)
    refresh_statistics()
    watch_sensors(municipality)
    renew_forecasts(municipality)
    plans = _plans(actor)
    renew_alarms(actor)
    return Filled(len(made), observations, plans)


def _plans(actor: System) -> int:
    """Today's round is on its way to the drivers, tomorrow's is a draft."""
    today = clock.today()
    count = 0
    for day in (today, following(today, frozenset(riding_days()))):
        with suppress(Conflict):
            plan_id = make_plan(actor, day, FRACTION, seconds=2.0)
            count += 1
            if day == today:
                with scope_of(actor):
                    version = RoundPlan.objects.get(id=plan_id).version
                fix(actor, plan_id, version=version)
    return count


def riding_days() -> tuple[int, ...]:
    """The weekdays (1-7) on which trucks ride in the demonstration: today, and two and four days on, so that it lives at once."""
    today = clock.today()
    return tuple((today + timedelta(days=ahead)).isoweekday() for ahead in (0, 2, 4))


@cache
def _district() -> _District:
    text = resources.files("vliegwiel.rounds").joinpath("demodistrict.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), _District)


def _made() -> tuple[_Made, ...]:
    random = Random(SEED)  # noqa: S311  # an invented district, nothing secret
    found: list[_Made] = []
    days = riding_days()
    for quarter in _district().wijken:
        for number, spot in enumerate(quarter.plekken):
            code = f"LEI-{len(found) + 1:03d}"
            low, high = quarter.vol_per_dag
            own = tuple(sorted(days[n] for n in quarter.ritten[number % len(quarter.ritten)]))
            windows = tuple((open_, close, ()) for open_, close in quarter.vensters)
            new = NewContainer(
                code, FRACTION, LITRES, KILOGRAMS, spot.lon, spot.lat, spot.address, quarter.naam,
                random.choice((270, 330, 390)), windows, (), own,
            )  # fmt: skip
            device = f"70B3D57ED00{len(found) + 1:05X}"
            found.append(_Made(code, new, random.uniform(low, high), own, device, TYPES[len(found) % len(TYPES)]))
    return tuple(found)


def _depots_and_trucks(actor: System) -> None:
    found = _district()
    with scope_of(actor):
        depot = Depot(
            municipality_id=actor.municipality, name=found.remise.naam, lon=found.remise.lon, lat=found.remise.lat
        )
        depot.save()
        for tip in found.storten:
            TipSite(
                municipality_id=actor.municipality, name=tip.naam, lon=tip.lon, lat=tip.lat, fractions=[FRACTION],
                service_seconds=tip.seconden,
            ).save()  # fmt: skip
        for lorry in found.wagens:
            Truck(
                municipality_id=actor.municipality, code=lorry.code, name=lorry.naam, fractions=[FRACTION],
                litres_compressed=lorry.liter, kilograms=lorry.kilogram, depot=depot, shift_from=lorry.van,
                shift_to=lorry.tot, cost_km=110, cost_hour=6500, cost_overtime_hour=3000, overtime_seconds=3600,
            ).save()  # fmt: skip


# -- a past --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Moment:
    """A level (percent, before anything is done) at a moment; `weighed`: kilograms when it was emptied right then."""

    at: datetime
    level: float
    weighed: float | None


def _history(actor: System, source: UUID, made: Sequence[_Made]) -> int:
    """Weighings of a year and readings of some weeks; gives how many readings were stored."""
    now = clock.now()
    with scope_of(actor):
        rows = dict(Container.objects.values_list("code", "id"))
    emptyings: list[Emptying] = []
    arrived: list[Arrived] = []
    for number, one in enumerate(made):
        random = Random(f"{SEED} {one.code}")  # noqa: S311  # an invented district, nothing secret
        silent = now - timedelta(hours=36) if number in DEAD else now
        for moment in _past(one, random, now):
            if moment.weighed is not None:
                emptyings.append(
                    Emptying(
                        municipality_id=actor.municipality, container_id=rows[one.code], at=moment.at,
                        source=EmptyingSource.WEIGHING, kilograms=round(moment.weighed, 1),
                        litres=LITRES * min(moment.level, 100.0) / 100, reference=f"{one.code} {moment.at:%Y%m%d}",
                    )
                )  # fmt: skip
            elif now - SENSED < moment.at < silent:
                arrived.append(_message(one, moment, random))
    with scope_of(actor):
        Emptying.objects.bulk_create(emptyings)
    arrived.sort(key=lambda message: message.received_at)
    return sum(
        store(actor.municipality, source, arrived[at : at + 5000]).observations for at in range(0, len(arrived), 5000)
    )


def _past(one: _Made, random: Random, now: datetime) -> Iterator[_Moment]:
    """From a year ago: it fills, and on its days a truck comes. In the last weeks step by step, before that by day."""
    sensed = clock.midnight((clock.local(now) - SENSED).date())
    first = clock.midnight((clock.local(now) - WEIGHED).date())
    level, at, since = random.uniform(5, 60), first + EMPTIED_AT, first
    begin = sensed + timedelta(minutes=random.randrange(200))
    while since < now:
        step = STEP if since >= sensed else timedelta(days=1)
        day = clock.local(since).date()
        due = clock.midnight(day) + EMPTIED_AT + timedelta(minutes=_minutes(one.code))
        at = since + (begin - sensed) if since >= sensed else since
        if (
            clock.local(due).isoweekday() in one.days
            and since <= due < since + step
            and due < now - timedelta(hours=12)
        ):
            yield _Moment(due, level, min(level, 100.0) / 100 * KILOGRAMS * random.uniform(0.93, 1.07))
            level = random.uniform(0, 2)
        if since >= sensed and at < now:
            yield _Moment(at, level, None)
        level = min(level + _deposited(one.rate, day, step, random), 118.0)
        since += step


def _minutes(code: str) -> int:
    """Some minutes that belong to a container, so that not everything is emptied at one moment."""
    return sum(code.encode()) * 7 % 90


def _deposited(rate: float, day: date, step: timedelta, random: Random) -> float:
    """Percent that comes in during a step: the pace of the place, the day of the week, the season, and chance."""
    season = 1 + 0.12 * math.sin(2 * math.pi * (day.timetuple().tm_yday - 100) / 365)
    mean = rate * WEEK[day.weekday()] * season * (step / timedelta(days=1))
    shape = 2.0 * (step / STEP)
    return random.gammavariate(shape, mean / shape)


def _message(one: _Made, moment: _Moment, random: Random) -> Arrived:
    level = min(max(moment.level + random.gauss(0, 1.0), 0.0), 100.0)
    readings = (
        Reading(Quantity.FILL_LEVEL, round(level, 1)),
        Reading(Quantity.BATTERY, float(random.randrange(60, 100))),
    )
    uplink = Uplink(one.device, f"{one.device}-{moment.at:%Y%m%d%H%M}", moment.at, 0, readings)
    raw = msgspec.json.encode({"apparaat": one.device, "om": moment.at, "vulgraad": round(level, 1)})
    return Arrived(f"voorgeschiedenis/{one.device}", moment.at + timedelta(seconds=2), raw, uplink)
