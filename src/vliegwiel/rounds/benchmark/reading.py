"""Read an instance in the text form of Kim et al. and make a problem of it.

Distances are |dx| + |dy|, in feet; they go as "metres" into the problem, so costs and routes are in feet too. Seconds are
rounded up and feet to the nearest, so that a plan is never quicker than the roads allow.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

import numpy as np

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.planning import Network, Problem, Rest, Stop, Tariff, Tip, Truck, Window

FEET_A_MILE: Final = 5280
DEPOT, STOP, TIP = 0, 1, 2
LUNCH_FROM, LUNCH_UNTIL = 11 * 3600, 12 * 3600
MOST_STOPS: Final = 20_000


class InstanceInvalid(Invalid):
    """The file is not an instance: says which line and what it should be."""


@dataclass(frozen=True, slots=True)
class Site:
    """A line of the file. Times in seconds since midnight, feet and yards as they stand there."""

    key: str
    x: Decimal
    y: Decimal
    opens: int
    closes: int
    service: int
    load: Decimal
    kind: int


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance: what a vehicle can do, and the sites."""

    capacity: Decimal
    most_load: Decimal
    most_stops: int
    lunch: int
    speed: Decimal
    sites: tuple[Site, ...]

    def of_kind(self, kind: int) -> list[Site]:
        """The sites of one kind, in the order of the file."""
        return [site for site in self.sites if site.kind == kind]


def load(path: Path) -> Instance:
    """Read a file. Raises `InstanceInvalid`."""
    try:
        return parse(path.read_text(encoding="utf-8", errors="strict"))
    except (OSError, UnicodeDecodeError) as error:
        raise InstanceInvalid(f"{path.name} is niet te lezen.") from error


def parse(text: str) -> Instance:
    """Read the text of an instance. Raises `InstanceInvalid`."""
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) < 8:
        raise InstanceInvalid("Hier hoort een instantie te staan: vijf regels met grenzen, een kopregel en de plekken.")
    capacity, most_load, most_stops, lunch, speed = (_setting(number, line) for number, line in lines[:5])
    sites = tuple(_site(number, line) for number, line in lines[6:])
    if len(sites) > MOST_STOPS:
        raise InstanceInvalid(f"Dit zijn meer dan {MOST_STOPS} plekken.")
    instance = Instance(capacity, most_load, int(most_stops), int(lunch), speed, sites)
    _check(instance)
    return instance


def _setting(number: int, line: str) -> Decimal:
    value = _number(number, line.partition("//")[0].strip())
    if value < 0:
        raise InstanceInvalid(f"Regel {number}: een grens is niet negatief.")
    return value


def _site(number: int, line: str) -> Site:
    words = line.partition("//")[0].split()
    if len(words) != 8:
        raise InstanceInvalid(f"Regel {number}: hier horen acht getallen te staan, en er staan er {len(words)}.")
    key = words[0]
    x, y, opens, closes, service, load_, kind = (_number(number, word) for word in words[1:])
    if kind not in (DEPOT, STOP, TIP):
        raise InstanceInvalid(f"Regel {number}: de soort is 0 (depot), 1 (stop) of 2 (stortplaats).")
    if service < 0 or load_ < 0:
        raise InstanceInvalid(f"Regel {number}: tijd en lading zijn niet negatief.")
    return Site(key, x, y, _clock(number, opens), _clock(number, closes), math.ceil(service), load_, int(kind))


def _number(number: int, word: str) -> Decimal:
    try:
        value = Decimal(word)
    except InvalidOperation:
        raise InstanceInvalid(f"Regel {number}: '{word[:40]}' is geen getal.") from None
    if not value.is_finite() or abs(value) > 10**9:
        raise InstanceInvalid(f"Regel {number}: '{word[:40]}' is te groot.")
    return value


def _clock(number: int, hhmm: Decimal) -> int:
    hours, minutes = divmod(int(hhmm), 100)
    if hhmm != int(hhmm) or not 0 <= hours <= 24 or not 0 <= minutes < 60:
        raise InstanceInvalid(f"Regel {number}: {hhmm} is geen tijd (UUMM).")
    return hours * 3600 + minutes * 60


def _check(instance: Instance) -> None:
    if len(instance.of_kind(DEPOT)) != 1:
        raise InstanceInvalid("Er hoort precies één depot te zijn.")
    if not instance.of_kind(STOP) or not instance.of_kind(TIP):
        raise InstanceInvalid("Er horen stops en minstens één stortplaats te zijn.")
    if not instance.capacity or not instance.speed or not instance.most_stops or not instance.most_load:
        raise InstanceInvalid("Inhoud, daglimieten en snelheid zijn groter dan nul.")
    keys = [site.key for site in instance.of_kind(STOP)]
    if len(set(keys)) != len(keys):
        raise InstanceInvalid("Een stop komt twee keer voor.")
    if any(site.opens > site.closes for site in instance.sites):
        raise InstanceInvalid("Een plek sluit voor zij opent.")


def problem_of(instance: Instance, *, trucks: int) -> Problem:
    """The problem for our planner, with so many trucks. Loads are whole numbers in the smallest part of a yard that occurs."""
    scale = _scale(instance)
    depot, tips, stops = (instance.of_kind(kind) for kind in (DEPOT, TIP, STOP))
    sites = [*depot, *tips, *stops]
    x = np.array([float(site.x) for site in sites])
    y = np.array([float(site.y) for site in sites])
    feet = np.abs(x[:, None] - x[None, :]) + np.abs(y[:, None] - y[None, :])
    seconds = np.ceil(np.round(feet / (float(instance.speed) * FEET_A_MILE / 3600), 6)).astype(np.int64)
    truck = Truck(
        "wagen",
        capacity=(int(instance.capacity * scale),),
        start=0,
        end=0,
        shift=Window(depot[0].opens, depot[0].closes),
        tips=tuple(f"stort-{n}" for n in range(len(tips))),
        rest=Rest(instance.lunch, LUNCH_FROM, LUNCH_UNTIL) if instance.lunch else None,
        most_stops=instance.most_stops,
        most_load=(int(instance.most_load * scale),),
        count=trucks,
    )
    return Problem(
        stops=tuple(
            Stop(
                site.key, 1 + len(tips) + n, (int(site.load * scale),), site.service, (Window(site.opens, site.closes),)
            )
            for n, site in enumerate(stops)
        ),
        trucks=(truck,),
        tips=tuple(
            Tip(f"stort-{n}", 1 + n, site.service, Window(site.opens, site.closes)) for n, site in enumerate(tips)
        ),
        network=Network((np.rint(feet).astype(np.int64),), (seconds,)),
        tariff=Tariff(kilometre=1),
    )


def _scale(instance: Instance) -> int:
    numbers = [instance.capacity, instance.most_load, *(site.load for site in instance.sites)]
    decimals = max(len(f"{number.normalize():f}".partition(".")[2]) for number in numbers)
    return int(10 ** min(decimals, 6))
