"""Divisions that can go wrong and amounts that are never rounded."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from vliegwiel.law.checking.formulas import YES, Formula, every
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.checking.scale import Range
from vliegwiel.law.checking.solving import solve
from vliegwiel.law.checking.uses import body_expressions
from vliegwiel.law.checking.walking import steps
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.errors import place
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import Conditions, Expression, Table
from vliegwiel.law.model import Formula as FormulaBody
from vliegwiel.law.program import CompiledConditions, CompiledTableParts, Unit
from vliegwiel.law.reading import within
from vliegwiel.law.types import Money

_ZERO: Final = Decimal(0)
_ROUNDING: Final = frozenset(
    (
        *("afronden", "afronden_op", "afronden_omlaag", "afronden_omhoog", "decimal", "floor", "ceiling"),
        *("round up", "round down", "round half up", "round half down"),
    )
)


def divisions(meaning: Meaning, unit: Unit) -> Iterator[Finding]:
    """Divisions whose divisor can be zero: FEEL then gives nothing."""
    zero = tree.Number(_ZERO)
    if not any(isinstance(node, tree.Binary) and node.operator == "/" for node in _nodes(unit)):
        return
    for expression, path in _expressions(meaning, unit):
        for node, so_far, closed in steps(meaning, expression.tree, unit.reads, path):
            if closed or not isinstance(node, tree.Binary) or node.operator != "/":
                continue
            asked = every([so_far, meaning.comparison("=", node.right, zero, unit.reads, YES)])
            if solve(asked, Range(usual=True)).possible:
                at = within(expression.at, *place(expression.text, node.at))
                said = f"'{unit.name}': hier kan door nul worden gedeeld. Dan is er geen uitkomst."
                yield Finding(unit.definition.file, at.line, at.column, "let op", "deling-door-nul", said)


def unrounded(unit: Unit) -> Iterator[Finding]:
    """An amount that is divided or taken a share of, and that no rule rounds."""
    if not isinstance(unit.type, Money):
        return
    nodes = [node for tree_ in _trees(unit) for node in every_node(tree_)]
    divided = any(
        (isinstance(node, tree.Binary) and node.operator == "/")
        or (isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name == "procent")
        for node in nodes
    )
    rounded = any(
        isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name in _ROUNDING
        for node in nodes
    )
    if divided and not rounded:
        said = f"'{unit.name}': dit bedrag wordt gedeeld of is een percentage, en wordt hier niet afgerond."
        at = unit.definition.at
        yield Finding(
            unit.definition.file, at.line, at.column, "opmerking", "niet-afgerond", said, ("regels", unit.name)
        )


def _expressions(meaning: Meaning, unit: Unit) -> Iterator[tuple[Expression, Formula]]:
    """The expressions of a unit with what must be so; conditions of a list count from the first on."""
    body, anatomy = unit.body, unit.anatomy
    if isinstance(body, FormulaBody):
        yield body.expression, True
    elif isinstance(body, Conditions) and isinstance(anatomy, CompiledConditions):
        path: list[Formula] = []
        for item in anatomy.items:
            expression = item.condition.expression
            yield expression, every(path)
            if body.every:
                path.append(meaning.truth(expression.tree, unit.reads, YES))
    elif isinstance(body, Table) and isinstance(anatomy, CompiledTableParts):
        for line in anatomy.lines:
            yield line.output, meaning.line(unit, body, line, YES)


def _nodes(unit: Unit) -> Iterator[tree.Node | tree.Test | tree.Iteration]:
    """Every part of the expressions that a unit is made of, cells of tables aside."""
    if unit.body is not None:
        for expression in body_expressions(unit.body):
            yield from every_node(expression.tree)


def _trees(unit: Unit) -> list[tree.Node]:
    """The expressions that a unit gives as its outcome."""
    if isinstance(unit.body, FormulaBody):
        return [unit.body.expression.tree]
    return [line.output.tree for line in unit.body.lines] if isinstance(unit.body, Table) else []
