"""Where in a rule something stands, and what must be so for the rule to come there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from vliegwiel.law.checking.folding import Space, unit_of
from vliegwiel.law.checking.formulas import NOT_YES, YES, Formula, every, some
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.walk import children
from vliegwiel.law.lawfile import HitPolicy
from vliegwiel.law.model import Formula as FormulaBody
from vliegwiel.law.model import Table
from vliegwiel.law.program import CompiledConditions, CompiledTableParts, Unit, needed_by

_CLOSED: Final = (tree.For, tree.Quantified, tree.FunctionDefinition, tree.Filter, tree.ContextLiteral)
_DEEPEST: Final = 3


def steps(
    meaning: Meaning, node: tree.Node | tree.Test | tree.Iteration, space: Space, path: Formula = True
) -> Iterator[tuple[tree.Node | tree.Test | tree.Iteration, Formula, bool]]:
    """Every node from the top, with what must be so to come there, and whether it may use variables of a loop."""
    stack: list[tuple[tree.Node | tree.Test | tree.Iteration, Formula, bool]] = [(node, path, False)]
    while stack:
        current, so_far, closed = stack.pop()
        yield current, so_far, closed
        if isinstance(current, tree.If) and not closed:
            yes = meaning.truth(current.condition, space, YES)
            no = meaning.truth(current.condition, space, NOT_YES)
            stack.append((current.otherwise, every([so_far, no]), False))
            stack.append((current.then, every([so_far, yes]), False))
            stack.append((current.condition, so_far, False))
            continue
        inside = closed or isinstance(current, _CLOSED)
        below = list(children(current))
        if isinstance(current, tree.Path) and unit_of(current, space, meaning.program) is not None:
            continue
        stack.extend((child, so_far, inside) for child in reversed(below))


def expressions(meaning: Meaning, unit: Unit) -> Iterator[tuple[tree.Node, Formula]]:
    """The expressions of a unit, with what must be so for each to be looked at."""
    anatomy, body = unit.anatomy, unit.body
    if isinstance(body, FormulaBody):
        yield body.expression.tree, True
    elif isinstance(anatomy, CompiledConditions):
        for item in anatomy.items:
            yield item.condition.expression.tree, True
    elif isinstance(body, Table) and isinstance(anatomy, CompiledTableParts):
        for column in body.columns:
            yield column.tree, True
        earlier: list[Formula] = []
        for line in anatomy.lines:
            for cell in line.cells:
                if cell is not None:
                    yield cell.tests, True
            yield line.output.tree, every([meaning.line(unit, body, line, YES), *earlier])
            if body.policy is HitPolicy.FIRST:
                earlier.append(meaning.line(unit, body, line, NOT_YES))


class Asking:
    """When a rule is asked for by the rules that use it."""

    def __init__(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.users: dict[str, list[Unit]] = {}
        for unit in meaning.program.units.values():
            for key in dict.fromkeys(needed_by(unit.anatomy)):
                self.users.setdefault(key, []).append(unit)
        self.kept: dict[tuple[str, int], Formula] = {}

    def of(self, unit: Unit, depth: int = 0) -> Formula:
        """What must be so for some rule to ask for this one; an outcome is always asked for."""
        users = self.users.get(unit.key)
        if not users or depth >= _DEEPEST:
            return True
        key = (unit.key, depth)
        if key not in self.kept:
            parts = [every([self.by(user, unit), self.of(user, depth + 1)]) for user in users if user.kind == "regel"]
            self.kept[key] = some(parts) if len(parts) == len(users) else True
        return self.kept[key]

    def by(self, user: Unit, asked: Unit) -> Formula:
        """What must be so for one rule to ask for another."""
        found: list[Formula] = []
        for node, path in expressions(self.meaning, user):
            for step, so_far, _ in steps(self.meaning, node, user.reads, path):
                if isinstance(step, (tree.Name, tree.Path)):
                    unit = unit_of(step, user.reads, self.meaning.program)
                    if unit is not None and unit.key == asked.key:
                        found.append(so_far)
        return some(found)
