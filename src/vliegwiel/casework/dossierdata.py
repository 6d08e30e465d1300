"""Everything a page about one case needs, read in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from vliegwiel.trust import ledger
from vliegwiel.trust.ledger import LedgerEvent

from . import hot
from .facts import StoredFact
from .lawpages import Document
from .models import (
    Besluit,
    Entitlement,
    InformationRequest,
    RegisterReport,
    Status,
    Task,
    Zaak,
)
from .progress import Case
from .taking import case_of
from .terms import Stop, stops_of


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case with all that hangs on it."""

    case: Case
    facts: Mapping[str, StoredFact]
    properties: Mapping[str, tuple[str, str]]
    statuses: tuple[Status, ...]
    stops: tuple[Stop, ...]
    questions: tuple[InformationRequest, ...]
    decisions: tuple[Besluit, ...]
    documents: tuple[Document, ...]
    grants: tuple[Entitlement, ...]
    reports: tuple[RegisterReport, ...]
    events: tuple[LedgerEvent, ...]

    @property
    def zaak(self) -> Zaak:
        """The case itself."""
        return self.case.zaak

    @property
    def tasks(self) -> list[Task]:
        """Its tasks, in the order of the process."""
        return self.case.tasks

    @property
    def reported(self) -> dict[str, datetime]:
        """When somebody said that a datum is wrong, by datum."""
        return {report.datum: report.at for report in self.reports}

    def letter_of(self, besluit: UUID) -> Document | None:
        """The letter that lays a decision down."""
        return next((document for document in self.documents if document.besluit == besluit), None)


def read(zaak: Zaak, *, to_citizen: bool) -> Dossier:
    """Read the dossier. Inside the scope; whether the actor may was checked."""
    of = (zaak.municipality_id, zaak.id)
    case = case_of(zaak)
    facts = {row.datum: row.stored for row in hot.facts_of(*of)}
    properties = {row.eigenschap: (row.naam, row.waarde) for row in hot.properties_of(*of)}
    return Dossier(
        case=case,
        facts=facts,
        properties=properties,
        statuses=tuple(hot.statuses_of(*of)),
        stops=tuple(stops_of(hot.suspensions_of(*of))),
        questions=tuple(hot.questions_of(*of)),
        decisions=tuple(hot.decisions_of(*of)),
        documents=documents_of(zaak, to_citizen=to_citizen),
        grants=tuple(case.grants),
        reports=tuple(hot.reports_of(*of)),
        events=tuple(ledger.events_of(zaak.id)),
    )


_DOCUMENTS = """SELECT d.id, (SELECT b.besluit_id FROM casework_besluitinformatieobject b
            WHERE b.municipality_id = d.municipality_id AND b.informatieobject_id = d.id LIMIT 1),
        coalesce(nullif(z.titel, ''), v.titel), v.auteur, coalesce(v.ontvangstdatum, d.creatiedatum),
        coalesce(v.bestandsomvang, 0), v.formaat, v.bestandsnaam, v.inhoud <> ''
    FROM casework_zaakinformatieobject z
    JOIN casework_enkelvoudiginformatieobject d ON d.municipality_id = z.municipality_id AND d.id = z.informatieobject_id
    JOIN casework_informatieobjectversie v
        ON v.municipality_id = d.municipality_id AND v.informatieobject_id = d.id AND v.versie = d.versie
    WHERE z.municipality_id = %s AND z.zaak_id = %s AND (v.tonen_aan_initiator OR NOT %s)
    ORDER BY z.registratiedatum, z.id"""


def documents_of(zaak: Zaak, *, to_citizen: bool) -> tuple[Document, ...]:
    """The newest version of each document of a case, oldest document first."""
    with connection.cursor() as cursor:
        cursor.execute(_DOCUMENTS, [zaak.municipality_id, zaak.id, to_citizen])
        rows = cursor.fetchall()
    made = []
    for id_, besluit, title, author, received, size, media_type, name, ready in rows:
        by_person = author != "inwoner" and not author.lower().startswith("gemeente")
        sender = "medewerker" if to_citizen and by_person else author
        made.append(Document(id_, title, sender, received, size, media_type, name, bool(ready), besluit))
    return tuple(made)
