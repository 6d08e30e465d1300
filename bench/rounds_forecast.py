"""Forecasts of ten thousand containers, from sensors and from weighings; one look ahead; and how good it is, forward in time.

Times are of the process, the best of a few: what it costs when nothing else runs on the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from bench.figures import table
from vliegwiel.base.ids import uuid7
from vliegwiel.rounds.forecast import Containers, Deposits, Levels, Model, containers, day_of, days, fit
from vliegwiel.rounds.forecast.contest import contest, without_long_gaps
from vliegwiel.rounds.forecast.counting import Counts
from vliegwiel.rounds.forecast.weighings import read_locations, read_weighings
from vliegwiel.rounds.forecasting import expected
from vliegwiel.rounds.told import SOUND, Collected, Told

TOWN = 10_000
READ_DAYS, READ_EACH = 42, 4
AT = days(datetime(2026, 11, 2, 9, 0, tzinfo=UTC))
WASTE = Path(__file__).resolve().parents[2] / "shared" / "data" / "waste"


def processor(work: Callable[[], object], times: int = 2) -> float:
    """Seconds of the processor, the best of some."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def town() -> Containers:
    """Ten thousand containers of five cubic metres, of three fractions in twenty areas."""
    kinds = ("rest", "papier", "glas")
    return containers(
        [f"c{i}" for i in range(TOWN)], [5000.0] * TOWN, [f"{kinds[i % 3]}|wijk {i % 20}" for i in range(TOWN)]
    )


def six_weeks(some: Containers) -> tuple[Levels, Collected]:
    """A reading each four hours, and emptyings at about seventy percent."""
    rng = np.random.default_rng(1)
    steps = READ_DAYS * 24 // READ_EACH
    rate = rng.gamma(4.0, 2.0, TOWN) / (24 / READ_EACH)
    level, emptied_at = rng.uniform(0, 70, TOWN), []
    said = np.zeros((steps, TOWN))
    at = AT - READ_DAYS + np.arange(1, steps + 1) * READ_EACH / 24
    for step in range(steps):
        go = np.flatnonzero(level > 70)
        emptied_at += [(row, at[step] - READ_EACH / 48, 50.0 * level[row]) for row in go]
        level[go] = 0.0
        level += rng.gamma(rate, 1.0)
        said[step] = np.clip(np.round(level + rng.normal(0, 3, TOWN)), 0, 100)
    order = sorted(emptied_at)
    gone = Collected(
        np.array([row for row, _, _ in order], dtype=np.int64), np.array([when for _, when, _ in order]),
        np.array([litres for _, _, litres in order]), np.zeros(len(order), dtype=np.bool_),
    )  # fmt: skip
    return Levels(np.tile(np.arange(TOWN), steps), np.repeat(at, TOWN), said.ravel()), gone


def a_year(some: Containers) -> Deposits:
    """A weighing a week for a year."""
    rng = np.random.default_rng(2)
    rate = rng.gamma(4.0, 60.0, TOWN)
    begin = AT - 364 + np.tile(7.0 * np.arange(52), TOWN)
    container = np.repeat(np.arange(TOWN), 52)
    return Deposits(
        container, begin, begin + 7.0, rng.gamma(rate[container] / 50, 350.0), np.zeros(len(begin), dtype=np.bool_)
    )


def speed() -> None:
    """Ten thousand containers from what was read to what is expected, and the small steps a planner takes."""
    some = town()
    levels, emptied = six_weeks(some)
    nothing = np.zeros(0)
    told = Told(
        tuple(uuid7() for _ in range(TOWN)), (SOUND,) * TOWN, some, levels, emptied,
        Levels(np.zeros(0, dtype=np.int64), nothing, nothing), Counts(np.zeros(0, dtype=np.int64), nothing, nothing),
    )  # fmt: skip
    weighed = a_year(some)

    def by_scale() -> None:
        belief = fit(some, weighed).learned(some, weighed, AT)
        belief.ahead(AT + np.arange(9.0)).overflow()

    table(
        f"Verwachting van {TOWN:,} containers, rekentijd van het proces (grens 5 s)",
        ("wat", "seconden"),
        [
            (f"uit {len(levels):,} metingen: leren, volgen, vooruitzien", processor(lambda: expected(told, AT))),
            (f"uit {len(weighed):,} wegingen: leren, volgen, vooruitzien", processor(by_scale)),
        ],
    )
    small = containers([str(i) for i in range(300)], [5000.0] * 300, ["rest|wijk 0"] * 300)
    model: Model = fit(some, weighed)
    belief = model.start(small, AT)
    rows = np.arange(300)
    ahead = AT + np.arange(1.0, 9.0)
    table(
        "Een stap voor 300 containers, milliseconden",
        ("stap", "ms"),
        [
            ("acht dagen vooruit, met de kans op overlopen", 1e3 * each(lambda: belief.ahead(ahead).overflow())),
            ("acht dagen vooruit, met de liters die overlopen", 1e3 * each(lambda: belief.ahead(ahead).spilled())),
            ("een meting van elk", 1e3 * each(lambda: belief.measure(rows, AT, np.full(300, 900.0), 150.0))),
            ("een leging van elk, gewogen", 1e3 * each(lambda: belief.empty(rows, AT, np.full(300, 900.0)))),
        ],
    )


def each(work: Callable[[], object], times: int = 200) -> float:
    """Seconds of the processor for one."""
    began = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - began) / times


def quality() -> None:
    """The contest on the weighings of Amsterdam, when they are there."""
    if not WASTE.is_dir():
        print("De wegingen van Amsterdam liggen niet naast deze map: geen vergelijking.\n")
        return
    places = read_locations(WASTE / "amsterdam_locations.csv")
    spans = read_weighings(WASTE / "amsterdam_weighings_2020-01_2021-06.csv.gz").deposits(places.key)
    split = day_of(date(2021, 1, 1))
    for title, rows in (
        ("alle wegingen", spans),
        ("zonder lange gaten, waarin bezoeken ontbreken", without_long_gaps(spans, split)),
    ):
        found = contest(places.containers(), rows, split)
        table(
            f"Amsterdam, eerste halfjaar 2021, {title} ({found.scores[0].count:,})",
            ("verwachting", "CRPS kg", "fout kg", "in 90 %-band", "breedte kg", "Brier"),
            [(s.name, s.crps, s.error, f"{100 * s.covered:.1f} %", s.width, f"{s.brier:.4f}") for s in found.scores],
        )


def main() -> None:
    """Both."""
    speed()
    quality()
