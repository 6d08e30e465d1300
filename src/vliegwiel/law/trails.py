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
# The units of a part of a formula: the same in every run, or as the run went.
_Part: TypeAlias = tuple[str, ...] | Trail
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
    """The trail of a formula; each unit once."""
    found = _trail(node, compiled)
    return (lambda frame: found) if isinstance(found, tuple) else found


def _trail(node: tree.Node, compiled: Compile) -> _Part:
    if isinstance(node, tree.If):
        return _choice(node, compiled)
    if isinstance(node, tree.Logical):
        return _chain(node, compiled)
    if isinstance(node, _CLOSED) or not chooses(node):
        return compiled(node)[1]
    if isinstance(node, tree.Call):
        return _joined([_trail(argument, compiled) for argument in node.arguments])
    return _joined([_trail(child, compiled) for child in children(node) if isinstance(child, _NODES)])


def _joined(parts: list[_Part]) -> _Part:
    """One after another. What is the same in every run is put together beforehand."""
    fixed = tuple(dict.fromkeys(key for part in parts if isinstance(part, tuple) for key in part))
    if all(isinstance(part, tuple) for part in parts):
        return fixed

    def run(frame: Frame) -> tuple[str, ...]:
        seen: list[str] = []
        for part in parts:
            seen += part if isinstance(part, tuple) else part(frame)
        return tuple(dict.fromkeys(seen))

    return run


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


def _choice(node: tree.If, compiled: Compile) -> _Part:
    condition, then, otherwise = (compiled(part)[0] for part in (node.condition, node.then, node.otherwise))
    asked, first, second = (_trail(part, compiled) for part in (node.condition, node.then, node.otherwise))
    # The parts that count for each way it can go.
    yes, no, open_, same = _joined([asked, first]), _joined([asked, second]), asked, _joined([first, second])

    def run(frame: Frame) -> tuple[str, ...]:
        verdict = condition(frame)
        if verdict is True:
            part = yes
        elif not isinstance(verdict, Unknown):
            part = no
        else:
            # Unknown did not matter where both branches give the same.
            part = same if equal(then(frame), otherwise(frame)) is True else open_
        return part if isinstance(part, tuple) else part(frame)

    return run


def _chain(node: tree.Logical, compiled: Compile) -> _Part:
    items = [(compiled(item)[0], _trail(item, compiled)) for item in node.items]
    everything = _joined([part for _, part in items])
    settles = node.kind == "or"

    def run(frame: Frame) -> tuple[str, ...]:
        for code, part in items:
            if code(frame) is settles:
                return part if isinstance(part, tuple) else part(frame)
        return everything if isinstance(everything, tuple) else everything(frame)

    return run
