"""Containers placed in the street and sensors hung in them: what the rest of the room and SensorThings then know as things,
locations, datastreams and features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from ..decoding.messages import MEASURES, Quantity
from ..models import (
    Channel,
    Container,
    Datastream,
    Device,
    FeatureOfInterest,
    Fraction,
    HistoricalLocation,
    HistoricalLocationPlace,
    Location,
    ObservedProperty,
    Sensor,
    SensorSource,
    Thing,
    ThingLocation,
)
from ..observed import POSSIBLE, definition_of
from ..rijksdriehoek import to_rd

_BOX: Final = (3.0, 50.6, 7.4, 53.7)
"""West, south, east and north of the Netherlands, in degrees."""


@dataclass(frozen=True, slots=True)
class NewContainer:
    """A container to place; see `models.Container` for units. `code` names it: a code that is there already is changed."""

    code: str
    fraction: str
    litres: float
    kilograms_full: float
    lon: float
    lat: float
    address: str = ""
    district: str = ""
    service_seconds: int = 120
    windows: tuple[tuple[int, int, tuple[int, ...]], ...] = ()
    truck_types: tuple[str, ...] = ()
    fixed_days: tuple[int, ...] = ()
    active_from: date | None = None
    active_until: date | None = None


@dataclass(frozen=True, slots=True)
class NewSensor:
    """A sensor to hang in a container: what it measures, and for a distance sensor its `mounting` (`leeg_mm`, `vol_mm`)."""

    container: str
    device_eui: str
    decoder: str
    quantities: tuple[Quantity, ...] = (Quantity.FILL_LEVEL,)
    interval_seconds: int = 4 * 3600
    mounting: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Placed:
    """How many containers are new, and how many were changed."""

    new: int
    changed: int


def place_containers(actor: Actor, containers: Sequence[NewContainer]) -> Placed:
    """Place containers, or change those that are there. A container that moved keeps where it was (HistoricalLocation).

    Needs `RONDE_PLANNEN`. Raises `Invalid` naming each row and field that is not right; then nothing is stored.
    """
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        _check(containers)
        at = now()
        there = {c.code: c for c in Container.objects.filter(code__in=[c.code for c in containers])}
        fresh = [c for c in containers if c.code not in there]
        things = _things(actor.municipality, fresh)
        rows = [Container(municipality_id=actor.municipality, thing=things[c.code], **_fields(c)) for c in fresh]
        Container.objects.bulk_create(rows)
        _stand(actor.municipality, [(things[c.code], c) for c in fresh], at)
        changed = [(there[c.code], c) for c in containers if c.code in there]
        moved = [(row.thing, c) for row, c in changed if (row.lon, row.lat) != (c.lon, c.lat)]
        ThingLocation.objects.filter(thing__in=[thing for thing, _ in moved]).delete()
        _stand(actor.municipality, moved, at)
        for row, wanted in changed:
            for name, value in _fields(wanted).items():
                setattr(row, name, value)
            row.save()
        ledger.append(
            actor, municipality=actor.municipality, kind="container.geplaatst", zaak_id=None,
            payload={"nieuw": len(fresh), "gewijzigd": len(changed)},
        )  # fmt: skip
        return Placed(len(fresh), len(changed))


def hang_sensors(actor: Actor, source: UUID, sensors: Sequence[NewSensor]) -> int:
    """Hang sensors in containers: devices of a source, with a datastream and a channel for each quantity. A device that is
    there already gets the quantities it lacks. Returns how many devices are new.

    Needs `SENSOR_BEHEREN`. Raises `Invalid` for a source or containers that are not there.
    """
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        if not SensorSource.objects.filter(id=source).exists():
            raise Invalid("Deze bron van metingen is er niet.")
        codes = {s.container for s in sensors}
        containers = {c.code: c for c in Container.objects.filter(code__in=codes).select_related("thing")}
        if missing := sorted(codes - containers.keys()):
            raise Invalid(f"Deze containers zijn er niet: {', '.join(missing[:10])}.")
        there = {d.device_eui: d for d in Device.objects.filter(source_id=source)}
        fresh = [
            Device(
                municipality_id=actor.municipality, source_id=source, device_eui=s.device_eui, decoder=s.decoder,
                thing=containers[s.container].thing, mounting=s.mounting, interval_seconds=s.interval_seconds,
            )
            for s in {s.device_eui: s for s in sensors}.values()
            if s.device_eui not in there
        ]  # fmt: skip
        Device.objects.bulk_create(fresh)
        there |= {d.device_eui: d for d in fresh}
        _measure(actor.municipality, [(there[s.device_eui], containers[s.container], s) for s in sensors])
        ledger.append(
            actor, municipality=actor.municipality, kind="sensor.geplaatst", zaak_id=None,
            payload={"bron": str(source), "nieuw": len(fresh)},
        )  # fmt: skip
        return len(fresh)


def _measure(municipality: str, hung: Sequence[tuple[Device, Container, NewSensor]]) -> None:
    """A datastream and a channel for each quantity that has none yet."""
    have = set(Channel.objects.filter(device__in=[d for d, _, _ in hung]).values_list("device_id", "name"))
    properties = _observed(municipality, {q for _, _, s in hung for q in s.quantities})
    kinds = _instruments(municipality, {s.decoder for _, _, s in hung})
    features = _features(municipality, [c for _, c, _ in hung])
    streams, channels = [], []
    for device, container, sensor in hung:
        for quantity in sensor.quantities:
            if (device.id, quantity.value) in have:
                continue
            have.add((device.id, quantity.value))
            measure = MEASURES[quantity]
            stream = Datastream(
                municipality_id=municipality, thing=container.thing, sensor=kinds[sensor.decoder],
                observed_property=properties[quantity], name=f"{quantity.value} van {container.code}",
                description=f"Gemeten door {sensor.device_eui}", unit_name=measure.name, unit_symbol=measure.symbol,
                unit_definition=f"ucum:{measure.ucum}", feature=features.get(container.thing_id),
            )  # fmt: skip
            low, high = POSSIBLE.get(quantity, (measure.low, measure.high))
            streams.append(stream)
            channels.append(
                Channel(
                    municipality_id=municipality,
                    device=device,
                    name=quantity.value,
                    datastream=stream,
                    low=low,
                    high=high,
                )
            )
    Datastream.objects.bulk_create(streams)
    Channel.objects.bulk_create(channels)


def _observed(municipality: str, quantities: set[Quantity]) -> dict[Quantity, ObservedProperty]:
    uris = {q: definition_of(q) for q in quantities}
    there = {p.definition: p for p in ObservedProperty.objects.filter(definition__in=uris.values())}
    fresh = [
        ObservedProperty(municipality_id=municipality, name=q.value, definition=uri, description=MEASURES[q].name)
        for q, uri in sorted(uris.items())
        if uri not in there
    ]
    ObservedProperty.objects.bulk_create(fresh)
    there |= {p.definition: p for p in fresh}
    return {q: there[uri] for q, uri in uris.items()}


def _instruments(municipality: str, types: set[str]) -> dict[str, Sensor]:
    there = {s.name: s for s in Sensor.objects.filter(name__in=types)}
    fresh = [
        Sensor(municipality_id=municipality, name=name, description="Sensor in een container", encoding_type="text/plain",
               metadata=name)
        for name in sorted(types - there.keys())
    ]  # fmt: skip
    Sensor.objects.bulk_create(fresh)
    return there | {s.name: s for s in fresh}


def _features(municipality: str, containers: Sequence[Container]) -> dict[UUID, FeatureOfInterest]:
    """What the observations in a container are about: the place where it stands (18-088, 8.2.8)."""
    places = {
        link.thing_id: link.location
        for link in ThingLocation.objects.filter(thing__in=[c.thing_id for c in containers]).select_related("location")
    }
    there = {f.location_id: f for f in FeatureOfInterest.objects.filter(location__in=places.values())}
    fresh = {
        place.id: FeatureOfInterest(
            municipality_id=municipality, name=place.name, description=place.description,
            encoding_type=place.encoding_type, feature=place.location, lon=place.lon, lat=place.lat, location=place,
        )
        for place in places.values()
        if place.id not in there
    }  # fmt: skip
    FeatureOfInterest.objects.bulk_create(fresh.values())
    all_of_them = {**there, **fresh}
    return {thing: all_of_them[place.id] for thing, place in places.items()}


def _things(municipality: str, containers: Sequence[NewContainer]) -> dict[str, Thing]:
    things = {
        c.code: Thing(
            municipality_id=municipality, name=c.code, description=f"Container voor {Fraction(c.fraction).label}",
            properties={"fractie": c.fraction, "liter": c.litres},
        )
        for c in containers
    }  # fmt: skip
    Thing.objects.bulk_create(things.values())
    return things


def _stand(municipality: str, standing: Sequence[tuple[Thing, NewContainer]], at: datetime) -> None:
    """The place of each thing from now on."""
    places = [
        Location(
            municipality_id=municipality, name=c.address or f"Plek van {c.code}", description=c.district,
            location={"type": "Point", "coordinates": [c.lon, c.lat]}, lon=c.lon, lat=c.lat,
        )
        for _, c in standing
    ]  # fmt: skip
    Location.objects.bulk_create(places)
    pairs = [(thing, place) for (thing, _), place in zip(standing, places, strict=True)]
    ThingLocation.objects.bulk_create(
        ThingLocation(municipality_id=municipality, thing=thing, location=place) for thing, place in pairs
    )
    history = [HistoricalLocation(municipality_id=municipality, thing=thing, time=at) for thing, _ in pairs]
    HistoricalLocation.objects.bulk_create(history)
    HistoricalLocationPlace.objects.bulk_create(
        HistoricalLocationPlace(municipality_id=municipality, historical_location=h, location=place)
        for h, (_, place) in zip(history, pairs, strict=True)
    )


def _fields(c: NewContainer) -> dict[str, object]:
    x, y = to_rd(c.lon, c.lat)
    return {
        "code": c.code, "fraction": c.fraction, "litres": c.litres, "kilograms_full": c.kilograms_full, "lon": c.lon,
        "lat": c.lat, "rd_x": round(x, 2), "rd_y": round(y, 2), "address": c.address, "district": c.district,
        "service_seconds": c.service_seconds, "windows": [[a, b, list(days)] for a, b, days in c.windows],
        "truck_types": list(c.truck_types), "fixed_days": list(c.fixed_days), "active_from": c.active_from,
        "active_until": c.active_until,
    }  # fmt: skip


def _check(containers: Sequence[NewContainer]) -> None:
    wrong: list[InvalidParam] = []
    seen: set[str] = set()
    for number, c in enumerate(containers, start=1):
        for name, good, reason in (
            ("code", 0 < len(c.code.strip()) <= 40, "Een container heeft een code van hoogstens 40 tekens."),
            ("code", c.code not in seen, f"De code {c.code} komt twee keer voor."),
            ("fractie", c.fraction in Fraction.values, f"De fractie is een van: {', '.join(Fraction.values)}."),
            ("liter", 0 < c.litres <= 100_000, "De inhoud is meer dan 0 en hoogstens 100.000 liter."),
            (
                "kilogram",
                0 < c.kilograms_full <= 100_000,
                "Het gewicht vol is meer dan 0 en hoogstens 100.000 kilogram.",
            ),
            (
                "plaats",
                _BOX[0] <= c.lon <= _BOX[2] and _BOX[1] <= c.lat <= _BOX[3],
                "De plaats ligt niet in Nederland. Geef lengte en breedte in graden, bijvoorbeeld 4,49 en 52,16.",
            ),
            ("adres", len(c.address) <= 200 and len(c.district) <= 80, "Adres (200 tekens) of wijk (80) is te lang."),
            ("seconden", 0 <= c.service_seconds <= 3600, "Legen duurt 0 tot 3600 seconden."),
            ("vaste_dagen", all(1 <= d <= 7 for d in c.fixed_days), "Vaste dagen zijn 1 (maandag) tot en met 7."),
        ):
            if not good:
                wrong.append(InvalidParam(f"rij {number}.{name}", "invalid", reason))
        seen.add(c.code)
    if wrong:
        raise Invalid(f"{wrong[0].name}: {wrong[0].reason}", invalid=wrong)
