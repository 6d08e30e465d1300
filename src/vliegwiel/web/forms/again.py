"""The same questions again, with what was typed and what was wrong with it: nothing a person wrote is lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from vliegwiel.base.errors import InvalidParam
from vliegwiel.casework.pages import Field


def again(
    fields: Sequence[Field], typed: Mapping[str, Sequence[str]], invalid: Sequence[InvalidParam] = ()
) -> tuple[Field, ...]:
    """The fields with the typed values, the choices as they were made, and the first sentence of each error."""
    sentences: dict[str, str] = {}
    for param in invalid:
        sentences.setdefault(param.name, param.reason)
    return tuple(_one(field, typed, sentences.get(field.key, "")) for field in fields)


def _one(field: Field, typed: Mapping[str, Sequence[str]], error: str) -> Field:
    if field.kind == "bestand" or field.key not in typed:
        return replace(field, error=error)
    values = tuple(typed[field.key])
    choices = tuple(replace(choice, chosen=choice.value in values) for choice in field.choices)
    return replace(field, values=values, choices=choices, error=error)
