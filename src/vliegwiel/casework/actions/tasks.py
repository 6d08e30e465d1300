"""Giving cases to people, and doing tasks."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, NotFound
from vliegwiel.catalogue import answers as reading
from vliegwiel.catalogue import model
from vliegwiel.catalogue.answers import AnswerWrong
from vliegwiel.catalogue.conditions import holds
from vliegwiel.catalogue.course import course
from vliegwiel.catalogue.model import FieldKind
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Staff
from vliegwiel.trust.rights import Right, may, scope_of

from .. import clerks, hot
from ..access import allowed_to
from ..assessing import known_of, reassess
from ..casefacts import current_facts, supersede
from ..deskpages import Colleague
from ..events import Kind
from ..facts import STAFF, StoredFact, value_to_json
from ..filledform import Typed
from ..freetext import plain_signs
from ..progress import DONE, OPEN, OWN, WAITING, Case
from ..taking import finish, take, taken

MOST_AT_ONCE = 200


def assign(actor: Staff, cases: Sequence[tuple[UUID, int]], *, to: str | None, team: str | None = None) -> int:
    """Give cases to a colleague (`to`: subject) or a team, or lay them back (both None); returns how many.

    All or nothing. Giving to somebody else needs the right to assign. Raises `Stale` when one of them changed.
    """
    if len(cases) > MOST_AT_ONCE:
        raise Invalid(f"Kies hoogstens {MOST_AT_ONCE} zaken tegelijk.")
    right = Right.ZAAK_BEHANDELEN if to in (None, actor.subject) and team is None else Right.ZAAK_TOEWIJZEN
    with scope_of(actor):
        clerks.note(actor)
        colleague = _colleague(actor, to)
        # Always in the same order, so that two people who assign at once never wait for each other in a circle.
        for zaak_id, version in sorted(cases):
            case = take(actor, zaak_id, right, version=version)
            if to is None and team is None and case.zaak.assignee not in ("", actor.subject):
                _may_assign(actor, case)
            _give(case, actor, colleague, team)
    return len(cases)


def _may_assign(actor: Staff, case: Case) -> None:
    zaak = case.zaak
    if not may(actor, Right.ZAAK_TOEWIJZEN, municipality=zaak.municipality_id, product=zaak.zaaktype):
        raise Forbidden(f"{zaak.assignee_name} werkt aan deze zaak. Een teamleider kan hem aan iemand anders geven.")


def _colleague(actor: Staff, to: str | None) -> Colleague | None:
    if to is None:
        return None
    if to == actor.subject:
        return Colleague(actor.subject, actor.name, tuple(sorted(actor.teams)))
    found = clerks.find(actor, plain_signs(to)[:200])
    if found is None:
        raise NotFound("Deze collega kennen wij niet.")
    return found


def _give(case: Case, actor: Staff, colleague: Colleague | None, team: str | None) -> None:
    name = colleague.name if colleague else ""
    case.set(case.zaak, assignee=colleague.subject if colleague else "", assignee_name=name)
    if team is not None:
        case.set(case.zaak, team=plain_signs(team)[:80])
    payload: dict[str, Json] = {"aan": colleague.subject if colleague else "", "team": case.zaak.team}
    finish(case, actor, Kind.TOEGEWEZEN, payload=payload, personal={"naam": name})


def take_on(actor: Staff, zaak_id: UUID, *, version: int) -> None:
    """Start working on a case oneself."""
    assign(actor, [(zaak_id, version)], to=actor.subject)


def complete(actor: Actor, task_id: UUID, *, version: int, typed: Typed | None = None) -> None:
    """Tick off a task. What the clerk fills in counts as fact, and the law is worked out again when it does.

    Raises `Invalid` per field, `Conflict` for a task that is not done by hand or not open, `Stale`.
    """
    with scope_of(actor):
        clerks.note(actor)
        zaak = hot.zaak_of_task_locked(task_id)
        if zaak is None:
            raise NotFound("Deze taak is er niet.")
        case = taken(actor, allowed_to(actor, zaak, Right.ZAAK_BEHANDELEN), version=version)
        task = next(task for task in case.tasks if task.id == task_id)
        definition = model.find(case.resolved.process.tasks, task.key)
        if task.state != OPEN:
            raise Conflict("Deze taak is al klaar of niet meer nodig.")
        if task.kind != OWN and (definition is None or definition.kind not in ("hand", WAITING)):
            raise Conflict("Deze taak wordt vanzelf klaar. U hoeft hem niet af te vinken.")
        if definition is not None and definition.wait and case.resolved.process.wait(definition.wait).full:
            raise Conflict("Deze tijd moet voorbijgaan. Daarna gaat de zaak vanzelf verder.")
        facts = _filled_in(case, definition, typed or {}) if definition else []
        subject = actor.subject if isinstance(actor, Staff) else ""
        case.set(
            task,
            state=DONE,
            done_at=now(),
            done_by=subject,
            done_by_name=actor.name if isinstance(actor, Staff) else "",
            result={**task.result, **{fact.name: value_to_json(fact.value) for fact in facts}},
        )
        if facts:
            supersede(case, facts)
            reassess(case)
        payload: dict[str, Json] = {"taak": task.key, "titel": task.title, "gegevens": [f.name for f in facts]}
        finish(
            case,
            actor,
            Kind.TAAK_KLAAR,
            payload=payload,
            looked_at=[task.title.lower()],
            reason="om uw zaak te behandelen",
        )


def _filled_in(case: Case, definition: model.Task, typed: Typed) -> list[StoredFact]:
    if not definition.fields:
        return []
    known = known_of(case, current_facts(case.zaak))
    facts: list[StoredFact] = []
    wrong: list[InvalidParam] = []
    for field in definition.fields:
        # In order, so that one answer can bring up the next question.
        if field.kind is FieldKind.BESTAND or not holds(field.when, known):
            continue
        try:
            answer = reading.read(field, typed.get(field.key, ()), known=known, today=today())
        except AnswerWrong as error:
            wrong.append(InvalidParam(field.key, error.code, error.sentence))
            continue
        if answer is not None:
            known[field.datum] = reading.as_fact(field, answer, known)
            facts.append(StoredFact(field.datum, known[field.datum], STAFF, now(), case.resolved.processing.purpose))
    if wrong:
        raise Invalid("Kijk na wat u hebt ingevuld.", invalid=wrong)
    return facts


def add(actor: Staff, zaak_id: UUID, key: str, *, version: int) -> UUID:
    """Start an optional task of the process, or do a repeatable one again."""
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        possible = course(case.resolved.process, case.state()).optional
        if key not in possible or any(task.key == key and task.state == OPEN for task in case.tasks):
            raise Conflict("Deze taak kan nu niet worden toegevoegd.")
        task = case.open_task(case.resolved.process.task(key))
        finish(case, actor, Kind.TAAK_TOEGEVOEGD, payload={"taak": key, "titel": task.title})
        return task.id
