"""How a dataclass reads as a group of keys in a definition file."""

from __future__ import annotations

import dataclasses
import functools
import typing
from dataclasses import dataclass
from typing import Annotated

from vliegwiel.base.sourcefile import Position
from vliegwiel.base.sourcemarks import Doc, Key


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of a dataclass, as the file sees it."""

    name: str
    key: str
    type: object
    required: bool
    doc: str


@functools.cache
def record_fields(type_: type) -> tuple[tuple[RecordField, ...], str | None]:
    """The fields of a dataclass that stand in a file, and the name of its `Position` field if it has one."""
    hints = typing.get_type_hints(type_, include_extras=True)
    fields: list[RecordField] = []
    position: str | None = None
    for item in dataclasses.fields(type_):
        hint = hints[item.name]
        if hint is Position:
            position = item.name
            continue
        rules = typing.get_args(hint)[1:] if typing.get_origin(hint) is Annotated else ()
        key = next((rule.name for rule in rules if isinstance(rule, Key)), item.name.rstrip("_"))
        doc = next((rule.text for rule in rules if isinstance(rule, Doc)), "")
        required = item.default is dataclasses.MISSING and item.default_factory is dataclasses.MISSING
        fields.append(RecordField(item.name, key, hint, required, doc))
    return tuple(fields), position
