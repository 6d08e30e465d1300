"""What cannot be written down, estimated by running the filter over evidence forward in time: how far off was it each time?

How fast rates drift, how lumpy deposits are, how restless whole spans, what share is found of what is expected, calibration.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import bend_of, no_bends
from vliegwiel.rounds.forecast.belief import BINS, ORDINARY, SENSED, Pooled, bins
from vliegwiel.rounds.forecast.evidence import Bools, Containers, Deposits, Floats, Ints
from vliegwiel.rounds.forecast.priors import mean_by, sum_by
from vliegwiel.rounds.forecast.turns import arrive, fresh, in_turn, noise_of, take

SAMPLE: Final = 400
"""Containers whose evidence is run through to estimate what all share."""

TURNS: Final = 100
"""Newest spans of each of those containers that are run through."""

DRIFTS: Final = (0.003, 0.01, 0.025, 0.05)
"""Deviations of a rate's change over a day, relative, that are tried."""

PASSES: Final = 3

NEAR: Final = 2
"""Bins on either side of the ordinary one over which the share is one on average."""

WARM: Final = 4
"""First spans of a container that are not looked at: the filter is still finding its way."""

LENDING: Final = 30
"""With fewer outcomes of scales, or of sensors, than this, one borrows from the other."""


def tuned(containers: Containers, pooled: Pooled, spans: Deposits, by_sensor: Ints) -> Pooled:
    """What containers share, with all that is estimated by running; `by_sensor` [m] is 1 for spans that a sensor saw."""
    keep = _sampled(containers, spans)
    sample, kind = spans.where(keep), by_sensor[keep]
    for _ in range(PASSES):
        pooled = _refined(containers, run(pooled, containers, sample, kind), pooled)
    pooled = _drifting(pooled, containers, sample, kind)
    pooled = _refined(containers, run(pooled, containers, sample, kind), pooled)
    last = run(pooled, containers, sample, kind)
    return _lent(containers, last, _calibrated(last, pooled))


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


def run(pooled: Pooled, containers: Containers, spans: Deposits, by_sensor: Ints) -> Seen:
    """The filter over spans forward in time, and how far off it was each time."""
    belief = fresh(pooled, containers, float(spans.begin.min()))
    kept: list[tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats, Floats, Floats]] = []
    for turn, (rows, picked) in enumerate(in_turn(spans)):
        arrive(belief, rows, spans.begin[picked], by_sensor[picked])
        if turn >= WARM:
            end, amount = spans.end[picked], spans.amount[picked]
            noise = noise_of(pooled, containers, rows, by_sensor[picked])
            found = belief.weighing(rows, end, noise)
            passed = pooled.calendar.span(belief.fraction[rows], belief.at[rows], end)
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


def _drifting(start: Pooled, containers: Containers, sample: Deposits, by_sensor: Ints) -> Pooled:
    """The drift with which the filter scored best (CRPS) per fraction, all else estimated again for each."""
    fractions = len(containers.fractions)
    scores = np.zeros((len(DRIFTS), fractions))
    found: list[Pooled] = []
    for number, drift in enumerate(DRIFTS):
        pooled = replace(start, drift=np.full(fractions, drift))
        seen = run(pooled, containers, sample, by_sensor)
        pooled = _calibrated(seen, _refined(containers, seen, pooled))
        seen = run(pooled, containers, sample, by_sensor)
        scores[number] = sum_by(seen.score, containers.fraction[seen.container], fractions)
        found.append(pooled)
    best = np.argmin(scores, axis=0)
    return replace(found[int(np.argmin(scores.sum(axis=1)))], drift=np.array(DRIFTS)[best])


def _calibrated(seen: Seen, pooled: Pooled) -> Pooled:
    bends = no_bends(BINS)
    for kind in range(BINS):
        bends[kind] = bend_of(seen.standard[seen.kind == kind])
    return replace(pooled, bends=bends)


def _lent(containers: Containers, seen: Seen, pooled: Pooled) -> Pooled:
    """Where only scales told, or only sensors, one lends what it knows of lumps and calibration to the other."""
    grain, restless, bends = pooled.grain.copy(), pooled.restless.copy(), pooled.bends.copy()
    fraction = containers.fraction[seen.container]
    usual = mean_by(
        pooled.usual[containers.group], containers.fraction, len(containers.fractions), float(pooled.usual.mean())
    )
    sensed = seen.kind == SENSED
    for row in range(len(containers.fractions)):
        by_sensor, by_scale = (int(((fraction == row) & (sensed == said)).sum()) for said in (True, False))
        if by_sensor < LENDING <= by_scale:
            # A reading cuts a span in pieces that add up: all that is uncertain of a usual span becomes lumps.
            grain[row, 1] = grain[row, 0] + restless[ORDINARY] ** 2 * usual[row]
        elif by_scale < LENDING <= by_sensor:
            grain[row, 0] = grain[row, 1]
    if int(sensed.sum()) < LENDING:
        bends[SENSED] = bends[ORDINARY]
    elif int((~sensed).sum()) < LENDING:
        restless[:SENSED], bends[:SENSED] = restless[SENSED], bends[SENSED]
    return replace(pooled, grain=grain, restless=restless, bends=bends)


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
