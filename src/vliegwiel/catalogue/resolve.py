"""Pattern + product + variant on a date: the definition that one municipality runs.

Pure computation on the files of a `Library`. What was resolved is cached until one of the files it came from changes.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import decode_node, nearest
from vliegwiel.base.sourcefile import (
    NOWHERE,
    ListNode,
    MapNode,
    Node,
    SourceError,
    SourceInvalid,
    TextNode,
)

from .canonical import as_node, plain, sealed
from .layers import Origins, deviate, fixed_by, identity, overlay, refused, with_blocks, without_closed
from .library import DefinitionFile, Library, State, header
from .model import PATTERN_HEADER, Basis, Deviation, Difference, Fixed, Pattern, Product, Resolved

T = TypeVar("T")

_HEADER = (
    Fixed("soort", Basis("De opbouw van een definitie")),
    Fixed("sleutel", Basis("De opbouw van een definitie")),
    Fixed("versie", Basis("De opbouw van een definitie")),
    Fixed("upl", Basis("De Uniforme Productnamenlijst")),
    Fixed("vast", Basis("De opbouw van een definitie")),
)


@dataclass(frozen=True, slots=True)
class Layered:
    """A definition laid together, not yet decoded: its nodes, where each came from, and the files that took part."""

    root: MapNode
    origins: Origins
    files: tuple[DefinitionFile, ...]


@functools.cache
def library() -> Library:
    """The definitions that come with the platform."""
    return Library()


def resolve(municipality: str, key: str, on: date, *, among: Library | None = None) -> Resolved:
    """What `municipality` runs for product `key` on a date. Without a variant file the product's own values count.

    Raises `NotFound` for an unknown product and `SourceInvalid` (every error, with file and line) for a wrong definition.
    """
    found = among or library()
    product = _product_file(found, key)
    variant = found.variant(municipality, key)
    deviations = tuple(d for d in variant[0].deviations if d.holds(on)) if variant else ()
    own = variant[1].state if variant else None
    cached = _cache.get(found, municipality, key, deviations, own)
    if cached is not None:
        return cached
    layers = layered(found, product, deviations, variant[1] if variant else None)
    layers = _with_own(layers, variant[1] if variant else None)
    resolved = sealed(_decode(_with_municipality(layers, municipality, deviations), Resolved, product.name))
    _cache.put((found, municipality, key, deviations, own), layers.files, resolved)
    return resolved


def national(key: str, *, among: Library | None = None) -> Product:
    """A product as it is for all, complete with its pattern, before any municipality deviates. Raises as `resolve`."""
    found = among or library()
    product = _product_file(found, key)
    return _decode(layered(found, product, (), None), Product, product.name)


def layered_of(municipality: str, key: str, on: date | None = None, *, among: Library | None = None) -> Layered:
    """The layers of what `resolve` gives, so that a part of it can be traced to its file and line. Without a date every
    deviation counts. Raises as `resolve`."""
    found = among or library()
    product = _product_file(found, key)
    variant = found.variant(municipality, key)
    deviations = tuple(d for d in variant[0].deviations if on is None or d.holds(on)) if variant else ()
    return _with_own(
        layered(found, product, deviations, variant[1] if variant else None), variant[1] if variant else None
    )


def pattern_of(key: str, *, among: Library | None = None) -> tuple[Pattern, Layered]:
    """A pattern with the shared blocks that it names, and its layers. Raises `NotFound` and `SourceInvalid`."""
    found = among or library()
    file = found.pattern(key)
    if file is None:
        raise NotFound("Dit patroon kennen wij niet.")
    origins = Origins()
    blocks: dict[str, DefinitionFile] = {}
    origins.adopt(file.origins)
    root = with_blocks(file.root, _blocks(found, blocks, origins), (), file.name, origins)
    assert isinstance(root, MapNode)
    layers = Layered(root, origins, (file, *blocks.values()))
    return _decode(layers, Pattern, file.name), layers


def _product_file(found: Library, key: str) -> DefinitionFile:
    product = found.product(key)
    if product is None:
        raise NotFound("Dit product kennen wij niet.")
    return product


def layered(
    found: Library, product: DefinitionFile, deviations: Iterable[Deviation], variant: DefinitionFile | None
) -> Layered:
    """Lay the files together. Raises `SourceInvalid` for what leads nowhere or may not be varied."""
    origins = Origins()
    origins.adopt(product.origins)
    root: Node = product.root
    shape = [d for d in deviations if d.keys[0] == "patroon"]
    rest = [d for d in deviations if d.keys[0] != "patroon"]
    if variant is not None:
        origins.adopt(variant.origins)
    for deviation in shape:
        root = deviate(root, deviation, variant.name if variant else product.name, origins)
    files = [product] if variant is None else [product, variant]
    pattern = _pattern(found, root, product)
    blocks: dict[str, DefinitionFile] = {}
    block = _blocks(found, blocks, origins)
    origins.adopt(pattern.origins)
    root = with_blocks(root, block, (), product.name, origins)
    whole = with_blocks(pattern.root, block, (), pattern.name, origins)
    assert isinstance(whole, MapNode)
    below = MapNode(tuple(e for e in whole.entries if e[0].text not in PATTERN_HEADER), whole.at)
    origins.note(below, pattern.name)
    laid = overlay(below, root, origins)
    laid = _close_slots(laid, whole, product.name, origins)
    fixed = (*_HEADER, *_fixed(laid, product.name))
    for deviation in rest:
        laid = _deviated(laid, deviation, fixed, variant.name if variant else product.name, origins)
    if not isinstance(laid, MapNode):
        raise refused(product.name, laid.at, (), "Hier hoort een groep sleutels.")
    version = TextNode(header(pattern, "versie"), True, NOWHERE, NOWHERE)
    laid = MapNode((*laid.entries, (_key("patroonversie"), version)), laid.at)
    origins.note(laid, product.name)
    return Layered(laid, origins, (*files, pattern, *blocks.values()))


def _blocks(found: Library, used: dict[str, DefinitionFile], origins: Origins) -> Callable[[TextNode], MapNode | None]:
    """Gives blocks by name, and notes which were used."""

    def block(name: TextNode) -> MapNode | None:
        file = found.block(name.text)
        if file is None:
            return None
        used[file.name] = file
        origins.adopt(file.origins)
        return file.root

    return block


def _pattern(found: Library, root: Node, product: DefinitionFile) -> DefinitionFile:
    use = root.get("patroon") if isinstance(root, MapNode) else None
    key = use.get("sleutel") if isinstance(use, MapNode) else None
    if not isinstance(key, TextNode):
        raise refused(product.name, root.at, ("patroon",), "Hier mist 'patroon: {sleutel: ...}'.")
    pattern = found.pattern(key.text)
    if pattern is None:
        meant = nearest(key.text, found.patterns())
        hint = f" Bedoelt u '{meant}'?" if meant else ""
        message = f"Het patroon '{key.text}' bestaat niet.{hint} Er is: {', '.join(found.patterns())}."
        raise refused(product.name, key.at, ("patroon", "sleutel"), message)
    return pattern


def _close_slots(laid: Node, pattern: MapNode, file: str, origins: Origins) -> Node:
    """The process without what hangs on openings that the product leaves closed. Refuses an opening that is not there."""
    if not isinstance(laid, MapNode):
        return laid
    use, process = laid.get("patroon"), laid.get("proces")
    opened = use.get("met") if isinstance(use, MapNode) else None
    slots = [n for n in opened.items if isinstance(n, TextNode)] if isinstance(opened, ListNode) else []
    listed = pattern.get("openingen")
    known = [identity(item) or "" for item in listed.items] if isinstance(listed, ListNode) else []
    for slot in slots:
        if slot.text not in known:
            meant = nearest(slot.text, known)
            hint = f" Bedoelt u '{meant}'?" if meant else ""
            message = (
                f"De opening '{slot.text}' bestaat niet in dit patroon.{hint} Er is: {', '.join(known) or 'geen'}."
            )
            raise refused(origins.of(slot, file), slot.at, ("patroon", "met"), message)
    if not isinstance(process, MapNode):
        return laid
    return _with_entry(laid, "proces", without_closed(process, [slot.text for slot in slots], origins), origins)


def _with_entry(root: MapNode, name: str, value: Node, origins: Origins) -> MapNode:
    made = MapNode(tuple((k, value if k.text == name else v) for k, v in root.entries), root.at)
    origins.note(made, origins.of(root))
    return made


def _fixed(laid: Node, file: str) -> tuple[Fixed, ...]:
    listed = laid.get("vast") if isinstance(laid, MapNode) else None
    if listed is None:
        return ()
    return decode_node(listed, tuple[Fixed, ...], file, ("vast",))


def _deviated(laid: Node, deviation: Deviation, fixed: Iterable[Fixed], file: str, origins: Origins) -> Node:
    held = fixed_by(fixed, deviation.keys)
    if held is not None:
        message = f"'{held.path}' kan niet afwijken. Het ligt vast: {held.basis}."
        raise refused(file, deviation.at, ("afwijkingen", deviation.path), message)
    return deviate(laid, deviation, file, origins)


def _with_own(layers: Layered, variant: DefinitionFile | None) -> Layered:
    """Sources and examples of the municipality beside those of the product. They are no deviations and need no reason."""
    if variant is None:
        return layers
    own = tuple(entry for entry in variant.root.entries if entry[0].text in ("bronnen", "voorbeelden"))
    above = MapNode(own, layers.root.at)
    layers.origins.note(above, layers.origins.of(layers.root))
    laid = overlay(layers.root, above, layers.origins)
    return Layered(laid, layers.origins, layers.files) if isinstance(laid, MapNode) else layers


def _with_municipality(layers: Layered, municipality: str, deviations: Iterable[Deviation]) -> Layered:
    differences = tuple(Difference(d.path, d.kind, d.reason, d.basis, d.source, d.verified) for d in deviations)
    entries = [*layers.root.entries, (_key("gemeente"), _key(municipality))]
    if differences:
        entries.append((_key("afwijkingen"), as_node(plain(differences))))
    root = MapNode(tuple(entries), layers.root.at)
    layers.origins.note(root, layers.origins.of(layers.root))
    return Layered(root, layers.origins, layers.files)


def _key(text: str) -> TextNode:
    return TextNode(text, True, NOWHERE, NOWHERE)


# --- decoding ---------------------------------------------------------------------------------------------------------


def _decode(layers: Layered, type_: type[T], file: str) -> T:
    root = layers.root
    if type_ is Product:
        root = MapNode(tuple(e for e in root.entries if e[0].text != "patroonversie"), root.at)
    try:
        return decode_node(root, type_, file)
    except SourceInvalid as error:
        raise SourceInvalid([_placed(e, root, layers.origins, file) for e in error.errors]) from None


def _placed(error: SourceError, root: Node, origins: Origins, file: str) -> SourceError:
    """The same error, with the file that the offending node came from and keys instead of numbers in its path."""
    node, path = root, []
    origin = origins.of(root, file)
    for part in error.path:
        below, shown = _below(node, part)
        path.append(shown)
        if below is None:
            continue
        node = below
        origin = origins.of(node, origin)
    return SourceError(origin, error.line, error.column, tuple(path), error.message)


def _below(node: Node, part: str | int) -> tuple[Node | None, str | int]:
    if isinstance(node, MapNode):
        return node.get(str(part)), part
    if isinstance(node, ListNode) and isinstance(part, int) and 0 < part <= len(node.items):
        item = node.items[part - 1]
        return item, identity(item) or part
    return None, part


# --- cache ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Entry:
    states: tuple[State, ...]
    resolved: Resolved


class _Cache:
    """What was resolved, by library, municipality, product and the deviations in force; checked against the disk."""

    LIMIT = 4096

    def __init__(self) -> None:
        self._entries: dict[tuple[object, ...], _Entry] = {}
        self._lock = threading.Lock()

    def get(
        self, found: Library, municipality: str, key: str, deviations: tuple[Deviation, ...], own: State | None
    ) -> Resolved | None:
        entry = self._entries.get(self._name(found, municipality, key, deviations, own))
        if entry is None or not all(found.unchanged(state) for state in entry.states):
            return None
        return entry.resolved

    def put(
        self,
        question: tuple[Library, str, str, tuple[Deviation, ...], State | None],
        files: Iterable[DefinitionFile],
        resolved: Resolved,
    ) -> None:
        with self._lock:
            if len(self._entries) >= self.LIMIT:
                self._entries.clear()
            self._entries[self._name(*question)] = _Entry(tuple(file.state for file in files), resolved)

    @staticmethod
    def _name(
        found: Library, municipality: str, key: str, deviations: tuple[Deviation, ...], own: State | None
    ) -> tuple[object, ...]:
        return (found.label, municipality, key, tuple(d.path for d in deviations), own)


_cache = _Cache()
