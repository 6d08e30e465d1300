"""Calls of built-in functions: what they give, and whether the arguments can be what they take, found before anything runs.

FEEL gives null for an argument of the wrong kind (DMN 1.5, section 10.3.2.13). In a law that would be a silent mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from vliegwiel.law.feel.builtins import BUILTINS, select
from vliegwiel.law.feel.builtins.registry import BuiltinParameter
from vliegwiel.law.types import (
    Anything,
    Choice,
    Clock,
    Closure,
    Day,
    Days,
    Group,
    Interval,
    Many,
    Moment,
    Money,
    Months,
    Number,
    Text,
    Type,
    YesNo,
)

RESULTS: Final[Mapping[str, Type]] = {
    "number": Number(),
    "string": Text(),
    "boolean": YesNo(),
    "date": Day(),
    "time": Clock(),
    "date and time": Moment(),
    "years and months duration": Months(),
    "days and time duration": Days(),
    "list": Many(Anything()),
}
UNITS: Final[Mapping[str, str]] = {
    "hele_jaren": "jaar",
    "hele_maanden": "maand",
    "dagen_tussen": "dag",
    "werkdagen_tussen": "werkdag",
}
COUNTS: Final[Mapping[str, str]] = {"jaren": "jaar", "maanden": "maand", "weken": "week", "dagen": "dag"}
TO_MULTIPLE: Final = frozenset(("afronden_op", "afronden_omlaag", "afronden_omhoog"))
KEEPS_FIRST: Final = frozenset(
    ("afronden", "decimal", "floor", "ceiling", "round up", "round down", "round half up", "round half down", "abs")
)

_KINDS: Final[dict[type, str]] = {
    YesNo: "boolean",
    Money: "number",
    Number: "number",
    Text: "string",
    Choice: "string",
    Day: "date",
    Clock: "time",
    Moment: "date and time",
    Months: "years and months duration",
    Days: "days and time duration",
    Many: "list",
    Group: "context",
    Interval: "range",
    Closure: "function",
}
_IN_DUTCH: Final = {
    "boolean": "ja of nee",
    "number": "een getal of bedrag",
    "string": "tekst of een keuze",
    "date": "een datum",
    "time": "een tijd",
    "date and time": "een tijdstip",
    "years and months duration": "een duur in maanden",
    "days and time duration": "een duur in dagen",
    "list": "een lijst",
    "context": "een groep",
    "range": "een bereik",
    "function": "een functie",
}


def call_forms(name: str) -> str:
    """How a built-in may be called, for messages: `hele_jaren(van, tot)`."""
    ways = (f"({', '.join(p.name for p in s.parameters)})" for s in BUILTINS[name].signatures[:3])
    return f"'{name}' wordt zo aangeroepen: {name}{' of '.join(ways)}."


def misfit(name: str, found: Sequence[Type], named: tuple[str, ...] | None) -> tuple[int, str] | None:
    """The first argument that no signature takes, with what belongs there in Dutch; None when all may fit."""
    chosen = select(name, len(found), named)
    if chosen is None:
        return None
    signatures, places = chosen
    order = [place for place in places if place is not None]
    first: tuple[int, str] | None = None
    for signature in signatures:
        if signature.variadic:
            return None
        parameters = [p for p, place in zip(signature.parameters, places, strict=False) if place is not None]
        wrong = next((n for n, p in enumerate(parameters) if not _takes(p, found[order[n]])), None)
        if wrong is None:
            return None
        if first is None or order[wrong] >= first[0]:
            kinds = sorted(_IN_DUTCH.get(kind, kind) for kind in parameters[wrong].kinds)
            first = (order[wrong], " of ".join(kinds))
    return first


def _takes(parameter: BuiltinParameter, type_: Type) -> bool:
    kind = _KINDS.get(type(type_))
    if kind is None or not parameter.kinds or kind in parameter.kinds or "list" in parameter.kinds:
        return True
    return kind == "date" and "date and time" in parameter.kinds
