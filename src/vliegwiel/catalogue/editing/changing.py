"""Changes of nodes in a place: put a value, take it away, add an item, move it. Along keys, as deviations do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..layers import identity, is_keyed
from .writing import node_of

Path: TypeAlias = tuple[str, ...]


def placed(root: Node, path: Path, value: Node) -> Node:
    """The nodes with this value at a path. What is missing on the way is made: a map, or an item of a list with that key."""
    if not path:
        return value
    return _at(root, path, lambda _: value, make=True)


def removed(root: Node, path: Path) -> Node:
    """The nodes without what stands at a path. Raises `NotFound`."""
    return _at(root, path, lambda _: None, make=False)


def inserted(root: Node, path: Path, value: Node, *, after: str | None = None) -> Node:
    """The nodes with a new item in the list at a path: behind the item with that key, first for an empty one, else last."""

    def more(found: Node | None) -> Node:
        items = list(found.items) if isinstance(found, ListNode) else []
        place = len(items)
        if after is not None:
            names = [identity(item) for item in items]
            place = names.index(after) + 1 if after in names else (0 if not after else len(items))
        items.insert(place, value)
        return ListNode(tuple(items), found.at if found is not None else value.at)

    return _at(root, path, more, make=True)


def moved(root: Node, path: Path, by: int) -> Node:
    """The nodes with the item at a path so many places further (or back) in its list. Raises `NotFound`."""

    def other(found: Node | None) -> Node:
        if not isinstance(found, ListNode):
            raise _nowhere(path)
        items = list(found.items)
        here = _index(found, path[-1])
        if here is None:
            raise _nowhere(path)
        there = min(max(here + by, 0), len(items) - 1)
        items.insert(there, items.pop(here))
        return ListNode(tuple(items), found.at)

    return _at(root, path[:-1], other, make=False) if path[:-1] else other(root)


def _at(root: Node, path: Path, change: Callable[[Node | None], Node | None], *, make: bool) -> Node:
    key, rest = path[0], path[1:]

    def below(found: Node | None) -> Node | None:
        if not rest:
            if found is None and not make:
                raise _nowhere(path)
            return change(found)
        if found is None:
            if not make:
                raise _nowhere(path)
            found = MapNode((), root.at)
        return _at(found, rest, change, make=make)

    if isinstance(root, ListNode):
        return _in_list(root, key, below, path)
    if not isinstance(root, MapNode):
        raise _nowhere(path)
    return _in_map(root, key, below)


def _in_map(root: MapNode, key: str, below: Callable[[Node | None], Node | None]) -> MapNode:
    entries: list[tuple[TextNode, Node]] = []
    met = False
    for name, value in root.entries:
        if name.text != key:
            entries.append((name, value))
            continue
        met = True
        new = below(value)
        if new is not None:
            entries.append((name, new))
    if not met:
        new = below(None)
        if new is not None:
            entries.append((TextNode(key, True, root.at, root.at), new))
    return MapNode(tuple(entries), root.at)


def _in_list(root: ListNode, key: str, below: Callable[[Node | None], Node | None], path: Path) -> ListNode:
    here = _index(root, key)
    items = list(root.items)
    if here is None:
        if not is_keyed(root):
            raise _nowhere(path)
        new = below(None)
        if new is not None:
            items.append(with_identity(new, key))
    else:
        new = below(items[here])
        items[here : here + 1] = [] if new is None else [with_identity(new, identity(items[here]))]
    return ListNode(tuple(items), root.at)


def with_identity(node: Node, key: str | None) -> Node:
    """An item of a keyed list with its key first."""
    if key is None or not isinstance(node, MapNode) or identity(node) is not None:
        return node
    named = (TextNode("sleutel", True, node.at, node.at), node_of(key))
    return MapNode((named, *node.entries), node.at)


def _index(root: ListNode, key: str) -> int | None:
    """The place of an item by its key; in a list without keys by its number, counted from 1."""
    for number, item in enumerate(root.items):
        if identity(item) == key:
            return number
    if (
        key.isdecimal()
        and len(key) < 6
        and 0 < int(key) <= len(root.items)
        and identity(root.items[int(key) - 1]) is None
    ):
        return int(key) - 1
    return None


def _nowhere(path: Path) -> NotFound:
    return NotFound(f"'{'.'.join(path)}' staat er niet (meer). Misschien heeft een collega het weggehaald.")
