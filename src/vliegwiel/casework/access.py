"""Who may reach which draft and which case. What is not theirs looks the same as what does not exist."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import local, today
from vliegwiel.base.errors import Conflict, NotFound, Stale
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.trust.identity import Actor, Citizen, Staff
from vliegwiel.trust.rights import Right, may, require, require_citizen

from . import hot
from .models import Draft, Zaak

NO_CASE = "Deze zaak is er niet, of u mag hem niet zien."
NO_DRAFT = "Deze aanvraag is er niet (meer)."


def own_draft(actor: Actor, draft_id: UUID, *, lock: bool = False) -> Draft:
    """The citizen's own draft, also when it was sent. Raises `NotFound`."""
    citizen = require_citizen(actor)
    draft = (hot.own_draft_locked if lock else hot.own_draft)(draft_id, citizen.bsn)
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
    if isinstance(actor, Citizen):
        found = (hot.own_zaak_locked if lock else hot.own_zaak)(zaak_id, actor.municipality, actor.bsn)
        if found is None:
            raise NotFound(NO_CASE)
        return found
    return allowed_to(actor, (hot.zaak_locked if lock else hot.zaak)(zaak_id), right)


def allowed_to(actor: Actor, zaak: Zaak | None, right: Right) -> Zaak:
    """The case, when this member of staff (or the platform) may do `right` with it. Raises as `reach`."""
    if zaak is None:
        raise NotFound(NO_CASE)
    sees = may(actor, Right.ZAAK_LEZEN, municipality=zaak.municipality_id, product=zaak.zaaktype)
    if not sees and isinstance(actor, Staff):
        raise NotFound(NO_CASE)
    require(actor, right, municipality=zaak.municipality_id, product=zaak.zaaktype)
    return zaak


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
