"""How alike definitions are: a number from 0 (nothing in common) to 1 (the same), over all pairs, and a map of it.

Per part of a definition (law, process, form ...) the share of what is said in either that is said in both (Jaccard, 1901), and
over the parts a weighted mean. What is said counts without the keys that files happen to use, so that a renamed copy is still a
copy. Sets are whole numbers of which each bit is one thing said: 450 × 450 products take a second without any library.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Final

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from .placing import Role, role_of
from .saying import content_words

Features = Mapping[str, frozenset[str]]
"""What is said, by part."""

WEIGHTS: Final[Mapping[str, float]] = {
    "wet": 0.20, "proces": 0.25, "formulier": 0.20, "gegevens": 0.10, "uitkomsten": 0.10, "stukken": 0.05, "teksten": 0.10,
}  # fmt: skip
"""How heavy each part counts. A choice, not a finding: the process and the law say most about whether two products are one."""
_PARTS: Final = {
    "wet": "wet", "uitkomst_als": "wet", "proces": "proces", "patroon": "proces", "termijnen": "proces", "stappen": "formulier",
    "past_dit": "formulier", "gegevens": "gegevens", "uitkomsten": "uitkomsten", "leges": "uitkomsten", "aanspraak": "uitkomsten",
    "bezwaar": "uitkomsten", "stukken": "stukken", "pagina": "teksten", "teksten": "teksten",
}  # fmt: skip
_NOT_SAID: Final = frozenset(("sleutel", "bron", "tekst_van"))


def features(product: MapNode) -> Features:
    """What a definition says, by part."""
    found: dict[str, set[str]] = {part: set() for part in WEIGHTS}
    for key, value in product.entries:
        part = _PARTS.get(key.text)
        if part is not None:
            _gather(found[part], (key.text,), value)
    return {part: frozenset(said) for part, said in found.items()}


def _gather(found: set[str], path: tuple[str, ...], node: Node) -> None:
    if isinstance(node, TextNode):
        last = path[-1]
        if last in _NOT_SAID:
            return
        if role_of(path) is Role.TEXT:
            found.update(f"{last}~{word}" for word in content_words(node.text.lower()))
        else:
            found.add(f"{last}={node.text}")
    elif isinstance(node, ListNode):
        for item in node.items:
            _gather(found, path, item)
    else:
        for key, value in node.entries:
            _gather(found, (*path, key.text), value)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike all pairs are. `rows[a][b]` is 1 on the diagonal and the same both ways round."""

    keys: tuple[str, ...]
    rows: tuple[tuple[float, ...], ...]

    def of(self, one: str, other: str) -> float:
        """How alike two are. Raises `ValueError` for a key that is not there."""
        return self.rows[self.keys.index(one)][self.keys.index(other)]

    def nearest(self, key: str, most: int = 5) -> tuple[tuple[str, float], ...]:
        """Those most like this one, the most alike first."""
        row = self.rows[self.keys.index(key)]
        others = [(other, value) for other, value in zip(self.keys, row, strict=True) if other != key]
        return tuple(sorted(others, key=lambda pair: (-pair[1], pair[0]))[:most])

    def pairs(self, least: float) -> tuple[tuple[str, str, float], ...]:
        """All pairs at least so much alike, the most alike first."""
        found = [
            (one, other, value)
            for n, (one, row) in enumerate(zip(self.keys, self.rows, strict=True))
            for other, value in zip(self.keys[n + 1 :], row[n + 1 :], strict=True)
            if value >= least
        ]
        return tuple(sorted(found, key=lambda pair: (-pair[2], pair[:2])))


def likeness(items: Mapping[str, Features], weights: Mapping[str, float] = WEIGHTS) -> Likeness:
    """All pairs. A part that neither has says nothing and is left out; one that only one has counts as nothing in common."""
    keys = tuple(items)
    size = len(keys)
    common = [[0.0] * size for _ in keys]
    weighed = [[0.0] * size for _ in keys]
    for part, weight in weights.items():
        numbers: dict[str, int] = {}
        sets = [_bits(items[key].get(part, frozenset()), numbers) for key in keys]
        for n, one in enumerate(sets):
            said, counted = common[n], weighed[n]
            for m in range(n + 1, size):
                either = (one | sets[m]).bit_count()
                if either:
                    counted[m] += weight
                    said[m] += weight * (one & sets[m]).bit_count() / either
    rows = [[1.0] * size for _ in keys]
    for n in range(size):
        for m in range(n + 1, size):
            total = weighed[n][m]
            rows[n][m] = rows[m][n] = min(common[n][m] / total, 1.0) if total else 1.0
    return Likeness(keys, tuple(tuple(row) for row in rows))


def _bits(said: Iterable[str], numbers: dict[str, int]) -> int:
    whole = 0
    for one in said:
        whole |= 1 << numbers.setdefault(one, len(numbers))
    return whole


def families(found: Likeness, least: float = 0.7) -> tuple[tuple[str, ...], ...]:
    """Groups in which each is at least so much alike to some other of the group, the largest first; those alone come last."""
    root = {key: key for key in found.keys}

    def top(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for one, other, _ in found.pairs(least):
        root[top(one)] = top(other)
    groups: dict[str, list[str]] = {}
    for key in found.keys:
        groups.setdefault(top(key), []).append(key)
    return tuple(sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group)))


def positions(found: Likeness) -> dict[str, tuple[float, float]]:
    """A place on a flat map for each, from -1 to 1: what is alike lies near (classical scaling; Torgerson, 1952).

    Two directions can never show everything; the list of nearest ones beside the map is exact, the map is not.
    """
    size = len(found.keys)
    if size < 2:
        return dict.fromkeys(found.keys, (0.0, 0.0))
    squared = [[(1.0 - value) ** 2 for value in row] for row in found.rows]
    means = [sum(row) / size for row in squared]
    mean = sum(means) / size
    centred = [
        [-0.5 * (value - means[n] - means[m] + mean) for m, value in enumerate(row)] for n, row in enumerate(squared)
    ]
    first, length = _direction(centred, lambda vector: vector)
    second, other = _direction(centred, lambda vector: _without(vector, first))
    across, down = (
        [value * math.sqrt(max(length, 0.0)) for value in first],
        [value * math.sqrt(max(other, 0.0)) for value in second],
    )
    widest = max((abs(value) for value in (*across, *down)), default=0.0) or 1.0
    return {key: (x / widest, y / widest) for key, x, y in zip(found.keys, across, down, strict=True)}


_ROUNDS: Final = 60


def _direction(
    matrix: Sequence[Sequence[float]], project: Callable[[list[float]], list[float]]
) -> tuple[list[float], float]:
    """The longest direction of a symmetric matrix and its eigenvalue, by the power method from a fixed start."""
    vector = _unit(project([math.sin(1.0 + 2.0 * n) for n in range(len(matrix))]))
    length = 0.0
    for _ in range(_ROUNDS):
        turned = project([sum(map(mul, row, vector)) for row in matrix])
        length = math.sqrt(sum(map(mul, turned, turned)))
        vector = _unit(turned)
    return vector, length


def _without(vector: list[float], direction: Sequence[float]) -> list[float]:
    along = sum(map(mul, vector, direction))
    return [value - along * other for value, other in zip(vector, direction, strict=True)]


def _unit(vector: list[float]) -> list[float]:
    length = math.sqrt(sum(map(mul, vector, vector)))
    return [value / length for value in vector] if length > 0 else vector
