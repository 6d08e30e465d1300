"""Evidence in turn: the first of each container, then the second of each, and so on, so that all containers go side by side."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vliegwiel.rounds.forecast.belief import Belief, Pooled
from vliegwiel.rounds.forecast.evidence import Containers, Deposits, Floats, Ints


def fresh(pooled: Pooled, containers: Containers, at: float) -> Belief:
    """Empty containers at a moment of which only the group is known."""
    n = len(containers)
    rate, rate_sd = pooled.rate[containers.group], pooled.rate_sd[containers.group]
    zeros = np.zeros(n)
    return Belief(
        containers, pooled, np.full(n, float(at)), zeros.copy(), rate.copy(), zeros.copy(), zeros.copy(),
        rate_sd**2, zeros.copy(), pooled.usual[containers.group].copy(), np.ones(n), zeros.copy(),
        np.zeros(n, dtype=np.int64),
    )  # fmt: skip


def in_turn(spans: Deposits) -> Iterator[tuple[Ints, Ints]]:
    """The first span of each container, then the second of each, and so on: containers, and rows of the spans."""
    order = np.lexsort((spans.begin, spans.container))
    for rows, picked in ranks(spans.container[order]):
        yield rows, order[picked]


def take(belief: Belief, rows: Ints, spans: Deposits, picked: Ints, by_sensor: Ints | None = None) -> None:
    """Let the belief of containers `rows` take in spans `picked`, one each; `by_sensor` [m] is 1 for spans that a sensor saw."""
    sensed = np.zeros(len(rows), dtype=np.int64) if by_sensor is None else by_sensor[picked]
    arrive(belief, rows, spans.begin[picked], sensed)
    noise = noise_of(belief.pooled, belief.containers, rows, sensed)
    belief.empty(rows, spans.end[picked], spans.amount[picked], spans.full[picked].astype(np.int64), noise)


def noise_of(pooled: Pooled, containers: Containers, rows: Ints, by_sensor: Ints) -> Floats:
    """[k]: variance of a span as an observation: of two readings of a sensor, none of a scale."""
    error = np.where(by_sensor == 1, pooled.error / 100.0, 0.0)
    return np.where(by_sensor == 1, 2.0 * (error * np.minimum(containers.capacity[rows], 1e9)) ** 2, 0.0)


def arrive(belief: Belief, rows: Ints, begin: Floats, by_sensor: Ints) -> None:
    """A span begins with an empty container, whatever was thought before."""
    belief.move(rows, begin)
    belief.empty(rows, begin)
    belief.sensed[rows] = by_sensor


def ranks(container: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Rows of a column sorted by container: the first of each, the second of each, and so on."""
    if not len(container):
        return
    starts = np.flatnonzero(np.append(True, container[1:] != container[:-1]))
    counts = np.diff(np.append(starts, len(container)))
    by_count = np.argsort(-counts, kind="stable")
    starts, counts = starts[by_count], counts[by_count]
    rows = container[starts]
    for turn in range(int(counts[0])):
        many = int(np.searchsorted(-counts, -turn, side="left"))
        yield rows[:many], starts[:many] + turn
