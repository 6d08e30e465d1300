"""The text of a variant: put a deviation in, change it, take it away, without touching the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode, parse_source

from ..layers import identity
from ..model.facts import path_keys
from .changing import Path, placed, removed
from .rewriting import rewrite
from .words import dotted
from .writing import Value, node_of

LIST = "afwijkingen"


@dataclass(frozen=True, slots=True)
class Why:
    """Why a municipality differs in a place. Law, article and source stay empty where there are none."""

    kind: str
    reason: str
    law: str = ""
    article: str = ""
    source: str = ""
    verified: bool = True

    def entries(self) -> dict[str, Value]:
        """As it stands in a variant."""
        found: dict[str, Value] = {"soort": self.kind, "reden": self.reason}
        if self.law:
            basis: dict[str, Value] = {"wet": self.law}
            if self.article:
                basis["artikel"] = self.article
            found["grondslag"] = basis
        if self.source:
            found["bron"] = self.source
        if not self.verified:
            found["geverifieerd"] = "nee"
        return found


@dataclass(frozen=True, slots=True)
class Standing:
    """A deviation as it stands in a variant: its path, and the reason."""

    path: Path
    why: Why
    removes: bool

    @property
    def address(self) -> str:
        """The path as text."""
        return dotted(self.path)


def new_variant(municipality: str, product: str, begin: date) -> str:
    """The text of a variant that deviates in nothing yet."""
    top = {
        "soort": "variant", "gemeente": municipality, "product": product, "vanaf": begin.isoformat(),
    }  # fmt: skip
    return "".join(f"{key}: {value}\n" for key, value in top.items())


def standing(text: str) -> tuple[Standing, ...]:
    """The deviations of a variant, in its order. Raises `SourceInvalid` for a text that cannot be read."""
    return tuple(_standing(item) for item in _items(parse_source(text, "variant").root))


def covering(text: str, path: Path) -> Standing | None:
    """The deviation at this path or above it; the nearest."""
    found = [one for one in standing(text) if one.path == path[: len(one.path)]]
    return max(found, key=lambda one: len(one.path), default=None)


def deviate_in(text: str, path: Path, value: Node | None, why: Why, *, after: str = "") -> str:
    """The variant with this value at a path of the product (None: the place goes away), for this reason.

    Where a deviation stands at the path it is replaced; where one stands above it, its value is changed inside.
    Raises `SourceInvalid`, and `CannotRewrite`.
    """
    root = parse_source(text, "variant").root
    above = covering(text, path)
    if above is not None and above.path != path and not above.removes:
        inner = _value_of(root, above.path)
        if inner is not None:
            below = path[len(above.path) :]
            changed = removed(inner, below) if value is None else placed(inner, below, value)
            return rewrite(text, _with(root, above.path, why.entries(), changed))
    return rewrite(text, _with(root, path, why.entries(), value, after=after))


def without_deviation(text: str, path: Path) -> str:
    """The variant without its deviation at a path: the product's own value counts again. Raises `NotFound`."""
    root = parse_source(text, "variant").root
    items = _items(root)
    kept = tuple(item for item in items if _path(item) != path)
    if len(kept) == len(items) or not isinstance(root, MapNode):
        raise NotFound("Deze afwijking staat er niet (meer). Misschien heeft een collega haar weggehaald.")
    entries = [(key, ListNode(kept, value.at) if key.text == LIST else value) for key, value in root.entries]
    return rewrite(text, MapNode(tuple(pair for pair in entries if pair[0].text != LIST or kept), root.at))


def _with(root: Node, path: Path, why: dict[str, Value], value: Node | None, *, after: str = "") -> Node:
    """The variant with one deviation put in, keys in the order in which variants are written."""
    old = next((item for item in _items(root) if _path(item) == path), None)
    made = [_entry("pad", node_of(dotted(path)))]
    if after:
        made.append(_entry("na", node_of(after)))
    elif old is not None and old.get("na") is not None:
        made.append(_entry("na", old.get("na") or node_of("")))
    made.append(_entry("waarde", value) if value is not None else _entry("vervalt", node_of("ja")))
    made += [_entry(key, _merged(old, key, new)) for key, new in why.items()]
    if old is not None:
        made += [(key, kept) for key, kept in old.entries if key.text in ("vanaf", "tot")]
    item = MapNode(tuple(made), root.at)
    items = [item if _path(one) == path else one for one in _items(root)]
    if old is None:
        items.append(item)
    return placed(root, (LIST,), ListNode(tuple(items), root.at))


def _merged(old: MapNode | None, key: str, new: Value) -> Node:
    """What a page does not ask about a legal basis (its source) stays, as long as the law stays the same."""
    before = old.get(key) if old is not None else None
    if key != "grondslag" or not isinstance(before, MapNode) or not isinstance(new, dict):
        return node_of(new)
    law = before.get("wet")
    if not isinstance(law, TextNode) or law.text != new.get("wet"):
        return node_of(new)
    kept = [(name, value) for name, value in before.entries if name.text not in ("wet", "artikel")]
    return MapNode((*(_entry(name, node_of(value)) for name, value in new.items()), *kept), before.at)


def _entry(key: str, value: Node) -> tuple[TextNode, Node]:
    return TextNode(key, True, value.at, value.at), value


def _items(root: Node) -> tuple[MapNode, ...]:
    listed = root.get(LIST) if isinstance(root, MapNode) else None
    return tuple(_maps(listed)) if isinstance(listed, ListNode) else ()


def _maps(node: ListNode) -> Iterator[MapNode]:
    for item in node.items:
        if isinstance(item, MapNode):
            yield item


def _path(item: Node) -> Path:
    return path_keys(identity(item) or "")


def _value_of(root: Node, path: Path) -> Node | None:
    found = next((item for item in _items(root) if _path(item) == path), None)
    return found.get("waarde") if found is not None else None


def _standing(item: MapNode) -> Standing:
    def text(node: Node | None, key: str) -> str:
        found = node.get(key) if isinstance(node, MapNode) else None
        return found.text if isinstance(found, TextNode) else ""

    basis = item.get("grondslag")
    law = basis.text if isinstance(basis, TextNode) else text(basis, "wet")
    why = Why(
        text(item, "soort"), text(item, "reden"), law, text(basis, "artikel"), text(item, "bron"),
        text(item, "geverifieerd") != "nee",
    )  # fmt: skip
    return Standing(_path(item), why, text(item, "vervalt") == "ja")
