"""Letting the law decide on the facts of a case, and keeping what it said."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from vliegwiel.base.clock import now, today
from vliegwiel.catalogue.assess import Assessment, Origin, assess, automatic
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.known import known as known_names
from vliegwiel.catalogue.model import Resolved
from vliegwiel.law import Decision
from vliegwiel.registers.facts import Value

from .casefacts import current_facts
from .deadlines import set_deadline
from .facts import SELF, StoredFact, source_label
from .models import LawOutcome
from .progress import DONE, Case
from .terms import received_on


@dataclass(frozen=True, slots=True)
class Worked:
    """What the law said, how long that took, and the names it was told."""

    assessment: Assessment
    micros: int
    known: Mapping[str, Value]


def known_of(case: Case, facts: Mapping[str, StoredFact]) -> dict[str, Value]:
    """Everything the law and conditions may know of a case. Questions of steps and tasks that were done and that nobody
    answered are known to be nothing; what no register gave is not known."""
    zaak, resolved = case.zaak, case.resolved
    data = {name: fact.value for name, fact in facts.items() if fact.known}
    found = known_names(
        resolved,
        municipality=zaak.municipality_id,
        channel=zaak.communicatiekanaal,
        today=today(),
        received=received_on(zaak),
        data=data,
    )
    done = {task.key for task in case.tasks if task.state == DONE}
    fields = [*resolved.fields(), *(f for t in resolved.process.tasks if t.key in done for f in t.fields)]
    for field in fields:
        value = data.get(field.datum)
        found[field.key] = value
        if value is not None or field.datum not in found:
            found[field.datum] = value
    return found


def work_out(
    resolved: Resolved,
    known: Mapping[str, Value],
    facts: Mapping[str, StoredFact],
    *,
    judgements: Mapping[str, bool] | None = None,
    on: date | None = None,
) -> Worked:
    """Let the law decide on a date (today). Raises what the law raises: a law that does not hold on that date."""
    begun = time.perf_counter_ns()
    assessment = assess(
        resolved,
        known,
        on or today(),
        judgements=judgements,
        origins=_origins(resolved, facts),
        doubtful=tuple(name for name, fact in facts.items() if fact.in_doubt),
    )
    return Worked(assessment, (time.perf_counter_ns() - begun) // 1000, known)


def _origins(resolved: Resolved, facts: Mapping[str, StoredFact]) -> dict[str, Origin]:
    found: dict[str, Origin] = {}
    for name, fact in facts.items():
        note = "het register kijkt dit na" if fact.in_doubt else ""
        verified = fact.source not in (SELF,) and not fact.in_doubt
        found[name] = Origin(source_label(fact.source), verified, fact.moment, note)
    for field in resolved.fields():
        if field.datum in found:
            found.setdefault(field.key, found[field.datum])
    return found


def apply(case: Case, worked: Worked) -> LawOutcome:
    """Keep what the law said with the case, and let the process know."""
    assessment = worked.assessment
    case.set(
        case.zaak,
        law_says=assessment.outcome or "",
        judgement=bool(assessment.conditional_on),
        automatic=automatic(case.resolved, assessment, worked.known),
    )
    _term_from(case, assessment)
    row = LawOutcome(
        municipality_id=case.zaak.municipality_id,
        zaak_id=case.zaak.id,
        computed=now(),
        on_date=assessment.decision.on,
        outcome=assessment.outcome or "",
        law_hash=law_hash(assessment.decision),
        decision=assessment.decision.to_json().decode(),
        micros=worked.micros,
    )
    case.add(row)
    return row


def _term_from(case: Case, assessment: Assessment) -> None:
    """Let the decision term count from the day that the law gives, where the product says that it does."""
    begins = case.resolved.terms.begins
    day = assessment.results.get(begins) if begins else None
    if isinstance(day, date) and not case.zaak.outcome and day != case.zaak.term_from:
        case.set(case.zaak, term_from=day)
        set_deadline(case)


def reassess(case: Case, facts: Mapping[str, StoredFact] | None = None) -> Worked:
    """Work the law out again on what is known now, and keep it."""
    known_facts = dict(facts) if facts is not None else current_facts(case.zaak)
    known_facts.update({row.datum: row.stored for row in case.new_facts()})
    worked = work_out(case.resolved, known_of(case, known_facts), known_facts)
    apply(case, worked)
    return worked


def needs_second(resolved: Resolved, worked: Worked) -> bool:
    """Whether a second pair of eyes must look before it is decided."""
    return resolved.four_eyes is not None and holds(resolved.four_eyes, names_with_results(worked))


def names_with_results(worked: Worked) -> dict[str, Value]:
    """What is known, with the results of the law by their key in the product."""
    results = {key: value for key, value in worked.assessment.results.items() if _is_plain(value)}
    return {**worked.known, **results, "uitkomst": worked.assessment.outcome}  # type: ignore[dict-item]  # checked by _is_plain


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, bool | str | int | date) or type(value).__name__ == "Decimal"


def law_hash(decision: Decision) -> str:
    """The hash over the texts of law that were applied, with their versions."""
    return hashlib.sha256(msgspec.json.encode(decision.texts, order="deterministic")).hexdigest()
