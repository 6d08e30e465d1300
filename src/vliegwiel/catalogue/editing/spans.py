"""A YAML text with where each part of it begins and ends, to the character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import yaml

from vliegwiel.base.sourcefile import NOWHERE, ListNode, MapNode, Node, TextNode

_EMPTY_LINES = re.compile(r"(\n[ \t]*)+\Z")
_DASH = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*-")


class _Mark(Protocol):
    @property
    def index(self) -> int: ...


class Unusual(Exception):
    """The text is written in a way that cannot be changed in place (a key with a question mark, for one)."""


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A scalar. `style` is empty for plain text, else the sign it begins with. An empty plain scalar has no length."""

    start: int
    end: int
    text: str
    style: str


@dataclass(frozen=True, slots=True)
class ItemSpan:
    """An item of a list; in a block list `dash` is where its dash stands."""

    value: Span
    dash: int


@dataclass(frozen=True, slots=True)
class EntrySpan:
    """A key with its value."""

    key: TextSpan
    value: Span


@dataclass(frozen=True, slots=True)
class ListSpan:
    """A list. A block list ends with the line of its last item, a remark behind it included."""

    start: int
    end: int
    flow: bool
    items: tuple[ItemSpan, ...]


@dataclass(frozen=True, slots=True)
class MapSpan:
    """A map. A block map ends as a block list does."""

    start: int
    end: int
    flow: bool
    entries: tuple[EntrySpan, ...]

    def entry(self, name: str) -> EntrySpan | None:
        """The entry with this key, or None."""
        return next((entry for entry in self.entries if entry.key.text == name), None)


Span: TypeAlias = TextSpan | ListSpan | MapSpan


def spans(text: str) -> Span:
    """The top of a text that `parse_source` accepted. Raises `Unusual`."""
    events = iter(yaml.parse(text, Loader=yaml.CSafeLoader))
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            return _Reading(text, events).span(next(events), flow=False)
    raise Unusual


def as_node(span: Span) -> Node:
    """What a span says, without its place."""
    if isinstance(span, TextSpan):
        return TextNode(span.text, not span.style, NOWHERE, NOWHERE)
    if isinstance(span, ListSpan):
        return ListNode(tuple(as_node(item.value) for item in span.items), NOWHERE)
    entries = ((TextNode(one.key.text, True, NOWHERE, NOWHERE), as_node(one.value)) for one in span.entries)
    return MapNode(tuple(entries), NOWHERE)


def line_end(text: str, at: int) -> int:
    """Where the line of a place ends; without its line break."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found


class _Reading:
    def __init__(self, text: str, events: Iterator[yaml.Event]) -> None:
        self.text = text
        self.events = events

    def span(self, event: yaml.Event, *, flow: bool) -> Span:
        start = _index(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event, start)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.list(start, flow=flow or self.text[start : start + 1] == "[")
        if isinstance(event, yaml.MappingStartEvent):
            return self.map(start, flow=flow or self.text[start : start + 1] == "{")
        raise Unusual

    def scalar(self, event: yaml.ScalarEvent, start: int) -> TextSpan:
        end, style = _index(event.end_mark), str(event.style or "")
        if style in ("|", ">"):
            header = self.text[start : line_end(self.text, start)]
            if "+" in header.split("#")[0]:
                end -= self.text[start:end].endswith("\n")
            else:
                end = start + len(_EMPTY_LINES.sub("", self.text[start:end]))
        return TextSpan(start, end, str(event.value), style)

    def list(self, start: int, *, flow: bool) -> ListSpan:
        items: list[ItemSpan] = []
        at = start
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            dash = -1
            if not flow:
                found = _DASH.match(self.text, at)
                if found is None:
                    raise Unusual
                dash = found.end() - 1
            value = self.span(event, flow=flow)
            items.append(ItemSpan(value, dash))
            at = self.after(value, dash + 1)
        return ListSpan(start, _index(event.end_mark) if flow else at, flow, tuple(items))

    def map(self, start: int, *, flow: bool) -> MapSpan:
        if not flow and self.text[start : start + 1] == "?":
            raise Unusual
        entries: list[EntrySpan] = []
        at = start
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            key = self.span(event, flow=flow)
            if (
                not isinstance(key, TextSpan)
                or key.style in ("|", ">")
                or "?" in self.text[at : key.start].strip(" ,\n")
            ):
                raise Unusual
            value = self.span(next(self.events), flow=flow)
            entries.append(EntrySpan(key, value))
            at = self.after(value, key.end + 1)
        return MapSpan(start, _index(event.end_mark) if flow else at, flow, tuple(entries))

    def after(self, value: Span, least: int) -> int:
        """The end of the line that a value in a block ends on."""
        return line_end(self.text, max(value.end, least))


def _index(mark: _Mark | None) -> int:
    if mark is None:
        raise Unusual
    return mark.index
