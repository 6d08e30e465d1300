"""Taking a decision: what it says, what it gives, the letter, and the rows that keep it. Who may is the action's business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.catalogue.model import Resolved
from vliegwiel.trust import processing
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, System

from . import numbers
from .assessing import Worked
from .decisioncontent import DecisionChoice
from .decisionletter import content_of, letter_for
from .dossier import DECISION, letter_out
from .events import Kind
from .facts import StoredFact
from .labels import label_of
from .models import Besluit, BesluitInformatieObject, EnkelvoudigInformatieObject, Entitlement, LawOutcome, Zaak
from .progress import Case
from .taking import finish
from .terms import duration, objection_until


def settle(
    case: Case, worked: Worked, law: LawOutcome | None, facts: Mapping[str, StoredFact], choice: DecisionChoice
) -> tuple[Besluit, UUID | None]:
    """Add the decision, its letter and what it grants to the case; returns the decision and the id of the pending letter.

    A case of nobody in particular gets no letter: there is nobody to write to. Writes nothing yet: `finish` does, with
    everything else.
    """
    zaak, resolved = case.zaak, case.resolved
    besluit_number, *letter_number = numbers.take(2 if zaak.bsn else 1)
    until = objection_until(resolved.objection, today()) if choice.outcome.decision else None
    content = content_of(case, worked, facts, choice, until)
    besluit = Besluit(
        municipality_id=zaak.municipality_id,
        identificatie=besluit_number,
        besluittype=choice.outcome.key,
        zaak_id=zaak.id,
        datum=today(),
        bestuursorgaan=resolved.case_type.responsible[:50],
        ingangsdatum=today(),
        verzenddatum=today(),
        uiterlijke_reactiedatum=until,
        outcome=choice.outcome.key,
        content=content.as_json(),
        judgements={
            name: {"antwoord": answer, "reden": reason} for name, (answer, reason) in choice.judgements.items()
        },
        deviation=choice.deviation,
        law_outcome_id=law.id if law else None,
        awb=choice.outcome.decision,
        decided_by=choice.by,
        decided_by_name=choice.by_name[:200],
        second_by=choice.second,
        decided_at=now(),
    )
    case.add(besluit)
    pending = None
    for number in letter_number:
        letter = letter_for(case, worked, content, facts, choice.outcome)
        document, waiting = letter_out(case, letter, type_=DECISION, number=number)
        case.add(_laid_down(besluit, document))
        pending = waiting.id
    case.set(zaak, outcome=choice.outcome.key, decisions=zaak.decisions + 1)
    _replace_earlier(case)
    if choice.outcome.grants:
        _grant(case, besluit, worked)
    return besluit, pending


def _laid_down(besluit: Besluit, document: EnkelvoudigInformatieObject) -> BesluitInformatieObject:
    return BesluitInformatieObject(
        municipality_id=besluit.municipality_id, besluit_id=besluit.id, informatieobject_id=document.id
    )


def _replace_earlier(case: Case) -> None:
    """A decision on a reopened case takes the place of the one before, and of what that gave."""
    zaak = case.zaak
    if zaak.decisions == 1:
        return
    for row in Besluit.objects.filter(zaak_id=zaak.id, vervalreden=""):
        case.set(row, vervaldatum=today(), vervalreden="ingetrokken_overheid")
    for grant in case.grants:
        if grant.state == "geldig":
            case.set(grant, state="vervangen", state_since=now())


def _grant(case: Case, besluit: Besluit, worked: Worked) -> None:
    given = case.resolved.entitlement
    if given is None:
        return
    until: date | None = None
    if given.until:
        result = worked.assessment.results.get(given.until)
        until = result if isinstance(result, date) else None
    elif given.span is not None:
        until = duration(given.span).after(today())
    grant = Entitlement(
        municipality_id=case.zaak.municipality_id,
        zaak_id=case.zaak.id,
        besluit_id=besluit.id,
        kind=given.kind,
        title=given.name,
        bsn=case.zaak.bsn,
        valid_from=today(),
        valid_until=until,
        state_since=now(),
        details={"product": case.zaak.zaaktype, "verlengbaar": given.renewable},
    )
    case.grants.append(grant)
    case.add(grant)


def decided_payload(
    choice: DecisionChoice, besluit: Besluit, law: LawOutcome | None, *, by_computer: bool, deadline: date | None
) -> dict[str, Json]:
    """What the event of a decision holds in the open. `deadline` is the legal one as it was at that moment."""
    return {
        "soort": choice.outcome.kind,
        "uiterlijk": deadline.isoformat() if deadline else "",
        "uitkomst": choice.outcome.key,
        "uitkomst_naam": choice.outcome.name,
        "besluit": besluit.identificatie,
        "automatisch": by_computer,
        "afwijking": bool(choice.deviation),
        "wet": law.law_hash if law else "",
        "oordelen": {name: answer for name, (answer, _) in choice.judgements.items()},
        "bezwaar_tot": besluit.uiterlijke_reactiedatum.isoformat() if besluit.uiterlijke_reactiedatum else "",
    }


def decide_by_computer(case: Case, worked: Worked, law: LawOutcome, facts: Mapping[str, StoredFact]) -> UUID | None:
    """Decide without a person, where the product's law says that it may; returns the id of the pending letter."""
    outcome = case.resolved.outcome(worked.assessment.outcome or "")
    computer = System(case.zaak.municipality_id, "automatisch besluiten")
    choice = DecisionChoice(outcome, {})
    besluit, pending = settle(case, worked, law, facts, choice)
    payload = decided_payload(choice, besluit, law, by_computer=True, deadline=case.zaak.uiterlijke_einddatum_afdoening)
    finish(case, computer, Kind.BESLUIT_GENOMEN, payload=payload)
    log_decision(computer, case.zaak, case.resolved, facts)
    return pending


def log_decision(actor: Actor, zaak: Zaak, resolved: Resolved, facts: Mapping[str, StoredFact]) -> None:
    """Log that these data were used to decide."""
    if not zaak.bsn:
        return
    labels = [label_of(resolved, name).lower() for name in facts]
    processing.record(
        actor,
        municipality=zaak.municipality_id,
        bsn=zaak.bsn,
        data=labels or ["uw aanvraag"],
        activity="besluit-nemen",
        reason="om een besluit te nemen",
        zaak_id=zaak.id,
    )
