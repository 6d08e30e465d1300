"""How many truly different processes there are: case types that are alike, put together.

Average linkage on likeness. The number of groups is not given: of all ways to cut the tree the one counts in which case types are
most like their own group and least like the next (silhouette; Rousseeuw 1987), as far as a cut makes sense at all. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from .likeness import Floats, likeness_matrix
from .signature import Signature

MOST_GROUPS = 40
_ONE = 0.66
"""When nothing is further apart than this, it is one process: disguises of one process come as far as 0.64 apart."""
_APART = 0.72
"""Whatever the silhouette says: groups further apart than this are never one."""
_SAMPLE = 500


@dataclass(frozen=True, slots=True)
class Grouping:
    """`labels[i]` is the group of case type i, from 0, the largest group first. `own` is the mean likeness of i to its group
    (1 for one that stands alone), `next` that to the nearest other group (0 when there is none)."""

    labels: tuple[int, ...]
    own: tuple[float, ...]
    next: tuple[float, ...]

    @property
    def count(self) -> int:
        """How many groups."""
        return max(self.labels, default=-1) + 1

    def members(self, group: int) -> tuple[int, ...]:
        """The case types of a group, the most typical first."""
        inside = [place for place, label in enumerate(self.labels) if label == group]
        return tuple(sorted(inside, key=lambda place: (-self.own[place], place)))


def group(signatures: Sequence[Signature]) -> Grouping:
    """Put signatures together that are one process."""
    if len(signatures) < 2:
        return Grouping((0,) * len(signatures), (1.0,) * len(signatures), (0.0,) * len(signatures))
    likeness = likeness_matrix(signatures)
    distance = np.clip(1.0 - likeness, 0.0, 1.0)
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), method="average")
    labels = _ordered(_best_cut(tree, distance))
    own, near = _closeness(likeness, labels)
    return Grouping(tuple(int(label) for label in labels), tuple(own), tuple(near))


def _best_cut(tree: Floats, distance: Floats) -> NDArray[np.intp]:
    heights = tree[:, 2]
    if heights[-1] <= _ONE:
        return np.ones(len(distance), dtype=np.intp)
    fewest = max(2, int((heights > _APART).sum()) + 1)
    most = min(MOST_GROUPS, len(distance) - 1)
    step = max(1, len(distance) // _SAMPLE)
    sample = np.arange(0, len(distance), step)
    part = distance[np.ix_(sample, sample)]
    best, best_score = fcluster(tree, fewest, "maxclust"), -2.0
    for count in range(min(fewest, most), most + 1):
        labels = fcluster(tree, count, "maxclust")
        score = _silhouette(part, np.asarray(labels[sample], dtype=np.intp))
        if score > best_score + 1e-9:
            best, best_score = labels, score
    return np.asarray(best, dtype=np.intp)


def _silhouette(distance: Floats, labels: NDArray[np.intp]) -> float:
    """Mean silhouette; one that stands alone counts as 0."""
    mean, sizes, inverse = _means(distance, labels)
    rows = np.arange(len(labels))
    size = sizes[inverse]
    own = np.where(size > 1, mean[rows, inverse] * size / np.maximum(size - 1, 1), 0.0)
    other = mean.copy()
    other[rows, inverse] = np.inf
    near = other.min(axis=1)
    if not np.isfinite(near).all():
        return -1.0
    score = np.where(size > 1, (near - own) / np.maximum(np.maximum(near, own), 1e-12), 0.0)
    return float(score.mean())


def _means(matrix: Floats, labels: NDArray[np.intp]) -> tuple[Floats, NDArray[np.intp], NDArray[np.intp]]:
    """Mean of each row over each group, shape (n, groups), the sizes of groups, and the group of each row."""
    names, inverse = np.unique(labels, return_inverse=True)
    member = np.zeros((len(labels), len(names)))
    member[np.arange(len(labels)), inverse] = 1.0
    sizes = member.sum(axis=0)
    return (matrix @ member) / sizes, sizes.astype(np.intp), inverse


def _ordered(labels: NDArray[np.intp]) -> NDArray[np.intp]:
    """Groups numbered from 0, the largest first; of equal ones the one that comes first."""
    names, first, counts = np.unique(labels, return_index=True, return_counts=True)
    order = np.lexsort((first, -counts))
    place = {int(names[old]): new for new, old in enumerate(order)}
    return np.asarray([place[int(label)] for label in labels], dtype=np.intp)


def _closeness(likeness: Floats, labels: NDArray[np.intp]) -> tuple[list[float], list[float]]:
    mean, sizes, inverse = _means(likeness, labels)
    rows = np.arange(len(labels))
    size = sizes[inverse]
    own = np.where(size > 1, (mean[rows, inverse] * size - 1.0) / np.maximum(size - 1, 1), 1.0)
    other = mean.copy()
    other[rows, inverse] = 0.0
    return own.tolist(), other.max(axis=1).tolist()
