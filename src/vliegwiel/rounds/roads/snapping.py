"""Where on the road a truck stops for a place: the nearest piece of street where it may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.roads.compiling import compiled
from vliegwiel.rounds.roads.graph import TruckGraph
from vliegwiel.rounds.roads.heap import Ints, Longs
from vliegwiel.rounds.roads.places import Floats, metres_per_degree

CELL: Final = 100.0
"""Metres of a square of the index."""
RINGS: Final = 100
"""How many squares out is looked, at most: 10 km."""


@dataclass(frozen=True, slots=True)
class Spots:
    """For each place the spot where the truck stops: which piece of street (row of its first point; -1: none within reach), the
    share of it that has been passed there, the spot itself, and the metres from the place to it.
    """

    piece: Ints
    share: Floats
    lon: Floats
    lat: Floats
    metres: Floats


@dataclass(frozen=True, slots=True)
class Index:
    """Pieces of street by squares of a flat map; square c holds `pieces[start[c]:start[c + 1]]` (rows of points)."""

    graph: TruckGraph
    street: Ints
    x: Floats
    y: Floats
    west: float
    south: float
    across: int
    start: Longs
    pieces: Ints

    @classmethod
    def of(cls, graph: TruckGraph) -> Index:
        """An index of all streets where the truck may stop and can come."""
        east, north = metres_per_degree(float(graph.lat.mean()))
        x, y = graph.lon * east, graph.lat * north
        street = np.repeat(np.arange(len(graph.twin), dtype=np.int32), np.diff(graph.start))
        stops = graph.stops & graph.used[street]
        if not stops.any():
            stops = graph.used[street] & np.isin(np.arange(len(street)), graph.start[1:] - 1, invert=True)
        # one of the two directions will do: the other is its twin
        stops &= (graph.twin[street] < 0) | (street < graph.twin[street]) | ~graph.used[graph.twin[street]]
        pieces = np.flatnonzero(stops).astype(np.int32)
        west, south = float(x.min()), float(y.min())
        across = int((x.max() - west) // CELL) + 1
        count = across * (int((y.max() - south) // CELL) + 1)
        start, held = _file(x - west, y - south, pieces, across, count)
        return cls(graph, street, x, y, west, south, across, start, held)

    def snap(self, lon: Floats, lat: Floats) -> Spots:
        """The nearest spot for each place."""
        graph = self.graph
        east, north = metres_per_degree(float(graph.lat.mean()))
        piece, share, metres = _nearest(
            lon * east - self.west, lat * north - self.south, self.x - self.west, self.y - self.south, self.start,
            self.pieces, self.across,
        )  # fmt: skip
        at = np.maximum(piece, 0)
        return Spots(
            piece, share, graph.lon[at] + share * (graph.lon[at + 1] - graph.lon[at]),
            graph.lat[at] + share * (graph.lat[at + 1] - graph.lat[at]), metres,
        )  # fmt: skip


@compiled
def _file(x: Floats, y: Floats, pieces: Ints, across: int, count: int) -> tuple[Longs, Ints]:
    """Put each piece in all squares that its box touches."""
    start = np.zeros(count + 1, np.int64)
    for twice in range(2):
        if twice == 1:
            start = np.concatenate((np.zeros(1, np.int64), np.cumsum(start[:count])))
            held, fill = np.empty(start[count], np.int32), start.copy()
        for piece in pieces:
            for row in range(int(min(y[piece], y[piece + 1]) // CELL), int(max(y[piece], y[piece + 1]) // CELL) + 1):
                for column in range(
                    int(min(x[piece], x[piece + 1]) // CELL), int(max(x[piece], x[piece + 1]) // CELL) + 1
                ):
                    cell = row * across + column
                    if twice == 1:
                        held[fill[cell]] = piece
                        fill[cell] += 1
                    else:
                        start[cell] += 1
    return start, held


@compiled
def _nearest(
    px: Floats, py: Floats, x: Floats, y: Floats, start: Longs, pieces: Ints, across: int
) -> tuple[Ints, Floats, Floats]:
    """For each place the nearest piece (-1: none), the share of it passed, and the metres. Squares are searched in rings."""
    n, down = len(px), (len(start) - 1) // across
    best, share, metres = np.full(n, -1, np.int32), np.zeros(n), np.full(n, np.inf)
    for i in range(n):
        row, column = int(py[i] // CELL), int(px[i] // CELL)
        for ring in range(RINGS):
            if metres[i] <= (ring - 1) * CELL:
                break
            for r in range(max(0, row - ring), min(down - 1, row + ring) + 1):
                step = 1 if r in (row - ring, row + ring) else max(1, 2 * ring)
                for c in range(column - ring, column + ring + 1, step):
                    if c < 0 or c >= across:
                        continue
                    for k in range(start[r * across + c], start[r * across + c + 1]):
                        piece = pieces[k]
                        dx, dy = x[piece + 1] - x[piece], y[piece + 1] - y[piece]
                        length = dx * dx + dy * dy
                        t = ((px[i] - x[piece]) * dx + (py[i] - y[piece]) * dy) / length if length > 0 else 0.0
                        t = min(1.0, max(0.0, t))
                        far = np.hypot(px[i] - x[piece] - t * dx, py[i] - y[piece] - t * dy)
                        if far < metres[i]:
                            best[i], share[i], metres[i] = piece, t, far
    return best, share, metres
