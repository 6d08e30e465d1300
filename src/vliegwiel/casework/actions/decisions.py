"""Deciding. The law gives the outcome; a person confirms it, answers what is left to judgement, or deviates with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam
from vliegwiel.catalogue.model import Outcome, Span, Unit, find
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.rights import Right, scope_of

from .. import clerks
from ..assessing import Worked, apply, known_of, needs_second, work_out
from ..casefacts import current_facts
from ..deciding import decided_payload, log_decision, settle
from ..decisioncontent import DecisionChoice
from ..events import Kind
from ..facts import StoredFact
from ..freetext import written
from ..lawpages import Turn
from ..models import Proposal
from ..outcomes import choosable, not_treated_allowed
from ..progress import AUTO, DONE, OPEN, Case
from ..taking import finish, take
from ..worklater import make_letter

SECOND = "meekijken"
SHORTEST_DEVIATION = 20


@dataclass(frozen=True, slots=True)
class Judgement:
    """The answer (ja or nee) to a question that the law leaves to a person, and why."""

    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class DecisionInput:
    """What the clerk wants to decide. `outcome` empty: what the law says. Another outcome needs `deviation`: the reason."""

    version: int
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    outcome: str = ""
    deviation: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision that was taken, or that it waits for a second pair of eyes."""

    besluit: UUID | None
    waits_for_second: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """A decision that can be taken: what the law says with these judgements, and what was chosen."""

    worked: Worked
    facts: Mapping[str, StoredFact]
    choice: DecisionChoice
    second: bool


def decide(actor: Staff, zaak_id: UUID, input_: DecisionInput) -> Decided:
    """Decide, or propose where a second person must look along.

    Raises `Invalid` (fields `oordeel:<naam>`, `reden:<naam>`, `afwijking`, `uitkomst`), `Conflict` when something must be
    done first, `Forbidden`, `Stale`.
    """
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BESLUITEN, version=input_.version)
        may_be_decided(case)
        prepared = prepare(case, input_)
        if prepared.second:
            return _propose(case, actor, prepared)
        return _take(case, actor, prepared, replace(prepared.choice, by=actor.subject, by_name=actor.name))


def may_be_decided(case: Case) -> None:
    """Raises `Conflict` when it was decided already or the process is not there yet."""
    if case.zaak.outcome:
        raise Conflict("Er is al besloten.")
    if not any(task.kind == "besluit" and task.state == OPEN for task in case.tasks):
        raise Conflict("Deze zaak is nog niet aan een besluit toe.")
    if any(task.key == SECOND and task.state == OPEN for task in case.tasks):
        raise Conflict("Er ligt al een voorstel. Een collega kijkt mee.")


def prepare(case: Case, input_: DecisionInput) -> Prepared:
    """Work the law out with the judgements, and check what was chosen. Raises `Invalid` and `Conflict`."""
    facts = current_facts(case.zaak)
    known = known_of(case, facts)
    first = work_out(case.resolved, known, facts)
    judgements = _judgements(first, input_)
    answers = {name: answer for name, (answer, _) in judgements.items()}
    worked = work_out(case.resolved, known, facts, judgements=answers) if answers else first
    outcome, deviation = _chosen(case, worked, input_)
    choice = DecisionChoice(outcome, judgements, deviation)
    return Prepared(worked, facts, choice, bool(deviation) or needs_second(case.resolved, worked))


def _judgements(first: Worked, input_: DecisionInput) -> dict[str, tuple[bool, str]]:
    """The judgements this case needs, each with a reason. None are needed for an outcome that does not hang on them."""
    given: dict[str, tuple[bool, str]] = {}
    wrong: list[InvalidParam] = []
    asked = {judgement.name: judgement for judgement in first.assessment.decision.judgements}
    needed = set(first.assessment.conditional_on) if not input_.outcome else set()
    for name, question in asked.items():
        answer = input_.judgements.get(name)
        if answer is None or answer.answer not in ("ja", "nee"):
            if name in needed:
                wrong.append(InvalidParam(f"oordeel:{name}", "empty", f"Kies uw oordeel: {question.question}"))
            continue
        try:
            reason = written(f"reden:{name}", answer.reason, longest=2000, empty="Schrijf op waarom u dit vindt.")
        except Invalid as error:
            wrong += error.invalid
            continue
        given[name] = (answer.answer == "ja", reason)
    if wrong:
        raise Invalid("Uw oordeel is nog niet compleet.", invalid=wrong)
    return given


def _chosen(case: Case, worked: Worked, input_: DecisionInput) -> tuple[Outcome, str]:
    """The outcome, and the reason when it deviates from the law."""
    by_law = worked.assessment.outcome
    if not input_.outcome and by_law is None:
        missing = ", ".join(worked.assessment.missing) or "een oordeel"
        raise Conflict(f"De wet geeft nog geen uitkomst. Wij missen: {missing}.")
    key = input_.outcome or by_law or ""
    outcome = find(case.resolved.outcomes, key)
    if outcome is None or (key != by_law and outcome not in choosable(case.resolved)):
        sentence = "Kies een van de uitkomsten die er staan."
        raise Invalid(sentence, invalid=[InvalidParam("uitkomst", "choice", sentence)])
    if outcome.kind == "niet_behandelen":
        if not not_treated_allowed(case, outcome.key):
            raise Conflict("Niet behandelen kan pas als de inwoner de tijd kreeg om aan te vullen (Awb, artikel 4:5).")
        return outcome, ""
    if key == by_law:
        if not case.zaak.complete:
            raise Conflict("De aanvraag is nog niet compleet.")
        return outcome, ""
    reason = written("afwijking", input_.deviation, longest=4000, empty="Schrijf op waarom u afwijkt van de wet.")
    if len(reason) < SHORTEST_DEVIATION:
        sentence = "Leg in een paar zinnen uit waarom u afwijkt. Dit komt in de brief."
        raise Invalid(sentence, invalid=[InvalidParam("afwijking", "bounds", sentence)])
    return outcome, reason


def _take(case: Case, actor: Staff, prepared: Prepared, choice: DecisionChoice) -> Decided:
    law = apply(case, prepared.worked)
    besluit, pending = settle(case, prepared.worked, law, prepared.facts, choice)
    reasons: dict[str, Json] = {name: reason for name, (_, reason) in choice.judgements.items()}
    finish(
        case,
        actor,
        Kind.BESLUIT_GENOMEN,
        payload=decided_payload(
            choice, besluit, law, by_computer=False, deadline=case.zaak.uiterlijke_einddatum_afdoening
        ),
        personal={"oordelen": reasons, "afwijking": choice.deviation} if reasons or choice.deviation else None,
    )
    log_decision(actor, case.zaak, case.resolved, prepared.facts)
    if pending is not None:
        make_letter.later(municipality=case.zaak.municipality_id, letter=str(pending))
    return Decided(besluit.id, waits_for_second=False)


def _propose(case: Case, actor: Staff, prepared: Prepared) -> Decided:
    choice = prepared.choice
    proposal = Proposal(
        municipality_id=case.zaak.municipality_id,
        zaak_id=case.zaak.id,
        outcome=choice.outcome.key,
        judgements={
            name: {"antwoord": answer, "reden": reason} for name, (answer, reason) in choice.judgements.items()
        },
        deviation=choice.deviation,
        by=actor.subject,
        by_name=actor.name[:200],
        at=now(),
    )
    case.add(proposal)
    case.new_task(
        SECOND, "Meekijken met het besluit", kind=AUTO, who=Turn.GEMEENTE, term=Span(2, Unit.WERKDAGEN), order=-1
    )
    payload: dict[str, Json] = {"uitkomst": choice.outcome.key, "uitkomst_naam": choice.outcome.name}
    finish(case, actor, Kind.BESLUIT_VOORGESTELD, payload=payload)
    return Decided(None, waits_for_second=True)


def confirm(actor: Staff, zaak_id: UUID, *, version: int) -> Decided:
    """The second pair of eyes agrees: the proposal becomes the decision. Raises `Forbidden` for who proposed it."""
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BESLUITEN, version=version)
        proposal = _proposal(case, actor)
        prepared = prepare(case, proposed(proposal, version))
        case.set(proposal, closed=now(), confirmed_by=actor.subject)
        _looked_along(case, actor)
        choice = replace(prepared.choice, by=proposal.by, by_name=proposal.by_name, second=actor.subject)
        return _take(case, actor, prepared, choice)


def send_back(actor: Staff, zaak_id: UUID, *, version: int, reason: str) -> None:
    """The second pair of eyes does not agree yet: back to who proposed it, with the reason."""
    reason = written("reden", reason, longest=2000, empty="Schrijf op wat er anders moet.")
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BESLUITEN, version=version)
        proposal = _proposal(case, actor)
        case.set(proposal, closed=now(), sent_back=reason)
        _looked_along(case, actor)
        finish(case, actor, Kind.BESLUIT_TERUGGESTUURD, personal={"reden": reason})


def proposed(proposal: Proposal, version: int) -> DecisionInput:
    """What was proposed, as it was filled in."""
    judgements = {
        name: Judgement("ja" if given["antwoord"] else "nee", given["reden"])
        for name, given in proposal.judgements.items()
    }
    return DecisionInput(version, judgements, proposal.outcome, proposal.deviation)


def _proposal(case: Case, actor: Staff) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(zaak_id=case.zaak.id, closed__isnull=True).first()
    if proposal is None:
        raise Conflict("Er ligt geen voorstel om mee te kijken.")
    if proposal.by == actor.subject:
        raise Forbidden("U hebt dit zelf voorgesteld. Een collega kijkt mee.")
    return proposal


def _looked_along(case: Case, actor: Staff) -> None:
    for task in case.tasks:
        if task.key == SECOND and task.state == OPEN:
            case.set(task, state=DONE, done_at=case.tick(), done_by=actor.subject, done_by_name=actor.name[:200])
