"""Numeric functions (DMN 1.5, section 10.3.4.5)."""

from __future__ import annotations

from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Final

from vliegwiel.law.feel.builtins.registry import builtin
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import NUMBERS, Value

_WIDE: Final = Context(prec=80, Emin=-6143, Emax=6144)
_ZERO: Final = Decimal(0)


def rounded(number: Decimal, scale: Decimal, mode: str) -> Value:
    """A number with so many decimals (negative: tens, hundreds)."""
    places = int(scale)
    if not -6111 <= places <= 6176:
        return None
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= places:
        return number
    return NUMBERS.plus(number.quantize(Decimal(1).scaleb(-places), rounding=mode, context=_WIDE))


@builtin("decimal", "n: number, scale: number", "number")
def decimal(number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_EVEN)


@builtin("floor", "n: number, scale: number?", "number")
def floor(number: Decimal, scale: Decimal = _ZERO) -> Value:
    return rounded(number, scale, ROUND_FLOOR)


@builtin("ceiling", "n: number, scale: number?", "number")
def ceiling(number: Decimal, scale: Decimal = _ZERO) -> Value:
    return rounded(number, scale, ROUND_CEILING)


@builtin("round up", "n: number, scale: number", "number")
def round_up(number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_UP)


@builtin("round down", "n: number, scale: number", "number")
def round_down(number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_DOWN)


@builtin("round half up", "n: number, scale: number", "number")
def round_half_up(number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_UP)


@builtin("round half down", "n: number, scale: number", "number")
def round_half_down(number: Decimal, scale: Decimal) -> Value:
    return rounded(number, scale, ROUND_HALF_DOWN)


@builtin("abs", "n: number|months|days", "number")
def absolute(n: Value) -> Value:
    if isinstance(n, Decimal):
        return NUMBERS.abs(n)
    if isinstance(n, MonthsDuration):
        return MonthsDuration(abs(n.months))
    return DaysDuration(abs(n.seconds)) if isinstance(n, DaysDuration) else None


@builtin("modulo", "dividend: number, divisor: number", "number")
def modulo(dividend: Decimal, divisor: Decimal) -> Value:
    if divisor == 0:
        return None
    quotient = _WIDE.divide(dividend, divisor).to_integral_value(ROUND_FLOOR)
    return NUMBERS.subtract(dividend, _WIDE.multiply(divisor, quotient))


@builtin("sqrt", "number: number", "number")
def sqrt(number: Decimal) -> Value:
    return NUMBERS.sqrt(number) if number >= 0 else None


@builtin("log", "number: number", "number")
def log(number: Decimal) -> Value:
    return NUMBERS.ln(number) if number > 0 else None


@builtin("exp", "number: number", "number")
def exp(number: Decimal) -> Value:
    return NUMBERS.exp(number) if abs(number) < 15_000 else None


@builtin("odd", "number: number", "boolean")
def odd(number: Decimal) -> Value:
    return number % 2 in (1, -1)


@builtin("even", "number: number", "boolean")
def even(number: Decimal) -> Value:
    return number % 2 == 0


@builtin("number", "from: string|number", "number")
def number(from_: Value) -> Value:
    return from_ if isinstance(from_, Decimal) else _parsed(str(from_))


@builtin("number", "from: string|number, grouping separator: string~, decimal separator: string?~", "number")
def number_grouped(from_: Value, grouping: str | None, point: str | None = None) -> Value:
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", ".") or (grouping and grouping == point):
        return None
    text = str(from_)
    if grouping:
        text = text.replace(grouping, "")
    return _parsed(text.replace(point, ".") if point else text)


def _parsed(text: str) -> Value:
    plain = text.strip()
    digits = plain.lstrip("+-").replace(".", "", 1).replace("e", "E").partition("E")
    good = digits[0].isascii() and digits[0].isdigit() and len(plain) - len(plain.lstrip("+-")) <= 1
    exponent = digits[2].lstrip("+-")
    if not good or (digits[1] and not (exponent.isascii() and exponent.isdigit() and len(exponent) < 6)):
        return None
    return NUMBERS.create_decimal(plain)
