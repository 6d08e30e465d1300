"""A definition as parts that a person can find, read and change: labels, values, what kind of input each takes, where it
comes from, and what may not be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode
from vliegwiel.base.sourcerecords import RecordField

from ..layers import Origins, fixed_by, identity
from ..merging import at_path
from ..model import Fixed, Product
from .kinds import InputKind, Shape, fields_of
from .words import dotted, label
from .writing import flow

Path = tuple[str, ...]
_NAMED_BY = ("naam", "label", "vraag", "zin", "kop", "vertelt", "wet", "is", "als", "tekst")
_IDENTITY = ("sleutel",)


@dataclass(frozen=True, slots=True)
class Part:
    """A place of a definition. `node` is None where nothing stands. `origin` is the file it comes from; `fixed` what fixes it."""

    path: Path
    label: str
    shape: Shape
    node: Node | None
    required: bool
    doc: str
    origin: str
    fixed: Fixed | None

    @property
    def key(self) -> str:
        """The last key of the path."""
        return self.path[-1]

    @property
    def address(self) -> str:
        """The path as text."""
        return dotted(self.path)

    @property
    def text(self) -> str:
        """A leaf as it is typed in: lines below each other."""
        return text_of(self.node)

    @property
    def summary(self) -> str:
        """What stands here, on one line."""
        return summary(self.node)


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list: its key (or number), what it is called, and one line of what it says. `block`: the shared block that
    stands here instead of an item."""

    path: Path
    name: str
    summary: str
    origin: str
    fixed: Fixed | None
    block: str = ""

    @property
    def address(self) -> str:
        """The path as text."""
        return dotted(self.path)


@dataclass(frozen=True, slots=True)
class Definition:
    """A definition laid together, ready to be walked through. `type_` is what its top decodes into; a shared block has parts of
    several types beside each other (`also`)."""

    root: MapNode
    origins: Origins
    fixed: Sequence[Fixed] = ()
    type_: type = Product
    also: tuple[type, ...] = ()

    def node(self, path: Path) -> Node | None:
        """What stands at a path."""
        return node_at(self.root, path)

    def shape(self, path: Path) -> Shape | None:
        """What a path takes, whether or not something stands there; None where no path leads."""
        shape: Shape | None = Shape(InputKind.GROUP, record=self.type_)
        for step in path:
            record = shape.record if shape is not None else None
            if shape is None or record is None:
                return None
            if shape.kind is InputKind.ITEMS:
                shape = Shape(InputKind.GROUP, record=record)
                continue
            shape = next((found for field, found in self._fields(record) if field.key == step), None)
        return shape

    def _fields(self, record: type) -> tuple[tuple[RecordField, Shape], ...]:
        """The fields of a group; of the top those of every type that may stand there, each key once."""
        found = fields_of(record)
        if record is not self.type_ or not self.also:
            return found
        more = {field.key: (field, shape) for other in reversed(self.also) for field, shape in fields_of(other)}
        return (*found, *(more[key] for key in more.keys() - {field.key for field, _ in found}))

    def parts(self, path: Path, *, empty: bool = True) -> tuple[Part, ...]:
        """What lies directly below a group. `empty`: also where nothing stands yet."""
        shape = self.shape(path)
        if shape is None or shape.kind is not InputKind.GROUP or shape.record is None:
            return ()
        record = shape.record
        found = [self._part((*path, field.key), below, field.required, field.doc) for field, below in fields_of(record)]
        return tuple(part for part in found if empty or part.node is not None)

    def part(self, path: Path) -> Part | None:
        """One place; None where no path leads."""
        shape = self.shape(path)
        if shape is None or not path:
            return None
        return self._part(path, shape, required=False, doc="")

    def items(self, path: Path) -> tuple[Item, ...]:
        """The items of a list."""
        node = self.node(path)
        if not isinstance(node, ListNode):
            return ()
        return tuple(self._item(path, number, item) for number, item in enumerate(node.items, 1))

    def _part(self, path: Path, shape: Shape, required: bool, doc: str) -> Part:
        node = self.node(path)
        origin = self.origins.of(node) if node is not None else ""
        return Part(path, label(path[-1]), shape, node, required, doc, origin, self._held(path))

    def _held(self, path: Path) -> Fixed | None:
        """What fixes the whole of a place. Where only a part below it is fixed, the rest may vary."""
        return fixed_by([fixed for fixed in self.fixed if len(fixed.keys) <= len(path)], path)

    def _item(self, path: Path, number: int, node: Node) -> Item:
        below = (*path, identity(node) or str(number))
        return Item(
            below, name_of(node) or below[-1], summary(node), self.origins.of(node), fixed_by(self.fixed, below)
        )


def node_at(node: Node | None, path: Path) -> Node | None:
    """What stands at a path: along keys, keys of items, and numbers of items that have no key."""
    for step in path:
        found = at_path(node, (step,))
        if found is None and isinstance(node, ListNode) and step.isdecimal() and len(step) < 6:
            number = int(step)
            found = node.items[number - 1] if 0 < number <= len(node.items) else None
            found = None if found is not None and identity(found) is not None else found
        node = found
    return node


def name_of(node: Node | None) -> str:
    """What an item is called: the first of its telling texts."""
    if isinstance(node, TextNode):
        return node.text
    if isinstance(node, MapNode):
        texts = {key.text: value.text for key, value in node.entries if isinstance(value, TextNode)}
        return next((texts[name] for name in _NAMED_BY if texts.get(name)), "")
    return ""


def text_of(node: Node | None) -> str:
    """A leaf as it is typed in: a list of texts line by line."""
    if isinstance(node, ListNode):
        return "\n".join(item.text for item in node.items if isinstance(item, TextNode))
    if isinstance(node, MapNode):
        return "\n".join(f"{key.text}: {pair_text(value)}" for key, value in node.entries)
    if isinstance(node, TextNode):
        return "" if node.plain and node.text in ("~", "null") else node.text
    return ""


def pair_text(node: Node) -> str:
    """A value behind its name on a line: nothing is `null`, and what has parts is YAML."""
    return (text_of(node) or "null") if isinstance(node, TextNode) else flow(node)


def summary(node: Node | None, longest: int = 160) -> str:
    """What stands in a place, on one line."""
    return shortened(_said(node), longest)


def shortened(text: str, longest: int) -> str:
    """A text on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rsplit(" ", 1)[0] + "…"


def _said(node: Node | None) -> str:
    if node is None:
        return ""
    if isinstance(node, TextNode):
        return text_of(node)
    if isinstance(node, ListNode):
        names = [name_of(item) or identity(item) or _said(item) for item in node.items]
        return ", ".join(name for name in names if name)
    told = [(key.text, _said(value)) for key, value in node.entries if key.text not in _IDENTITY]
    return "; ".join(f"{label(key).lower()}: {text}" for key, text in told if text)


def trail(path: Path, root: Node | None = None) -> str:
    """A path in words. With the nodes the items are called by their names."""
    words: list[str] = []
    node = root
    for number, step in enumerate(path):
        inside = isinstance(node, ListNode)
        node = node_at(node, (step,)) if node is not None else None
        name = name_of(node) if inside and node is not None else ""
        if name:
            words.append(f"“{shortened(name, 50)}”")
        else:
            words.append(step if inside and number else label(step))
    return " › ".join(words)
