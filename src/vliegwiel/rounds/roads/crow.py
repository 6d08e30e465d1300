"""Without a map: straight line times a detour factor, said to be so wherever the figures go."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from vliegwiel.rounds.planning.problem import Matrix, Network
from vliegwiel.rounds.roads.places import Floats, PlaceInvalid, Point, arrays, straight
from vliegwiel.rounds.roads.profiles import DEFAULT, TruckProfile
from vliegwiel.rounds.roads.travel import Leg, Source, Travel

DETOUR: Final = 1.34
"""Road distance for a metre in a straight line: the mean to the centre of 300 European cities was 1.343
(doi 10.1177/23998083231168870)."""
KMH: Final = 25.0
"""An assumption of ours: what a truck averages between stops in a built-up area. Set it to what your own trucks do."""


@dataclass(frozen=True, slots=True)
class Crow:
    """Distances as `detour` times the straight line, at `kmh`. All profiles get the same: it knows no roads."""

    detour: float = DETOUR
    kmh: float = KMH

    def __post_init__(self) -> None:
        if not (1 <= self.detour <= 10 and 1 <= self.kmh <= 200):
            raise PlaceInvalid("De omwegfactor ligt tussen 1 en 10, de snelheid tussen 1 en 200 km per uur.")

    def travel(self, points: Sequence[Point], profiles: Sequence[TruckProfile] = (DEFAULT,)) -> Travel:
        """Distances between all points; symmetrical, zero on the diagonal."""
        lon, lat = arrays(points)
        metres, seconds = self._reckon(straight(lon[:, None], lat[:, None], lon[None, :], lat[None, :]))
        for matrix in (metres, seconds):
            np.fill_diagonal(matrix, 0)
        network = Network((metres,) * len(profiles), (seconds,) * len(profiles))
        return Travel(
            network, Source.CROW, self.sentence, f"hemelsbreed-{self.detour:g}-{self.kmh:g}", (0.0,) * len(points)
        )

    @property
    def sentence(self) -> str:
        """What it is, for people."""
        return (
            f"Afstanden zijn geschat: hemelsbreed × {_dutch(self.detour)}, bij {_dutch(self.kmh)} km per uur. "
            "Er is geen wegenkaart geladen."
        )

    def leg(self, start: Point, end: Point, profile: TruckProfile = DEFAULT) -> Leg:
        """A straight line; its metres are longer than the line by the detour."""
        lon, lat = arrays((start, end))
        metres, seconds = self._reckon(straight(lon[:1], lat[:1], lon[1:], lat[1:]))
        return Leg(int(metres[0]), int(seconds[0]), (start, end), Source.CROW)

    def route(self, points: Sequence[Point], profile: TruckProfile = DEFAULT) -> tuple[Leg, ...]:
        """The legs between each point and the next."""
        return tuple(self.leg(a, b, profile) for a, b in pairwise(points))

    def _reckon(self, line: Floats) -> tuple[Matrix, Matrix]:
        road = line * self.detour
        return np.rint(road).astype(np.int64), np.rint(road * 3.6 / self.kmh).astype(np.int64)


def _dutch(value: float) -> str:
    return f"{int(value)}" if math.isclose(value, int(value)) else f"{value:g}".replace(".", ",")
