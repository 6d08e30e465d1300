"""Run one expression on its own, outside a law: for tools, tests and tables of others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import DecimalException

from vliegwiel.law.feel.compiler import compile_expression, compile_tests
from vliegwiel.law.feel.errors import FeelLimit
from vliegwiel.law.feel.parser import Scope, parse_expression, parse_unary_tests
from vliegwiel.law.feel.runtime import Budget, Code, Frame, check_value
from vliegwiel.law.feel.scope import Names, Slots
from vliegwiel.law.feel.values import Value


def run_code(code: Code, frame: Frame) -> Value:
    """Run compiled code; a number out of reach is null, endless recursion is `FeelLimit`."""
    try:
        return check_value(code(frame))
    except DecimalException:
        return None
    except RecursionError as error:
        raise FeelLimit("De formule gaat te diep.") from error


def _loader(slot: int) -> Code:
    return lambda frame: frame[slot]


def _names(values: Mapping[str, Value], strict: bool) -> tuple[Names, list[Value]]:
    slots = Slots()
    names = Names(slots, strict=strict)
    start: list[Value] = []
    for name, value in values.items():
        slot = slots.take()
        names.globals[name] = _loader(slot)
        start.append(value)
    return names, start


def evaluate(text: str, values: Mapping[str, Value] | None = None, *, strict: bool = False) -> Value:
    """The value of an expression with these variables. Raises `FeelError` (unreadable) or `FeelLimit` (too costly)."""
    known = values or {}
    names, start = _names(known, strict)
    code = compile_expression(parse_expression(text, Scope(known, _keys(known))), names, text)
    return run_code(code, Frame([*start, *([None] * (names.slots.size - len(start)))], Budget()))


def passes(text: str, value: Value, values: Mapping[str, Value] | None = None) -> Value:
    """Whether a value passes a table cell. Raises `FeelError` or `FeelLimit`."""
    known = values or {}
    names, start = _names(known, strict=False)
    test = compile_tests(parse_unary_tests(text, Scope(known, _keys(known))), names, text)
    frame = Frame([*start, *([None] * (names.slots.size - len(start)))], Budget())
    return run_code(lambda inner: test(inner, value), frame)


def _keys(values: Mapping[str, Value]) -> set[str]:
    """All keys of contexts inside the values: names that may stand behind a dot or in a filter."""
    found: set[str] = set()
    stack: list[Value] = list(values.values())
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            found.update(value)
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)
    return found
