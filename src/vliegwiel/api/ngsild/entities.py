"""Containers as NGSI-LD entities (ETSI GS CIM 009, 4.5) of the type WasteContainer (Smart Data Models, Waste Management)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from urllib.parse import quote

from vliegwiel.rounds.containersnow import ContainerNow
from vliegwiel.rounds.models import Fraction
from vliegwiel.rounds.sensing.rows import Json, moment, number

TYPE: Final = "WasteContainer"
MODEL_CONTEXT: Final = (
    "https://raw.githubusercontent.com/smart-data-models/dataModel.WasteManagement/master/context.jsonld"
)
CONTEXT: Final = (MODEL_CONTEXT, "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld")
KINDS: Final[Mapping[Fraction, str]] = {
    Fraction.REST: "other",
    Fraction.PAPIER: "paper",
    Fraction.GLAS: "glass",
    Fraction.PBD: "plastic",
    Fraction.GFT: "organic",
    Fraction.TEXTIEL: "other",
}
"""`storedWasteKind` of the model for each fraction: it has no word for residual waste or textiles."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """A Property with its value, when that was observed and its unit (UN/CEFACT code); or a GeoProperty or Relationship."""

    value: Json
    kind: str = "Property"
    observed_at: datetime | None = None
    unit: str = ""

    def normalized(self) -> dict[str, Json]:
        """As the normalized representation writes it (4.5.1)."""
        name = "object" if self.kind == "Relationship" else "value"
        found: dict[str, Json] = {"type": self.kind, name: self.value}
        if self.observed_at is not None:
            found["observedAt"] = moment(self.observed_at)
        if self.unit:
            found["unitCode"] = self.unit
        return found

    def simple(self) -> Json:
        """As the simplified representation does (4.5.4): the bare value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity: its id and attributes by name."""

    id: str
    attributes: Mapping[str, Attribute]
    lon: float
    lat: float

    def written(self, names: Iterable[str] | None, *, simple: bool) -> dict[str, Json]:
        """As JSON, with these attributes only (None: all)."""
        write: Callable[[Attribute], Json] = Attribute.simple if simple else Attribute.normalized
        chosen = self.attributes if names is None else [name for name in names if name in self.attributes]
        return {"id": self.id, "type": TYPE} | {name: write(self.attributes[name]) for name in chosen}


def urn(municipality: str, code: str) -> str:
    """The id of a container: a URN with the municipality and the number that stands on it."""
    return f"urn:ngsi-ld:{TYPE}:{municipality}:{quote(code, safe='')}"


def entity(container: ContainerNow, municipality: str, provider: str) -> Entity:
    """A container as an entity. What we do not know is left out, never made up; a level of 0 is known."""
    found = {
        "serialNumber": Attribute(container.code),
        "location": Attribute({"type": "Point", "coordinates": [container.lon, container.lat]}, "GeoProperty"),
        "storedWasteKind": Attribute(KINDS[container.fraction]),
        "storedWasteOrigin": Attribute("household"),
        "alternateName": Attribute(str(container.fraction.label)),
        "binCapacity": Attribute(number(container.litres), unit="LTR"),
        "binMaxLoad": Attribute(number(container.kilograms_full), unit="KGM"),
        "dataProvider": Attribute(provider),
    }
    if container.address:
        address: dict[str, Json] = {
            "streetAddress": container.address,
            "addressLocality": provider,
            "addressCountry": "NL",
        }
        found["address"] = Attribute(address)
    if container.district:
        found["areaServed"] = Attribute(container.district)
    if container.since is not None:
        found["dateServiceStarted"] = Attribute(_date_time(container.since))
    if container.level is not None and container.measured_at is not None:
        # The model wants a part of one, and no more than full.
        part = number(round(min(max(container.level, 0.0), 100.0) / 100, 4))
        found["fillingLevel"] = Attribute(part, observed_at=container.measured_at, unit="C62")
        found["binLoggedTime"] = Attribute(_date_time(container.measured_at))
    if container.emptied_at is not None:
        found["dateLastEmptying"] = Attribute(_date_time(container.emptied_at))
    if container.devices:
        links: list[Json] = [f"urn:ngsi-ld:Device:{municipality}:{device}" for device in container.devices]
        found["refDevice"] = Attribute(links[0] if len(links) == 1 else links, "Relationship")
    return Entity(urn(municipality, container.code), found, container.lon, container.lat)


def _date_time(value: date | datetime) -> Json:
    at = value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)
    return {"@type": "DateTime", "@value": moment(at)}
