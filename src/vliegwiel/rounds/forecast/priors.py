"""What is believed of groups before the filter runs: rates, how much they differ, what is usually weighed, errors of sensors."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.belief import Pooled
from vliegwiel.rounds.forecast.evidence import Containers, Deposits, Floats, Ints

GROUP_PRIOR: Final = 8.0
"""A group of this many containers weighs as much as its fraction."""

HALF_FULL: Final = 0.6
"""Of the capacity: how full a container is taken to be when it is emptied, where no weighing says so."""

NOTHING: Final = 1e-6
"""Of any unit: so little a day that it is nothing, and still something to divide by."""


def before_sensors(containers: Containers, weighed: Deposits, sensed: Deposits) -> Deposits:
    """Weighed spans from before a container had a sensor: later ones would count what came in twice."""
    first = np.full(len(containers), np.inf)
    np.minimum.at(first, sensed.container, sensed.begin)
    return weighed.where(weighed.end <= first[weighed.container])


def prior_of(containers: Containers, spans: Deposits, weighed: Deposits, *, calendar_of: Pooled) -> Pooled:
    """Rates of groups and how much the containers in them differ; and what is usually weighed."""
    n, groups = len(containers), max(len(containers.groups), 1)
    fraction = containers.fraction
    usual = _usual(containers, weighed, groups)
    if not len(spans):
        return replace(calendar_of, rate=usual / 7.0, rate_sd=usual / 10.0, usual=usual)
    exposure = calendar_of.calendar.span(fraction[spans.container], spans.begin, spans.end)
    amount = np.maximum(spans.amount, 0.0)
    total, spent = sum_by(amount, spans.container, n), sum_by(exposure, spans.container, n)
    number = sum_by(np.ones(len(spans)), spans.container, n)
    told = number >= 3
    if not told.any():
        told = number >= 1
    rate = total / np.maximum(spent, 1e-9)
    whole = float(rate[told].mean())
    by_fraction = mean_by(rate[told], fraction[told], max(len(containers.fractions), 1), whole)
    of_group = np.zeros(groups, dtype=np.int64)
    of_group[containers.group] = fraction
    weight = sum_by(np.ones(int(told.sum())), containers.group[told], groups)
    mean = (sum_by(rate[told], containers.group[told], groups) + GROUP_PRIOR * by_fraction[of_group]) / (
        weight + GROUP_PRIOR
    )
    mean = np.maximum(mean, NOTHING)
    off = (rate[told] - mean[containers.group[told]]) / mean[containers.group[told]]
    # Half the usual amount as deviation of one span is enough to take the noise of short histories off.
    noise = 0.25 / number[told]
    relative = np.sqrt(max(float(np.mean(np.minimum(off * off, 9.0) - noise)), 0.04))
    per_fraction = mean_by(usual, of_group, max(len(containers.fractions), 1), float(usual.mean()))
    grain = np.tile(0.1 * per_fraction[:, None], (1, 2))
    return replace(calendar_of, rate=mean, rate_sd=relative * mean, usual=usual, grain=grain)


def error_of(containers: Containers, sensed: Deposits, pooled: Pooled) -> float:
    """Deviation of one reading, percent. Two spans that share a reading share its error with opposite signs: what one has too
    much, the other has too little. So the error is in how neighbours go together, whatever comes in.
    """
    order = np.lexsort((sensed.begin, sensed.container))
    spans = sensed.at_rows(order)
    passed = pooled.calendar.span(containers.fraction[spans.container], spans.begin, spans.end)
    total = sum_by(spans.amount, spans.container, len(containers))
    rate = total / np.maximum(sum_by(passed, spans.container, len(containers)), 1e-9)
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


def _usual(containers: Containers, weighed: Deposits, groups: int) -> Floats:
    """[g]: what is usually found at an emptying; where nobody weighed, a good half of the capacity."""
    known = np.where(np.isfinite(containers.capacity), HALF_FULL * containers.capacity, 1.0)
    half = mean_by(known, containers.group, groups, float(known.mean()) if len(known) else 1.0)
    if not len(weighed):
        return half
    of_group = np.zeros(groups, dtype=np.int64)
    of_group[containers.group] = containers.fraction
    amount = np.maximum(weighed.amount, 0.0)
    by_fraction = mean_by(amount, containers.fraction[weighed.container], max(len(containers.fractions), 1), np.nan)[
        of_group
    ]
    group = containers.group[weighed.container]
    number = sum_by(np.ones(len(weighed)), group, groups)
    mixed = (sum_by(amount, group, groups) + GROUP_PRIOR * np.nan_to_num(by_fraction)) / (number + GROUP_PRIOR)
    return np.maximum(np.where(np.isfinite(by_fraction), mixed, half), NOTHING)


def sum_by(values: Floats, row: Ints, size: int) -> Floats:
    return np.asarray(np.bincount(row, weights=values, minlength=size)[:size], dtype=np.float64)


def mean_by(values: Floats, row: Ints, size: int, otherwise: float) -> Floats:
    number = np.bincount(row, minlength=size)[:size]
    return np.where(number > 0, sum_by(values, row, size) / np.maximum(number, 1), otherwise)
