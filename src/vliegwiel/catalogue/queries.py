"""What a municipality offers, how to find it, and the definition of a product.

Pages of products are public: these queries need no rights, only the municipality. They open the municipality's scope
themselves; inside a scope of the caller they join it.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from vliegwiel.base.clock import today
from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import read_source
from vliegwiel.base.tenancy import scope

from . import upl
from .canonical import Json, from_json
from .everyday import everyday_words
from .lawbook import law_book
from .library import DEFINITIONS
from .model import Difference, LeadTime, Resolved, Source, Term
from .models import Adoption, AdoptionMode, ResolvedDefinition
from .pricing import FeeQuote, fee
from .resolve import library, resolve
from .search import Entry, Index, entry
from .theme import DEFAULT, Theme, read_theme
from .wording import render_known

UPL_PREFIX = "upl:"
NOT_ONLINE = "Dit kan nog niet online. Bel ons, dan helpen wij u."

__all__ = [
    "Adopted", "ProductCard", "ProductPage", "adoptions", "by_hash", "law_book", "offered", "product_for", "product_page",
    "search", "theme",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product in a list. `key` is empty when it is not `online`; `cost` and `duration` are short texts, perhaps empty.

    verified: whether the price rests on verified facts.
    """

    key: str
    name: str
    summary: str
    cost: str
    duration: str
    online: bool
    upl_name: str
    upl_uri: str
    note: str
    verified: bool


@dataclass(frozen=True, slots=True)
class ProductPage:
    """All that a product page tells before login. Texts are filled in; `fee` holds the price with its parts."""

    card: ProductCard
    resolved: Resolved
    what: str
    cost: str
    duration: str
    needed: tuple[str, ...]
    good_to_know: tuple[str, ...]
    fee: FeeQuote
    decide: Term
    service: tuple[LeadTime, ...]
    has_precheck: bool
    sources: tuple[Source, ...]
    differences: tuple[Difference, ...]
    unverified: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adopted:
    """A product that a municipality offers."""

    id: UUID
    product: str
    begin: date
    end: date | None
    mode: AdoptionMode
    pinned: str


def adoptions(municipality: str, on: date | None = None) -> tuple[Adopted, ...]:
    """What a municipality offers on a date (default today), by product."""
    day = on or today()
    with scope(municipality):
        rows = Adoption.objects.filter(begin__lte=day).order_by("product", "-begin")
        found: dict[str, Adoption] = {}
        for row in rows:
            found.setdefault(row.product, row)
    return tuple(_adopted(row) for row in found.values() if row.end is None or row.end >= day)


def _adopted(row: Adoption) -> Adopted:
    return Adopted(row.id, row.product, row.begin, row.end, AdoptionMode(row.mode), row.pinned)


def offered(municipality: str, on: date | None = None) -> tuple[ProductCard, ...]:
    """The products a municipality offers online, by name."""
    day = on or today()
    cards = (_card(_resolved(municipality, adopted, day), day) for adopted in adoptions(municipality, day))
    return tuple(sorted(cards, key=lambda card: card.name.casefold()))


def product_for(municipality: str, key: str, on: date | None = None) -> Resolved:
    """The definition that new cases get. Raises `NotFound` when the municipality does not offer the product."""
    day = on or today()
    with scope(municipality):
        row = Adoption.objects.filter(product=key, begin__lte=day).order_by("-begin").first()
    if row is None or (row.end is not None and row.end < day):
        raise NotFound("Deze gemeente biedt dit product niet online aan.")
    return _resolved(municipality, _adopted(row), day)


def _resolved(municipality: str, adopted: Adopted, day: date) -> Resolved:
    if adopted.mode is AdoptionMode.PIN and adopted.pinned:
        return by_hash(municipality, adopted.pinned)
    return resolve(municipality, adopted.product, day)


def by_hash(municipality: str, hash_: str) -> Resolved:
    """The definition that a case was opened under. Raises `NotFound`."""
    kept = _by_hash.get((municipality, hash_))
    if kept is not None:
        return kept
    with scope(municipality):
        content = ResolvedDefinition.objects.filter(hash=hash_).values_list("content", flat=True).first()
    if content is None:
        raise NotFound("Deze definitie is er niet (meer).")
    found = from_json(cast(dict[str, Json], content))
    remember(found)
    return found


_by_hash: dict[tuple[str, str], Resolved] = {}
_MOST_KEPT = 2048


def remember(definition: Resolved) -> None:
    """Keep a stored definition at hand: it can never change."""
    if len(_by_hash) >= _MOST_KEPT:
        _by_hash.clear()
    _by_hash[(definition.municipality, definition.hash)] = definition


def product_page(municipality: str, key: str, on: date | None = None) -> ProductPage:
    """The page of a product that is offered. Raises `NotFound`."""
    day = on or today()
    resolved = product_for(municipality, key, day)
    quote = fee(resolved, day)
    page = resolved.page
    unverified = [str(d.basis or d.reason) for d in resolved.differences if not d.verified]
    unverified += [f"{line.name} ({line.article})" for line in quote.lines if not line.verified]
    unverified += [source.name for source in resolved.sources if not source.verified]
    return ProductPage(
        card=_card(resolved, day),
        resolved=resolved,
        what=page.what,
        cost=_filled(page.cost, quote),
        duration=_filled(page.duration, quote),
        needed=page.needed,
        good_to_know=page.good_to_know,
        fee=quote,
        decide=resolved.terms.decide,
        service=resolved.terms.service,
        has_precheck=resolved.precheck is not None,
        sources=resolved.sources,
        differences=resolved.differences,
        unverified=tuple(dict.fromkeys(unverified)),
    )


def _filled(text: str, quote: FeeQuote) -> str:
    return render_known(text, {"kosten": quote.text}, "een bedrag dat wij nog uitrekenen")


def _card(resolved: Resolved, day: date) -> ProductCard:
    quote = fee(resolved, day)
    online = next((lead.span for lead in resolved.terms.service if lead.key == "internet"), None)
    return ProductCard(
        key=resolved.key,
        name=resolved.name,
        summary=resolved.page.summary,
        cost=quote.text,
        duration=f"klaar in {online}" if online else "",
        online=True,
        upl_name=resolved.upl.name,
        upl_uri=resolved.upl.uri,
        note="",
        verified=quote.verified,
    )


# --- search -----------------------------------------------------------------------------------------------------------


def search(municipality: str, text: str, limit: int = 20) -> list[ProductCard]:
    """Products that fit what somebody typed, best first: those online, and official products that are not online yet."""
    day = today()
    online = {adopted.product: adopted for adopted in adoptions(municipality, day)}
    index = _index(tuple(sorted(online)), tuple(library().products()))
    cards = []
    for found, _ in index.find(text, limit):
        if found.key.startswith(UPL_PREFIX):
            cards.append(_not_online(found.key.removeprefix(UPL_PREFIX)))
        else:
            cards.append(_card(_resolved(municipality, online[found.key], day), day))
    return cards


def _not_online(name: str) -> ProductCard:
    product = upl.product(name)
    shown = product.naam[:1].upper() + product.naam[1:]
    return ProductCard("", shown, "", "", "", False, product.naam, product.uri, NOT_ONLINE, True)


@functools.lru_cache(maxsize=64)
def _index(online: tuple[str, ...], known: tuple[str, ...]) -> Index:
    """The search index for a set of products online; many municipalities share one. Words are those of the product."""
    entries = list(_online_entries(online))
    covered = {uri for key in online if (uri := _upl_uri(key))}
    words = everyday_words()
    for product in upl.producten():
        if product.uri not in covered:
            extra = [*words.get(product.naam, ()), *_words_of_uri(product.uri, known)]
            entries.append(entry(f"{UPL_PREFIX}{product.naam}", product.naam, extra))
    return Index(tuple(entries))


def _online_entries(keys: Iterable[str]) -> Iterable[Entry]:
    words = everyday_words()
    for key in keys:
        found = _national(key)
        other = [*found.search_words, found.upl, *words.get(found.upl, ())]
        yield entry(key, found.name, other, found.summary, boost=0.15)


@dataclass(frozen=True, slots=True)
class _Findable:
    name: str
    upl: str
    uri: str
    summary: str
    search_words: tuple[str, ...]


def _national(key: str) -> _Findable:
    """What a product is found by; the deviations of a municipality do not change how people call it."""
    product = resolve("GM0000", key, today())
    return _Findable(product.name, product.upl.name, product.upl.uri, product.page.summary, product.search_words)


def _upl_uri(key: str) -> str:
    return _national(key).uri


def _words_of_uri(uri: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a product that others have online count where it is not online too."""
    for key in known:
        found = _national(key)
        if found.uri == uri:
            return (found.name, *found.search_words)
    return ()


# --- look -------------------------------------------------------------------------------------------------------------


def theme(municipality: str) -> Theme:
    """The five tokens of a municipality's house style; the default where it has none. Raises `SourceInvalid`."""
    return _themes().get(municipality, DEFAULT)


@functools.cache
def _themes() -> dict[str, Theme]:
    folder = DEFINITIONS / "huisstijl"
    themes = (read_theme(read_source(path, f"huisstijl/{path.name}")) for path in sorted(folder.glob("*.yaml")))
    return {found.municipality: found for found in themes}
