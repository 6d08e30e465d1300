"""Calls of functions, and functions as values (DMN 1.5, sections 10.3.2.12 and 10.3.2.13.2)."""

from __future__ import annotations

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.builtins import BUILTINS, invoke, select
from vliegwiel.law.feel.compiling import Compiling
from vliegwiel.law.feel.instance import conforms
from vliegwiel.law.feel.runtime import Budget, Code, Frame
from vliegwiel.law.feel.values import FeelFunction, Unknown, Value

_IMPURE = frozenset(("now", "today"))


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
        slots = self.names.push(*names)
        body = self.code(node.body)
        self.names.pop()

        def run(frame: Frame) -> Value:
            captured = frame.fork()

            def call(arguments: list[Value]) -> Value:
                if len(arguments) != len(slots):
                    return None
                inner = captured.fork()
                for slot, argument, wanted in zip(slots, arguments, types, strict=True):
                    inner[slot] = argument if wanted is None else conforms(argument, wanted)
                budget: Budget = inner.budget
                budget.enter()
                result = body(inner)
                budget.leave()
                return result

            return FeelFunction(names, call, types, bind=captured.__setitem__)

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
