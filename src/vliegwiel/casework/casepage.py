"""From a dossier to the page of the clerk. Pure: no queries here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from vliegwiel.base.clock import local, now, today
from vliegwiel.catalogue.answers import askable
from vliegwiel.catalogue.assess import Assessment
from vliegwiel.catalogue.course import course
from vliegwiel.catalogue.model import Outcome, Wait, find
from vliegwiel.catalogue.typing_in import amount_text, day_text
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, may

from . import terms
from .actions.decisions import SECOND
from .assessing import Worked, needs_second
from .deskpages import (
    CasePage,
    DecidePart,
    JudgementView,
    LawPart,
    May,
    Neighbour,
    NoteView,
    OutcomeChoice,
    PersonView,
    Phase,
    Proposal,
    Reported,
    TaskView,
)
from .dossierdata import Dossier
from .draftpages import fact_groups, field_view, silent
from .facts import StoredFact
from .facttext import fact_text, group_text
from .labels import label_of
from .lawpages import Badge, Kind, Pair, Turn
from .lawview import amounts, article, change, kind_of, parts, reasons, tree, unverified
from .models import Note, Task
from .models import Proposal as ProposalRow
from .outcomes import choosable
from .pages import Choice, Event
from .places import place
from .progress import DONE, LAPSED, OPEN, OVER, OWN
from .statuspage import (
    TURNS,
    answer_groups,
    badge,
    decision_view,
    entitlement_view,
    milestones,
    question_view,
)
from .waiting import information_wait, waited_in_vain

STATES = {OPEN: "open", DONE: "done", LAPSED: "skipped", OVER: "skipped"}
WITHDRAW_REASONS = (
    ("gevraagd", "De inwoner vroeg erom"),
    ("dubbel", "Dezelfde aanvraag is er al"),
    ("niet_nodig", "Het is niet meer nodig"),
)


def case_page(
    actor: Staff,
    dossier: Dossier,
    worked: Worked | None,
    *,
    notes: Sequence[Note],
    proposal: ProposalRow | None,
    timeline: tuple[Event, ...],
    before: Neighbour | None,
    after: Neighbour | None,
) -> CasePage:
    """The page of one case."""
    zaak, resolved = dossier.zaak, dossier.case.resolved
    facts = dossier.facts
    rights = _may(actor, dossier)
    tasks = task_views(dossier, worked, rights.work)
    return CasePage(
        id=zaak.id,
        version=zaak.version,
        number=zaak.identificatie,
        product=zaak.zaaktype,
        product_name=zaak.omschrijving,
        definition=f"{resolved.version}",
        place=place(zaak.municipality_id),
        in_mandate=zaak.municipality_id != actor.municipality,
        badge=badge(zaak, resolved),
        persons=(person_view(dossier),),
        phases=phases(dossier),
        term=terms.view(zaak, resolved.terms.decide, resolved.terms.extend, dossier.stops, today()),
        expected=zaak.einddatum_gepland,
        turn=Turn(zaak.turn),
        turn_text=TURNS[Turn(zaak.turn)][0],
        law=law_part(dossier, worked) if worked else None,
        groups=fact_groups(resolved, list(facts.values()), dossier.reported, all_facts=True),
        silent=silent(zaak.silent, sent=True),
        answers=answer_groups(dossier),
        tasks=tasks,
        open_tasks=sum(1 for task in tasks if task.state == "open" and not task.optional),
        can_add=_can_add(dossier) if rights.work else (),
        decide=decide_part(actor, dossier, worked, proposal, rights.decide),
        decisions=tuple(decision_view(dossier, row) for row in dossier.decisions),
        entitlements=tuple(entitlement_view(grant) for grant in dossier.grants),
        questions=tuple(question_view(q) for q in dossier.questions if q.closed is None),
        documents=dossier.documents,
        notes=tuple(NoteView(n.id, n.by_name, n.at, n.text, n.by == actor.subject) for n in notes),
        reports=_reports(dossier),
        milestones=milestones(dossier),
        timeline=timeline,
        events=len(timeline),
        chain="",
        assignee=zaak.assignee,
        assignee_name=zaak.assignee_name,
        team=zaak.team,
        opened=zaak.received,
        closed=zaak.einddatum,
        messages=tuple(one.sentence for one in silent(zaak.silent, sent=True)),
        withdraw_reasons=tuple(Choice(key, name, "", False) for key, name in WITHDRAW_REASONS),
        may=rights,
        before=before,
        after=after,
    )


def _may(actor: Staff, dossier: Dossier) -> May:
    zaak = dossier.zaak

    def has(right: Right) -> bool:
        return may(actor, right, municipality=zaak.municipality_id, product=zaak.zaaktype)

    running = zaak.einddatum is None
    work, decide = has(Right.ZAAK_BEHANDELEN), has(Right.ZAAK_BESLUITEN)
    undecided = running and not zaak.outcome
    term = terms.view(
        zaak, dossier.case.resolved.terms.decide, dossier.case.resolved.terms.extend, dossier.stops, today()
    )
    return May(
        work=work and running,
        decide=decide and undecided,
        assign=has(Right.ZAAK_TOEWIJZEN) and running,
        ask=work and undecided and not zaak.waits and information_wait(dossier.case.resolved) is not None,
        extend=work and undecided and term.may_extend,
        withdraw=work and undecided,
        reopen=work and not running,
        close=work and running and bool(zaak.outcome),
        upload=work,
    )


# -- who and where ------------------------------------------------------------------------------------------------------


def person_view(dossier: Dossier) -> PersonView:
    """Who the case is about, with what a clerk must know before doing anything."""
    zaak, facts = dossier.zaak, dossier.facts
    born = facts.get("persoon.geboortedatum")
    address = facts.get("persoon.adres")
    shown = group_text(address.value) if address and isinstance(address.value, Mapping) else ""
    return PersonView(
        name=zaak.person or "naam niet bekend",
        born=_born(born) if born else "",
        address=shown,
        bsn=zaak.bsn,
        secret=zaak.secret,
        warnings=_warnings(dossier),
        role=dossier.case.resolved.process.roles[0].name,
    )


def _born(fact: StoredFact) -> str:
    if not isinstance(fact.value, date):
        return fact_text(fact)
    day = today()
    age = day.year - fact.value.year - ((day.month, day.day) < (fact.value.month, fact.value.day))
    return f"{day_text(fact.value)} ({age} jaar)"


_ENDED = {
    "emigratie": "Deze persoon is geëmigreerd. De gemeente houdt de inschrijving niet meer bij.",
    "ministerieel_besluit": "De inschrijving van deze persoon wordt niet meer bijgehouden (ministerieel besluit).",
    "fout": "Deze inschrijving is afgevoerd als fout. Vraag Burgerzaken om te kijken wie dit is.",
    "onbekend": "De inschrijving van deze persoon wordt niet meer bijgehouden.",
}


def _warnings(dossier: Dossier) -> tuple[str, ...]:
    facts = dossier.facts
    made = []
    if "persoon.overleden" in facts and facts["persoon.overleden"].value is True:
        made.append("Deze persoon is overleden.")
    ended = facts["persoon.opschorting"].value if "persoon.opschorting" in facts else None
    if isinstance(ended, str) and ended in _ENDED:
        made.append(_ENDED[ended])
    if dossier.zaak.secret:
        made.append("Geheimhouding: geef deze gegevens aan niemand door.")
    doubtful = [label_of(dossier.case.resolved, name).lower() for name, fact in facts.items() if fact.in_doubt]
    if doubtful:
        made.append(
            f"De registerhouder kijkt deze gegevens na: {', '.join(doubtful)}. Besluit niet zonder zelf te kijken."
        )
    return tuple(made)


def phases(dossier: Dossier) -> tuple[Phase, ...]:
    """The phases of the process, with the day on which each was reached."""
    zaak, resolved = dossier.zaak, dossier.case.resolved
    at = course(resolved.process, dossier.case.state())
    made = []
    for phase in resolved.process.phases:
        of_phase = {status.key for status in resolved.process.statuses if status.phase == phase.key}
        reached = next((row.datum_status_gezet for row in dossier.statuses if row.statustype in of_phase), None)
        if phase.key == zaak.phase:
            state = "done" if zaak.einddatum else "current"
        elif phase.key in at.passed:
            state = "done"
        else:
            state = "open" if reached is None and zaak.einddatum is None else "skipped" if reached is None else "done"
        made.append(Phase(phase.key, phase.name, state, local(reached).date() if reached else None))
    return tuple(made)


# -- law ----------------------------------------------------------------------------------------------------------------


def law_part(dossier: Dossier, worked: Worked) -> LawPart:
    """What the law says on what is known now."""
    resolved, assessment = dossier.case.resolved, worked.assessment
    outcome = find(resolved.outcomes, assessment.outcome or "")
    missing = tuple(label_of(resolved, name) for name in assessment.missing)
    return LawPart(
        outcome=assessment.outcome or "",
        verdict=verdict(outcome, assessment),
        condition=_condition(assessment),
        kind=kind_of(outcome.kind) if outcome else Kind.NONE,
        amounts=amounts(resolved, assessment),
        parts=parts(resolved, assessment),
        reasons=reasons(resolved, assessment),
        tree=tree(assessment.decision),
        change=change(resolved, assessment),
        missing=(*missing, *assessment.unfilled),
        unverified=unverified(assessment.decision),
        computed=now(),
        micros=worked.micros,
        law_hash="",
    )


def verdict(outcome: Outcome | None, assessment: Assessment) -> str:
    """The outcome with its amount in a few words: "Toegekend: € 510,00"."""
    if outcome is None:
        return "Nog geen uitkomst"
    sums = [amount_text(value) for value in assessment.amounts.values() if value]
    return f"{outcome.name}: {' en '.join(sums)}" if sums and outcome.kind in ("toekennen", "deels") else outcome.name


def _condition(assessment: Assessment) -> str:
    labels = {j.name: j.label for j in assessment.decision.judgements}
    asked = [labels.get(name, name) for name in assessment.conditional_on]
    return f"hangt af van uw oordeel: {', '.join(asked)}" if asked else ""


# -- deciding -----------------------------------------------------------------------------------------------------------


def decide_part(
    actor: Staff, dossier: Dossier, worked: Worked | None, proposal: ProposalRow | None, allowed: bool
) -> DecidePart:
    """The panel "Besluiten"."""
    zaak, resolved = dossier.zaak, dossier.case.resolved
    why_not = _why_not(dossier, worked, proposal, allowed)
    by_law = worked.assessment.outcome if worked else None
    outcome = find(resolved.outcomes, by_law or "")
    return DecidePart(
        may=not why_not,
        why_not=why_not,
        judgements=judgement_views(dossier, worked) if worked and not zaak.outcome else (),
        outcomes=tuple(
            OutcomeChoice(o.key, o.name, kind_of(o.kind), o.key == by_law) for o in _possible(dossier, by_law)
        ),
        may_deviate=allowed,
        four_eyes=worked is not None and needs_second(resolved, worked),
        proposal=_proposal(actor, dossier, proposal) if proposal else None,
        button=f"Brief nakijken: {outcome.name.lower()}" if outcome else "Brief nakijken",
    )


def _possible(dossier: Dossier, by_law: str | None) -> list[Outcome]:
    resolved = dossier.case.resolved
    found = [one for one in choosable(resolved) if one.kind != "niet_behandelen" or _unanswered(dossier, one)]
    law = find(resolved.outcomes, by_law or "")
    return found if law is None or law in found else [law, *found]


def _unanswered(dossier: Dossier, outcome: Outcome) -> bool:
    if waited_in_vain(dossier.case, outcome.key):
        return True
    return not dossier.zaak.complete and any(q.closed is not None and q.answered is None for q in dossier.questions)


def _why_not(dossier: Dossier, worked: Worked | None, proposal: ProposalRow | None, allowed: bool) -> str:
    zaak = dossier.zaak
    if zaak.einddatum is not None or zaak.outcome:
        return "Er is al besloten."
    if not allowed:
        return "U mag op deze zaak niet besluiten."
    if proposal is not None:
        return "Er ligt een voorstel. Een collega kijkt mee."
    if zaak.waits:
        return "Wij wachten op de inwoner."
    if not any(task.kind == "besluit" and task.state == OPEN for task in dossier.tasks):
        return "Deze zaak is nog niet aan een besluit toe."
    if worked is not None and worked.assessment.outcome is None and worked.assessment.missing:
        labels = [label_of(dossier.case.resolved, name) for name in worked.assessment.missing]
        wanted = [f"'{label}'" if label.endswith("?") else label.lower() for label in labels]
        return f"De wet geeft nog geen uitkomst. Wij missen: {', '.join(wanted)}."
    return ""


def judgement_views(dossier: Dossier, worked: Worked) -> tuple[JudgementView, ...]:
    """The questions that the law leaves to a person; each answer says what the law then gives."""
    resolved, assessment = dossier.case.resolved, worked.assessment
    made = []
    for question in assessment.decision.judgements:
        if assessment.conditional_on and question.name not in assessment.conditional_on:
            continue
        hints = {
            branch.answer: _hint(find(resolved.outcomes, branch.outcome or ""), branch.amounts)
            for branch in assessment.branches
            if branch.name == question.name
        }
        made.append(
            JudgementView(
                key=question.name,
                question=question.question,
                article=article(question.ground),
                criteria=question.attention,
                choices=(
                    Choice("ja", "Ja", hints.get(True, ""), False),
                    Choice("nee", "Nee", hints.get(False, ""), False),
                ),
                answered="",
                reason="",
                reason_label="Waarom? Dit komt zo in de brief",
            )
        )
    return tuple(made)


def _hint(outcome: Outcome | None, sums: Mapping[str, object]) -> str:
    if outcome is None:
        return ""
    shown = [amount_text(value) for value in sums.values() if isinstance(value, Decimal) and value]
    granted = outcome.kind in ("toekennen", "deels")
    return f"Wet: {outcome.name.lower()}" + (f", {' en '.join(shown)}" if shown and granted else "")


def _proposal(actor: Staff, dossier: Dossier, row: ProposalRow) -> Proposal:
    resolved = dossier.case.resolved
    outcome = find(resolved.outcomes, row.outcome)
    task = next((task for task in dossier.tasks if task.key == SECOND and task.state == OPEN), None)
    own = row.by == actor.subject
    return Proposal(
        task=task.id if task else row.id,
        outcome=OutcomeChoice(
            row.outcome,
            outcome.name if outcome else row.outcome,
            kind_of(outcome.kind) if outcome else Kind.NONE,
            not row.deviation,
        ),
        by=row.by_name,
        at=row.at,
        deviation=row.deviation,
        judgements=tuple(
            Pair(name.replace("_", " "), f"{'ja' if given['antwoord'] else 'nee'}: {given['reden']}")
            for name, given in row.judgements.items()
        ),
        may_confirm=not own
        and may(actor, Right.ZAAK_BESLUITEN, municipality=dossier.zaak.municipality_id, product=dossier.zaak.zaaktype),
        why_not="U hebt dit zelf voorgesteld. Een collega kijkt mee." if own else "",
    )


# -- tasks and reports --------------------------------------------------------------------------------------------------


def task_views(dossier: Dossier, worked: Worked | None, work: bool) -> tuple[TaskView, ...]:
    """All tasks of the case; of lapsed ones only those that somebody worked on are of interest, so they are left out."""
    resolved = dossier.case.resolved
    known = worked.known if worked else {}
    made = []
    for task in dossier.tasks:
        if task.state == LAPSED:
            continue
        definition = find(resolved.process.tasks, task.key)
        wait = find(resolved.process.waits, definition.wait) if definition and definition.wait else None
        by_hand = task.kind in ("hand", OWN) or (wait is not None and not wait.full)
        fields = askable(definition.fields, known) if definition and task.state == OPEN else ()
        made.append(
            TaskView(
                id=task.id,
                key=task.key,
                title=task.title,
                note=definition.explanation if definition else "",
                state=STATES[task.state],
                optional=task.optional,
                who=task.who,
                due=task.due,
                done_at=task.done_at,
                done_by=task.done_by_name or ("computer" if task.state == DONE else ""),
                result="",
                fields=tuple(field_view(field, known, (), name=field.key) for field in fields),
                blocked="" if by_hand or task.state != OPEN else _by_itself(task, wait),
                may=work and by_hand and task.state == OPEN,
            )
        )
    return tuple(made)


def _by_itself(task: Task, wait: Wait | None) -> str:
    if wait is not None and task.due is not None:
        return f"Deze tijd loopt tot en met {day_text(task.due)}."
    return "Dit wordt vanzelf klaar."


def _can_add(dossier: Dossier) -> tuple[Choice, ...]:
    process = dossier.case.resolved.process
    standing = {task.key for task in dossier.tasks if task.state == OPEN}
    possible = course(process, dossier.case.state()).optional
    return tuple(
        Choice(key, process.task(key).name, process.task(key).explanation, False)
        for key in possible
        if key not in standing
    )


def _reports(dossier: Dossier) -> tuple[Reported, ...]:
    return tuple(
        Reported(
            id=row.id,
            datum=row.datum,
            label=label_of(dossier.case.resolved, row.datum),
            register=row.register,
            text=row.text,
            at=row.at,
            badge=Badge("doorgegeven", Kind.OK) if row.sent else Badge("wordt doorgegeven", Kind.BUSY),
        )
        for row in dossier.reports
    )
