"""What a municipality offers, how to find it, and the definition of a product.

Pages of products are public: these queries need no rights, only the municipality. They open the municipality's scope
themselves; inside a scope of the caller they join it.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

import msgspec

from vliegwiel.base.clock import today
from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import SourceInvalid, read_source
from vliegwiel.base.tenancy import scope
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from . import upl
from .canonical import Json, from_json
from .everyday import everyday_words
from .lawbook import law_book
from .library import DEFINITIONS
from .model import Difference, LeadTime, Product, Resolved, Source, Term
from .models import Adoption, AdoptionMode, ResolvedDefinition, Simulation, SimulationState
from .pricing import FeeQuote, fee
from .resolve import library, resolve
from .search import Index, entry
from .simulations import Question, Result
from .theme import DEFAULT, Theme, read_theme
from .versions.shelves import Line, library_on, line_of, mark_now
from .wording import render_known

_log = logging.getLogger(__name__)

UPL_PREFIX = "upl:"
NOT_ONLINE = "Dit kan nog niet online. Bel ons, dan helpen wij u."

__all__ = [
    "Adopted", "ProductCard", "ProductPage", "adoptions", "by_hash", "law_book", "offered", "product_for", "product_page",
    "search", "simulation", "simulations", "theme",
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
    """A product that a municipality offers. `mark` says at which moment of the catalogue this was so."""

    id: UUID
    product: str
    begin: date
    end: date | None
    mode: AdoptionMode
    pinned: str
    line: Line
    mark: UUID


def adoptions(municipality: str, on: date | None = None) -> tuple[Adopted, ...]:
    """What a municipality offers on a date (default today), by product."""
    day = on or today()
    with scope(municipality):
        rows = Adoption.objects.filter(begin__lte=day).order_by("product", "-begin")
        found: dict[str, Adoption] = {}
        for row in rows:
            found.setdefault(row.product, row)
        mark = mark_now()
    return tuple(_adopted(row, mark) for row in found.values() if row.end is None or row.end >= day)


def _adopted(row: Adoption, mark: UUID) -> Adopted:
    line = line_of(row.municipality_id, row)
    return Adopted(row.id, row.product, row.begin, row.end, AdoptionMode(row.mode), row.pinned, line, mark)


def offered(municipality: str, on: date | None = None) -> tuple[ProductCard, ...]:
    """The products a municipality offers online, by name."""
    day = on or today()
    cards = (_card_of(municipality, adopted, day) for adopted in adoptions(municipality, day))
    return tuple(sorted((card for card in cards if card), key=lambda card: card.name.casefold()))


def _card_of(municipality: str, adopted: Adopted, day: date) -> ProductCard | None:
    """The card of a product; None for one whose definition is wrong: that must not take the others along."""
    try:
        return _card(_resolved(municipality, adopted, day), day)
    except SourceInvalid as error:
        _log.error("definition cannot be used", extra={"product": adopted.product, "errors": len(error.errors)})
        return None


def product_for(municipality: str, key: str, on: date | None = None) -> Resolved:
    """The definition that new cases get. Raises `NotFound` when the municipality does not offer the product."""
    day = on or today()
    with scope(municipality):
        row = Adoption.objects.filter(product=key, begin__lte=day).order_by("-begin").first()
        mark = mark_now()
    if row is None or (row.end is not None and row.end < day):
        raise NotFound("Deze gemeente biedt dit product niet online aan.")
    return _resolved(municipality, _adopted(row, mark), day)


def _resolved(municipality: str, adopted: Adopted, day: date) -> Resolved:
    if adopted.mode is AdoptionMode.PIN and adopted.pinned:
        return by_hash(municipality, adopted.pinned)
    return resolve(municipality, adopted.product, day, among=library_on(adopted.line, day, adopted.mark))


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
    known = library().products()
    found = _index((*_findable(online), *_own(municipality, online, day)), _findable(known)).find(text, limit)
    cards = (
        _not_online(entry_.key.removeprefix(UPL_PREFIX))
        if entry_.key.startswith(UPL_PREFIX)
        else _card_of(municipality, online[entry_.key], day)
        for entry_, _ in found
    )
    return [card for card in cards if card is not None]


def _not_online(name: str) -> ProductCard:
    product = upl.product(name)
    shown = product.naam[:1].upper() + product.naam[1:]
    return ProductCard("", shown, "", "", "", False, product.naam, product.uri, NOT_ONLINE, True)


@dataclass(frozen=True, slots=True)
class _Findable:
    """What a product is found by; the deviations of a municipality do not change how people call it."""

    key: str
    name: str
    upl: str
    uri: str
    summary: str
    words: tuple[str, ...]


def _findable(keys: Iterable[str]) -> tuple[_Findable, ...]:
    found = []
    for key in sorted(keys):
        try:
            product = resolve("GM0000", key, today())
        except (SourceInvalid, NotFound):
            continue
        found.append(_found_by(product))
    return tuple(found)


def _own(municipality: str, online: Mapping[str, Adopted], day: date) -> tuple[_Findable, ...]:
    """Products that are offered and do not come with the package."""
    package = library()
    found = []
    for key, adopted in sorted(online.items()):
        if package.product(key) is None:
            try:
                found.append(_found_by(_resolved(municipality, adopted, day)))
            except (SourceInvalid, NotFound):
                continue
    return tuple(found)


def _found_by(product: Product) -> _Findable:
    upl_, page = product.upl, product.page
    return _Findable(product.key, product.name, upl_.name, upl_.uri, page.summary, product.search_words)


@functools.lru_cache(maxsize=64)
def _index(online: tuple[_Findable, ...], known: tuple[_Findable, ...]) -> Index:
    """The search index for a set of products online; many municipalities share one.

    The words of a product that others have online count where it is not online too.
    """
    words = everyday_words()
    entries = [
        entry(one.key, one.name, [*one.words, one.upl, *words.get(one.upl, ())], one.summary, boost=0.15)
        for one in online
    ]
    covered = {one.uri for one in online}
    elsewhere = {one.uri: (one.name, *one.words) for one in known}
    for product in upl.producten():
        if product.uri not in covered:
            extra = [*words.get(product.naam, ()), *elsewhere.get(product.uri, ())]
            entries.append(entry(f"{UPL_PREFIX}{product.naam}", product.naam, extra))
    return Index(tuple(entries))


# --- calculations for a population ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SimulationCard:
    """A calculation in the list. `own`: started by who looks."""

    id: UUID
    title: str
    law: str
    law_name: str
    state: str
    state_label: str
    share: int
    created_at: datetime
    finished_at: datetime | None
    by: str
    own: bool
    sentence: str
    ended: bool
    stopping: bool


@dataclass(frozen=True, slots=True)
class SimulationPage:
    """A calculation with what was asked and what came out (None until it is done). `book` says which text of the laws it used."""

    card: SimulationCard
    question: Question
    result: Result | None
    book: str


def simulations(actor: Staff, limit: int = 100) -> tuple[SimulationCard, ...]:
    """The calculations of a municipality, newest first. Needs `DEFINITIE_BEHEREN`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        found = Simulation.objects.filter(municipality_id=actor.municipality).defer("result", "question")
        return tuple(_simulation_card(row, actor) for row in found.order_by("-created_at")[:limit])


def simulation(actor: Staff, id_: UUID) -> SimulationPage:
    """One calculation. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        row = Simulation.objects.filter(municipality_id=actor.municipality, id=id_).first()
    if row is None:
        raise NotFound("Deze berekening is er niet (meer).")
    result = msgspec.convert(row.result, Result) if row.result is not None else None
    return SimulationPage(_simulation_card(row, actor), msgspec.convert(row.question, Question), result, row.book)


def _simulation_card(row: Simulation, actor: Staff) -> SimulationCard:
    return SimulationCard(
        id=row.id,
        title=row.title,
        law=row.law,
        law_name=row.law_name,
        state=row.state,
        state_label=SimulationState(row.state).label,
        share=100 * row.done // row.total if row.total else 0,
        created_at=row.created_at,
        finished_at=row.finished_at,
        by=row.subject_name,
        own=row.subject == actor.subject,
        sentence=row.sentence,
        ended=row.ended,
        stopping=row.stop and not row.ended,
    )


# --- look -------------------------------------------------------------------------------------------------------------


def theme(municipality: str) -> Theme:
    """The five tokens of a municipality's house style; the default where it has none. Raises `SourceInvalid`."""
    return _themes().get(municipality, DEFAULT)


@functools.cache
def _themes() -> dict[str, Theme]:
    folder = DEFINITIONS / "huisstijl"
    themes = (read_theme(read_source(path, f"huisstijl/{path.name}")) for path in sorted(folder.glob("*.yaml")))
    return {found.municipality: found for found in themes}
