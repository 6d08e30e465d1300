"""Asking the citizen for more (the clock stands still, Awb 4:5 and 4:15), and getting an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import BinaryIO
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.catalogue import model
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Citizen, Staff
from vliegwiel.trust.rights import Right, require_citizen, scope_of

from .. import clerks, letters, numbers, uploads
from ..access import reach, still_open
from ..deadlines import set_deadline
from ..dossier import Filed, file_in, letter_out
from ..events import Kind
from ..freetext import written
from ..lawpages import Turn
from ..models import InformationRequest, Suspension
from ..progress import OPEN, OWN, Case
from ..taking import finish, take
from ..terms import days_still, stops_of
from ..waiting import ground_of, information_wait
from ..worklater import make_letter

LONGEST_TERM = 90
MOST_FILES = 10
READ_ANSWER = "antwoord_bekijken"


def ask(
    actor: Staff,
    zaak_id: UUID,
    *,
    version: int,
    title: str,
    text: str,
    days: int | None = None,
    wants_files: bool = True,
) -> UUID:
    """Ask the citizen for information; returns the question's id. `days` to answer (default: what the process says).

    Where the law says so, the decision term stands still from tomorrow until the answer or the end of those days. A letter is
    made and the question stands on the citizen's page. Raises `Conflict` while another question is open.
    """
    title = written("titel", title, longest=120, empty="Schrijf in een paar woorden wat u nodig hebt.", lines=False)
    text = written("tekst", text, longest=4000, empty="Schrijf op wat u nodig hebt, en waarom.")
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=version)
        wait = _wait(case)
        due = today() + timedelta(days=_days(days, wait))
        stop = _stop(case, wait, due, f"gevraagd om {title[:1].lower()}{title[1:]}"[:200])
        question = InformationRequest(
            municipality_id=case.zaak.municipality_id,
            zaak_id=case.zaak.id,
            suspension_id=stop.id if stop else None,
            title=title,
            text=text,
            wants_files=wants_files,
            asked=now(),
            asked_by=actor.name[:200],
            due=due,
        )
        case.set(case.zaak, waits=wait.key, complete=False)
        letter = letters.question(case, question)
        document, pending = letter_out(case, letter, type_="Brief", number=numbers.take()[0])
        question.letter = document.id
        case.add(question)
        article = wait.suspends.article.partition(" ")[0] if wait.suspends else ""
        payload: dict[str, Json] = {"vraag": str(question.id), "tot": due.isoformat(), "artikel": article}
        finish(case, actor, Kind.INFORMATIE_GEVRAAGD, payload=payload, personal={"titel": title})
        make_letter.later(municipality=case.zaak.municipality_id, letter=str(pending.id))
        return question.id


def _stop(case: Case, wait: model.Wait, due: date, reason: str) -> Suspension | None:
    """The term stands still while we wait, where the law says so."""
    if wait.suspends is None:
        return None
    stop = Suspension(
        municipality_id=case.zaak.municipality_id,
        zaak_id=case.zaak.id,
        ground=ground_of(wait.suspends),
        reason=reason,
        begins=today() + timedelta(days=1),
        until=due,
    )
    case.add(stop)
    case.set(case.zaak, opschorting_indicatie=True, opschorting_reden=reason)
    set_deadline(case, added=stop)
    return stop


def _wait(case: Case) -> model.Wait:
    if not case.zaak.bsn:
        raise Conflict("Wij weten niet wie dit meldde. U kunt hier niets vragen.")
    if case.zaak.waits:
        raise Conflict("Er staat al een vraag open. Wacht op het antwoord, of stop eerst met wachten.")
    wait = information_wait(case.resolved)
    if wait is None:
        raise Conflict("Bij dit product kunt u geen informatie vragen.")
    return wait


def _days(days: int | None, wait: model.Wait) -> int:
    if days is None:
        return wait.term.number * (7 if wait.term.unit is model.Unit.WEKEN else 1)
    if not 1 <= days <= LONGEST_TERM:
        sentence = f"Geef tussen 1 en {LONGEST_TERM} dagen om te antwoorden."
        raise Invalid(sentence, invalid=[InvalidParam("dagen", "bounds", sentence)])
    return days


def give_information(
    actor: Citizen, zaak_id: UUID, question_id: UUID, *, text: str = "", files: Sequence[tuple[str, BinaryIO]] = ()
) -> None:
    """Answer a question with text, files or both; the clock runs again.

    Raises `Invalid` for nothing at all or a file that cannot be used, `Conflict` when it was answered already.
    """
    require_citizen(actor)
    text = written("antwoord", text, longest=4000)
    if len(files) > MOST_FILES:
        sentence = f"U kunt hoogstens {MOST_FILES} bestanden tegelijk sturen."
        raise Invalid(sentence, invalid=[InvalidParam("bestand", "too_many", sentence)])
    if not text and not files:
        sentence = "Schrijf uw antwoord op, of voeg een bestand toe."
        raise Invalid(sentence, invalid=[InvalidParam("antwoord", "empty", sentence)])
    _open_question(actor, zaak_id, question_id)
    accepted = [uploads.accept("bestand", name, content) for name, content in files]
    filed = [
        Filed.of(one, storage.put(actor.municipality, one.content, suffix=one.kind.endings[0])) for one in accepted
    ]
    with scope_of(actor):
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None)
        question = _still_open(zaak_id, question_id)
        for one, number in zip(filed, numbers.take(len(filed)) if filed else [], strict=True):
            title = question.title if len(filed) == 1 else one.name
            file_in(case, actor, one, title=title, type_="Aanvullende informatie", number=number, field="aanvulling")
        case.set(question, answered=now(), answer=text, closed=now())
        still = _run_again(case, question)
        case.set(case.zaak, complete=True)
        if not any(task.key == READ_ANSWER and task.state == OPEN for task in case.tasks):
            term = model.Span(2, model.Unit.WERKDAGEN)
            case.new_task(
                READ_ANSWER, "Antwoord van de inwoner bekijken", kind=OWN, who=Turn.GEMEENTE, term=term, order=-1
            )
        payload: dict[str, Json] = {"vraag": str(question.id), "dagen_stil": still, "bestanden": len(filed)}
        payload.update(_ran_on(question))
        finish(case, actor, Kind.INFORMATIE_GEGEVEN, payload=payload, personal={"titel": question.title})


def resume(actor: Actor, question_id: UUID, *, version: int, reason: str) -> None:
    """Stop waiting: the answer came along another way, or is not needed. The clock runs again from today."""
    reason = written("reden", reason, longest=200, empty="Schrijf op waarom u niet meer wacht.", lines=False)
    with scope_of(actor):
        clerks.note(actor)
        case = take(actor, _zaak_of(question_id), Right.ZAAK_BEHANDELEN, version=version)
        question = _still_open(case.zaak.id, question_id)
        case.set(question, closed=now())
        still = _run_again(case, question)
        case.set(case.zaak, complete=True)
        payload: dict[str, Json] = {"vraag": str(question.id), "dagen_stil": still, **_ran_on(question)}
        finish(case, actor, Kind.TERMIJN_HERVAT, payload=payload, personal={"reden": reason})


def lapse(actor: Actor, question_id: UUID) -> bool:
    """The days to answer are over and nothing came: the clock runs again, and not treating the case becomes possible
    (Awb 4:5). For the job that guards terms; returns whether there was something to do."""
    with scope_of(actor):
        case = take(actor, _zaak_of(question_id), Right.ZAAK_BEHANDELEN, version=None)
        question = InformationRequest.objects.get(id=question_id)
        if question.closed is not None or question.due >= today():
            return False
        case.set(question, closed=now())
        _run_again(case, question)
        finish(case, actor, Kind.INFORMATIE_VERLOPEN, payload={"vraag": str(question.id), **_ran_on(question)})
        return True


def _ran_on(question: InformationRequest) -> dict[str, Json]:
    """Whether the term never stood still for this question."""
    return {} if question.suspension_id else {"liep_door": True}


def _run_again(case: Case, question: InformationRequest) -> int:
    """The clock runs again; returns how many days this question let it stand still."""
    zaak = case.zaak
    case.set(zaak, waits="", opschorting_indicatie=False, opschorting_reden="")
    stop = Suspension.objects.filter(id=question.suspension_id).first() if question.suspension_id else None
    if stop is None:
        return 0
    if stop.ended is None:
        case.set(stop, ended=min(today(), stop.until + timedelta(days=1)))
    set_deadline(case, changed=stop)
    return days_still(stops_of([stop]), today())


def _zaak_of(question_id: UUID) -> UUID:
    found = InformationRequest.objects.filter(id=question_id).values_list("zaak_id", flat=True).first()
    if found is None:
        raise NotFound("Deze vraag is er niet.")
    return found


def _still_open(zaak_id: UUID, question_id: UUID) -> InformationRequest:
    question = InformationRequest.objects.filter(id=question_id, zaak_id=zaak_id).first()
    if question is None:
        raise NotFound("Deze vraag is er niet.")
    if question.closed is not None:
        raise Conflict("Op deze vraag is al geantwoord.")
    return question


def _open_question(actor: Citizen, zaak_id: UUID, question_id: UUID) -> None:
    """Refuse early: before files are read and stored."""
    with scope_of(actor):
        still_open(reach(actor, zaak_id, Right.ZAAK_BEHANDELEN))
        _still_open(zaak_id, question_id)
