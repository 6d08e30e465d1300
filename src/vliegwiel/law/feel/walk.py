"""Going over a tree: its children, and a copy with some nodes replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

import msgspec
from msgspec import Struct

from vliegwiel.law.feel import tree


def children(node: tree.Node | tree.Test | tree.Iteration) -> Iterator[tree.Node | tree.Test | tree.Iteration]:
    """The nodes right below a node."""
    for name in node.__struct_fields__:
        yield from _nodes(getattr(node, name))


def _nodes(value: object) -> Iterator[tree.Node | tree.Test | tree.Iteration]:
    if isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, Struct) and not isinstance(value, (tree.TypeRef, tree.Parameter)):
        yield cast("tree.Node | tree.Test | tree.Iteration", value)


def every_node(node: tree.Node) -> Iterator[tree.Node | tree.Test | tree.Iteration]:
    """A node and all below it, from the top."""
    stack: list[tree.Node | tree.Test | tree.Iteration] = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(reversed(list(children(current))))


def replaced(node: tree.Node, change: Callable[[tree.Node], tree.Node | None]) -> tree.Node:
    """The tree with `change` applied from the bottom up; where it gives None the node stays."""
    return cast(tree.Node, _rebuilt(node, change))


def _rebuilt(value: object, change: Callable[[tree.Node], tree.Node | None]) -> object:
    if isinstance(value, tuple):
        rebuilt = tuple(_rebuilt(item, change) for item in value)
        return value if all(a is b for a, b in zip(rebuilt, value, strict=True)) else rebuilt
    if not isinstance(value, Struct) or isinstance(value, (tree.TypeRef, tree.Parameter)):
        return value
    changes = {}
    for name in value.__struct_fields__:
        old = getattr(value, name)
        new = _rebuilt(old, change)
        if new is not old:
            changes[name] = new
    node = msgspec.structs.replace(value, **changes) if changes else value
    return change(cast(tree.Node, node)) or node
