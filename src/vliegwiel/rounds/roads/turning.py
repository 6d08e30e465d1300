"""From streets to turns: which street may follow which, and what the turn costs.

A state is "at the end of this street". Restrictions over more than one street get states of their own: at the end of this street,
having come from there. So any restriction of the map holds, and a shortest path over states is a legal drive.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vliegwiel.rounds.roads.chaining import Chains, Street
from vliegwiel.rounds.roads.places import metres_per_degree
from vliegwiel.rounds.roads.profiles import TruckProfile
from vliegwiel.rounds.roads.reading import Streets, TurnRule
from vliegwiel.rounds.roads.tags import turn_holds

Cost: TypeAlias = tuple[int, int]
"""Thousandths of a second that a turn takes, and those it is avoided for."""
STRAIGHT: Final = 30.0
"""Degrees; less than this is no turn."""
LONGEST: Final = 6
"""Streets between, at most, in a restriction that is followed."""


@dataclass(slots=True)
class Turns:
    """For each state the street at whose end it is, and its turns: to which state, at what cost.

    The first states are the streets themselves, in order. `rules`, `unused`: restrictions followed, and not understood.
    """

    street: list[int]
    to: list[dict[int, Cost]]
    states: dict[int, list[int]] = field(default_factory=dict)
    rules: int = 0
    unused: int = 0

    def of(self, street: int) -> list[int]:
        """All states at the end of this street."""
        return self.states.get(street) or [street]

    def copy(self, state: int) -> int:
        """Another state at the end of the same street, with the same turns."""
        street = self.street[state]
        self.street.append(street)
        self.to.append(dict(self.to[state]))
        self.states.setdefault(street, [street]).append(len(self.to) - 1)
        return len(self.to) - 1


def turns_of(streets: Streets, chains: Chains, truck: TruckProfile, stuck: Collection[int] = ()) -> Turns:
    """All turns that this truck may make. At the end of the streets in `stuck` it turns round where it could go on as well."""
    angles = _Angles(streets)
    turns = Turns(list(range(len(chains.streets))), [{} for _ in chains.streets])
    for point, coming in chains.into.items():
        leaving = chains.out.get(point, [])
        for a in coming:
            turns.to[a] = _turns_from(chains, angles, truck, point, a, leaving, around=a in stuck)
    for rule in streets.rules:
        kind = turn_holds(rule.tags, truck)
        if kind is not None:
            paths = _paths(chains, rule)
            turns.rules += bool(paths)
            turns.unused += not paths
            for path in paths:
                _restrict(turns, path, only=kind == "only")
    return turns


class _Angles:
    """Directions of streets, on a flat map."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        self.east, self.north = metres_per_degree(float(streets.lat.mean()))

    def of(self, a: int, b: int) -> float:
        """Degrees clockwise from the north."""
        lon, lat = self.streets.lon, self.streets.lat
        return math.degrees(math.atan2((lon[b] - lon[a]) * self.east, (lat[b] - lat[a]) * self.north))

    def between(self, one: Street, other: Street) -> float:
        """How far one turns to the right (negative: to the left) from the end of one street into the other."""
        found = self.of(*other.points[:2]) - self.of(*one.points[-2:])
        return (found + 180) % 360 - 180


def _turns_from(
    chains: Chains, angles: _Angles, truck: TruckProfile, point: int, a: int, leaving: list[int], *, around: bool
) -> dict[int, Cost]:
    """Turns at the end of street a. A truck turns round where it cannot go on, and elsewhere only if told so."""
    one, costs = chains.streets[a], truck.turning
    on = [] if point in chains.blocked else [b for b in leaving if b != one.twin]
    wait = costs.signals if point in chains.lights else 0.0
    found = {}
    for b in on:
        other = chains.streets[b]
        angle = angles.between(one, other) if len(on) > 1 or len(leaving) > 2 else 0.0
        turn = costs.right if angle > STRAIGHT else costs.left if angle < -STRAIGHT else 0.0
        steered = costs.destination if other.local and not one.local else 0.0
        found[b] = (round((wait + turn) * 1000), round(steered * 1000))
    if one.twin >= 0 and (around or not on):
        found[one.twin] = (round(costs.back * 1000), round(costs.around * 1000) if on else 0)
    return found


def _paths(chains: Chains, rule: TurnRule) -> list[list[int]]:
    """The streets that a restriction is about, in order; several when a way of the map passes the crossing on both sides."""
    streets = chains.streets
    if rule.point >= 0:
        coming = [a for a in chains.into.get(rule.point, []) if streets[a].last in rule.comes]
        leaving = [b for b in chains.out.get(rule.point, []) if streets[b].first in rule.goes]
        same = bool(set(rule.comes) & set(rule.goes))
        return [[a, b] for a in coming for b in leaving if not same or streets[a].twin == b]
    found: list[list[int]] = []
    begun = [[a] for way in rule.comes for a in chains.ending.get(way, [])]
    for _ in range(LONGEST):
        longer = []
        for path in begun:
            last = streets[path[-1]]
            for b in chains.out.get(last.points[-1], []):
                if len(path) > 1 and streets[b].first in rule.goes and b != last.twin:
                    found.append([*path, b])
                elif (
                    streets[b].first in rule.over and streets[b].last in rule.over and b not in path and b != last.twin
                ):
                    longer.append([*path, b])
        begun = longer
    return found


def _restrict(turns: Turns, path: list[int], *, only: bool) -> None:
    """Forbid the last turn of a path of streets, or all others than it, to who came the whole path."""
    for state in tuple(turns.of(path[0])):
        at = state
        for street in path[1:-1]:
            onward = [to for to in turns.to[at] if turns.street[to] == street]
            if not onward:
                break
            copied = turns.copy(onward[0])
            turns.to[at] = {copied if to == onward[0] else to: cost for to, cost in turns.to[at].items()}
            at = copied
        else:
            turns.to[at] = {
                to: cost for to, cost in turns.to[at].items() if (turns.street[to] == path[-1]) == only
            }  # fmt: skip
