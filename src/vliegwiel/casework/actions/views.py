"""Views of the worklist that a clerk keeps, and which team new cases go to."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from django.db import IntegrityError, transaction

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, require, scope_of

from .. import clerks
from ..deskpages import WorklistFilter
from ..freetext import plain_signs, written
from ..models import SavedView, TeamRoute

MOST = 20


def save(actor: Staff, title: str, filter_: WorklistFilter) -> UUID:
    """Keep a filter under a title. Raises `Invalid` for a title that is empty or already there."""
    title = written("titel", title, longest=60, empty="Geef de weergave een naam.", lines=False)
    with scope_of(actor):
        clerks.note(actor)
        if SavedView.objects.filter(municipality_id=actor.municipality, owner=actor.subject).count() >= MOST:
            raise Conflict(f"U kunt hoogstens {MOST} weergaven bewaren. Haal er eerst een weg.")
        row = SavedView(
            municipality_id=actor.municipality,
            owner=actor.subject,
            title=title,
            filter={k: plain_signs(str(v))[:200] for k, v in asdict(filter_).items() if v and k != "page"},
            created=now(),
        )
        _keep(row)
        return row.id


def rename(actor: Staff, view_id: UUID, title: str) -> None:
    """Give a kept view another title. Raises `Invalid` as `save` does, `NotFound`."""
    title = written("titel", title, longest=60, empty="Geef de weergave een naam.", lines=False)
    with scope_of(actor):
        row = SavedView.objects.filter(municipality_id=actor.municipality, owner=actor.subject, id=view_id).first()
        if row is None:
            raise NotFound("Deze weergave is er niet.")
        row.title = title
        _keep(row)


def _keep(row: SavedView) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        sentence = "U hebt al een weergave met deze naam. Kies een andere naam."
        raise Invalid(sentence, invalid=[InvalidParam("titel", "taken", sentence)]) from None


def remove(actor: Staff, view_id: UUID) -> None:
    """Throw a kept view away. It is no error when it is gone already."""
    with scope_of(actor):
        SavedView.objects.filter(municipality_id=actor.municipality, owner=actor.subject, id=view_id).delete()


def route(actor: Staff, municipality: str, product: str, team: str) -> None:
    """Say which team new cases of a product go to; an empty team is nobody."""
    team = written("team", team, longest=80, lines=False)
    with scope_of(actor):
        require(actor, Right.ZAAK_TOEWIJZEN, municipality=municipality, product=product)
        TeamRoute.objects.update_or_create(municipality_id=municipality, product=product, defaults={"team": team})
        transaction.on_commit(clerks.forget_routes)
