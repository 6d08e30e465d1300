"""Two municipalities become one: their variants of a product come together, deviation by deviation."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.base.sourcefile import Node

from ..layers import Origins, deviate
from ..model import Deviation
from ..model.variant import Given
from .nodes import Path, at_path
from .rebasing import with_key
from .threeway import Conflict, merge


@dataclass(frozen=True, slots=True)
class Clash:
    """A place where the two differ, with the deviation of each; `rest` are further ones of the second in the same place."""

    conflicts: tuple[Conflict, ...]
    first: Deviation
    second: Deviation
    rest: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True)
class Combined:
    """The variant of the new municipality, as far as it is certain, and where somebody must choose.

    `shared` are the paths at which both deviated and came together by themselves; `widened` those at which only one did: what
    held for one town now holds for both, which the new council should know.
    """

    deviations: tuple[Deviation, ...]
    clashes: tuple[Clash, ...]
    shared: tuple[str, ...]
    widened: tuple[str, ...]

    @property
    def clean(self) -> bool:
        """Whether nobody needs to choose."""
        return not self.clashes


def combine(first: Sequence[Deviation], second: Sequence[Deviation], product: Node) -> Combined:
    """Bring the deviations of two municipalities from one product together, by the three-way merge.

    Nothing is lost: each path of either side is in `shared`, in `widened`, or in a clash.
    """
    kept: list[Deviation] = []
    clashes: list[Clash] = []
    shared: list[str] = []
    widened: list[str] = []
    left = {deviation.path: deviation for deviation in second}
    for deviation in first:
        others = [one for one in left.values() if _touch(one.keys, deviation.keys)]
        if not others:
            kept.append(deviation)
            widened.append(deviation.path)
            continue
        for one in others:
            left.pop(one.path)
        outcome = _together(deviation, others, product)
        if isinstance(outcome, Clash):
            clashes.append(outcome)
        else:
            kept.append(outcome)
            shared.extend(dict.fromkeys((deviation.path, *(one.path for one in others))))
    kept.extend(left.values())
    widened.extend(left)
    return Combined(tuple(kept), tuple(clashes), tuple(shared), tuple(widened))


def _touch(a: Path, b: Path) -> bool:
    """Whether one of the paths lies on the other."""
    return all(x == y for x, y in zip(a, b, strict=False))


def _together(first: Deviation, others: Sequence[Deviation], product: Node) -> Deviation | Clash:
    """One deviation and those of the other in the same place, above it or below it."""
    path = min((first.keys, *(one.keys for one in others)), key=len)
    base = at_path(product, path)
    ours, theirs = _applied(product, [first], path), _applied(product, others, path)
    merged = merge(base, ours, theirs)
    if merged.conflicts:
        placed = tuple(dataclasses.replace(one, path=(*path, *one.path)) for one in merged.conflicts)
        return Clash(placed, first, others[0], tuple(others[1:]))
    widest = next(one for one in (first, *others) if one.keys == path)
    reasons = dict.fromkeys(one.reason for one in (first, *others))
    return dataclasses.replace(
        widest,
        value=None if merged.node is None else Given(merged.node),
        remove=merged.node is None,
        reason=" ".join(reasons),
        verified=all(one.verified for one in (first, *others)),
    )


def _applied(product: Node, deviations: Sequence[Deviation], path: Path) -> Node | None:
    """What stands at a path after these deviations."""
    changed = product
    for deviation in deviations:
        if deviation.keys == path:
            value = deviation.value
            return None if value is None else with_key(value.node, at_path(product, path))
        changed = deviate(changed, deviation, "", Origins())
    return at_path(changed, path)
