"""Move a running case to the definition that new cases get: on purpose, with the effect shown first."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, Stale
from vliegwiel.catalogue.actions import keep
from vliegwiel.catalogue.queries import product_for
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, scope_of

from .. import clerks
from ..access import reach
from ..casefacts import current_facts
from ..events import Kind
from ..freetext import written
from ..migrating import Migration, moved_to
from ..progress import Case
from ..taking import case_of, finish, look, take


def preview_migration(actor: Staff, zaak_id: UUID) -> Migration:
    """What moving the case to the version that is live now would do. Changes nothing of the case.

    Raises `NotFound` (no such case, or the product is not offered any more) and `Forbidden`.
    """
    with scope_of(actor):
        case = case_of(reach(actor, zaak_id, Right.ZAAK_BESLUITEN))
        found = moved_to(case, product_for(case.zaak.municipality_id, case.zaak.zaaktype), actor)
        look(actor, case.zaak, _used(case), reason="gevolgen van een nieuwe versie bekijken")
        return found


def migrate_case(actor: Staff, zaak_id: UUID, *, version: int, seen: str, reason: str) -> Migration:
    """Move the case to the version that is live now; gives what that did. `seen` is the hash that was shown before.

    Raises `NotFound`, `Forbidden`, `Invalid` without a reason, `Stale` when the case or the definition changed after it was
    shown, `Conflict` when something stands in the way.
    """
    why = written("reden", reason, longest=400)
    if not why:
        raise Invalid("Zeg waarom.", invalid=[InvalidParam("reden", "required", "Zeg waarom de zaak overgaat.")])
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BESLUITEN, version=version)
        new = product_for(case.zaak.municipality_id, case.zaak.zaaktype)
        if new.hash != seen:
            raise Stale("Er is een andere versie gekomen nadat u de gevolgen bekeek. Bekijk ze opnieuw.")
        before = case.resolved
        found = moved_to(case, new, actor)
        if found.hindrances:
            raise Conflict(" ".join(found.hindrances))
        keep(new)
        payload: dict[str, Json] = {
            "van": before.hash,
            "naar": new.hash,
            "van_versie": before.version,
            "naar_versie": new.version,
            "uitkomst_anders": found.outcome_changes,
        }
        finish(
            case,
            actor,
            Kind.DEFINITIE_GEWISSELD,
            payload=payload,
            personal={"reden": why},
            looked_at=_used(case),
            reason=why,
        )
        return found


def _used(case: Case) -> tuple[str, ...]:
    """The data that the law looks at again."""
    return tuple(dict.fromkeys(current_facts(case.zaak))) or ("zaak",)
