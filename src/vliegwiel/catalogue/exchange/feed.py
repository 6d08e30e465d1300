"""What a municipality gives to other installations: its own publications in their order, signed, and who it is.

What it got from elsewhere is not given on: each installation hears of a definition from who made it. Public: definitions hold no
personal data, and the names of those who prepared and approved them are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Max

from vliegwiel.base.errors import NotFound
from vliegwiel.base.models import Municipality
from vliegwiel.base.tenancy import scope
from vliegwiel.trust.keystore import keystore

from ..library import Library
from ..models import Kind, Publication
from ..versions.shelves import library_for
from . import bundle
from .bundle import Content, Page, Piece
from .pieces import piece_in, piece_of, with_needs

OWN = "eigen"
PAGE = 20
_MOST_TEXT = 4_000_000


@dataclass(frozen=True, slots=True)
class Who:
    """Who gives a feed. `keys`: public keys, the one in use first. `last`: the serial of what came last."""

    code: str
    name: str
    keys: tuple[str, ...]
    last: int


def who(municipality: str) -> Who:
    """The municipality as other installations know it."""
    return Who(municipality, name_of_municipality(municipality), public_keys(municipality), _last(municipality))


def public_keys(municipality: str) -> tuple[str, ...]:
    """The public keys of a municipality, the one in use first."""
    return tuple(bundle.public_text(key.public_key()) for key in keystore().exchange_signers(municipality))


def signed(content: Content) -> bytes:
    """Content as a bundle, signed by its publisher, which must be a municipality of this installation."""
    return bundle.make(content, keystore().exchange_signers(content.uitgever))


def page(municipality: str, after: int, *, kinds: Collection[str] = (), keys: Collection[str] = ()) -> bytes:
    """What was published (or deprecated) after a serial, as a signed page with all it rests on. Empty filters mean all."""
    last = _last(municipality)
    with scope(municipality):
        rows = Publication.objects.filter(municipality_id=municipality, origin=OWN, serial__gt=after, serial__lte=last)
        if kinds:
            rows = rows.filter(kind__in=sorted(kinds))
        if keys:
            rows = rows.filter(key__in=sorted(keys))
        chosen = _fitting(list(rows.order_by("serial")[: PAGE + 1]))
        more = bool(chosen) and rows.filter(serial__gt=chosen[-1].serial).exists()
        found = library_for(municipality)
        pieces = with_needs([piece_of(row, found) for row in chosen], found)
    until = chosen[-1].serial if more else last
    named = name_of_municipality(municipality)
    return signed(Content(pieces, municipality, blad=Page(more, after, until), naam=named))


def _fitting(rows: list[Publication]) -> list[Publication]:
    """As many of the first rows as make a page: a number of them, and not too much text."""
    chosen: list[Publication] = []
    size = 0
    for row in rows[:PAGE]:
        size += len(row.text)
        if chosen and size > _MOST_TEXT:
            break
        chosen.append(row)
    return chosen


def bundle_of(municipality: str, wanted: Collection[tuple[str, str]], *, alone: bool = False) -> bytes:
    """Definitions as they count for a municipality now (kind, key), signed, for a file. `alone`: without what they rest on.

    Of a variant that of the municipality. Raises `NotFound` for one that is not there.
    """
    with scope(municipality):
        found = library_for(municipality)
        pieces = [_found(found, municipality, kind, key) for kind, key in wanted]
        if not alone:
            pieces = with_needs(pieces, found)
    return signed(Content(pieces, municipality, naam=name_of_municipality(municipality)))


def _found(found: Library, municipality: str, kind: str, key: str) -> Piece:
    piece = piece_in(found, kind, key, municipality if kind == Kind.VARIANT else "")
    if piece is None:
        raise NotFound(f"Er is geen {kind} '{key}'.")
    return piece


def name_of_municipality(code: str) -> str:
    """Its name; its code where it is not known here."""
    return Municipality.objects.filter(code=code).values_list("name", flat=True).first() or code


def _last(municipality: str) -> int:
    with scope(municipality):
        own = Publication.objects.filter(municipality_id=municipality, origin=OWN)
        return own.aggregate(last=Max("serial"))["last"] or 0
