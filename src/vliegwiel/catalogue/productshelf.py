"""All products on one shelf: those that run and those that are still a UPL name, with what a municipality does with each."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from vliegwiel.base.clock import today
from vliegwiel.base.sourcefile import ListNode, MapNode, Node, SourceInvalid, TextNode

from . import upl
from .everyday import everyday_words
from .library import DefinitionFile, Library, header
from .queries import Adopted, adoptions
from .search import Index, entry
from .upl import UplProduct
from .versions.shelves import library_for


class Standing(StrEnum):
    """How far a product is, for a municipality."""

    OFFERED = "aangeboden"
    READY = "klaar"
    CONCEPT = "concept"


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A product on the shelf. `key` is empty for a concept; `deviations` None where the municipality has no variant.

    `bases`: legal bases by the UPL (of July 2023, not verified); `since`: offered since.
    """

    key: str
    name: str
    upl_name: str
    upl_uri: str
    summary: str
    pattern: str
    version: str
    standing: Standing
    since: date | None
    mode: str
    deviations: int | None
    bases: tuple[str, ...]
    for_whom: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; empty means all."""

    text: str = ""
    standing: str = ""
    pattern: str = ""
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class ProductShelf:
    """What was found, and of how many."""

    rows: tuple[ShelfRow, ...]
    total: int
    offered: int
    ready: int
    concepts: int
    patterns: tuple[str, ...]


def product_shelf(municipality: str, wanted: Wanted) -> ProductShelf:
    """The shelf as a municipality sees it. Best first where something is searched, else what it offers first, by name."""
    every = _rows(municipality)
    ordered = _searched(every, wanted.text) if wanted.text.strip() else every
    fits = tuple(
        row
        for row in ordered
        if (not wanted.standing or row.standing == wanted.standing)
        and (not wanted.pattern or row.pattern == wanted.pattern)
        and (not wanted.for_whom or wanted.for_whom in row.for_whom)
    )
    count = {standing: sum(row.standing is standing for row in every) for standing in Standing}
    return ProductShelf(
        fits,
        len(every),
        count[Standing.OFFERED],
        count[Standing.READY],
        count[Standing.CONCEPT],
        tuple(sorted({row.pattern for row in every if row.pattern})),
    )


def _rows(municipality: str) -> tuple[ShelfRow, ...]:
    found = library_for(municipality)
    offered = {one.product: one for one in adoptions(municipality, today())}
    rows = [
        _executable(found, municipality, file, offered.get(key))
        for key in found.products()
        if (file := _file(found, key)) is not None
    ]
    covered = {row.upl_uri for row in rows}
    rows += [_concept(product) for product in upl.producten() if product.uri not in covered]
    order = list(Standing)
    return tuple(sorted(rows, key=lambda row: (order.index(row.standing), row.name.casefold())))


def _file(found: Library, key: str) -> DefinitionFile | None:
    try:
        return found.product(key)
    except SourceInvalid:
        return None


def _executable(found: Library, municipality: str, file: DefinitionFile, adopted: Adopted | None) -> ShelfRow:
    key, named = header(file, "sleutel"), file.root.get("upl")
    uri = _text(named, "uri")
    official = next((one for one in upl.producten() if one.uri == uri), None)
    return ShelfRow(
        key=key,
        name=header(file, "naam"),
        upl_name=_text(named, "naam"),
        upl_uri=uri,
        summary=_text(file.root.get("pagina"), "samenvatting"),
        pattern=_text(file.root.get("patroon"), "sleutel"),
        version=header(file, "versie"),
        standing=Standing.OFFERED if adopted else Standing.READY,
        since=adopted.begin if adopted else None,
        mode=adopted.mode.label if adopted else "",
        deviations=_deviations(found, municipality, key),
        bases=_bases(official),
        for_whom=_for_whom(official),
        words=tuple(_items(file.root.get("zoekwoorden"))),
    )


def _concept(product: UplProduct) -> ShelfRow:
    name = product.naam[:1].upper() + product.naam[1:]
    return ShelfRow(
        "", name, product.naam, product.uri, "", "", "", Standing.CONCEPT, None, "", None, _bases(product),
        _for_whom(product),
    )  # fmt: skip


def _bases(product: UplProduct | None) -> tuple[str, ...]:
    return tuple(basis.label for basis in product.grondslagen) if product else ()


def _for_whom(product: UplProduct | None) -> str:
    if product is None:
        return ""
    parts = [word for word, holds in (("inwoner", product.voor_burger), ("ondernemer", product.voor_bedrijf)) if holds]
    return " en ".join(parts)


def _deviations(found: Library, municipality: str, key: str) -> int | None:
    file = found.variant_file(municipality, key)
    listed = file.root.get("afwijkingen") if file is not None else None
    return (len(listed.items) if isinstance(listed, ListNode) else 0) if file is not None else None


def _text(node: Node | None, key: str) -> str:
    found = node.get(key) if isinstance(node, MapNode) else None
    return found.text if isinstance(found, TextNode) else ""


def _items(node: Node | None) -> Iterable[str]:
    return (item.text for item in node.items if isinstance(item, TextNode)) if isinstance(node, ListNode) else ()


def _searched(rows: tuple[ShelfRow, ...], text: str) -> tuple[ShelfRow, ...]:
    by_name = {row.key or row.upl_uri: row for row in rows}
    return tuple(by_name[found.key] for found, _ in _index(rows).find(text, 100))


@functools.lru_cache(maxsize=32)
def _index(rows: tuple[ShelfRow, ...]) -> Index:
    words = everyday_words()
    boosts = {Standing.OFFERED: 0.15, Standing.READY: 0.1, Standing.CONCEPT: 0.0}
    return Index(
        tuple(
            entry(
                row.key or row.upl_uri,
                row.name,
                [*row.words, row.upl_name, *words.get(row.upl_name, ())],
                row.summary,
                boost=boosts[row.standing],
            )
            for row in rows
        )
    )
