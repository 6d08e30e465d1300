"""Deposits counted (a lid that opens, a card that is read): how much one brings is learned, then they tell the content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.rounds.forecast.belief import Belief
from vliegwiel.rounds.forecast.evidence import Containers, Deposits, Floats, Ints
from vliegwiel.rounds.forecast.priors import sum_by

ENOUGH: Final = 10
"""Spans of a fraction with a count and a known amount, at least, for counts to tell anything."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts [m]: `number` deposits since the count before, told at `at`."""

    container: Ints
    at: Floats
    number: Floats


@dataclass(frozen=True, slots=True)
class Each:
    """Per fraction [f]: `amount` that one deposit brings (NaN: not known), and by how much, relative, a span is off (`off`)."""

    amount: Floats
    off: Floats


def each_of(containers: Containers, counts: Counts, weighed: Deposits) -> Each:
    """What one deposit brings, from spans of known amount in which deposits were counted."""
    fractions = len(containers.fractions)
    number = counted(counts, weighed.container, weighed.begin, weighed.end, len(containers))
    told = (number > 0) & (weighed.amount > 0) & ~weighed.full
    row = containers.fraction[weighed.container[told]]
    amount, number = weighed.amount[told], number[told]
    spans = sum_by(np.ones(len(row)), row, fractions)
    mean = np.full(fractions, np.nan)
    many = spans >= ENOUGH
    mean[many] = (sum_by(amount, row, fractions) / np.maximum(sum_by(number, row, fractions), 1e-9))[many]
    relative = amount / (number * mean[row]) - 1.0
    square = sum_by(np.nan_to_num(np.minimum(relative * relative, 4.0)), row, fractions)
    return Each(mean, np.sqrt(square / np.maximum(spans, 1.0)))


def counted(counts: Counts, container: Ints, begin: Floats, end: Floats, size: int) -> Floats:
    """[k]: how many deposits were counted in a container after `begin` until `end`; `size` containers there are."""
    order = np.lexsort((counts.at, counts.container))
    running = np.concatenate([[0.0], np.cumsum(counts.number[order])])
    at = counts.at[order]
    # One axis of time for all containers, one after the other: a search in it is a search in each.
    least = min(float(at.min(initial=0.0)), float(begin.min(initial=0.0)))
    reach = max(float(at.max(initial=0.0)), float(end.max(initial=0.0))) - least + 1.0
    axis = counts.container[order] * reach + (at - least)
    low = np.searchsorted(axis, container * reach + (begin - least), side="right")
    high = np.searchsorted(axis, container * reach + (end - least), side="right")
    return np.asarray(running[high] - running[low], dtype=np.float64)


def take_counts(belief: Belief, counts: Counts, each: Each, emptied: Floats) -> None:
    """Let counts after the last emptying (`emptied` [n], minus infinity where none is known) tell the content.

    Only where a count is newer than all else that was told; containers of which no emptying is known are left alone.
    """
    n = len(belief.at)
    newest = np.full(n, -np.inf)
    np.maximum.at(newest, counts.container, counts.at)
    rows = np.flatnonzero(
        np.isfinite(newest) & np.isfinite(emptied) & (newest > belief.at) & np.isfinite(each.amount[belief.fraction])
    )
    if not len(rows):
        return
    number = counted(counts, rows, emptied[rows], newest[rows], n)
    amount = each.amount[belief.fraction[rows]]
    content = number * amount
    was = belief.sensed[rows].copy()
    off = each.off[belief.fraction[rows]] * content + amount
    belief.measure(rows, newest[rows], content, off)
    belief.sensed[rows] = was
