"""Choose in the training period, compare in the planned one: the whole simulation, over several processes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Final

from vliegwiel.rounds.simulation.areas import Site
from vliegwiel.rounds.simulation.assumptions import Assumptions, listed
from vliegwiel.rounds.simulation.district import District
from vliegwiel.rounds.simulation.measures import Measure, measures
from vliegwiel.rounds.simulation.notes import notes_of
from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.report import (
    Facts,
    Point,
    Savings,
    gains_of,
    name_of,
    pair_of,
    row_of,
    settings_of,
)
from vliegwiel.rounds.simulation.running import Counted, Stage
from vliegwiel.rounds.simulation.schedules import rhythms
from vliegwiel.rounds.simulation.trial import Faults, Recipe, Trial, lived, stage_of, trial_of, trucks_needed
from vliegwiel.rounds.simulation.tuning import PRICES, SAFETIES, Chosen, choose, choosing_period

FRONTIER_SEEDS: Final = 4
"""Streams with which the frontier is drawn: a line, not a verdict."""
Told = Callable[[str, float], None]
"""What is being done, and which part of it is done (0 to 1)."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How thorough: `seeds` streams, `steps` of search per plan, `processes` at a time; `allowed`: percent of container-days."""

    seeds: int = 50
    steps: int = 20
    processes: int = 2
    allowed: float = 1.0
    extras: bool = True
    """Also the stress test and the frontier."""


_TRIAL: list[Trial] = []
"""The trial of this process, set once when it starts: it is too big to send with every task."""


def compare(district: District, site: Site, assumed: Assumptions, settings: Settings, told: Told) -> Savings:
    """The whole simulation. Takes minutes; `told` hears how far it is."""
    started = time.monotonic()
    chosen, stage = _chosen(district, site, assumed, settings, told)
    trial = trial_of(district, stage, district.plan_period, district.real, assumed)
    stress = tuple(
        replace(recipe, faults=Faults.STRESS)
        for recipe in chosen.recipes
        if settings.extras and recipe.kind in (Kind.THRESHOLDS, Kind.COLLECTING)
    )
    line = _line(chosen, rhythms(district.weekdays).tolist()) if settings.extras else ()
    seeds = tuple(range(1, settings.seeds + 1))
    tasks = [(recipe, seed) for seed in seeds for recipe in (*chosen.recipes, *stress)]
    tasks += [(recipe, seed) for recipe in line for seed in seeds[:FRONTIER_SEEDS] if (recipe, seed) not in set(tasks)]
    with _workers(trial, settings.processes) as live_all:
        counted = live_all(tasks, lambda part: told("vergelijken", part))
    return _savings(
        district, site, assumed, settings, chosen, stage, counted, (chosen.recipes, stress, line, seeds), started
    )


def _chosen(
    district: District, site: Site, assumed: Assumptions, settings: Settings, told: Told
) -> tuple[Chosen, Stage]:
    """Choose every policy in the training period, with the fleet that the fixed schedule needs."""
    told("kiezen in de leerperiode", 0.0)
    period = choosing_period(district.train_period)
    offered = rhythms(district.weekdays)
    trucks = trucks_needed(district, site, assumed, offered[-1:].repeat(district.size))
    stage = stage_of(district, site, assumed, trucks=trucks, steps=settings.steps)
    trial = trial_of(district, stage, period, district.train, assumed)
    done = 0
    with _workers(trial, settings.processes) as live_all:

        def lives(recipes: Sequence[Recipe], seeds: Sequence[int]) -> dict[Recipe, list[Counted]]:
            nonlocal done
            tasks = [(recipe, seed) for recipe in recipes for seed in seeds]
            found = live_all(tasks, lambda _: None)
            done += len(tasks)
            told("kiezen in de leerperiode", min(done / 80, 1.0))
            return {recipe: [found[recipe, seed] for seed in seeds] for recipe in recipes}

        return choose(lives, [float(one) for one in offered], settings.allowed / 100), stage


def _line(chosen: Chosen, offered: Sequence[float]) -> tuple[Recipe, ...]:
    """Policies along the frontier: rhythms, rooms and prices from loose to strict."""
    of = {recipe.kind: recipe for recipe in chosen.recipes}
    return (
        *(Recipe(Kind.FIXED, rhythm=one) for one in offered if one >= 1),
        *(Recipe(Kind.TUNED, safety=one) for one in SAFETIES[::2]),
        *(replace(of[Kind.WEIGHED], overflow=price) for price in PRICES[::2]),
        *(replace(of[Kind.COLLECTING], overflow=price) for price in PRICES[::2]),
    )


Task = tuple[Recipe, int]
LiveAll = Callable[[Sequence[Task], Callable[[float], None]], dict[Task, Counted]]


@contextmanager
def _workers(trial: Trial, processes: int) -> Iterator[LiveAll]:
    """Lives side by side in processes of their own; in this one when there is only one."""
    if processes < 2:

        def here(tasks: Sequence[Task], heard: Callable[[float], None]) -> dict[Task, Counted]:
            found: dict[Task, Counted] = {}
            for recipe, seed in tasks:
                found[recipe, seed] = lived(recipe, trial, seed)
                heard(len(found) / len(tasks))
            return found

        yield here
        return
    with ProcessPoolExecutor(
        processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(trial,)
    ) as pool:  # fmt: skip

        def there(tasks: Sequence[Task], heard: Callable[[float], None]) -> dict[Task, Counted]:
            waiting = {pool.submit(_live, recipe, seed): (recipe, seed) for recipe, seed in tasks}
            found: dict[Task, Counted] = {}
            for future in as_completed(waiting):
                found[waiting[future]] = future.result()
                heard(len(found) / len(tasks))
            return found

        yield there


def _begin(trial: Trial) -> None:
    _TRIAL[:] = [trial]


def _live(recipe: Recipe, seed: int) -> Counted:
    return lived(recipe, _TRIAL[0], seed)


def _savings(
    district: District,
    site: Site,
    assumed: Assumptions,
    settings: Settings,
    chosen: Chosen,
    stage: Stage,
    counted: dict[Task, Counted],
    lines: tuple[tuple[Recipe, ...], tuple[Recipe, ...], tuple[Recipe, ...], tuple[int, ...]],
    started: float,
) -> Savings:
    recipes, stress, line, seeds = lines
    containers = int(district.containers.sum())
    samples = {
        recipe: [measures(counted[recipe, seed], recipe.kind, assumed, containers) for seed in seeds]
        for recipe in (*recipes, *stress)
    }
    of = {recipe.kind: recipe for recipe in recipes}
    pairs = [
        pair_of(of[mine], of[other], samples)
        for other in (Kind.FIXED, Kind.TUNED, Kind.PRACTICE, Kind.THRESHOLDS)
        for mine in (Kind.TUNED, Kind.THRESHOLDS, Kind.WEIGHED, Kind.COLLECTING, Kind.PERFECT)
        if mine is not other
    ]
    chain = (
        ("", of[Kind.FIXED]),
        ("afstemmen: elke locatie een eigen vast ritme", of[Kind.TUNED]),
        ("plannen: elke dag kiezen op grond van wegingen, zonder sensoren", of[Kind.WEIGHED]),
        ("meten: hetzelfde met sensoren", of[Kind.COLLECTING]),
    )
    facts = _facts(district, site, assumed, settings, stage, time.monotonic() - started)
    points = tuple(_point(recipe, counted, seeds, assumed, containers) for recipe in line)
    rows = tuple(row_of(recipe, samples[recipe]) for recipe in recipes)
    refused = {
        name_of(recipe): sum(counted[recipe, seed].refused for seed in seeds) for recipe in (*recipes, *stress)
    }  # fmt: skip
    return Savings(
        facts, rows, tuple(pairs), gains_of(chain, samples),
        tuple(row_of(recipe, samples[recipe]) for recipe in stress),
        tuple(pair_of(recipe, of[recipe.kind], samples) for recipe in stress),
        points, chosen.tried, refused, sum(one.broken for one in counted.values()),
        notes_of(facts, rows, pairs),
    )  # fmt: skip


def _point(
    recipe: Recipe, counted: dict[Task, Counted], seeds: Sequence[int], assumed: Assumptions, containers: int
) -> Point:
    found = [
        measures(counted[recipe, seed], recipe.kind, assumed, containers)
        for seed in seeds[:FRONTIER_SEEDS]
        if (recipe, seed) in counted
    ]
    return Point(
        name_of(recipe), settings_of(recipe),
        sum(one[Measure.KILOMETRES] for one in found) / len(found),
        sum(one[Measure.OVERFLOW_SHARE] for one in found) / len(found),
    )  # fmt: skip


def _facts(
    district: District, site: Site, assumed: Assumptions, settings: Settings, stage: Stage, seconds: float
) -> Facts:
    train, plan = district.train_period, district.plan_period
    choosing = choosing_period(train)
    return Facts(
        district=district.name, exact_border=district.exact, locations=district.size,
        containers=int(district.containers.sum()), left_out=district.left_out,
        left_out_share=district.left_out_share, unknown_share=district.unknown_share,
        train=(train.first.isoformat(), train.last.isoformat()),
        choosing=(choosing.first.isoformat(), choosing.last.isoformat()),
        plan=(plan.first.isoformat(), plan.last.isoformat()), weekdays=district.weekdays,
        trucks=stage.router.fleet.count, truck_m3=assumed.truck_m3, yard=site.yard, tip=site.tip,
        site_chosen=site.chosen, seeds=settings.seeds, allowed=settings.allowed, seconds=seconds,
        assumptions=listed(assumed),
    )  # fmt: skip
