"""Kinds of a law (`soort`) as types of a DMN model, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vliegwiel.law.dmn import model as m
from vliegwiel.law.dmn.notes import Note
from vliegwiel.law.feel.printing import print_text
from vliegwiel.law.types import (
    Choice,
    Clock,
    Day,
    Days,
    Group,
    Many,
    Moment,
    Money,
    Months,
    Number,
    Text,
    Type,
    YesNo,
    kind_of,
)

_BASE: dict[type, str] = {
    YesNo: "boolean",
    Text: "string",
    Day: "date",
    Clock: "time",
    Moment: "date and time",
    Months: "years and months duration",
    Days: "days and time duration",
}


class Kinds:
    """The type definitions that a model needs, each made once. `notes` are what DMN cannot say of them."""

    def __init__(self) -> None:
        self._made: dict[Type, str] = {}
        self._taken: set[str] = set()
        self.definitions: list[m.ItemDefinition] = []
        self.notes: dict[str, Note] = {}

    def named(self, type_: Type, hint: str) -> str:
        """The reference to a type. `hint` is the name of what has it, for kinds that have no name of their own."""
        base = _BASE.get(type(type_))
        if base is not None:
            return base
        if type_ in (Number(), Money()) and isinstance(type_, Number):
            return "number"
        if type_ not in self._made:
            self._made[type_] = self._define(type_, hint)
        return self._made.get(type_, "Any")

    def _define(self, type_: Type, hint: str) -> str:
        match type_:
            case Money() | Number():
                name = self._free(re.sub(r"[^a-z0-9]+", "_", kind_of(type_)).strip("_"))
                self._put(m.ItemDefinition(name, "number", id=f"soort_{name}"), Note("soort", values=_kind(type_)))
            case Choice():
                name = self._free(f"keuze_{hint}")
                allowed = ", ".join(print_text(option) for option, _ in type_.options)
                note = Note("soort", values={"waarde": "keuze"}, sentences=dict(type_.options))
                self._put(m.ItemDefinition(name, "string", allowed=allowed, id=f"soort_{name}"), note)
            case Many():
                inner = self.named(type_.of, hint)
                name = self._free(f"lijst_{hint}")
                self._put(m.ItemDefinition(name, inner, collection=True, id=f"soort_{name}"), None)
            case Group():
                parts = [m.ItemDefinition(field, self.named(inner, f"{hint}_{field}")) for field, inner in type_.fields]
                name = self._free(f"groep_{hint}")
                self._put(m.ItemDefinition(name, components=tuple(parts), id=f"soort_{name}"), None)
            case _:
                return "Any"
        return name

    def _put(self, definition: m.ItemDefinition, note: Note | None) -> None:
        self.definitions.append(definition)
        if note is not None:
            self.notes[definition.id] = note

    def _free(self, name: str) -> str:
        made, number = name, 2
        while made in self._taken:
            made, number = f"{name}_{number}", number + 1
        self._taken.add(made)
        return made


def _kind(type_: Type) -> dict[str, str]:
    return {"waarde": kind_of(type_)}


def allowed_texts(definitions: Iterable[m.ItemDefinition]) -> dict[str, str]:
    """The allowed values of each named type, as written."""
    return {item.name: item.allowed for item in definitions if item.allowed is not None}
