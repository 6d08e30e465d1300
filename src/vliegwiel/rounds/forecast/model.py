"""Learn what containers share, and from there what each does: `fit`, then `Model.learned` or `.followed`.

Empirical Bayes: groups (fraction and area) give each container a prior; how strongly it holds follows from how much containers
of a group differ. What cannot be written down (how fast rates drift, how lumpy deposits are, what is missing from the record) is
estimated by running the filter over a sample of the evidence, forward in time, and looking at how far off it was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import no_bends
from vliegwiel.rounds.forecast.belief import BINS, ORDINARY, SENSED, Belief, Pooled
from vliegwiel.rounds.forecast.evidence import Containers, Deposits, Floats, Ints, Levels, joined
from vliegwiel.rounds.forecast.priors import before_sensors, error_of, prior_of
from vliegwiel.rounds.forecast.seasons import even, fitted
from vliegwiel.rounds.forecast.tuning import tuned
from vliegwiel.rounds.forecast.turns import fresh, in_turn, ranks, take

SENSOR_ERROR: Final = 3.0
"""Percent of capacity, where no readings say how far a sensor is off."""

LEAST: Final = 50
"""With fewer spans than this nothing is estimated by running: groups and weekdays are all there is."""


@dataclass(frozen=True, slots=True)
class Model:
    """What containers share. `spans`: how many spans it rests on."""

    pooled: Pooled
    spans: int

    def start(self, containers: Containers, at: float) -> Belief:
        """Empty containers at a moment of which only the group is known (and the groups are those of the fit)."""
        return fresh(self.pooled, containers, at)

    def learned(self, containers: Containers, deposits: Deposits, at: float) -> Belief:
        """What spans that had ended at `at` tell of each container; those without any are as likely anything."""
        known = deposits.before(at)
        belief = self.start(containers, float(known.begin.min()) if len(known) else at)
        for rows, picked in in_turn(known):
            take(belief, rows, known, picked)
        silent = np.ones(len(containers), dtype=np.bool_)
        silent[known.container] = False
        self._unknown(belief, np.flatnonzero(silent), at)
        return belief

    def followed(
        self, containers: Containers, levels: Levels, at: float, *, emptied: tuple[Ints, Floats, Floats] | None = None
    ) -> Belief:
        """What readings until `at` tell of each container.

        `emptied`: rows, moments and amounts (NaN: unknown) of emptyings that are known; one that nobody told shows in the
        readings. Containers without readings are as likely anything.
        """
        known = levels.where(levels.at <= at).in_order()
        belief = self.start(containers, float(known.at.min()) if len(known) else at)
        container, when, level = known.container, known.at, known.level
        amount = np.full(len(known), np.nan)
        if emptied is not None:
            has_levels = np.zeros(len(containers), dtype=np.bool_)
            has_levels[container] = True
            keep = (emptied[1] <= at) & has_levels[emptied[0]]
            container = np.concatenate([container, emptied[0][keep]])
            when = np.concatenate([when, emptied[1][keep]])
            amount = np.concatenate([amount, emptied[2][keep]])
            level = np.concatenate([level, np.full(int(keep.sum()), np.nan)])
            order = np.lexsort((when, container))
            container, when, level, amount = container[order], when[order], level[order], amount[order]
        seen = np.zeros(len(containers), dtype=np.bool_)
        error = self.pooled.error / 100.0
        for rows, picked in ranks(container):
            moment, value = when[picked], level[picked]
            first = ~seen[rows]
            if first.any():
                belief.at[rows[first]] = moment[first]
                belief.content_variance[rows[first]] = np.minimum(containers.capacity[rows[first]], 1e9) ** 2 / 12.0
                seen[rows] = True
            read = np.isfinite(value)
            if not read.all():
                belief.empty(rows[~read], moment[~read], amount[picked][~read])
            capacity = containers.capacity[rows[read]]
            belief.measure(rows[read], moment[read], capacity * _full_from(value[read]) / 100.0, capacity * error)
        self._unknown(belief, np.flatnonzero(~seen), at)
        return belief

    def without_gaps(self) -> Model:
        """The same, for a record in which every emptying stands: more than usual then means more, not a missing visit."""
        pooled = self.pooled
        share, restless, bends = np.ones(BINS), pooled.restless.copy(), pooled.bends.copy()
        restless[:SENSED] = restless[ORDINARY]
        bends[:SENSED] = bends[ORDINARY]
        return replace(self, pooled=replace(pooled, share=share, restless=restless, bends=bends))

    def _unknown(self, belief: Belief, rows: Ints, at: float) -> None:
        """Containers nobody told anything of: between just emptied and as full as they usually are."""
        belief.at[rows] = at
        usual = np.minimum(belief.usual[rows], belief.containers.capacity[rows])
        belief.content[rows] = usual / 2.0
        belief.content_variance[rows] = usual * usual / 12.0


_NO_SPANS: Final = (
    np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.bool_),
)  # fmt: skip


def fit(containers: Containers, weighed: Deposits, sensed: Deposits | None = None) -> Model:
    """What containers share, from spans between weighed emptyings and from spans that sensors saw (`emptyings.deposits_of`).

    Takes a second for a hundred thousand spans. Without any evidence a container is taken to be full in about twelve days.
    """
    seen = Deposits(*_NO_SPANS) if sensed is None else sensed
    apart = before_sensors(containers, weighed, seen)
    spans = joined(apart, seen)
    by_sensor = np.repeat(np.arange(2), [len(apart), len(seen)]).astype(np.int64)
    calendar = fitted(containers, spans) if len(spans) else even(max(len(containers.fractions), 1))
    pooled = prior_of(containers, spans, weighed, calendar_of=Pooled(
        calendar, np.zeros(0), np.zeros(0), np.zeros(0),
        np.full(len(containers.fractions), 0.01), np.ones((len(containers.fractions), 2)),
        np.append(np.full(SENSED, 0.2), 0.0), np.ones(BINS), no_bends(BINS), SENSOR_ERROR,
    ))  # fmt: skip
    pooled = replace(pooled, error=error_of(containers, seen, pooled))
    return Model(tuned(containers, pooled, spans, by_sensor) if len(spans) >= LEAST else pooled, len(spans))


def _full_from(level: Floats) -> Floats:
    """Sensors cannot see above the rim, and say a little less than full when it is."""
    return np.where(level >= 98.0, np.maximum(level, 100.0), level)
