"""Making letters after the transaction that asked for them: typeset, store, and only then say that they are there."""

from __future__ import annotations

from uuid import UUID

import msgspec

from vliegwiel.base import storage
from vliegwiel.base.clock import now, today
from vliegwiel.base.typed import prepare
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import scope_of

from .dossier import DECISION
from .events import Kind
from .letter import Letter, LetterFailed, render
from .models import InformatieObjectVersie, PendingLetter
from .notices import announce_letter
from .uploads import digest


def make(actor: System, pending_id: UUID) -> None:
    """Make the letter, once. Raises `LetterFailed` (and notes it on the letter) so that the job tries again."""
    with scope_of(actor):
        pending = PendingLetter.objects.filter(id=pending_id).first()
    if pending is None or pending.made is not None:
        return
    letter = msgspec.convert(pending.letter, Letter)
    try:
        content = render(letter, pending.asked)
    except LetterFailed:
        with scope_of(actor):
            PendingLetter.objects.filter(id=pending_id).update(failed=now())
        raise
    key = storage.put(pending.municipality_id, content, suffix=".pdf")
    if not _file(actor, pending_id, key, content):
        storage.remove(pending.municipality_id, key)


def _file(actor: System, pending_id: UUID, key: str, content: bytes) -> bool:
    """Say that the letter is there; False when another worker was first."""
    with scope_of(actor):
        pending = PendingLetter.objects.select_for_update().get(id=pending_id)
        if pending.made is not None:
            return False
        versions = InformatieObjectVersie.objects.filter(informatieobject_id=pending.informatieobject_id, versie=1)
        versions.update(
            inhoud=key,
            bestandsomvang=len(content),
            integriteit_algoritme="sha_256",
            integriteit_waarde=digest(content),
            integriteit_datum=today(),
            status="definitief",
            verzenddatum=today(),
        )
        pending.made, pending.failed = now(), None
        pending.save(update_fields=["made", "failed"])
        event = ledger.append(
            actor,
            municipality=pending.municipality_id,
            kind=Kind.BRIEF_GEMAAKT.value,
            zaak_id=pending.zaak_id,
            payload={"document": str(pending.informatieobject_id), "sha256": digest(content)},
            personal={"titel": str(pending.letter["title"])},
        )
        if pending.informatieobject.informatieobjecttype == DECISION:
            announce_letter(pending.municipality_id, pending.zaak_id, event)
        return True


prepare(Letter)
