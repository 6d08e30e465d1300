"""Learn what containers share, and from there what each does: `fit`, then `Model.learned` or `.followed`.

Empirical Bayes: groups (fraction and area) give each container a prior; how strongly it holds follows from how much containers
of a group differ. What cannot be written down (how fast rates drift, how lumpy deposits are, what is missing from the record) is
estimated by running the filter over a sample of the evidence, forward in time, and looking at how far off it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import bend_of, no_bends
from vliegwiel.rounds.forecast.belief import BINS, ORDINARY, SENSED, Belief, Pooled, bins
from vliegwiel.rounds.forecast.evidence import Bools, Containers, Deposits, Floats, Ints, Levels, joined
from vliegwiel.rounds.forecast.seasons import even, fitted

SAMPLE: Final = 400
"""Containers whose evidence is run through to estimate what all share."""

TURNS: Final = 100
"""Newest spans of each of those containers that are run through."""

DRIFTS: Final = (0.003, 0.01, 0.025, 0.05)
"""Deviations of a rate's change over a day, relative, that are tried."""

PASSES: Final = 3
NEAR: Final = 2
"""Bins on either side of the ordinary one over which the share is one on average."""

GROUP_PRIOR: Final = 8.0
"""A group of this many containers weighs as much as its fraction."""

WARM: Final = 4
"""First spans of a container that are not looked at: the filter is still finding its way."""

NOTHING: Final = 1e-6
"""Of any unit: so little a day that it is nothing, and still something to divide by."""

SENSOR_ERROR: Final = 3.0
"""Percent of capacity, where no readings say how far a sensor is off."""


@dataclass(frozen=True, slots=True)
class Model:
    """What containers share. `spans`: how many spans it rests on."""

    pooled: Pooled
    spans: int

    def start(self, containers: Containers, at: float) -> Belief:
        """Empty containers at a moment of which only the group is known (and the groups are those of the fit)."""
        pooled = self.pooled
        n = len(containers)
        rate, rate_sd = pooled.rate[containers.group], pooled.rate_sd[containers.group]
        zeros = np.zeros(n)
        return Belief(
            containers, pooled, np.full(n, float(at)), zeros.copy(), rate.copy(), zeros.copy(), zeros.copy(),
            rate_sd**2, zeros.copy(), pooled.usual[containers.group].copy(), np.ones(n), zeros.copy(),
            np.zeros(n, dtype=np.int64),
        )  # fmt: skip

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
        for rows, picked in _ranks(container):
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


def fit(containers: Containers, weighed: Deposits, sensed: Deposits | None = None) -> Model:
    """What containers share, from spans between weighed emptyings and from spans that sensors saw (`emptyings.deposits_of`).

    Takes a second for a hundred thousand spans. Without any evidence a week's filling is taken to be half the capacity.
    """
    parts = [weighed] if sensed is None else [weighed, sensed]
    spans = joined(*parts)
    by_sensor = np.repeat(np.arange(len(parts)), [len(part) for part in parts]).astype(np.int64)
    calendar = fitted(containers, spans) if len(spans) else even(max(len(containers.fractions), 1))
    pooled = _prior(containers, spans, calendar_of=Pooled(
        calendar, np.zeros(0), np.zeros(0), np.zeros(0),
        np.full(len(containers.fractions), 0.01), np.ones((len(containers.fractions), 2)),
        np.append(np.full(SENSED, 0.2), 0.0), np.ones(BINS), no_bends(BINS), SENSOR_ERROR,
    ))  # fmt: skip
    if sensed is not None:
        pooled = replace(pooled, error=_error(containers, sensed, pooled))
    model = Model(pooled, len(spans))
    if len(spans) < 50:
        return model
    keep = _sampled(containers, spans)
    sample, kind = spans.where(keep), by_sensor[keep]
    for _ in range(PASSES):
        model = replace(model, pooled=_refined(containers, run(model, containers, sample, kind), model.pooled))
    model = replace(model, pooled=_drifting(model, containers, sample, kind))
    seen = run(model, containers, sample, kind)
    model = replace(model, pooled=_refined(containers, seen, model.pooled))
    return replace(model, pooled=_calibrated(run(model, containers, sample, kind), model.pooled))


@dataclass(frozen=True, slots=True)
class Seen:
    """What the filter expected before each span and what came, for spans [m] after the warm-up.

    `growth`: variance that lumps gave per unit of `grain`; `rest`: from the rate; `noise`: of the observation.
    `score`: CRPS. `standard`: the outcome as a standard normal number.
    """

    container: Ints
    kind: Ints
    expected: Floats
    growth: Floats
    rest: Floats
    noise: Floats
    score: Floats
    amount: Floats
    standard: Floats


def run(model: Model, containers: Containers, spans: Deposits, by_sensor: Ints) -> Seen:
    """The filter over spans forward in time, and how far off it was each time."""
    belief = model.start(containers, float(spans.begin.min()))
    kept: list[tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats, Floats, Floats]] = []
    for turn, (rows, picked) in enumerate(in_turn(spans)):
        _arrive(belief, rows, spans.begin[picked], by_sensor[picked])
        if turn >= WARM:
            end, amount = spans.end[picked], spans.amount[picked]
            noise = noise_of(model.pooled, containers, rows, by_sensor[picked])
            found = belief.weighing(rows, end, noise)
            passed = model.pooled.calendar.span(belief.fraction[rows], belief.at[rows], end)
            expected = belief.rate[rows] * passed
            kind = np.where(by_sensor[picked] == 1, SENSED, bins(expected, belief.usual[rows]))
            growth = expected * belief.spread[rows]
            rest = belief.rate_variance[rows] * passed * passed
            came = np.maximum(amount, 0.0)[:, None]
            kept.append(
                (rows, kind, expected, growth, rest, noise, found.crps(came)[:, 0], amount, found.standard(came)[:, 0])
            )
        take(belief, rows, spans, picked, by_sensor)
    if not kept:
        nothing, none = np.zeros(0), np.zeros(0, dtype=np.int64)
        return Seen(none, none, nothing, nothing, nothing, nothing, nothing, nothing, nothing)
    columns = list(zip(*kept, strict=True))
    return Seen(
        np.concatenate(columns[0]), np.concatenate(columns[1]), np.concatenate(columns[2]), np.concatenate(columns[3]),
        np.concatenate(columns[4]), np.concatenate(columns[5]), np.concatenate(columns[6]), np.concatenate(columns[7]),
        np.concatenate(columns[8]),
    )  # fmt: skip


def in_turn(spans: Deposits) -> Iterator[tuple[Ints, Ints]]:
    """The first span of each container, then the second of each, and so on: containers, and rows of the spans."""
    order = np.lexsort((spans.begin, spans.container))
    for rows, picked in _ranks(spans.container[order]):
        yield rows, order[picked]


def take(belief: Belief, rows: Ints, spans: Deposits, picked: Ints, by_sensor: Ints | None = None) -> None:
    """Let the belief of containers `rows` take in spans `picked`, one each; `by_sensor` [m] is 1 for spans that a sensor saw."""
    sensed = np.zeros(len(rows), dtype=np.int64) if by_sensor is None else by_sensor[picked]
    _arrive(belief, rows, spans.begin[picked], sensed)
    noise = noise_of(belief.pooled, belief.containers, rows, sensed)
    belief.empty(rows, spans.end[picked], spans.amount[picked], spans.full[picked].astype(np.int64), noise)


def noise_of(pooled: Pooled, containers: Containers, rows: Ints, by_sensor: Ints) -> Floats:
    """[k]: variance of a span as an observation: of two readings of a sensor, none of a scale."""
    error = np.where(by_sensor == 1, pooled.error / 100.0, 0.0)
    return np.where(by_sensor == 1, 2.0 * (error * np.minimum(containers.capacity[rows], 1e9)) ** 2, 0.0)


def _arrive(belief: Belief, rows: Ints, begin: Floats, by_sensor: Ints) -> None:
    """A span begins with an empty container, whatever was thought before."""
    belief.move(rows, begin)
    belief.empty(rows, begin)
    belief.sensed[rows] = by_sensor


def _ranks(container: Ints) -> Iterator[tuple[Ints, Ints]]:
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


def _full_from(level: Floats) -> Floats:
    """Sensors cannot see above the rim, and say a little less than full when it is."""
    return np.where(level >= 98.0, np.maximum(level, 100.0), level)


def _prior(containers: Containers, spans: Deposits, *, calendar_of: Pooled) -> Pooled:
    """Rates of groups and how much the containers in them differ."""
    n, groups = len(containers), max(len(containers.groups), 1)
    fraction = containers.fraction
    if not len(spans):
        capacity = np.where(np.isfinite(containers.capacity), containers.capacity, 1.0)
        usual = _mean_of(capacity, containers.group, groups, float(capacity.mean()) if n else 1.0)
        return replace(calendar_of, rate=usual / 14.0, rate_sd=usual / 21.0, usual=usual * 0.5)
    exposure = calendar_of.calendar.span(fraction[spans.container], spans.begin, spans.end)
    amount = np.maximum(spans.amount, 0.0)
    total, spent = _sum(amount, spans.container, n), _sum(exposure, spans.container, n)
    number = _sum(np.ones(len(spans)), spans.container, n)
    told = number >= 3
    if not told.any():
        told = number >= 1
    rate = total / np.maximum(spent, 1e-9)
    whole = float(rate[told].mean())
    by_fraction = _mean_of(rate[told], fraction[told], max(len(containers.fractions), 1), whole)
    usual_one = total / np.maximum(number, 1.0)
    usual_fraction = _mean_of(
        usual_one[told], fraction[told], max(len(containers.fractions), 1), float(usual_one[told].mean())
    )
    of_group = np.zeros(groups, dtype=np.int64)
    of_group[containers.group] = fraction
    weight = _sum(np.ones(int(told.sum())), containers.group[told], groups)
    mean = (_sum(rate[told], containers.group[told], groups) + GROUP_PRIOR * by_fraction[of_group]) / (
        weight + GROUP_PRIOR
    )
    usual = (_sum(usual_one[told], containers.group[told], groups) + GROUP_PRIOR * usual_fraction[of_group]) / (
        weight + GROUP_PRIOR
    )
    mean, usual = np.maximum(mean, NOTHING), np.maximum(usual, NOTHING)
    off = (rate[told] - mean[containers.group[told]]) / mean[containers.group[told]]
    # Half the usual amount as deviation of one span is enough to take the noise of short histories off.
    noise = 0.25 / number[told]
    relative = np.sqrt(max(float(np.mean(np.minimum(off * off, 9.0) - noise)), 0.04))
    grain = np.tile((0.1 * np.maximum(usual_fraction, NOTHING))[:, None], (1, 2))
    return replace(calendar_of, rate=mean, rate_sd=relative * mean, usual=usual, grain=grain)


def _error(containers: Containers, sensed: Deposits, pooled: Pooled) -> float:
    """Deviation of one reading, percent. Two spans that share a reading share its error with opposite signs: what one has too
    much, the other has too little. So the error is in how neighbours go together, whatever comes in.
    """
    order = np.lexsort((sensed.begin, sensed.container))
    spans = sensed.at_rows(order)
    passed = pooled.calendar.span(containers.fraction[spans.container], spans.begin, spans.end)
    total = _sum(spans.amount, spans.container, len(containers))
    rate = total / np.maximum(_sum(passed, spans.container, len(containers)), 1e-9)
    capacity = containers.capacity[spans.container]
    off = (spans.amount - rate[spans.container] * passed) / capacity
    touch = (spans.container[1:] == spans.container[:-1]) & (np.abs(spans.begin[1:] - spans.end[:-1]) < 1e-6)
    touch &= ~spans.full[1:] & ~spans.full[:-1] & np.isfinite(capacity[1:])
    if int(touch.sum()) < 50:
        return pooled.error
    product = (off[1:] * off[:-1])[touch]
    low, high = np.quantile(product, (0.01, 0.99))
    shared = -float(np.clip(product, low, high).mean())
    return float(np.clip(100.0 * np.sqrt(max(shared, 0.0)), 0.5, 15.0))


def _refined(containers: Containers, seen: Seen, pooled: Pooled) -> Pooled:
    """Lumps, restlessness and share, from how far off the filter was."""
    if not len(seen.amount):
        return pooled
    grain, restless = pooled.grain.copy(), pooled.restless.copy()
    share = _share(seen, pooled.share)
    off = _winsorised(seen, share)
    fraction = containers.fraction[seen.container]
    for row in range(len(containers.fractions)):
        mine = (fraction == row) & (seen.kind == ORDINARY) & (seen.expected > 0)
        if int(mine.sum()) >= 30:
            grain[row, 0] = _lumps(seen, mine, off, float(share[ORDINARY]))
        mine = (fraction == row) & (seen.kind == SENSED)
        if int(mine.sum()) >= 30:
            # Spans of a sensor all last about a day: what differs between days is lumps, and adds up as they do.
            left = float((off - seen.noise - seen.rest)[mine].sum())
            grain[row, 1] = max(left / float(seen.growth[mine].sum()), 0.02 * grain[row, 1])
    for kind in range(SENSED):
        mine = (seen.kind == kind) & (seen.expected > 0)
        if int(mine.sum()) >= 30:
            lumps = grain[fraction[mine], 0] * seen.growth[mine] + seen.rest[mine]
            relative = (off[mine] / share[kind] ** 2 - lumps) / seen.expected[mine] ** 2
            restless[kind] = np.sqrt(np.clip(float(np.mean(relative)), 1e-4, 4.0))
    return replace(pooled, grain=grain, restless=restless, share=share)


def _share(seen: Seen, before: Floats) -> Floats:
    """What was found of what was expected, per bin; one on average where about as much as usual was expected."""
    share = before.copy()
    found, expected = np.zeros(BINS), np.zeros(BINS)
    for kind in range(SENSED):
        mine = (seen.kind == kind) & (seen.expected > 0)
        if int(mine.sum()) >= 30:
            most = np.quantile(seen.amount[mine] / seen.expected[mine], 0.99)
            found[kind] = np.minimum(seen.amount[mine], most * seen.expected[mine]).sum()
            expected[kind] = seen.expected[mine].sum()
    near = slice(ORDINARY - NEAR, ORDINARY + NEAR + 1)
    whole = found[near].sum() / max(expected[near].sum(), 1e-9)
    told = (expected > 0) & (whole > 0)
    share[told] = np.clip(found[told] / expected[told] / whole, 0.1, 5.0)
    return share


def _winsorised(seen: Seen, share: Floats) -> Floats:
    """Squares of how far off, the largest two in a hundred of each kind brought back: grave mistakes of the record."""
    off = (seen.amount - share[seen.kind] * seen.expected) ** 2
    relative = off / np.maximum(seen.expected, 1e-9) ** 2
    for kind in range(BINS):
        mine = seen.kind == kind
        if mine.any():
            relative[mine] = np.minimum(relative[mine], np.quantile(relative[mine], 0.98))
    return np.asarray(relative * np.maximum(seen.expected, 1e-9) ** 2, dtype=np.float64)


def _lumps(seen: Seen, mine: Bools, off: Floats, share: float) -> float:
    """Variance over mean, beside a part that goes with the mean squared: least squares, neither negative."""
    expected = seen.expected[mine]
    target = (off[mine] / share**2 - seen.rest[mine]) / expected**2
    lumps = seen.growth[mine] / expected**2
    x11, x12, x22 = float((lumps * lumps).sum()), float(lumps.sum()), float(len(lumps))
    y1, y2 = float((lumps * target).sum()), float(target.sum())
    least = max(0.02 * y2 / x12, 1e-9)
    determinant = x11 * x22 - x12 * x12
    if determinant <= 1e-12 * x11 * x22:
        return max(y2 / x12, least)
    first, second = (y1 * x22 - y2 * x12) / determinant, (x11 * y2 - x12 * y1) / determinant
    if second <= 0:
        return max(y2 / x12, least)
    return max(first, least)


def _drifting(model: Model, containers: Containers, sample: Deposits, by_sensor: Ints) -> Pooled:
    """The drift with which the filter scored best (CRPS) per fraction, all else estimated again for each."""
    fractions = len(containers.fractions)
    scores = np.zeros((len(DRIFTS), fractions))
    found: list[Pooled] = []
    for number, drift in enumerate(DRIFTS):
        pooled = replace(model.pooled, drift=np.full(fractions, drift))
        seen = run(replace(model, pooled=pooled), containers, sample, by_sensor)
        pooled = _calibrated(seen, _refined(containers, seen, pooled))
        seen = run(replace(model, pooled=pooled), containers, sample, by_sensor)
        scores[number] = _sum(seen.score, containers.fraction[seen.container], fractions)
        found.append(pooled)
    best = np.argmin(scores, axis=0)
    return replace(found[int(np.argmin(scores.sum(axis=1)))], drift=np.array(DRIFTS)[best])


def _calibrated(seen: Seen, pooled: Pooled) -> Pooled:
    bends = no_bends(BINS)
    for kind in range(BINS):
        bends[kind] = bend_of(seen.standard[seen.kind == kind])
    return replace(pooled, bends=bends)


def _sampled(containers: Containers, spans: Deposits) -> Bools:
    """Spans of some `SAMPLE` containers, the same number of every group where there are enough."""
    told = np.flatnonzero(np.bincount(spans.container, minlength=len(containers)) > WARM)
    if len(told) > SAMPLE:
        rng = np.random.default_rng(1)
        mixed = rng.permutation(told)
        group = containers.group[mixed]
        order = np.argsort(group, kind="stable")
        place = np.empty(len(mixed), dtype=np.int64)
        starts = np.searchsorted(group[order], group[order])
        place[order] = np.arange(len(mixed)) - starts
        told = mixed[np.argsort(place, kind="stable")[:SAMPLE]]
    chosen = np.zeros(len(containers), dtype=np.bool_)
    chosen[told] = True
    keep = chosen[spans.container]
    rows = np.flatnonzero(keep)
    order = rows[np.lexsort((-spans.begin[rows], spans.container[rows]))]
    starts = np.searchsorted(spans.container[order], spans.container[order])
    keep[order[np.arange(len(order)) - starts >= TURNS]] = False
    return keep


def _sum(values: Floats, row: Ints, size: int) -> Floats:
    return np.asarray(np.bincount(row, weights=values, minlength=size)[:size], dtype=np.float64)


def _mean_of(values: Floats, row: Ints, size: int, otherwise: float) -> Floats:
    number = np.bincount(row, minlength=size)[:size]
    return np.where(number > 0, _sum(values, row, size) / np.maximum(number, 1), otherwise)
