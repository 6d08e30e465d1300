"""Who may reach which draft and which case. What is not theirs looks the same as what does not exist."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q

from vliegwiel.base.clock import local, today
from vliegwiel.base.errors import Conflict, NotFound, Stale
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.trust.identity import Actor, Citizen, Staff
from vliegwiel.trust.rights import Right, may, require, require_citizen

from .models import Draft, Rol, Zaak

NO_CASE = "Deze zaak is er niet, of u mag hem niet zien."
NO_DRAFT = "Deze aanvraag is er niet (meer)."


def own_draft(actor: Actor, draft_id: UUID, *, lock: bool = False) -> Draft:
    """The citizen's own draft, also when it was sent. Raises `NotFound`."""
    citizen = require_citizen(actor)
    rows = Draft.objects.filter(id=draft_id, bsn=citizen.bsn, municipality_id=citizen.municipality)
    draft = (rows.select_for_update() if lock else rows).first()
    if draft is None:
        raise NotFound(NO_DRAFT)
    return draft


def open_draft(actor: Actor, draft_id: UUID, *, lock: bool = True) -> Draft:
    """As `own_draft`, and it can still be changed. Raises `Conflict` when it was sent or has expired."""
    draft = own_draft(actor, draft_id, lock=lock)
    if draft.zaak is not None:
        raise Conflict("U hebt deze aanvraag al verstuurd.")
    if draft.ended is not None:
        raise NotFound(NO_DRAFT)
    return draft


def reach(actor: Actor, zaak_id: UUID, right: Right, *, lock: bool = False) -> Zaak:
    """The case, for an actor who may do `right` with it; a citizen for an own case, whatever the right.

    Raises `NotFound` when it is not in sight, `Forbidden` when it is but this right is missing.
    """
    rows = Zaak.objects.filter(id=zaak_id)
    if lock:
        rows = rows.select_for_update()
    if isinstance(actor, Citizen):
        rows = rows.filter(_own(actor))
    zaak = rows.first()
    if zaak is None:
        raise NotFound(NO_CASE)
    if isinstance(actor, Citizen):
        return zaak
    if not may(actor, Right.ZAAK_LEZEN, municipality=zaak.municipality_id, product=zaak.zaaktype):
        if not isinstance(actor, Staff):
            require(actor, right, municipality=zaak.municipality_id, product=zaak.zaaktype)
        raise NotFound(NO_CASE)
    require(actor, right, municipality=zaak.municipality_id, product=zaak.zaaktype)
    return zaak


def _own(citizen: Citizen) -> Q:
    roles = Rol.objects.filter(bsn=citizen.bsn, omschrijving_generiek__in=("initiator", "mede_initiator"))
    return Q(municipality_id=citizen.municipality, id__in=roles.values("zaak_id"))


def fresh(zaak: Zaak, version: int, actor: Actor) -> None:
    """Raises `Stale` when the case changed since the actor saw `version`: says who was first and when."""
    if version == zaak.version:
        return
    moment = local(zaak.laatst_gemuteerd)
    who = "Een medewerker" if isinstance(actor, Citizen) else zaak.changed_by or "De computer"
    when = "vandaag" if moment.date() == today() else f"op {day_text(moment.date())}"
    raise Stale(f"{who[:1].upper()}{who[1:]} was eerder: {when} om {moment:%H.%M} uur. Kijk wat er veranderd is.")


def still_open(zaak: Zaak) -> None:
    """Raises `Conflict` when the case is closed."""
    if zaak.einddatum is not None:
        raise Conflict("Deze zaak is afgehandeld. Open hem eerst opnieuw.")
