"""Three-way merge of definitions: what one side changed and the other did not is taken over, field by field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, TextNode

from .nodes import Path, alike, is_table, names_in, spelled
from .sequences import Disputed, merge_order, merge_runs


class ConflictKind(StrEnum):
    """What both sides did that does not go together."""

    CHANGED = "allebei veranderd"
    ADDED = "allebei iets anders toegevoegd"
    REMOVED = "de een verandert wat de ander weghaalt"
    ORDER = "allebei een andere volgorde"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place where both sides said something else. None stands for: not there.

    `proposal` is what might be meant by both together; None when there is nothing to propose (then one side must give way).
    """

    path: Path
    kind: ConflictKind
    base: Node | None
    ours: Node | None
    theirs: Node | None
    proposal: Node | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What came together. In a place of conflict the node holds what ours says."""

    node: Node | None
    conflicts: tuple[Conflict, ...]

    @property
    def clean(self) -> bool:
        """Whether nobody needs to choose."""
        return not self.conflicts


def merge(base: Node | None, ours: Node | None, theirs: Node | None) -> Merged:
    """Bring two changed copies of one node together. None stands for: not there.

    Laws (held by tests): a side that changed nothing takes over all of the other; equal sides give themselves; swapping the
    sides gives the same when there is no conflict; each change of either side is in the result or in a conflict.
    """
    merging = _Merging()
    node = merging.node((), base, ours, theirs)
    return Merged(node, tuple(merging.conflicts))


class _Merging:
    def __init__(self) -> None:
        self.conflicts: list[Conflict] = []

    def clash(
        self,
        path: Path,
        kind: ConflictKind,
        base: Node | None,
        ours: Node | None,
        theirs: Node | None,
        proposal: Node | None = None,
    ) -> None:
        self.conflicts.append(Conflict(path, kind, base, ours, theirs, proposal))

    def node(self, path: Path, base: Node | None, ours: Node | None, theirs: Node | None) -> Node | None:
        """One place of the tree."""
        if alike(ours, theirs) or alike(base, theirs):
            return ours
        if alike(base, ours):
            return theirs
        if ours is None or theirs is None:
            self.clash(path, ConflictKind.REMOVED, base, ours, theirs)
            return ours
        if isinstance(ours, MapNode) and isinstance(theirs, MapNode) and (base is None or isinstance(base, MapNode)):
            return self.map(path, base, ours, theirs)
        if isinstance(ours, ListNode) and isinstance(theirs, ListNode) and (base is None or isinstance(base, ListNode)):
            return self.list(path, base, ours, theirs)
        if isinstance(ours, TextNode) and isinstance(theirs, TextNode) and isinstance(base, TextNode):
            return self.text(path, base, ours, theirs)
        self.clash(path, ConflictKind.CHANGED if base is not None else ConflictKind.ADDED, base, ours, theirs)
        return ours

    # --- maps --------------------------------------------------------------------------------------------------------

    def map(self, path: Path, base: MapNode | None, ours: MapNode, theirs: MapNode) -> MapNode:
        """Key by key; the order of keys means nothing, that of ours is kept and new ones of theirs follow."""
        sides = [{key.text: value for key, value in side.entries} if side else {} for side in (base, ours, theirs)]
        keys = {key.text: key for key, _ in (*theirs.entries, *ours.entries)}
        order = dict.fromkeys((*sides[1], *sides[2], *sides[0]))
        entries: list[tuple[TextNode, Node]] = []
        for name in order:
            found = self.node((*path, name), *(side.get(name) for side in sides))
            if found is not None:
                entries.append((keys[name], found))
        return MapNode(tuple(entries), ours.at)

    # --- lists -------------------------------------------------------------------------------------------------------

    def list(self, path: Path, base: ListNode | None, ours: ListNode, theirs: ListNode) -> ListNode:
        """By the names of the items where all have one, else by what the lists have in common."""
        items = base.items if base is not None else ()
        names = [names_in(side) for side in (items, ours.items, theirs.items)]
        in_base, in_ours, in_theirs = names
        if in_base is None or in_ours is None or in_theirs is None or not (in_ours or in_theirs):
            return self.run(path, base, ours, theirs)
        tables = [is_table(side) for side in (items, ours.items, theirs.items) if side]
        if any(tables) and not all(tables):
            return self.run(path, base, ours, theirs)
        return self.named(path, base, ours, theirs, strict=any(tables))

    def named(self, path: Path, base: ListNode | None, ours: ListNode, theirs: ListNode, *, strict: bool) -> ListNode:
        """Item by item, then their order."""
        sides = [_by_name(side) for side in (base, ours, theirs)]
        kept: dict[str, Node] = {}
        for name in dict.fromkeys((*sides[1], *sides[2], *sides[0])):
            found = self.node((*path, name), *(side.get(name) for side in sides))
            if found is not None:
                kept[name] = found
        ordered = merge_order(list(sides[0]), list(sides[1]), list(sides[2]), set(kept), strict=strict)
        node = ListNode(tuple(kept[name] for name in ordered.names), ours.at)
        if ordered.clash:
            self.clash(path, ConflictKind.ORDER, base, ours, theirs, node)
        return node

    def run(self, path: Path, base: ListNode | None, ours: ListNode, theirs: ListNode) -> ListNode:
        """Items without names."""
        parts = merge_runs(base.items if base is not None else (), ours.items, theirs.items, spelled)
        disputed = any(isinstance(part, Disputed) for part in parts)
        chosen: list[Node] = []
        proposed: list[Node] = []
        for part in parts:
            if isinstance(part, Disputed):
                chosen.extend(part.ours)
                proposed.extend(_both(part))
            else:
                chosen.extend(part.items)
                proposed.extend(part.items)
        if disputed:
            kind = ConflictKind.CHANGED if base is not None else ConflictKind.ADDED
            self.clash(path, kind, base, ours, theirs, ListNode(tuple(proposed), ours.at))
        return ListNode(tuple(chosen), ours.at)

    # --- texts -------------------------------------------------------------------------------------------------------

    def text(self, path: Path, base: TextNode, ours: TextNode, theirs: TextNode) -> TextNode:
        """Paragraph by paragraph; a text of one paragraph has nothing to take apart."""
        in_base, in_ours, in_theirs = (side.text.split("\n\n") for side in (base, ours, theirs))
        if min(len(in_base), len(in_ours), len(in_theirs)) > 1:
            parts = merge_runs(in_base, in_ours, in_theirs, str)
            if not any(isinstance(part, Disputed) for part in parts):
                joined = "\n\n".join(text for part in parts if not isinstance(part, Disputed) for text in part.items)
                return TextNode(joined, False, ours.at, ours.inner)
        self.clash(path, ConflictKind.CHANGED, base, ours, theirs)
        return ours


def _by_name(side: ListNode | None) -> dict[str, Node]:
    if side is None:
        return {}
    return dict(zip(names_in(side.items) or (), side.items, strict=True))


def _both(part: Disputed[Node]) -> Sequence[Node]:
    """What both added, without what either took away; each once."""
    gone = {spelled(item) for item in part.base}
    found = {spelled(item): item for item in (*part.ours, *part.theirs) if spelled(item) not in gone}
    return list(found.values())


def text_node(text: str) -> TextNode:
    """A value that no file wrote."""
    return TextNode(text, False, NOWHERE, NOWHERE)
