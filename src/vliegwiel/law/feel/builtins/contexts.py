"""Context functions (DMN 1.5, section 10.3.4.6), `is` and `not`."""

from __future__ import annotations

from vliegwiel.law.feel.builtins.registry import builtin
from vliegwiel.law.feel.values import Value, equal, kind, negation


@builtin("not", "negand: any~", "boolean")
def not_(negand: Value) -> Value:
    single = negand[0] if isinstance(negand, list) and len(negand) == 1 else negand
    return negation(single)


@builtin("is", "value1: any?~, value2: any?~", "boolean")
def is_(a: Value = None, b: Value = None) -> Value:
    return kind(a) == kind(b) and a == b if kind(a) in ("time", "date and time") else kind(a) == kind(b) and equal(a, b)


@builtin("get value", "m: context, key: string", "Any")
def get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get entries", "m: context", "list")
def get_entries(context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context", "entries: list", "context")
def context(entries: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for entry in entries:
        if not isinstance(entry, dict) or "key" not in entry or "value" not in entry:
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in made:
            return None
        made[key] = entry["value"]
    return made


@builtin("context put", "context: context, key: string, value: any~", "context")
def context_put(context: dict[str, Value], key: str, value: Value) -> Value:
    return {**context, key: value}


@builtin("context put", "context: context, keys: list, value: any~", "context")
def context_put_deep(context: dict[str, Value], keys: list[Value], value: Value) -> Value:
    if not keys or not all(isinstance(key, str) for key in keys):
        return None
    first = str(keys[0])
    if len(keys) == 1:
        return {**context, first: value}
    below = context.get(first)
    if not isinstance(below, dict):
        return None
    changed = context_put_deep(below, keys[1:], value)
    return None if changed is None else {**context, first: changed}


@builtin("context merge", "contexts: list", "context")
def context_merge(contexts: list[Value]) -> Value:
    merged: dict[str, Value] = {}
    for one in contexts:
        if not isinstance(one, dict):
            return None
        merged.update(one)
    return merged
