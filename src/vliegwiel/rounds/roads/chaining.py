"""From mapped streets to what a truck decides on: streets between crossings. Points where nothing can be chosen are left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.roads.places import straight
from vliegwiel.rounds.roads.profiles import TruckProfile
from vliegwiel.rounds.roads.reading import Streets
from vliegwiel.rounds.roads.tags import Tags, Use, blocks, use


@dataclass(slots=True)
class Street:
    """A street between two crossings, driven one way; its twin is the same street the other way (-1: none).

    - `points`: rows of the map's points; `ms`, `dm`: thousandths of a second and decimetres from its begin to each of them.
    - `stops`: for each piece between points, whether a truck may stop there.
    - `first`, `last`: number in the map of the way that its first and its last piece belong to.
    """

    points: list[int]
    ms: list[int]
    dm: list[int]
    stops: list[bool]
    local: bool
    first: int
    last: int
    twin: int = -1


@dataclass(slots=True)
class Chains:
    """All streets of a truck, those into and out of each crossing, and crossings with lights or with something in the way.

    `ending`: streets whose last piece belongs to this way of the map. `zones`: names of zones that it may not enter.
    """

    streets: list[Street] = field(default_factory=list)
    into: dict[int, list[int]] = field(default_factory=dict)
    out: dict[int, list[int]] = field(default_factory=dict)
    ending: dict[int, list[int]] = field(default_factory=dict)
    lights: set[int] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    zones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pieces:
    """Each straight piece of road. Dart 2i goes over piece i as mapped, dart 2i + 1 back; `ms` 0: not allowed that way.

    `at`: the darts that leave each point, allowed or not.
    """

    ends: list[int]
    way: list[int]
    ms: list[int]
    dm: list[int]
    local: list[bool]
    stops: list[bool]
    at: dict[int, list[int]]


def chains_of(streets: Streets, truck: TruckProfile) -> Chains:
    """Streets as this truck may drive them."""
    open_, zones = _outside_zones(streets, truck)
    pieces = _pieces(streets, [use(tags, truck) for tags in streets.tags], open_)
    found = Chains(zones=zones)
    for point, tags in streets.points.items():
        if point in pieces.at:
            if blocks(tags, truck):
                found.blocked.add(point)
            if "traffic_signals" in (tags.get("highway"), tags.get("crossing")):
                found.lights.add(point)
    between = {point for point in pieces.at if point not in found.blocked and _nothing_to_choose(pieces, point)}
    between -= _on_circles(pieces, between)
    begins: dict[int, int] = {}
    ends: list[int] = []
    for point, leaving in pieces.at.items():
        for dart in leaving if point not in between else ():
            if pieces.ms[dart]:
                darts = _walk(pieces, between, dart)
                number = len(found.streets)
                begins[dart] = number
                ends.append(darts[-1])
                found.streets.append(_street(streets, truck, pieces, found.lights, point, darts))
                found.out.setdefault(point, []).append(number)
                found.into.setdefault(pieces.ends[darts[-1]], []).append(number)
                found.ending.setdefault(pieces.way[darts[-1] >> 1], []).append(number)
    for number, last in enumerate(ends):
        found.streets[number].twin = begins.get(last ^ 1, -1)
    return found


def _outside_zones(streets: Streets, truck: TruckProfile) -> tuple[npt.NDArray[np.bool_], tuple[str, ...]]:
    """For each two points that follow each other in the map, whether the piece between them is free of closed zones."""
    a, b = streets.nodes[:-1], streets.nodes[1:]
    lon, lat = (streets.lon[a] + streets.lon[b]) / 2, (streets.lat[a] + streets.lat[b]) / 2
    closed = [zone for zone in streets.zones if not zone.lets_in(truck)]
    free = np.ones(len(a), np.bool_)
    for zone in closed:
        free &= ~zone.holds(lon, lat)
    return free, tuple(zone.name for zone in closed)


def _pieces(streets: Streets, uses: list[Use | None], open_: npt.NDArray[np.bool_]) -> _Pieces:
    a, b = streets.nodes[:-1], streets.nodes[1:]
    metres = straight(streets.lon[a], streets.lat[a], streets.lon[b], streets.lat[b])
    found = _Pieces([], [], [], [], [], [], {})
    for row, way in enumerate(uses):
        if way is None:
            continue
        for i in range(int(streets.start[row]), int(streets.start[row + 1]) - 1):
            start, end = int(a[i]), int(b[i])
            if start == end or not open_[i]:
                continue
            for speed, here, there in ((way.forward, start, end), (way.backward, end, start)):
                found.at.setdefault(here, []).append(len(found.ends))
                found.ends.append(there)
                found.ms.append(max(1, round(metres[i] * 3600 / speed)) if speed else 0)
                found.dm.append(round(metres[i] * 10))
            found.way.append(streets.numbers[row])
            found.local.append(way.local)
            found.stops.append(way.stops)
    return found


def _nothing_to_choose(pieces: _Pieces, point: int) -> bool:
    """Whether a truck that comes here can only go on: two pieces meet, both ways open or one way through."""
    leaving = pieces.at[point]
    if len(leaving) != 2:
        return False
    one, other = leaving
    return (
        one >> 1 != other >> 1
        and pieces.local[one >> 1] == pieces.local[other >> 1]
        and bool(pieces.ms[one ^ 1]) == bool(pieces.ms[other])
        and bool(pieces.ms[other ^ 1]) == bool(pieces.ms[one])
    )


def _on_circles(pieces: _Pieces, between: set[int]) -> set[int]:
    """A point on each circle of streets that meets no other street, so that it has a begin."""
    found, seen = set(), set()
    crossings = [point for point in pieces.at if point not in between]
    for begin in (*crossings, *sorted(between)):
        if begin in seen:
            continue
        if begin in between:
            found.add(begin)
        seen.add(begin)
        for dart in pieces.at[begin]:
            point = pieces.ends[dart]
            while point in between and point not in seen:
                seen.add(point)
                one, other = pieces.at[point]
                dart = other if one == dart ^ 1 else one
                point = pieces.ends[dart]
    return found


def _walk(pieces: _Pieces, between: set[int], dart: int) -> list[int]:
    """The darts from here to the next crossing."""
    darts = [dart]
    while pieces.ends[darts[-1]] in between:
        one, other = pieces.at[pieces.ends[darts[-1]]]
        darts.append(other if one == darts[-1] ^ 1 else one)
    return darts


def _street(
    streets: Streets, truck: TruckProfile, pieces: _Pieces, lights: set[int], point: int, darts: list[int]
) -> Street:
    points, ms, dm = [point], [0], [0]
    for dart in darts:
        wait = 0
        if len(points) > 1 and points[-1] in lights and _faces(streets.points[points[-1]], dart):
            wait = round(truck.turning.signals * 1000)
        points.append(pieces.ends[dart])
        ms.append(ms[-1] + pieces.ms[dart] + wait)
        dm.append(dm[-1] + pieces.dm[dart])
    return Street(
        points, ms, dm, [pieces.stops[dart >> 1] for dart in darts], pieces.local[darts[0] >> 1],
        pieces.way[darts[0] >> 1], pieces.way[darts[-1] >> 1],
    )  # fmt: skip


def _faces(tags: Tags, dart: int) -> bool:
    """Whether lights beside the road are for traffic in this direction."""
    return tags.get("traffic_signals:direction") != ("backward", "forward")[dart & 1]
