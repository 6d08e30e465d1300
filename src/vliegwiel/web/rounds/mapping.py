"""A map as numbers: where containers and routes lie on a drawing that needs no script, and the same for Leaflet.

Web Mercator (EPSG:3857), the projection of the base map, so that both maps look alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from vliegwiel.rounds.operations.pages import BinLine, Group, PlaceLine, TruckLine

WIDTH, HEIGHT, EDGE = 640, 500, 26
ARROW_EVERY: Final = 70.0
"""Units of the drawing between two arrows."""
PIN: Final = 16.0
"""Height of a container on the map."""

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Pin:
    """A container on the drawing. `fill_y`, `fill`: where its content begins and how high it stands."""

    line: BinLine
    x: float
    y: float
    fill_y: float
    fill: float

    @property
    def tone(self) -> str:
        """The colour class."""
        return f"f{self.line.tone}"

    @property
    def rim(self) -> str:
        """The outline: m must, k may, s waits."""
        return {Group.MUST: "m", Group.MAY: "k", Group.WAIT: "s"}[self.line.group]


@dataclass(frozen=True, slots=True)
class Mark:
    """A depot (R) or a place to tip (S)."""

    name: str
    letter: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Arrow:
    """Which way a truck goes there: the turn in degrees."""

    x: float
    y: float
    turn: float


@dataclass(frozen=True, slots=True)
class Way:
    """The route of a truck."""

    name: str
    number: int
    points: str
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The whole map."""

    pins: tuple[Pin, ...]
    marks: tuple[Mark, ...]
    ways: tuple[Way, ...]
    metres: int
    scale: float

    @property
    def scale_text(self) -> str:
        """What the scale bar stands for."""
        return f"{self.metres // 1000} km" if self.metres >= 1000 else f"{self.metres} m"


class _Projection:
    """From degrees to the drawing, so that everything fits."""

    def __init__(self, points: Sequence[LonLat]) -> None:
        flat = [_mercator(lon, lat) for lon, lat in points]
        xs, ys = [x for x, _ in flat], [y for _, y in flat]
        self.west, self.north = min(xs), max(ys)
        wide, high = max(max(xs) - self.west, 1e-9), max(self.north - min(ys), 1e-9)
        self.factor = min((WIDTH - 2 * EDGE) / wide, (HEIGHT - 2 * EDGE) / high)
        self.left = (WIDTH - wide * self.factor) / 2
        self.top = (HEIGHT - high * self.factor) / 2
        self.lat = points[0][1]

    def __call__(self, lon: float, lat: float) -> tuple[float, float]:
        x, y = _mercator(lon, lat)
        return round(self.left + (x - self.west) * self.factor, 1), round(self.top + (self.north - y) * self.factor, 1)

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place falls on the drawing."""
        x, y = self(lon, lat)
        return 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    @property
    def units_per_metre(self) -> float:
        return self.factor / (6_378_137.0 * math.cos(math.radians(self.lat)))


def _mercator(lon: float, lat: float) -> tuple[float, float]:
    return math.radians(lon), math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))


def drawing(
    bins: Sequence[BinLine], trucks: Sequence[TruckLine], places: Sequence[PlaceLine], *, only: str = ""
) -> Drawing | None:
    """The map of a day; None when there is nothing to put on it. `only`: the code of one truck."""
    shown = [truck for truck in trucks if not only or truck.code == only]
    points: list[LonLat] = [(one.lon, one.lat) for one in bins]
    points += [(one.lon, one.lat) for one in places if one.depot]
    if not points:
        return None
    # The district fills the map. Where trucks tip is often far away: the way there runs off the edge.
    place = _Projection(points)
    near = [one for one in places if place.holds(one.lon, one.lat)]
    metres = next((m for m in (5000, 2000, 1000, 500, 200, 100) if m * place.units_per_metre < WIDTH / 4), 50)
    return Drawing(
        pins=tuple(
            sorted((_pin(one, place) for one in bins), key=lambda pin: (pin.line.group is not Group.WAIT, pin.y))
        ),
        marks=tuple(Mark(one.name, "R" if one.depot else "S", *place(one.lon, one.lat)) for one in near),
        ways=tuple(_way(truck, number, place) for number, truck in enumerate(shown, start=1)),
        metres=metres,
        scale=round(metres * place.units_per_metre, 1),
    )


def _pin(line: BinLine, place: _Projection) -> Pin:
    x, y = place(line.lon, line.lat)
    fill = fill_of(line.level)
    return Pin(line, x, y, round(8 - fill, 1), fill)


def fill_of(level: float) -> float:
    """How high the content of a container stands in its symbol of 16 units."""
    return round(PIN * min(max(level, 0.0), 100.0) / 100, 1)


def _way(truck: TruckLine, number: int, place: _Projection) -> Way:
    spots = [place(lon, lat) for lon, lat in truck.line]
    return Way(truck.name, number, " ".join(f"{x},{y}" for x, y in spots), tuple(_arrows(spots)))


def _arrows(spots: Sequence[tuple[float, float]]) -> Iterable[Arrow]:
    since = ARROW_EVERY / 2
    for (x1, y1), (x2, y2) in pairwise(spots):
        long = math.hypot(x2 - x1, y2 - y1)
        since += long
        if since < ARROW_EVERY or long < 14:
            continue
        since = 0.0
        yield Arrow(
            round((x1 + x2) / 2, 1), round((y1 + y2) / 2, 1), round(math.degrees(math.atan2(y2 - y1, x2 - x1)), 1)
        )


def for_leaflet(drawn: Drawing, trucks: Sequence[TruckLine], places: Sequence[PlaceLine]) -> dict[str, object]:
    """The same as data: containers by code (their symbols are taken from the drawing), routes and places in degrees."""
    return {
        "containers": [[pin.line.code, pin.line.lat, pin.line.lon, pin.line.name] for pin in drawn.pins],
        "routes": [[[lat, lon] for lon, lat in truck.line] for truck in trucks],
        "places": [[place.name, place.lat, place.lon] for place in places],
    }
