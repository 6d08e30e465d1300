"""Putting other nodes in the place of the free names of an expression: those that no loop, function or context in it makes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

import msgspec
from msgspec import Struct

from vliegwiel.law.feel import tree

Change: TypeAlias = Callable[[str], tree.Node | None]
"""What a free name (or `a.b`) becomes; None leaves it."""


Fields: TypeAlias = Callable[[tree.Node], frozenset[str]]
"""The names that the elements of a list have: inside its filter those names are fields."""


def no_fields(source: tree.Node) -> frozenset[str]:
    """Nothing is known about the elements of a list."""
    return frozenset()


def substituted(node: tree.Node, change: Change, fields: Fields = no_fields) -> tree.Node:
    """The tree with its free names changed."""
    return _Walk(change, fields).node(node, frozenset())


def substituted_tests(tests: tree.UnaryTests, change: Change, fields: Fields = no_fields) -> tree.UnaryTests:
    """A table cell with its free names changed."""
    return cast(tree.UnaryTests, _Walk(change, fields).node(tests, frozenset()))


class _Walk:
    def __init__(self, change: Change, fields: Fields) -> None:
        self.change = change
        self.fields = fields

    def node(self, node: tree.Node, bound: frozenset[str]) -> tree.Node:
        """One node; `bound` are the names that are made around it."""
        match node:
            case tree.Name():
                return node if node.name in bound else self.change(node.name) or node
            case tree.Path(source=tree.Name(name=name)) if name not in bound:
                whole = self.change(f"{name}.{node.name}")
                return whole or tree.Path(self.node(node.source, bound), node.name, node.at)
            case tree.For():
                loops, inside = self.loops(node.iterations, bound)
                return tree.For(loops, self.node(node.body, inside | {"partial"}), node.at)
            case tree.Quantified():
                loops, inside = self.loops(node.iterations, bound)
                return tree.Quantified(node.kind, loops, self.node(node.condition, inside), node.at)
            case tree.FunctionDefinition():
                inside = bound | {parameter.name for parameter in node.parameters}
                body = None if node.body is None else self.node(node.body, inside)
                return tree.FunctionDefinition(node.parameters, body, node.at)
            case tree.ContextLiteral():
                return self.context(node, bound)
            case tree.Filter():
                condition = self.node(node.condition, bound | {"item"} | self.fields(node.source))
                return tree.Filter(self.node(node.source, bound), condition, node.at)
            case _:
                return cast(tree.Node, self.held(node, bound))

    def loops(
        self, loops: tuple[tree.Iteration, ...], bound: frozenset[str]
    ) -> tuple[tuple[tree.Iteration, ...], frozenset[str]]:
        """Each loop knows the variables of those before it."""
        made: list[tree.Iteration] = []
        for loop in loops:
            end = None if loop.end is None else self.node(loop.end, bound)
            made.append(tree.Iteration(loop.name, self.node(loop.domain, bound), end))
            bound |= {loop.name}
        return tuple(made), bound

    def context(self, node: tree.ContextLiteral, bound: frozenset[str]) -> tree.Node:
        """Each entry knows those before it."""
        made: list[tuple[str, tree.Node]] = []
        for key, value in node.entries:
            made.append((key, self.node(value, bound)))
            bound |= {key}
        return tree.ContextLiteral(tuple(made), node.at)

    def parts(self, value: object, bound: frozenset[str]) -> object:
        """What stands in a field of a node."""
        if isinstance(value, tuple):
            return tuple(self.parts(item, bound) for item in value)
        if not isinstance(value, Struct) or isinstance(value, (tree.TypeRef, tree.Parameter)):
            return value
        return self.node(cast(tree.Node, value), bound)

    def held(self, node: Struct, bound: frozenset[str]) -> Struct:
        """A node that makes no names of its own."""
        changes = {name: self.parts(getattr(node, name), bound) for name in node.__struct_fields__ if name != "at"}
        return msgspec.structs.replace(node, **changes)


def free_names(node: tree.Node) -> set[str]:
    """The free names of an expression; of `a.b` both `a` and `a.b`."""
    found: set[str] = set()

    def note(name: str) -> None:
        found.add(name)

    substituted(node, note)
    return found
