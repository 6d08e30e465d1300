"""Everything that is needed to let policies live through a period: what is known before it begins, and what will come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast import Belief, Containers, Deposits, fit
from vliegwiel.rounds.simulation.areas import Site
from vliegwiel.rounds.simulation.assumptions import Assumptions
from vliegwiel.rounds.simulation.district import District
from vliegwiel.rounds.simulation.policies import (
    Collecting,
    FixedDays,
    Kind,
    Perfect,
    Policy,
    Sensors,
    Thresholds,
    Turns,
    Weights,
)
from vliegwiel.rounds.simulation.routing import FIRST, Fleet, Roads, Router, long_tour, roads_of
from vliegwiel.rounds.simulation.running import Counted, Stage, live
from vliegwiel.rounds.simulation.schedules import nearest, schedule_of, slowest_within, spread
from vliegwiel.rounds.simulation.streams import World, draw, variation, world_of
from vliegwiel.rounds.simulation.weighings import Floats, Intervals, Ints, Period

PLENTY: Final = 60
"""Trucks with which the need of the fixed schedule is measured."""
LIFE: Final = 0.75
"""What a used-up life counts: an almost full container is worth this part of its usual visit."""
NEAR: Final = 3
"""Neighbours by which the usual detour of a location is told."""
USUAL_DETOUR: Final = 1.5
"""A usual stop costs so many times the way to a near neighbour."""


class Faults(StrEnum):
    """What is wrong with the sensors."""

    NONE = "none"
    STRESS = "dead_and_biased"


@dataclass(frozen=True, slots=True)
class Recipe:
    """A policy with all that was chosen for it in the training period.

    `rhythm`: visits a week for every location (0: as was really done); `safety`: deviations of room that a tuned schedule keeps;
    `overflow`: cents a day with an overflow may cost; `turns`: parts of the district that take turns; `days`: days a week with
    collection (0: all that there are); `spare`: on the other days trucks come for what would overflow.
    """

    kind: Kind
    rhythm: float = 0.0
    safety: float = 0.0
    overflow: float = 0.0
    turns: int = 1
    days: int = 0
    spare: bool = False
    faults: Faults = Faults.NONE


@dataclass(frozen=True, slots=True)
class Trial:
    """A period to live through. `pace`: kilograms a day as known before it begins; `before`: what is believed then."""

    stage: Stage
    world: World
    containers: Containers
    pace: Floats
    shape: float
    rhythm: Floats
    before: Belief
    assumed: Assumptions


def stage_of(district: District, site: Site, assumed: Assumptions, *, trucks: int, steps: int) -> Stage:
    """The locations, the roads and so many trucks."""
    roads = roads_of(district.x, district.y, site.yard, site.tip, assumed)
    service = np.rint(assumed.service_seconds + assumed.lift_seconds * district.containers).astype(np.int64)
    fleet = Fleet(
        trucks, round(assumed.truck_kilograms), assumed.net_shift, assumed.cents_km, assumed.cents_hour,
        assumed.cents_truck_day, round(assumed.tip_seconds), service,
    )  # fmt: skip
    router = Router(roads, fleet, long_tour(roads), steps)
    return Stage(router, district.capacity, district.containers, _usual_cost(roads, fleet, assumed), district.weekdays)


def _usual_cost(roads: Roads, fleet: Fleet, assumed: Assumptions) -> Floats:
    """Cents that a stop costs in a usual round: the time there, and a way like that to its neighbours."""
    between = np.sort(roads.metres[FIRST:, FIRST:], axis=1)[:, 1 : NEAR + 1].mean(axis=1)
    metre = assumed.cents_km / 1000 + assumed.cents_hour / 3600 / (assumed.town_kmh / 3.6)
    return np.asarray(fleet.cents_service + USUAL_DETOUR * between * metre, dtype=np.float64)


def trial_of(district: District, stage: Stage, period: Period, evidence: Intervals, assumed: Assumptions) -> Trial:
    """A period. `evidence`: what was really weighed in and around it. Known before: training intervals that had ended."""
    world = world_of(district, period, evidence)
    whole = district.train.where(district.train.whole & (district.train.end <= world.first_day))
    containers = Containers(district.keys, district.capacity, np.zeros(district.size, dtype=np.int64), ("rest",))
    known = Deposits(whole.row, whole.begin, whole.end, whole.kilograms, np.zeros(len(whole.row), dtype=np.bool_))
    before = fit(containers, known).without_gaps().learned(containers, known, float(world.first_day))
    return Trial(
        stage, world, containers, pace_of(whole, district.size), 1 / variation(whole, district.size), district.rhythm,
        before, assumed,
    )  # fmt: skip


def pace_of(whole: Intervals, size: int) -> Floats:
    """Kilograms a day per location; the mean of all where nothing is known."""
    weight = np.bincount(whole.row, whole.kilograms, minlength=size)
    days = np.bincount(whole.row, whole.end - whole.begin, minlength=size)
    mean = weight.sum() / max(days.sum(), 1e-9)
    return np.where(days > 0, weight / np.maximum(days, 1e-9), max(mean, 1.0))


def policy_of(recipe: Recipe, trial: Trial, deposits: Floats, *, seed: int) -> tuple[Policy, Sensors | None]:
    """A policy as it begins, and the sensors it has. Only perfect information gets to see `deposits`."""
    stage, world = trial.stage, trial.world
    nothing = np.zeros(world.size)
    if recipe.kind in (Kind.FIXED, Kind.PRACTICE, Kind.TUNED):
        visits = visits_a_week(recipe, trial)
        return FixedDays(schedule_of(visits, trial.pace, stage.router.tour, stage.weekdays)), None
    sensors = sensors_of(recipe.faults, trial, seed=seed)
    if recipe.kind is Kind.THRESHOLDS:
        return Thresholds(LIFE, trial.pace, nothing.copy()), sensors
    weights = Weights(recipe.overflow, LIFE)
    turns = turns_of(trial, recipe.turns, recipe.days)
    if recipe.kind is Kind.PERFECT:
        return Perfect(weights, deposits, world.first_day, nothing.copy(), nothing.copy(), turns), None
    error = trial.assumed.sensor_noise / 100
    policy = Collecting(weights, trial.before.copy(), error, turns)
    return policy, (None if recipe.kind is Kind.WEIGHED else sensors)


def visits_a_week(recipe: Recipe, trial: Trial) -> Floats:
    """The rhythms of a fixed schedule."""
    weekdays = trial.stage.weekdays
    if recipe.kind is Kind.PRACTICE:
        return nearest(7 / trial.rhythm, weekdays)
    if recipe.kind is Kind.FIXED:
        return np.full(trial.world.size, recipe.rhythm)
    return slowest_within(_days_to_full(trial, recipe.safety), weekdays)


def _days_to_full(trial: Trial, safety: float) -> Floats:
    """Days T until content plus `safety` deviations fills a container: pace T + safety · pace √(T / shape) = capacity."""
    deviation = safety * trial.pace / np.sqrt(trial.shape)
    root = (-deviation + np.sqrt(deviation**2 + 4 * trial.pace * trial.stage.capacity)) / (2 * trial.pace)
    return np.asarray(root**2, dtype=np.float64)


def turns_of(trial: Trial, count: int, days: int = 0) -> Turns:
    """Parts of the district along the long tour, about as heavy, that take turns on so many days a week (0: on all of them)."""
    order = np.argsort(trial.stage.router.tour)
    upto = np.cumsum(trial.pace[order]) - trial.pace[order] / 2
    zone = np.zeros(trial.world.size, dtype=np.int64)
    zone[order] = np.minimum((upto / trial.pace.sum() * count).astype(np.int64), count - 1)
    return Turns(zone, count, _days(trial.stage, days))


def sensors_of(faults: Faults, trial: Trial, *, seed: int) -> Sensors:
    """Sensors as assumed; under stress some are dead from the first day and the others all read low."""
    assumed, size = trial.assumed, trial.world.size
    alive = np.ones(size, dtype=bool)
    if faults is Faults.NONE:
        return Sensors(assumed.sensor_noise / 100, 0.0, alive)
    luck = np.random.default_rng([11, seed])
    alive[luck.permutation(size)[: round(assumed.dead_share * size)]] = False
    return Sensors(assumed.sensor_noise / 100, assumed.sensor_bias / 100, alive)


def _days(stage: Stage, count: int) -> tuple[int, ...]:
    """So many days of the week, spread as evenly as they can be; all with collection where that is not fewer."""
    return spread(stage.weekdays, count) if 0 < count < len(stage.weekdays) else stage.weekdays


def lived(recipe: Recipe, trial: Trial, seed: int) -> Counted:
    """One policy through one stream."""
    if not recipe.spare:
        trial = replace(trial, stage=replace(trial.stage, weekdays=_days(trial.stage, recipe.days)))
    deposits = draw(trial.world, seed)
    policy, sensors = policy_of(recipe, trial, deposits, seed=seed)
    return live(trial.stage, trial.world, deposits, policy, sensors, seed=seed)


def trucks_needed(district: District, site: Site, assumed: Assumptions, visits: Floats) -> int:
    """What the heaviest day of a fixed schedule takes, when everything on it is as full as usual: the fleet of every policy."""
    stage = stage_of(district, site, assumed, trucks=PLENTY, steps=5)
    whole = district.train.where(district.train.whole)
    pace = pace_of(whole, district.size)
    plan = schedule_of(visits, pace, stage.router.tour, district.weekdays)
    load = np.minimum(pace * 7 / visits, district.capacity)
    most = 1
    for day in range(7):
        rows: Ints = np.flatnonzero(plan[day])
        driven = stage.router.drive(rows, load[rows], np.zeros(len(rows)), np.ones(len(rows), dtype=bool), seed=1)
        most = max(most, driven.trucks)
    return most + 1
