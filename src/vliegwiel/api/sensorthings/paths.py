"""Addresses below the root of the service, read into steps (OGC 18-088, 9.2).

`Things('id')/Datastreams('id')/Observations` leads along relations; behind that may come a property with keys inside it, and
at the end `$ref` (only links), `$value` (a bare value) or `$count` (a bare number, from OData).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from uuid import UUID

from vliegwiel.base.errors import NotFound
from vliegwiel.rounds.sensing.entities import SETS, TYPES, EntityType
from vliegwiel.rounds.sensing.joins import Step
from vliegwiel.rounds.sensing.properties import as_uuid
from vliegwiel.rounds.sensing.reading import Address

LONGEST = 2_000
ENDS = ("$ref", "$value", "$count")
_SEGMENT = re.compile(r"(?P<name>[^/()']+)(?:\((?P<key>'(?:[^']|'')*'|[^()'/]*)\))?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Resource:
    """What an address names: the entities it leads to, `inside` them a property and keys, and the `end` if any."""

    address: Address
    inside: tuple[str, ...] = ()
    end: str = ""


@dataclass(frozen=True, slots=True)
class _Segment:
    name: str
    key: UUID | str | None


def resource(path: str) -> Resource:
    """What the part of an address behind the version names. Raises `NotFound` for what cannot be an address, and `Refused`
    for a relation that does not exist."""
    segments = _segments(path.strip("/"))
    end = ""
    if segments[-1].name in ENDS:
        end = segments.pop().name
    if not segments or segments[0].name not in SETS:
        raise NotFound(f"Dit adres is er niet. Verzamelingen: {', '.join(SETS)}.")
    steps = [Step(segments[0].name, segments[0].key)]
    kind: EntityType = SETS[segments[0].name]
    rest = segments[1:]
    while rest and (relation := kind.relation(rest[0].name)) is not None:
        steps.append(Step(rest[0].name, rest[0].key))
        kind = TYPES[relation.target]
        rest = rest[1:]
    if any(segment.key is not None for segment in rest):
        raise NotFound(f"{kind.name} heeft geen relatie {rest[0].name}. Wel: {', '.join(kind.relations)}.")
    if rest and rest[0].name not in kind.properties and rest[0].name != "@iot.id":
        known = ", ".join((*kind.properties, *kind.relations))
        raise NotFound(f"{kind.name} heeft geen {rest[0].name}. Wel: {known}.")
    return Resource(Address(tuple(steps)), tuple(segment.name for segment in rest), end)


def _segments(path: str) -> list[_Segment]:
    if not path or len(path) > LONGEST:
        raise NotFound("Dit adres is er niet.")
    found: list[_Segment] = []
    at = 0
    while at < len(path):
        segment = _SEGMENT.match(path, at)
        if segment is None:
            raise NotFound("Dit adres is er niet. Schrijf een sleutel als Things('0190…').")
        found.append(_Segment(segment["name"], _key(segment["key"])))
        at = segment.end()
    return found


def _key(text: str | None) -> UUID | str | None:
    """A key; one that cannot be an id of ours leads to nothing, and is an empty text."""
    if text is None:
        return None
    return as_uuid(text[1:-1].replace("''", "'") if text.startswith("'") else text) or ""
