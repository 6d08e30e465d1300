"""A new version of a product under the variant of a municipality: each deviation is looked at again.

What the country did not touch stays as it is. What it changed next to it is taken over inside the deviation. What both changed
differently is a conflict, with both reasons; until somebody chooses, the variant stays on the version it was on.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from vliegwiel.base.sourcefile import ListNode, MapNode, Node

from ..layers import fixed_by, identity
from ..model import Deviation, Fixed
from ..model.variant import Given
from .nodes import alike, at_path, names_in
from .threeway import Conflict, ConflictKind, merge


class Fate(StrEnum):
    """What becomes of a deviation under a new version."""

    KEPT = "blijft"
    UPDATED = "bijgewerkt"
    NEEDLESS = "niet meer nodig"
    CONFLICT = "kiezen"
    FIXED = "mag niet meer"


@dataclass(frozen=True, slots=True)
class Rebased:
    """One deviation under the new version. `deviation` is what it becomes; None when it is not needed or not allowed any more.

    A conflict has the old deviation, and `conflicts` with paths from the top of the definition.
    """

    old: Deviation
    fate: Fate
    deviation: Deviation | None
    conflicts: tuple[Conflict, ...] = ()
    fixed: Fixed | None = None


@dataclass(frozen=True, slots=True)
class Rebasing:
    """All deviations of a variant under the new version, in the order of the variant."""

    deviations: tuple[Rebased, ...]

    @property
    def clean(self) -> bool:
        """Whether the variant can go along without anybody choosing."""
        return all(one.fate not in (Fate.CONFLICT, Fate.FIXED) for one in self.deviations)

    @property
    def kept(self) -> tuple[Deviation, ...]:
        """The deviations for the new version. Only complete when it is clean."""
        return tuple(one.deviation for one in self.deviations if one.deviation is not None)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Every place where somebody must choose."""
        return tuple(conflict for one in self.deviations for conflict in one.conflicts)


def rebase(deviations: Iterable[Deviation], old: Node, new: Node, fixed: Sequence[Fixed] = ()) -> Rebasing:
    """Look at each deviation from `old` (product with pattern, without the variant) again under `new`.

    `fixed` are the places of the new version that no municipality may vary. Nothing is lost: there is one answer per deviation.
    """
    return Rebasing(tuple(_rebased(deviation, old, new, fixed) for deviation in deviations))


def _rebased(deviation: Deviation, old: Node, new: Node, fixed: Sequence[Fixed]) -> Rebased:
    path = deviation.keys
    held = fixed_by(fixed, path)
    if held is not None:
        return Rebased(deviation, Fate.FIXED, None, fixed=held)
    base, theirs = at_path(old, path), at_path(new, path)
    if alike(base, theirs):
        return _untouched(deviation, base, old, new)
    ours = None if deviation.value is None else with_key(deviation.value.node, base if base is not None else theirs)
    if alike(ours, theirs):
        return Rebased(deviation, Fate.NEEDLESS, None)
    merged = merge(base, ours, theirs)
    if merged.conflicts:
        conflicts = tuple(dataclasses.replace(one, path=(*path, *one.path)) for one in merged.conflicts)
        return Rebased(deviation, Fate.CONFLICT, deviation, conflicts)
    if merged.node is None:
        return Rebased(deviation, Fate.NEEDLESS, None)
    return Rebased(deviation, Fate.UPDATED, dataclasses.replace(deviation, value=Given(merged.node), remove=False))


def _untouched(deviation: Deviation, base: Node | None, old: Node, new: Node) -> Rebased:
    """The country left the place alone; but what is around it may be gone."""
    path = deviation.keys
    if base is not None:
        return Rebased(deviation, Fate.KEPT, deviation)
    parent = at_path(new, path[:-1])
    if not isinstance(parent, MapNode | ListNode):
        if at_path(old, path[:-1]) is None:
            # It stands on what another deviation of the same variant brought.
            return Rebased(deviation, Fate.KEPT, deviation)
        value = deviation.value.node if deviation.value is not None else None
        gone = Conflict(path, ConflictKind.REMOVED, None, value, None)
        return Rebased(deviation, Fate.CONFLICT, deviation, (gone,))
    if deviation.after and isinstance(parent, ListNode) and deviation.after not in (names_in(parent.items) or ()):
        # What it stood behind is gone: it comes last.
        return Rebased(deviation, Fate.UPDATED, dataclasses.replace(deviation, after=""))
    return Rebased(deviation, Fate.KEPT, deviation)


def with_key(value: Node, like: Node | None) -> Node:
    """A value as it stands in its list: with the key of what it replaces."""
    key = identity(like) if like is not None else None
    if key is None or not isinstance(value, MapNode) or identity(value) is not None or not isinstance(like, MapNode):
        return value
    entry = next(pair for pair in like.entries if pair[0].text in ("sleutel", "pad"))
    return MapNode((entry, *value.entries), value.at)
