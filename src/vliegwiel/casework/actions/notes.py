"""Notes of staff on a case."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, scope_of

from .. import clerks
from ..access import reach
from ..events import Kind
from ..freetext import written
from ..models import Note


def add(actor: Staff, zaak_id: UUID, text: str) -> UUID:
    """Write a note. The case itself does not change, so nobody's page becomes stale by it."""
    text = written("notitie", text, longest=4000, empty="Schrijf de notitie op.")
    with scope_of(actor):
        clerks.note(actor)
        zaak = reach(actor, zaak_id, Right.ZAAK_BEHANDELEN)
        row = Note.objects.create(
            municipality_id=zaak.municipality_id,
            zaak_id=zaak.id,
            by=actor.subject,
            by_name=actor.name[:200],
            at=now(),
            text=text,
        )
        ledger.append(
            actor,
            municipality=zaak.municipality_id,
            kind=Kind.NOTITIE_GESCHREVEN.value,
            zaak_id=zaak.id,
            payload={"notitie": str(row.id)},
            personal={"tekst": text},
        )
        return row.id
