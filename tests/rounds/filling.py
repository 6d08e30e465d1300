"""A small town of containers whose truth is known: what comes in, what sensors and scales say of it, when they are emptied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vliegwiel.rounds.forecast import Containers, Deposits, Levels, containers
from vliegwiel.rounds.forecast.evidence import Floats, Ints

FIRST = 18_262  # 2020-01-01
WEEKDAY = np.array([1.3, 0.8, 0.8, 0.9, 0.9, 1.0, 1.3])
CAPACITY = 5000.0


@dataclass(frozen=True)
class Town:
    """`content` [n, steps] true content, never more than came in, at `times` [steps]; emptied at rows, moments."""

    containers: Containers
    rate: Floats
    times: Floats
    content: Floats
    emptied: tuple[Ints, Floats]
    collected: Deposits


def town(*, seed: int, number: int = 60, days: int = 120, per_day: int = 6, areas: int = 3, fill: float = 0.7) -> Town:
    """Containers of different rates; each is emptied in the morning after it was `fill` full, sometimes a day or two late."""
    rng = np.random.default_rng(seed)
    area = rng.integers(0, areas, number)
    rate = 700.0 * (1.0 + 0.3 * (area - 1)) * rng.gamma(6.0, 1.0 / 6.0, number)
    some = containers([f"c{i}" for i in range(number)], [CAPACITY] * number, [f"rest|wijk {a}" for a in area])
    steps = days * per_day
    times = FIRST + np.arange(1, steps + 1) / per_day
    factor = WEEKDAY[((np.floor(times - 1e-6)).astype(int) + 3) % 7]
    lump = 60.0
    came = rng.gamma(np.maximum(rate[:, None] * factor / per_day / lump, 1e-6), lump)
    content = np.zeros((number, steps))
    level, since = np.zeros(number), np.full(number, float(FIRST))
    late = np.zeros(number, dtype=int)
    rows: list[tuple[int, float, float, float]] = []
    for step in range(steps):
        if step % per_day == per_day // 3:
            due = level > fill * CAPACITY
            go = due & (late <= 0)
            for row in np.flatnonzero(go):
                rows.append((int(row), since[row], times[step] - 0.5 / per_day, level[row]))
                since[row] = times[step] - 0.5 / per_day
            level[go] = 0.0
            late = np.where(due & ~go, late - 1, np.where(go, rng.choice([0, 0, 1, 2], number), late))
        level += came[:, step]
        content[:, step] = level
    table = np.array(rows)
    collected = Deposits(
        table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3], np.zeros(len(table), dtype=np.bool_)
    )
    return Town(some, rate, times, content, (table[:, 0].astype(np.int64), table[:, 2]), collected)


def readings(truth: Town, *, seed: int, error: float = 3.0, until: float = np.inf) -> Levels:
    """What sensors say: whole percents with an error, never above 100."""
    rng = np.random.default_rng(seed)
    known = truth.times <= until
    level = truth.content[:, known] / CAPACITY * 100.0
    said = np.clip(np.round(level + rng.normal(0.0, error, level.shape)), 0.0, 100.0)
    n, steps = said.shape
    return Levels(np.repeat(np.arange(n), steps), np.tile(truth.times[known], n), said.ravel())
