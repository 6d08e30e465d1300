"""What the forecast is told: containers, what came in between two emptyings, levels of sensors, and moments as numbers.

A moment is a float: **days of local wall clock since 1970-01-01 00:00** (a Thursday). People throw away by the clock on the
wall, so weekdays and seasons are those of the place; the hour that summer time skips is no matter here. Amounts are in one unit
that the caller chooses for everything of one forecast: litres, or kilograms where trucks weigh.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import polars as pl

from vliegwiel.base.errors import Invalid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

PLACE: Final = ZoneInfo("Europe/Amsterdam")
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001  wall clock on purpose
_DAY: Final = timedelta(days=1)


class EvidenceInvalid(Invalid):
    """Evidence that cannot be right: says which column, and why."""


def days(at: datetime, place: tzinfo = PLACE) -> float:
    """The moment as a number. A datetime without a zone is taken as wall clock already."""
    local = at if at.tzinfo is None else at.astimezone(place).replace(tzinfo=None)
    return (local - _EPOCH) / _DAY


def days_of(seconds: Floats) -> Floats:
    """[m] moments as numbers, from seconds since 1970 (UTC)."""
    utc = pl.from_epoch(pl.Series((seconds * 1e6).astype(np.int64)), time_unit="us").dt.replace_time_zone("UTC")
    wall = utc.dt.convert_time_zone(str(PLACE)).dt.replace_time_zone(None, ambiguous="earliest")
    return np.asarray(wall.dt.epoch("us").to_numpy() / 86_400e6, dtype=np.float64)


def day_of(day: date) -> float:
    """The midnight at which a day begins, as a number."""
    return float((day - _EPOCH.date()).days)


def moment(at: float, place: tzinfo = PLACE) -> datetime:
    """The number as a moment in UTC. In the hour that comes twice in autumn, the first."""
    return (_EPOCH + timedelta(days=float(at))).replace(tzinfo=place).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Containers:
    """Containers (or clusters at one spot) side by side; every array of a forecast has one row for each, in this order.

    - `capacity` [n]: what fits, in the unit of the amounts; infinite where nobody knows.
    - `group` [n]: row of `groups`. A group is `fraction|area`: containers in it learn from each other, and so do
      groups of one fraction.
    """

    keys: tuple[str, ...]
    capacity: Floats
    group: Ints
    groups: tuple[str, ...]

    def __post_init__(self) -> None:
        n = len(self.keys)
        _same_length("containers", n, capacity=self.capacity, group=self.group)
        if n and (self.group.min() < 0 or self.group.max() >= len(self.groups)):
            raise EvidenceInvalid("Een container hoort bij een groep die er niet is.")
        if not bool(np.all(self.capacity > 0)):
            raise EvidenceInvalid("De inhoud van een container is meer dan nul.")

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def fractions(self) -> tuple[str, ...]:
        """The fractions there are, each once."""
        return tuple(dict.fromkeys(name.partition("|")[0] for name in self.groups))

    @property
    def fraction(self) -> Ints:
        """[n] row of `fractions`."""
        row = {name: i for i, name in enumerate(self.fractions)}
        of_group = np.array([row[name.partition("|")[0]] for name in self.groups], dtype=np.int64)
        return of_group[self.group] if len(self.keys) else np.zeros(0, dtype=np.int64)


def containers(keys: list[str], capacity: list[float], groups: list[str]) -> Containers:
    """Containers from plain lists; `groups` names the group of each."""
    names = tuple(dict.fromkeys(groups))
    row = {name: i for i, name in enumerate(names)}
    return Containers(
        tuple(keys),
        np.array(capacity, dtype=np.float64),
        np.array([row[name] for name in groups], dtype=np.int64),
        names,
    )


@dataclass(frozen=True, slots=True)
class Deposits:
    """What came into a container between two moments, one row each.

    - `container` [m]: row of the containers. - `begin`, `end` [m]: days. - `amount` [m]: unit of the forecast.
    - `full` [m]: the container was full at the end, so at least this came in.

    Spans of one container do not overlap. From weighings: the weight at an emptying came in since the emptying before.
    """

    container: Ints
    begin: Floats
    end: Floats
    amount: Floats
    full: Bools

    def __post_init__(self) -> None:
        _same_length(
            "deposits", len(self.container), begin=self.begin, end=self.end, amount=self.amount, full=self.full
        )
        if not bool(np.all(self.end > self.begin)):
            raise EvidenceInvalid("Wat erin kwam, kwam erin tussen twee momenten: het tweede is later.")
        if not bool(np.all(np.isfinite(self.amount))):
            raise EvidenceInvalid("Wat erin kwam is een getal.")

    def __len__(self) -> int:
        return len(self.container)

    def where(self, keep: Bools) -> Deposits:
        """Only those rows."""
        return self.at_rows(np.flatnonzero(keep))

    def at_rows(self, rows: Ints) -> Deposits:
        """Those rows, in that order."""
        return Deposits(self.container[rows], self.begin[rows], self.end[rows], self.amount[rows], self.full[rows])

    def before(self, at: float) -> Deposits:
        """What was known at that moment: the spans that had ended."""
        return self.where(self.end <= at)


@dataclass(frozen=True, slots=True)
class Levels:
    """Readings of sensors: `container` [m], `at` [m] in days, `level` [m] in percent of the capacity (0-100)."""

    container: Ints
    at: Floats
    level: Floats

    def __post_init__(self) -> None:
        _same_length("levels", len(self.container), at=self.at, level=self.level)

    def __len__(self) -> int:
        return len(self.container)

    def where(self, keep: Bools) -> Levels:
        """Only those rows."""
        return Levels(self.container[keep], self.at[keep], self.level[keep])

    def in_order(self) -> Levels:
        """By container, then moment; of two readings at one moment the first; what is no level (NaN) falls out."""
        order = np.lexsort((self.at, self.container))
        container, at, level = self.container[order], self.at[order], self.level[order]
        keep = np.isfinite(level) & np.isfinite(at)
        keep[1:] &= ~((container[1:] == container[:-1]) & (at[1:] == at[:-1]))
        return Levels(container[keep], at[keep], np.clip(level[keep], 0.0, 100.0))


def joined(*parts: Deposits) -> Deposits:
    """All rows of all parts."""
    return Deposits(
        np.concatenate([p.container for p in parts]),
        np.concatenate([p.begin for p in parts]),
        np.concatenate([p.end for p in parts]),
        np.concatenate([p.amount for p in parts]),
        np.concatenate([p.full for p in parts]),
    )


def _same_length(
    what: str, n: int, **columns: npt.NDArray[np.float64] | npt.NDArray[np.int64] | npt.NDArray[np.bool_]
) -> None:
    for name, column in columns.items():
        if column.shape != (n,):
            raise EvidenceInvalid(f"De kolom {name} van {what} heeft {column.shape} rijen in plaats van {n}.")
