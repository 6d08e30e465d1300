"""Documents of a case: rows for what came in, and for letters that will be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from vliegwiel.base.clock import now, today
from vliegwiel.trust.identity import Actor, Citizen, Staff

from .letter import Letter
from .models import EnkelvoudigInformatieObject, InformatieObjectVersie, PendingLetter, Zaak, ZaakInformatieObject
from .progress import Case
from .uploads import Accepted


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that is stored and may become a document: what it is, and where it lies."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str

    @classmethod
    def of(cls, accepted: Accepted, key: str) -> Filed:
        """A file that was just checked and stored."""
        return cls(accepted.name, accepted.kind.media_type, accepted.size, accepted.sha256, key)


def author(actor: Actor) -> str:
    """Who made a document, as it stands in its `auteur`."""
    match actor:
        case Citizen():
            return "inwoner"
        case Staff():
            return actor.name[:200]
        case _:
            return "gemeente"


def file_in(
    case: Case, actor: Actor, filed: Filed, *, title: str, type_: str, number: str, field: str = ""
) -> EnkelvoudigInformatieObject:
    """A document that came in, with its first version, as part of the case."""
    zaak = case.zaak
    document, version = _document(zaak, title=title, type_=type_, number=number, auteur=author(actor))
    version.formaat = filed.media_type
    version.bestandsnaam = filed.name
    version.bestandsomvang = filed.size
    version.inhoud = filed.key
    version.integriteit_algoritme = "sha_256"
    version.integriteit_waarde = filed.sha256
    version.integriteit_datum = today()
    if isinstance(actor, Citizen):
        version.ontvangstdatum = today()
    else:
        version.status = "definitief"
    case.add(document, version, _link(zaak, document, title, field))
    return document


DECISION: Final = "Besluit"
"""The type of document that the letter of a decision is."""


def letter_out(
    case: Case, letter: Letter, *, type_: str, number: str
) -> tuple[EnkelvoudigInformatieObject, PendingLetter]:
    """A letter of the municipality. Its content is made by a job once the transaction has succeeded."""
    zaak = case.zaak
    document, version = _document(zaak, title=letter.title, type_=type_, number=number, auteur=letter.sender)
    version.formaat = "application/pdf"
    version.bestandsnaam = f"{number}.pdf"
    pending = PendingLetter(
        municipality_id=zaak.municipality_id,
        zaak_id=zaak.id,
        informatieobject_id=document.id,
        letter=msgspec.to_builtins(letter),
        asked=now(),
    )
    case.add(document, version, _link(zaak, document, letter.title, ""), pending)
    return document, pending


def _document(
    zaak: Zaak, *, title: str, type_: str, number: str, auteur: str
) -> tuple[EnkelvoudigInformatieObject, InformatieObjectVersie]:
    document = EnkelvoudigInformatieObject(
        municipality_id=zaak.municipality_id,
        identificatie=number,
        informatieobjecttype=type_[:200],
        creatiedatum=today(),
    )
    version = InformatieObjectVersie(
        municipality_id=zaak.municipality_id,
        informatieobject_id=document.id,
        begin_registratie=now(),
        titel=title[:200],
        auteur=auteur,
        vertrouwelijkheidaanduiding=zaak.vertrouwelijkheidaanduiding,
    )
    return document, version


def _link(zaak: Zaak, document: EnkelvoudigInformatieObject, title: str, field: str) -> ZaakInformatieObject:
    return ZaakInformatieObject(
        municipality_id=zaak.municipality_id,
        zaak_id=zaak.id,
        informatieobject_id=document.id,
        titel=title[:200],
        registratiedatum=now(),
        field=field,
    )
