"""Small maps as files, written as OpenStreetMap has them: points on a grid of metres around Leiden, ways, restrictions, zones."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

from vliegwiel.rounds.roads import Point
from vliegwiel.rounds.roads.places import metres_per_degree

WEST, SOUTH = 4.49, 52.16
EAST_M, NORTH_M = metres_per_degree(SOUTH)


def at(x: float, y: float) -> Point:
    """The point `x` metres east and `y` metres north of the corner of the map."""
    return Point(WEST + x / EAST_M, SOUTH + y / NORTH_M)


@dataclass
class Map:
    """A map that is being drawn. Points are named by where they are: (x, y) in metres."""

    points: dict[tuple[float, float], int] = field(default_factory=dict)
    marks: dict[tuple[float, float], dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = field(default_factory=list)

    def way(self, *points: tuple[float, float], **tags: str) -> int:
        """A way past these points; a residential street unless told otherwise. Gives its number."""
        refs = [self.points.setdefault(point, len(self.points) + 1) for point in points]
        tags = {"highway": "residential", **{key.replace("__", ":"): value for key, value in tags.items()}}
        self.ways.append((refs, {key: value for key, value in tags.items() if value}))
        return len(self.ways)

    def mark(self, point: tuple[float, float], **tags: str) -> None:
        """Something at a point."""
        self.marks[point] = tags

    def rule(self, comes: int, over: tuple[float, float] | int, goes: int, **tags: str) -> None:
        """A turn restriction over a point or a way."""
        via = ("w", over, "via") if isinstance(over, int) else ("n", self.points[over], "via")
        members = [("w", comes, "from"), via, ("w", goes, "to")]
        self.relations.append((members, {"type": "restriction", **{k.replace("__", ":"): v for k, v in tags.items()}}))

    def zone(self, *ways: int, **tags: str) -> None:
        """An emission zone within these ways."""
        members = [("w", way, "outer") for way in ways]
        self.relations.append((members, {"type": "boundary", "boundary": "low_emission_zone", **tags}))

    def write(self, file: Path) -> Path:
        """The map as a file."""
        file.unlink(missing_ok=True)
        with osmium.SimpleWriter(str(file)) as out:
            for (x, y), number in self.points.items():
                place = at(x, y)
                out.add_node(
                    Node(id=number, version=1, location=(place.lon, place.lat), tags=self.marks.get((x, y), {}))
                )
            for number, (refs, tags) in enumerate(self.ways, start=1):
                out.add_way(Way(id=number, version=1, nodes=refs, tags=tags))
            for number, (members, tags) in enumerate(self.relations, start=1):
                out.add_relation(Relation(id=number, version=1, members=members, tags=tags))
        return file


def grid(side: int, step: float = 100, **tags: str) -> Map:
    """A town of straight streets, `side` by `side` crossings, each block a way of its own."""
    drawn = Map()
    for i in range(side):
        for j in range(side):
            here = (i * step, j * step)
            if i + 1 < side:
                drawn.way(here, ((i + 1) * step, j * step), **tags)
            if j + 1 < side:
                drawn.way(here, (i * step, (j + 1) * step), **tags)
    return drawn
