"""How alike two processes are: 0 for nothing in common, 1 for the same.

Per aspect the shared weight over all weight (weighted Jaccard); aspects that one of the two does not have say nothing and are
left out, so that a case type without documents is not unlike one with documents. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from .signature import WEIGHTS, Aspect, Signature

Floats = NDArray[np.float64]
_MISSING = 0.5
"""What a case type lacks of a pattern weighs half: many systems hold fewer statuses than there are steps."""


def likeness_matrix(signatures: Sequence[Signature]) -> Floats:
    """Likeness of each to each, shape (n, n), symmetric, ones on the diagonal."""
    count = len(signatures)
    total, weight = np.zeros((count, count)), np.zeros((count, count))
    for aspect, counts in WEIGHTS.items():
        alike, known = _aspect_matrix([one.of(aspect) for one in signatures])
        total += counts * np.where(known, alike, 0.0)
        weight += counts * known
    found = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
    np.fill_diagonal(found, 1.0)
    return found


def _aspect_matrix(features: Sequence[Mapping[str, float]]) -> tuple[Floats, NDArray[np.bool_]]:
    """Weighted Jaccard of one aspect, and where both sides have it."""
    names = {name: place for place, name in enumerate(sorted({name for row in features for name in row}))}
    table = np.zeros((len(features), len(names)))
    for number, row in enumerate(features):
        for name, value in row.items():
            table[number, names[name]] = value
    shared = np.zeros((len(features), len(features)))
    for column in table.T:
        has = column > 0
        shared[np.ix_(has, has)] += np.minimum.outer(column[has], column[has])
    sums = table.sum(axis=1)
    union = sums[:, None] + sums[None, :] - shared
    known = (sums[:, None] > 0) & (sums[None, :] > 0)
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0), known


def fit(case: Signature, pattern: Signature) -> float:
    """How well a case type fits a pattern, 0 to 1. What the pattern may leave out is never missed."""
    total = weight = 0.0
    for aspect, counts in WEIGHTS.items():
        if aspect is Aspect.REST:
            continue
        here, there = case.of(aspect), pattern.of(aspect)
        if not here or not there:
            continue
        shared = sum(min(value, there[name]) for name, value in here.items() if name in there)
        strange = sum(value for name, value in here.items() if name not in there)
        missed = sum(
            value for name, value in there.items() if name not in here and (aspect, name) not in pattern.optional
        )
        whole = shared + strange + _MISSING * missed
        total += counts * (shared / whole if whole else 0.0)
        weight += counts
    return total / weight if weight else 0.0
