"""What is written in this room: mandates given and taken back, personal data destroyed, sessions ended."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.base.models import Municipality

from . import ledger
from .identity import Role, Staff, System
from .models import Mandate
from .rights import MANDATABLE, Right, require, scope_of
from .sessions import end_sessions_of

_PRODUCT = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")


def give_mandate(
    actor: Staff,
    *,
    mandataris: str,
    products: Collection[str],
    rights: Collection[Right],
    valid_from: date,
    valid_until: date | None = None,
    besluit: str,
) -> UUID:
    """Let staff of `mandataris` exercise some rights for some products of the actor's own municipality (Awb 10:1, 10:5).

    `besluit` names the mandaatbesluit it rests on; `valid_until` is the last day, None for no end. Returns the mandate's
    id. Raises `Forbidden`, `Invalid`.
    """
    home = actor.municipality
    with scope_of(actor):
        require(actor, Right.MANDAAT_BEHEREN, municipality=home)
        wrong = [
            *_wrong_mandataris(home, mandataris),
            *_wrong_content(products, rights, besluit),
            *_wrong_period(valid_from, valid_until),
        ]
        if wrong:
            raise Invalid("Het mandaat klopt nog niet.", invalid=wrong)
        given = Mandate.objects.create(
            municipality_id=home,
            mandataris=mandataris,
            products=sorted(set(products)),
            rights=sorted(set(rights)),
            valid_from=valid_from,
            valid_until=valid_until,
            besluit=besluit.strip(),
            given_by=actor.subject,
            given_at=now(),
        )
        ledger.append(
            actor,
            municipality=home,
            kind="mandaat.gegeven",
            zaak_id=None,
            payload={
                "mandaat": str(given.id),
                "mandataris": mandataris,
                "producten": given.products,
                "rechten": given.rights,
                "van": valid_from.isoformat(),
                "tot_en_met": valid_until.isoformat() if valid_until else None,
                "besluit": given.besluit,
            },
        )
        return given.id


def withdraw_mandate(actor: Staff, mandate_id: UUID) -> None:
    """Take a mandate of the own municipality back, from this moment on. Raises `Forbidden`, `NotFound`, `Conflict`."""
    home = actor.municipality
    with scope_of(actor):
        require(actor, Right.MANDAAT_BEHEREN, municipality=home)
        mandate = Mandate.objects.select_for_update().filter(municipality_id=home, id=mandate_id).first()
        if mandate is None:
            raise NotFound("Dit mandaat is er niet.")
        if mandate.withdrawn_at is not None:
            raise Conflict("Dit mandaat is al ingetrokken.")
        mandate.withdrawn_at = now()
        mandate.withdrawn_by = actor.subject
        mandate.save(update_fields=["withdrawn_at", "withdrawn_by"])
        ledger.append(
            actor,
            municipality=home,
            kind="mandaat.ingetrokken",
            zaak_id=None,
            payload={"mandaat": str(mandate.id), "mandataris": mandate.mandataris},
        )


def destroy_personal_data(actor: Staff | System, *, municipality: str, zaak_id: UUID, reason: str) -> int:
    """Make the personal part of a case's events unreadable for good; the chain stays valid. Returns how many keys were destroyed.

    `reason` says on what ground ("selectielijst 2020, 8.1"). The case's own rows are the work of the room that keeps them.
    Raises `Forbidden`.
    """
    with scope_of(actor):
        require(actor, Right.ZAAK_VERNIETIGEN, municipality=municipality)
        destroyed = ledger.destroy_key(municipality, zaak_id)
        if destroyed:
            # Without a case: the event of the destruction itself must not need a key of the case again.
            ledger.append(
                actor,
                municipality=municipality,
                kind="zaak.persoonsgegevens_vernietigd",
                zaak_id=None,
                payload={"zaak": str(zaak_id), "reden": reason[:300]},
            )
        return destroyed


def end_staff_sessions(actor: Staff, subject: str) -> int:
    """End all sessions of a colleague (who left, or lost a laptop); returns how many. Raises `Forbidden`."""
    home = actor.municipality
    with scope_of(actor):
        require(actor, Right.SESSIE_BEHEREN, municipality=home)
        ended = end_sessions_of(Staff(home, subject, "", frozenset({Role.MEDEWERKER})))
        ledger.append(
            actor,
            municipality=home,
            kind="sessie.beeindigd",
            zaak_id=None,
            payload={"medewerker": subject[:200], "aantal": ended},
        )
        return ended


def _wrong_mandataris(home: str, mandataris: str) -> list[InvalidParam]:
    if mandataris == home:
        return [InvalidParam("mandataris", "same", "Kies een andere gemeente dan uw eigen.")]
    known = Municipality.objects.filter(code=mandataris, end__isnull=True).exists()
    return [] if known else [InvalidParam("mandataris", "unknown", "Kies een gemeente die nu bestaat.")]


def _wrong_content(products: Collection[str], rights: Collection[Right], besluit: str) -> list[InvalidParam]:
    wrong = []
    if not products or not all(_PRODUCT.fullmatch(p) and len(p) <= 100 for p in products):
        wrong.append(InvalidParam("products", "required", "Kies ten minste 1 product."))
    if not set(rights) <= MANDATABLE:
        wrong.append(InvalidParam("rights", "not_mandatable", "Deze bevoegdheid houdt een gemeente zelf."))
    elif Right.ZAAK_LEZEN not in rights:
        wrong.append(InvalidParam("rights", "reading", "Wie voor u werkt, moet de zaken kunnen lezen. Kies ook lezen."))
    if not besluit.strip() or len(besluit.strip()) > 300 or not besluit.isprintable():
        wrong.append(InvalidParam("besluit", "required", "Vul in op welk mandaatbesluit dit rust (1 tot 300 tekens)."))
    return wrong


def _wrong_period(valid_from: date, valid_until: date | None) -> list[InvalidParam]:
    if valid_until is None:
        return []
    if valid_until < valid_from:
        return [InvalidParam("valid_until", "order", "De laatste dag ligt voor de eerste dag.")]
    if valid_until < today():
        return [InvalidParam("valid_until", "past", "De laatste dag is al voorbij.")]
    return []
