"""Handing out files: who may, a line in the processing log, and the content as a stream."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.errors import NotFound, Unavailable
from vliegwiel.trust.identity import Actor, Citizen
from vliegwiel.trust.rights import Right, scope_of

from .access import own_draft, reach
from .dossierdata import documents_of
from .lawpages import Document
from .models import InformatieObjectVersie, ZaakInformatieObject
from .taking import look

NO_DOCUMENT = "Dit document is er niet, of u mag het niet zien."


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file that may be sent to the actor. `open` gives the content; `meta.file_name` and `meta.media_type` are safe."""

    meta: Document
    open: Callable[[], IO[bytes]]


def document(actor: Actor, document_id: UUID, *, of: UUID | None = None) -> DocumentFile:
    """A document of a case the actor may see; `of` is that case, where it is known. Raises `NotFound`, the same for what is
    not there and what is not theirs, and `Unavailable` while a letter is being made."""
    with scope_of(actor):
        zaak_id = (
            ZaakInformatieObject.objects.filter(informatieobject_id=document_id)
            .values_list("zaak_id", flat=True)
            .first()
        )
        if zaak_id is None or of not in (None, zaak_id):
            raise NotFound(NO_DOCUMENT)
        try:
            zaak = reach(actor, zaak_id, Right.ZAAK_LEZEN)
        except NotFound:
            raise NotFound(NO_DOCUMENT) from None
        shown = documents_of(zaak, to_citizen=isinstance(actor, Citizen))
        meta = next((one for one in shown if one.id == document_id), None)
        if meta is None:
            raise NotFound(NO_DOCUMENT)
        if not meta.ready:
            raise Unavailable("De brief wordt gemaakt. Probeer het over een minuut nog eens.", retry_after=60)
        version = InformatieObjectVersie.objects.filter(informatieobject_id=document_id).order_by("-versie").first()
        key = version.inhoud if version else ""
        reason = "u opende zelf een document" if isinstance(actor, Citizen) else "een document van uw zaak bekijken"
        look(actor, zaak, [f"document: {meta.title}"], reason=reason)
    return DocumentFile(meta, _opener(zaak.municipality_id, key))


def upload(actor: Actor, draft_id: UUID, upload_id: UUID) -> DocumentFile:
    """A file of the citizen's own draft. Raises `NotFound`."""
    with scope_of(actor):
        draft = own_draft(actor, draft_id)
        row = draft.uploads.filter(id=upload_id).first()
        if row is None:
            raise NotFound("Dit bestand is er niet.")
    meta = Document(row.id, row.name, "inwoner", row.added.date(), row.size, row.media_type, row.name, ready=True)
    return DocumentFile(meta, _opener(draft.municipality_id, row.key))


def _opener(municipality: str, key: str) -> Callable[[], IO[bytes]]:
    def open_() -> IO[bytes]:
        return io.BytesIO(storage.get(municipality, key))

    return open_
