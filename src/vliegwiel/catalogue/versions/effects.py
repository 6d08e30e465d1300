"""What a draft would do once it is published: shown to who offers it and to who approves it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from vliegwiel.base.clock import today
from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcefile import MapNode, Node, SourceInvalid, parse_source
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..adopting.outlook import Outlook, outlook
from ..library import Library
from ..merging import Change, Conflict, Merged, differences, merge
from ..models import Adoption, AdoptionMode, Draft
from ..resolve import resolve
from ..texts import with_text
from .checking import rests_on, users_of
from .queries import text_now, text_of
from .running import running_cases
from .shelves import headers, library_for, library_on, line_of
from .views import TextNow


@dataclass(frozen=True, slots=True)
class ProductEffect:
    """What the municipality itself runs of one product, before and after. `running`: open cases, which stay on what they have.

    `after` is empty where the product would be wrong. A product that is not `offered` counts for who starts with it.
    """

    product: str
    name: str
    offered: bool
    pinned: bool
    before: str
    after: str
    running: int

    @property
    def same(self) -> bool:
        """Whether nothing changes."""
        return self.before == self.after


@dataclass(frozen=True, slots=True)
class FollowerEffect:
    """What it does at a municipality that follows. `outlook` is None where it was not worked out (see `effect_of`)."""

    municipality: str
    product: str
    mode: str
    outlook: Outlook | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What publishing a draft does: the places that differ, the own products, and who follows."""

    changes: tuple[Change, ...]
    products: tuple[ProductEffect, ...]
    followers: tuple[FollowerEffect, ...]

    @property
    def running(self) -> int:
        """Open cases of products that change; they finish under what they were opened under."""
        return sum(one.running for one in self.products if not one.same)


def effect_of(actor: Staff, kind: str, key: str, *, followers: int = 20) -> Effect:
    """What publishing the draft would do. For at most `followers` municipalities it works out what becomes of their variants.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` when there is no draft, `SourceInvalid` when it cannot be read.
    """
    day, municipality = today(), actor.municipality
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=municipality)
        row = Draft.objects.filter(municipality_id=municipality, kind=kind, key=key).first()
        if row is None:
            raise NotFound("Er is geen concept.")
        changes = differences(_live(municipality, kind, key), parse_source(row.text, key).root)
        own = tuple(_products(row, day))
        following = () if row.owner else tuple(_followers(row, day, followers))
    return Effect(changes, own, following)


def _live(municipality: str, kind: str, key: str) -> Node:
    try:
        return parse_source(text_now(municipality, kind, key).text, key).root
    except NotFound:
        return MapNode((), parse_source("a: b", "").root.at)


def _products(row: Draft, day: date) -> Iterator[ProductEffect]:
    municipality = row.municipality_id
    base = library_for(municipality)
    written = with_text(base, row.kind, row.key, row.text, row.owner)
    products = (row.key,) if row.kind in ("product", "variant") else users_of(written, row.kind, row.key)
    offered = {one.product: one for one in Adoption.objects.filter(municipality_id=municipality).order_by("begin")}
    for product in products:
        adoption = offered.get(product)
        among = library_on(line_of(municipality, adoption), day)
        before, name = _hash(municipality, product, day, among)
        after, new_name = _hash(municipality, product, day, with_text(among, row.kind, row.key, row.text, row.owner))
        yield ProductEffect(
            product=product,
            name=new_name or name or product,
            offered=adoption is not None and (adoption.end is None or adoption.end >= day),
            pinned=adoption is not None and adoption.mode == AdoptionMode.PIN,
            before=before,
            after=after,
            running=sum(running_cases(municipality, product).values()),
        )


def _hash(municipality: str, product: str, day: date, among: Library) -> tuple[str, str]:
    try:
        found = resolve(municipality, product, day, among=among)
    except (SourceInvalid, NotFound):
        return "", ""
    return found.hash, found.name


def _followers(row: Draft, day: date, most: int) -> Iterator[FollowerEffect]:
    newest = max((one.number for one in headers(row.municipality_id) if not one.owner), default=0)
    rows = Adoption.everywhere.filter(publisher=row.municipality_id).order_by("municipality_id", "product")
    for adoption in rows:
        if adoption.end is not None and adoption.end < day:
            continue
        line = line_of(adoption.municipality_id, adoption)
        new = with_text(library_on(replace(line, upto=newest), day), row.kind, row.key, row.text)
        if (row.kind, row.key) not in rests_on(new, adoption.product):
            continue
        seen = None
        if most > 0:
            most -= 1
            seen = outlook(
                adoption.municipality_id, adoption.product, day, old=library_on(line, day), new=new, examples=False
            )  # fmt: skip
        yield FollowerEffect(adoption.municipality_id, adoption.product, adoption.mode, seen)


def meanwhile(actor: Staff, kind: str, key: str) -> tuple[Conflict, ...] | None:
    """What stands in the way of a draft whose live text got a newer version; None when there is no newer version.

    An empty tuple: `actions.catch_up` brings them together by itself. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`.
    """
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        row = Draft.objects.filter(municipality_id=actor.municipality, kind=kind, key=key).first()
        if row is None:
            raise NotFound("Er is geen concept.")
        live = text_now(actor.municipality, kind, key)
        return None if live.hash == row.base else brought_together(row, live).conflicts


def brought_together(row: Draft, live: TextNow) -> Merged:
    """A draft and what became live since it was begun, merged on what both came from."""
    text = (text_of(row.base, row.municipality_id) if row.base else None) or row.history[0]
    base, ours, theirs = (parse_source(one, row.key).root for one in (text, row.text, live.text))
    return merge(base, ours, theirs)
