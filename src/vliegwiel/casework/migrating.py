"""A running case on a newer definition: what would change, worked out without writing anything.

A case finishes under the definition it was opened under. Moving it is something a person does on purpose, case by case, after
seeing the effect. It never makes the deadline later: the citizen applied under the earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from vliegwiel.catalogue.model import Resolved, find
from vliegwiel.trust.identity import Actor

from .assessing import reassess
from .casefacts import current_facts
from .deadlines import set_deadline
from .progress import OPEN, Case


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a case is: what somebody would look at."""

    version: str
    hash: str
    phase: str
    status: str
    law_says: str
    judgement: bool
    deadline: date | None
    open_tasks: tuple[str, ...]
    next_step: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What moving a case to another definition does. `asked_no_more`: answers that the new definition does not use;
    `asked_now`: questions it has that nobody answered, by their labels; `hindrances`: why it cannot be done, in sentences."""

    before: Standing
    after: Standing | None
    asked_no_more: tuple[str, ...]
    asked_now: tuple[str, ...]
    hindrances: tuple[str, ...]

    @property
    def allowed(self) -> bool:
        """Whether it can be done."""
        return not self.hindrances

    @property
    def outcome_changes(self) -> bool:
        """Whether the law says something else under the new definition."""
        return self.after is not None and self.after.law_says != self.before.law_says


def hindrances(case: Case, new: Resolved) -> tuple[str, ...]:
    """Why a case cannot go to a definition; empty when it can."""
    zaak, process = case.zaak, new.process
    found = []
    if zaak.definition == new.hash:
        found.append("Deze zaak loopt al volgens deze versie.")
    if zaak.outcome:
        found.append("Er is al besloten. De zaak wordt afgemaakt volgens de versie van het besluit.")
    if zaak.withdrawn:
        found.append("De aanvraag is ingetrokken.")
    if zaak.waits and find(process.waits, zaak.waits) is None:
        found.append("Er wordt op iets gewacht dat de nieuwe versie niet kent. Rond dat eerst af.")
    if zaak.phase and find(process.phases, zaak.phase) is None:
        found.append(f"De fase '{zaak.phase}' bestaat niet in de nieuwe versie.")
    return tuple(found)


def moved_to(case: Case, new: Resolved, actor: Actor) -> Migration:
    """Change the case in hand to another definition and say what that does. Nothing is written until the case is saved.

    Where something stands in the way the case stays as it was.
    """
    before = _standing(case)
    in_the_way = hindrances(case, new)
    known = current_facts(case.zaak)
    fields_before, fields_after = ({f.datum: f.label for f in one.fields()} for one in (case.resolved, new))
    gone = tuple(fields_before[name] for name in fields_before if name in known and name not in fields_after)
    fresh = tuple(fields_after[name] for name in fields_after if name not in known and name not in fields_before)
    if in_the_way:
        return Migration(before, None, gone, fresh, in_the_way)
    zaak, deadline = case.zaak, case.zaak.uiterlijke_einddatum_afdoening
    case.resolved = new
    case.set(zaak, definition=new.hash)
    reassess(case, known)
    set_deadline(case)
    later = zaak.uiterlijke_einddatum_afdoening
    if deadline is not None and (later is None or later > deadline):
        case.set(zaak, uiterlijke_einddatum_afdoening=deadline, due=deadline)
    case.move_on(actor)
    return Migration(before, replace(_standing(case), hash=new.hash), gone, fresh, ())


def _standing(case: Case) -> Standing:
    zaak = case.zaak
    todo = sorted((task for task in case.tasks if task.state == OPEN), key=lambda task: task.order)
    status = find(case.resolved.process.statuses, zaak.status)
    phase = find(case.resolved.process.phases, zaak.phase)
    outcome = find(case.resolved.outcomes, zaak.law_says) if zaak.law_says else None
    return Standing(
        version=case.resolved.version,
        hash=case.resolved.hash,
        phase=phase.name if phase else zaak.phase,
        status=status.name if status else zaak.status,
        law_says=outcome.name if outcome and outcome.name else zaak.law_says,
        judgement=zaak.judgement,
        deadline=zaak.uiterlijke_einddatum_afdoening,
        open_tasks=tuple(task.title for task in todo),
        next_step=zaak.next_step,
    )
