"""The inputs of a form for a place of a definition, and what a person typed in them, back as values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceInvalid, TextNode, parse_source

from ..layers import identity
from .changing import with_identity
from .kinds import InputKind, Shape, fields_of
from .parts import Definition, Part, Path, text_of
from .words import dotted, label
from .writing import node_of

KEY = "sleutel"
CHOICES, ANSWER = "keuzes", "Antwoord"
FIRST = "1"
"""The number of the first item that a new item of a list asks for at once (a step has at least one field)."""
_NAMING = ("naam", "label", "vraag", "kop", "vertelt", "regel", "wet")


@dataclass(frozen=True, slots=True)
class Input:
    """One input. `below` is its path below the place of the form; `name` that path as text, the name of the field.

    `fixed`: what fixes it by national law. `note`: why it deviates already.
    """

    below: Path
    label: str
    kind: InputKind
    options: tuple[str, ...]
    value: str
    required: bool
    hint: str
    fixed: str = ""
    error: str = ""
    note: str = ""

    @property
    def name(self) -> str:
        """The name of the field in the form."""
        return f"w.{dotted(self.below)}"

    @property
    def id(self) -> str:
        """The id of the field in the page."""
        return "veld-" + "-".join(re.sub(r"[^a-z0-9_]+", "_", step) for step in self.below)

    @property
    def filled(self) -> bool:
        """Whether something stands there or must."""
        return bool(self.value) or self.required or bool(self.error)


class NotTyped(ValueError):
    """What was typed cannot stand there; says what to do."""


def inputs(definition: Definition, path: Path) -> tuple[Input, ...]:
    """The inputs of a place: itself when it is a leaf, else the leaves of the group with those of the groups in it."""
    part = definition.part(path)
    if part is None:
        return ()
    if part.shape.kind is not InputKind.GROUP:
        return (_input(part, ()),) if part.shape.is_leaf else ()
    return tuple(_inputs(definition, path, ()))


def _inputs(definition: Definition, path: Path, below: Path) -> Iterator[Input]:
    optional = definition.node(path) is None
    for part in definition.parts(path):
        inside = (*below, part.key)
        if part.key in (KEY, "bij"):
            continue
        if part.shape.is_leaf:
            one = _input(part, inside)
            yield replace(one, required=one.required and not optional)
        elif part.shape.kind is InputKind.GROUP and len(below) < 3:
            yield from _inputs(definition, part.path, inside)


def _input(part: Part, below: Path) -> Input:
    under = f"{label(below[-2])}: " if len(below) > 1 else ""
    name = label(below[-1] if below else part.key)
    return Input(
        below,
        f"{under}{name.lower() if under else name}",
        part.shape.kind,
        part.shape.options,
        part.text,
        part.required,
        part.doc,
        str(part.fixed.basis) if part.fixed else "",
    )


def new_inputs(shape: Shape) -> tuple[Input, ...]:
    """The inputs of a new item of a list; where the item must hold a list itself, those of its first item too."""
    return tuple(_new(shape.record, (), deep=True)) if shape.record else ()


def _new(record: type, below: Path, *, deep: bool, needed: bool = True) -> Iterator[Input]:
    for field, shape in fields_of(record):
        inside = (*below, field.key)
        required = field.required and needed
        if field.key in (KEY, "bij"):
            continue
        if shape.is_leaf:
            yield Input(inside, _under(inside), shape.kind, shape.options, "", required, field.doc)
        elif shape.kind is InputKind.GROUP and shape.record is not None and len(below) < 3:
            yield from _new(shape.record, inside, deep=False, needed=required)
        elif shape.kind is InputKind.ITEMS and shape.record is not None and deep and field.required:
            yield from _new(shape.record, (*inside, FIRST), deep=False)
        elif field.key == CHOICES:
            yield Input(inside, _under(inside), InputKind.LINES, (), "", False, field.doc)


def _under(path: Path) -> str:
    """The label of a place in a new item, with what it belongs to."""
    name = label(path[-1])
    if len(path) < 2:
        return name
    above = label(path[-2]) if path[-2] != FIRST else ANSWER if path[-3] == "velden" else label(path[-3])
    return f"{above}: {name.lower()}"


def with_typed(found: tuple[Input, ...], typed: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Input, ...]:
    """The inputs with what was typed and what is wrong with it."""
    return tuple(replace(one, value=typed.get(one.name, one.value), error=errors.get(one.name, "")) for one in found)


# --- back to values ---------------------------------------------------------------------------------------------------


def changed(found: tuple[Input, ...], typed: Mapping[str, str]) -> list[tuple[Input, Node | None]]:
    """The inputs in which something else was typed than stood there, with the value (None: nothing any more).

    Raises `NotTyped` with the name of the field as its second argument.
    """
    made: list[tuple[Input, Node | None]] = []
    for one in found:
        text = typed.get(one.name)
        if text is None or one.fixed or _same(text, one.value):
            continue
        try:
            made.append((one, value_of(one, text)))
        except NotTyped as error:
            raise NotTyped(str(error), one.name) from None
    return made


def _same(text: str, stood: str) -> bool:
    return text.strip() == stood.strip()


def value_of(one: Input, text: str) -> Node | None:
    """What was typed as a value; None for nothing. Raises `NotTyped`."""
    said = text.strip()
    if not said:
        if one.required:
            raise NotTyped("Vul dit in.")
        return None
    if one.kind is InputKind.LINES:
        return node_of([line.strip() for line in said.split("\n") if line.strip()])
    if one.kind is InputKind.PAIRS:
        return _pairs(said)
    if one.kind is InputKind.NUMBER:
        return node_of(_number(said))
    if one.kind in (InputKind.CHOICE, InputKind.YES_NO) and said not in (one.options or ("ja", "nee")):
        raise NotTyped("Kies een van de mogelijkheden.")
    if one.kind is InputKind.LONG and text.endswith("\n") and "\n" in said and one.value.endswith("\n"):
        return node_of(said + "\n")
    return node_of(said)


def _number(said: str) -> str:
    plain = said.replace("€", "").replace("\u00a0", "").strip().replace(",", ".")
    if not re.fullmatch(r"[+-]?[0-9]{1,15}(\.[0-9]{1,6})?", plain, re.ASCII):
        raise NotTyped("Vul een getal in, bijvoorbeeld 12 of 2,50.")
    return plain


def _pairs(said: str) -> Node:
    entries: list[tuple[TextNode, Node]] = []
    for line in filter(str.strip, said.split("\n")):
        name, colon, value = line.partition(":")
        key = name.strip()
        if not colon or not key:
            raise NotTyped(
                f"Zet op elke regel een naam, een dubbele punt en een waarde. Kijk naar: {line.strip()[:60]}"
            )
        if any(key == known.text for known, _ in entries):
            raise NotTyped(f"'{key}' staat er twee keer.")
        entries.append((_text(key), _pair(value.strip())))
    at = entries[0][0].at
    return MapNode(tuple(entries), at)


def _pair(value: str) -> Node:
    """A value behind a name: text, YAML between brackets, or nothing (left open, or `null`)."""
    if value in ("", "null"):
        return node_of(None)
    if value[:1] in ("[", "{"):
        try:
            return parse_source(value, "waarde").root
        except SourceInvalid as error:
            raise NotTyped(f"Wij kunnen dit niet lezen: {value[:60]}") from error
    return node_of(value)


def _text(text: str) -> TextNode:
    found = node_of(text)
    assert isinstance(found, TextNode)
    return found


def new_item(found: tuple[Input, ...], typed: Mapping[str, str], taken: frozenset[str], *, keyed: bool) -> Node:
    """A new item from what was typed, with a key of its own. Raises `NotTyped` with the name of the field."""
    tree: dict[str, object] = {}
    for one in found:
        try:
            value = value_of(one, typed.get(one.name, ""))
        except NotTyped as error:
            raise NotTyped(str(error), one.name) from None
        if value is None:
            continue
        at = tree
        for step in one.below[:-1]:
            inner = at.setdefault(step, {})
            assert isinstance(inner, dict)
            at = inner
        at[one.below[-1]] = value
    node = _built(tree)
    if not keyed or not isinstance(node, MapNode):
        return node
    return with_identity(node, unused(slug(_naming(node)), taken))


def _built(tree: Mapping[str, object]) -> Node:
    entries: list[tuple[TextNode, Node]] = []
    for key, value in tree.items():
        node = _built(value) if isinstance(value, dict) else value
        if key == FIRST and isinstance(node, MapNode):
            item = node if identity(node) else with_identity(node, slug(_naming(node)))
            return ListNode((item,), item.at)
        assert isinstance(node, TextNode | ListNode | MapNode)
        entries.append((_text(key), _choices(node) if key == CHOICES else node))
    return MapNode(tuple(entries), _text("x").at)


def _choices(node: Node) -> Node:
    """The options of a choice, from their names."""
    if not isinstance(node, ListNode):
        return node
    names = [text_of(item) for item in node.items]
    return node_of([{KEY: slug(name), "naam": name} for name in names])


def _naming(node: MapNode) -> str:
    found = (node.get(name) for name in _NAMING)
    return next((text_of(one) for one in found if one is not None and text_of(one)), "nieuw")


def slug(text: str) -> str:
    """A key from a name: lower case, no accents, at most forty characters."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
    words = re.findall(r"[a-z0-9]+", bare)
    made = "_".join(words)[:40].rstrip("_")
    return made if made[:1].isalpha() else f"deel_{made}".rstrip("_")


def unused(key: str, taken: frozenset[str]) -> str:
    """The key, with a number behind it where it is taken."""
    return next(name for number in range(1, 10_000) if (name := key if number == 1 else f"{key}_{number}") not in taken)
