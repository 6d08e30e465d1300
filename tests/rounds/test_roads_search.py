"""The fast search over the hierarchy, the plain search over the graph and SciPy all find the same."""

from __future__ import annotations

import os
from itertools import pairwise

import numpy as np
from hypothesis import given, note, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from vliegwiel.rounds.roads.hierarchy import FAR, Arcs, contract
from vliegwiel.rounds.roads.searching import Ends, many, way

GRAPHS = int(os.environ.get("VLIEGWIEL_RANDOM_GRAPHS", "40"))


def graph(dice: np.random.Generator, nodes: int, degree: int) -> Arcs:
    """Nodes with a few arcs each, to near numbers mostly; extra is a part of the weight."""
    rows = []
    for a in range(nodes):
        near = a + dice.integers(-4, 5, degree)
        to = np.unique(np.where(dice.random(degree) < 0.9, near, dice.integers(0, nodes, degree)) % nodes)
        rows.append(to[to != a])
    start = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    weight = dice.integers(1, 60, start[-1]).astype(np.int64)
    return Arcs(start, np.concatenate(rows).astype(np.int32), weight, weight // 3)


@settings(max_examples=GRAPHS, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(2, 120), st.integers(1, 5))
def test_hierarchy_and_plain_search_find_what_scipy_finds(seed: int, nodes: int, degree: int) -> None:
    note(f"seed {seed}")
    dice = np.random.default_rng(seed)
    arcs = graph(dice, nodes, degree)
    node = dice.integers(0, nodes, 12).astype(np.int32)
    begun, saved = dice.integers(0, 50, 12).astype(np.int64), -dice.integers(0, 50, 12).astype(np.int64)
    # six places, each entered or left at one of two nodes
    rows = np.arange(0, 13, 2, dtype=np.int64)
    starts, ends = Ends(rows, node, begun, begun), Ends(rows, node[::-1].copy(), saved, np.zeros(12, np.int64))
    best, extra = many(contract(arcs), starts, ends, threads=2)
    least = dijkstra(csr_array((arcs.weight.astype(float), arcs.to, arcs.start), shape=(nodes, nodes)))
    for a in range(6):
        for b in range(6):
            wanted = min(
                begun[i] + least[node[i], node[::-1][j]] + saved[j]
                for i in (2 * a, 2 * a + 1)
                for j in (2 * b, 2 * b + 1)
            )
            found = way(arcs, starts, ends, a, b)
            if np.isinf(wanted):
                assert best[a, b] == FAR
                assert found is None
            else:
                assert found is not None
                assert best[a, b] == found.weight == wanted
                assert extra[a, b] >= 0
                assert _weight(arcs, found.nodes) <= found.weight + 50


def _weight(arcs: Arcs, nodes: tuple[int, ...]) -> int:
    """What the steps of a way weigh; fails where there is no arc."""
    total = 0
    for a, b in pairwise(nodes):
        rows = range(arcs.start[a], arcs.start[a + 1])
        total += min(int(arcs.weight[row]) for row in rows if arcs.to[row] == b)
    return total
