"""Parts of a rule that matter in some rows only (a branch of `if`, a line of a table): computed for those rows, when few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from vliegwiel.law.population.columns import Cannot, Ints, Lit, Mask, Op, Operand, Space
from vliegwiel.law.population.logic import as_truth, choose, pick

# Below one in so many rows it pays to take them apart.
SPARSE: Final = 4


@dataclass(frozen=True, slots=True)
class Branch:
    """A part of a rule. `unit` is the key when it is nothing but another unit; `plain` when it takes no computing at all."""

    op: Op
    plain: bool = False
    unit: str | None = None

    def costs(self, space: Space) -> bool:
        """Whether there is something to compute."""
        return not self.plain and (self.unit is None or space.known(self.unit) is None)


def few(space: Space, mask: Mask) -> bool:
    """Whether it pays to take these rows apart."""
    return int(np.count_nonzero(mask)) * SPARSE <= space.size


def some_rows(space: Space, rows: Ints) -> Space:
    """These rows, as a space of their own."""
    return Space(space.run, len(rows), space, chosen=rows)


def spread(space: Space, rows: Ints, found: Operand) -> Operand:
    """What was computed for some rows, on all rows; elsewhere it means nothing."""
    if isinstance(found, Lit):
        return found
    places = np.zeros(space.size, dtype=np.int64)
    places[rows] = np.arange(len(rows))
    return found.take(places)


def within(space: Space, branch: Branch, mask: Mask) -> Operand:
    """What a branch gives in these rows; elsewhere it means nothing."""
    if not branch.costs(space):
        return branch.op(space)
    if not few(space, mask):
        return branch.op(space)
    rows = np.flatnonzero(mask)
    if not len(rows):
        return Lit(None)
    try:
        found = branch.op(some_rows(space, rows))
    except Cannot:
        return branch.op(space)
    return spread(space, rows, found)


def chosen(space: Space, condition: Operand, then: Branch, otherwise: Branch) -> Operand:
    """`if`, of which each branch is computed only where it matters. An unknown condition asks for both."""
    if isinstance(condition, Lit):
        return choose(space, condition, then.op(space), otherwise.op(space))
    asked = as_truth(space, condition)
    if asked.gap is not None:
        open_rows = asked.gap.mask
        first = within(space, then, asked.yes | open_rows)
        return choose(space, asked, first, within(space, otherwise, ~asked.yes))
    taken = asked.yes
    count = np.count_nonzero(taken)
    if count == space.size:
        return then.op(space)
    if count == 0:
        return otherwise.op(space)
    left = ~taken
    return pick(space, [(left, within(space, otherwise, left)), (taken, within(space, then, taken))], covers=True)
