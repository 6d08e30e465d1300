"""Propose a change to who publishes a definition, and answer what others propose.

A proposal is one signed bundle. It changes nothing by itself: taken over it becomes a draft, which two persons of the publisher
look at like at any other.
"""

from __future__ import annotations

from typing import cast
from uuid import UUID

import msgspec

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Unavailable
from vliegwiel.base.tenancy import scope
from vliegwiel.base.typed import prepare
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor, Staff, System
from vliegwiel.trust.rights import Right, require, scope_of

from ..canonical import text_hash
from ..models import Direction, Draft, Kind, Peer, Proposal, ProposalState, Received, ReceivedState
from ..texts import name_of
from ..versions import actions as versions
from ..versions.queries import text_now
from ..versions.shelves import library_for
from ..worklater import send_proposal
from . import bundle, fetching
from .bundle import Content, Piece, Suggestion
from .feed import name_of_municipality, signed
from .pieces import needs_of

MOST_OPEN = 100
"""Proposals of one municipality that wait for an answer. More is not taken in."""
LONGEST_WORDS = 4_000
_ANSWER_BYTES = 20_000


class _Sent(msgspec.Struct):
    id: UUID
    stand: str = ""
    antwoord: str = ""


prepare(_Sent)


def propose(actor: Staff, peer: UUID, kind: str, key: str, *, reason: str, text: str | None = None) -> UUID:
    """Propose a definition to a peer; gives the id of the proposal. A worker sends it.

    Without `text` what the actor's municipality is writing, else what counts there now. Needs `DEFINITIE_BEHEREN`. Raises
    `NotFound`, `Invalid` (no reason, the publisher has this already), `Conflict` (proposed before) and `SourceInvalid`.
    """
    if not reason.strip():
        raise Invalid("Schrijf op waarom dit beter is. Daar beslist de ander op.")
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        other = Peer.objects.filter(municipality_id=actor.municipality, id=peer).first()
        if other is None:
            raise NotFound("Deze gemeente volgt u niet (meer).")
        proposed = text if text is not None else _written(actor.municipality, kind, key)
        owner = other.code if kind == Kind.VARIANT else ""
        hash_ = text_hash(proposed, name_of(kind, key, owner))
        base = _base(other, kind, key, owner)
        if hash_ == base:
            raise Invalid(f"Dit is dezelfde tekst als die van {other.name}. Er valt niets voor te stellen.")
        mine = Proposal.objects.filter(municipality_id=actor.municipality, direction=Direction.OUT, other=other.code)
        known = mine.filter(hash=hash_, base=base).first()
        if known is not None:
            raise Conflict(f"Dit hebt u al voorgesteld: {ProposalState(known.state).label}.")
        row = Proposal.objects.create(
            municipality_id=actor.municipality,
            direction=Direction.OUT,
            peer_id=other.id,
            other=other.code,
            kind=kind,
            key=key,
            owner=owner,
            base=base,
            hash=hash_,
            text=proposed,
            reason=reason.strip()[:LONGEST_WORDS],
            sender=actor.subject,
            sender_name=actor.name,
            state=ProposalState.DRAFT,
            created_at=now(),
        )
        _tell(actor, actor.municipality, "uitwisseling.voorgesteld", row)
        send_proposal.later(municipality=actor.municipality, proposal=str(row.id), once=f"catalogue.send:{row.id}")
        return row.id


def _written(municipality: str, kind: str, key: str) -> str:
    draft = (
        Draft.objects.filter(municipality_id=municipality, kind=kind, key=key).values_list("text", flat=True).first()
    )
    return draft if draft is not None else text_now(municipality, kind, key).text


def _base(other: Peer, kind: str, key: str, owner: str) -> str:
    """The address of the last that we know the other to have published."""
    rows = Received.objects.filter(peer_id=other.id, kind=kind, key=key, owner=owner).exclude(
        state=ReceivedState.REPLACED
    )
    return rows.order_by("-received_at").values_list("hash", flat=True).first() or ""


def send(municipality: str, proposal: UUID) -> None:
    """For the worker: send a proposal. Runs outside a transaction; sending twice gives the same proposal there.

    Raises `Unavailable` when it should be tried again. What the other refuses is kept with the proposal.
    """
    with scope(municipality):
        row = Proposal.objects.filter(id=proposal, direction=Direction.OUT).first()
        peer = _peer_of(row)
        if row is None or peer is None or row.state not in (ProposalState.DRAFT, ProposalState.FAILED):
            return
        data = _signed(municipality, row)
    answer = fetching.fetch(f"{peer.url}/voorstellen", body=data, most=_ANSWER_BYTES)
    if answer.status >= 500 or answer.status == 429:
        raise Unavailable(f"{peer.name} kan het voorstel nu niet aannemen ({answer.status}).", retry_after=300)
    with scope(municipality):
        row = Proposal.objects.select_for_update().get(id=proposal)
        if answer.status in (200, 201):
            row.remote, row.sent_at, row.state = _read(answer.body).id, now(), ProposalState.SENT
        else:
            row.answer, row.state = _why(answer.body), ProposalState.FAILED
        row.save(update_fields=["remote", "sent_at", "state", "answer"])


def _peer_of(row: Proposal | None) -> Peer | None:
    return Peer.objects.filter(id=row.peer_id).first() if row is not None and row.peer_id is not None else None


def _signed(municipality: str, row: Proposal) -> bytes:
    piece = Piece(
        hash=row.hash,
        sleutel=row.key,
        soort=cast(bundle.Kind, row.kind),
        tekst=row.text,
        gemeente=row.owner,
        rust_op=needs_of(row.kind, row.key, row.text, library_for(municipality)),
    )
    suggestion = Suggestion(row.other, row.base, row.reason)
    return signed(Content([piece], municipality, naam=name_of_municipality(municipality), voorstel=suggestion))


def _read(body: bytes) -> _Sent:
    try:
        return msgspec.json.decode(body, type=_Sent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unavailable("De ander gaf een antwoord dat wij niet begrijpen.", retry_after=3600) from error


class _Problem(msgspec.Struct):
    detail: str = ""


prepare(_Problem)


def _why(body: bytes) -> str:
    try:
        told = msgspec.json.decode(body, type=_Problem).detail
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        told = ""
    return (told or "De ander nam het voorstel niet aan.")[:LONGEST_WORDS]


def look_for_answer(municipality: str, proposal: UUID) -> str:
    """Ask what became of a proposal that was sent; gives its state. Runs outside a transaction.

    Raises `NotFound` and `Unavailable`.
    """
    with scope(municipality):
        row = Proposal.objects.filter(id=proposal, direction=Direction.OUT).first()
        peer = _peer_of(row)
        if row is None or peer is None:
            raise NotFound("Dit voorstel is er niet (meer).")
        if row.state != ProposalState.SENT or row.remote is None:
            return row.state
        remote = row.remote
    answer = fetching.fetch(f"{peer.url}/voorstellen/{remote}", most=_ANSWER_BYTES)
    if answer.status != 200:
        raise Unavailable(f"{peer.name} zegt niets over dit voorstel ({answer.status}).", retry_after=3600)
    told = _read(answer.body)
    with scope(municipality):
        row = Proposal.objects.select_for_update().get(id=proposal)
        if told.stand in (ProposalState.ACCEPTED, ProposalState.REFUSED):
            row.state, row.answer, row.decided_at = ProposalState(told.stand), told.antwoord[:LONGEST_WORDS], now()
            row.save(update_fields=["state", "answer", "decided_at"])
        return row.state


def waiting_for_answer(municipality: str) -> tuple[UUID, ...]:
    """Proposals that were sent and not answered yet."""
    with scope(municipality):
        return tuple(
            Proposal.objects.filter(direction=Direction.OUT, state=ProposalState.SENT).values_list("id", flat=True)
        )


# --- on the other side ------------------------------------------------------------------------------------------------


def receive(municipality: str, data: bytes) -> tuple[UUID, bool]:
    """Take in a proposal that somebody sent; gives its id and whether it is new. No login: the signature says who it is.

    Raises `BundleRefused`, `Forbidden` for who is not known here, and `Conflict` when too much waits already.
    """
    claimed = set(bundle.signers(data))
    with scope(municipality):
        peers = list(Peer.objects.filter(public_key__in=claimed, active=True))
        if not peers:
            raise Forbidden("Wij kennen uw gemeente niet. Vraag ons om u te volgen, en geef ons dan uw sleutel.")
        content = bundle.read(data, {one.public_key for one in peers})
        peer = next((one for one in peers if one.code == content.uitgever), None)
        if peer is None:
            raise Forbidden("Deze sleutel hoort bij ons niet bij uw gemeente.")
        suggestion, pieces = content.voorstel, [one for one in content.stukken if not one.meegeleverd]
        if suggestion is None or len(pieces) != 1 or suggestion.aan != municipality:
            raise bundle.BundleRefused("Dit is geen voorstel aan ons.")
        return _kept(municipality, peer, pieces[0], suggestion)


def _kept(municipality: str, peer: Peer, piece: Piece, suggestion: Suggestion) -> tuple[UUID, bool]:
    if piece.gemeente not in ("", municipality):
        raise bundle.BundleRefused("Een variant van een andere gemeente kunt u ons niet voorstellen.")
    # One at a time a peer: otherwise many at once would pass the limit together.
    Peer.objects.select_for_update().get(id=peer.id)
    mine = Proposal.objects.filter(municipality_id=municipality, direction=Direction.IN, other=peer.code)
    known = mine.filter(hash=piece.hash, base=suggestion.basis).first()
    if known is not None:
        return known.id, False
    if mine.filter(state=ProposalState.NEW).count() >= MOST_OPEN:
        raise Conflict(f"Er wachten al {MOST_OPEN} voorstellen van u op antwoord. Wacht daarop.")
    row = Proposal.objects.create(
        municipality_id=municipality,
        direction=Direction.IN,
        peer_id=peer.id,
        other=peer.code,
        kind=piece.soort,
        key=piece.sleutel,
        owner=piece.gemeente,
        base=suggestion.basis,
        hash=piece.hash,
        text=piece.tekst,
        reason=suggestion.reden,
        sender=peer.code,
        sender_name=peer.name,
        state=ProposalState.NEW,
        created_at=now(),
    )
    _tell(System(municipality, "uitwisseling"), municipality, "uitwisseling.voorstel_ontvangen", row)
    return row.id, True


def state_of(municipality: str, proposal: UUID) -> tuple[str, str]:
    """State of a proposal that was sent to a municipality, and the answer. For who has its id. Raises `NotFound`."""
    with scope(municipality):
        row = Proposal.objects.filter(id=proposal, direction=Direction.IN).values_list("state", "answer").first()
    if row is None:
        raise NotFound("Dit voorstel is er niet.")
    return row


def answer_proposal(actor: Staff, proposal: UUID, *, accept: bool, answer: str = "") -> None:
    """Take over a proposal (it becomes a draft of ours) or refuse it, with a reason that the other can read.

    Needs `DEFINITIE_BEHEREN`. Raises `NotFound`, `Conflict` (answered, or somebody is writing already) and `Invalid` (no reason).
    """
    if not accept and not answer.strip():
        raise Invalid("Schrijf op waarom u dit niet overneemt. De ander leest het.")
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Proposal.objects.select_for_update().filter(municipality_id=actor.municipality, direction=Direction.IN)
        row = rows.filter(id=proposal).first()
        if row is None:
            raise NotFound("Dit voorstel is er niet (meer).")
        if row.state != ProposalState.NEW:
            raise Conflict(f"Dit voorstel is al beantwoord: {ProposalState(row.state).label}.")
        if accept:
            versions.start_draft(actor, row.kind, row.key, text=row.text)
        row.state = ProposalState.ACCEPTED if accept else ProposalState.REFUSED
        row.answer, row.decided_at = answer.strip()[:LONGEST_WORDS], now()
        row.decided_by, row.decided_by_name = actor.subject, actor.name
        row.save(update_fields=["state", "answer", "decided_at", "decided_by", "decided_by_name"])
        _tell(actor, actor.municipality, "uitwisseling.beantwoord", row)


def _tell(actor: Actor, municipality: str, kind: str, row: Proposal) -> None:
    payload = {"soort": row.kind, "sleutel": row.key, "hash": row.hash, "gemeente": row.other, "stand": row.state}
    ledger.append(actor, municipality=municipality, kind=kind, zaak_id=None, payload=payload)
