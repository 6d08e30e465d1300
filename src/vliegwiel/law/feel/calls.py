"""Calls of functions, and functions as values (DMN 1.5, sections 10.3.2.12 and 10.3.2.13.2)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, DecimalException
from typing import Final

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.builtins import BUILTINS, invoke, select
from vliegwiel.law.feel.builtins.registry import Implementation, Signature
from vliegwiel.law.feel.compiling import Compiling, cost_of
from vliegwiel.law.feel.instance import conforms, type_of_literal
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration, NotTemporal
from vliegwiel.law.feel.values import FeelFunction, Unknown, Value

_CALL: Final = 4
_IMPURE: Final = frozenset(("now", "today"))
# What these cost depends on their arguments in a way that only time tells.
_TIMED: Final = frozenset(
    ("matches", "replace", "split", "exp", "log", "sqrt", "string", "werkdagen_na", "werkdagen_tussen", "einde_termijn")
)
_STEPS_A_SECOND: Final = 1_000_000
_LITERALS: Final = (tree.Number, tree.String, tree.Boolean, tree.Temporal)
_ONE_CLASS: Final[dict[frozenset[str], type]] = {
    frozenset({"number"}): Decimal,
    frozenset({"boolean"}): bool,
    frozenset({"date"}): date,
    frozenset({"years and months duration"}): MonthsDuration,
    frozenset({"days and time duration"}): DaysDuration,
}
_SCALAR_RESULTS: Final = frozenset(
    ("number", "string", "boolean", "date", "years and months duration", "days and time duration")
)


class CallCompiler(Compiling):
    """The part of the compiler that deals with functions."""

    def call(self, node: tree.Call) -> Code:
        """A call; a built-in that no variable hides is chosen now."""
        if isinstance(node.function, tree.Name) and self.is_builtin(node.function.name):
            return self.builtin(node, node.function.name)
        function = self.code(node.function)
        arguments = [self.code(argument) for argument in node.arguments]
        named = node.named

        def run(frame: Frame) -> Value:
            callee = function(frame)
            if isinstance(callee, Unknown):
                return callee
            if not isinstance(callee, FeelFunction):
                return None
            values = [argument(frame) for argument in arguments]
            for value in values:
                frame.budget.weigh(value)
            ordered = _ordered(callee, values, named)
            return None if ordered is None else callee.call(ordered)

        return run

    def is_builtin(self, name: str) -> bool:
        """Whether the name means a built-in here."""
        hidden = name in self.names.globals or any(name in layer.slots for layer in self.names.layers)
        return name in BUILTINS and not hidden

    def builtin(self, node: tree.Call, name: str) -> Code:
        """A call of a built-in."""
        if self.names.strict and name in _IMPURE:
            raise self.error(f"'{name}' mag niet in een wet: gebruik peildatum.", node.at)
        chosen = select(name, len(node.arguments), node.named)
        if chosen is None:
            if self.names.strict:
                raise self.error(f"'{name}' kan niet met deze argumenten worden aangeroepen.", node.at)
            return lambda frame: None
        signatures, places = chosen
        codes = [self.code(argument) for argument in node.arguments]
        if any(place is None for place in places):
            return _with_gaps(node, codes, places, name)
        ordered = [codes[place] for place in places if place is not None]
        if name not in _IMPURE and all(isinstance(argument, _LITERALS) for argument in node.arguments):
            return _folded(signatures, ordered)
        if name == "not" and len(ordered) == 1:
            return _opposite(ordered[0], signatures)
        if name in _TIMED:
            return _timed_call(signatures, ordered)
        direct = _direct_call(name, signatures, ordered)
        if direct is not None:
            return direct
        if len(ordered) == 1:
            only = ordered[0]
            return lambda frame: invoke(signatures, [only(frame)], frame.budget)

        def run(frame: Frame) -> Value:
            return invoke(signatures, [code(frame) for code in ordered], frame.budget)

        return run

    def function(self, node: tree.FunctionDefinition) -> Code:
        """`function(a, b) body`. External functions (Java, PMML) are refused: they reach outside."""
        if node.body is None:
            if self.names.strict:
                raise self.error("Externe functies mogen niet.", node.at)
            return lambda frame: None
        names = tuple(parameter.name for parameter in node.parameters)
        types = tuple(parameter.type for parameter in node.parameters)
        known, result_type = self.names.types, type_of_literal(node.body)
        slots = self.names.push(*names)
        body = self.code(node.body)
        self.names.pop()
        cost = _CALL + cost_of(node.body)

        def run(frame: Frame) -> Value:
            frame.budget.spend(1 + (len(frame) >> 3))
            captured = frame.fork()

            def call(arguments: list[Value]) -> Value:
                if len(arguments) != len(slots):
                    return None
                inner = captured.fork()
                for slot, argument, wanted in zip(slots, arguments, types, strict=True):
                    inner[slot] = argument if wanted is None else conforms(argument, wanted, known)
                budget: Budget = inner.budget
                budget.enter(cost)
                result = body(inner)
                budget.leave()
                return result

            return FeelFunction(names, call, types, result_type, captured.__setitem__)

        return run


def _folded(signatures: list[Signature], codes: list[Code]) -> Code:
    """A call with fixed arguments gives the same each time: computed when first asked for."""
    frame = Frame([], Budget())
    found: list[Value] = []

    def run(_: Frame) -> Value:
        if not found:
            found.append(invoke(signatures, [code(frame) for code in codes], frame.budget))
        return found[0]

    return run


def _opposite(code: Code, signatures: Sequence[Signature]) -> Code:
    def run(frame: Frame) -> Value:
        value = code(frame)
        return not value if isinstance(value, bool) else invoke(signatures, [value], frame.budget)

    return run


def _timed_call(signatures: Sequence[Signature], codes: list[Code]) -> Code:
    def run(frame: Frame) -> Value:
        arguments = [code(frame) for code in codes]
        began = time.perf_counter()
        result = invoke(signatures, arguments, frame.budget)
        frame.budget.spend(int((time.perf_counter() - began) * _STEPS_A_SECOND))
        return result

    return run


def _direct_call(name: str, signatures: Sequence[Signature], codes: list[Code]) -> Code | None:
    """A call without looking for a signature, where the arguments have the classes of the first one. Others go the long way."""
    signature = signatures[0]
    classes = [_ONE_CLASS.get(parameter.kinds) for parameter in signature.parameters[: len(codes)]]
    if signature.variadic or BUILTINS[name].result not in _SCALAR_RESULTS or len(classes) != len(codes):
        return None
    if len(codes) == 1 and classes[0] is not None:
        return _direct_one(signature.call, classes[0], codes[0], signatures)
    if len(codes) == 2 and classes[0] is not None and classes[1] is not None:
        return _direct_two(signature.call, (classes[0], classes[1]), (codes[0], codes[1]), signatures)
    return None


def _direct_one(call: Implementation, kind: type, code: Code, signatures: Sequence[Signature]) -> Code:
    def run(frame: Frame) -> Value:
        a = code(frame)
        if a.__class__ is not kind:
            return invoke(signatures, [a], frame.budget)
        try:
            return call(a)
        except (DecimalException, NotTemporal, OverflowError):
            return None

    return run


def _direct_two(
    call: Implementation, kinds: tuple[type, type], codes: tuple[Code, Code], signatures: Sequence[Signature]
) -> Code:
    (first, second), (left, right) = kinds, codes

    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is not first or b.__class__ is not second:
            return invoke(signatures, [a, b], frame.budget)
        try:
            return call(a, b)
        except (DecimalException, NotTemporal, OverflowError):
            return None

    return run


def _with_gaps(node: tree.Call, codes: list[Code], places: tuple[int | None, ...], name: str) -> Code:
    """Named arguments that leave out a parameter in the middle: it counts as null, where that is allowed."""
    signatures = [s for s in BUILTINS[name].signatures if len(s.parameters) >= len(places)]

    def run(frame: Frame) -> Value:
        return invoke(signatures, [None if p is None else codes[p](frame) for p in places], frame.budget)

    return run


def _ordered(function: FeelFunction, values: list[Value], named: tuple[str, ...] | None) -> list[Value] | None:
    if named is None:
        return values if len(values) == len(function.parameters) else None
    if set(named) != set(function.parameters) or len(named) != len(function.parameters):
        return None
    by_name = dict(zip(named, values, strict=True))
    return [by_name[parameter] for parameter in function.parameters]
