"""What has to be planned: stops, trucks, places to tip, and the roads between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from vliegwiel.base.errors import Invalid

Matrix = npt.NDArray[np.int64]

DAY: Final = 24 * 3600


class ProblemInvalid(Invalid):
    """A problem that cannot be right, whatever the plan: says which stop or truck, and why."""


@dataclass(frozen=True, slots=True)
class Window:
    """From when until when something may begin, both included (seconds since midnight)."""

    open: int
    close: int


ALL_DAY: Final = Window(0, DAY)


@dataclass(frozen=True, slots=True)
class Stop:
    """A container (or a cluster at one spot) that may be emptied.

    - `location`: its row in the network.
    - `load`: what it holds, per dimension of the problem.
    - `service`: seconds at the stop.
    - `windows`: when emptying may begin; none means the whole day.
    - `prize`: cents that emptying it today is worth; None: it must be emptied.
    - `truck`: the only truck that may come, if somebody decided so.
    - `trucks`: the only trucks that can come (a narrow street, a crane); empty means all.
    - `fraction`: what kind of waste it is; a truck has one kind a day.
    """

    key: str
    location: int
    load: tuple[int, ...]
    service: int
    windows: tuple[Window, ...] = ()
    prize: int | None = None
    truck: str | None = None
    trucks: tuple[str, ...] = ()
    fraction: str = ""

    def may_come(self, truck: str) -> bool:
        """Whether this truck may empty it, as far as was decided or is possible at all."""
        return self.truck in (None, truck) and (not self.trucks or truck in self.trucks)


@dataclass(frozen=True, slots=True)
class Tip:
    """A place where trucks are emptied. `service`: seconds it takes; `window`: when it may begin.

    `fractions`: the kinds of waste it takes; empty means all.
    """

    key: str
    location: int
    service: int
    window: Window = ALL_DAY
    fractions: tuple[str, ...] = ()

    def takes(self, fraction: str) -> bool:
        """Whether waste of this kind may be tipped here."""
        return not self.fractions or fraction in self.fractions


@dataclass(frozen=True, slots=True)
class Rest:
    """A break of `length` seconds that begins between `earliest` and `latest` (Arbeidstijdenwet, collective agreement)."""

    length: int
    earliest: int
    latest: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """What things cost, in whole cents (or any unit of one's own): a kilometre, an hour, an hour of overtime, a truck a day."""

    kilometre: int = 1000
    hour: int = 0
    overtime_hour: int = 0
    truck: int = 0

    def cents(self, metres: int, seconds: int) -> int:
        """What driving so far and working so long costs, overtime and the truck itself not counted."""
        return metres * self.kilometre // 1000 + seconds * self.hour // 3600


@dataclass(frozen=True, slots=True)
class Truck:
    """A truck with its driver for a day, or `count` of the same.

    - `capacity`: per dimension of the problem; 0 for what it cannot take.
    - `start`, `end`: rows of the network. It ends empty when `empties`.
    - `shift`: leaves no earlier than it opens and is back no later than it closes, `overtime` seconds at most excepted.
    - `tips`: keys of the places where it may tip.
    - `most_stops`, `most_load`: what it may do in the whole day, over all its trips.
    - `onboard`: what is in it when it starts (planning again during the day).
    - `profile`: which matrices of the network hold for it.
    - `fractions`: the kinds of waste it can have, one a day; empty means any. Who can choose from several is one truck.
    - `tariff`: what it costs, where that differs from the tariff of the day.
    """

    key: str
    capacity: tuple[int, ...]
    start: int
    end: int
    shift: Window
    tips: tuple[str, ...] = ()
    empties: bool = True
    rest: Rest | None = None
    overtime: int = 0
    most_stops: int | None = None
    most_load: tuple[int, ...] | None = None
    onboard: tuple[int, ...] = ()
    count: int = 1
    profile: int = 0
    fractions: tuple[str, ...] = ()
    tariff: Tariff | None = None

    def can_have(self, fraction: str) -> bool:
        """Whether it can have waste of this kind."""
        return not self.fractions or fraction in self.fractions


@dataclass(frozen=True, slots=True)
class Network:
    """Metres and seconds from each location to each other, a pair of square matrices per profile of trucks."""

    metres: tuple[Matrix, ...]
    seconds: tuple[Matrix, ...]

    def part(self, rows: Sequence[int]) -> Network:
        """The network of these locations only, in this order."""
        grid = np.ix_(rows, rows)
        return Network(tuple(m[grid].copy() for m in self.metres), tuple(s[grid].copy() for s in self.seconds))

    @property
    def size(self) -> int:
        """How many locations."""
        return int(self.metres[0].shape[0])


@dataclass(frozen=True, slots=True)
class Problem:
    """A day to be planned. Raises `ProblemInvalid` when it cannot be right."""

    stops: tuple[Stop, ...]
    trucks: tuple[Truck, ...]
    tips: tuple[Tip, ...]
    network: Network
    tariff: Tariff = field(default_factory=Tariff)

    def __post_init__(self) -> None:
        if not self.trucks:
            raise ProblemInvalid("Er is geen wagen.")
        _check_network(self.network)
        dimensions = len(self.trucks[0].capacity)
        tips = _unique("Stortplaats", [tip.key for tip in self.tips])
        trucks = _unique("Wagen", [truck.key for truck in self.trucks])
        _unique("Stop", [stop.key for stop in self.stops])
        for truck in self.trucks:
            _check_truck(truck, dimensions, tips, self.network)
        for tip in self.tips:
            _on_map(f"Stortplaats {tip.key}", self.network, tip.location)
            _not_negative(f"Stortplaats {tip.key}", tip.service)
        for stop in self.stops:
            _check_stop(stop, dimensions, trucks, self.network)
        if len({truck.rest for truck in self.trucks if truck.rest is not None}) > 1:
            raise ProblemInvalid("Alle wagens van een dag met een pauze hebben dezelfde regel voor de pauze.")

    @property
    def dimensions(self) -> int:
        """How many kinds of load are counted."""
        return len(self.trucks[0].capacity)

    @property
    def rest(self) -> Rest | None:
        """The rule for the break of whoever has one."""
        return next((truck.rest for truck in self.trucks if truck.rest is not None), None)

    @property
    def fractions(self) -> tuple[str, ...]:
        """The kinds of waste of the stops, in the order of the alphabet."""
        return tuple(sorted({stop.fraction for stop in self.stops}))

    def tip(self, key: str) -> Tip:
        """A place to tip by its key."""
        return next(tip for tip in self.tips if tip.key == key)

    def truck(self, key: str) -> Truck:
        """A truck by its key."""
        return next(truck for truck in self.trucks if truck.key == key)

    def tariff_of(self, truck: Truck) -> Tariff:
        """What this truck costs."""
        return truck.tariff or self.tariff


def _check_network(network: Network) -> None:
    if not network.metres or len(network.metres) != len(network.seconds):
        raise ProblemInvalid("Het wegennet mist afstanden of rijtijden.")
    shape = (network.size, network.size)
    for matrix in (*network.metres, *network.seconds):
        if matrix.shape != shape:
            raise ProblemInvalid("Alle tabellen van het wegennet zijn even groot en vierkant.")
        if matrix.size and (matrix.min() < 0 or np.diagonal(matrix).any()):
            raise ProblemInvalid("Afstanden en rijtijden zijn nooit negatief, en nul van een plek naar zichzelf.")


def _check_truck(truck: Truck, dimensions: int, tips: frozenset[str], network: Network) -> None:
    who = f"Wagen {truck.key}"
    for name, value in (("start", truck.start), ("eind", truck.end)):
        _on_map(f"{who} ({name})", network, value)
    if len(truck.capacity) != dimensions or any(
        len(x) not in (0, dimensions) for x in (truck.onboard, truck.most_load or ())
    ):
        raise ProblemInvalid(f"{who}: inhoud, lading en daglimiet tellen evenveel soorten als de andere wagens.")
    _not_negative(who, *truck.capacity, *truck.onboard, truck.overtime, *(truck.most_load or ()), truck.most_stops or 0)
    if any(have > room for have, room in zip(truck.onboard, truck.capacity, strict=False)):
        raise ProblemInvalid(f"{who} begint voller dan hij kan zijn.")
    if truck.shift.open > truck.shift.close:
        raise ProblemInvalid(f"{who}: de dienst eindigt voor zij begint.")
    if not 0 <= truck.profile < len(network.metres) or truck.count < 1:
        raise ProblemInvalid(f"{who}: het wegennet voor dit soort wagen ontbreekt, of er is geen enkele.")
    if truck.count > 1 and len(truck.fractions) > 1:
        raise ProblemInvalid(
            f"{who}: een wagen die uit soorten afval kan kiezen, is er één. Geef elke wagen een eigen naam."
        )
    if unknown := set(truck.tips) - tips:
        raise ProblemInvalid(f"{who}: stortplaats {', '.join(sorted(unknown))} bestaat niet.")
    if truck.empties and not truck.tips:
        raise ProblemInvalid(f"{who} moet leeg terugkomen en mag nergens storten.")
    if truck.rest is not None:
        _not_negative(who, truck.rest.length, truck.rest.earliest)
        if truck.rest.earliest > truck.rest.latest:
            raise ProblemInvalid(f"{who}: de pauze begint uiterlijk voor zij mag beginnen.")


def _check_stop(stop: Stop, dimensions: int, trucks: frozenset[str], network: Network) -> None:
    who = f"Stop {stop.key}"
    _on_map(who, network, stop.location)
    if len(stop.load) != dimensions:
        raise ProblemInvalid(f"{who}: de lading telt evenveel soorten als de wagens.")
    _not_negative(who, *stop.load, stop.service, stop.prize or 0)
    if stop.truck is not None and stop.truck not in trucks:
        raise ProblemInvalid(f"{who} hoort bij wagen {stop.truck}, en die is er niet.")
    if unknown := set(stop.trucks) - trucks:
        raise ProblemInvalid(f"{who}: wagen {', '.join(sorted(unknown))} is er niet.")
    if any(window.open > window.close for window in stop.windows):
        raise ProblemInvalid(f"{who}: een tijdvenster eindigt voor het begint.")


def _unique(what: str, keys: list[str]) -> frozenset[str]:
    found = frozenset(keys)
    if len(found) != len(keys):
        double = next(key for key in keys if keys.count(key) > 1)
        raise ProblemInvalid(f"{what} {double} komt twee keer voor.")
    return found


def _on_map(who: str, network: Network, location: int) -> None:
    if not 0 <= location < network.size:
        raise ProblemInvalid(f"{who} ligt niet in het wegennet.")


def _not_negative(who: str, *values: int) -> None:
    if any(value < 0 for value in values):
        raise ProblemInvalid(f"{who}: tijden, ladingen en bedragen zijn nooit negatief.")
