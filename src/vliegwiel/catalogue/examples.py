"""Worked cases in definitions: read what they say, by the kinds of the names they use.

A fact of an example is written as a law file writes values (`ja`, `2026-11-24`, `12.50`, lists and groups). `hier` stands for
the municipality that runs the example, `alle` for every person of a list, `onbekend` takes a fact away.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode
from vliegwiel.registers.facts import Value
from vliegwiel.registers.needs import Need as Datum
from vliegwiel.registers.needs import needs as all_data

from .known import known
from .model import Example, Field, FieldKind, Product, find

HERE, ALL, UNKNOWN = "hier", "alle", "onbekend"


class ExampleWrong(ValueError):
    """An example cannot be read. The message is Dutch; `name` is the fact (or other part) that is wrong."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(message)
        self.name = name
        self.message = message


def facts_of(product: Product, example: Example, municipality: str) -> dict[str, Value]:
    """All that is known in an example, ready for `assess`. Raises `ExampleWrong`."""
    nodes = _nodes(product, example, frozenset())
    fields = {field.key: field for field in _fields(product)}
    data: dict[str, Value] = {}
    for name, node in nodes.items():
        data[name] = _value(name, node, fields, data, municipality)
    channel, received = data.pop("kanaal", "internet"), data.pop("ontvangen_op", example.on)
    found = known(
        product,
        municipality=municipality,
        channel=str(channel),
        today=example.on,
        received=received if isinstance(received, date) else example.on,
        data=data,
    )
    for field in fields.values():
        if field.key in data:
            found[field.datum] = data[field.key]
    return found


def _fields(product: Product) -> Iterator[Field]:
    yield from product.fields()
    for task in product.process.tasks:
        yield from task.fields


def _nodes(product: Product, example: Example, seen: frozenset[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    if example.like:
        other = find(product.examples, example.like)
        if other is None or example.like in seen:
            raise ExampleWrong("zoals", f"'zoals' noemt '{example.like}'. Noem een ander voorbeeld dat er staat.")
        found = _nodes(product, other, seen | {example.key})
    for key, node in example.facts.entries:
        if isinstance(node, TextNode) and node.text == UNKNOWN:
            found.pop(key.text, None)
        else:
            found[key.text] = node
    return found


def _value(name: str, node: Node, fields: Mapping[str, Field], data: Mapping[str, Value], municipality: str) -> Value:
    if isinstance(node, TextNode):
        if node.plain and node.text in ("null", "~", ""):
            return None
        if node.text == HERE:
            return municipality
    if name in fields:
        return _answer(name, node, fields[name], data)
    datum = all_data().get(name)
    if datum is not None:
        return _datum(name, node, datum)
    return _guess(name, node)


def _answer(name: str, node: Node, field: Field, data: Mapping[str, Value]) -> Value:
    if field.kind is FieldKind.PERSONEN:
        people = data.get(field.options_from)
        items = people if isinstance(people, tuple) else ()
        if isinstance(node, TextNode) and node.text == ALL:
            return items
        wanted = {n.text for n in node.items if isinstance(n, TextNode)} if isinstance(node, ListNode) else set()
        return tuple(i for i in items if isinstance(i, Mapping) and i.get("naam") in wanted)
    kind = {
        FieldKind.JA_NEE: "ja/nee",
        FieldKind.GETAL: "getal",
        FieldKind.GELD: "getal",
        FieldKind.DATUM: "datum",
    }.get(field.kind, "tekst")
    if field.kind is FieldKind.MEERKEUZE and isinstance(node, ListNode):
        return tuple(_simple(name, item, "tekst") for item in node.items)
    return _guess(name, node) if isinstance(node, MapNode) else _simple(name, node, kind)


def _datum(name: str, node: Node, datum: Datum) -> Value:
    parts = {part.name: part.kind for part in datum.parts}
    if datum.kind == "lijst":
        if not isinstance(node, ListNode):
            raise ExampleWrong(name, f"'{name}' is een lijst.")
        return tuple(
            _group(name, item, parts) if isinstance(item, MapNode) else _guess(name, item) for item in node.items
        )
    if datum.kind == "groep":
        if not isinstance(node, MapNode):
            raise ExampleWrong(name, f"'{name}' is een groep.")
        return _group(name, node, parts)
    return _simple(name, node, datum.kind)


def _group(name: str, node: MapNode, parts: Mapping[str, str]) -> Value:
    unknown = [key.text for key, _ in node.entries if key.text not in parts]
    if unknown:
        raise ExampleWrong(name, f"'{name}' heeft geen '{unknown[0]}'. Het heeft: {', '.join(parts)}.")
    return {key.text: None if _is_null(value) else _simple(name, value, parts[key.text]) for key, value in node.entries}


def _is_null(node: Node) -> bool:
    return isinstance(node, TextNode) and node.plain and node.text in ("null", "~", "")


def _simple(name: str, node: Node, kind: str) -> Value:
    if not isinstance(node, TextNode):
        raise ExampleWrong(name, f"'{name}' is een enkele waarde.")
    text = node.text
    try:
        if kind == "ja/nee":
            return {"ja": True, "nee": False}[text]
        if kind == "datum":
            return date.fromisoformat(text)
        if kind.startswith(("getal", "geld")):
            return Decimal(text)
    except (KeyError, ValueError, InvalidOperation):
        raise ExampleWrong(name, f"'{name}' is van soort {kind}. Er staat '{text}'.") from None
    return text


def _guess(name: str, node: Node) -> Value:
    """A value of a name without a declared kind (a judgement, what a lookup of an address gave)."""
    if isinstance(node, MapNode):
        return {key.text: _guess(name, value) for key, value in node.entries}
    if isinstance(node, ListNode):
        return tuple(_guess(name, item) for item in node.items)
    if _is_null(node):
        return None
    return {"ja": True, "nee": False}.get(node.text, node.text)
