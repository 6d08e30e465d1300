"""Decode nodes of a definition file into frozen, typed structures.

The types are the schema: dataclasses with annotations. An unknown key, a wrong type or a missing key gives a
`SourceError` with file, line, column, key path, and a Dutch message that says what is allowed; all errors of a file are
collected.

What an annotation means:

- `str`, `int`, `Decimal`, `date`, `bool` (written `ja` or `nee`), `Literal[...]`, an `Enum` (by value);
- `SourceText`: text that keeps its position; a raw `TextNode`, `ListNode`, `MapNode`, `Node`: left for later;
- `X | None`: may be left out (give it a default); `tuple[X, ...]`: a list; `Mapping[K, V]`: a map with free keys;
- a dataclass: a map with exactly its fields. A field of type `Position` is filled with where the map stands. The class
  may have `source_short: ClassVar[str]`, the field that a bare scalar or list fills (`bron: Awb` for `{naam: Awb}`);
- a union of dataclasses: chosen by `source_tag: ClassVar[str]`, the key that only that class has; a union of a
  dataclass with a scalar or a list: chosen by what stands there (put the narrow scalar types before `str`);
- a class with `from_source(cls, node, name, path)`: decodes itself, raising `Refused`.

`Annotated[T, ...]` adds `Key` (the Dutch key, default the field name), `Pattern`, `Between`, `NotEmpty` and `Doc`.
A `Refused` or `ValueError` raised in `__post_init__` becomes an error at the map.
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
import types
import typing
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from pathlib import Path
from typing import Annotated, Literal, Protocol, TypeAlias, TypeVar, cast

from vliegwiel.base.sourcefile import (
    KeyPath,
    ListNode,
    MapNode,
    Node,
    Position,
    SourceError,
    SourceFile,
    SourceInvalid,
    SourceText,
    TextNode,
    parse_source,
    read_source,
)
from vliegwiel.base.sourcemarks import Between, Mark, NotEmpty, Pattern, Refused
from vliegwiel.base.sourcerecords import RecordField, record_fields

T = TypeVar("T")


class _Rejected(Exception):
    """The error was reported; the value does not exist."""


class Decoding:
    """The state of decoding one file: its name and the errors so far."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.errors: list[SourceError] = []

    def report(self, at: Position, path: KeyPath, message: str) -> None:
        """Note an error and go on."""
        self.errors.append(SourceError(self.name, at.line, at.column, path, message))

    def rejected(self, at: Position, path: KeyPath, message: str) -> _Rejected:
        """Note an error that leaves no value; the caller raises what comes back."""
        self.report(at, path, message)
        return _Rejected()


class _Tagged(Protocol):
    source_tag: typing.ClassVar[str]


class _FromSource(Protocol):
    @classmethod
    def from_source(cls, node: Node, name: str, path: KeyPath) -> object: ...


Decoder: TypeAlias = Callable[[Node, KeyPath, Decoding], object]


def load(path: Path, type_: type[T], name: str | None = None) -> T:
    """Read and decode a file. Raises `SourceInvalid` with every error found."""
    return decode(read_source(path, name), type_)


def loads(text: str, type_: type[T], name: str = "<tekst>") -> T:
    """Read and decode a text. Raises `SourceInvalid` with every error found."""
    return decode(parse_source(text, name), type_)


def decode(source: SourceFile, type_: type[T]) -> T:
    """Decode the top node of a file that was read. Raises `SourceInvalid` with every error found."""
    return decode_node(source.root, type_, source.name)


def decode_node(node: Node, type_: type[T], name: str, path: KeyPath = ()) -> T:
    """Decode one node (`name` and `path` say where it came from). Raises `SourceInvalid` with every error found."""
    state = Decoding(name)
    try:
        value = decoder_for(cast(Hashable, type_))(node, path, state)
    except _Rejected:
        raise SourceInvalid(state.errors) from None
    if state.errors:
        raise SourceInvalid(state.errors)
    return cast(T, value)


def nearest(word: str, known: typing.Iterable[str]) -> str | None:
    """The known word that was probably meant, or None."""
    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


@functools.cache
def decoder_for(type_: Hashable) -> Decoder:
    """The decoder of an annotation. Cached: a type is looked at once."""
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin is Annotated:
        return _checked(decoder_for(arguments[0]), tuple(arguments[1:]))
    if origin in (typing.Union, types.UnionType):
        return _union(arguments)
    if origin is Literal:
        return _choice({str(a): a for a in arguments})
    if origin is tuple:
        return _list(arguments[0])
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        return _free_map(arguments[0], arguments[1])
    if isinstance(type_, typing.NewType):
        return decoder_for(type_.__supertype__)
    if isinstance(type_, type):
        if type_ in _SCALARS:
            return _scalar(*_SCALARS[type_])
        if type_ in (TextNode, ListNode, MapNode):
            return _raw(type_)
        if issubclass(type_, Enum):
            return _choice({str(member.value): member for member in type_})
        if hasattr(type_, "from_source"):
            return _self_decoding(type_)
        if dataclasses.is_dataclass(type_):
            return _Record(type_)
    raise TypeError(f"no decoder for {type_!r}")


# --- scalars ---------------------------------------------------------------------------------------------------------


def _what(node: Node) -> str:
    if isinstance(node, MapNode):
        return "een groep sleutels"
    if isinstance(node, ListNode):
        return "een lijst"
    return f"'{node.text}'" if node.text else "niets"


def _text(node: TextNode) -> str:
    if node.plain and node.text in ("", "~", "null"):
        raise ValueError
    return node.text


def _located(node: TextNode) -> SourceText:
    return SourceText(_text(node), node.inner)


def _whole(node: TextNode) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", node.text):
        raise ValueError
    return int(node.text)


def _decimal(node: TextNode) -> Decimal:
    if not re.fullmatch(r"[+-]?[0-9]{1,20}(\.[0-9]{1,14})?", node.text):
        raise ValueError
    try:
        return Decimal(node.text)
    except InvalidOperation as error:
        raise ValueError from error


def _date(node: TextNode) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.text):
        raise ValueError
    return date.fromisoformat(node.text)


def _yes_no(node: TextNode) -> bool:
    return {"ja": True, "nee": False}[node.text]


_SCALARS: dict[type, tuple[Callable[[TextNode], object], str]] = {
    str: (_text, "tekst"),
    SourceText: (_located, "tekst"),
    int: (_whole, "een geheel getal"),
    Decimal: (_decimal, "een getal met een punt voor de decimalen"),
    date: (_date, "een datum als 2026-01-31"),
    bool: (_yes_no, "'ja' of 'nee'"),
}


def _scalar(read: Callable[[TextNode], object], expected: str) -> Decoder:
    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if not isinstance(node, TextNode):
            raise state.rejected(node.at, path, f"Hier hoort {expected}. Er staat {_what(node)}.")
        try:
            return read(node)
        except (ValueError, KeyError):
            raise state.rejected(node.at, path, f"Hier hoort {expected}. Er staat {_what(node)}.") from None

    return run


def _choice(options: dict[str, object]) -> Decoder:
    allowed = ", ".join(f"'{option}'" for option in options)

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if isinstance(node, TextNode) and node.text in options:
            return options[node.text]
        meant = nearest(node.text, options) if isinstance(node, TextNode) else None
        hint = f" Bedoelt u '{meant}'?" if meant else ""
        raise state.rejected(node.at, path, f"Er staat {_what(node)}.{hint} Toegestaan: {allowed}.")

    return run


def _raw(type_: type) -> Decoder:
    expected = {TextNode: "een enkele waarde", ListNode: "een lijst", MapNode: "een groep sleutels"}[type_]

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if isinstance(node, type_):
            return node
        raise state.rejected(node.at, path, f"Hier hoort {expected}. Er staat {_what(node)}.")

    return run


def _self_decoding(type_: type) -> Decoder:
    make = cast(type[_FromSource], type_).from_source

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        try:
            return make(node, state.name, path)
        except Refused as error:
            raise state.rejected(_below(node, error.key), path, error.message) from None
        except SourceInvalid as error:
            state.errors.extend(error.errors)
            raise _Rejected from None

    return run


def _checked(inner: Decoder, rules: tuple[Mark, ...]) -> Decoder:
    checks = [rule for rule in rules if isinstance(rule, (Pattern, Between, NotEmpty))]
    if not checks:
        return inner

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        value = inner(node, path, state)
        for check in checks:
            wrong = _breach(check, value)
            if wrong:
                raise state.rejected(node.at, path, wrong)
        return value

    return run


def _breach(check: Pattern | Between | NotEmpty, value: object) -> str | None:
    if value is None:
        return None
    if isinstance(check, Pattern):
        return None if re.fullmatch(check.regex, str(value)) else f"'{value}' kan hier niet. Het moet {check.say} zijn."
    if isinstance(check, Between):
        fits = isinstance(value, (int, Decimal)) and check.low <= value <= check.high
        return None if fits else f"{value} kan hier niet. Het moet tussen {check.low} en {check.high} liggen."
    empty = value.text.strip() == "" if isinstance(value, SourceText) else not value
    return "Dit mag niet leeg zijn." if empty else None


# --- collections -----------------------------------------------------------------------------------------------------


def _list(item: object) -> Decoder:
    @functools.cache
    def one() -> Decoder:
        return decoder_for(item)

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if not isinstance(node, ListNode):
            raise state.rejected(node.at, path, f"Hier hoort een lijst (regels met -). Er staat {_what(node)}.")
        values: list[object] = []
        before = len(state.errors)
        for number, child in enumerate(node.items, 1):
            try:
                values.append(one()(child, (*path, number), state))
            except _Rejected:
                continue
        if len(state.errors) > before:
            raise _Rejected
        return tuple(values)

    return run


def _free_map(key: object, item: object) -> Decoder:
    @functools.cache
    def both() -> tuple[Decoder, Decoder]:
        return decoder_for(key), decoder_for(item)

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if not isinstance(node, MapNode):
            raise state.rejected(node.at, path, f"Hier hoort een groep sleutels. Er staat {_what(node)}.")
        keys, items = both()
        values: dict[object, object] = {}
        before = len(state.errors)
        for name, child in node.entries:
            below = (*path, name.text)
            try:
                found = keys(name, below, state)
                if found in values:
                    raise state.rejected(name.at, below, f"De sleutel '{name.text}' staat er al.")
                values[found] = items(child, below, state)
            except _Rejected:
                continue
        if len(state.errors) > before:
            raise _Rejected
        return values

    return run


# --- unions ----------------------------------------------------------------------------------------------------------


def _union(arguments: tuple[object, ...]) -> Decoder:
    options = [a for a in arguments if a is not type(None)]
    if len(options) == 1:
        return decoder_for(options[0])
    nodes = (TextNode, ListNode, MapNode)
    records = [
        o for o in options if isinstance(o, type) and dataclasses.is_dataclass(o) and not _is_text(o) and o not in nodes
    ]
    scalars = [o for o in options if _is_text(o)]
    lists = [o for o in options if typing.get_origin(o) is tuple or o is ListNode]
    maps = [o for o in options if _is_free_map(o) or o is MapNode]

    def run(node: Node, path: KeyPath, state: Decoding) -> object:
        if isinstance(node, TextNode) and scalars:
            return _first_scalar(scalars, node, path, state)
        if isinstance(node, ListNode) and lists:
            return decoder_for(lists[0])(node, path, state)
        if isinstance(node, MapNode) and records:
            return decoder_for(_tagged(records, node, path, state))(node, path, state)
        if isinstance(node, MapNode) and maps:
            return decoder_for(maps[0])(node, path, state)
        if isinstance(node, TextNode):
            short = [r for r in records if hasattr(r, "source_short")]
            if short:
                return decoder_for(short[0])(node, path, state)
        found = (("een waarde", scalars), ("een lijst", lists), ("een groep sleutels", records or maps))
        kinds = [kind for kind, some in found if some]
        raise state.rejected(node.at, path, f"Hier hoort {' of '.join(kinds)}. Er staat {_what(node)}.")

    return run


def _is_free_map(option: object) -> bool:
    origin = typing.get_origin(option)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _is_text(option: object) -> bool:
    if typing.get_origin(option) is Annotated:
        return _is_text(typing.get_args(option)[0])
    if typing.get_origin(option) is Literal:
        return True
    return isinstance(option, type) and (option in _SCALARS or option is TextNode or issubclass(option, Enum))


def _first_scalar(options: list[object], node: TextNode, path: KeyPath, state: Decoding) -> object:
    """The first type that takes the text: list the narrow types before `str`."""
    failed: list[SourceError] = []
    for option in options:
        attempt = Decoding(state.name)
        try:
            return decoder_for(option)(node, path, attempt)
        except _Rejected:
            failed = failed or attempt.errors
    state.errors.extend(failed)
    raise _Rejected


def _tagged(records: list[type], node: MapNode, path: KeyPath, state: Decoding) -> type:
    if len(records) == 1:
        return records[0]
    tags = {cast(type[_Tagged], record).source_tag: record for record in records}
    present = [tag for tag in tags if node.get(tag) is not None]
    if len(present) == 1:
        return tags[present[0]]
    names = ", ".join(f"'{tag}'" for tag in tags)
    if present:
        raise state.rejected(node.at, path, f"Hier mag maar één van deze sleutels staan: {names}.")
    meant = next((m for key, _ in node.entries if (m := nearest(key.text, tags))), None)
    hint = f" Bedoelt u '{meant}'?" if meant else ""
    raise state.rejected(node.at, path, f"Hier mist een van deze sleutels: {names}.{hint}")


# --- records ---------------------------------------------------------------------------------------------------------


class _Record:
    """Decodes a map into a dataclass."""

    def __init__(self, type_: type) -> None:
        self.type = type_
        self.short: str | None = getattr(type_, "source_short", None)

    @functools.cached_property
    def plan(self) -> tuple[dict[str, tuple[RecordField, Decoder]], str | None]:
        fields, position = record_fields(self.type)
        return {f.key: (f, decoder_for(f.type)) for f in fields}, position

    def __call__(self, node: Node, path: KeyPath, state: Decoding) -> object:
        plan, position = self.plan
        if self.short is not None and not isinstance(node, MapNode):
            node = MapNode(((TextNode(self.short, True, node.at, node.at), node),), node.at)
        if not isinstance(node, MapNode):
            raise state.rejected(
                node.at, path, f"Hier hoort een groep sleutels ({', '.join(plan)}). Er staat {_what(node)}."
            )
        values = self.values(node, path, state, plan)
        if position is not None:
            values[position] = node.at
        try:
            return self.type(**values)
        except Refused as error:
            below = path if error.key is None else (*path, error.key)
            raise state.rejected(_below(node, error.key), below, error.message) from None
        except ValueError as error:
            raise state.rejected(node.at, path, str(error)) from None

    def values(
        self, node: MapNode, path: KeyPath, state: Decoding, plan: dict[str, tuple[RecordField, Decoder]]
    ) -> dict[str, object]:
        values: dict[str, object] = {}
        before = len(state.errors)
        seen: set[str] = set()
        for name, child in node.entries:
            below = (*path, name.text)
            if name.text not in plan:
                state.report(name.at, below, _unknown(name.text, plan))
                continue
            seen.add(name.text)
            field, decoder = plan[name.text]
            try:
                values[field.name] = decoder(child, below, state)
            except _Rejected:
                continue
        for key, (field, _) in plan.items():
            if field.required and key not in seen:
                state.report(node.at, path, f"Hier mist de sleutel '{key}'.")
        if len(state.errors) > before:
            raise _Rejected
        return values


def _unknown(key: str, known: typing.Iterable[str]) -> str:
    meant = nearest(key, known)
    hint = f" Bedoelt u '{meant}'?" if meant else ""
    return f"De sleutel '{key}' bestaat hier niet.{hint} Toegestaan: {', '.join(known)}."


def _below(node: Node, key: str | None) -> Position:
    child = node.get(key) if isinstance(node, MapNode) and key else None
    return child.at if child else node.at
