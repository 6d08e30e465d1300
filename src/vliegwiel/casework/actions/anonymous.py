"""Cases of a report that anybody may make without saying who: opened, promised a day, and closed by the computer.

Such a case holds nothing about a person: no number, no role, no data of registers, no letter. What the municipality says
to whoever reported it stands in the case itself, and is read by who has its address (`public_case`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import Conflict, Invalid, InvalidParam, NotFound
from vliegwiel.catalogue.model import Resolved, by_key, find
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Anonymous, Citizen, System
from vliegwiel.trust.rights import Right, require, scope_of

from .. import hot
from ..access import NO_CASE
from ..assessing import apply, known_of, work_out
from ..casefacts import current_facts, supersede
from ..events import WITHOUT_LOGIN, Kind
from ..facts import SEEN, StoredFact, value_to_json
from ..filledform import Typed, fill
from ..freetext import plain_signs
from ..models import Task, Zaak
from ..opening import Application, open_case
from ..progress import DONE, OPEN, Case
from ..taking import case_of, finish, take

MOST = 5000
"""Of so many open cases of a product is looked at once what became of them."""


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What whoever has the address of such a case may read. `said` is the last thing the municipality said about it."""

    id: UUID
    number: str
    status: str
    said: str
    ended: bool


def open_anonymous(actor: Actor, product: str, typed: Typed, *, about: str) -> UUID:
    """Open a case for somebody who does not say who they are; returns its id. Anybody may; staff need to handle cases.

    `about`: what it is about, for lists: a place or a thing, never a person. Raises `NotFound` for a product that the
    municipality does not offer or that asks for a login, `Invalid` per field.
    """
    resolved = product_for(actor.municipality, product)
    if not without_login(resolved):
        raise NotFound("Dit product vraagt u aan nadat u bent ingelogd.")
    with scope_of(actor):
        if not isinstance(actor, Citizen | Anonymous):
            require(actor, Right.ZAAK_BEHANDELEN, municipality=actor.municipality, product=product)
        steps = [step.key for step in resolved.steps]
        form = fill(resolved, {}, typed, {}, channel=WITHOUT_LOGIN, done=steps, today=today())
        if form.wrong:
            wrong = [InvalidParam(one.field, one.code, one.sentence) for one in form.wrong]
            raise Invalid("Kijk na wat u hebt ingevuld.", invalid=wrong)
        # Not in the name of a citizen who happens to be logged in: it is nobody's report.
        teller = Anonymous(actor.municipality) if isinstance(actor, Citizen) else actor
        return open_case(
            teller,
            Application(
                resolved=resolved, bsn="", channel=WITHOUT_LOGIN, received=now(), facts=(), form=form,
                about=plain_signs(about),
            ),
        )  # fmt: skip


def without_login(resolved: Resolved) -> bool:
    """Whether anybody may report this, without saying who."""
    return any(channel.key == WITHOUT_LOGIN for channel in resolved.channels)


def promise(actor: System, zaak_id: UUID, task: str, *, day: date, said: str) -> None:
    """Say on which day a task of the case is done: it stands with the task, in the case and in its timeline.

    Does nothing when that was said already. Raises `NotFound`, `Conflict` for a case that is over.
    """
    with scope_of(actor):
        case = _take(actor, zaak_id)
        if case.zaak.toelichting == said:
            return
        todo = _open_task(case, task)
        if todo is not None:
            name = by_key(case.resolved.process.tasks, task).name
            case.set(todo, title=f"{name} op {day_text(day)}"[:200], due=day)
        case.set(case.zaak, toelichting=said[:1000], einddatum_gepland=day)
        finish(case, actor, Kind.TOEGEZEGD, payload={"zin": said, "taak": task, "dag": day.isoformat()})


def fulfil(actor: System, zaak_id: UUID, task: str, *, field: str, done: bool, said: str) -> bool:
    """The task was done, or was not and will not be in time: the case is settled by that, and closed.

    `field` is the question of the task (ja or nee) that this answers. The computer decides nothing here: it writes down what
    happened, and only where that gives an outcome that is no decision in the sense of the Awb and hangs on nobody's
    judgement. Returns whether it closed the case; False when the desk has it in hand already. Raises `NotFound`, and
    `Conflict` where the outcome is for a person.
    """
    with scope_of(actor):
        case = _take(actor, zaak_id, closed=True)
        todo = _open_task(case, task)
        if case.zaak.einddatum is not None or case.zaak.outcome or todo is None:
            return False
        answer = by_key(by_key(case.resolved.process.tasks, task).fields, field)
        fact = StoredFact(answer.datum, done, SEEN, now(), case.resolved.processing.purpose)
        case.set(todo, state=DONE, done_at=now(), result={fact.name: value_to_json(done)})
        facts = current_facts(case.zaak) | {fact.name: fact}
        supersede(case, [fact])
        worked = work_out(case.resolved, known_of(case, facts), facts)
        assessed = worked.assessment
        outcome = find(case.resolved.outcomes, assessed.outcome or "")
        if outcome is None or outcome.decision or assessed.conditional_on:
            raise Conflict("Deze zaak rondt een medewerker af.")
        apply(case, worked)
        case.set(case.zaak, outcome=outcome.key, toelichting=said[:1000])
        payload: dict[str, Json] = {"resultaat": outcome.key, "resultaat_naam": outcome.name, "automatisch": True}
        finish(case, actor, Kind.AFGESLOTEN, payload=payload)
        return True


def waiting(actor: System, product: str) -> tuple[UUID, ...]:
    """The open cases of a product that nobody said who they are opened, and that are not settled; promised first comes
    first."""
    with scope_of(actor):
        require(actor, Right.ZAAK_LEZEN, municipality=actor.municipality, product=product)
        rows = Zaak.objects.filter(zaaktype=product, bsn="", outcome="", einddatum__isnull=True)
        return tuple(rows.order_by("einddatum_gepland", "id").values_list("id", flat=True)[:MOST])


def _take(actor: System, zaak_id: UUID, *, closed: bool = False) -> Case:
    case = take(actor, zaak_id, Right.ZAAK_BESLUITEN, version=None, closed=closed)
    if case.zaak.bsn:
        raise NotFound(NO_CASE)
    return case


def _open_task(case: Case, key: str) -> Task | None:
    return next((task for task in case.tasks if task.key == key and task.state == OPEN), None)


def public_case(actor: Actor, zaak_id: UUID) -> PublicCase:
    """A case that was opened without saying who, for whoever has its address. Raises `NotFound`, also for any other case."""
    with scope_of(actor):
        zaak = hot.zaak(zaak_id)
        if zaak is None or zaak.bsn or zaak.communicatiekanaal != WITHOUT_LOGIN:
            raise NotFound(NO_CASE)
        status = find(case_of(zaak).resolved.process.statuses, zaak.status)
        return PublicCase(
            zaak.id, zaak.identificatie, status.name if status else "", zaak.toelichting, zaak.einddatum is not None
        )
