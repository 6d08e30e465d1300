"""A plan: what each truck does when, what is left for another day and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    """What a truck does at a place."""

    LEAVE = "vertrek"
    EMPTY = "legen"
    TIP = "storten"
    REST = "pauze"
    RETURN = "terug"


class Why(StrEnum):
    """Why a stop is not in the plan."""

    NEVER = "kan nooit"
    NOT_WORTH = "loont niet"
    NO_ROOM = "past niet"
    CHOSEN = "gekozen"


@dataclass(frozen=True, slots=True)
class Activity:
    """One thing a truck does.

    `key` names the stop or the place to tip. Times are seconds since midnight: it arrives, begins, and is done. `load` is what
    is in the truck when it is done; `metres` what it drove to get here.
    """

    doing: Doing
    key: str
    location: int
    arrives: int
    begins: int
    ends: int
    load: tuple[int, ...]
    metres: int


@dataclass(frozen=True, slots=True)
class Route:
    """The day of one truck. `number` tells trucks of the same kind apart, from 1."""

    truck: str
    number: int
    activities: tuple[Activity, ...]

    @property
    def metres(self) -> int:
        """How far it drives."""
        return sum(activity.metres for activity in self.activities)

    @property
    def seconds(self) -> int:
        """From leaving until it is back, the break included."""
        return self.activities[-1].ends - self.activities[0].begins

    @property
    def stops(self) -> tuple[str, ...]:
        """The stops in the order in which they are emptied."""
        return tuple(activity.key for activity in self.activities if activity.doing is Doing.EMPTY)

    @property
    def tips(self) -> int:
        """How often it tips."""
        return sum(activity.doing is Doing.TIP for activity in self.activities)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A stop that is not emptied. `sentence` says why, for the planner."""

    key: str
    why: Why
    must: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A day that was planned. `complete`: every stop that must be emptied is in it. `advice`: what would help if not."""

    routes: tuple[Route, ...]
    skipped: tuple[Skipped, ...]
    advice: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that must be emptied is."""
        return not any(stop.must for stop in self.skipped)

    @property
    def metres(self) -> int:
        """How far all trucks drive."""
        return sum(route.metres for route in self.routes)

    @property
    def seconds(self) -> int:
        """How long all trucks are out."""
        return sum(route.seconds for route in self.routes)
