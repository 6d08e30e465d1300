"""Points on the earth, and how far apart they are in a straight line."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from vliegwiel.base.errors import Invalid

Floats = npt.NDArray[np.float64]

RADIUS: Final = 6_371_008.8
"""Mean radius of the earth in metres (IUGG)."""


class PlaceInvalid(Invalid):
    """A point that is nowhere on earth, or farther from any road than a truck can be expected to stop."""


class Point(NamedTuple):
    """A place: degrees east and north (WGS84)."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box on the map, in degrees (WGS84), edges included."""

    west: float
    south: float
    east: float
    north: float

    def __post_init__(self) -> None:
        if not (-180 <= self.west < self.east <= 180 and -90 <= self.south < self.north <= 90):
            raise PlaceInvalid("Een kader op de kaart heeft een westkant, zuidkant, oostkant en noordkant, in graden.")


def arrays(points: Sequence[Point]) -> tuple[Floats, Floats]:
    """Longitudes and latitudes. Raises `PlaceInvalid` and names the first point that is not on earth."""
    lon = np.array([point.lon for point in points], dtype=np.float64)
    lat = np.array([point.lat for point in points], dtype=np.float64)
    wrong = ~(np.isfinite(lon) & np.isfinite(lat) & (np.abs(lon) <= 180) & (np.abs(lat) <= 90))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise PlaceInvalid(f"Punt {row + 1} ({lon[row]}, {lat[row]}) ligt niet op de kaart: eerst lengte, dan breedte.")
    return lon, lat


def straight(lon_a: Floats, lat_a: Floats, lon_b: Floats, lat_b: Floats) -> Floats:
    """Metres over the surface of a sphere (haversine), elementwise with broadcasting."""
    a, b = np.radians(lat_a), np.radians(lat_b)
    half = (
        np.sin((b - a) / 2) ** 2
        + np.cos(a) * np.cos(b) * np.sin(np.radians(np.asarray(lon_b) - np.asarray(lon_a)) / 2) ** 2
    )
    found: Floats = 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return found


def metres_per_degree(lat: float) -> tuple[float, float]:
    """Metres in a degree of longitude and of latitude there: a flat map good for tens of kilometres."""
    north = math.radians(1) * RADIUS
    return north * math.cos(math.radians(lat)), north
