"""Entities that a client wants, checked against the model and turned into columns (OGC 18-088, chapter 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import msgspec
import shapely

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.rounds.ingest.arrivals import Json

from .entities import EntityType, Property, Type
from .times import moment, span

LONGEST_TEXT = 10_000
"""Characters in a description. Columns with a bound of their own are in `_LONGEST`."""
_LONGEST = {
    "name": 200, "encoding_type": 200, "observation_type": 200, "definition": 500, "unit_name": 200, "unit_symbol": 40,
    "unit_definition": 500,
}  # fmt: skip
_UNIT = (("name", "unit_name"), ("symbol", "unit_symbol"), ("definition", "unit_definition"))
GEOJSON = frozenset({"application/geo+json", "application/vnd.geo+json"})
"""Encodings whose shape we can read; the second is the older name that version 1.0 asked for."""


class DraftInvalid(Invalid):
    """What a client sent is no such entity. `invalid` names each property."""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entity to make or the changes to one. `values` by the name of the property; `links` by the name of the relation:
    ids of entities that are there, or drafts of new ones."""

    kind: EntityType
    values: Mapping[str, Json]
    links: Mapping[str, tuple[UUID | Draft, ...]] = field(default_factory=dict)


Column = str | float | datetime | Json
Columns = dict[str, Column]


def columns_of(draft: Draft, *, whole: bool) -> Columns:
    """The columns of our table for the values of a draft. `whole`: all required properties must be there, and what is
    absent becomes empty; else only what is there. Raises `DraftInvalid` with every property that is not right."""
    found: Columns = {}
    wrong: list[InvalidParam] = []
    for one in draft.kind.properties.values():
        if not one.settable:
            continue
        if one.name not in draft.values:
            if whole and one.required:
                wrong.append(InvalidParam(one.name, "required", f"{draft.kind.name} hoort een {one.name} te hebben."))
            continue
        try:
            found.update(_READ[one.type](one, draft.values[one.name]))
        except ValueError as error:
            wrong.append(InvalidParam(one.name, "invalid", str(error)))
    if wrong:
        raise DraftInvalid(" ".join(param.reason for param in wrong), invalid=wrong)
    _place(draft, found)
    return found


def no_such(kind: EntityType, name: str) -> DraftInvalid:
    """The error for a name that the standard does not know."""
    names = ", ".join((*kind.properties, *kind.relations))
    reason = f"{kind.name} kent {name!r} niet. Wel: {names}."
    return DraftInvalid(reason, invalid=[InvalidParam(name, "unknown", reason)])


def _text(one: Property, value: Json) -> Columns:
    longest = _LONGEST.get(one.columns[0], LONGEST_TEXT)
    if not isinstance(value, str) or len(value) > longest or "\x00" in value:
        raise ValueError(f"{one.name} is een tekst van hoogstens {longest} tekens.")
    return {one.columns[0]: value}


def _any(one: Property, value: Json) -> Columns:
    if one.name in {"properties", "parameters"} and value is not None and not isinstance(value, dict):
        raise ValueError(f"{one.name} is een object met namen en waarden.")
    if one.required and value is None:
        raise ValueError(f"{one.name} mag niet leeg zijn.")
    return {one.columns[0]: storable(one.name, value)}


def storable(name: str, value: Json) -> Json:
    """JSON that PostgreSQL can hold: no character 0 in it. Raises `ValueError`."""
    stack: list[Json] = [value]
    while stack:
        match stack.pop():
            case str(text) if "\x00" in text:
                raise ValueError(f"in {name} kan geen teken 0 staan.")
            case list(items):
                stack.extend(items)
            case dict(items):
                stack.extend(items.values())
                stack.extend(items)
            case _:
                pass
    return value


def _moment(one: Property, value: Json) -> Columns:
    if value is None and not one.required:
        return {one.columns[0]: None}
    try:
        return {one.columns[0]: moment(value if isinstance(value, str) else "")}
    except ValueError:
        raise ValueError(f"{one.name} is een moment, zoals 2026-03-01T08:00:00Z.") from None


def _period(one: Property, value: Json) -> Columns:
    start, end = one.columns
    if value is None:
        return {start: None, end: None}
    try:
        if isinstance(value, str) and "/" in value:
            return dict(zip((start, end), span(value), strict=True))
        return {start: moment(value if isinstance(value, str) else ""), end: None}
    except ValueError:
        raise ValueError(
            f"{one.name} is een moment of een periode, zoals 2026-03-01T08:00:00Z/2026-03-01T09:00:00Z."
        ) from None


def _result(one: Property, value: Json) -> Columns:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            exact = float(value)
        except OverflowError:
            raise ValueError("dit resultaat is te groot.") from None
        # A whole number that a float cannot hold is kept beside it as it was written.
        return {"result": exact, "result_json": None if exact == value else value}
    return {"result": None, "result_json": storable(one.name, value)}


def _unit(one: Property, value: Json) -> Columns:
    if not isinstance(value, dict) or any(not isinstance(part, str | None) for part in value.values()):
        raise ValueError("unitOfMeasurement is een object met name, symbol en definition.")
    found: Columns = {}
    for key, column in _UNIT:
        text = value.get(key)
        if isinstance(text, str) and (len(text) > _LONGEST[column] or "\x00" in text):
            raise ValueError(f"{key} van unitOfMeasurement heeft hoogstens {_LONGEST[column]} tekens.")
        found[column] = text
    return found


_READ: Mapping[Type, Callable[[Property, Json], Columns]] = {
    Type.TEXT: _text,
    Type.JSON: _any,
    Type.SHAPE: _any,
    Type.MOMENT: _moment,
    Type.PERIOD: _period,
    Type.RESULT: _result,
    Type.UNIT: _unit,
}


def _place(draft: Draft, columns: Columns) -> None:
    """Longitude and latitude beside a shape: of a point, or the middle of what is larger."""
    for one in draft.kind.properties.values():
        if one.type is Type.SHAPE and one.settable and one.name in draft.values:
            encoding = draft.values.get("encodingType")
            readable = encoding is None or encoding in GEOJSON
            middle = middle_of(draft.values[one.name]) if readable else None
            if encoding in GEOJSON and middle is None:
                reason = f"{one.name} is geen GeoJSON die wij kunnen lezen."
                raise DraftInvalid(reason, invalid=[InvalidParam(one.name, "invalid", reason)])
            columns["lon"], columns["lat"] = middle or (None, None)


def middle_of(value: Json) -> tuple[float, float] | None:
    """Longitude and latitude of a GeoJSON geometry or feature; None for what is no shape on earth."""
    if isinstance(value, dict) and value.get("type") == "Feature":
        value = value.get("geometry")
    if not isinstance(value, dict):
        return None
    if (point := _point(value)) is not None:
        return point
    shape = shapely.from_geojson(msgspec.json.encode(value), on_invalid="ignore")
    if shape is None or shape.is_empty:
        return None
    middle = shape.centroid
    return _on_earth(middle.x, middle.y)


def _point(value: Mapping[str, Json]) -> tuple[float, float] | None:
    match value:
        case {"type": "Point", "coordinates": [int() | float() as lon, int() | float() as lat, *_]}:
            return _on_earth(float(lon), float(lat))
        case _:
            return None


def _on_earth(lon: float, lat: float) -> tuple[float, float] | None:
    return (lon, lat) if -180 <= lon <= 180 and -90 <= lat <= 90 else None
