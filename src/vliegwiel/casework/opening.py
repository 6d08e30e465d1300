"""An application becomes a case: rows, law, process, event, all in one transaction and few statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from vliegwiel.base.clock import local, now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound, Stale
from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue.actions import keep
from vliegwiel.catalogue.model import Resolved, find
from vliegwiel.catalogue.queries import by_hash
from vliegwiel.trust import processing
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, System
from vliegwiel.trust.rights import require_citizen

from . import applicant, clerks, gathering, hot, numbers
from .access import NO_DRAFT, own_draft
from .assessing import Worked, apply, known_of, work_out
from .deadlines import first_deadline
from .deciding import decide_by_computer
from .dossier import Filed, file_in
from .draftform import form_of, level_for, missing_needs, plate_of
from .draftpages import not_asked
from .events import Kind
from .facts import SELF, StoredFact, by_name
from .filledform import FilledForm
from .gathering import Asked
from .labels import label_of
from .lawpages import Turn
from .models import Draft, DraftUpload, Fact, Rol, Zaak, ZaakEigenschap
from .models.zaak import NO_TERM
from .places import place
from .progress import AUTO, Case
from .refetching import FETCH
from .taking import finish
from .terms import duration
from .worklater import fetch_facts, make_letter


@dataclass(frozen=True, slots=True)
class Application:
    """Everything a case is opened with. `bsn` empty: nobody knows who tells it, and nobody has to."""

    resolved: Resolved
    bsn: str = field(repr=False)
    channel: str
    received: datetime
    facts: Sequence[StoredFact] = field(repr=False)
    form: FilledForm = field(repr=False)
    silent: Sequence[str] = ()
    uploads: Sequence[DraftUpload] = ()
    draft: Draft | None = None
    asked: Asked | None = None
    about: str = ""
    """What it is about, for lists, where there is no person."""


DECISION_NUMBER = "besluit_kenmerk"
"""The datum in which an objection names the decision it is about: the number on the letter."""


class DataLacking(Exception):
    """Registers that were silent when the draft was begun may answer now: ask them first, then try again."""

    def __init__(self, resolved: Resolved, bsn: str, needs: Sequence[str], plate: str) -> None:
        super().__init__("data are lacking")
        self.resolved, self.bsn, self.needs, self.plate = resolved, bsn, tuple(needs), plate


def open_from_draft(actor: Actor, draft_id: UUID, *, version: int, asked_again: bool) -> UUID:
    """Send a draft. It is locked, so that a second try waits and then finds the case that is there.

    Raises `DataLacking` when registers were silent and were not asked again yet.
    """
    draft = own_draft(actor, draft_id, lock=True)
    if draft.zaak is not None:
        return draft.zaak
    if draft.ended is not None:
        raise NotFound(NO_DRAFT)
    if draft.version != version:
        raise Stale("U hebt deze aanvraag in een ander venster veranderd. Kijk uw antwoorden nog eens na.")
    resolved = by_hash(draft.municipality_id, draft.definition)
    require_citizen(actor, level=level_for(resolved, draft.channel))
    uploads = hot.uploads_of(draft.id)
    draft.done = [step.key for step in resolved.steps]
    form = form_of(draft, resolved, uploads)
    facts = draft.stored_facts()
    lacking = missing_needs(resolved, facts) if draft.silent else ()
    if lacking and not asked_again:
        raise DataLacking(resolved, draft.bsn, lacking, plate_of(form))
    if form.wrong:
        wrong = [InvalidParam(w.field, w.code, w.sentence) for w in form.wrong]
        raise Invalid("Uw aanvraag is nog niet af.", invalid=wrong)
    application = Application(
        resolved=resolved,
        bsn=draft.bsn,
        channel=draft.channel,
        received=now(),
        facts=facts,
        form=form,
        silent=[register for register in draft.silent if lacking],
        uploads=uploads,
        draft=draft,
    )
    return open_case(actor, application)


def _not_elsewhere(application: Application, worked: Worked) -> None:
    """What can only be done another way is said so, and not taken in to be refused later (Awb 2:16)."""
    outcome = find(application.resolved.outcomes, worked.assessment.outcome or "")
    if application.draft is not None and outcome is not None and outcome.kind == "elders":
        raise Conflict(outcome.sentence)


def open_case(actor: Actor, application: Application) -> UUID:
    """Open the case and return its id. Inside the open scope. Decides at once where the product's law lets the computer."""
    resolved, facts = application.resolved, by_name(application.facts)
    given = _given(application)
    everything = {**facts, **given}
    keep(resolved)
    number, *document_numbers = numbers.take(1 + len(application.uploads))
    zaak = _zaak(application, facts, number)
    case = Case(zaak, resolved, [])
    worked = work_out(resolved, known_of(case, everything), everything)
    _not_elsewhere(application, worked)
    case.add(zaak, *_roles(application, zaak, facts), *applicant.addresses(zaak, facts))
    case.add(*(Fact.of(zaak, fact) for fact in everything.values()))
    case.add(*_properties(application, zaak), *applicant.words(zaak, facts))
    for upload, document_number in zip(application.uploads, document_numbers, strict=True):
        filed = Filed(upload.name, upload.media_type, upload.size, upload.sha256, upload.key)
        title, type_ = _document_words(application, upload)
        file_in(case, actor, filed, title=title, type_=type_, number=document_number, field=upload.field)
    law = apply(case, worked)
    if application.silent:
        term = resolved.process.statuses[0].term
        case.new_task(FETCH, "Gegevens ophalen", kind=AUTO, who=Turn.GEMEENTE, term=term, order=-1)
    if application.draft is not None:
        case.set(application.draft, zaak=zaak.id, ended=now())
    spared = len(not_asked(resolved, application.facts))
    payload: dict[str, Json] = {
        "kanaal": application.channel,
        "nummer": zaak.identificatie,
        "niet_gevraagd": spared,
        "definitie": zaak.definition,
        "oordeel": zaak.judgement,
        **_about(everything),
    }
    finish(case, actor, Kind.GEOPEND, payload=payload, personal={"antwoorden": _told(application)})
    _log(application, zaak, everything)
    if application.silent:
        fetch_facts.later(municipality=zaak.municipality_id, zaak=str(zaak.id))
    if zaak.complete and zaak.automatic and zaak.einddatum is None:
        pending = decide_by_computer(case, worked, law, everything)
        if pending is not None:
            make_letter.later(municipality=zaak.municipality_id, letter=str(pending))
    return zaak.id


def _about(facts: Mapping[str, StoredFact]) -> dict[str, Json]:
    """The case whose decision an objection is about, where its number is one of ours: so that practice can count it there."""
    number = facts.get(DECISION_NUMBER)
    if number is None or not isinstance(number.value, str):
        return {}
    about = Zaak.objects.filter(identificatie=number.value.strip()).only("id", "zaaktype", "definition").first()
    if about is None:
        return {}
    return {"over": {"zaak": str(about.id), "zaaktype": about.zaaktype, "definitie": about.definition}}


def _zaak(application: Application, facts: Mapping[str, StoredFact], number: str) -> Zaak:
    resolved, day = application.resolved, today()
    silent = list(application.silent)
    zaak = Zaak(
        municipality_id=resolved.municipality,
        identificatie=number,
        omschrijving=resolved.name[:80],
        zaaktype=resolved.key,
        definition=resolved.hash,
        registratiedatum=day,
        startdatum=local(application.received).date(),
        communicatiekanaal=application.channel,
        producten_of_diensten=[resolved.upl_uri],
        vertrouwelijkheidaanduiding=resolved.case_type.confidentiality,
        laatst_gemuteerd=now(),
        draft=application.draft.id if application.draft else None,
        received=application.received,
        phase="",
        bsn=application.bsn,
        person=applicant.name(facts) or application.about[:200],
        secret=applicant.is_secret(facts),
        complete=not application.form.wrong and not silent,
        silent=silent,
        team=clerks.team_for(resolved.municipality, resolved.key),
    )
    deadline = first_deadline(zaak, resolved)
    zaak.uiterlijke_einddatum_afdoening, zaak.due = deadline, deadline or NO_TERM
    lead = next((time for time in resolved.terms.service if time.key == application.channel), None)
    zaak.einddatum_gepland = duration(lead.span).after(zaak.startdatum) if lead else None
    return zaak


def _given(application: Application) -> dict[str, StoredFact]:
    """The answers as facts, by the name the law knows them under."""
    found: dict[str, StoredFact] = {}
    purpose = application.resolved.processing.purpose
    for step in application.form.steps:
        for one in step.fields:
            if one.key in application.form.answers:
                value = application.form.known[one.datum]
                found[one.datum] = StoredFact(one.datum, value, SELF, application.received, purpose)
    return found


def _roles(application: Application, zaak: Zaak, facts: Mapping[str, StoredFact]) -> list[Rol]:
    moment = now()
    role = next(r for r in application.resolved.process.roles if r.generic == "initiator")
    where = place(zaak.municipality_id)
    handler = next((r for r in application.resolved.process.roles if r.generic == "behandelaar"), None)
    made = []
    if application.bsn:
        made.append(
            Rol(
                municipality_id=zaak.municipality_id,
                zaak_id=zaak.id,
                betrokkene_type="natuurlijk_persoon",
                omschrijving=role.key,
                omschrijving_generiek="initiator",
                registratiedatum=moment,
                betrokkene_identificatie=applicant.identification(application.bsn, facts),
                bsn=application.bsn,
            )
        )
    if handler is not None:
        made.append(
            Rol(
                municipality_id=zaak.municipality_id,
                zaak_id=zaak.id,
                betrokkene_type="organisatorische_eenheid",
                omschrijving=handler.key,
                omschrijving_generiek="behandelaar",
                registratiedatum=moment,
                betrokkene_identificatie={"identificatie": where.code, "naam": f"Gemeente {where.name}"},
            )
        )
    return made


def _properties(application: Application, zaak: Zaak) -> list[ZaakEigenschap]:
    form = application.form
    return [
        ZaakEigenschap.quick(
            municipality_id=zaak.municipality_id,
            zaak_id=zaak.id,
            eigenschap=one.key,
            naam=one.label[:100],
            waarde=reading.to_text(one, form.answers[one.key], form.known),
        )
        for step in form.steps
        for one in step.fields
        if one.key in form.answers
    ]


def _document_words(application: Application, upload: DraftUpload) -> tuple[str, str]:
    """Title and type of a file that came with the application."""
    document = next((d for d in application.resolved.documents if d.key == upload.field), None)
    if document is not None:
        return document.name, document.type
    return label_of(application.resolved, upload.field), "Bijlage"


def _told(application: Application) -> dict[str, Json]:
    """The answers in words, for the encrypted part of the event."""
    form = application.form
    return {
        one.key: reading.to_text(one, form.answers[one.key], form.known)
        for step in form.steps
        for one in step.fields
        if one.key in form.answers
    }


def _log(application: Application, zaak: Zaak, facts: Mapping[str, StoredFact]) -> None:
    """The computer used these data to work out the law, and asked registers where this action did so itself."""
    if not application.bsn:
        return
    computer = System(zaak.municipality_id, "wet uitrekenen")
    labels = [label_of(application.resolved, name).lower() for name in facts]
    processing.record(
        computer,
        municipality=zaak.municipality_id,
        bsn=application.bsn,
        data=labels or ["uw aanvraag"],
        activity="zaak-behandelen",
        reason="om uit te rekenen wat de wet over uw aanvraag zegt",
        zaak_id=zaak.id,
    )
    if application.asked is not None:
        gathering.log(
            application.asked, application.resolved, application.bsn, reason="om uw zaak te behandelen", zaak_id=zaak.id
        )
