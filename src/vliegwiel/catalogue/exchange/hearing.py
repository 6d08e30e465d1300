"""Hear what other installations published: ask their feed page by page, check it, and lay it ready for a person.

Asking happens outside any transaction; each page that holds is written in one of its own, together with how far we are.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode
from uuid import UUID

import msgspec

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Invalid, NotFound, Unavailable, VliegwielError
from vliegwiel.base.tenancy import scope
from vliegwiel.base.typed import prepare

from ..models import Peer, Received, ReceivedState
from ..texts import version_key
from ..versions.queries import text_of
from . import bundle, fetching
from .bundle import BundleRefused, Content, Piece

_log = logging.getLogger(__name__)

MOST_PAGES = 50
"""Pages in one go; the rest comes the next time."""
MOST_WAITING = 2_000
"""What lies ready from one peer and nobody looked at. More is not taken in."""


@dataclass(frozen=True, slots=True)
class Heard:
    """How it went. `fresh`: what lies ready now and did not before. `cursor`: up to which serial we heard."""

    pages: int
    fresh: int
    cursor: int


def pull(municipality: str, peer: UUID) -> Heard:
    """Take in what a peer published since the last time. Runs outside a transaction.

    Raises `NotFound`, `Unavailable`, `AddressRefused` and `BundleRefused`; what went wrong is kept with the peer too.
    """
    pages = fresh = 0
    try:
        while True:
            one = _peer(municipality, peer)
            content, mark = ask(one)
            fresh += _take_in(municipality, one, content, mark)
            pages += 1
            if content.blad is None or not content.blad.meer or pages >= MOST_PAGES:
                break
    except VliegwielError as error:
        _failed(municipality, peer, error.sentence)
        raise
    with scope(municipality):
        moment = now()
        Peer.objects.filter(id=peer).update(last_pull_at=moment, last_ok_at=moment, last_error="", failures=0)
        return Heard(pages, fresh, Peer.objects.values_list("cursor", flat=True).get(id=peer))


def pull_by_clock(municipality: str, peer: UUID) -> None:
    """As `pull`, for the worker: what goes wrong is kept with the peer, and the next hour tries again."""
    try:
        pull(municipality, peer)
    except VliegwielError as error:
        _log.warning("peer not heard", extra={"municipality": municipality, "peer": str(peer), "error": error.code})


def _peer(municipality: str, peer: UUID) -> Peer:
    with scope(municipality):
        found = Peer.objects.filter(id=peer).first()
    if found is None:
        raise NotFound("Deze gemeente volgt u niet (meer).")
    return found


def ask(one: Peer) -> tuple[Content, str]:
    """The next page of a peer, and the fingerprint of its bytes. Raises as `pull`."""
    asked = [("na", str(one.cursor)), *(("soort", k) for k in one.kinds), *(("sleutel", k) for k in one.keys)]
    answer = fetching.fetch(f"{one.url}/stukken?{urlencode(asked)}", most=bundle.MOST_BYTES)
    if answer.status != 200:
        raise Unavailable(f"{one.name} geeft geen definities ({answer.status}).", retry_after=300)
    content = bundle.read(answer.body, {one.public_key})
    blad = content.blad
    if content.uitgever != one.code:
        raise BundleRefused(f"Dit komt van {content.uitgever}, niet van {one.name}. Kijk het adres na.")
    if blad is None or blad.na != one.cursor or (blad.meer and blad.tot <= blad.na):
        raise BundleRefused(f"{one.name} geeft een ander deel dan wij vroegen. Probeer het later opnieuw.")
    return content, bundle.fingerprint(answer.body)


def _take_in(municipality: str, one: Peer, content: Content, mark: str) -> int:
    blad = content.blad
    with scope(municipality):
        row = Peer.objects.select_for_update().filter(id=one.id).first()
        if row is None or blad is None or row.cursor != one.cursor:
            raise Unavailable("Iemand anders haalt op dit moment hetzelfde op.", retry_after=30)
        waiting = Received.objects.filter(peer_id=one.id, state=ReceivedState.NEW).count()
        if waiting + len(content.stukken) > MOST_WAITING:
            raise Unavailable(
                f"Er liggen al {waiting} definities van {one.name} klaar. Kijk die eerst na.", retry_after=3600
            )
        fresh = sum(
            _keep(municipality, one, content.uitgever, piece, mark) for piece in content.stukken if _wanted(one, piece)
        )
        # The other installation began anew: hear it from the start. What we have is not taken in twice.
        row.cursor = blad.tot if blad.tot >= blad.na else 0
        row.save(update_fields=["cursor"])
        return fresh


def _wanted(one: Peer, piece: Piece) -> bool:
    if piece.meegeleverd:
        return True
    return (not one.kinds or piece.soort in one.kinds) and (not one.keys or piece.sleutel in one.keys)


def _keep(municipality: str, one: Peer, publisher: str, piece: Piece, mark: str) -> bool:
    """Lay a piece ready. Whether it is new here."""
    rows = Received.objects.filter(peer_id=one.id, kind=piece.soort, key=piece.sleutel, owner=piece.gemeente)
    known = rows.filter(hash=piece.hash).first()
    if known is not None and piece.meegeleverd:
        return False
    if known is not None:
        known.deprecated_from, known.deprecated_until = _day(piece.vervalt_vanaf), _day(piece.vervalt_tot)
        known.save(update_fields=["deprecated_from", "deprecated_until"])
        return False
    here = text_of(piece.hash, municipality) is not None
    if here and piece.meegeleverd:
        return False
    for older in rows.filter(state=ReceivedState.NEW):
        if version_key(older.version) <= version_key(piece.versie):
            older.state = ReceivedState.REPLACED
            older.save(update_fields=["state"])
    Received.objects.create(
        municipality_id=municipality,
        peer_id=one.id,
        publisher=publisher,
        kind=piece.soort,
        key=piece.sleutel,
        owner=piece.gemeente,
        version=piece.versie,
        hash=piece.hash,
        text=piece.tekst,
        parents=list(piece.ouders),
        summary=piece.samenvatting,
        reason=piece.reden,
        published_at=_moment(piece.gepubliceerd),
        deprecated_from=_day(piece.vervalt_vanaf),
        deprecated_until=_day(piece.vervalt_tot),
        needs=msgspec.to_builtins(piece.rust_op),
        bundle=mark,
        received_at=now(),
        state=ReceivedState.ACCEPTED if here else ReceivedState.NEW,
        note=_note(piece, here=here),
    )
    return not here


def _note(piece: Piece, *, here: bool) -> str:
    if here:
        return "Deze tekst stond hier al."
    return "Meegekomen omdat iets anders hierop rust." if piece.meegeleverd else ""


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BundleRefused(f"'{text}' is geen dag.") from error


def _moment(text: str) -> datetime:
    """When it was published there; now where it does not say."""
    try:
        found = datetime.fromisoformat(text) if text else now()
    except ValueError as error:
        raise BundleRefused(f"'{text}' is geen tijdstip.") from error
    return found if found.tzinfo is not None else now()


def _failed(municipality: str, peer: UUID, sentence: str) -> None:
    with scope(municipality):
        row = Peer.objects.select_for_update().filter(id=peer).first()
        if row is not None:
            row.last_pull_at, row.last_error, row.failures = now(), sentence[:1000], row.failures + 1
            row.save(update_fields=["last_pull_at", "last_error", "failures"])


class _Told(msgspec.Struct):
    gemeente: str = ""
    naam: str = ""
    sleutels: list[str] = []


prepare(_Told)


@dataclass(frozen=True, slots=True)
class Introduced:
    """Who an address says it is. A person compares the key with what the other municipality said by telephone or on paper."""

    code: str
    name: str
    keys: Sequence[str]


def meet(url: str) -> Introduced:
    """Ask an address who it is. Raises `AddressRefused`, `Unavailable` and `Invalid`."""
    answer = fetching.fetch(f"{url.rstrip('/')}/", most=100_000)
    try:
        told = msgspec.json.decode(answer.body, type=_Told) if answer.status == 200 else _Told()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = _Told()
    if not told.gemeente or not told.sleutels:
        raise Invalid("Op dit adres staat geen uitwisseling van definities. Het adres eindigt op /uitwisseling/v1.")
    return Introduced(
        told.gemeente[:6], told.naam[:120], [bundle.public_text(bundle.public_key(k)) for k in told.sleutels[:8]]
    )
