"""Shortest paths: between many places at once over a hierarchy, and one way with all its steps over the graph itself.

The two share nothing but the heap: each holds the other to account.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.roads.compiling import compiled
from vliegwiel.rounds.roads.heap import Ints, Longs, pop, push
from vliegwiel.rounds.roads.hierarchy import FAR, Arcs, Hierarchy

BLOCK: Final = 64
"""Rows a thread does at a time."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where each place is entered into the graph: those of place i are rows `start[i]` up to `start[i + 1]`.

    `node` with the `weight` and `extra` it has already cost to be there (for a start), or is still to come (for an end; may be
    negative: the part of an arc that is not driven).
    """

    start: Longs
    node: Ints
    weight: Longs
    extra: Longs

    @property
    def places(self) -> int:
        """How many places."""
        return len(self.start) - 1


def many(hierarchy: Hierarchy, starts: Ends, ends: Ends, threads: int | None = None) -> tuple[Longs, Longs]:
    """Least weight from each start to each end, and the extra of that way; `FAR` where there is none.

    Buckets after S. Knopp, P. Sanders, D. Schultes, F. Schulz, D. Wagner, "Computing Many-to-Many Shortest Paths Using Highway
    Hierarchies" (ALENEX 2007).
    """
    up, down = hierarchy.up, hierarchy.down
    found = _spaces(
        down.start, down.to, down.weight, down.extra, up.start, up.to, up.weight, ends.start, ends.node, ends.weight,
        ends.extra,
    )  # fmt: skip
    hub, place, weight, extra = found
    order = np.argsort(hub, kind="stable")
    place, weight, extra = place[order], weight[order], extra[order]
    bucket = np.searchsorted(hub[order], np.arange(up.nodes + 1)).astype(np.int64)
    best = np.full((starts.places, ends.places), FAR, np.int64)
    more = np.zeros_like(best)

    def fill(low: int) -> None:
        high = min(low + BLOCK, starts.places)
        _fill(
            up.start, up.to, up.weight, up.extra, down.start, down.to, down.weight, starts.start, starts.node,
            starts.weight, starts.extra, low, high, bucket, place, weight, extra, best, more,
        )  # fmt: skip

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        list(pool.map(fill, range(0, starts.places, BLOCK)))
    return best, more


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what it costs and the nodes passed, from the first entered to the last."""

    weight: int
    extra: int
    nodes: tuple[int, ...]


def way(arcs: Arcs, starts: Ends, ends: Ends, start: int, end: int) -> Way | None:
    """The least way from one place to another, step by step (Dijkstra 1959, over the graph itself)."""
    a, b = slice(*starts.start[start : start + 2]), slice(*ends.start[end : end + 2])
    weight, extra, node, before = _one(
        arcs.start, arcs.to, arcs.weight, arcs.extra, starts.node[a], starts.weight[a], starts.extra[a], ends.node[b],
        ends.weight[b], ends.extra[b],
    )  # fmt: skip
    if node < 0:
        return None
    steps = [int(node)]
    while before[steps[-1]] >= 0:
        steps.append(int(before[steps[-1]]))
    return Way(int(weight), int(extra), tuple(reversed(steps)))


@compiled
def _upward(
    start: Longs, to: Ints, weight: Longs, extra: Longs, ostart: Longs, oto: Ints, oweight: Longs,
    dist: Longs, more: Longs, keys: Longs, items: Ints, size: int, settled: Ints,
) -> int:  # fmt: skip
    """Search on from what is in the heap, to more important nodes only. Gives how many were settled for good; `dist` keeps
    FAR + 1 or more for none. A node that can be reached better from above is not on any least way (stall on demand)."""
    count = 0
    while size > 0:
        key = keys[0]
        node = items[0]
        size = pop(keys, items, size)
        if key > dist[node]:
            continue
        stalled = False
        for arc in range(ostart[node], ostart[node + 1]):
            if dist[oto[arc]] + oweight[arc] < key:
                stalled = True
                break
        if stalled:
            continue
        settled[count] = node
        count += 1
        for arc in range(start[node], start[node + 1]):
            far = key + weight[arc]
            other = to[arc]
            if far < dist[other]:
                dist[other] = far
                more[other] = more[node] + extra[arc]
                size = push(keys, items, size, far, other)
    return count


@compiled
def _seed(
    node: Ints, weight: Longs, extra: Longs, low: int, high: int, dist: Longs, more: Longs, keys: Longs, items: Ints
) -> int:  # fmt: skip
    """Put the entries of a place in the heap; gives its size."""
    size = 0
    for i in range(low, high):
        at = node[i]
        if weight[i] < dist[at]:
            dist[at] = weight[i]
            more[at] = extra[i]
            size = push(keys, items, size, weight[i], at)
    return size


@compiled
def _spaces(
    start: Longs, to: Ints, weight: Longs, extra: Longs, ostart: Longs, oto: Ints, oweight: Longs,
    pstart: Longs, pnode: Ints, pweight: Longs, pextra: Longs,
) -> tuple[Ints, Ints, Longs, Longs]:  # fmt: skip
    """For each place every node that its search comes by: (node, place, weight, extra)."""
    n = len(start) - 1
    dist, more = np.full(n, FAR, np.int64), np.zeros(n, np.int64)
    room = len(to) + len(pnode) + 1
    keys, items, settled = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32)
    size = 64 * len(pstart) + 1024
    hubs, places = np.empty(size, np.int32), np.empty(size, np.int32)
    weights, extras = np.empty(size, np.int64), np.empty(size, np.int64)
    used = 0
    for place in range(len(pstart) - 1):
        held = _seed(pnode, pweight, pextra, pstart[place], pstart[place + 1], dist, more, keys, items)
        count = _upward(start, to, weight, extra, ostart, oto, oweight, dist, more, keys, items, held, settled)
        while used + count > size:
            hubs, places = np.concatenate((hubs, hubs)), np.concatenate((places, places))
            weights, extras = np.concatenate((weights, weights)), np.concatenate((extras, extras))
            size *= 2
        for i in range(count):
            node = settled[i]
            hubs[used], places[used], weights[used], extras[used] = node, place, dist[node], more[node]
            used += 1
        _forget(start, to, pnode, pstart[place], pstart[place + 1], dist, settled, count)
    return hubs[:used], places[:used], weights[:used], extras[:used]


@compiled
def _forget(
    start: Longs, to: Ints, node: Ints, low: int, high: int, dist: Longs, settled: Ints, count: int
) -> None:  # fmt: skip
    for i in range(low, high):
        dist[node[i]] = FAR
    for i in range(count):
        for arc in range(start[settled[i]], start[settled[i] + 1]):
            dist[to[arc]] = FAR


@compiled
def _fill(
    start: Longs, to: Ints, weight: Longs, extra: Longs, ostart: Longs, oto: Ints, oweight: Longs,
    pstart: Longs, pnode: Ints, pweight: Longs, pextra: Longs, low: int, high: int,
    bucket: Longs, place: Ints, pastweight: Longs, pastextra: Longs, best: Longs, bestextra: Longs,
) -> None:  # fmt: skip
    """Rows `low` up to `high` of the answer: meet, at each node the search comes by, what came there from the ends."""
    n = len(start) - 1
    dist, more = np.full(n, FAR, np.int64), np.zeros(n, np.int64)
    room = len(to) + len(pnode) + 1
    keys, items, settled = np.empty(room, np.int64), np.empty(room, np.int32), np.empty(room, np.int32)
    for row in range(low, high):
        held = _seed(pnode, pweight, pextra, pstart[row], pstart[row + 1], dist, more, keys, items)
        count = _upward(start, to, weight, extra, ostart, oto, oweight, dist, more, keys, items, held, settled)
        for i in range(count):
            node = settled[i]
            here, steered = dist[node], more[node]
            for entry in range(bucket[node], bucket[node + 1]):
                total = here + pastweight[entry]
                if total < best[row, place[entry]]:
                    best[row, place[entry]] = total
                    bestextra[row, place[entry]] = steered + pastextra[entry]
        _forget(start, to, pnode, pstart[row], pstart[row + 1], dist, settled, count)


@compiled
def _one(
    start: Longs, to: Ints, weight: Longs, extra: Longs, anode: Ints, aweight: Longs, aextra: Longs,
    bnode: Ints, bweight: Longs, bextra: Longs,
) -> tuple[np.int64, np.int64, np.int32, Ints]:  # fmt: skip
    """Weight, extra, the last node (-1: no way) and for each node the one before it (-1: none)."""
    n = len(start) - 1
    dist, more = np.full(n, FAR, np.int64), np.zeros(n, np.int64)
    before = np.full(n, -1, np.int32)
    keys, items = np.empty(len(to) + len(anode) + 1, np.int64), np.empty(len(to) + len(anode) + 1, np.int32)
    size = _seed(anode, aweight, aextra, 0, len(anode), dist, more, keys, items)
    least = np.int64(0)
    for i in range(len(bnode)):
        least = min(least, bweight[i])
    best, bestextra, last = FAR, np.int64(0), np.int32(-1)
    while size > 0 and keys[0] + least < best:
        key = keys[0]
        node = items[0]
        size = pop(keys, items, size)
        if key > dist[node]:
            continue
        for i in range(len(bnode)):
            if bnode[i] == node and key + bweight[i] < best:
                best, bestextra, last = key + bweight[i], more[node] + bextra[i], node
        for arc in range(start[node], start[node + 1]):
            far = key + weight[arc]
            other = to[arc]
            if far < dist[other]:
                dist[other] = far
                more[other] = more[node] + extra[arc]
                before[other] = node
                size = push(keys, items, size, far, other)
    return best, bestextra, last, before
