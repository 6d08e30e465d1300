"""Nodes without their place: equality, what a list is, and the way along a path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..layers import identity, is_block

Path: TypeAlias = tuple[str, ...]

OTHERWISE = "anders"
"""The name of the row of a table that has no condition."""


def alike(a: Node | None, b: Node | None) -> bool:
    """Whether two nodes say the same. Order of keys means nothing, order of items does, place in the file does not."""
    if a is b:
        return True
    if isinstance(a, TextNode) and isinstance(b, TextNode):
        return a.text == b.text and _is_nothing(a) == _is_nothing(b)
    if isinstance(a, ListNode) and isinstance(b, ListNode):
        return len(a.items) == len(b.items) and all(map(alike, a.items, b.items))
    if isinstance(a, MapNode) and isinstance(b, MapNode):
        if len(a.entries) != len(b.entries):
            return False
        other = {key.text: value for key, value in b.entries}
        return all(key.text in other and alike(value, other[key.text]) for key, value in a.entries)
    return False


def _is_nothing(node: TextNode) -> bool:
    return node.plain and node.text in ("", "~", "null")


def spelled(node: Node | None) -> str:
    """A node as one line, the same for nodes that are alike. For keys and for people."""
    if node is None:
        return ""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, ListNode):
        return "[" + ", ".join(spelled(item) for item in node.items) + "]"
    return "{" + ", ".join(f"{key}: {spelled(value)}" for key, value in sorted(_named(node))) + "}"


def _named(node: MapNode) -> list[tuple[str, Node]]:
    return [(key.text, value) for key, value in node.entries]


def names_in(items: Sequence[Node]) -> tuple[str, ...] | None:
    """The name of each item of a list: its key, or in a table its condition. None where the items have no names of their own,
    or two have the same."""
    if not items:
        return ()
    names = [identity(item) or _row_name(item) for item in items]
    found = [name for name in names if name is not None]
    if len(found) < len(names) or len(set(found)) < len(found):
        return None
    return tuple(found)


def is_table(items: Sequence[Node]) -> bool:
    """Whether the items are rows that are looked at from above to below: their order decides."""
    rows = [item for item in items if not is_block(item)]
    return bool(rows) and all(identity(item) is None and _row_name(item) is not None for item in rows)


def _row_name(item: Node) -> str | None:
    """The condition of a row `{als: ..., dan: ...}`; a block stands for itself."""
    if is_block(item) and isinstance(item, MapNode):
        return f"blok {spelled(item.get('blok'))}"
    if not isinstance(item, MapNode) or item.get("dan") is None:
        return None
    condition = item.get("als")
    return OTHERWISE if condition is None else spelled(condition)


def at_path(node: Node | None, path: Path) -> Node | None:
    """What stands at a path: along keys, and through named lists by the name of the item. None where it leads nowhere."""
    for step in path:
        if isinstance(node, MapNode):
            node = node.get(step)
        elif isinstance(node, ListNode):
            names = names_in(node.items) or ()
            node = node.items[names.index(step)] if step in names else None
        else:
            return None
    return node
