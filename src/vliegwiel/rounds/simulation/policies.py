"""Whom to empty today, and what that is worth: seven ways, one of them without sensors.

Each morning a policy says who must be emptied and who may, with a prize in cents; the same router then drives. A prize has
two parts: what an overflow before the next chance would cost, times how likely it is; and what the visit saves later, for
a container that is nearly full needs one soon anyway (its usual cost, times the part of its life that is used up).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.forecast import Belief
from vliegwiel.rounds.simulation.schedules import CYCLE, Schedule
from vliegwiel.rounds.simulation.weighings import Floats, Ints

Mask = npt.NDArray[np.bool_]
VISIT: Final = 0.5
"""Moment of the day at which containers are emptied: noon."""
MUST_LEVEL, MAY_LEVEL = 0.80, 0.60
"""Share of the capacity: the thresholds of Twente Milieu, as the literature gives them."""


class Kind(StrEnum):
    """The policies, by the name they have in figures."""

    PRACTICE = "as_was_done"
    FIXED = "fixed"
    TUNED = "fixed_tuned"
    THRESHOLDS = "thresholds"
    WEIGHED = "prize_collecting_without_sensors"
    COLLECTING = "prize_collecting"
    PERFECT = "perfect_information"


TITLES: Final = {
    Kind.PRACTICE: "vast, als toen gedaan",
    Kind.FIXED: "vast schema",
    Kind.TUNED: "vast schema, afgestemd",
    Kind.THRESHOLDS: "drempels 80/60",
    Kind.WEIGHED: "voorspelling zonder sensoren",
    Kind.COLLECTING: "voorspelling met sensoren",
    Kind.PERFECT: "alles vooraf geweten",
}


@dataclass(frozen=True, slots=True)
class Weights:
    """`overflow`: cents a day may cost on which a container is overfull (chosen in the training period); `life`: how much a
    used-up life counts."""

    overflow: float
    life: float

    def prize(self, overfull: Floats, used: Floats, usual_cost: Floats, mine: Mask) -> Floats:
        """Cents that emptying is worth. `overfull`: days overfull, to be expected until the next visit; `used`: part of its
        life."""
        return np.asarray(self.overflow * overfull + np.where(mine, self.life * usual_cost * used, 0.0))


@dataclass(frozen=True, slots=True)
class Wish:
    """Who must be emptied today, and what emptying is worth in cents [n] (0: not today)."""

    must: Mask
    prize: Floats


@dataclass(frozen=True, slots=True)
class Sensors:
    """What sensors do. `noise`, `bias`: share of the capacity; `alive`: which ones report."""

    noise: float
    bias: float
    alive: Mask

    def read(self, level: Floats, luck: np.random.Generator) -> Floats:
        """Levels as measured, share of the capacity; NaN where nothing is heard. A sensor sees no more than full."""
        seen = np.clip(level + self.bias + self.noise * luck.standard_normal(len(level)), 0.0, 1.0)
        return np.where(self.alive, seen, np.nan)


@dataclass(frozen=True, slots=True)
class Morning:
    """What can be known when the day is planned. `day`: day number; `next_day`: the next one with collection."""

    day: int
    next_day: int
    measured: Floats
    capacity: Floats
    usual_cost: Floats
    """[n]: cents that emptying a location costs in a usual round."""


class Policy(Protocol):
    """A way to decide. It sees mornings and what was emptied, never what will be deposited (but for perfect information)."""

    def wish(self, morning: Morning) -> Wish:
        """Who must, who may."""

    def emptied(self, rows: Ints, day: int, kilograms: Floats, full: Mask) -> None:
        """What was weighed at the trucks."""


@dataclass(frozen=True, slots=True)
class FixedDays:
    """A schedule, whatever is in them."""

    schedule: Schedule

    def wish(self, morning: Morning) -> Wish:
        """All that are on today's list."""
        today = self.schedule[(morning.day + 3) % CYCLE]
        return Wish(today, np.zeros(len(today)))

    def emptied(self, rows: Ints, day: int, kilograms: Floats, full: Mask) -> None:
        """A schedule learns nothing."""


@dataclass(slots=True)
class Thresholds:
    """Above 80 % must, above 60 % may when the detour is small. A silent sensor: the level it would have at its usual rate."""

    life: float
    rate: Floats
    level: Floats

    def wish(self, morning: Morning) -> Wish:
        """By the last reading; where there is none, by the rate of the training period."""
        self.level = np.where(np.isnan(morning.measured), self.level + self.rate / morning.capacity, morning.measured)
        may = self.level >= MAY_LEVEL
        return Wish(self.level >= MUST_LEVEL, np.where(may, self.life * morning.usual_cost, 0.0))

    def emptied(self, rows: Ints, day: int, kilograms: Floats, full: Mask) -> None:
        """An emptied container is empty."""
        self.level[rows] = 0.0


@dataclass(frozen=True, slots=True)
class Turns:
    """Whose turn it is: parts of the district that take turns, so that a day's stops lie together.

    `zone` [n]: which part; `count`: how many parts; `weekdays`: days on which it is somebody's turn; on others
    trucks come only for what would overflow. With one part it is everyone's turn on those days.
    """

    zone: Ints
    count: int
    weekdays: tuple[int, ...]

    def mine(self, day: int) -> Mask:
        """Whose turn it is on a day."""
        if (day + 3) % 7 not in self.weekdays:
            return np.zeros(len(self.zone), dtype=bool)
        return np.asarray(self.zone == self._number(day) % self.count)

    def next_turn(self, day: int) -> int:
        """The next day on which it is the turn of those whose turn it is today (of anybody, when it is nobody's)."""
        later, to_come = day, self.count if (day + 3) % 7 in self.weekdays else 1
        while to_come:
            later += 1
            to_come -= (later + 3) % 7 in self.weekdays
        return later

    def _number(self, day: int) -> int:
        """Turns since the first Monday of 1970."""
        weeks, weekday = divmod(day + 3, 7)
        return weeks * len(self.weekdays) + sum(one < weekday for one in self.weekdays)


@dataclass(slots=True)
class Collecting:
    """Prizes from the forecast. Without sensors the belief lives on weighings alone.

    Whose turn it is, is emptied when that is worth more than its detour; others only when they would overflow tomorrow.
    """

    weights: Weights
    belief: Belief
    error: float
    """Deviation of a reading, share of the capacity."""
    turns: Turns

    def wish(self, morning: Morning) -> Wish:
        """The chance that it overflows before the next visit could come, and how much of its life is used up."""
        heard = np.flatnonzero(~np.isnan(morning.measured))
        capacity = morning.capacity
        self.belief.measure(
            heard, float(morning.day), morning.measured[heard] * capacity[heard], self.error * capacity[heard]
        )
        mine = self.turns.mine(morning.day)
        waits = np.where(mine, self.turns.next_turn(morning.day), morning.next_day)
        days = np.arange(morning.day, waits.max() + 1)
        ahead = self.belief.ahead(days + VISIT)
        used = np.clip(ahead.mean[:, 0] / capacity, 0.0, 1.0)
        # Every day that it is overfull counts, until somebody can come.
        overfull = (ahead.overflow()[:, 1:] * (days[None, 1:] <= waits[:, None])).sum(axis=1)
        prize = self.weights.prize(overfull, used, morning.usual_cost, mine)
        return Wish(np.zeros(len(prize), dtype=bool), prize)

    def emptied(self, rows: Ints, day: int, kilograms: Floats, full: Mask) -> None:
        """The truck weighs: how much came in since the last time."""
        self.belief.empty(rows, day + VISIT, kilograms, full.astype(np.int64))


@dataclass(slots=True)
class Perfect:
    """Knows every deposit to come: the bound that no forecast can pass with the same prizes and the same router."""

    weights: Weights
    deposits: Floats
    """[days, n]: the very stream it is judged by."""
    first_day: int
    content: Floats
    since: Floats
    turns: Turns

    def wish(self, morning: Morning) -> Wish:
        """Which days it would be overfull before the next visit is known, not guessed."""
        today = morning.day - self.first_day
        coming = np.cumsum(self.deposits[today:], axis=0) - self.deposits[today:] * (1 - VISIT)
        room = morning.capacity - self.content
        mine = self.turns.mine(morning.day)
        waits = np.where(mine, self.turns.next_turn(morning.day), morning.next_day) - morning.day
        within = np.arange(1, waits.max() + 1)[:, None] <= waits
        overfull = ((coming > room)[1 : len(within) + 1] & within[: len(coming) - 1]).sum(axis=0)
        until = np.where((coming > room).any(axis=0), np.argmax(coming > room, axis=0), len(coming))
        used = np.clip(self.since / np.maximum(self.since + until - 1, 1.0), 0.0, 1.0)
        prize = self.weights.prize(overfull, used, morning.usual_cost, mine)
        self.content = np.minimum(self.content + self.deposits[today], morning.capacity)
        self.since = self.since + 1
        return Wish(np.zeros(len(prize), dtype=bool), prize)

    def emptied(self, rows: Ints, day: int, kilograms: Floats, full: Mask) -> None:
        """After noon what is deposited stays."""
        self.content[rows] = self.deposits[day - self.first_day][rows] * (1 - VISIT)
        self.since[rows] = 0.5
