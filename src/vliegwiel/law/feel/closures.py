"""The functions that operators become: the common cases (numbers, texts, truths) written out, all others by `operators`.

A decision of a law runs hundreds of these, so each looks at the class of its operands first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Final

from vliegwiel.law.feel import operators
from vliegwiel.law.feel.runtime import Code, Frame
from vliegwiel.law.feel.values import NUMBERS, Unknown, Value, both, either, equal, less, less_or_equal, negation


def constant(value: Value) -> Code:
    """Always this value."""
    return lambda frame: value


def slot_of(number: int) -> Code:
    return lambda frame: frame[number]


def all_of(codes: list[Code]) -> Code:
    """Three-valued `and` of a chain."""

    def run(frame: Frame) -> Value:
        result: Value = True
        for code in codes:
            value = code(frame)
            if value is False:
                return False
            if value is not True:
                result = both(result, value if isinstance(value, Unknown) else None)
        return result

    return run


def any_of(codes: list[Code]) -> Code:
    """Three-valued `or` of a chain."""

    def run(frame: Frame) -> Value:
        result: Value = False
        for code in codes:
            value = code(frame)
            if value is True:
                return True
            if value is not False:
                result = either(result, value if isinstance(value, Unknown) else None)
        return result

    return run


def together(verdicts: Iterable[Value], *, every: bool) -> Value:
    """What `all_of` (or `any_of`) says of conditions that were all evaluated."""
    result: Value = every
    for value in verdicts:
        if value is (not every):
            return value
        if value is not every:
            known = value if isinstance(value, Unknown) else None
            result = both(result, known) if every else either(result, known)
    return result


def _add(left: Code, right: Code) -> Code:
    plus = NUMBERS.add

    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if isinstance(a, Decimal) and isinstance(b, Decimal):
            return plus(a, b)
        result = operators.add(a, b)
        if isinstance(result, str):
            frame.budget.weigh(result)
        return result

    return run


def _subtract(left: Code, right: Code) -> Code:
    minus = NUMBERS.subtract

    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return minus(a, b) if isinstance(a, Decimal) and isinstance(b, Decimal) else operators.subtract(a, b)

    return run


def _multiply(left: Code, right: Code) -> Code:
    times = NUMBERS.multiply

    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return times(a, b) if isinstance(a, Decimal) and isinstance(b, Decimal) else operators.multiply(a, b)

    return run


def _divide(left: Code, right: Code) -> Code:
    return lambda frame: operators.divide(left(frame), right(frame))


def _power(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        frame.budget.spend(_POWER_STEPS)
        return operators.power(left(frame), right(frame))

    return run


def _equal(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is b.__class__ and a.__class__ in _PLAIN:
            return a == b
        frame.budget.weigh(a)
        return equal(a, b)

    return run


def equal_to(left: Code, wanted: str | bool | None) -> Code:
    kind = wanted.__class__

    def run(frame: Frame) -> Value:
        a = left(frame)
        return a == wanted if a.__class__ is kind else equal(a, wanted)

    return run


def unequal_to(left: Code, wanted: str | bool | None) -> Code:
    kind = wanted.__class__

    def run(frame: Frame) -> Value:
        a = left(frame)
        return a != wanted if a.__class__ is kind else negation(equal(a, wanted))

    return run


def _unequal(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        if a.__class__ is b.__class__ and a.__class__ in _PLAIN:
            return a != b
        frame.budget.weigh(a)
        return negation(equal(a, b))

    return run


def _less(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return a < b if isinstance(a, Decimal) and isinstance(b, Decimal) else less(a, b)

    return run


def _less_or_equal(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return a <= b if isinstance(a, Decimal) and isinstance(b, Decimal) else less_or_equal(a, b)

    return run


def _greater(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return a > b if isinstance(a, Decimal) and isinstance(b, Decimal) else less(b, a)

    return run


def _greater_or_equal(left: Code, right: Code) -> Code:
    def run(frame: Frame) -> Value:
        a, b = left(frame), right(frame)
        return a >= b if isinstance(a, Decimal) and isinstance(b, Decimal) else less_or_equal(b, a)

    return run


# A power of broken numbers takes some tens of microseconds.
_POWER_STEPS: Final = 40
_PLAIN: Final = frozenset((Decimal, str, bool))

BINARY: Final[dict[str, Callable[[Code, Code], Code]]] = {
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "**": _power,
    "=": _equal,
    "!=": _unequal,
    "<": _less,
    "<=": _less_or_equal,
    ">": _greater,
    ">=": _greater_or_equal,
}


def _less_than_number(left: Code, number: Decimal) -> Code:
    def run(frame: Frame) -> Value:
        a = left(frame)
        return a < number if isinstance(a, Decimal) else less(a, number)

    return run


def _at_most_number(left: Code, number: Decimal) -> Code:
    def run(frame: Frame) -> Value:
        a = left(frame)
        return a <= number if isinstance(a, Decimal) else less_or_equal(a, number)

    return run


def _more_than_number(left: Code, number: Decimal) -> Code:
    def run(frame: Frame) -> Value:
        a = left(frame)
        return a > number if isinstance(a, Decimal) else less(number, a)

    return run


def _at_least_number(left: Code, number: Decimal) -> Code:
    def run(frame: Frame) -> Value:
        a = left(frame)
        return a >= number if isinstance(a, Decimal) else less_or_equal(number, a)

    return run


WITH_NUMBER: Final[dict[str, Callable[[Code, Decimal], Code]]] = {
    "<": _less_than_number,
    "<=": _at_most_number,
    ">": _more_than_number,
    ">=": _at_least_number,
}
