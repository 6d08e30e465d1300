"""Which values belong to a FEEL type: `instance of`, and typed parameters (DMN 1.5, sections 10.3.2.9 and 10.3.2.13)."""

from __future__ import annotations

from vliegwiel.law.feel.tree import TypeRef
from vliegwiel.law.feel.values import FeelFunction, Range, Unknown, Value, kind


def matches_type(value: Value, wanted: TypeRef) -> bool:
    """Whether a value is an instance of a type. Null is an instance of `Null` only."""
    name = wanted.name
    if name == "Any":
        return value is not None
    if value is None:
        return name == "Null"
    if name == "list":
        if not isinstance(value, list):
            return False
        return not wanted.arguments or all(_inside(item, wanted.arguments[0]) for item in value)
    if name == "range":
        if not isinstance(value, Range):
            return False
        ends = [end for end in (value.low, value.high) if end is not None]
        return not wanted.arguments or all(matches_type(end, wanted.arguments[0]) for end in ends)
    if name == "context":
        if not isinstance(value, dict):
            return False
        return all(key in value and _inside(value[key], inner) for key, inner in wanted.fields)
    if name == "function":
        if not isinstance(value, FeelFunction):
            return False
        return not wanted.arguments or len(wanted.arguments) == len(value.parameters)
    return kind(value) == name


def _inside(value: Value, wanted: TypeRef) -> bool:
    return value is None or matches_type(value, wanted)


def conforms(value: Value, wanted: TypeRef) -> Value:
    """The value as a parameter of this type takes it: coerced from or to a list of one, or null when it does not fit."""
    if value is None or isinstance(value, Unknown) or wanted.name == "Any" or matches_type(value, wanted):
        return value
    if isinstance(value, list) and len(value) == 1 and matches_type(value[0], wanted):
        return value[0]
    if wanted.name == "list" and matches_type([value], wanted):
        return [value]
    return None
