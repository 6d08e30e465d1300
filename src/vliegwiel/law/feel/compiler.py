"""Tree to function. Names become slots, constants are folded, built-ins are chosen once; what remains is small closures.

The closures of the common cases (numbers, dates, booleans) are written out, because a decision of a law runs hundreds of
them; every other combination goes through `operators` and `values`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from vliegwiel.law.feel import operators, temporal, tree
from vliegwiel.law.feel.builtins import BUILTINS, as_value
from vliegwiel.law.feel.calls import CallCompiler
from vliegwiel.law.feel.closures import (
    BINARY,
    WITH_NUMBER,
    all_of,
    any_of,
    constant,
    equal_to,
    slot_of,
    unequal_to,
)
from vliegwiel.law.feel.instance import matches_type
from vliegwiel.law.feel.iterating import LoopCompiler
from vliegwiel.law.feel.properties import property_of
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.scope import Names
from vliegwiel.law.feel.testing import TestCompiler
from vliegwiel.law.feel.values import (
    NUMBERS,
    FeelFunction,
    Range,
    Unknown,
    Value,
    both,
    equal,
    less_or_equal,
    unknown_of,
)

_NO_END: Final = (list, dict, Range, FeelFunction)

_Composed: TypeAlias = (
    tree.Binary
    | tree.Logical
    | tree.Negate
    | tree.Between
    | tree.In
    | tree.InstanceOf
    | tree.If
    | tree.For
    | tree.Quantified
    | tree.Call
    | tree.Filter
    | tree.FunctionDefinition
    | tree.UnaryTests
)


def compile_expression(node: tree.Node, names: Names, text: str = "") -> Code:
    """The function of an expression. `text` is its source, for messages. Raises `FeelError` for names not in scope."""
    return Compiler(names, text).code(node)


def compile_tests(node: tree.UnaryTests, names: Names, text: str = "") -> Callable[[Frame, Value], Value]:
    """The function of a table cell: takes the input value, gives true, false, null or unknown."""
    return Compiler(names, text).unary_tests(node)


def cell_literals(node: tree.UnaryTests, names: Names) -> frozenset[str | bool] | None:
    """The texts and truths that a table cell asks for, where it asks for nothing else."""
    return None if node.negated else Compiler(names, "").literals(node)


class Compiler(CallCompiler, LoopCompiler, TestCompiler):
    """One expression at a time."""

    def code(self, node: tree.Node) -> Code:
        """The function of a node."""
        match node:
            case tree.Number():
                return constant(NUMBERS.plus(node.value))
            case tree.String() | tree.Boolean():
                return constant(node.value)
            case tree.Null():
                return constant(None)
            case tree.Temporal():
                return self.temporal(node)
            case tree.Name():
                return self.name(node)
            case tree.Placeholder():
                return self.placeholder(node)
            case tree.Path():
                return self.path(node)
            case tree.ListLiteral():
                return self.list_literal(node)
            case tree.ContextLiteral():
                return self.context_literal(node)
            case tree.RangeLiteral():
                return self.range_literal(node)
            case _:
                return self.composed(node)

    def composed(self, node: _Composed) -> Code:
        """The function of a node that combines others."""
        match node:
            case tree.Binary():
                return self.binary(node)
            case tree.Logical():
                codes = [self.code(item) for item in node.items]
                return all_of(codes) if node.kind == "and" else any_of(codes)
            case tree.Negate():
                return self.negate(node)
            case tree.Between():
                return self.between(node)
            case tree.In():
                return self.contained(node)
            case tree.InstanceOf():
                return self.instance_of(node)
            case tree.If():
                return self.choose(node)
            case tree.For():
                return self.for_loop(node)
            case tree.Quantified():
                return self.quantified(node)
            case tree.Call():
                return self.call(node)
            case tree.Filter():
                return self.filter(node)
            case tree.FunctionDefinition():
                return self.function(node)
            case tree.UnaryTests():
                return self.tests_as_value(node)

    # --- values ------------------------------------------------------------------------------------------------------

    def temporal(self, node: tree.Temporal) -> Code:
        try:
            return constant(temporal.parse_temporal(node.text))
        except temporal.NotTemporal:
            if self.names.strict:
                raise self.error(f"'{node.text}' is geen datum, tijd of duur.", node.at) from None
            return constant(None)

    def list_literal(self, node: tree.ListLiteral) -> Code:
        items = [self.code(item) for item in node.items]

        def run(frame: Frame) -> Value:
            return [item(frame) for item in items]

        return run

    def context_literal(self, node: tree.ContextLiteral) -> Code:
        entries: list[tuple[str, int, Code]] = []
        for key, value in node.entries:
            if isinstance(value, tree.FunctionDefinition):
                # The function may call itself, so its name is known inside it.
                (slot,) = self.names.push(key)
                code = self.code(value)
            else:
                code = self.code(value)
                (slot,) = self.names.push(key)
            entries.append((key, slot, code))
        self.names.pop(len(node.entries))

        def run(frame: Frame) -> Value:
            made: dict[str, Value] = {}
            for key, slot, code in entries:
                made[key] = frame[slot] = value = code(frame)
                if isinstance(value, FeelFunction) and value.bind is not None:
                    value.bind(slot, value)
            return made

        return run

    def range_literal(self, node: tree.RangeLiteral) -> Code:
        low = self.code(node.low) if node.low is not None else None
        high = self.code(node.high) if node.high is not None else None
        low_closed, high_closed = node.low_closed, node.high_closed

        def run(frame: Frame) -> Value:
            bottom = low(frame) if low is not None else None
            top = high(frame) if high is not None else None
            missing = unknown_of(bottom, top)
            if missing is not None:
                return missing
            if (low is not None and bottom is None) or (high is not None and top is None):
                return None
            if isinstance(bottom, _NO_END) or isinstance(top, _NO_END):
                return None
            return Range(bottom, top, low_closed, high_closed)

        return run

    # --- names -------------------------------------------------------------------------------------------------------

    def name(self, node: tree.Name) -> Code:
        wanted = node.name
        items: list[int] = []
        for layer in reversed(self.names.layers):
            if wanted in layer.slots:
                slot = layer.slots[wanted]
                self.names.used.add(slot)
                # `item` is the element, unless the element has a field of that name.
                return self.through_items([*items, slot] if slot == layer.item else items, wanted, slot_of(slot))
            if layer.item is not None:
                items.append(layer.item)
        if wanted in self.names.globals:
            if self.names.on_use is not None:
                self.names.on_use(wanted)
            return self.through_items(items, wanted, self.names.globals[wanted])
        if wanted in self.names.constants:
            return self.through_items(items, wanted, constant(self.names.constants[wanted]))
        if wanted in BUILTINS:
            return constant(as_value(wanted))
        if items:
            return self.through_items(items, wanted, constant(None))
        if not self.names.strict:
            return constant(None)
        raise self.error(f"De naam '{wanted}' is hier niet bekend.", node.at)

    def through_items(self, items: list[int], name: str, outer: Code) -> Code:
        """Inside a filter a name is first a field of the element."""
        if not items:
            return outer

        def run(frame: Frame) -> Value:
            for slot in items:
                item = frame[slot]
                if isinstance(item, dict) and name in item:
                    return item[name]
                if isinstance(item, Unknown):
                    return item
            return outer(frame)

        return run

    def placeholder(self, node: tree.Placeholder) -> Code:
        for layer in reversed(self.names.layers):
            if "?" in layer.slots:
                return slot_of(layer.slots["?"])
        raise self.error("Een vraagteken mag alleen in een tabelvak.", node.at)

    def path(self, node: tree.Path) -> Code:
        qualified = self.qualified(node)
        if qualified is not None:
            return qualified
        source, name = self.code(node.source), node.name

        def run(frame: Frame) -> Value:
            value = source(frame)
            if isinstance(value, dict):
                return value.get(name)
            if isinstance(value, list):
                frame.budget.weigh(value)
            return property_of(value, name)

        return run

    def qualified(self, node: tree.Path) -> Code | None:
        """`wet.regel`: a global with a dot in its name."""
        if isinstance(node.source, tree.Name):
            wanted = f"{node.source.name}.{node.name}"
            if wanted in self.names.globals:
                if self.names.on_use is not None:
                    self.names.on_use(wanted)
                return self.names.globals[wanted]
        return None

    # --- operators ---------------------------------------------------------------------------------------------------

    def binary(self, node: tree.Binary) -> Code:
        left = self.code(node.left)
        if isinstance(node.right, tree.Number) and node.operator in WITH_NUMBER:
            return WITH_NUMBER[node.operator](left, NUMBERS.plus(node.right.value))
        if node.operator in ("=", "!=") and isinstance(node.right, (tree.String, tree.Boolean, tree.Null)):
            wanted = None if isinstance(node.right, tree.Null) else node.right.value
            return equal_to(left, wanted) if node.operator == "=" else unequal_to(left, wanted)
        return BINARY[node.operator](left, self.code(node.right))

    def negate(self, node: tree.Negate) -> Code:
        if isinstance(node.operand, tree.Number):
            return constant(NUMBERS.minus(node.operand.value))
        operand = self.code(node.operand)
        return lambda frame: operators.negate(operand(frame))

    def between(self, node: tree.Between) -> Code:
        value, low, high = self.code(node.value), self.code(node.low), self.code(node.high)

        def run(frame: Frame) -> Value:
            middle = value(frame)
            return both(less_or_equal(low(frame), middle), less_or_equal(middle, high(frame)))

        return run

    def instance_of(self, node: tree.InstanceOf) -> Code:
        value, wanted, known = self.code(node.value), node.type, self.names.types

        def run(frame: Frame) -> Value:
            found = value(frame)
            frame.budget.weigh(found)
            return found if isinstance(found, Unknown) else matches_type(found, wanted, known)

        return run

    def choose(self, node: tree.If) -> Code:
        condition, then, otherwise = self.code(node.condition), self.code(node.then), self.code(node.otherwise)

        def run(frame: Frame) -> Value:
            verdict = condition(frame)
            if verdict is True:
                return then(frame)
            if isinstance(verdict, Unknown):
                # Unknown matters only where the two branches differ.
                first, second = then(frame), otherwise(frame)
                return first if equal(first, second) is True else verdict
            return otherwise(frame)

        return run
