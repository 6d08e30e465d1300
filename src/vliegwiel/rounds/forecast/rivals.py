"""Simple forecasts to beat, each with a distribution of its own: last rate, exponential smoothing, seasonal naive, the usual.

Each says one amount per span, from the spans before; around it stand the errors it made on the first part of the evidence,
taken as ratios or as differences, whichever scored better there. So the rivals are calibrated too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.ahead import NODES
from vliegwiel.rounds.forecast.evidence import Bools, Deposits, Floats
from vliegwiel.rounds.forecast.turns import in_turn

ALPHAS: Final = (0.05, 0.1, 0.2, 0.3, 0.5)
"""Weights of the newest rate that exponential smoothing may choose from."""

SHARES: Final[Floats] = (np.arange(NODES) + 0.5) / NODES


@dataclass(frozen=True, slots=True)
class Said:
    """What a rival says: `name`, and equally likely amounts [m, NODES] per span, rising."""

    name: str
    nodes: Floats


def last_rate(spans: Deposits) -> Floats:
    """[m]: the rate of the span before, times the days of this one; NaN for a first span."""
    rate = spans.amount / (spans.end - spans.begin)
    order = np.lexsort((spans.begin, spans.container))
    before = np.full(len(spans), np.nan)
    again = spans.container[order][1:] == spans.container[order][:-1]
    before[order[1:][again]] = rate[order[:-1][again]]
    return np.asarray(before * (spans.end - spans.begin), dtype=np.float64)


def smoothed(spans: Deposits, alpha: float) -> Floats:
    """[m]: the exponentially smoothed rate, times the days; NaN for a first span."""
    days = spans.end - spans.begin
    level = np.full(int(spans.container.max(initial=-1)) + 1, np.nan)
    said = np.full(len(spans), np.nan)
    for rows, picked in in_turn(spans):
        said[picked] = level[rows] * days[picked]
        rate = spans.amount[picked] / days[picked]
        level[rows] = np.where(np.isnan(level[rows]), rate, level[rows] + alpha * (rate - level[rows]))
    return said


def seasonal(spans: Deposits) -> Floats:
    """[m]: the rate of the newest span that ended on the same weekday (else of the one before), times the days."""
    days = spans.end - spans.begin
    weekday = (np.floor(spans.end).astype(np.int64) + 3) % 7
    of_day = np.full((int(spans.container.max(initial=-1)) + 1, 7), np.nan)
    said = last_rate(spans)
    for rows, picked in in_turn(spans):
        rate = of_day[rows, weekday[picked]]
        said[picked] = np.where(np.isnan(rate), said[picked], rate * days[picked])
        of_day[rows, weekday[picked]] = spans.amount[picked] / days[picked]
    return said


def as_usual(spans: Deposits, alpha: float) -> Floats:
    """[m]: the exponentially smoothed amount, however long it took; NaN for a first span."""
    level = np.full(int(spans.container.max(initial=-1)) + 1, np.nan)
    said = np.full(len(spans), np.nan)
    for rows, picked in in_turn(spans):
        said[picked] = level[rows]
        amount = spans.amount[picked]
        level[rows] = np.where(np.isnan(level[rows]), amount, level[rows] + alpha * (amount - level[rows]))
    return said


def rivals(spans: Deposits, learn: Bools) -> tuple[Said, ...]:
    """All rivals over the spans; what they choose, and their errors, are those of the spans `learn` [m]."""
    smooth = min((smoothed(spans, alpha) for alpha in ALPHAS), key=lambda said: _off(said, spans.amount, learn))
    usual = min((as_usual(spans, alpha) for alpha in ALPHAS), key=lambda said: _off(said, spans.amount, learn))
    return (
        Said("last rate", dressed(last_rate(spans), spans.amount, learn)),
        Said("exponential smoothing", dressed(smooth, spans.amount, learn)),
        Said("seasonal naive", dressed(seasonal(spans), spans.amount, learn)),
        Said("as usual", dressed(usual, spans.amount, learn)),
    )


def dressed(said: Floats, came: Floats, learn: Bools) -> Floats:
    """[m, NODES]: the amounts said with the errors of the spans `learn` around them. NaN where nothing was said."""
    known = learn & np.isfinite(said) & (said > 0)
    if not known.any():
        return np.repeat(said[:, None], NODES, axis=1)
    ratio = np.quantile(came[known] / said[known], SHARES)
    apart = np.quantile(came[known] - said[known], SHARES)
    by_ratio = said[:, None] * ratio
    by_difference = np.maximum(said[:, None] + apart, 0.0)
    better = crps_of(by_ratio[known], came[known]).mean() <= crps_of(by_difference[known], came[known]).mean()
    return by_ratio if better else by_difference


def crps_of(nodes: Floats, came: Floats) -> Floats:
    """[m]: continuous ranked probability score of equally likely rising values [m, NODES] for what came [m]."""
    weights = 2.0 * np.arange(1, NODES + 1) - NODES - 1.0
    return np.asarray(np.abs(nodes - came[:, None]).mean(axis=1) - nodes @ weights / (NODES * NODES), dtype=np.float64)


def _off(said: Floats, came: Floats, learn: Bools) -> float:
    known = learn & np.isfinite(said)
    return float(np.abs(said[known] - came[known]).mean()) if known.any() else np.inf
