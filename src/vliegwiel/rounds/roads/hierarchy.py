"""A contraction hierarchy: nodes are put in order of importance, and shortcuts added, so that each quickest way can be found by
looking only at more important nodes from both ends.

After R. Geisberger, P. Sanders, D. Schultes, D. Delling, "Contraction Hierarchies: Faster and Simpler Hierarchical Routing in
Road Networks" (WEA 2008). Weights are whole numbers, so all sums are exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.roads.compiling import compiled
from vliegwiel.rounds.roads.heap import Ints, Longs, pop, push

FAR: Final = np.int64(2**62)
LOOK: Final = 100
"""How many nodes are looked at to see whether a shortcut is needed. Fewer: faster to build, more shortcuts; never wrong."""


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs out of each node, in rows: those of node i are `start[i]` up to `start[i + 1]`.

    `weight`: what is minimised; `extra`: the part of it that steers, and is no time (see `graph`).
    """

    start: Longs
    to: Ints
    weight: Longs
    extra: Longs

    @property
    def nodes(self) -> int:
        """How many nodes."""
        return len(self.start) - 1


@dataclass(frozen=True, slots=True)
class Hierarchy:
    """Arcs to more important nodes only: `up` along the direction of travel, `down` against it (to search back from the end)."""

    up: Arcs
    down: Arcs


def contract(arcs: Arcs) -> Hierarchy:
    """The hierarchy of a graph."""
    room = 4 * len(arcs.to) + 64
    while True:
        made = _contract(arcs.start, arcs.to, arcs.weight, arcs.extra, room)
        if made[0]:
            return Hierarchy(_rows(*made[1:6]), _rows(*made[6:]))
        room *= 2


def _rows(first: Longs, last: Longs, to: Ints, weight: Longs, extra: Longs) -> Arcs:
    """Arcs that were written node by node, in the order of nodes."""
    count = last - first
    start = np.zeros(len(first) + 1, np.int64)
    np.cumsum(count, out=start[1:])
    take = np.repeat(first - start[:-1], count) + np.arange(start[-1])
    return Arcs(start, to[take], weight[take], extra[take])


# In the functions below a graph that changes is two sets of linked lists, out and in of each node: `head[node]` is the first
# record, `link[record]` the next one (-1: none), `node[record]` the other end. used[0] and used[1] count records.


@compiled
def _find(head: Ints, link: Ints, node: Ints, of: int, other: int) -> int:
    record: int = head[of]
    while record >= 0 and node[record] != other:
        record = link[record]
    return record


@compiled
def _add(head: Ints, link: Ints, node: Ints, of: int, other: int, record: int) -> None:
    node[record] = other
    link[record] = head[of]
    head[of] = record


@compiled
def _drop(head: Ints, link: Ints, node: Ints, of: int, other: int) -> None:
    record = head[of]
    before = -1
    while record >= 0 and node[record] != other:
        before = record
        record = link[record]
    if record >= 0:
        if before < 0:
            head[of] = link[record]
        else:
            link[before] = link[record]


@compiled
def _connect(
    ohead: Ints, olink: Ints, onode: Ints, ihead: Ints, ilink: Ints, inode: Ints, weight: Longs, extra: Longs,
    used: Longs, a: int, b: int, w: int, x: int,
) -> bool:  # fmt: skip
    """An arc from a to b, unless there is one as good. False: no room left. Both lists share the record's number."""
    record = _find(ohead, olink, onode, a, b)
    if record >= 0:
        if weight[record] > w:
            weight[record] = w
            extra[record] = x
        return True
    record = used[0]
    if record >= len(weight):
        return False
    used[0] = record + 1
    _add(ohead, olink, onode, a, b, record)
    _add(ihead, ilink, inode, b, a, record)
    weight[record] = w
    extra[record] = x
    return True


@compiled
def _witness(
    ohead: Ints, olink: Ints, onode: Ints, weight: Longs, start: int, avoid: int, most: int, look: int,
    dist: Longs, touched: Ints, keys: Longs, items: Ints,
) -> int:  # fmt: skip
    """How far others are from `start` without passing `avoid`, as far as looked. Gives how many entries of `touched` count."""
    dist[start] = 0
    touched[0] = start
    count = 1
    size = push(keys, items, 0, 0, start)
    settled = 0
    while size > 0:
        key = keys[0]
        node = items[0]
        size = pop(keys, items, size)
        if key > dist[node]:
            continue
        settled += 1
        if key > most or settled > look:
            break
        record = ohead[node]
        while record >= 0:
            other = onode[record]
            far = key + weight[record]
            if other != avoid and far < dist[other] and count < len(touched) and size < len(keys):
                if dist[other] == FAR:
                    touched[count] = other
                    count += 1
                dist[other] = far
                size = push(keys, items, size, far, other)
            record = olink[record]
    return count


@compiled
def _shortcuts(
    ohead: Ints, olink: Ints, onode: Ints, ihead: Ints, ilink: Ints, inode: Ints, weight: Longs, extra: Longs,
    node: int, dist: Longs, touched: Ints, keys: Longs, items: Ints, wanted: Longs,
) -> int:  # fmt: skip
    """How many shortcuts are needed when this node is passed over; -1: more than there is room for.

    `wanted` gets for each, in its rows of four: from, to, weight, extra.
    """
    needed = 0
    first = ihead[node]
    while first >= 0:
        a = inode[first]
        most = -1
        second = ohead[node]
        while second >= 0:
            if onode[second] != a:
                most = max(most, weight[first] + weight[second])
            second = olink[second]
        if most >= 0:
            count = _witness(ohead, olink, onode, weight, a, node, most, LOOK, dist, touched, keys, items)
            second = ohead[node]
            while second >= 0:
                b = onode[second]
                through = weight[first] + weight[second]
                if b != a and dist[b] > through:
                    if 4 * needed + 4 > len(wanted):
                        return -1
                    wanted[4 * needed], wanted[4 * needed + 1] = a, b
                    wanted[4 * needed + 2], wanted[4 * needed + 3] = through, extra[first] + extra[second]
                    needed += 1
                second = olink[second]
            for i in range(count):
                dist[touched[i]] = FAR
        first = ilink[first]
    return needed


@compiled
def _degree(head: Ints, link: Ints, of: int) -> int:
    count = 0
    record = head[of]
    while record >= 0:
        count += 1
        record = link[record]
    return count


@compiled
def _write(
    head: Ints, link: Ints, node: Ints, weight: Longs, extra: Longs, of: int, at: int,
    to_: Ints, weight_: Longs, extra_: Longs,
) -> int:  # fmt: skip
    """Write the arcs of a node from row `at` on; gives the next free row."""
    record = head[of]
    while record >= 0:
        to_[at] = node[record]
        weight_[at] = weight[record]
        extra_[at] = extra[record]
        at += 1
        record = link[record]
    return at


@compiled
def _detach(
    ohead: Ints, olink: Ints, onode: Ints, ihead: Ints, ilink: Ints, inode: Ints, level: Ints, node: int
) -> None:  # fmt: skip
    """Take a node out of the lists of its neighbours, and raise them above it."""
    record = ohead[node]
    while record >= 0:
        _drop(ihead, ilink, inode, onode[record], node)
        level[onode[record]] = max(level[onode[record]], level[node] + 1)
        record = olink[record]
    record = ihead[node]
    while record >= 0:
        _drop(ohead, olink, onode, inode[record], node)
        level[inode[record]] = max(level[inode[record]], level[node] + 1)
        record = ilink[record]


@compiled
def _contract(start: Longs, to: Ints, weight0: Longs, extra0: Longs, room: int) -> tuple[
    bool, Longs, Longs, Ints, Longs, Longs, Longs, Longs, Ints, Longs, Longs
]:  # fmt: skip
    """Pass over all nodes, least important first. Gives whether there was room, and the arcs up and down as written."""
    n = len(start) - 1
    ohead, ihead = np.full(n, -1, np.int32), np.full(n, -1, np.int32)
    olink, onode = np.empty(room, np.int32), np.empty(room, np.int32)
    ilink, inode = np.empty(room, np.int32), np.empty(room, np.int32)
    weight, extra = np.empty(room, np.int64), np.empty(room, np.int64)
    used, level = np.zeros(1, np.int64), np.zeros(n, np.int32)
    dist, touched = np.full(n, FAR, np.int64), np.empty(4096, np.int32)
    keys, items, wanted = np.empty(4096, np.int64), np.empty(4096, np.int32), np.empty(4 * room, np.int64)
    first, last, down, fall = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, np.int64)
    uto, uweight, uextra = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int64)
    dto, dweight, dextra = np.empty(room, np.int32), np.empty(room, np.int64), np.empty(room, np.int64)
    fits = True
    for a in range(n):
        for arc in range(start[a], start[a + 1]):
            if to[arc] != a:
                fits &= _connect(
                    ohead, olink, onode, ihead, ilink, inode, weight, extra, used, a, to[arc], weight0[arc], extra0[arc]
                )
    order, who, size = np.empty(n + 1, np.int64), np.empty(n + 1, np.int32), 0
    for a in range(n):
        needed = _shortcuts(
            ohead, olink, onode, ihead, ilink, inode, weight, extra, a, dist, touched, keys, items, wanted
        )
        size = push(order, who, size, 2 * needed - _degree(ohead, olink, a) - _degree(ihead, ilink, a), a)
    ups = downs = 0
    while size > 0 and fits:
        node = who[0]
        size = pop(order, who, size)
        needed = _shortcuts(
            ohead, olink, onode, ihead, ilink, inode, weight, extra, node, dist, touched, keys, items, wanted
        )
        rank = 2 * needed - _degree(ohead, olink, node) - _degree(ihead, ilink, node) + level[node]
        if size > 0 and rank > order[0]:
            size = push(order, who, size, rank, node)
            continue
        fits = needed >= 0
        for i in range(0, 4 * needed, 4):
            fits &= _connect(
                ohead, olink, onode, ihead, ilink, inode, weight, extra, used, wanted[i], wanted[i + 1], wanted[i + 2],
                wanted[i + 3],
            )  # fmt: skip
        first[node], down[node] = ups, downs
        ups = _write(ohead, olink, onode, weight, extra, node, ups, uto, uweight, uextra)
        downs = _write(ihead, ilink, inode, weight, extra, node, downs, dto, dweight, dextra)
        last[node], fall[node] = ups, downs
        _detach(ohead, olink, onode, ihead, ilink, inode, level, node)
    return fits, first, last, uto, uweight, uextra, down, fall, dto, dweight, dextra
