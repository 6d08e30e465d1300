"""Unary tests: the cells of a decision table, and what stands behind `in` (DMN 1.5, sections 7.3.3 and 10.3.2.7)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Final, TypeAlias

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.compiling import Compiling
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.values import (
    Range,
    Unknown,
    Value,
    either,
    equal,
    less,
    less_or_equal,
    negation,
    unknown_of,
    within,
)

# Expressions that say yes or no about something; `true` or a name is a value that the input must equal.
_CONDITIONS: Final = (
    tree.Binary,
    tree.Logical,
    tree.Between,
    tree.In,
    tree.InstanceOf,
    tree.Quantified,
    tree.Call,
    tree.If,
)

TestCode: TypeAlias = Callable[[Frame, Value], Value]


class TestCompiler(Compiling):
    """The part of the compiler that deals with tests."""

    __test__ = False  # the name is FEEL's; pytest must not collect it

    def unary_tests(self, node: tree.UnaryTests) -> TestCode:
        """A whole cell."""
        if not node.tests:
            return lambda frame, value: True
        literals = self.literals(node)
        if literals is not None and all(isinstance(word, str) for word in literals):
            return _one_of_words(frozenset(str(word) for word in literals), negated=node.negated)
        (slot,) = self.names.push("?")
        tests = [self.test(test, slot) for test in node.tests]
        self.names.pop()
        if len(tests) == 1 and not node.negated:
            return tests[0]
        negated = node.negated

        def run(frame: Frame, value: Value) -> Value:
            result: Value = False
            for test in tests:
                result = either(result, test(frame, value))
                if result is True:
                    break
            return negation(result) if negated else result

        return run

    def literals(self, node: tree.UnaryTests) -> frozenset[str | bool] | None:
        """The texts and truths that a cell asks for, where it holds nothing else; of a negated cell those it refuses."""
        found = [self.literal(test) for test in node.tests]
        wanted = frozenset(value for value in found if value is not None)
        return wanted if found and len(wanted) == len(found) else None

    def literal(self, test: tree.Test) -> str | bool | None:
        """The text or truth that a test asks for, written out or by a constant name (`ja`)."""
        expression = test.expression if isinstance(test, tree.Expect) else None
        if isinstance(expression, (tree.String, tree.Boolean)):
            return expression.value
        if isinstance(expression, tree.Name) and not self.is_variable(expression.name):
            value = self.names.constants.get(expression.name)
            return value if isinstance(value, (str, bool)) else None
        return None

    def is_variable(self, name: str) -> bool:
        """Whether a name means a variable here."""
        return name in self.names.globals or any(
            name in layer.slots or layer.item is not None for layer in self.names.layers
        )

    def tests_as_value(self, node: tree.UnaryTests) -> Code:
        """Unary tests that stand where an expression is asked apply to `?`."""
        test = self.unary_tests(node)
        placeholder = self.code(tree.Placeholder(node.at))
        return lambda frame: test(frame, placeholder(frame))

    def contained(self, node: tree.In) -> Code:
        """`value in tests`."""
        value = self.code(node.value)
        test = self.unary_tests(tree.UnaryTests(node.tests, at=node.at))
        return lambda frame: test(frame, value(frame))

    def test(self, node: tree.Test, slot: int) -> TestCode:
        """One test."""
        if isinstance(node, tree.Compare):
            return _comparison(node.operator, self.code(node.operand))
        code = self.code(node.expression)
        if node.uses_input:

            def asked(frame: Frame, value: Value) -> Value:
                frame[slot] = value
                return code(frame)

            return asked
        if isinstance(node.expression, tree.Number):
            return _literal(node.expression.value)
        literal = self.literal(node)
        if literal is not None:
            return _literal(literal)

        if isinstance(node.expression, tree.RangeLiteral):

            def inside(frame: Frame, value: Value) -> Value:
                # A range with a null end is no range: nothing can be said.
                interval = code(frame)
                return None if interval is None else satisfies(value, interval)

            return inside

        if isinstance(node.expression, _CONDITIONS):

            def held(frame: Frame, value: Value) -> Value:
                # A condition on something else than the input: the cell is as true as it is.
                wanted = code(frame)
                if isinstance(wanted, bool) and not isinstance(value, (bool, Unknown)):
                    return wanted
                return satisfies(value, wanted)

            return held

        def matched(frame: Frame, value: Value) -> Value:
            wanted = code(frame)
            if isinstance(wanted, (list, dict)):
                frame.budget.weigh(wanted)
            return satisfies(value, wanted)

        return matched


def _one_of_words(words: frozenset[str], *, negated: bool) -> TestCode:
    """A cell of nothing but texts, as most cells over a choice are."""

    def run(frame: Frame, value: Value) -> Value:
        if value.__class__ is str:
            return (value in words) is not negated
        result: Value = False
        for word in words:
            result = either(result, satisfies(value, word))
        return negation(result) if negated else result

    return run


def _literal(wanted: Decimal | str | bool) -> TestCode:
    kind = wanted.__class__

    def run(frame: Frame, value: Value) -> Value:
        return value == wanted if value.__class__ is kind else satisfies(value, wanted)

    return run


def _comparison(operator: tree.Comparison, operand: Code) -> TestCode:
    compare = _COMPARE[operator]

    def run(frame: Frame, value: Value) -> Value:
        wanted = operand(frame)
        if isinstance(wanted, (list, dict)):
            frame.budget.weigh(wanted)
        return compare(value, wanted)

    return run


def _unequal(a: Value, b: Value) -> Value:
    return negation(equal(a, b))


def _greater(a: Value, b: Value) -> Value:
    return less(b, a)


def _greater_or_equal(a: Value, b: Value) -> Value:
    return less_or_equal(b, a)


_COMPARE: Final[dict[tree.Comparison, Callable[[Value, Value], Value]]] = {
    "=": equal,
    "!=": _unequal,
    "<": less,
    "<=": less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
}


def satisfies(value: Value, wanted: Value) -> Value:
    """Whether a value equals what is wanted or lies in it."""
    missing = unknown_of(value, wanted)
    if missing is not None:
        return missing
    if isinstance(wanted, Range):
        return within(value, wanted)
    if isinstance(wanted, list):
        return _in_list(value, wanted)
    return equal(value, wanted)


def _in_list(value: Value, wanted: list[Value]) -> Value:
    if equal(value, wanted) is True:
        return True
    result: Value = False
    for item in wanted:
        found = within(value, item) if isinstance(item, Range) else equal(value, item)
        if found is True:
            return True
        if isinstance(found, Unknown):
            result = found
    return result
