"""Reads of the exchange for the studio and the command line. Those with an actor need `DEFINITIE_BEHEREN`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q

from vliegwiel.base.errors import NotFound
from vliegwiel.base.tenancy import scope
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from ..models import Direction, Peer, Proposal, ProposalState, Received, ReceivedState
from ..versions.queries import file_in
from ..versions.shelves import library_for
from .pieces import law_hash


@dataclass(frozen=True, slots=True)
class PeerView:
    """A municipality that is heard. `waiting`: what lies ready. `trouble`: what went wrong the last time, else empty."""

    id: UUID
    code: str
    name: str
    url: str
    public_key: str
    kinds: tuple[str, ...]
    keys: tuple[str, ...]
    active: bool
    waiting: int
    last_ok_at: datetime | None
    last_pull_at: datetime | None
    trouble: str
    failures: int


@dataclass(frozen=True, slots=True)
class ReceivedView:
    """What a peer offers. `remarks`: sentences to read before taking it over. `ours`: the text that counts here now, or empty."""

    id: UUID
    publisher: str
    publisher_name: str
    kind: str
    key: str
    owner: str
    version: str
    hash: str
    text: str
    summary: str
    reason: str
    published_at: datetime
    received_at: datetime
    state: str
    state_label: str
    note: str
    deprecated_from: date | None
    deprecated_until: date | None
    decided_by_name: str
    ours: str
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal, ours or theirs."""

    id: UUID
    incoming: bool
    other: str
    other_name: str
    kind: str
    key: str
    base: str
    hash: str
    text: str
    reason: str
    sender_name: str
    state: str
    state_label: str
    answer: str
    created_at: datetime
    decided_at: datetime | None
    decided_by_name: str


def heard(municipality: str) -> tuple[UUID, ...]:
    """For the clock: the peers that a municipality hears from."""
    with scope(municipality):
        return tuple(Peer.objects.filter(active=True).order_by("id").values_list("id", flat=True))


def peers(actor: Staff) -> tuple[PeerView, ...]:
    """The municipalities that are heard, by name."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = list(Peer.objects.filter(municipality_id=actor.municipality).order_by("name", "id"))
        ready = Received.objects.filter(municipality_id=actor.municipality, state=ReceivedState.NEW)
        waiting = dict(ready.values_list("peer_id").annotate(count=Count("id")))
        return tuple(
            PeerView(
                id=row.id,
                code=row.code,
                name=row.name,
                url=row.url,
                public_key=row.public_key,
                kinds=tuple(row.kinds),
                keys=tuple(row.keys),
                active=row.active,
                waiting=waiting.get(row.id, 0),
                last_ok_at=row.last_ok_at,
                last_pull_at=row.last_pull_at,
                trouble=row.last_error,
                failures=row.failures,
            )
            for row in rows
        )


def received(actor: Staff, state: str = ReceivedState.NEW, limit: int = 500) -> tuple[ReceivedView, ...]:
    """What peers offered, newest first; an empty `state` gives all. Texts and remarks only come with `received_one`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Received.objects.filter(municipality_id=actor.municipality).select_related("peer").defer("text")
        if state:
            rows = rows.filter(state=state)
        return tuple(_received(row, "", "", ()) for row in rows.order_by("-received_at", "-id")[:limit])


def received_one(actor: Staff, id_: UUID) -> ReceivedView:
    """One offer, with its text, ours, and what to know before taking it over. Raises `NotFound`."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Received.objects.filter(municipality_id=actor.municipality, id=id_).select_related("peer")
        row = rows.first()
        if row is None:
            raise NotFound("Dit ligt niet (meer) klaar.")
        product = row.key if row.kind in ("product", "variant") else ""
        found = library_for(actor.municipality, product)
        here = file_in(found, row.kind, row.key, row.owner)
        ours = found.text(here.state[0].partition("@")[0] or here.name) if here is not None else None
        return _received(row, row.text, ours or "", tuple(_remarks(row)))


def _remarks(row: Received) -> Iterable[str]:
    for need in row.needs:
        if need["soort"] != "wet":
            continue
        ours = law_hash(need["sleutel"])
        if not ours:
            yield f"De wet '{need['sleutel']}' is hier niet. Zonder die wet kan het product niet beslissen."
        elif ours != need["hash"]:
            yield f"De wet '{need['sleutel']}' is hier anders dan bij {row.peer.name}. De voorbeelden beslissen of dat uitmaakt."
    if row.deprecated_from is not None:
        until = f", en geldt tot en met {row.deprecated_until}" if row.deprecated_until else ""
        yield f"{row.peer.name} begint hier vanaf {row.deprecated_from} niet meer mee{until}."


def _received(row: Received, text: str, ours: str, remarks: tuple[str, ...]) -> ReceivedView:
    return ReceivedView(
        id=row.id,
        publisher=row.publisher,
        publisher_name=row.peer.name,
        kind=row.kind,
        key=row.key,
        owner=row.owner,
        version=row.version,
        hash=row.hash,
        text=text,
        summary=row.summary,
        reason=row.reason,
        published_at=row.published_at,
        received_at=row.received_at,
        state=row.state,
        state_label=ReceivedState(row.state).label,
        note=row.note,
        deprecated_from=row.deprecated_from,
        deprecated_until=row.deprecated_until,
        decided_by_name=row.decided_by_name,
        ours=ours,
        remarks=remarks,
    )


def proposals(actor: Staff, *, open_only: bool = False, limit: int = 500) -> tuple[ProposalView, ...]:
    """Proposals in both directions, newest first."""
    with scope_of(actor):
        require(actor, Right.DEFINITIE_BEHEREN, municipality=actor.municipality)
        rows = Proposal.objects.filter(municipality_id=actor.municipality).select_related("peer")
        if open_only:
            rows = rows.filter(Q(state=ProposalState.NEW) | Q(state=ProposalState.SENT) | Q(state=ProposalState.DRAFT))
        return tuple(
            ProposalView(
                id=row.id,
                incoming=row.direction == Direction.IN,
                other=row.other,
                other_name=row.peer.name if row.peer is not None else row.other,
                kind=row.kind,
                key=row.key,
                base=row.base,
                hash=row.hash,
                text=row.text,
                reason=row.reason,
                sender_name=row.sender_name,
                state=row.state,
                state_label=ProposalState(row.state).label,
                answer=row.answer,
                created_at=row.created_at,
                decided_at=row.decided_at,
                decided_by_name=row.decided_by_name,
            )
            for row in rows.order_by("-created_at", "-id")[:limit]
        )
