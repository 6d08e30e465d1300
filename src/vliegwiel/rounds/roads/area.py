"""A real map: from a file with an extract of OpenStreetMap to distances, times and lines for each kind of truck."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from vliegwiel.rounds.planning.problem import Matrix, Network
from vliegwiel.rounds.roads.entering import along, ends_of, entries_of, line_of, starts_of
from vliegwiel.rounds.roads.graph import SHIFT, Facts, TruckGraph, build
from vliegwiel.rounds.roads.heap import Longs
from vliegwiel.rounds.roads.hierarchy import FAR
from vliegwiel.rounds.roads.places import Bounds, Floats, PlaceInvalid, Point, arrays
from vliegwiel.rounds.roads.profiles import DEFAULT, TruckProfile
from vliegwiel.rounds.roads.reading import MapInvalid, Streets, read_streets
from vliegwiel.rounds.roads.searching import Way, many, way
from vliegwiel.rounds.roads.snapping import Index, Spots
from vliegwiel.rounds.roads.storing import load_graph, load_matrices, save_graph, save_matrices
from vliegwiel.rounds.roads.travel import Leg, Source, Travel
from vliegwiel.rounds.roads.zones import EmissionZone

FORMAT: Final = 1
"""Goes up when the same map gives another graph, so that nothing old is taken from a cache."""
REACH: Final = 300.0
"""Metres from a road at which a place still counts as lying on it."""
UNREACHABLE: Final = 10_000_000
"""Metres and seconds where there is no way; a network that holds together has none."""


class OffRoad(PlaceInvalid):
    """Places too far from any road where the truck may come. `rows`: which ones, as they were asked."""

    def __init__(self, sentence: str, rows: tuple[int, ...]) -> None:
        super().__init__(sentence)
        self.rows = rows


@dataclass(frozen=True, slots=True)
class _Roads:
    graph: TruckGraph
    index: Index


@dataclass(slots=True)
class Area:
    """The roads of one extract of the map, for any kind of truck. Safe to share between threads; see `open`."""

    file: Path
    version: str
    cache: Path | None
    bounds: Bounds | None
    zones: tuple[EmissionZone, ...] | None
    reach: float
    _roads: dict[str, _Roads] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def open(
        cls, file: Path, *, cache: Path | None = None, bounds: Bounds | None = None,
        zones: Sequence[EmissionZone] | None = None, reach: float = REACH,
    ) -> Area:  # fmt: skip
        """A map from a file (.osm.pbf). Nothing is read yet but its fingerprint; the first question builds what it needs.

        - `cache`: folder in which graphs and matrices are kept per version of the map; without it they live in memory only.
        - `bounds`: only streets that touch this box. Take it a few kilometres wider than where the trucks come.
        - `zones`: emission zones to hold to, instead of those in the map.
        - `reach`: metres from a road at which a place still counts as lying on it.

        Raises `MapInvalid` when there is no such file.
        """
        seen = hashlib.sha256(msgspec.json.encode((FORMAT, bounds, zones)))
        try:
            with file.open("rb") as data:
                while block := data.read(1 << 20):
                    seen.update(block)
        except OSError as error:
            raise MapInvalid(f"De kaart {file.name} is er niet, of mag niet gelezen worden.") from error
        return cls(file, seen.hexdigest()[:16], cache, bounds, None if zones is None else tuple(zones), reach)

    @property
    def sentence(self) -> str:
        """Where the figures come from, for people."""
        return f"Afstanden en rijtijden over de weg. Kaart: © OpenStreetMap-bijdragers, versie {self.version[:8]}."

    def facts(self, profile: TruckProfile = DEFAULT) -> Facts:
        """What this truck finds in the map. Raises `MapInvalid`."""
        return self._of(profile).graph.facts

    def travel(self, points: Sequence[Point], profiles: Sequence[TruckProfile] = (DEFAULT,)) -> Travel:
        """Metres and seconds of the quickest drive between all points, for each profile.

        Raises `OffRoad` for points that lie too far from a road, `MapInvalid` for a file that is no map.
        """
        lon, lat = arrays(points)
        done: dict[str, tuple[Matrix, Matrix, Floats]] = {}
        for profile in profiles:
            if profile.digest not in done:
                done[profile.digest] = self._matrices(profile, lon, lat)
        metres, seconds, far = zip(*(done[profile.digest] for profile in profiles), strict=True)
        return Travel(
            Network(metres, seconds), Source.ROADS, self.sentence,
            "-".join((self.version, *(profile.digest for profile in profiles))),
            tuple(np.max(far, axis=0).round(1).tolist()),
        )  # fmt: skip

    def leg(self, start: Point, end: Point, profile: TruckProfile = DEFAULT) -> Leg:
        """The quickest drive between two points: the same figures as in the matrices, and its line."""
        graph = self._of(profile).graph
        spots = self._spots(profile, *arrays((start, end)))
        entries = entries_of(graph, spots)
        best = np.full((2, 2), FAR, np.int64)
        along(entries, best, np.zeros_like(best))
        ahead = int(best[0, 1])
        over: Way | None = way(graph.turns, starts_of(graph, entries), ends_of(graph, entries), 0, 1)
        if over is None and ahead == FAR:
            raise PlaceInvalid("Tussen deze twee punten is geen weg.")
        if over is not None and ahead <= over.weight:
            over = None
        weight, extra = (ahead, 0) if over is None else (over.weight, over.extra)
        metres, seconds = _measured(np.array([[weight]]), np.array([[extra]]))
        return Leg(int(metres[0, 0]), int(seconds[0, 0]), line_of(graph, entries, spots, over), Source.ROADS)

    def route(self, points: Sequence[Point], profile: TruckProfile = DEFAULT) -> tuple[Leg, ...]:
        """The legs between each point and the next."""
        return tuple(self.leg(a, b, profile) for a, b in pairwise(points))

    def _matrices(self, profile: TruckProfile, lon: Floats, lat: Floats) -> tuple[Matrix, Matrix, Floats]:
        places = hashlib.sha256(np.stack((lon, lat)).round(7).tobytes()).hexdigest()[:24]
        kept = self.cache and self.cache / f"tabel-{self.version}-{profile.digest}-{self.reach:g}-{places}.npz"
        found = load_matrices(kept) if kept else None
        if found is None:
            graph = self._of(profile).graph
            spots = self._spots(profile, lon, lat)
            entries = entries_of(graph, spots)
            best, extra = many(graph.hierarchy, starts_of(graph, entries), ends_of(graph, entries))
            along(entries, best, extra)
            found = (*_measured(best, extra), spots.metres)
            for matrix in found[:2]:
                np.fill_diagonal(matrix, 0)
            if kept:
                save_matrices(kept, *found)
        return found

    def _spots(self, profile: TruckProfile, lon: Floats, lat: Floats) -> Spots:
        spots = self._of(profile).index.snap(lon, lat)
        far = np.flatnonzero((spots.piece < 0) | (spots.metres > self.reach))
        if len(far):
            row, lie = int(far[0]), "ligt" if len(far) == 1 else "liggen"
            raise OffRoad(
                f"{len(far)} van de {len(lon)} punten {lie} meer dan {self.reach:.0f} meter van een weg waar deze wagen "
                f"({profile.key}) mag komen. De eerste is punt {row + 1} ({lat[row]:.5f} NB, {lon[row]:.5f} OL). "
                "Controleer de plek, of neem een grotere kaart.",
                tuple(far.tolist()),
            )
        return spots

    def _of(self, profile: TruckProfile) -> _Roads:
        """The roads of this truck: at hand, from the cache, or built now."""
        with self._lock:
            found = self._roads.get(profile.digest)
            if found is None:
                kept = self.cache and self.cache / f"wegen-{self.version}-{profile.digest}.npz"
                graph = load_graph(kept) if kept else None
                if graph is None:
                    graph = build(self._streets(), profile)
                    if kept:
                        save_graph(kept, graph)
                found = self._roads[profile.digest] = _Roads(graph, Index.of(graph))
            return found

    def _streets(self) -> Streets:
        streets = read_streets(self.file, self.bounds)
        return streets if self.zones is None else replace(streets, zones=self.zones)


def _measured(best: Longs, extra: Longs) -> tuple[Matrix, Matrix]:
    """Whole metres and seconds from packed weights."""
    metres = ((best & ((1 << SHIFT) - 1)) + 5) // 10
    seconds = ((best >> SHIFT) - extra + 500) // 1000
    none = best == FAR
    metres[none] = seconds[none] = UNREACHABLE
    return metres, seconds
