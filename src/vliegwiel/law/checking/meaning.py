"""From the expressions of a program to formulas over its terms.

Rules are written out down to data, open terms and judgements, so that a check sees that `groep 1 verlengen` cannot be so
without `groep 1`. What is not understood (a call, a loop) is a term of its own: then anything is thought possible.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal, DecimalException
from typing import Final, TypeAlias

from vliegwiel.law.checking.amounts import Amounts, Linear
from vliegwiel.law.checking.folding import Folder, Known, Space, key_of, unit_of
from vliegwiel.law.checking.formulas import (
    MIRRORED,
    NO,
    NOT_YES,
    NULL,
    YES,
    Bounds,
    Formula,
    Leaf,
    Term,
    chained,
    compare,
    every,
    flipped,
    outcome,
    some,
)
from vliegwiel.law.checking.scale import is_ordered, is_scaled
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.values import NUMBERS, Value
from vliegwiel.law.feel.walk import replaced
from vliegwiel.law.lawfile import HitPolicy
from vliegwiel.law.model import Cell, Conditions, Fixed, Line, Table
from vliegwiel.law.model import Formula as FormulaBody
from vliegwiel.law.program import CompiledConditions, CompiledTableParts, Program, Unit
from vliegwiel.law.types import Day, Money, Number, Type, YesNo

_Translate: TypeAlias = Callable[[tree.Node], Formula]

_DEEPEST: Final = 12
_MOST_LINES: Final = 60
_COMPARISONS: Final = frozenset(("=", "!=", "<", "<=", ">", ">="))
_ONE_OUTCOME: Final = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)
_ON_ITS_OWN: Final = (
    tree.Binary,
    tree.Logical,
    tree.Between,
    tree.In,
    tree.InstanceOf,
    tree.Quantified,
    tree.Call,
    tree.If,
)


class Meaning:
    """The formulas of one program on one date."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.folder = Folder(program)
        self.amounts = Amounts(program, self.folder)
        self.lines: dict[tuple[str, int, int, int], tuple[Line, Formula]] = {}

    # --- truth -------------------------------------------------------------------------------------------------------

    def truth(self, node: tree.Node, space: Space, wanted: int, depth: int = 0) -> Formula:
        """That a condition has one of the outcomes wanted."""
        match node:
            case tree.Boolean() | tree.Null() | tree.Number() | tree.String():
                return bool(outcome(getattr(node, "value", None)) & wanted)
            case tree.Logical():
                parts = [self.truth(item, space, wanted, depth) for item in node.items]
                return chained(parts, wanted, conjunction=node.kind == "and")
            case tree.If():
                return self.chosen(node, space, depth, lambda inner: self.truth(inner, space, wanted, depth))
            case tree.Binary() if node.operator in _COMPARISONS:
                return self.comparison(node.operator, node.left, node.right, space, wanted, depth)
            case tree.Between():
                low = self.comparison("<=", node.low, node.value, space, wanted, depth)
                high = self.comparison("<=", node.value, node.high, space, wanted, depth)
                return chained([low, high], wanted, conjunction=True)
            case tree.In():
                tests = [self.test(test, node.value, space, wanted, depth) for test in node.tests]
                return chained(tests, wanted, conjunction=False)
            case tree.Call() if _is_negation(node):
                return self.truth(node.arguments[0], space, flipped(wanted), depth)
            case tree.Call() if _is_membership(node):
                listed, wanted_one = node.arguments
                assert isinstance(listed, tree.ListLiteral)
                parts = [self.comparison("=", wanted_one, item, space, wanted, depth) for item in listed.items]
                return chained(parts, wanted, conjunction=False)
        known = self.folder.known(node, space)
        if known is not None:
            return bool(outcome(known.value) & wanted)
        unit = unit_of(node, space, self.program)
        if unit is not None and isinstance(unit.type, YesNo):
            return self.unit_truth(unit, wanted, depth)
        return Leaf(self.opaque(node, space), "is", True, wanted)

    def unit_truth(self, unit: Unit, wanted: int, depth: int = 0) -> Formula:
        """That a unit that is yes or no has one of the outcomes wanted."""
        if unit.kind == "regel" and depth < _DEEPEST:
            body = unit.body
            if isinstance(body, Conditions) and isinstance(unit.anatomy, CompiledConditions):
                parts = [
                    self.truth(item.condition.expression.tree, unit.reads, wanted, depth + 1)
                    for item in unit.anatomy.items
                ]
                return chained(parts, wanted, conjunction=body.every)
            if isinstance(body, FormulaBody):
                return self.truth(body.expression.tree, unit.reads, wanted, depth + 1)
            if isinstance(body, Fixed):
                return bool(outcome(body.value) & wanted)
            lines = self.outcomes(unit, lambda node: self.truth(node, unit.reads, wanted, depth + 1), depth)
            if lines is not None:
                nothing = self.no_line(unit, depth) if wanted & NULL else False
                return some([lines, nothing])
        return Leaf(Term(unit.key, YesNo()), "is", True, wanted)

    def chosen(self, node: tree.If, space: Space, depth: int, of: _Translate) -> Formula:
        """An `if`: either branch, with what brings one there. A condition that is null takes the `else`."""
        yes = every([self.truth(node.condition, space, YES, depth), of(node.then)])
        no = every([self.truth(node.condition, space, NOT_YES, depth), of(node.otherwise)])
        return some([yes, no])

    # --- comparisons -------------------------------------------------------------------------------------------------

    def comparison(
        self, operator: str, left: tree.Node, right: tree.Node, space: Space, wanted: int, depth: int = 0
    ) -> Formula:
        """`left operator right`."""
        first, second = self.folder.known(left, space), self.folder.known(right, space)
        if first is not None and second is not None:
            return bool(outcome(compare(operator, first.value, second.value)) & wanted)
        if second is not None:
            return self.against(operator, left, second.value, space, wanted, depth)
        if first is not None:
            return self.against(MIRRORED[operator], right, first.value, space, wanted, depth)
        difference = self.amounts.difference(left, right, space)
        if difference is not None:
            return self.amount(operator, difference, Decimal(0), wanted)
        one, other = self.type_of(left, space), self.type_of(right, space)
        if type(one) is type(other) and is_ordered(one):
            (left, after), (right, later) = self.amounts.shifted(left, space), self.amounts.shifted(right, space)
            a, b, apart = key_of(left, space), key_of(right, space), later - after
            if a > b:
                a, b, apart, operator = b, a, -apart, MIRRORED[operator]
            whole = Bounds(whole=isinstance(one, Day))
            leaf = Leaf(Term(f"{a} - {b}", Number(), whole, whole), operator, apart, wanted)
            return unless_null(leaf, [self.term(left, space), self.term(right, space)])
        return self.unlike(operator, left, right, space, wanted)

    def unlike(self, operator: str, left: tree.Node, right: tree.Node, space: Space, wanted: int) -> Formula:
        """A comparison that is not looked into."""
        if operator in ("=", "!="):
            a, b = sorted((key_of(left, space), key_of(right, space)))
            return Leaf(Term(f"{a} = {b}", YesNo()), "is", True, wanted if operator == "=" else flipped(wanted))
        return Leaf(Term(f"{key_of(left, space)} {operator} {key_of(right, space)}", YesNo()), "is", True, wanted)

    def against(
        self, operator: str, node: tree.Node, value: Value, space: Space, wanted: int, depth: int = 0
    ) -> Formula:
        """How an expression compares with a constant."""
        known = self.folder.known(node, space)
        if known is not None:
            return bool(outcome(compare(operator, known.value, value)) & wanted)
        if isinstance(node, tree.If):
            return self.chosen(
                node, space, depth, lambda inner: self.against(operator, inner, value, space, wanted, depth)
            )
        if isinstance(value, bool) and operator in ("=", "!="):
            return self.equal_to_truth(node, space, wanted, (operator == "=") is value, depth)
        spread = self.extreme(operator, node, value, space, wanted, depth)
        if spread is not None:
            return spread
        if isinstance(value, date):
            node, after = self.amounts.shifted(node, space)
            try:
                value -= timedelta(days=int(after))
            except OverflowError:
                return True
        unit = unit_of(node, space, self.program)
        if unit is not None and unit.kind == "regel" and depth < _DEEPEST:
            inside = self.unit_against(operator, unit, value, wanted, depth + 1)
            if inside is not None:
                return inside
        if isinstance(value, Decimal):
            linear = self.amounts.linear(node, space)
            if linear is not None:
                return self.amount(operator, linear, value, wanted)
        return self.leaf(operator, self.term(node, space), value, wanted)

    def equal_to_truth(self, node: tree.Node, space: Space, wanted: int, positive: bool, depth: int) -> Formula:
        """`x = ja` or `x = nee`: equality with null is no, so it is never null itself."""
        asked = 0
        if wanted & YES:
            asked |= YES if positive else NO
        if wanted & NO:
            asked |= (NO if positive else YES) | NULL
        if asked in (0, YES | NO | NULL):
            return asked != 0
        return self.truth(node, space, asked, depth)

    def unit_against(self, operator: str, unit: Unit, value: Value, wanted: int, depth: int) -> Formula | None:
        """How the outcome of a rule compares with a constant; None when the rule itself is the term."""
        body = unit.body
        if isinstance(body, FormulaBody):
            node = body.expression.tree
            if isinstance(node, (tree.If, tree.Name, tree.Path)) or _is_extreme(node):
                return self.against(operator, node, value, unit.reads, wanted, depth)
            return None
        if not isinstance(body, Table):
            return None
        lines = self.outcomes(unit, lambda node: self.against(operator, node, value, unit.reads, wanted, depth), depth)
        if lines is None:
            return None
        nothing = self.no_line(unit, depth) if outcome(compare(operator, None, value)) & wanted else False
        return some([lines, nothing])

    def extreme(
        self, operator: str, node: tree.Node, value: Value, space: Space, wanted: int, depth: int
    ) -> Formula | None:
        """`min` and `max` of loose values, written out."""
        if not _is_extreme(node) or operator not in ("<", "<=", ">", ">="):
            return None
        assert isinstance(node, tree.Call)
        highest = isinstance(node.function, tree.Name) and node.function.name == "max"
        parts = [self.against(operator, item, value, space, wanted, depth) for item in node.arguments]
        # max(a, b) < c needs both; max(a, b) > c needs one. Wanting no turns it round.
        together = ((operator in ("<", "<=")) is highest) is bool(wanted & YES)
        if together and wanted & NULL:
            return None
        return every(parts) if together else some(parts)

    def amount(self, operator: str, linear: Linear, value: Value, wanted: int) -> Formula:
        """`a·x + b·y + c operator value`, brought to one term with a constant on the other side."""
        if not isinstance(value, Decimal):
            return False
        try:
            limit = NUMBERS.subtract(value, linear.rest)
            if not linear.parts:
                return bool(outcome(compare(operator, Decimal(0), limit)) & wanted)
            term, factor = self.amounts.term(linear)
            limit = NUMBERS.divide(limit, factor)
        except DecimalException:
            return True
        leaf = self.leaf(MIRRORED[operator] if factor < 0 else operator, term, limit, wanted)
        parts = [part for part, _ in linear.parts.values()]
        return unless_null(leaf, parts) if len(parts) > 1 and isinstance(leaf, Leaf) else leaf

    def leaf(self, operator: str, term: Term, value: Value, wanted: int) -> Formula:
        """A leaf, or a term of its own where the values of the term cannot be told apart."""
        if is_scaled(term.type):
            return Leaf(term, operator, value, wanted)
        if operator == "!=":
            operator, wanted = "=", flipped(wanted)
        return Leaf(Term(f"{term.key} {operator} {value!r}", YesNo()), "is", True, wanted)

    # --- tables ------------------------------------------------------------------------------------------------------

    def line(self, unit: Unit, table: Table, line: Line, wanted: int, depth: int = 0) -> Formula:
        """That a line of a table matches (`YES`) or does not (`NOT_YES`)."""
        key = (unit.key, id(line), wanted, depth)
        known = self.lines.get(key)
        if known is None:
            parts: list[Formula] = [
                self.cell(cell, column.tree, column.type, unit.reads, wanted, depth)
                for cell, column in zip(line.cells, table.columns, strict=True)
                if cell is not None
            ]
            known = self.lines[key] = (line, every(parts) if wanted == YES else some(parts))
        return known[1]

    def cell(self, cell: Cell, column: tree.Node, type_: Type, space: Space, wanted: int, depth: int = 0) -> Formula:
        """That a cell of a table has one of the outcomes wanted for what its column gives."""
        tests = cell.tests
        if not tests.tests:
            return bool(YES & wanted)
        inner = flipped(wanted) if tests.negated else wanted
        parts = [self.test(test, column, space, inner, depth, type_) for test in tests.tests]
        return chained(parts, inner, conjunction=False)

    def test(
        self, test: tree.Test, column: tree.Node, space: Space, wanted: int, depth: int, type_: Type | None = None
    ) -> Formula:
        """One unary test on a value."""
        if isinstance(test, tree.Compare):
            return self.comparison(test.operator, column, test.operand, space, wanted, depth)
        node = test.expression
        if test.uses_input:
            asked = replaced(node, lambda inner: column if isinstance(inner, tree.Placeholder) else None)
            return self.truth(asked, space, wanted, depth)
        if isinstance(node, tree.RangeLiteral):
            return self.within(node, column, space, wanted, depth)
        if isinstance(node, tree.ListLiteral):
            items = [self.test(tree.Expect(item, False), column, space, wanted, depth, type_) for item in node.items]
            return chained(items, wanted, conjunction=False)
        found = type_ if type_ is not None else self.type_of(column, space)
        if isinstance(node, _ON_ITS_OWN) and self.folder.known(node, space) is None:
            if isinstance(self.type_of(node, space), YesNo) and not isinstance(found, YesNo):
                return self.truth(node, space, wanted, depth)
            return self.unlike("=", column, node, space, wanted)
        known = self.folder.known(node, space)
        composed = known is not None and isinstance(known.value, (list, dict))
        is_null = known is not None and known.value is None
        if composed or not (is_null or is_scaled(found)):
            return self.unlike("in", column, node, space, wanted)
        return self.comparison("=", column, node, space, wanted, depth)

    def within(self, node: tree.RangeLiteral, column: tree.Node, space: Space, wanted: int, depth: int) -> Formula:
        """That a value lies in a range."""
        parts: list[Formula] = []
        if node.low is not None:
            operator = "<=" if node.low_closed else "<"
            parts.append(self.comparison(operator, node.low, column, space, wanted, depth))
        if node.high is not None:
            operator = "<=" if node.high_closed else "<"
            parts.append(self.comparison(operator, column, node.high, space, wanted, depth))
        return chained(parts, wanted, conjunction=True)

    def outcomes(self, unit: Unit, of: _Translate, depth: int) -> Formula | None:
        """Some line that matches and whose outcome is as asked; None for tables whose outcome is not that of one line."""
        table, anatomy = unit.body, unit.anatomy
        if not isinstance(table, Table) or not isinstance(anatomy, CompiledTableParts):
            return None
        if table.policy not in _ONE_OUTCOME or len(anatomy.lines) > _MOST_LINES or depth >= _DEEPEST:
            return None
        parts: list[Formula] = []
        earlier: list[Formula] = []
        for line in anatomy.lines:
            asked = of(line.output.tree)
            if asked is not False:
                parts.append(every([self.line(unit, table, line, YES, depth + 1), asked, *earlier]))
            if table.policy is HitPolicy.FIRST:
                earlier.append(self.line(unit, table, line, NOT_YES, depth + 1))
        return some(parts)

    def no_line(self, unit: Unit, depth: int) -> Formula:
        """That no line of a table matches."""
        table, anatomy = unit.body, unit.anatomy
        if not isinstance(table, Table) or not isinstance(anatomy, CompiledTableParts):
            return True
        return every(self.line(unit, table, line, NOT_YES, depth + 1) for line in anatomy.lines)

    # --- terms -------------------------------------------------------------------------------------------------------

    def type_of(self, node: tree.Node, space: Space) -> Type:
        """The type of an expression of the program."""
        return self.amounts.type_of(node, space)

    def term(self, node: tree.Node, space: Space) -> Term:
        """An expression as a term."""
        return self.amounts.base(node, space)

    def opaque(self, node: tree.Node, space: Space) -> Term:
        """A condition that is not looked into."""
        return Term(key_of(node, space), YesNo())

    def known(self, node: tree.Node, space: Space) -> Known | None:
        """The value of an expression, when it has only one on this date."""
        return self.folder.known(node, space)

    def is_amount(self, node: tree.Node, space: Space) -> bool:
        """Whether an expression gives a number."""
        return isinstance(self.type_of(node, space), (Money, Number))


def unless_null(leaf: Leaf, terms: list[Term]) -> Formula:
    """A comparison between terms as soon as one of them is null: `=` and `!=` are then yes or no, the others null."""
    scaled = [term for term in terms if is_scaled(term.type)]
    known = every([leaf, *(Leaf(term, "null", None, NO) for term in scaled)])
    with_null = YES | NO if leaf.operator in ("=", "!=") else NULL
    return some([known, *(Leaf(term, "null", None, YES) for term in scaled)]) if leaf.wanted & with_null else known


def _is_negation(node: tree.Call) -> bool:
    return isinstance(node.function, tree.Name) and node.function.name == "not" and len(node.arguments) == 1


def _is_membership(node: tree.Call) -> bool:
    """`list contains([a, b], x)`, with the list written out."""
    named = isinstance(node.function, tree.Name) and node.function.name == "list contains" and node.named is None
    return named and len(node.arguments) == 2 and isinstance(node.arguments[0], tree.ListLiteral)


def _is_extreme(node: tree.Node) -> bool:
    """`min(a, b)` or `max(a, b)` of loose values."""
    return (
        isinstance(node, tree.Call)
        and isinstance(node.function, tree.Name)
        and node.function.name in ("min", "max")
        and len(node.arguments) > 1
        and node.named is None
    )
