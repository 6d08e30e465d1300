"""Read an extract of OpenStreetMap (.osm.pbf, or .osm) into streets, as mapped; what a truck makes of them comes later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import osmium
from osmium.filter import IdFilter, KeyFilter
from osmium.osm import NODE, RELATION, WAY, Node, Relation, Way

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.roads.heap import Ints, Longs
from vliegwiel.rounds.roads.places import Bounds, Floats, Point
from vliegwiel.rounds.roads.tags import Tags
from vliegwiel.rounds.roads.zones import EmissionZone, zone_of

_RESTRICTION: Final = tuple(
    f"restriction{vehicle}{condition}"
    for vehicle in ("", ":hgv", ":goods", ":motor_vehicle")
    for condition in ("", ":conditional")
)
_KEPT: Final = (
    "highway", "barrier", "bollard", "locked", "access", "vehicle", "motor_vehicle", "goods", "hgv", "oneway", "junction", "max",
    "service", "tracktype", "area", "tunnel", "layer", "motorroad", "restriction", "except", "traffic_sign", "traffic_signals",
)  # fmt: skip


class MapInvalid(Invalid):
    """A file that is no map, is broken, or holds no street."""


@dataclass(frozen=True, slots=True)
class TurnRule:
    """A turn restriction: coming from one of these ways, over the point or the ways between, to one of those ways."""

    tags: Tags
    comes: tuple[int, ...]
    point: int
    over: tuple[int, ...]
    goes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Streets:
    """All streets of an extract. `lon`, `lat`: of each point; way i passes the points `nodes[start[i]:start[i + 1]]`.

    `points`: tags of points that have something on them. Numbers in `rules` are rows of points and numbers of ways in the map.
    """

    lon: Floats
    lat: Floats
    numbers: tuple[int, ...]
    tags: tuple[Tags, ...]
    start: Longs
    nodes: Ints
    points: dict[int, Tags]
    rules: tuple[TurnRule, ...]
    zones: tuple[EmissionZone, ...]


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    bounds: Bounds | None
    row: dict[int, int] = field(default_factory=dict)
    lon: list[float] = field(default_factory=list)
    lat: list[float] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)
    start: list[int] = field(default_factory=lambda: [0])
    nodes: list[int] = field(default_factory=list)
    points: dict[int, Tags] = field(default_factory=dict)
    relations: list[tuple[Tags, list[tuple[str, int, str]]]] = field(default_factory=list)
    zones: list[tuple[Tags, list[int], list[Point]]] = field(default_factory=list)

    def way(self, way: Way) -> None:
        """A street, or the edge of a zone. Points that the extract does not hold split it off there."""
        tags = _kept(way)
        places = [(node.ref, node.lon, node.lat) for node in way.nodes if node.location.valid()]
        if way.tags.get("boundary") == "low_emission_zone":
            self.zones.append((dict(way.tags), [], [Point(lon, lat) for _, lon, lat in places]))
        if "highway" not in tags or len(places) < 2 or not self._near(places):
            return
        for ref, lon, lat in places:
            if ref not in self.row:
                self.row[ref] = len(self.lon)
                self.lon.append(lon)
                self.lat.append(lat)
            self.nodes.append(self.row[ref])
        self.numbers.append(way.id)
        self.tags.append(tags)
        self.start.append(len(self.nodes))

    def relation(self, relation: Relation) -> None:
        """A turn restriction, or a zone."""
        if relation.tags.get("type") == "restriction":
            members = [(member.type, member.ref, member.role) for member in relation.members]
            self.relations.append((_kept(relation), members))
        elif relation.tags.get("boundary") == "low_emission_zone":
            edge = [member.ref for member in relation.members if member.type == "w" and member.role in ("outer", "")]
            self.zones.append((dict(relation.tags), edge, []))

    def _near(self, places: list[tuple[int, float, float]]) -> bool:
        box = self.bounds
        return box is None or any(
            box.west <= lon <= box.east and box.south <= lat <= box.north for _, lon, lat in places
        )


def read_streets(file: Path, bounds: Bounds | None = None) -> Streets:
    """Read streets from a map; with `bounds` only those that touch the box. Raises `MapInvalid`."""
    try:
        reading = _read(file, bounds)
        edges = _edges(file, {number for _, edge, _ in reading.zones for number in edge})
    except (RuntimeError, OSError) as error:  # osmium says everything so: not there, not a map, broken halfway
        raise MapInvalid(
            f"De kaart {file.name} is niet te lezen: het bestand ontbreekt, is kapot of is geen .osm.pbf."
        ) from error
    if not reading.numbers:
        raise MapInvalid(
            f"In de kaart {file.name} staat geen enkele straat" + (" binnen het kader." if bounds else ".")
        )
    zones = (
        zone_of(tags, [edges[number] for number in edge if number in edges] or [line])
        for tags, edge, line in reading.zones
    )
    return Streets(
        np.array(reading.lon), np.array(reading.lat), tuple(reading.numbers), tuple(reading.tags),
        np.array(reading.start, np.int64), np.array(reading.nodes, np.int32),
        {reading.row[ref]: tags for ref, tags in reading.points.items() if ref in reading.row},
        tuple(_rules(reading)), tuple(zone for zone in zones if zone is not None),
    )  # fmt: skip


def _read(file: Path, bounds: Bounds | None) -> _Reading:
    reading = _Reading(bounds)
    keys = KeyFilter("highway", "barrier", "boundary", *_RESTRICTION)
    for entity in osmium.FileProcessor(str(file), NODE | WAY | RELATION).with_locations().with_filter(keys):
        if isinstance(entity, Way):
            reading.way(entity)
        elif isinstance(entity, Relation):
            reading.relation(entity)
        elif isinstance(entity, Node):
            tags = _kept(entity)
            if "barrier" in tags or "traffic_signals" in (tags.get("highway"), tags.get("crossing")):
                reading.points[entity.id] = tags
    return reading


def _edges(file: Path, numbers: set[int]) -> dict[int, list[Point]]:
    """The lines of ways around zones, which often carry no tag of their own."""
    if not numbers:
        return {}
    wanted = IdFilter(numbers)
    wanted.enable_for(WAY)
    ways = osmium.FileProcessor(str(file), NODE | WAY).with_locations().with_filter(wanted)
    return {
        way.id: [Point(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        for way in ways
        if isinstance(way, Way)
    }


def _kept(entity: Node | Way | Relation) -> Tags:
    """Only what says something about driving, in lower case but for conditions."""
    return {tag.k: tag.v for tag in entity.tags if tag.k.startswith(_KEPT)}


def _rules(reading: _Reading) -> Iterator[TurnRule]:
    """Restrictions that can be understood: with a way from, a way to, and a point or ways between."""
    for tags, members in reading.relations:
        comes, goes, over = (
            tuple(ref for kind, ref, role in members if role == wanted and kind == "w")
            for wanted in ("from", "to", "via")
        )
        points = [ref for kind, ref, role in members if role == "via" and kind == "n"]
        point = reading.row.get(points[0], -1) if len(points) == 1 else -1
        if comes and goes and (over if not points else point >= 0 and not over):
            yield TurnRule(tags, comes, point, over, goes)
