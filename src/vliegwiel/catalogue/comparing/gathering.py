"""What is compared, out of the library: products with their patterns, and the deviations of every municipality on a day."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import MapNode, SourceInvalid, TextNode
from vliegwiel.law.errors import LawNotFound, NotInForce

from ..lawbook import law_book
from ..library import Library
from ..merging.nodes import at_path
from ..resolve import layered
from .likeness import Features, features
from .rules import Term, compare_rules, laws_of
from .sidebyside import Comparison, Town, compare
from .words import subjects

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProductCompared:
    """A product over municipalities: its variants and the ordinances beside it."""

    key: str
    name: str
    version: str
    root: MapNode
    variants: Comparison
    terms: tuple[Term, ...]


def product_root(found: Library, key: str) -> MapNode:
    """A product complete with its pattern and blocks, without any variant. Raises `NotFound` and `SourceInvalid`."""
    file = found.product(key)
    if file is None:
        raise NotFound("Dit product kennen wij niet.")
    return layered(found, file, (), None).root


def towns_of(found: Library, key: str, on: date) -> tuple[Town, ...]:
    """The municipalities that have a variant of a product, with what of it holds on a day. A wrong file is left out."""
    towns = []
    for code in found.municipalities():
        try:
            variant = found.variant(code, key)
        except SourceInvalid:
            _log.warning("variant left out of a comparison", extra={"municipality": code, "product": key})
            continue
        if variant is not None:
            towns.append(Town(code, tuple(one for one in variant[0].deviations if one.holds(on))))
    return tuple(towns)


def compare_product(found: Library, key: str, on: date, extra: Iterable[Town] = ()) -> ProductCompared:
    """Everything that municipalities do otherwise with a product on a day. Raises `NotFound` and `SourceInvalid`."""
    root = product_root(found, key)
    own = {town.code: town for town in towns_of(found, key, on)} | {town.code: town for town in extra}
    about = subject_of(root)
    law = text_at(root, "wet", "naam")
    book = law_book()
    terms: tuple[Term, ...] = ()
    try:
        laws = laws_of(book, law, on)
        codes = sorted({*own, *(code for one in laws[:1] for code in book.ordinance_municipalities(one, on))})
        terms = compare_rules(book, laws, codes, on)
    except (LawNotFound, NotInForce):
        codes = sorted(own)
    towns = tuple(own.get(code, Town(code, ())) for code in codes)
    return ProductCompared(
        key, text_at(root, "naam"), text_at(root, "versie"), root, compare(root, towns, about), terms
    )


def subject_of(root: MapNode) -> str:
    """The subject whose own words count for a product: found in its name, its official name or its law."""
    said = " ".join(
        (text_at(root, "naam"), text_at(root, "upl", "naam"), text_at(root, "wet", "naam"), text_at(root, "sleutel"))
    ).lower()
    return next((subject for subject in subjects() if subject[:-2] in said), "")


def text_at(root: MapNode, *path: str) -> str:
    """A text in a definition, or nothing."""
    node = at_path(root, path)
    return node.text if isinstance(node, TextNode) else ""


def all_roots(found: Library) -> dict[str, MapNode]:
    """Every product that can be laid together, by key. One whose file is wrong is left out."""
    roots = {}
    for key in found.products():
        try:
            roots[key] = product_root(found, key)
        except (SourceInvalid, NotFound):
            _log.warning("product left out of a comparison", extra={"product": key})
    return roots


def product_features(roots: Mapping[str, MapNode]) -> dict[str, Features]:
    """What each product says, for likeness."""
    return {key: features(root) for key, root in roots.items()}


def town_features(compared: Iterable[ProductCompared]) -> dict[str, Features]:
    """What each municipality has of its own, over these products, for likeness: deviations, and what its ordinances fill in."""
    said: dict[str, set[str]] = {}
    for product in compared:
        for town in product.variants.towns:
            said.setdefault(town, set())
        for place in product.variants.places:
            for value in place.values:
                for town in value.towns:
                    said[town].add(f"{product.key}|{place.key}|{value.text}")
        for term in product.terms:
            for ruled in term.values:
                for town in ruled.towns:
                    said.setdefault(town, set()).add(f"{term.law}|{term.name}|{ruled.ruled.spelled}")
    return {town: {"eigen": frozenset(own)} for town, own in said.items()}


OWN_ONLY: Mapping[str, float] = {"eigen": 1.0}
"""The one part that municipalities are compared on."""
