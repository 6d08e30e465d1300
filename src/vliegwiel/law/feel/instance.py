"""Which values belong to a FEEL type: `instance of`, and typed parameters (DMN 1.5, sections 10.3.2.9 and 10.3.2.13)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from vliegwiel.law.feel import tree
from vliegwiel.law.feel.scope import NamedType
from vliegwiel.law.feel.tree import TypeRef
from vliegwiel.law.feel.values import FeelFunction, Range, Unknown, Value, kind

Known: TypeAlias = Callable[[str], NamedType | None]


def _none(name: str) -> NamedType | None:
    return None


def matches_type(value: Value, wanted: TypeRef, known: Known = _none) -> bool:
    """Whether a value is an instance of a type. Null is an instance of `Null` only. `known` are the types of a model."""
    name = wanted.name
    if name == "Any":
        return value is not None
    if value is None:
        return name == "Null"
    if name == "list":
        if not isinstance(value, list):
            return False
        return not wanted.arguments or all(_inside(item, wanted.arguments[0], known) for item in value)
    if name == "range":
        if not isinstance(value, Range):
            return False
        ends = [end for end in (value.low, value.high) if end is not None]
        return not wanted.arguments or all(matches_type(end, wanted.arguments[0], known) for end in ends)
    if name == "context":
        if not isinstance(value, dict):
            return False
        return all(key in value and _inside(value[key], inner, known) for key, inner in wanted.fields)
    if name == "function":
        return isinstance(value, FeelFunction) and _is_function(value, wanted)
    own = known(name)
    return kind(value) == name if own is None else own.holds(value)


def _inside(value: Value, wanted: TypeRef, known: Known) -> bool:
    return value is None or matches_type(value, wanted, known)


def _is_function(value: FeelFunction, wanted: TypeRef) -> bool:
    """A function takes at least what is asked (contravariant) and gives at most what is asked (covariant)."""
    if wanted.result is None:
        return not wanted.arguments or len(wanted.arguments) == len(value.parameters)
    if len(wanted.arguments) != len(value.parameters):
        return False
    own = value.types or (None,) * len(wanted.arguments)
    taken = zip(wanted.arguments, own, strict=False)
    if not all(conforms_to(asked, known) for asked, known in taken if isinstance(known, TypeRef)):
        return False
    return not isinstance(value.result, TypeRef) or conforms_to(value.result, wanted.result)


def conforms_to(narrow: TypeRef, wide: TypeRef) -> bool:
    """Whether every value of one type is one of another (DMN 1.5, section 10.3.2.9.2)."""
    if wide.name == "Any" or narrow.name == "Null":
        return True
    if narrow.name != wide.name:
        return False
    if wide.name == "context":
        has = dict(narrow.fields)
        return all(name in has and conforms_to(has[name], inner) for name, inner in wide.fields)
    if wide.name == "function" and wide.result is not None and narrow.result is not None:
        takes = len(narrow.arguments) == len(wide.arguments) and all(
            conforms_to(b, a) for a, b in zip(narrow.arguments, wide.arguments, strict=True)
        )
        return takes and conforms_to(narrow.result, wide.result)
    pairs = zip(narrow.arguments, wide.arguments, strict=False)
    return len(narrow.arguments) >= len(wide.arguments) and all(conforms_to(a, b) for a, b in pairs)


def type_of_literal(node: tree.Node) -> TypeRef | None:
    """The type of an expression that shows what it gives; None for all others."""
    match node:
        case tree.String():
            return TypeRef("string")
        case tree.Number():
            return TypeRef("number")
        case tree.Boolean():
            return TypeRef("boolean")
        case tree.Null():
            return TypeRef("Null")
        case tree.ContextLiteral():
            fields = tuple((name, type_of_literal(value) or TypeRef("Any")) for name, value in node.entries)
            return TypeRef("context", fields=fields)
        case _:
            return None


def conforms(value: Value, wanted: TypeRef, known: Known = _none) -> Value:
    """The value as a parameter of this type takes it: coerced from or to a list of one, or null when it does not fit."""
    if value is None or isinstance(value, Unknown) or wanted.name == "Any":
        return value
    own = known(wanted.name)
    if own is not None:
        return own.fit(value)
    if matches_type(value, wanted, known):
        return value
    if isinstance(value, list) and len(value) == 1 and matches_type(value[0], wanted, known):
        return value[0]
    if wanted.name == "list" and matches_type([value], wanted, known):
        return [value]
    return None
