"""Functions on ranges and points (DMN 1.5, section 10.3.4.9, Allen's interval algebra)."""

from __future__ import annotations

from typing import Final

from vliegwiel.law.feel import temporal, tree
from vliegwiel.law.feel.builtins.registry import BUILTINS, builtin, invoke
from vliegwiel.law.feel.errors import FeelError
from vliegwiel.law.feel.parser import parse_expression
from vliegwiel.law.feel.values import Range, Value, both, either, equal, kind, less, less_or_equal, within


def _span(value: Value) -> Range:
    return value if isinstance(value, Range) else Range(value, value, True, True)


def _flag(value: bool) -> Value:
    return value


def _ends_before(a: Range, b: Range) -> Value:
    """Whether a ends before b begins."""
    touching = _flag(not a.high_closed or not b.low_closed)
    return either(less(a.high, b.low), both(touching, equal(a.high, b.low)))


@builtin("before", "a: any, b: any", "boolean")
def before(a: Value, b: Value) -> Value:
    return _ends_before(_span(a), _span(b))


@builtin("after", "a: any, b: any", "boolean")
def after(a: Value, b: Value) -> Value:
    return _ends_before(_span(b), _span(a))


@builtin("meets", "range1: range, range2: range", "boolean")
def meets(a: Range, b: Range) -> Value:
    return both(_flag(a.high_closed and b.low_closed), equal(a.high, b.low))


@builtin("met by", "range1: range, range2: range", "boolean")
def met_by(a: Range, b: Range) -> Value:
    return meets(b, a)


def _reaches(a: Range, b: Range) -> Value:
    """Whether a ends at or after the point where b begins."""
    closed = _flag(a.high_closed and b.low_closed)
    return either(less(b.low, a.high), both(closed, equal(a.high, b.low)))


@builtin("overlaps", "range1: range, range2: range", "boolean")
def overlaps(a: Range, b: Range) -> Value:
    return both(_reaches(a, b), _reaches(b, a))


@builtin("overlaps before", "range1: range, range2: range", "boolean")
def overlaps_before(a: Range, b: Range) -> Value:
    starts_first = either(less(a.low, b.low), both(_flag(a.low_closed and not b.low_closed), equal(a.low, b.low)))
    ends_first = either(less(a.high, b.high), both(_flag(not a.high_closed or b.high_closed), equal(a.high, b.high)))
    return both(both(starts_first, _reaches(a, b)), ends_first)


@builtin("overlaps after", "range1: range, range2: range", "boolean")
def overlaps_after(a: Range, b: Range) -> Value:
    starts_last = either(less(b.low, a.low), both(_flag(b.low_closed and not a.low_closed), equal(a.low, b.low)))
    ends_last = either(less(b.high, a.high), both(_flag(not b.high_closed or a.high_closed), equal(a.high, b.high)))
    return both(both(starts_last, _reaches(b, a)), ends_last)


@builtin("finishes", "a: any, b: range", "boolean")
def finishes(a: Value, b: Range) -> Value:
    if not isinstance(a, Range):
        return both(_flag(b.high_closed), equal(a, b.high))
    inside = either(less(b.low, a.low), both(_flag(b.low_closed or not a.low_closed), equal(a.low, b.low)))
    return both(both(_flag(a.high_closed == b.high_closed), equal(a.high, b.high)), inside)


@builtin("finished by", "a: range, b: any", "boolean")
def finished_by(a: Range, b: Value) -> Value:
    return finishes(b, a)


@builtin("starts", "a: any, b: range", "boolean")
def starts(a: Value, b: Range) -> Value:
    if not isinstance(a, Range):
        return both(_flag(b.low_closed), equal(a, b.low))
    inside = either(less(a.high, b.high), both(_flag(b.high_closed or not a.high_closed), equal(a.high, b.high)))
    return both(both(_flag(a.low_closed == b.low_closed), equal(a.low, b.low)), inside)


@builtin("started by", "a: range, b: any", "boolean")
def started_by(a: Range, b: Value) -> Value:
    return starts(b, a)


@builtin("includes", "a: range, b: any", "boolean")
def includes(a: Range, b: Value) -> Value:
    if not isinstance(b, Range):
        return within(b, a)
    low = either(less(a.low, b.low), both(_flag(a.low_closed or not b.low_closed), equal(a.low, b.low)))
    high = either(less(b.high, a.high), both(_flag(a.high_closed or not b.high_closed), equal(a.high, b.high)))
    return both(low, high)


@builtin("during", "a: any, b: range", "boolean")
def during(a: Value, b: Range) -> Value:
    return includes(b, a)


@builtin("coincides", "a: any, b: any", "boolean")
def coincides(a: Value, b: Value) -> Value:
    return equal(a, b)


def bounds_fit(interval: Range) -> Value:
    """Whether the ends of a range can be ordered and stand in order."""
    if interval.low is None or interval.high is None:
        return True
    return less_or_equal(interval.low, interval.high)


@builtin("range", "from: string", "range")
def range_(text: str) -> Value:
    """A range from its text. Ends are literals, or calls of the conversion functions with texts (10.3.4.1)."""
    try:
        node = parse_expression(text.strip())
    except FeelError:
        return None
    if not isinstance(node, tree.RangeLiteral):
        return None
    low, high = _end(node.low), _end(node.high)
    made = Range(low, high, node.low_closed, node.high_closed)
    if kind(low) != kind(high) or low is None or bounds_fit(made) is not True:
        return None
    return made


_CONVERSIONS: Final = ("date", "time", "date and time", "duration")


def _end(node: tree.Node | None) -> Value:
    """The value of an end that is written out."""
    if isinstance(node, (tree.Number, tree.String)):
        return node.value
    if isinstance(node, tree.Negate) and isinstance(node.operand, tree.Number):
        return -node.operand.value
    if isinstance(node, tree.Temporal):
        return _temporal(node.text)
    if isinstance(node, tree.Call) and isinstance(node.function, tree.Name) and node.function.name in _CONVERSIONS:
        arguments = [_end(argument) for argument in node.arguments]
        return invoke(BUILTINS[node.function.name].signatures, arguments) if None not in arguments else None
    return None


def _temporal(text: str) -> Value:
    try:
        return temporal.parse_temporal(text)
    except temporal.NotTemporal:
        return None
