"""What happens when a timer of the process goes off: somebody is reminded, work is laid before a clerk, or the case closes."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import today
from vliegwiel.catalogue.model import Span, Timer, Unit, find
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, scope_of

from .. import letters, numbers
from ..clocks import Ring, due, task_key
from ..dossier import letter_out
from ..events import Kind
from ..lawpages import Turn
from ..progress import OPEN, OWN, Case
from ..taking import finish, take
from ..worklater import make_letter

TO_LOOK = Span(2, Unit.WERKDAGEN)
"""How soon a clerk looks at what a timer laid before them."""


def ring(actor: Actor, zaak_id: UUID) -> int:
    """Let the timers go off whose day has come, each once; returns how many. For the job that guards terms."""
    with scope_of(actor):
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None)
        rings = sorted((one for one in due(case) if one.day <= today()), key=lambda one: one.day)
        for one in rings:
            if case.zaak.einddatum is None:
                _go_off(actor, case, one)
        return len(rings)


def _go_off(actor: Actor, case: Case, ring: Ring) -> None:
    timer = ring.timer
    case.set(case.zaak, rung=[*case.zaak.rung, ring.name])
    if timer.does == "afsluiten":
        _close(actor, case, timer)
        return
    pending = _remind(case, timer) if timer.does == "herinneren" else None
    if pending is None and timer.does == "herinneren":
        _lay_before(case, timer, f"Herinneren: {case.resolved.process.role(timer.to).name.lower()}")
    elif timer.does == "escaleren":
        _lay_before(case, timer, timer.name)
    payload: dict[str, Json] = {"klok": timer.key, "naam": timer.name, "aan": timer.to}
    finish(case, actor, Kind.HERINNERD if pending else Kind.KLOK, payload=payload)
    if pending is not None:
        make_letter.later(municipality=case.zaak.municipality_id, letter=str(pending))


def _close(actor: Actor, case: Case, timer: Timer) -> None:
    outcome = find(case.resolved.outcomes, case.zaak.outcome)
    if outcome is None:
        # Nothing was decided: then a person must look why the case did not go on.
        _lay_before(case, timer, timer.name)
        finish(case, actor, Kind.KLOK, payload={"klok": timer.key, "naam": timer.name, "aan": timer.to})
        return
    case.end_now(actor)
    payload: dict[str, Json] = {"resultaat_naam": outcome.name, "klok": timer.key}
    finish(case, actor, Kind.AFGESLOTEN, payload=payload, personal={"reden": timer.name}, ended=True)


def _remind(case: Case, timer: Timer) -> UUID | None:
    """A letter to who asked, when it is them that is reminded and there is a text; the id of the pending letter."""
    role = case.resolved.process.role(timer.to)
    if role.generic != "initiator" or not timer.text or not case.zaak.bsn:
        return None
    letter = letters.reminder(case.zaak, case.resolved, timer.text, case.zaak.due)
    if letter is None:
        return None
    return letter_out(case, letter, type_="Brief", number=numbers.take()[0])[1].id


def _lay_before(case: Case, timer: Timer, title: str) -> None:
    """A task for a clerk, unless the same one is still open."""
    key = task_key(timer)
    if not any(task.key == key and task.state == OPEN for task in case.tasks):
        case.new_task(key, title[:200], kind=OWN, who=Turn.GEMEENTE, term=TO_LOOK, order=-1)
