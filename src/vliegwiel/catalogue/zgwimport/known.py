"""What the patterns of the catalogue are known by, so that case types of others can be laid beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from vliegwiel.base.sourcefile import ListNode, MapNode, Node, TextNode

from ..layers import Origins, with_blocks
from ..library import DefinitionFile, Library, header
from . import words
from .signature import Aspect, Building, Signature


@dataclass(frozen=True, slots=True)
class KnownPattern:
    """A pattern with what it is known by. `slots` are its openings, each with the names of the steps behind it."""

    key: str
    name: str
    signature: Signature
    slots: Mapping[str, Signature]


def known_patterns(found: Library) -> tuple[KnownPattern, ...]:
    """Every pattern of a library, by key. Raises `SourceInvalid` for one that cannot be read."""
    verbs = _words_of_products(found)
    return tuple(_known(found, key, verbs.get(key, ())) for key in found.patterns())


def _known(found: Library, key: str, verbs: Iterable[tuple[str, str]]) -> KnownPattern:
    file = found.pattern(key)
    if file is None:
        raise LookupError(key)
    root = pattern_root(found, file)
    made, slots = Building(), dict[str, Building]()
    for section, item in _items(root):
        slot, must = text_of(item, "bij"), not text_of(item, "bij") and not text_of(item, "als")
        for one in (made, slots.setdefault(slot, Building())) if slot else (made,):
            _note(one, section, item, must=must)
    made.kinds((header(file, "naam"), key), 1.0)
    made.kinds((header(file, "omschrijving"),), 0.5, must=False)
    for number, verb in verbs:
        made.kinds((verb,), 0.7, must=False)
        if number:
            made.note(Aspect.PROCESS_TYPE, number, 1.0, must=False)
    return KnownPattern(key, header(file, "naam"), made.made(), {slot: one.made() for slot, one in slots.items()})


def _note(made: Building, section: str, item: MapNode, *, must: bool) -> None:
    name = telling_name(item)
    match section:
        case "statussen":
            made.step(name, must=must)
            made.document(name, must=False)
        case "taken" | "wachten" | "fasen" | "openingen":
            # A system of others seldom has a status for each task.
            made.step(name, must=False)
            made.document(name, must=False)
        case "uitkomsten":
            made.result(text_of(item, "naam"), must=False)
        case _:
            made.role(text_of(item, "generiek"), must=False)


def telling_name(item: MapNode) -> str:
    """The name of a step; its key where that says more: patterns use plain words, systems of others the words of the trade."""
    name, key = text_of(item, "naam"), text_of(item, "sleutel").replace("_", " ")
    known = words.steps()
    weights = [known.weights.get(known.meaning(text), 0.0) for text in (name, key)]
    return key if weights[1] > weights[0] else name


def _items(root: MapNode) -> Iterator[tuple[str, MapNode]]:
    process = root.get("proces")
    for section in ("statussen", "taken", "wachten", "fasen", "rollen"):
        for item in items_of(process, section):
            yield section, item
    for section in ("openingen", "uitkomsten"):
        for item in items_of(root, section):
            yield section, item


def pattern_root(found: Library, file: DefinitionFile) -> MapNode:
    """The top of a pattern, its blocks filled in."""

    def block(name: TextNode) -> MapNode | None:
        shared = found.block(name.text)
        return shared.root if shared else None

    root = with_blocks(file.root, block, (), file.name, Origins())
    return root if isinstance(root, MapNode) else file.root


def items_of(node: Node | None, section: str) -> tuple[MapNode, ...]:
    """The groups in a list below a key; nothing where there is no such list."""
    listed = node.get(section) if isinstance(node, MapNode) else None
    return tuple(item for item in listed.items if isinstance(item, MapNode)) if isinstance(listed, ListNode) else ()


def text_of(node: Node | None, key: str) -> str:
    """A text below a key, or nothing."""
    found = node.get(key) if isinstance(node, MapNode) else None
    return found.text if isinstance(found, TextNode) else ""


def _words_of_products(found: Library) -> Mapping[str, list[tuple[str, str]]]:
    """Of each pattern: the procestype and the verb of every product that runs on it."""
    told: dict[str, list[tuple[str, str]]] = {}
    for key in found.products():
        file = found.product(key)
        if file is None:
            continue
        pattern = text_of(file.root.get("patroon"), "sleutel")
        case = file.root.get("zaaktype")
        told.setdefault(pattern, []).append((text_of(case, "procestype"), text_of(case, "handeling_initiator")))
    return told
