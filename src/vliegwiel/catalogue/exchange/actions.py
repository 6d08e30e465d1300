"""Whom a municipality hears from, and what it does with what it heard. Nothing is used before a person took it over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..library import Library, header
from ..models import Kind, Peer, Received, ReceivedState
from ..texts import version_key
from ..versions import actions as versions
from ..versions.numbering import next_version
from ..versions.queries import file_in, text_now
from ..versions.shelves import library_for
from ..versions.views import Published
from . import bundle, fetching, hearing
from .feed import name_of_municipality
from .pieces import ORDER

MOST_PEERS = 400
_FIRST = "1.0.0"


def add_peer(
    actor: Staff, *, code: str, url: str, public_key: str, kinds: Sequence[str] = (), keys: Sequence[str] = ()
) -> UUID:
    """Hear from a municipality on another installation; gives the id. Nothing is asked yet.

    `public_key` is what the other municipality told by another way than this address. Needs `DEFINITIE_BEHEREN`. Raises `Invalid`
    with what is wrong per field, and `Conflict` when it is heard already.
    """
    wrong: list[InvalidParam] = []
    address = url.strip().rstrip("/")
    key = _key(public_key, wrong)
    try:
        fetching.check_address(address)
    except fetching.AddressRefused as error:
        wrong.append(InvalidParam("url", "address", error.sentence))
    if not (len(code) == 6 and code.startswith("GM") and code[2:].isdigit()) or code == actor.municipality:
        wrong.append(InvalidParam("code", "code", "Geef de code van een andere gemeente, als GM0546."))
    unknown = sorted(set(kinds) - set(Kind.values))
    if unknown:
        wrong.append(InvalidParam("kinds", "choice", f"Kies uit: {', '.join(Kind.values)}."))
    if wrong:
        raise Invalid("Kijk na wat u invulde.", invalid=wrong)
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        mine = Peer.objects.filter(municipality_id=actor.municipality)
        if mine.filter(url=address).exists():
            raise Conflict("Dit adres volgt u al.")
        if mine.count() >= MOST_PEERS:
            raise Conflict(f"U volgt al {MOST_PEERS} gemeenten. Stop eerst met een andere.")
        row = Peer.objects.create(
            municipality_id=actor.municipality,
            code=code,
            name=name_of_municipality(code),
            url=address,
            public_key=key,
            kinds=sorted(set(kinds)),
            keys=sorted(set(keys)),
            added_by=actor.subject,
            added_by_name=actor.name,
            added_at=now(),
        )
        _tell(actor, "uitwisseling.gevolgd", {"gemeente": code, "adres": address, "sleutel": key})
        return row.id


def _key(text: str, wrong: list[InvalidParam]) -> str:
    try:
        return bundle.public_text(bundle.public_key(text))
    except Invalid as error:
        wrong.append(InvalidParam("public_key", "key", error.sentence))
        return ""


def set_peer(actor: Staff, peer: UUID, *, active: bool | None = None, public_key: str | None = None) -> None:
    """Stop or go on hearing from a peer, or believe another key from now on (a person compared it).

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound` and `Invalid`.
    """
    wrong: list[InvalidParam] = []
    key = _key(public_key, wrong) if public_key is not None else None
    if wrong:
        raise Invalid("Kijk na wat u invulde.", invalid=wrong)
    with scope_of(actor):
        row = _peer(actor, peer)
        if active is not None:
            row.active = active
        if key is not None:
            row.public_key = key
        row.save(update_fields=["active", "public_key"])
        _tell(actor, "uitwisseling.gewijzigd", {"gemeente": row.code, "volgt": row.active, "sleutel": row.public_key})


def remove_peer(actor: Staff, peer: UUID) -> None:
    """Hear no more from a peer and throw away what lies ready from it. What was taken over stays. Raises `NotFound`."""
    with scope_of(actor):
        row = _peer(actor, peer)
        code = row.code
        row.delete()
        _tell(actor, "uitwisseling.gestopt", {"gemeente": code})


def pull_now(actor: Staff, peer: UUID) -> hearing.Heard:
    """Ask a peer at once, outside any transaction. Needs `DEFINITIE_BEHEREN`. Raises as `hearing.pull`."""
    with scope_of(actor):
        _peer(actor, peer)
    return hearing.pull(actor.municipality, peer)


def accept_received(actor: Staff, received: UUID) -> tuple[Published, ...]:
    """Take over what a peer published, with what it rests on as far as we do not have it; all or nothing.

    Needs `DEFINITIE_BEHEREN`; the publisher prepared it, the actor is the second person. Raises `NotFound`, `Conflict` (decided
    already, something it rests on is missing, this version is here with another text) and `Invalid` (examples fail here).
    """
    with scope_of(actor):
        row = _received(actor, received)
        if row.state != ReceivedState.NEW:
            raise Conflict(f"Hier is al over beslist: {ReceivedState(row.state).label}.")
        if row.deprecated_until is not None and row.deprecated_until < today():
            raise Conflict(f"Deze versie geldt niet meer sinds {row.deprecated_until}. Neem een nieuwere over.")
        _above_ours(actor.municipality, row)
        chain = _chain(actor, row, library_for(actor.municipality))
        return tuple(_publish(actor, one) for one in chain)


def _above_ours(municipality: str, row: Received) -> None:
    """Refuse a version that ours would stay above: it would be published here and count nowhere."""
    try:
        ours = text_now(municipality, row.kind, row.key)
    except NotFound:
        return
    if ours.source == municipality and row.version and version_key(ours.version) >= version_key(row.version):
        raise Conflict(
            f"U hebt zelf al versie {ours.version}, en die blijft dan gelden. Begin een concept met deze tekst, "
            "en publiceer dat als nieuwe versie."
        )


def _chain(actor: Staff, row: Received, found: Library) -> list[Received]:
    """What must be taken over for a row, in order, the row itself last."""
    chosen: dict[UUID, Received] = {row.id: row}
    pending = [row]
    while pending:
        for need in pending.pop().needs:
            if need["soort"] == "wet" or _met(found, need):
                continue
            rows = Received.objects.select_for_update().filter(
                peer_id=row.peer_id, kind=need["soort"], key=need["sleutel"]
            )
            other = rows.filter(hash=need["hash"], state=ReceivedState.NEW).first()
            if other is None and file_in(found, need["soort"], need["sleutel"], "") is None:
                told = f"{need['soort']} '{need['sleutel']}' {need['versie']}".strip()
                raise Conflict(
                    f"Dit rust op {told}, en dat hebben wij niet. Vraag {row.publisher} om het mee te sturen."
                )
            if other is not None and other.id not in chosen:
                chosen[other.id] = other
                pending.append(other)
    return sorted(chosen.values(), key=lambda one: (one.id == row.id, ORDER[one.kind], one.key))


def _met(found: Library, need: dict[str, str]) -> bool:
    """Whether we have what something rests on: the same, or a later version of it."""
    file = file_in(found, need["soort"], need["sleutel"], "")
    if file is None:
        return False
    ours = version_key(header(file, "versie"))
    theirs = version_key(need["versie"])
    return bool(ours and theirs and ours >= theirs)


def _publish(actor: Staff, row: Received) -> Published:
    made = versions.publish_received(
        actor,
        versions.CameIn(
            kind=row.kind,
            key=row.key,
            owner=row.owner,
            version=row.version or _version_here(actor.municipality, row),
            text=row.text,
            publisher=row.publisher,
            publisher_name=name_of_municipality(row.publisher),
            parents=row.parents,
            summary=row.summary,
            reason=row.reason,
        ),
    )
    _decided(actor, row, ReceivedState.ACCEPTED, "")
    return made


def _version_here(municipality: str, row: Received) -> str:
    """A version for a text that names none: the next one of ours."""
    file = file_in(library_for(municipality), row.kind, row.key, row.owner)
    told = header(file, "versie") if file is not None else ""
    return next_version(told) if version_key(told) else _FIRST


def refuse_received(actor: Staff, received: UUID, why: str) -> None:
    """Do not take over what a peer published. Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, `Conflict`, `Invalid` (no reason)."""
    if not why.strip():
        raise Invalid("Schrijf op waarom u dit niet overneemt. Dan weet een collega het later ook.")
    with scope_of(actor):
        row = _received(actor, received)
        if row.state != ReceivedState.NEW:
            raise Conflict(f"Hier is al over beslist: {ReceivedState(row.state).label}.")
        _decided(actor, row, ReceivedState.REFUSED, why.strip()[:4000])
        _tell(actor, "uitwisseling.geweigerd", {"soort": row.kind, "sleutel": row.key, "hash": row.hash})


def start_merge(actor: Staff, received: UUID) -> str:
    """Open what a peer published as a draft, to change before it is used; gives its kind. The row stays until it is decided.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, and `Conflict` when somebody is writing already.
    """
    with scope_of(actor):
        row = _received(actor, received)
        versions.start_draft(actor, row.kind, row.key, text=row.text)
        return row.kind


def _decided(actor: Staff, row: Received, state: ReceivedState, note: str) -> None:
    row.state, row.decided_at = state, now()
    row.decided_by, row.decided_by_name = actor.subject, actor.name
    if note:
        row.note = note
    row.save(update_fields=["state", "decided_at", "decided_by", "decided_by_name", "note"])


def _peer(actor: Staff, peer: UUID) -> Peer:
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    found = Peer.objects.select_for_update().filter(municipality_id=actor.municipality, id=peer).first()
    if found is None:
        raise NotFound("Deze gemeente volgt u niet (meer).")
    return found


def _received(actor: Staff, received: UUID) -> Received:
    require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
    found = Received.objects.select_for_update().filter(municipality_id=actor.municipality, id=received).first()
    if found is None:
        raise NotFound("Dit ligt niet (meer) klaar.")
    return found


def _tell(actor: Staff, kind: str, payload: dict[str, str | bool]) -> None:
    ledger.append(actor, municipality=actor.municipality, kind=kind, zaak_id=None, payload=payload)
