"""What roads answer: how far and how long it is between places, and where that was taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from vliegwiel.rounds.planning.problem import Network
from vliegwiel.rounds.roads.places import Point
from vliegwiel.rounds.roads.profiles import DEFAULT, TruckProfile


class Source(StrEnum):
    """Where distances come from. Whoever shows one shows this too."""

    ROADS = "wegen"
    CROW = "hemelsbreed"


@dataclass(frozen=True, slots=True)
class Travel:
    """Distances between all places, in the order asked, a pair of matrices per profile.

    - `sentence`: Dutch, for people: where the figures come from.
    - `version`: changes when the map, the profiles or the way of reckoning do.
    - `off_road`: metres from each place to the road where a truck stops for it (zeros for a straight line).
    """

    network: Network
    source: Source
    sentence: str
    version: str
    off_road: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One drive from place to place: whole metres and seconds, as in the matrices, and the line to draw."""

    metres: int
    seconds: int
    line: tuple[Point, ...]
    source: Source


class Roads(Protocol):
    """Somewhere to ask for distances: a real map (`Area`) or, without one, straight lines (`Crow`)."""

    def travel(self, points: Sequence[Point], profiles: Sequence[TruckProfile] = (DEFAULT,)) -> Travel:
        """Distances between all points for each profile. Raises `PlaceInvalid` for a point that cannot be reached."""

    def leg(self, start: Point, end: Point, profile: TruckProfile = DEFAULT) -> Leg:
        """The quickest drive and its line on the map. Raises `PlaceInvalid` as `travel` does."""

    def route(self, points: Sequence[Point], profile: TruckProfile = DEFAULT) -> tuple[Leg, ...]:
        """The legs between each point and the next."""
