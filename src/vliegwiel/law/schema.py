"""The form of law and ordinance files as JSON Schema, for editors: made from the types that read the files, so never another.

YAML has its own idea of values (version 1.2, core schema): `12.50` is a number for it and text for our reader, `ja` and
`2026-01-01` are text for both. So wherever the reader takes text, the schema takes numbers too. What only the reader can see
(does a name exist, does a formula fit its kind, does an article stand in the list) is left to `vliegwiel law check`.
"""

from __future__ import annotations

import dataclasses
import json
import re
import types
import typing
from collections.abc import Mapping
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Final, TypeAlias

from vliegwiel.base.sourcefile import ListNode, MapNode, SourceText, TextNode
from vliegwiel.base.sourcemarks import NotEmpty, Pattern
from vliegwiel.base.sourcerecords import RecordField, record_fields
from vliegwiel.law.lawfile import LawSpec, OrdinanceSpec
from vliegwiel.law.types import KINDS

Schema: TypeAlias = dict[str, object]

PUBLISHED: Final = Path(__file__).parent / "wetformaat.schema.json"
_SCALARS: Final = ["string", "number", "boolean"]
_NODES: Final = frozenset((TextNode, ListNode, MapNode))


def schema_text() -> str:
    """The schema as it is published: the same text every time."""
    return json.dumps(law_schema(), ensure_ascii=False, indent=1) + "\n"


def law_schema() -> Schema:
    """The JSON Schema (draft 7, which every editor knows) of a law file or ordinance file."""
    made = _Maker()
    law, ordinance = made.record(LawSpec), made.record(OrdinanceSpec)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:vliegwiel:schema:wetformaat",
        "title": "Wet of verordening",
        "description": "Het wetformaat van Vliegwiel. Wat hier niet staat, mag niet. Zie docs/wetformaat.md.",
        "type": "object",
        "if": {"required": ["wet"]},
        "then": law,
        "else": ordinance,
        "definitions": dict(sorted(made.definitions.items())),
    }


class _Maker:
    """Makes the schema of an annotation, the way `vliegwiel.base.sourcedecode` makes its decoder."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def of(self, type_: object, marks: tuple[object, ...] = ()) -> Schema:
        """The schema of an annotation."""
        origin, arguments = typing.get_origin(type_), typing.get_args(type_)
        if origin is Annotated:
            return self.of(arguments[0], (*arguments[1:], *marks))
        if origin in (typing.Union, types.UnionType):
            return self.union(arguments, marks)
        if origin is tuple:
            return _marked({"type": "array", "items": self.of(arguments[0])}, marks, "minItems")
        if isinstance(origin, type) and issubclass(origin, Mapping):
            key = self.of(arguments[0])
            names = {name: key[name] for name in ("pattern", "minLength") if name in key}
            found: Schema = {"type": "object", "additionalProperties": self.of(arguments[1])}
            return _marked({**found, "propertyNames": names} if names else found, marks, "minProperties")
        if isinstance(type_, type):
            return self.plain(type_, marks)
        raise TypeError(f"no schema for {type_!r}")

    def plain(self, type_: type, marks: tuple[object, ...]) -> Schema:
        """The schema of a type that stands on its own."""
        if type_ is bool:
            return {"enum": ["ja", "nee"]}
        if type_ is date:
            return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
        if type_ in (str, SourceText):
            return _text(marks, spaces_count=type_ is str)
        if type_ is TextNode:
            return {"type": [*_SCALARS, "null"]}
        if type_ is ListNode:
            return {"type": "array"}
        if type_ is MapNode:
            return {"type": "object"}
        if issubclass(type_, Enum):
            return {"enum": [str(member.value) for member in type_]}
        if dataclasses.is_dataclass(type_):
            return self.record(type_)
        raise TypeError(f"no schema for {type_!r}")

    def union(self, arguments: tuple[object, ...], marks: tuple[object, ...]) -> Schema:
        """One of several; `None` only says that the key may be left out."""
        options = [option for option in arguments if option is not type(None)]
        if set(options) >= _NODES:
            return {}
        if len(options) == 1:
            return self.of(options[0], marks)
        if TextNode in options:
            options = [option for option in options if option not in (str, SourceText)]
        made = [self.of(option, marks) for option in options]
        return made[0] if len(made) == 1 else {"anyOf": made}

    def record(self, type_: type) -> Schema:
        """A reference to the schema of a group of keys."""
        name = type_.__name__.removesuffix("Spec")
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name] = self.group(type_)
        return {"$ref": f"#/definitions/{name}"}

    def group(self, type_: type) -> Schema:
        """The schema of a group of keys, and of the short way to write it."""
        fields, _ = record_fields(type_)
        found: Schema = {
            "type": "object",
            "properties": {field.key: self.field(field) for field in fields},
            "required": [field.key for field in fields if field.required],
            "additionalProperties": False,
        }
        one_of: tuple[str, ...] = getattr(type_, "source_one_of", ())
        if one_of:
            found["oneOf"] = [{"required": [key]} for key in one_of]
        any_of: tuple[str, ...] = getattr(type_, "source_any_of", ())
        if any_of:
            found["anyOf"] = [{"required": [key]} for key in any_of]
        short: str | None = getattr(type_, "source_short", None)
        if short is None:
            return found
        brief = next(self.field(field) for field in fields if field.key == short)
        return {"anyOf": [found, {"allOf": [brief, {"not": {"type": "object"}}]}]}

    def field(self, field: RecordField) -> Schema:
        """The schema of one key, with what it means."""
        made = _kinds() if field.key == "soort" and _holds_text(field.type) else self.of(field.type)
        if "$ref" in made:
            made = {"allOf": [made]}
        return {"description": field.doc, **made} if field.doc else made


def _kinds() -> Schema:
    """What `soort` may be: the kinds, or a number with a unit of its own."""
    named = [kind for kind in KINDS if "EENHEID" not in kind]
    return {"type": "string", "anyOf": [{"enum": named}, {"pattern": "^getal in [^ ]+$"}]}


def _holds_text(type_: object) -> bool:
    return type_ is SourceText or (typing.get_origin(type_) is Annotated and typing.get_args(type_)[0] is SourceText)


def _text(marks: tuple[object, ...], *, spaces_count: bool) -> Schema:
    """Text, with what it must look like. Numbers and truth values are text for the reader, where they look right."""
    pattern = next((mark.regex for mark in marks if isinstance(mark, Pattern)), None)
    found: Schema = {"type": _SCALARS}
    if pattern is not None:
        kinds = [kind for kind, sample in (("number", "12"), ("boolean", "true")) if re.fullmatch(pattern, sample)]
        found = {"type": ["string", *kinds] if kinds else "string", "pattern": f"^(?:{pattern})$"}
    if any(isinstance(mark, NotEmpty) for mark in marks):
        if spaces_count:
            found["minLength"] = 1
        elif pattern is None:
            found["pattern"] = r"\S"
    return found


def _marked(found: Schema, marks: tuple[object, ...], least: str) -> Schema:
    return {**found, least: 1} if any(isinstance(mark, NotEmpty) for mark in marks) else found
