"""Bodies that clients send, read into drafts (OGC 18-088, chapter 10 and 11.2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import jsonpatch
import msgspec

from vliegwiel.base.errors import Invalid, TooLarge
from vliegwiel.rounds.ingest.arrivals import Json
from vliegwiel.rounds.sensing.drafts import Draft, DraftInvalid, no_such
from vliegwiel.rounds.sensing.entities import TYPES, EntityType, Relation
from vliegwiel.rounds.sensing.posted import Posted
from vliegwiel.rounds.sensing.properties import as_uuid
from vliegwiel.rounds.sensing.writing import MOST, wrong

DEEPEST = 10
"""New entities inside new entities."""
MOST_ROWS = 50_000
"""Observations posted at once."""


def decoded(body: bytes) -> Json:
    """JSON. Raises `Invalid`."""
    try:
        found: Json = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("De inhoud is geen JSON die wij kunnen lezen.") from None
    return found


def draft_of(kind: EntityType, value: Json, *, depth: int = DEEPEST) -> Draft:
    """An entity, or changes to one. What begins with `@iot.` is ours to say and passed over.

    Raises `DraftInvalid` for a name that does not exist and for what is no entity.
    """
    if not isinstance(value, dict):
        raise wrong(kind.name, f"Een {kind.name} is een JSON-object.")
    if depth == 0:
        raise TooLarge(f"Dit zit te diep in elkaar: hoogstens {DEEPEST} niveaus.")
    values: dict[str, Json] = {}
    links: dict[str, tuple[UUID | Draft, ...]] = {}
    for name, inner in value.items():
        if "@iot." in name or name == "id":
            continue
        if (relation := kind.relation(name)) is not None:
            links[name] = _linked(relation, inner, depth)
        elif name in kind.properties:
            values[name] = inner
        else:
            raise no_such(kind, name)
    return Draft(kind, values, links)


def _linked(relation: Relation, value: Json, depth: int) -> tuple[UUID | Draft, ...]:
    target = TYPES[relation.target]
    if not relation.many:
        return (_link(target, value, depth),)
    if not isinstance(value, list):
        raise wrong(relation.name, f"{relation.name} is een lijst.")
    if len(value) > MOST:
        raise TooLarge(f"Dit is te veel in één keer: hoogstens {MOST} nieuwe onderdelen.")
    return tuple(_link(target, one, depth) for one in value)


def _link(target: EntityType, value: Json, depth: int) -> UUID | Draft:
    """An entity that is there, by its id, whatever else stands beside that; else a new one."""
    if isinstance(value, dict) and "@iot.id" in value:
        key = value["@iot.id"]
        found = as_uuid(key) if isinstance(key, str) else None
        if found is None:
            raise wrong(target.name, f"Deze {target.name} is er niet: {str(key)[:100]}.")
        return found
    return draft_of(target, value, depth=depth - 1)


def patched(kind: EntityType, now: Mapping[str, Json], patch: Json) -> Draft:
    """The changes that a JSON Patch (RFC 6902) makes to an entity with the properties `now`. Raises `Invalid`."""
    steps = [step for step in patch if isinstance(step, dict)] if isinstance(patch, list) else []
    if not isinstance(patch, list) or len(steps) < len(patch):
        raise Invalid("Een JSON Patch is een lijst van stappen.")
    before = {name: None for name in kind.properties if name != "id"} | dict(now)
    try:
        after = jsonpatch.apply_patch(before, steps)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError, KeyError, ValueError):
        raise Invalid("Deze JSON Patch past niet op wat er nu staat.") from None
    if not isinstance(after, dict):
        raise Invalid("Na deze JSON Patch is het geen entiteit meer.")
    changed: dict[str, Json] = {name: None for name in before if name not in after}
    changed |= {name: value for name, value in after.items() if name not in before or before[name] != value}
    return draft_of(kind, changed)


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which cell of a row is what."""

    names: Sequence[str]

    def posted(self, row: Json, datastream: UUID | None) -> Posted:
        kind = TYPES["Observation"]
        if not isinstance(row, list) or len(row) != len(self.names):
            reason = f"Een rij heeft {len(self.names)} waarden, één voor elk van de components."
            return Posted(Draft(kind, {}), datastream, error=wrong("dataArray", reason))
        values: dict[str, Json] = {}
        feature: UUID | None = None
        error: DraftInvalid | None = None
        for name, cell in zip(self.names, row, strict=True):
            if name in {"FeatureOfInterest/id", "FeatureOfInterest/@iot.id"}:
                feature = as_uuid(cell) if isinstance(cell, str) else None
                if feature is None and cell is not None:
                    error = wrong(name, "Deze FeatureOfInterest is er niet.")
            else:
                values[name] = cell
        return Posted(Draft(kind, values), datastream, feature, error)


def data_array(value: Json) -> list[Posted]:
    """Observations as `CreateObservations` takes them: per datastream the names of the columns and rows of values (11.2).

    Raises `DraftInvalid` where it is not so built; a row that is wrong makes only that row an error.
    """
    if not isinstance(value, list):
        raise Invalid("CreateObservations vraagt een lijst, met voor elke Datastream een object.")
    found: list[Posted] = []
    for group in value:
        if not isinstance(group, dict):
            raise wrong("dataArray", "Elk deel is een object met Datastream, components en dataArray.")
        rows, names = group.get("dataArray"), group.get("components")
        if not isinstance(rows, list) or not isinstance(names, list):
            raise wrong("dataArray", "Elk deel heeft components (een lijst namen) en dataArray (een lijst rijen).")
        if len(found) + len(rows) > MOST_ROWS:
            raise TooLarge(f"Dit is te veel in één keer: hoogstens {MOST_ROWS} waarnemingen.")
        columns = _columns(names)
        datastream = _datastream(group.get("Datastream"))
        found.extend(columns.posted(row, datastream) for row in rows)
    return found


def _columns(names: Sequence[Json]) -> _Columns:
    kind = TYPES["Observation"]
    known = {one.name for one in kind.properties.values() if one.settable}
    for name in names:
        if name not in known | {"FeatureOfInterest/id", "FeatureOfInterest/@iot.id"}:
            raise no_such(kind, str(name)[:100])
    return _Columns([str(name) for name in names])


def _datastream(value: Json) -> UUID | None:
    key = value.get("@iot.id") if isinstance(value, dict) else None
    if not isinstance(key, str):
        raise wrong("Datastream", "Elk deel noemt zijn Datastream met @iot.id.")
    return as_uuid(key)
