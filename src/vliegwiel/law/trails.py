"""What a formula looked at in a run: of an `if` the condition and the branch taken, of an `or` that holds what made it hold.

A reason for a decision may only name what mattered. The trail is asked after the run, when every value is known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.values import Unknown, equal
from vliegwiel.law.feel.walk import children

# The units that were looked at, in order.
Trail: TypeAlias = Callable[[Frame], tuple[str, ...]]
# Compiles a part of a formula; gives its function and the units it may use.
Compile: TypeAlias = Callable[[tree.Node], tuple[Code, tuple[str, ...]]]

# Inside these a part may use variables that exist nowhere else.
_CLOSED: Final = (
    tree.For,
    tree.Quantified,
    tree.FunctionDefinition,
    tree.Filter,
    tree.ContextLiteral,
    tree.In,
    tree.UnaryTests,
)


def chooses(node: tree.Node) -> bool:
    """Whether a formula holds an `if`, `and` or `or` that can be looked at on its own."""
    stack: list[tree.Node | tree.Test | tree.Iteration] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, (tree.If, tree.Logical)):
            return True
        if not isinstance(current, _CLOSED):
            stack.extend(children(current))
    return False


def trail_of(node: tree.Node, compiled: Compile) -> Trail:
    """The trail of a formula."""
    if isinstance(node, tree.If):
        return _choice(node, compiled)
    if isinstance(node, tree.Logical):
        return _chain(node, compiled)
    if isinstance(node, _CLOSED) or not chooses(node):
        keys = compiled(node)[1]
        return lambda frame: keys
    if isinstance(node, tree.Call):
        below = [trail_of(argument, compiled) for argument in node.arguments]
    else:
        below = [trail_of(child, compiled) for child in children(node) if isinstance(child, _NODES)]
    return lambda frame: tuple(key for trail in below for key in trail(frame))


_NODES: Final = (
    tree.Binary,
    tree.Between,
    tree.Boolean,
    tree.Call,
    tree.ContextLiteral,
    tree.Filter,
    tree.For,
    tree.FunctionDefinition,
    tree.If,
    tree.In,
    tree.InstanceOf,
    tree.ListLiteral,
    tree.Logical,
    tree.Name,
    tree.Negate,
    tree.Null,
    tree.Number,
    tree.Path,
    tree.Placeholder,
    tree.Quantified,
    tree.RangeLiteral,
    tree.String,
    tree.Temporal,
)


def _choice(node: tree.If, compiled: Compile) -> Trail:
    condition, then, otherwise = (compiled(part)[0] for part in (node.condition, node.then, node.otherwise))
    asked, first, second = (trail_of(part, compiled) for part in (node.condition, node.then, node.otherwise))

    def run(frame: Frame) -> tuple[str, ...]:
        verdict = condition(frame)
        if verdict is True:
            return (*asked(frame), *first(frame))
        if not isinstance(verdict, Unknown):
            return (*asked(frame), *second(frame))
        # Unknown did not matter where both branches give the same.
        same = equal(then(frame), otherwise(frame)) is True
        return (*first(frame), *second(frame)) if same else asked(frame)

    return run


def _chain(node: tree.Logical, compiled: Compile) -> Trail:
    parts = [(compiled(item)[0], trail_of(item, compiled)) for item in node.items]
    settles = node.kind == "or"

    def run(frame: Frame) -> tuple[str, ...]:
        seen: list[str] = []
        for code, trail in parts:
            if code(frame) is settles:
                return trail(frame)
            seen.extend(trail(frame))
        return tuple(seen)

    return run
