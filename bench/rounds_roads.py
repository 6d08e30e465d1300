"""Roads: a made-up town of 20,000 crossings, from map file to a graph for trucks, a matrix of 1,000 places and lines to draw."""

from __future__ import annotations

import resource
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
from osmium.osm.mutable import Node, Relation, Way
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from bench.figures import percentile, seconds, table
from vliegwiel.rounds.roads import DEFAULT, Area, Crow, Point
from vliegwiel.rounds.roads.entering import ends_of, entries_of, starts_of
from vliegwiel.rounds.roads.graph import SHIFT
from vliegwiel.rounds.roads.places import arrays, metres_per_degree
from vliegwiel.rounds.roads.searching import many, way

SIDE = 142
PLACES = 1000
SAMPLE = 40
WEST, SOUTH = 4.40, 52.10


def draw(file: Path, side: int, dice: np.random.Generator) -> None:
    """A town of crooked blocks of about 90 m: main roads every eighth street, a quarter one-way, a tenth of blocks without a
    street, two bends in each, and a turn restriction at one crossing in ten."""
    east, north = metres_per_degree(SOUTH)
    spot = np.stack(np.meshgrid(np.arange(side), np.arange(side), indexing="ij"), -1) * 90.0 + dice.normal(
        0, 12, (side, side, 2)
    )
    ways: list[tuple[int, int, list[tuple[float, float]], dict[str, str]]] = []
    for i in range(side):
        for j in range(side):
            for k, m, line in ((i + 1, j, j), (i, j + 1, i)):
                main = line % 8 == 0
                if k >= side or m >= side or (not main and dice.random() < 0.1):
                    continue
                bends = [
                    tuple(spot[i, j] + share * (spot[k, m] - spot[i, j]) + dice.normal(0, 3, 2))
                    for share in (0.33, 0.67)
                ]
                tags = (
                    {"highway": "secondary", "maxspeed": "50"} if main else {"highway": "residential", "maxspeed": "30"}
                )
                if not main and dice.random() < 0.25:
                    tags["oneway"] = "yes"
                ways.append((i * side + j, k * side + m, bends, tags))
    with osmium.SimpleWriter(str(file)) as out:
        number = side * side

        def node(at: int, x: float, y: float) -> None:
            out.add_node(Node(id=at + 1, version=1, location=(WEST + x / east, SOUTH + y / north)))

        for at, (x, y) in enumerate(spot.reshape(-1, 2)):
            node(at, float(x), float(y))
        for _, _, bends, _ in ways:
            for x, y in bends:
                node(number, x, y)
                number += 1
        number = side * side
        touching: dict[int, list[int]] = {}
        for row, (a, b, _, tags) in enumerate(ways, start=1):
            out.add_way(Way(id=row, version=1, nodes=[a + 1, number + 1, number + 2, b + 1], tags=tags))
            touching.setdefault(a, []).append(row)
            touching.setdefault(b, []).append(row)
            number += 2
        for row, (at, near) in enumerate((item for item in touching.items() if dice.random() < 0.1), start=1):
            if len(near) > 2:
                members = [("w", near[0], "from"), ("n", at + 1, "via"), ("w", near[1], "to")]
                tags = {"type": "restriction", "restriction": "no_left_turn"}
                out.add_relation(Relation(id=row, version=1, members=members, tags=tags))


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder, dice = Path(name), np.random.default_rng(2026)
        small, file = folder / "klein.osm.pbf", folder / "stad.osm.pbf"
        draw(small, 6, dice)
        draw(file, SIDE, dice)
        points = [
            Point(WEST + dice.uniform(0.005, SIDE * 90 / 68_500), SOUTH + dice.uniform(0.005, SIDE * 90 / 111_300))
            for _ in range(PLACES)
        ]
        first = seconds(lambda: _warm(small))
        cache = folder / "cache"
        built = seconds(lambda: Area.open(file, cache=cache).facts())
        opened = seconds(lambda: Area.open(file, cache=cache).facts())
        area = Area.open(file, cache=cache)
        facts = area.facts()
        _show_area(facts.crossings, facts.streets, file.stat().st_size, first, built, opened)
        _show_matrix(area, points)
        _show_legs(area, points)


def _warm(file: Path) -> None:
    """Let everything be compiled before it is measured."""
    area, points = Area.open(file), [Point(WEST + 0.001, SOUTH + 0.001), Point(WEST + 0.004, SOUTH + 0.002)]
    area.travel(points)
    area.route(points)


def _show_area(crossings: int, streets: int, size: int, first: float, built: float, opened: float) -> None:
    table(
        f"Kaart van {size / 2**20:.1f} MiB: {crossings:,} kruispunten, {streets:,} straten (elke richting telt)",
        ("wat", "s"),
        [
            ("eerste keer op deze machine: vertalen naar machinecode", first),
            ("lezen, rijverboden, samentrekken tot hiërarchie", built),
            ("openen uit de cache", opened),
        ],
    )


def _show_matrix(area: Area, points: list[Point]) -> None:
    graph = area._of(DEFAULT).graph
    spots = area._spots(DEFAULT, *arrays(points))
    entries = entries_of(graph, spots)
    starts, ends = starts_of(graph, entries), ends_of(graph, entries)
    best, _ = many(graph.hierarchy, starts, ends)
    timed = [seconds(lambda: many(graph.hierarchy, starts, ends)) for _ in range(3)]
    one = seconds(lambda: many(graph.hierarchy, starts, ends, threads=1))
    whole = seconds(lambda: area.travel(points))
    again = seconds(lambda: area.travel(points))
    arcs = graph.turns
    matrix = csr_array((arcs.weight.astype(np.float64), arcs.to, arcs.start), shape=(arcs.nodes, arcs.nodes))
    node = starts.node[starts.start[:SAMPLE]]
    scipy = seconds(lambda: dijkstra(matrix, indices=node)) / SAMPLE * PLACES
    plain = seconds(lambda: [way(arcs, starts, ends, 0, i) for i in range(1, SAMPLE)]) / SAMPLE
    same = sum((w := way(arcs, starts, ends, 0, i)) is not None and w.weight == best[0, i] for i in range(1, SAMPLE))
    table(
        f"Tabel van {PLACES:,} × {PLACES:,} plekken op {arcs.nodes:,} toestanden en {len(arcs.to):,} afslagen",
        ("hoe", "s"),
        [
            ("hiërarchie, alle kernen", min(timed)),
            ("hiërarchie, 1 draad", one),
            ("alles samen: plekken op de weg zetten, tabel, bewaren", whole),
            ("dezelfde vraag nog eens (cache)", again),
            (f"SciPy Dijkstra (uit {SAMPLE} rijen), zelfde graaf", scipy),
        ],
    )
    crow = Crow(detour=1.0).travel(points).network.metres[0]
    detour = ((best & ((1 << SHIFT) - 1)) // 10).sum() / crow.sum()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(f"  gelijk aan Dijkstra: {same} van {SAMPLE - 1}; een losse weg {plain * 1000:.1f} ms; omweg {detour:.2f}")
    print(f"  geheugen op het hoogste punt: {memory:.0f} MiB\n")


def _show_legs(area: Area, points: list[Point]) -> None:
    order = sorted(range(200), key=lambda i: (int(points[i].lon * 100), points[i].lat))
    times = [seconds(partial(area.leg, points[a], points[b])) for a, b in pairwise(order)]
    table(
        "Lijn op de kaart van een rit tussen twee stops",
        ("ritten", "mediaan ms", "95 % ms"),
        [(len(times), percentile(times, 0.5) * 1000, percentile(times, 0.95) * 1000)],
    )


if __name__ == "__main__":
    main()
