"""Which entities are asked for: `q` and the geographic query of NGSI-LD (ETSI GS CIM 009, 4.9 and 4.10)."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.sensing.rows import Json

from .entities import Entity

EARTH: Final = 6_371_008.8
"""Mean radius in metres (IUGG)."""
LONGEST: Final = 2_000
Test: TypeAlias = Callable[[Entity], bool]

_TERM = re.compile(r"(?P<name>[A-Za-z_]\w*)(?:(?P<how>==|!=|>=|<=|>|<)(?P<value>.+))?", re.DOTALL)
_COMPARE: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "==": operator.eq, "!=": operator.ne, ">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le,
}  # fmt: skip
_NEAR = re.compile(r"near;(?P<which>maxDistance|minDistance)==(?P<metres>\d{1,9}(?:\.\d{1,3})?)")
_WITHIN: Final[Mapping[str, Callable[[BaseGeometry, shapely.Point], bool]]] = {
    "within": lambda shape, place: shape.contains(place),
    "intersects": lambda shape, place: shape.intersects(place),
    "disjoint": lambda shape, place: shape.disjoint(place),
    "equals": lambda shape, place: shape.equals(place),
}


def query_test(text: str) -> Test:
    """The test that `q` describes: terms with `;` (and) and `|` (or, looser), each an attribute alone (it is there) or
    compared with a number, a text between double quotes, or true or false. Raises `Invalid`."""
    if len(text) > LONGEST:
        raise Invalid("q is te lang.")
    either = [[_term(term) for term in part.split(";")] for part in text.split("|")]
    return lambda entity: any(all(test(entity) for test in both) for both in either)


def _term(text: str) -> Test:
    found = _TERM.fullmatch(text.strip())
    if found is None:
        raise Invalid('q is niet te lezen. Schrijf bijvoorbeeld q=fillingLevel>0.8;storedWasteKind=="glass".')
    name, how = found["name"], found["how"]
    if how is None:
        return lambda entity: name in entity.attributes
    wanted = _value(found["value"].strip())
    if isinstance(wanted, float):
        compare = _COMPARE[how]
        return lambda entity: isinstance(has := _has(entity, name), int | float) and compare(has, wanted)
    if how not in {"==", "!="}:
        return lambda entity: isinstance(has := _has(entity, name), str) and _text(how, has, wanted)
    return lambda entity: name in entity.attributes and (_has(entity, name) == wanted) is (how == "==")


def _text(how: str, has: str, wanted: str | bool) -> bool:
    compare: Callable[[str, str], bool] = {">": operator.gt, ">=": operator.ge, "<": operator.lt, "<=": operator.le}[
        how
    ]
    return isinstance(wanted, str) and compare(has, wanted)


def _value(text: str) -> str | float | bool:
    if text in {"true", "false"}:
        return text == "true"
    if len(text) > 1 and text[0] == text[-1] == '"':
        return text[1:-1]
    try:
        number = float(text)
    except ValueError:
        return text  # moments stand without quotes
    if not math.isfinite(number):
        raise Invalid("Een getal in q is te groot.")
    return number


def _has(entity: Entity, name: str) -> Json:
    attribute = entity.attributes.get(name)
    value = attribute.value if attribute is not None else None
    return value["@value"] if isinstance(value, dict) and "@value" in value else value


@dataclass(frozen=True, slots=True)
class Geo:
    """The parameters of a geographic query as they stand in the address."""

    georel: str
    geometry: str
    coordinates: str
    geoproperty: str = "location"

    def test(self) -> Test:
        """The test they describe. Raises `Invalid`."""
        if self.geoproperty != "location":
            raise Invalid("geoproperty kan hier alleen location zijn.")
        shape = _shape(self.geometry, self.coordinates)
        if (near := _NEAR.fullmatch(self.georel)) is not None:
            if not isinstance(shape, shapely.Point):
                raise Invalid("Bij near hoort hier een Point.")
            metres, inside = float(near["metres"]), near["which"] == "maxDistance"
            return lambda entity: (metres_between(shape.x, shape.y, entity.lon, entity.lat) <= metres) is inside
        if (relation := _WITHIN.get(self.georel)) is None:
            raise Invalid(f"georel is near;maxDistance==…, near;minDistance==…, {', '.join(_WITHIN)}.")
        shapely.prepare(shape)
        return lambda entity: relation(shape, shapely.Point(entity.lon, entity.lat))


def _shape(geometry: str, coordinates: str) -> BaseGeometry:
    try:
        text = msgspec.json.encode({"type": geometry, "coordinates": msgspec.json.decode(coordinates)})
        shape = shapely.from_geojson(text)
    except (msgspec.DecodeError, shapely.GEOSException, RecursionError):
        shape = None
    if shape is None or shape.is_empty or len(coordinates) > 10 * LONGEST:
        raise Invalid("geometry en coordinates zijn niet te lezen; schrijf bijvoorbeeld Point en [4.49,52.16].")
    return shape


def metres_between(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres along the surface of the earth between two places in degrees (haversine)."""
    up, other_up = math.radians(lat), math.radians(other_lat)
    half = math.sin((other_up - up) / 2) ** 2
    half += math.cos(up) * math.cos(other_up) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(min(1.0, math.sqrt(half)))
