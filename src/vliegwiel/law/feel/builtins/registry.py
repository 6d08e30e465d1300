"""How a built-in function is declared: its parameters with their kinds, checked and coerced in one place.

An argument of the wrong kind, or null where a value is needed, gives null (DMN 1.5, section 10.3.2.13). A list of one item
counts as the item and an item as a list of one (10.3.2.9.4). Unknown runs through every function.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, DecimalException
from typing import Final, TypeAlias

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.runtime import Budget, check_size
from vliegwiel.law.feel.temporal import NotTemporal
from vliegwiel.law.feel.values import FeelFunction, Unknown, Value, is_date, kind, unknown_of

Implementation: TypeAlias = Callable[..., Value]


@dataclass(frozen=True, slots=True)
class BuiltinParameter:
    """`kinds` are the FEEL types it takes; empty is any. `nullable` lets null through to the function."""

    name: str
    kinds: frozenset[str]
    optional: bool
    nullable: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function. `variadic`: the only parameter is a list, also given as loose arguments."""

    parameters: tuple[BuiltinParameter, ...]
    call: Implementation
    variadic: bool

    @property
    def required(self) -> int:
        """How many arguments are needed at least."""
        return sum(not p.optional for p in self.parameters)

    def accepts(self, count: int) -> bool:
        """Whether so many positional arguments fit."""
        return self.variadic or self.required <= count <= len(self.parameters)


@dataclass(slots=True)
class Builtin:
    """A function with all its signatures. `result` is the FEEL type of what it gives, for the checker."""

    name: str
    signatures: list[Signature]
    result: str


BUILTINS: Final[dict[str, Builtin]] = {}

_WORDS: Final = {
    "moment": "date and time",
    "months": "years and months duration",
    "days": "days and time duration",
}


def builtin(name: str, parameters: str, result: str) -> Callable[[Implementation], Implementation]:
    """Declare a signature: `"string: string, start position: number, length: number?"`.

    `|` separates kinds, `any` takes all, `?` behind a kind makes it optional, `~` lets null through; a name that starts
    with `*` is variadic.
    """

    def register(function: Implementation) -> Implementation:
        parsed = tuple(_parameter(part) for part in parameters.split(", ") if part)
        variadic = parameters.startswith("*")
        signature = Signature(parsed, function, variadic)
        known = BUILTINS.setdefault(name, Builtin(name, [], result))
        known.signatures.append(signature)
        return function

    return register


def _parameter(text: str) -> BuiltinParameter:
    name, _, kinds = text.partition(": ")
    optional, nullable = "?" in kinds, "~" in kinds
    words = kinds.replace("?", "").replace("~", "").split("|")
    allowed = frozenset() if words == ["any"] else frozenset(_WORDS.get(word, word) for word in words)
    return BuiltinParameter(name.lstrip("*"), allowed, optional, nullable)


class _Wrong(Exception):
    """An argument does not fit."""


def _coerce(value: Value, parameter: BuiltinParameter) -> Value:
    kinds = parameter.kinds
    if value is None:
        if parameter.nullable:
            return None
        raise _Wrong
    if not kinds or kind(value) in kinds:
        return value
    if "list" in kinds:
        return [value]
    if isinstance(value, list) and len(value) == 1:
        return _coerce(value[0], parameter)
    if "date and time" in kinds and kind(value) == "date":
        # A date where a moment is asked is midnight UTC.
        day = is_date(value)
        if day is not None:
            return temporal.local_midnight(day)
    raise _Wrong


def invoke(signatures: Sequence[Signature], arguments: list[Value], budget: Budget | None = None) -> Value:
    """Call the first signature whose parameters take these (positional) arguments; null when none does."""
    missing = _missing(arguments)
    if missing is not None:
        return missing
    if budget is not None:
        for argument in arguments:
            if isinstance(argument, (list, dict, str)):
                budget.weigh(argument)
    for signature in signatures:
        try:
            if signature.variadic:
                fitted: list[Value] = [_variadic(arguments)]
            else:
                fitted = [_coerce(a, p) for a, p in zip(arguments, signature.parameters, strict=False)]
            result = signature.call(*fitted)
        except _Wrong:
            continue
        except (DecimalException, NotTemporal, OverflowError):
            return None
        if isinstance(result, list):
            check_size(len(result))
            if budget is not None:
                budget.spend(len(result))
        elif isinstance(result, str) and budget is not None:
            budget.weigh(result)
        return result
    return None


def _variadic(arguments: list[Value]) -> Value:
    if not arguments:
        raise _Wrong
    if len(arguments) == 1:
        only = arguments[0]
        if only is None:
            raise _Wrong
        return only if isinstance(only, list) else [only]
    return list(arguments)


def _missing(arguments: list[Value]) -> Unknown | None:
    found: Unknown | None = None
    for argument in arguments:
        if isinstance(argument, Unknown):
            found = unknown_of(found, argument)
        elif isinstance(argument, list):
            for item in argument:
                if isinstance(item, Unknown):
                    found = unknown_of(found, item)
    return found


@functools.lru_cache(maxsize=4_096)
def select(
    name: str, count: int, named: tuple[str, ...] | None
) -> tuple[list[Signature], tuple[int | None, ...]] | None:
    """The signatures a call may mean, and for each parameter which argument fills it (None: left out).

    None when no signature fits. With named arguments there is one signature.
    """
    known = BUILTINS[name].signatures
    if named is None:
        fitting = [s for s in known if s.accepts(count)]
        return (fitting, tuple(range(count))) if fitting else None
    for signature in known:
        names = [p.name for p in signature.parameters]
        if set(named) <= set(names) and all(p.optional or p.name in named for p in signature.parameters):
            places = [named.index(p.name) if p.name in named else None for p in signature.parameters]
            while places and places[-1] is None:
                places.pop()
            return [signature], tuple(places)
    return None


def as_value(name: str) -> FeelFunction:
    """A built-in used as a value (`sort(list, f)` where f is a built-in)."""
    signatures = BUILTINS[name].signatures
    names = tuple(p.name for p in signatures[0].parameters)
    return FeelFunction(
        names, lambda arguments: invoke([s for s in signatures if s.accepts(len(arguments))], arguments)
    )


def whole(number: Value) -> int | None:
    """A number as an int if it is whole, else None."""
    if isinstance(number, Decimal) and number == number.to_integral_value():
        return int(number)
    return None
