"""One JSON form of a definition, and its hash.

The form has the keys of the definition files, so that what is stored reads like what was written. A field that holds its
default is left out: a new optional field in a later version of the platform changes no hash. Maps are sorted; the order of
keyed lists is kept, because it means something.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Hashable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, cast

import msgspec

from vliegwiel.base.sourcedecode import decode_node
from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, SourceText, TextNode, parse_source
from vliegwiel.base.sourcerecords import RecordField, record_fields

from .model import Resolved, Span

Json: TypeAlias = "bool | int | str | list[Json] | dict[str, Json] | None"

_HASHED_KEY = "hash"
_ENCODER = msgspec.json.Encoder(order="sorted")


def to_json(definition: Resolved) -> dict[str, Json]:
    """The definition as JSON data, its hash included. Same definition, same data."""
    return cast(dict[str, Json], plain(definition))


def from_json(data: Mapping[str, Json]) -> Resolved:
    """Read what `to_json` wrote. Raises `SourceInvalid` on anything else."""
    return decode_node(as_node(dict(data)), Resolved, "opgeslagen definitie")


def hash_of(definition: Resolved) -> str:
    """SHA-256 (hex) of the canonical JSON of all fields but the hash."""
    data = to_json(definition)
    data.pop(_HASHED_KEY, None)
    return hashlib.sha256(_ENCODER.encode(data)).hexdigest()


def sealed(definition: Resolved) -> Resolved:
    """The definition with its hash filled in."""
    return dataclasses.replace(definition, hash=hash_of(definition))


def text_hash(text: str, name: str = "definitie") -> str:
    """The address of a definition as written: SHA-256 (hex) of its canonical JSON. Layout and comments do not count.

    Raises `SourceInvalid` for text that is no definition file; `name` is what its messages call it.
    """
    return node_hash(parse_source(text, name).root)


def node_hash(node: Node) -> str:
    """SHA-256 (hex) of the canonical JSON of nodes."""
    return hashlib.sha256(_ENCODER.encode(_plain_node(node))).hexdigest()


def plain(value: object) -> Json:
    """A value of the model as JSON data. Raises `TypeError` for what the model cannot hold."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, (str, SourceText, Span, Decimal)):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (TextNode, ListNode, MapNode)):
        return _plain_node(value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {key: plain(item) for key, item in _told(value)}
    raise TypeError(f"a definition cannot hold {type(value).__name__}")


def _told(record: object) -> list[tuple[str, object]]:
    found = []
    for part, default in _parts(cast(Hashable, type(record))):
        value = getattr(record, part.name)
        if part.required or value != default:
            found.append((part.key, value))
    return found


@functools.cache
def _parts(type_: Hashable) -> tuple[tuple[RecordField, object], ...]:
    record = cast(type, type_)
    defaults: dict[str, object] = {}
    for item in dataclasses.fields(record):
        if item.default is not dataclasses.MISSING:
            defaults[item.name] = item.default
        elif item.default_factory is not dataclasses.MISSING:
            defaults[item.name] = item.default_factory()
    return tuple((part, defaults.get(part.name)) for part in record_fields(record)[0])


def _plain_node(node: Node) -> Json:
    if isinstance(node, MapNode):
        return {key.text: _plain_node(value) for key, value in node.entries}
    if isinstance(node, ListNode):
        return [_plain_node(item) for item in node.items]
    return None if node.plain and node.text in ("", "~", "null") else node.text


def as_node(data: Json) -> Node:
    """JSON data as nodes without a place, so that one decoder serves files and the database alike."""
    if isinstance(data, dict):
        return MapNode(tuple((_text(key), as_node(value)) for key, value in data.items()), NOWHERE)
    if isinstance(data, list):
        return ListNode(tuple(as_node(item) for item in data), NOWHERE)
    if isinstance(data, bool):
        return _text("ja" if data else "nee")
    if data is None:
        return TextNode("null", True, NOWHERE, NOWHERE)
    return _text(str(data))


def _text(text: str) -> TextNode:
    # What YAML would read as nothing was quoted in the file.
    return TextNode(text, text not in ("", "~", "null"), NOWHERE, NOWHERE)
