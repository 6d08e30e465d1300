"""From spots on streets to the graph and back: where a drive enters it, where it leaves it, and the line it follows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from vliegwiel.rounds.roads.graph import SHIFT, TruckGraph
from vliegwiel.rounds.roads.heap import Ints, Longs
from vliegwiel.rounds.roads.places import Floats, Point
from vliegwiel.rounds.roads.searching import Ends, Way
from vliegwiel.rounds.roads.snapping import Spots


@dataclass(frozen=True, slots=True)
class Entries:
    """How places lie on streets: a place on a street for both directions has two rows. Sorted by place.

    `street`; `passed`, `left`: packed weight of the street before and after the spot; `piece`: row of the point before it.
    """

    places: int
    place: Longs
    street: Ints
    piece: Longs
    passed: Longs
    left: Longs


def entries_of(graph: TruckGraph, spots: Spots) -> Entries:
    """The rows of places. All spots must have been found."""
    piece = spots.piece.astype(np.int64)
    street = (np.searchsorted(graph.start, piece, side="right") - 1).astype(np.int32)
    twin = graph.twin[street]
    back = np.flatnonzero((twin >= 0) & graph.used[twin])
    turned = graph.start[twin[back]] + (graph.start[street[back] + 1] - 2 - piece[back])
    place = np.concatenate((np.arange(len(piece)), back))
    order = np.argsort(place, kind="stable")
    street, piece = np.concatenate((street, twin[back]))[order], np.concatenate((piece, turned))[order]
    share = np.concatenate((spots.share, 1 - spots.share[back]))[order]
    passed = _packed(graph, piece, share)
    whole = _packed(graph, graph.start[street + 1] - 2, np.ones(len(street)))
    return Entries(len(spots.piece), place[order], street, piece, passed, whole - passed)


def _packed(graph: TruckGraph, piece: Longs, share: Floats) -> Longs:
    ms, dm = (
        values[piece] + np.rint(share * (values[piece + 1] - values[piece])).astype(np.int64)
        for values in (graph.ms, graph.dm)
    )
    found: Longs = (ms << SHIFT) + dm
    return found


def starts_of(graph: TruckGraph, entries: Entries) -> Ends:
    """What a drive from each place begins with: the rest of its street and a turn."""
    turns = graph.turns
    count = turns.start[entries.street + 1] - turns.start[entries.street]
    row = np.repeat(np.arange(len(count)), count)
    arc = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + turns.start[entries.street][row]
    return Ends(
        np.searchsorted(entries.place[row], np.arange(entries.places + 1)).astype(np.int64), turns.to[arc],
        entries.left[row] + turns.weight[arc], turns.extra[arc],
    )  # fmt: skip


def ends_of(graph: TruckGraph, entries: Entries) -> Ends:
    """What a drive to each place ends with: its street, less what of it is not driven. Any state of that street will do."""
    order = np.argsort(graph.street, kind="stable")
    first = np.searchsorted(graph.street[order], np.arange(len(graph.twin) + 1))
    count = first[entries.street + 1] - first[entries.street]
    row = np.repeat(np.arange(len(count)), count)
    at = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count) + first[entries.street][row]
    return Ends(
        np.searchsorted(entries.place[row], np.arange(entries.places + 1)).astype(np.int64),
        order[at].astype(np.int32), -entries.left[row], np.zeros(len(row), np.int64),
    )  # fmt: skip


def along(entries: Entries, best: Longs, extra: Longs) -> None:
    """Put in the drives that stay on one street, ahead, where they are better."""
    order = np.argsort(entries.street, kind="stable")
    bounds = np.flatnonzero(np.diff(entries.street[order])) + 1
    for rows in np.split(order, bounds):
        if len(rows) > 1:
            place, passed = entries.place[rows], entries.passed[rows]
            ahead = passed[None, :] - passed[:, None]
            here = np.ix_(place, place)
            better = (ahead >= 0) & (ahead < best[here])
            best[here] = np.where(better, ahead, best[here])
            extra[here] = np.where(better, 0, extra[here])


def line_of(graph: TruckGraph, entries: Entries, spots: Spots, way: Way | None) -> tuple[Point, ...]:
    """The line from place 0 to place 1, over the states of `way`; None: they are on one street, ahead."""
    rows = _ahead(entries) if way is None else _over(graph, entries, way)
    points = [Point(float(spots.lon[0]), float(spots.lat[0]))]
    points.extend(Point(float(graph.lon[row]), float(graph.lat[row])) for row in rows)
    points.append(Point(float(spots.lon[1]), float(spots.lat[1])))
    return (points[0], *(there for here, there in pairwise(points) if here != there))


def _ahead(entries: Entries) -> list[int]:
    """Rows of points between the two places, on the street where the second lies ahead of the first."""
    begin, end = np.flatnonzero(entries.place == 0), np.flatnonzero(entries.place == 1)
    pairs = [
        (int(entries.passed[b] - entries.passed[a]), int(a), int(b))
        for a in begin
        for b in end
        if entries.street[a] == entries.street[b] and entries.passed[a] <= entries.passed[b]
    ]
    _, a, b = min(pairs)
    return list(range(int(entries.piece[a]) + 1, int(entries.piece[b]) + 1))


def _over(graph: TruckGraph, entries: Entries, way: Way) -> list[int]:
    """Rows of points over whole streets, and over the part of the first and the last that is driven."""
    streets = [int(graph.street[state]) for state in way.nodes]
    a = min(
        (cost, row)
        for row in np.flatnonzero(entries.place == 0)
        if (cost := _first(graph, entries, int(row), way.nodes[0])) is not None
    )[1]
    b = next(row for row in np.flatnonzero(entries.place == 1) if entries.street[row] == streets[-1])
    rows = list(range(int(entries.piece[a]) + 1, int(graph.start[entries.street[a] + 1])))
    for street in streets[:-1]:
        rows.extend(range(int(graph.start[street]), int(graph.start[street + 1])))
    rows.extend(range(int(graph.start[streets[-1]]), int(entries.piece[b]) + 1))
    return rows


def _first(graph: TruckGraph, entries: Entries, row: int, state: int) -> int | None:
    """What it costs to get from a spot to the first state of a way; None if one cannot."""
    turns, street = graph.turns, entries.street[row]
    for arc in range(int(turns.start[street]), int(turns.start[street + 1])):
        if turns.to[arc] == state:
            return int(entries.left[row] + turns.weight[arc])
    return None
