"""Emission zones: parts of a city where only clean trucks may drive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

from vliegwiel.rounds.roads.places import Floats, Point
from vliegwiel.rounds.roads.profiles import TruckProfile

Rings = tuple[tuple[Point, ...], ...]

CLASS: Final = 6
"""The Euro class that counts as needed where the map does not say:
a cautious choice of ours. Hand over your own zones to be exact."""


@dataclass(frozen=True, slots=True)
class EmissionZone:
    """A zone: outer `rings`, and who may enter: at least this Euro class, or only without emissions."""

    name: str
    rings: Rings
    emission_class: int = CLASS
    zero_only: bool = False

    def lets_in(self, truck: TruckProfile) -> bool:
        """Whether this truck may drive here."""
        if truck.zero_emission or self.name in truck.exempt_zones:
            return True
        return not self.zero_only and truck.emission_class >= self.emission_class

    def holds(self, lon: Floats, lat: Floats) -> npt.NDArray[np.bool_]:
        """Which of these points lie in it."""
        inside = np.zeros(len(lon), np.bool_)
        for ring in self.rings:
            if len(ring) > 3:
                polygon = shapely.make_valid(shapely.Polygon(ring))
                shapely.prepare(polygon)
                inside |= shapely.contains_xy(polygon, lon, lat)
        return inside


def zone_of(tags: Mapping[str, str], lines: Sequence[Sequence[Point]]) -> EmissionZone | None:
    """A zone of the map (`boundary=low_emission_zone`) from the ways around it; None if they enclose nothing."""
    faces = shapely.polygonize([shapely.LineString(line) for line in lines if len(line) > 1])
    rings = tuple(tuple(Point(x, y) for x, y in face.exterior.coords) for face in shapely.get_parts(faces))
    if not rings:
        return None
    name = tags.get("name", "")
    words = f"{name} {tags.get('designation', '')} {tags.get('description', '')}".lower()
    zero = any(word in words for word in ("zero-emissie", "zero emissi", "zero-emission", "nul-emissie", "emissievrij"))
    return EmissionZone(name or "zonder naam", rings, zero_only=zero)
