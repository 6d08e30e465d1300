"""From forecasts to a day: which containers must, may and need not be emptied, what emptying is worth, and why the others wait.

Emptying a container today is worth what it prevents: the chance that it is full before a truck can come again, times what an
overflow costs (as in Wouda, Aerts-Veenstra and van Foreest, arXiv 2409.13386). A container that is likely to overflow must be
emptied whatever the detour; one that is almost sure to hold out is not even looked at. Loads are (kilograms, litres).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.planning.planning import plan
from vliegwiel.rounds.planning.plans import Doing, Plan
from vliegwiel.rounds.planning.problem import Network, Problem, Stop, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.reasons import NO_TRUCK, euro, kilometres

ON_THE_WAY: Final = 0.5
"""Part of the value of emptying below which a detour is told as "on the way"."""


class Need(StrEnum):
    """Whether a container is emptied today."""

    MUST = "moet"
    MAY = "mag"
    NOT = "hoeft niet"


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is known of a container on the morning of the day.

    - `location`: its row in the network. `litres`: how much goes in.
    - `level`: percent that it is full when the truck comes, as expected; `level_high`: 95 % sure it is no more.
    - `overflow`: chance (0..1) that it is full within 1, 2, ... days if it is not emptied.
    - `kilograms`: what is in it, as expected.
    - `trucks`: the only trucks that can empty it; `truck`: the one that somebody chose, so that it must be emptied.
    - `urgent`: why it must be emptied whatever its level (a report, a promise); empty if nothing is.
    - `next_chance`: days until a truck can come again if not today.
    - `rate`: percent a day that it fills, as expected; 0 when unknown.
    - `sensor`: what is wrong with its sensor, in words; empty if nothing is.
    """

    key: str
    location: int
    litres: int
    level: float
    level_high: float
    overflow: tuple[float, ...]
    kilograms: int
    service: int
    windows: tuple[Window, ...] = ()
    trucks: tuple[str, ...] = ()
    fraction: str = ""
    truck: str | None = None
    urgent: str = ""
    next_chance: int = 1
    rate: float = 0.0
    sensor: str = ""

    def __post_init__(self) -> None:
        numbers = (self.level, self.level_high, self.rate, *self.overflow)
        if not np.isfinite(numbers).all() or min(self.litres, self.kilograms, self.service, self.next_chance) < 0:
            raise Invalid(f"Container {self.key}: de vooruitblik heeft een getal dat niet kan.")
        if any(not 0.0 <= chance <= 1.0 for chance in self.overflow):
            raise Invalid(f"Container {self.key}: een kans ligt tussen 0 en 1.")

    def risk(self, days: int | None = None) -> float:
        """Chance that it is full within so many days; without a number until the next chance. 0 when nothing is known."""
        within = self.next_chance if days is None else days
        if within < 1 or not self.overflow:
            return 0.0
        return self.overflow[min(within, len(self.overflow)) - 1]


@dataclass(frozen=True, slots=True)
class Rule:
    """How levels and chances become must, may and need not.

    - `overflow_cents`: what one overflow costs: waste beside the container, a special trip, annoyance. A choice of the
      municipality, not a measurement.
    - `must_above`, `may_above`: chances of an overflow before the next chance.
    - `must_level`, `may_level`: percent full; when given they decide instead of the chances (the 80/60 rule).
    - `caution`: how much of the way from the expected to the high level counts for the load: 0 none, 1 all.
    """

    overflow_cents: int = 6000
    must_above: float = 0.30
    may_above: float = 0.01
    must_level: float | None = None
    may_level: float | None = None
    caution: float = 0.25


@dataclass(frozen=True, slots=True)
class Judged:
    """What was decided of a container: its need, what emptying it is worth in cents (None: it must), and why."""

    outlook: Outlook
    need: Need
    prize: int | None
    sentence: str

    @property
    def key(self) -> str:
        """The container."""
        return self.outlook.key


@dataclass(frozen=True, slots=True)
class Day:
    """A day to be planned, and what was decided of every container, planned or not."""

    problem: Problem
    judged: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Emptied:
    """A container that is in the plan, and why."""

    key: str
    must: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A container that is not in the plan, and why. `overflow`: the chance that it is full before the next chance, in so
    many days."""

    key: str
    need: Need
    sentence: str
    overflow: float
    next_chance: int


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A planned day. Every container is in exactly one of `emptied` and `waiting`."""

    problem: Problem
    plan: Plan
    emptied: tuple[Emptied, ...]
    waiting: tuple[Waiting, ...]


def judge(outlooks: Sequence[Outlook], rule: Rule, tariff: Tariff) -> tuple[Judged, ...]:
    """What must, may and need not be emptied."""
    return tuple(_judge(one, rule, tariff) for one in outlooks)


def _judge(one: Outlook, rule: Rule, tariff: Tariff) -> Judged:
    risk = one.risk()
    prize = round(rule.overflow_cents * risk)
    state = _state(one)
    when = _until(one.next_chance)
    if one.urgent:
        return Judged(one, Need.MUST, None, f"{_sentence(one.urgent)} De container is {state}.")
    if one.truck is not None:
        return Judged(one, Need.MUST, None, f"Door de planner op wagen {one.truck} gezet. De container is {state}.")
    must = one.level >= rule.must_level if rule.must_level is not None else risk >= rule.must_above
    if must:
        return Judged(one, Need.MUST, None, f"{_first(state)}; de kans dat hij {when} overloopt is {_percent(risk)}.")
    below = one.level < rule.may_level if rule.may_level is not None else risk < rule.may_above
    if below:
        return Judged(one, Need.NOT, prize, f"{_first(state)}; de kans dat hij {when} overloopt is {_percent(risk)}.")
    time = tariff.cents(0, one.service)
    if rule.may_level is None and prize <= time:
        sentence = f"{_first(state)}; legen is vandaag {euro(prize)} waard en kost alleen al aan tijd {euro(time)}."
        return Judged(one, Need.NOT, prize, sentence)
    return Judged(one, Need.MAY, prize, f"{_first(state)}; de kans dat hij {when} overloopt is {_percent(risk)}.")


def day_of(
    outlooks: Sequence[Outlook],
    trucks: Sequence[Truck],
    tips: Sequence[Tip],
    network: Network,
    tariff: Tariff,
    rule: Rule,
    *,
    more: Mapping[str, int] | None = None,
) -> Day:
    """The day as a problem: what must and what may be emptied.

    A container whose trucks do not drive today waits. `more`: cents that emptying a container today is worth besides, because
    it need not be done later this week (see `horizon`).
    Raises `ProblemInvalid` when trucks, tips or places cannot be right.
    """
    judged = judge(outlooks, rule, tariff)
    if more:
        judged = tuple(_worth_more(one, more.get(one.key, 0)) for one in judged)
    driving = frozenset(truck.key for truck in trucks)
    judged = tuple(one if _can_come(one.outlook, driving) else _nobody_comes(one) for one in judged)
    stops = tuple(
        stop_of(_only(one.outlook, driving), rule, one.prize)
        for one in judged
        if one.need is not Need.NOT and _can_come(one.outlook, driving)
    )
    return Day(Problem(stops, tuple(trucks), tuple(tips), network, tariff), judged)


def _can_come(one: Outlook, driving: Collection[str]) -> bool:
    """Whether a truck drives that may come."""
    return one.truck in (None, *driving) and (not one.trucks or any(key in driving for key in one.trucks))


def _only(one: Outlook, driving: Collection[str]) -> Outlook:
    """With the trucks that drive, of those that can empty it."""
    return replace(one, trucks=tuple(key for key in one.trucks if key in driving))


def _nobody_comes(one: Judged) -> Judged:
    return replace(one, sentence=f"{one.sentence} {NO_TRUCK}")


def _worth_more(one: Judged, cents: int) -> Judged:
    if one.prize is None or cents <= 0:
        return one
    sentence = f"{_first(_state(one.outlook))}; hem vandaag legen bespaart later deze week {euro(cents)}."
    return replace(one, need=Need.MAY, prize=one.prize + cents, sentence=sentence)


def stop_of(outlook: Outlook, rule: Rule, prize: int | None = None) -> Stop:
    """A container as a stop. `prize`: what emptying it today is worth in cents; None: it must be emptied."""
    level = outlook.level + rule.caution * max(outlook.level_high - outlook.level, 0.0)
    level = min(max(level, 0.0), 100.0)
    # More waste than expected weighs more than expected.
    kilograms = outlook.kilograms * (level / outlook.level if outlook.level > 0 else 1.0)
    return Stop(
        outlook.key,
        outlook.location,
        (round(kilograms), round(outlook.litres * level / 100)),
        outlook.service,
        outlook.windows,
        prize,
        outlook.truck,
        outlook.trucks,
        outlook.fraction,
    )


def plan_day(
    day: Day, *, seconds: float = 10.0, seed: int = 1, processes: int = 1, onwards: Plan | None = None
) -> DayPlan:
    """Plan the day in about so many seconds, with a reason for every container."""
    return told(day, plan(day.problem, seconds=seconds, seed=seed, processes=processes, onwards=onwards))


def told(day: Day, made: Plan) -> DayPlan:
    """A plan of this day, with a reason for every container."""
    detour = _detours(day.problem, made)
    skipped = {stop.key: stop for stop in made.skipped}
    emptied: list[Emptied] = []
    waiting: list[Waiting] = []
    for one in day.judged:
        if one.key in detour:
            emptied.append(Emptied(one.key, one.need is Need.MUST, _why_emptied(one, detour[one.key])))
            continue
        sentence = one.sentence
        if one.key in skipped:
            sentence = f"{sentence} {skipped[one.key].sentence}"
        waiting.append(Waiting(one.key, one.need, sentence, one.outlook.risk(), one.outlook.next_chance))
    return DayPlan(day.problem, made, tuple(emptied), tuple(waiting))


def _why_emptied(one: Judged, detour: tuple[int, int]) -> str:
    metres, cents = detour
    if one.prize is None:
        return one.sentence
    if cents <= one.prize * ON_THE_WAY:
        return f"{one.sentence} Ligt op de route: {kilometres(max(metres, 0))} om."
    return f"{one.sentence} De omweg van {kilometres(max(metres, 0))} kost {euro(cents)}; legen is {euro(one.prize)} waard."


def _detours(problem: Problem, made: Plan) -> dict[str, tuple[int, int]]:
    """Per planned stop what it adds to its route: metres, and cents with the time it takes."""
    service = {stop.key: stop.service for stop in problem.stops}
    found: dict[str, tuple[int, int]] = {}
    for route in made.routes:
        truck = problem.truck(route.truck)
        metres, seconds = problem.network.metres[truck.profile], problem.network.seconds[truck.profile]
        acts = route.activities
        for before, here, after in zip(acts, acts[1:], acts[2:], strict=False):
            if here.doing is not Doing.EMPTY or here.key not in service:
                continue
            a, at, b = before.location, here.location, after.location
            far = int(metres[a, at] + metres[at, b] - metres[a, b])
            long = max(int(seconds[a, at] + seconds[at, b] - seconds[a, b]), 0) + service[here.key]
            found[here.key] = far, problem.tariff_of(truck).cents(far, long)
    return found


def _state(one: Outlook) -> str:
    return f"{_percent(one.level / 100)} vol{f' ({one.sensor})' if one.sensor else ''}"


def _until(days: int) -> str:
    return "voor morgen" if days <= 1 else f"binnen {days} dagen"


def _percent(share: float) -> str:
    if 0.0 < share < 0.01:
        return "minder dan 1 %"
    return f"{round(share * 100)} %"


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sentence(text: str) -> str:
    text = _first(text.strip())
    return text if text.endswith((".", "?")) else f"{text}."
