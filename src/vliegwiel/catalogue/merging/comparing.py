"""What differs between two definitions, place by place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from vliegwiel.base.sourcefile import ListNode, MapNode, Node

from .nodes import Path, alike, names_in


class ChangeKind(StrEnum):
    """What happened in a place."""

    ADDED = "nieuw"
    REMOVED = "vervallen"
    CHANGED = "veranderd"
    MOVED = "andere volgorde"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `before` and `after` are what stands there; for another order the whole list."""

    path: Path
    kind: ChangeKind
    before: Node | None
    after: Node | None


def differences(before: Node | None, after: Node | None) -> tuple[Change, ...]:
    """What one must do to go from one to the other, in the smallest named places."""
    return tuple(_differences((), before, after))


def _differences(path: Path, before: Node | None, after: Node | None) -> Iterator[Change]:
    if alike(before, after):
        return
    if before is None:
        yield Change(path, ChangeKind.ADDED, None, after)
    elif after is None:
        yield Change(path, ChangeKind.REMOVED, before, None)
    elif isinstance(before, MapNode) and isinstance(after, MapNode):
        names = dict.fromkeys(key.text for key, _ in (*before.entries, *after.entries))
        for name in names:
            yield from _differences((*path, name), before.get(name), after.get(name))
    elif isinstance(before, ListNode) and isinstance(after, ListNode):
        yield from _in_lists(path, before, after)
    else:
        yield Change(path, ChangeKind.CHANGED, before, after)


def _in_lists(path: Path, before: ListNode, after: ListNode) -> Iterator[Change]:
    old, new = names_in(before.items), names_in(after.items)
    if old is None or new is None or not (old and new):
        yield Change(path, ChangeKind.CHANGED, before, after)
        return
    items_before, items_after = (
        dict(zip(names, side.items, strict=True)) for names, side in ((old, before), (new, after))
    )
    for name in dict.fromkeys((*old, *new)):
        yield from _differences((*path, name), items_before.get(name), items_after.get(name))
    stayed = [name for name in old if name in items_after]
    if stayed != [name for name in new if name in items_before]:
        yield Change(path, ChangeKind.MOVED, before, after)
