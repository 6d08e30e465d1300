"""Where a formula chooses: the conditions of each `if` that can be looked at on their own."""

from __future__ import annotations

from collections.abc import Iterator

from vliegwiel.base.sourcefile import Position
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import place
from vliegwiel.law.feel.walk import children
from vliegwiel.law.model import Expression

# Inside these a condition may use variables that exist nowhere else.
_CLOSED = (tree.For, tree.Quantified, tree.FunctionDefinition, tree.Filter, tree.ContextLiteral)


def branches(expression: Expression) -> Iterator[tuple[Position, tree.Node]]:
    """Place and condition of each `if` outside loops, from the top."""
    stack: list[tree.Node | tree.Test | tree.Iteration] = [expression.tree]
    while stack:
        node = stack.pop()
        if isinstance(node, _CLOSED):
            continue
        if isinstance(node, tree.If):
            line, column = place(expression.text, node.at)
            at = expression.at
            yield Position(at.line + line - 1, at.column + column - 1), node.condition
        stack.extend(children(node))
