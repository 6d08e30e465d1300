"""Read definition files (YAML) into nodes that still know where they stood.

A definition is written by people and shared between strangers, so the reader is strict: no anchors or aliases (so
no alias bombs), no tags, no duplicate keys, no tabs, one document a file, limits on size, depth and number of nodes.
Scalars stay text here: what `nee`, `4:13` or `2026-01-01` means is decided by the type it is decoded into
(`vliegwiel.base.sourcedecode`), never by a guess of YAML. So only the syntax events of libyaml are used, which is also
what makes a hundred laws load in a second.

No Django, no network. The only I/O is reading the file that is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import yaml

from vliegwiel.base.errors import Invalid, InvalidParam

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_NODES = 100_000

KeyPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Where something stands in its file. Both count from 1."""

    line: int
    column: int


NOWHERE = Position(0, 0)


@dataclass(frozen=True, slots=True)
class TextNode:
    """A scalar. `plain` is false for quoted and block text; `inner` is where its first character stands."""

    text: str
    plain: bool
    at: Position
    inner: Position


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence."""

    items: tuple[Node, ...]
    at: Position


@dataclass(frozen=True, slots=True)
class MapNode:
    """A mapping, keys in the order of the file; keys are unique."""

    entries: tuple[tuple[TextNode, Node], ...]
    at: Position

    def get(self, key: str) -> Node | None:
        """The value under `key`, or None."""
        return next((value for name, value in self.entries if name.text == key), None)


Node: TypeAlias = TextNode | ListNode | MapNode


@dataclass(frozen=True, slots=True)
class SourceText:
    """Text that is parsed later (an expression, a template) and must then be able to say where it went wrong."""

    text: str
    at: Position = field(default=NOWHERE, compare=False)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, order=True)
class SourceError:
    """One thing that is wrong in a file. `message` is Dutch: what is wrong, what is allowed."""

    file: str
    line: int
    column: int
    path: KeyPath
    message: str

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        return f"{self.file}:{self.line}:{self.column}: {where + ': ' if where else ''}{self.message}"


class SourceInvalid(Invalid):
    """A file does not follow the format. `errors` holds everything found, in the order of the file."""

    code, title = "invalid_source", "Dit definitiebestand klopt niet"

    def __init__(self, errors: Sequence[SourceError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda e: (e.file, e.line, e.column)))
        super().__init__(
            "\n".join(str(error) for error in self.errors),
            invalid=[InvalidParam(".".join(str(p) for p in e.path), "source", str(e)) for e in self.errors],
        )


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that was read: its name (for messages) and its top node."""

    name: str
    root: Node


def read_source(path: Path, name: str | None = None) -> SourceFile:
    """Read one file. `name` is what messages call it (default: the path as given). Raises `SourceInvalid`."""
    shown = name or str(path)
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        message = f"Het bestand is niet te lezen: {error.strerror}."
        raise SourceInvalid([SourceError(shown, 1, 1, (), message)]) from error
    if size > MAX_BYTES:
        raise SourceInvalid([_too_big(shown)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SourceInvalid([SourceError(shown, line, 1, (), "Het bestand is geen UTF-8-tekst.")]) from error
    return parse_source(text, shown)


def parse_source(text: str, name: str) -> SourceFile:
    """Read a definition from text. `name` is what messages call it. Raises `SourceInvalid` with all that is wrong."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise SourceInvalid([_too_big(name)])
    composer = _Composer(text, name)
    root = composer.document()
    if composer.errors:
        raise SourceInvalid(composer.errors)
    return SourceFile(name, root)


def _too_big(name: str) -> SourceError:
    return SourceError(name, 1, 1, (), f"Het bestand is te groot. Het mag hoogstens {MAX_BYTES // 1000} kB zijn.")


_REASONS = (
    ("cannot start any token", "Hier staat een teken dat op deze plaats niet mag (een tab, of een los @, ` of %)."),
    ("did not find expected key", "Hier klopt het inspringen niet, of er mist een sleutel met een dubbele punt."),
    ("mapping values are not allowed", "Hier staat een dubbele punt die niet mag. Zet tekst tussen aanhalingstekens."),
    ("block sequence entries are not allowed", "Hier mag geen streepje staan. Let op het inspringen."),
    ("could not find expected ':'", "Hier mist een dubbele punt na de sleutel."),
    ("found unexpected end of stream", "De tekst houdt op terwijl er nog een aanhalingsteken of haakje open staat."),
    ("did not find expected '-' indicator", "Hier hoort een streepje, of het inspringen klopt niet."),
    ("control characters are not allowed", "Er staat een onzichtbaar stuurteken in de tekst."),
    ("did not find expected ',' or", "Hier mist een komma of een sluithaakje."),
)


def _reason(error: yaml.MarkedYAMLError) -> str:
    problem = str(error.problem or error.context or "")
    return next((dutch for english, dutch in _REASONS if english in problem), f"Dit is geen geldige YAML ({problem}).")


class _Stop(Exception):
    """Reading on makes no sense; the errors say why."""


class _Composer:
    """Events to nodes. Own code rather than a loader, to keep positions and refuse what strangers send."""

    def __init__(self, text: str, name: str) -> None:
        self.lines = text.splitlines()
        self.text = text
        self.name = name
        self.errors: list[SourceError] = []
        self.nodes = 0

    def refuse(self, at: Position, path: KeyPath, message: str) -> None:
        self.errors.append(SourceError(self.name, at.line, at.column, path, message))

    def document(self) -> Node:
        empty: Node = MapNode((), Position(1, 1))
        bad = next((n for n, line in enumerate(self.lines, 1) if "\t" in line[: len(line) - len(line.lstrip())]), None)
        if bad is not None:
            self.refuse(Position(bad, 1), (), "Hier staat een tab. Spring in met spaties.")
            return empty
        try:
            events = self.events()
            root = self.root(events)
        except _Stop:
            return empty
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            at = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
            self.refuse(at, (), _reason(error))
            return empty
        except (yaml.YAMLError, ValueError) as error:
            self.refuse(Position(1, 1), (), f"Dit is geen geldige YAML ({str(error).splitlines()[0]}).")
            return empty
        return root

    def events(self) -> Iterator[yaml.Event]:
        return iter(yaml.parse(self.text, Loader=yaml.CSafeLoader))

    def root(self, events: Iterator[yaml.Event]) -> Node:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self.stop(event, (), "Er staat een tweede document in dit bestand. Maak er twee bestanden van.")
                root = self.node(next(events), events, (), 1)
        if root is None:
            self.refuse(Position(1, 1), (), "Het bestand is leeg.")
            raise _Stop
        return root

    def stop(self, event: yaml.Event, path: KeyPath, message: str) -> None:
        self.refuse(_at(event), path, message)
        raise _Stop

    def node(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath, depth: int) -> Node:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.stop(event, path, f"Het bestand heeft te veel onderdelen (meer dan {MAX_NODES}).")
        if depth > MAX_DEPTH:
            self.stop(event, path, f"Dit is te diep genest. Hoogstens {MAX_DEPTH} lagen mag.")
        if isinstance(event, yaml.AliasEvent):
            self.stop(event, path, "Een verwijzing (*) mag niet. Schrijf de waarde uit.")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self.stop(event, path, "Een anker (&) mag niet.")
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag not in (None, "!"):
            self.stop(event, path, "Een typeaanduiding (!) mag niet.")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            items: list[Node] = []
            while not isinstance(inner := next(events), yaml.SequenceEndEvent):
                items.append(self.node(inner, events, (*path, len(items) + 1), depth + 1))
            return ListNode(tuple(items), _at(event))
        return self.mapping(event, events, path, depth)

    def mapping(self, event: yaml.Event, events: Iterator[yaml.Event], path: KeyPath, depth: int) -> MapNode:
        entries: list[tuple[TextNode, Node]] = []
        seen: dict[str, Position] = {}
        while not isinstance(inner := next(events), yaml.MappingEndEvent):
            key = self.node(inner, events, path, depth + 1)
            if not isinstance(key, TextNode):
                self.stop(inner, path, "Een sleutel moet gewone tekst zijn.")
                continue
            value = self.node(next(events), events, (*path, key.text), depth + 1)
            if key.text in seen:
                first = seen[key.text].line
                self.refuse(key.at, (*path, key.text), f"De sleutel '{key.text}' staat er al (regel {first}).")
                continue
            seen[key.text] = key.at
            entries.append((key, value))
        return MapNode(tuple(entries), _at(event))

    def scalar(self, event: yaml.ScalarEvent) -> TextNode:
        at = _at(event)
        style = str(event.style) if event.style else ""
        if style in ("|", ">"):
            inner = Position(at.line + 1, self.indent(at.line + 1))
        elif style in ("'", '"'):
            inner = Position(at.line, at.column + 1)
        else:
            inner = at
        return TextNode(str(event.value), not style, at, inner)

    def indent(self, line: int) -> int:
        """Column (from 1) of the first character of a line."""
        text = self.lines[line - 1] if line <= len(self.lines) else ""
        return len(text) - len(text.lstrip()) + 1


def _at(event: yaml.Event) -> Position:
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1) if mark else NOWHERE
