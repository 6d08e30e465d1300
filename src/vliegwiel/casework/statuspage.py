"""From a dossier to the pages of the citizen. Pure: no queries here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from vliegwiel.base.clock import local, today
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.course import status_in
from vliegwiel.catalogue.model import Resolved, Status, find
from vliegwiel.catalogue.typing_in import day_text

from . import terms
from .decisioncontent import DecisionContent
from .dossierdata import Dossier
from .draftpages import fact_groups, not_asked, silent
from .events import told
from .lawpages import Badge, DecisionView, Kind, Turn
from .lawview import kind_of
from .models import Besluit, Entitlement, InformationRequest, Zaak
from .pages import (
    Answer,
    AnswerGroup,
    CaseCard,
    EntitlementView,
    Event,
    Milestone,
    Place,
    Question,
    StatusPage,
    Todo,
)
from .places import place
from .progress import GRANTING, Case

TURNS = {
    Turn.GEMEENTE: ("De gemeente", "U hoeft nu niets te doen."),
    Turn.INWONER: ("U", "Wij wachten op u."),
    Turn.DERDE: ("Iemand anders", "Wij wachten op een ander."),
    Turn.NIEMAND: ("Niemand", "Deze zaak is klaar."),
}
BEING_MADE = "De brief wordt gemaakt. Dat duurt meestal een paar minuten."
GRANT_BADGES = {
    "geldig": Badge("geldig", Kind.OK),
    "verlopen": Badge("verlopen", Kind.NO),
    "ingetrokken": Badge("ingetrokken", Kind.NO),
    "vervangen": Badge("vervangen", Kind.NONE),
}


def status_page(dossier: Dossier, person: Sequence[Event]) -> StatusPage:
    """The page of one case. `person` are the lines of the timeline that the citizen is told."""
    zaak, resolved = dossier.zaak, dossier.case.resolved
    where = place(zaak.municipality_id)
    term = terms.view(zaak, resolved.terms.decide, resolved.terms.extend, dossier.stops, today())
    questions = tuple(question_view(q) for q in dossier.questions if q.closed is None)
    decision = next((decision_view(dossier, row) for row in dossier.decisions if not row.vervalreden), None)
    turn = Turn(zaak.turn)
    turn_text, turn_note = TURNS[turn]
    return StatusPage(
        id=zaak.id,
        version=zaak.version,
        number=zaak.identificatie,
        product=zaak.zaaktype,
        product_name=zaak.omschrijving,
        place=where,
        headline=headline(zaak, resolved),
        lead=_lead(zaak, decision),
        badge=badge(zaak, resolved),
        opened=zaak.received,
        closed=zaak.einddatum,
        turn=turn,
        turn_text=turn_text,
        turn_note=f"{zaak.team}. {turn_note}" if zaak.team and turn is Turn.GEMEENTE else turn_note,
        expected=_expected(zaak),
        expected_note=_expected_note(zaak, resolved),
        term=term,
        milestones=milestones(dossier),
        todo=_todo(dossier, questions),
        questions=questions,
        decision=decision,
        entitlements=tuple(entitlement_view(grant) for grant in dossier.grants),
        documents=dossier.documents,
        groups=fact_groups(resolved, list(dossier.facts.values()), dossier.reported),
        answers=answer_groups(dossier),
        not_asked=not_asked(resolved, dossier.facts.values()),
        timeline=tuple(person),
        contact=_contact(where, zaak),
        team=zaak.team,
        messages=_messages(zaak),
        may_withdraw=zaak.einddatum is None and not zaak.outcome,
    )


def headline(zaak: Zaak, resolved: Resolved) -> str:
    """Where it stands, in one sentence: what was decided when it is over, else the words of the status."""
    if zaak.einddatum is not None:
        key = "ingetrokken" if zaak.withdrawn else zaak.outcome
        outcome = find(resolved.outcomes, key)
        if outcome is not None:
            return outcome.sentence
    status = find(resolved.process.statuses, zaak.status)
    return status.text if status else "Wij behandelen uw aanvraag."


def badge(zaak: Zaak, resolved: Resolved) -> Badge:
    """The status as a badge; when it is over, the outcome."""
    if zaak.einddatum is not None:
        outcome = find(resolved.outcomes, "ingetrokken" if zaak.withdrawn else zaak.outcome)
        return Badge(outcome.name, kind_of(outcome.kind)) if outcome else Badge("Afgehandeld", Kind.OK)
    status = find(resolved.process.statuses, zaak.status)
    kind = Kind.WARN if zaak.turn == Turn.INWONER.value else Kind.BUSY
    return Badge(status.name if status else "In behandeling", kind)


def _lead(zaak: Zaak, decision: DecisionView | None) -> str:
    if zaak.einddatum is not None:
        return f"Afgerond op {day_text(zaak.einddatum)}."
    if decision is not None:
        return decision.sentence
    if (expected := _expected(zaak)) is not None:
        return f"Wij verwachten dat het op {day_text(expected)} klaar is."
    deadline = zaak.uiterlijke_einddatum_afdoening
    return f"U hoort uiterlijk op {day_text(deadline)} van ons." if deadline else ""


def _expected(zaak: Zaak) -> date | None:
    """What the municipality expects, as long as that is still to come; nothing is expected while we wait for the citizen."""
    if zaak.einddatum is not None or zaak.waits or zaak.einddatum_gepland is None or zaak.einddatum_gepland < today():
        return None
    return zaak.einddatum_gepland


def _expected_note(zaak: Zaak, resolved: Resolved) -> str:
    lead = next((time for time in resolved.terms.service if time.key == zaak.communicatiekanaal), None)
    if lead is None or _expected(zaak) is None:
        return ""
    return f"Dit duurt meestal {lead.span}." + ("" if lead.verified else " Dit is niet nagekeken.")


def _contact(where: Place, zaak: Zaak) -> str:
    call = f"Bel {where.phone}." if where.phone else "Bel of mail de gemeente."
    return f"{call} Noem zaak {zaak.identificatie}."


def _messages(zaak: Zaak) -> tuple[str, ...]:
    return tuple(one.sentence for one in silent(zaak.silent, sent=True))


# -- steps --------------------------------------------------------------------------------------------------------------


def milestones(dossier: Dossier) -> tuple[Milestone, ...]:
    """What was reached, what is going on, and what is still to come if all goes as the law says now."""
    zaak, resolved = dossier.zaak, dossier.case.resolved
    made: list[Milestone] = []
    rows = dossier.statuses
    for place_in_row, row in enumerate(rows):
        status = find(resolved.process.statuses, row.statustype)
        last = place_in_row == len(rows) - 1
        current = last and zaak.einddatum is None
        title = status.name if status else row.statustype
        note = status.text if status and current else ""
        link = "besluit" if dossier.decisions and row.datum_status_gezet >= dossier.decisions[0].decided_at else ""
        made.append(Milestone(title, note, "current" if current else "done", row.datum_status_gezet, None, link))
    if zaak.einddatum is None:
        made += [Milestone(status.name, "", "open", None, expected, "") for status, expected in _to_come(dossier)]
    return tuple(made)


def _to_come(dossier: Dossier) -> list[tuple[Status, date | None]]:
    zaak, resolved = dossier.zaak, dossier.case.resolved
    state = dossier.case.state()
    names = state.names()
    likely = find(resolved.outcomes, zaak.outcome or zaak.law_says)
    names.update(besluit=likely.key if likely else None, toegekend=likely is not None and likely.kind in GRANTING)
    keys = [phase.key for phase in resolved.process.phases]
    here = keys.index(zaak.phase) if zaak.phase in keys else -1
    found: list[tuple[Status, date | None]] = []
    for phase in resolved.process.phases[here + 1 :]:
        if not holds(phase.when, names):
            continue
        status = status_in(resolved.process, phase.key, names)
        if status is not None:
            last = phase is resolved.process.phases[-1]
            found.append((status, None if last else _expected(zaak)))
    return found


# -- what to do ---------------------------------------------------------------------------------------------------------


def question_view(row: InformationRequest) -> Question:
    """A question of ours that is open."""
    return Question(
        id=row.id,
        title=row.title,
        text=row.text,
        asked=row.asked,
        due=row.due,
        late=row.due < today(),
        consequence="Komt er niets, dan kunnen wij uw aanvraag niet verder behandelen.",
        wants_files=row.wants_files,
    )


def _todo(dossier: Dossier, questions: Sequence[Question]) -> tuple[Todo, ...]:
    zaak, resolved = dossier.zaak, dossier.case.resolved
    made = [
        Todo(q.title, f"Geef antwoord vóór {day_text(q.due)}.", q.due, q.id, "", "Antwoord geven") for q in questions
    ]
    if zaak.einddatum is None and zaak.turn == Turn.INWONER.value and not questions:
        status = find(resolved.process.statuses, zaak.status)
        bring = ", ".join(resolved.appointment.bring) if resolved.appointment else ""
        text = (status.text if status else "") + (f" Neem mee: {bring}." if bring else "")
        made.append(Todo(status.name if status else "U bent aan zet", text, _until(dossier), None, "", ""))
    return tuple(made)


def _until(dossier: Dossier) -> date | None:
    """Until when something lies ready for the citizen."""
    status = find(dossier.case.resolved.process.statuses, dossier.zaak.status)
    if status is None or not dossier.statuses:
        return None
    return terms.duration(status.term).after(local(dossier.statuses[-1].datum_status_gezet).date())


# -- decision -----------------------------------------------------------------------------------------------------------


def decision_view(dossier: Dossier, row: Besluit) -> DecisionView:
    """A decision as it was taken: everything comes from what was fixed then."""
    content = DecisionContent.from_json(row.content)
    letter = dossier.letter_of(row.id)
    ready = letter if letter is not None and letter.ready else None
    return DecisionView(
        id=row.id,
        number=row.identificatie,
        taken=row.datum,
        title=content.title,
        kind=kind_of(content.kind),
        sentence=content.sentence,
        parts=content.parts,
        amounts=content.amounts,
        reasons=content.reasons,
        change=content.change,
        deviates=content.deviation,
        by_computer=not row.decided_by,
        letter=ready,
        letter_sentence="" if ready else BEING_MADE,
        objection_until=row.uiterlijke_reactiedatum,
        objection_text="\n\n".join(content.objection),
        appeal=dossier.case.resolved.objection.kind == "beroep",
        unverified=content.unverified,
    )


def entitlement_view(row: Entitlement) -> EntitlementView:
    """What was granted, and whether it still holds."""
    return EntitlementView(
        row.id, row.title, GRANT_BADGES.get(row.state, GRANT_BADGES["geldig"]), row.valid_from, row.valid_until
    )


def answer_groups(dossier: Dossier) -> tuple[AnswerGroup, ...]:
    """What was answered, step by step, as it was sent."""
    made = []
    for step in dossier.case.resolved.steps:
        answers = tuple(
            Answer(step.key, field.key, field.label, dossier.properties[field.key][1], ())
            for field in step.fields
            if field.key in dossier.properties
        )
        if answers:
            made.append(AnswerGroup(step.key, step.title, answers))
    return tuple(made)


def timeline(dossier: Dossier, *, to_citizen: bool) -> tuple[Event, ...]:
    """What happened, newest first, as this reader is told."""
    lines = [told(event, to_citizen=to_citizen) for event in dossier.events]
    return tuple(line for line in reversed(lines) if line is not None)


def case_card(case: Case, todo: int) -> CaseCard:
    """A case in the list of a citizen."""
    zaak, resolved = case.zaak, case.resolved
    return CaseCard(
        id=zaak.id,
        number=zaak.identificatie,
        product_name=zaak.omschrijving,
        place=place(zaak.municipality_id),
        badge=badge(zaak, resolved),
        sentence=headline(zaak, resolved),
        turn=Turn(zaak.turn),
        todo=todo or int(zaak.einddatum is None and zaak.turn == Turn.INWONER.value),
        opened=zaak.startdatum,
        next_date=_expected(zaak) or zaak.uiterlijke_einddatum_afdoening if zaak.einddatum is None else zaak.einddatum,
        closed=zaak.einddatum,
    )
