"""Documents that staff add to a case, and letters that must be made again."""

from __future__ import annotations

from typing import BinaryIO
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, scope_of

from .. import clerks, numbers, uploads
from ..access import reach
from ..dossier import Filed, file_in
from ..events import Kind
from ..freetext import written
from ..models import PendingLetter
from ..taking import finish, take
from ..worklater import make_letter


def add(actor: Staff, zaak_id: UUID, title: str, name: str, content: BinaryIO) -> UUID:
    """Add a document. Raises `Invalid` or `TooLarge` (on `bestand`) for a file that cannot be used."""
    title = written("titel", title, longest=200, empty="Geef het document een naam.", lines=False)
    with scope_of(actor):
        zaak = reach(actor, zaak_id, Right.ZAAK_BEHANDELEN)
    accepted = uploads.accept("bestand", name, content)
    filed = Filed.of(accepted, storage.put(zaak.municipality_id, accepted.content, suffix=accepted.kind.endings[0]))
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None, closed=True)
        document = file_in(case, actor, filed, title=title, type_="Bijlage", number=numbers.take()[0])
        payload = {"document": str(document.id)}
        finish(case, actor, Kind.DOCUMENT_TOEGEVOEGD, payload=payload, personal={"titel": title})
        return document.id


def retry_letter(actor: Staff, document_id: UUID) -> None:
    """Make a letter again that could not be made. Raises `Conflict` when it is there already."""
    with scope_of(actor):
        pending = PendingLetter.objects.filter(informatieobject_id=document_id).first()
        if pending is None:
            raise NotFound("Deze brief is er niet.")
        try:
            reach(actor, pending.zaak_id, Right.ZAAK_BEHANDELEN)
        except NotFound:
            raise NotFound("Deze brief is er niet.") from None
        if pending.made is not None:
            raise Conflict("Deze brief is al gemaakt.")
        make_letter.later(municipality=pending.municipality_id, letter=str(pending.id))
