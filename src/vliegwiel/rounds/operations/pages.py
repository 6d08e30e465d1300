"""What the pages of the rounds show: plain values, no rows. Times of a plan are seconds since midnight of its day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from vliegwiel.rounds.operations.figures import Numbers


class Group(StrEnum):
    """What a plan does with a container."""

    MUST = "moet"
    MAY = "mag"
    WAIT = "wacht"


@dataclass(frozen=True, slots=True)
class BinLine:
    """A container in a plan. `level`, `high`: percent expected when the truck comes. `stop`: its number in the route of `truck`.

    `overflow`: probability of overflowing before its next chance. `full_on` None: more than a month away, or not known.
    """

    code: str
    name: str
    district: str
    lon: float
    lat: float
    level: int
    high: int
    full_on: date | None
    group: Group
    reason: str
    stop: int | None
    truck: str
    state: str
    by_hand: bool
    overflow: float
    sensor: str

    @property
    def tone(self) -> int:
        """1 (less than 60 %) to 4 (90 % or more), as on the map."""
        return 4 if self.level >= 90 else 3 if self.level >= 80 else 2 if self.level >= 60 else 1

    @property
    def silent(self) -> bool:
        """Whether the sensor tells nothing now, so that the filling is an estimate from earlier weeks."""
        return self.sensor not in GOOD_STATES


@dataclass(frozen=True, slots=True)
class StopLine:
    """A stop of a truck. `number` counts containers; tips and breaks have none."""

    id: UUID
    order: int
    number: int | None
    kind: str
    title: str
    code: str
    arrival: int
    leave: int
    must: bool
    reason: str
    state: str
    done_at: datetime | None
    remark: str
    photo: bool
    by_hand: bool
    lon: float | None
    lat: float | None
    kilograms: float
    litres: float


@dataclass(frozen=True, slots=True)
class TruckLine:
    """What one truck does that day. `line`: lon, lat of the way it drives."""

    code: str
    name: str
    start: int
    end: int
    metres: float
    seconds: int
    stops: tuple[StopLine, ...]
    line: tuple[tuple[float, float], ...]

    @property
    def containers(self) -> int:
        """How many containers it empties."""
        return sum(stop.number is not None for stop in self.stops)

    @property
    def done(self) -> int:
        """How many of them are emptied."""
        return sum(stop.number is not None and stop.state == "done" for stop in self.stops)

    @property
    def blocked(self) -> int:
        """How many could not be emptied."""
        return sum(stop.state == "blocked" for stop in self.stops)

    @property
    def tips(self) -> int:
        """How often it tips."""
        return sum(stop.kind == "tip" for stop in self.stops)

    @property
    def kilograms(self) -> float:
        """What it is expected to bring in."""
        return sum(stop.kilograms for stop in self.stops)


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A depot or a place to tip, on the map."""

    name: str
    lon: float
    lat: float
    depot: bool


@dataclass(frozen=True, slots=True)
class OptionLine:
    """One of the plans to choose from."""

    key: str
    numbers: Numbers
    current: bool


@dataclass(frozen=True, slots=True)
class SavingsLine:
    """The headline of the latest report of savings. Shares 0-1; overflow always goes with it."""

    kilometres: float
    low: float
    high: float
    overflow: float
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DayPage:
    """The plan of a day for a fraction; `plan` None where nothing was planned yet."""

    day: date
    fraction: str
    fractions: tuple[tuple[str, str], ...]
    next_day: date
    previous_day: date
    plan: UUID | None
    version: int
    state: str
    made_at: datetime | None
    made_by: str
    bins: tuple[BinLine, ...]
    trucks: tuple[TruckLine, ...]
    idle_trucks: tuple[tuple[str, str], ...]
    places: tuple[PlaceLine, ...]
    numbers: Numbers | None
    fixed: Numbers | None
    options: tuple[OptionLine, ...]
    changed: bool
    distances: str
    advice: tuple[str, ...]
    notes: tuple[str, ...]
    known_at: datetime | None
    collected: bool
    savings: SavingsLine | None
    alarms: int

    def of(self, group: Group) -> tuple[BinLine, ...]:
        """The containers of a group, in the order of the route, what waits by how full it is."""
        found = [line for line in self.bins if line.group is group]
        if group is Group.WAIT:
            return tuple(sorted(found, key=lambda line: (-line.overflow, -line.level, line.name)))
        return tuple(sorted(found, key=lambda line: (line.truck, line.stop or 0)))

    @property
    def emptied(self) -> int:
        """How many containers this plan empties."""
        return sum(line.group is not Group.WAIT for line in self.bins)

    @property
    def silent(self) -> int:
        """How many sensors say nothing."""
        return sum(line.silent for line in self.bins)


GOOD_STATES = frozenset({"", "ok", "goed", "good"})
