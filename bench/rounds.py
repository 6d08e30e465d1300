"""Rounds: a day and a week planned, a change by hand, planning again, and instances of the shape of Kim et al., against the
solver's own search with the same seconds."""

from __future__ import annotations

import math
import resource
import time

import numpy as np
from pyvrp import solve as own_search
from pyvrp.stop import MaxRuntime

from bench.figures import seconds, table
from vliegwiel.rounds.benchmark.reading import parse, problem_of
from vliegwiel.rounds.benchmark.running import run
from vliegwiel.rounds.planning import Network, Rest, Tariff, Tip, Truck, Window
from vliegwiel.rounds.planning.day import Outlook, Rule, day_of, plan_day
from vliegwiel.rounds.planning.figures import figures
from vliegwiel.rounds.planning.horizon import plan_week
from vliegwiel.rounds.planning.improving import found
from vliegwiel.rounds.planning.mending import mended
from vliegwiel.rounds.planning.problem import Problem
from vliegwiel.rounds.planning.quick import quick
from vliegwiel.rounds.planning.replanning import as_planned, replan
from vliegwiel.rounds.planning.rest import best_cut
from vliegwiel.rounds.planning.solving import read
from vliegwiel.rounds.planning.translating import translate
from vliegwiel.rounds.planning.validating import violations
from vliegwiel.rounds.planning.what_if import move

HOUR = 3600
TARIFF = Tariff(kilometre=120, hour=6500, overtime_hour=3000, truck=5000)
TIPS = (Tip("stort", 1, 900),)


def district(number: int, trucks: int, seed: int = 1) -> tuple[list[Outlook], list[Truck], Network]:
    """Containers in neighbourhoods of about 25, filled and filling by chance, and the trucks for them."""
    dice = np.random.default_rng(seed)
    centres = dice.uniform(0, 12_000, (max(3, number // 25), 2))
    spots = centres[dice.integers(0, len(centres), number)] + dice.normal(0, 700, (number, 2))
    points = np.vstack([[[6000, 6000], [1000, 11_000]], spots])
    metres = np.rint(1.3 * np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))).astype(np.int64)
    ones = []
    for n in range(number):
        level, rate = float(dice.uniform(40, 100)), float(dice.gamma(4, 3))
        chances = tuple(
            0.5 * (1 + math.erf((level + rate * day - 100) / (8 * math.sqrt(2 * day)))) for day in range(1, 9)
        )
        ones.append(Outlook(f"c{n}", 2 + n, 4000, level, min(level + 10, 100), chances, int(level * 4), 180, rate=rate))
    fleet = [
        Truck(
            f"w{n}",
            (9000, 96_000),
            0,
            0,
            Window(7 * HOUR, 16 * HOUR),
            ("stort",),
            rest=Rest(1800, 11 * HOUR, 13 * HOUR),
        )
        for n in range(trucks)
    ]
    return ones, fleet, Network((metres,), (np.ceil(metres / 8).astype(np.int64),))


def cost(problem: Problem, made: object) -> float:
    """Euros of a plan: driving, working, and what the stops that wait were worth (one that must: 500)."""
    worth = {stop.key: 50_000 if stop.prize is None else stop.prize for stop in problem.stops}
    plan = made.plan if hasattr(made, "plan") else made
    return (figures(problem, plan).cents + sum(worth[one.key] for one in plan.skipped)) / 100


def days() -> None:
    """A day of 300 and of 1,500 containers, all of them candidates, against the solver's own search."""
    rows: list[tuple[object, ...]] = []
    for number, trucks, wanted in ((300, 4, 10.0), (1500, 10, 60.0)):
        ones, fleet, network = district(number, trucks)
        day = day_of(ones, fleet, TIPS, network, TARIFF, Rule(may_above=0.0001))
        began = time.perf_counter()
        made = plan_day(day, seconds=wanted * 0.9, processes=2)
        took = time.perf_counter() - began
        assert violations(day.problem, made.plan) == []
        candidates = len(day.problem.stops)
        rows.append(
            (
                f"{number} containers, {trucks} wagens",
                candidates,
                len(made.emptied),
                wanted,
                took,
                cost(day.problem, made),
            )
        )
        translated = translate(day.problem, best_cut(day.problem), optional=True)
        began = time.perf_counter()
        answer = own_search(translated.data, MaxRuntime(wanted * 0.9), seed=1, collect_stats=False).best
        bare = found(day.problem, mended(day.problem, read(day.problem, translated, answer)))
        took = time.perf_counter() - began
        done = sum(len(route.stops) for route in bare.plan.routes)
        rows.append(("  zoeken van PyVRP zelf", candidates, done, wanted, took, cost(day.problem, bare)))
    head = ("dag", "kandidaten", "geleegd", "grens s", "s", "kosten €")
    table("Een dag plannen (kosten: rijden, werken en wat wachtende containers waard waren)", head, rows)


def changes() -> None:
    """A change by hand, planning again, a quick plan and a week."""
    ones, fleet, network = district(1500, 10)
    day = day_of(ones, fleet, TIPS, network, TARIFF, Rule())
    made = quick(day.problem, iterations=50)
    key = made.routes[0].stops[len(made.routes[0].stops) // 2]
    other = made.routes[1]
    at = as_planned(day.problem, made, 10 * HOUR)
    small, few, near = district(300, 4)
    little = day_of(small, few, TIPS, near, TARIFF, Rule())
    week = [fleet] * 5 + [[], []]
    rows = [
        ("versleep een stop, 1.500 containers", 0.2, seconds(lambda: move(day.problem, made, key, other.truck))),
        ("plan opnieuw om 10.00 uur, 1.500 containers", 10.0,
         seconds(lambda: replan(day.problem, made, 10 * HOUR, at, seconds=8))),
        ("snel plan (200 rondes), 300 containers", 1.0, seconds(lambda: quick(little.problem, iterations=200))),
        ("een week, 1.500 containers", 60.0,
         seconds(lambda: plan_week(ones, week, TIPS, network, TARIFF, Rule(), seconds=40, processes=2))),
    ]  # fmt: skip
    table("Veranderen", ("wat", "grens s", "s"), rows)


def instance(stops: int, seed: int, size: int, service: tuple[int, int]) -> str:
    """An instance of the shape of Kim et al.: clusters of businesses, some open in the morning or the afternoon only."""
    dice = np.random.default_rng(seed)
    centres = dice.uniform(0, size, (max(5, stops // 15), 2))
    points = centres[dice.integers(0, len(centres), stops)] + dice.normal(0, size / 25, (stops, 2))
    lines = [
        "280 // yards",
        "2000 // yards a day",
        "500 // stops a day",
        "3600 // lunch",
        "40 // mph",
        "id x y from to s yards type",
    ]
    lines.append(f"0 {size // 2} {size // 2} 500 1800 0 0 0")
    for n, (x, y) in enumerate(points, 1):
        opens, closes = ((600, 1500), (600, 1000), (900, 1500))[int(dice.choice(3, p=(0.7, 0.15, 0.15)))]
        lines.append(f"{n} {int(x)} {int(y)} {opens} {closes} {dice.integers(*service)} {dice.integers(1, 6)} 1")
    lines.append(f"{stops + 1} {int(size * 0.2)} {int(size * 0.8)} 500 1730 1200 0 2")
    lines.append(f"{stops + 2} {int(size * 0.9)} {int(size * 0.3)} 500 1730 1200 0 2")
    return "\n".join(lines) + "\n"


def instances() -> None:
    """Instances of the published sizes, in 120 seconds, against the solver's own search with as many vehicles."""
    rows: list[tuple[object, ...]] = []
    for stops, size, service in ((102, 90_000, (300, 700)), (277, 180_000, (100, 220)), (804, 110_000, (60, 160))):
        text = instance(stops, stops, size, service)
        outcome = run(text, seconds=120)
        verdict = outcome.verdict
        problem = problem_of(parse(text), trucks=verdict.vehicles)
        translated = translate(problem, best_cut(problem))
        answer = own_search(translated.data, MaxRuntime(120), seed=1, collect_stats=False).best
        bare = found(problem, mended(problem, read(problem, translated, answer)))
        alone = round(bare.plan.metres / 5280, 1) if bare.feasible else "geen plan"
        rows.append((stops, verdict.vehicles, verdict.miles, "ja" if verdict.valid else "nee", alone))
    table("Opgaven van de vorm van Kim e.a., 120 s", ("stops", "wagens", "mijl", "geldig", "PyVRP zelf, mijl"), rows)


def main() -> None:
    """Print the tables."""
    days()
    changes()
    instances()
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    table("Geheugen", ("wat", "MiB"), [("hoogste gebruik van een proces", peak)])
