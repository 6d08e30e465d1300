"""The roads of one kind of truck, as arrays: streets with their points, and the graph of turns between them.

The weight of a turn is one whole number: thousandths of a second (the turn, what steers away from it, and the street after it),
times 2^24, plus decimetres of that street. So the quickest way is found and of equally quick ones the shortest, both figures
come out of one sum, and nothing is ever rounded on the way. Decimetres stay below 2^24 for any drive under 1,600 km.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from vliegwiel.rounds.roads.chaining import chains_of
from vliegwiel.rounds.roads.heap import Ints, Longs
from vliegwiel.rounds.roads.hierarchy import Arcs, Hierarchy, contract
from vliegwiel.rounds.roads.places import Floats
from vliegwiel.rounds.roads.profiles import TruckProfile
from vliegwiel.rounds.roads.reading import MapInvalid, Streets
from vliegwiel.rounds.roads.turning import Turns, turns_of

SHIFT: Final = 24
Bools = npt.NDArray[np.bool_]


def packed(ms: int, dm: int) -> int:
    """One weight from thousandths of a second and decimetres."""
    return (ms << SHIFT) + dm


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found in the map, for whoever wonders whether it is complete.

    - `crossings`, `streets`: points of choice, and streets between them (each direction counts).
    - `kilometres`: of road, each direction counted; `cut_off`: streets that cannot be reached and left again, so not used.
    - `restrictions`, `unclear`: turn restrictions followed, and those that could not be placed in the map.
    - `zones`: names of emission zones closed to this truck.
    """

    crossings: int
    streets: int
    kilometres: float
    cut_off: int
    restrictions: int
    unclear: int
    zones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TruckGraph:
    """Streets and turns of one kind of truck.

    Street i has the points `start[i]` up to `start[i + 1]` of `lon`, `lat`, `ms` and `dm` (from its begin), `stops` (whether a
    truck may stop between this point and the next). `twin`: the same street the other way, or -1. `used`: it can be reached
    from, and left to, the rest of the network. State s is at the end of street `street[s]`; `turns` are arcs between states.
    """

    start: Longs
    lon: Floats
    lat: Floats
    ms: Longs
    dm: Longs
    stops: Bools
    twin: Ints
    used: Bools
    street: Ints
    turns: Arcs
    hierarchy: Hierarchy
    facts: Facts


def build(streets: Streets, truck: TruckProfile) -> TruckGraph:
    """The graph of this truck. Raises `MapInvalid` when it can drive nowhere."""
    chains = chains_of(streets, truck)
    if not chains.streets:
        raise MapInvalid(f"Op deze kaart is geen straat waar deze wagen ({truck.key}) mag rijden.")
    turns = turns_of(streets, chains, truck)
    length = np.array([len(street.points) for street in chains.streets])
    start = np.concatenate(([0], np.cumsum(length))).astype(np.int64)
    points = np.concatenate([street.points for street in chains.streets])
    ms = np.concatenate([street.ms for street in chains.streets]).astype(np.int64)
    dm = np.concatenate([street.dm for street in chains.streets]).astype(np.int64)
    arcs = _arcs(turns, ms[start[1:] - 1], dm[start[1:] - 1])
    used = _used(arcs)[: len(chains.streets)]
    twin = np.array([street.twin for street in chains.streets], np.int32)
    stuck = (twin >= 0) & ~(used & used[twin])
    if stuck.any():  # a circle, or a street behind one-way streets: let the truck turn round there, and nowhere else
        turns = turns_of(streets, chains, truck, frozenset(np.flatnonzero(stuck).tolist()))
        arcs = _arcs(turns, ms[start[1:] - 1], dm[start[1:] - 1])
        used = _used(arcs)[: len(chains.streets)]
    facts = Facts(
        crossings=len(chains.into.keys() | chains.out.keys()), streets=len(chains.streets),
        kilometres=round(float(dm[start[1:] - 1].sum()) / 10_000, 1), cut_off=int((~used).sum()), restrictions=turns.rules,
        unclear=turns.unused, zones=chains.zones,
    )  # fmt: skip
    return TruckGraph(
        start, streets.lon[points], streets.lat[points], ms, dm,
        np.concatenate([[*street.stops, False] for street in chains.streets]),
        twin, used, np.array(turns.street, np.int32), arcs,
        contract(arcs), facts,
    )  # fmt: skip


def _arcs(turns: Turns, ms: Longs, dm: Longs) -> Arcs:
    start = np.concatenate(([0], np.cumsum([len(to) for to in turns.to]))).astype(np.int64)
    to = np.array([state for choices in turns.to for state in choices], np.int32)
    costs = np.array([cost for choices in turns.to for cost in choices.values()], np.int64).reshape(-1, 2)
    street = np.array(turns.street, np.int64)[to]
    weight = (costs.sum(axis=1) + ms[street] << SHIFT) + dm[street]
    return Arcs(start, to, weight, costs[:, 1].copy())


def _used(arcs: Arcs) -> Bools:
    """States in the largest part of the network within which each can be reached from each other."""
    shape = (arcs.nodes, arcs.nodes)
    graph = csr_array((np.ones(len(arcs.to), np.int8), arcs.to, arcs.start), shape=shape)
    _, part = connected_components(graph, directed=True, connection="strong")
    found: Bools = part == np.bincount(part).argmax()
    return found
