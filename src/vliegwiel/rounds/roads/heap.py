"""A binary heap in two arrays, smallest key first: for shortest paths in compiled code."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from vliegwiel.rounds.roads.compiling import compiled

Longs = npt.NDArray[np.int64]
Ints = npt.NDArray[np.int32]


@compiled
def push(keys: Longs, items: Ints, size: int, key: int, item: int) -> int:
    """Put one in; gives the new size. The arrays must have room."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if keys[above] <= key:
            break
        keys[at] = keys[above]
        items[at] = items[above]
        at = above
    keys[at] = key
    items[at] = item
    return size + 1


@compiled
def pop(keys: Longs, items: Ints, size: int) -> int:
    """Take the first (read it before at index 0) away; gives the new size."""
    size -= 1
    key = keys[size]
    item = items[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and keys[below + 1] < keys[below]:
            below += 1
        if keys[below] >= key:
            break
        keys[at] = keys[below]
        items[at] = items[below]
        at = below
    keys[at] = key
    items[at] = item
    return size
