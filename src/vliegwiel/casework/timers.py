"""What time brings: questions that stay unanswered, terms that come near or pass, rights that end, drafts that expire.

The job may run at any moment and any number of times; each thing happens once, because it is noted on the row it is about.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from uuid import UUID

from vliegwiel.base import storage
from vliegwiel.base.clock import local, now, today
from vliegwiel.base.errors import VliegwielError
from vliegwiel.catalogue.model import Resolved, Timer, find
from vliegwiel.law import termijnen
from vliegwiel.trust import ledger
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import System
from vliegwiel.trust.rights import Right, scope_of

from . import letters, numbers
from .actions.clocks import ring
from .actions.information import lapse
from .actions.waits import pass_over
from .dossier import letter_out
from .events import Kind
from .models import Draft, Entitlement, InformationRequest, PendingLetter, Status, Task, Zaak
from .progress import OPEN, WAITING, Case
from .taking import finish, take
from .terms import duration
from .worklater import make_letter

_log = logging.getLogger(__name__)
BATCH = 200
FARTHEST_WARNING = timedelta(days=60)
STUCK = timedelta(minutes=15)


def guard(actor: System) -> None:
    """All of it, for one municipality, case by case: one that fails is logged and does not hold up the rest."""
    for zaak_id in _reminders(actor):
        _try(_remind, actor, zaak_id)
    for question_id in _unanswered(actor):
        _try(lapse, actor, question_id)
    for task_id in _waited(actor):
        _try(pass_over, actor, task_id)
    for zaak_id in _ringing(actor):
        _try(ring, actor, zaak_id)
    for zaak_id in _near(actor):
        _try(_warn, actor, zaak_id)
    for zaak_id in _decided(actor):
        _try(_close_uncollected, actor, zaak_id)
    for entitlement_id in _over(actor):
        _try(_expire, actor, entitlement_id)
    expire_drafts(actor)
    _ask_again_for_letters(actor)


def _try(what: object, actor: System, row: UUID) -> None:
    if not callable(what):
        raise TypeError("not something to do")
    try:
        what(actor, row)
    except VliegwielError as error:
        _log.warning("timer skipped a row: %s", error.code, extra={"row": str(row)})


def _unanswered(actor: System) -> list[UUID]:
    with scope_of(actor):
        rows = InformationRequest.objects.filter(closed__isnull=True, due__lt=today()).order_by("due")
        return list(rows.values_list("id", flat=True)[:BATCH])


def _waited(actor: System) -> list[UUID]:
    """Tasks that waited for somebody until after the last day."""
    with scope_of(actor):
        rows = Task.objects.filter(kind=WAITING, state=OPEN, due__lt=today(), zaak__einddatum__isnull=True)
        return list(rows.order_by("due").values_list("id", flat=True)[:BATCH])


def _ringing(actor: System) -> list[UUID]:
    """Cases on which a timer of the process goes off."""
    with scope_of(actor):
        rows = Zaak.objects.filter(einddatum__isnull=True, rings_on__lte=today())
        return list(rows.order_by("rings_on").values_list("id", flat=True)[:BATCH])


def _reminders(actor: System) -> list[UUID]:
    with scope_of(actor):
        rows = InformationRequest.objects.filter(closed__isnull=True, reminded__isnull=True, due__gte=today())
        return list(rows.values_list("id", flat=True)[:BATCH])


def _timers(resolved: Resolved, start: str, does: str) -> list[Timer]:
    return [timer for timer in resolved.process.timers if timer.start == start and timer.does == does]


def _remind(actor: System, question_id: UUID) -> None:
    """Remind the citizen of an open question, at the moment the process says."""
    with scope_of(actor):
        question = InformationRequest.objects.get(id=question_id)
        case = take(actor, question.zaak_id, Right.ZAAK_BEHANDELEN, version=None)
        asked = local(question.asked).date()
        timers = [t for t in _timers(case.resolved, "wachten", "herinneren") if t.what == case.zaak.waits]
        timer = next((t for t in timers if duration(t.after).after(asked) <= today()), None)
        question.refresh_from_db()
        if timer is None or question.closed is not None or question.reminded is not None:
            return
        case.set(question, reminded=now())
        letter = letters.reminder(case.zaak, case.resolved, timer.text, question.due)
        pending = letter_out(case, letter, type_="Brief", number=numbers.take()[0])[1] if letter else None
        finish(case, actor, Kind.HERINNERD, payload={"vraag": str(question.id)})
        if pending is not None:
            make_letter.later(municipality=case.zaak.municipality_id, letter=str(pending.id))


def _near(actor: System) -> list[UUID]:
    with scope_of(actor):
        rows = Zaak.objects.filter(einddatum__isnull=True, due__lte=today() + FARTHEST_WARNING, outcome="")
        noted = [
            (row.id, row.due, row.warned_for, row.late_for)
            for row in rows.only("id", "due", "warned_for", "late_for").order_by("due")[: BATCH * 10]
        ]
        return [id_ for id_, due, warned, late in noted if (late if due < today() else warned) != due]


def _warn(actor: System, zaak_id: UUID) -> None:
    """Note once that a deadline comes near, and once that it has passed."""
    with scope_of(actor):
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None)
        zaak = case.zaak
        if zaak.outcome or zaak.uiterlijke_einddatum_afdoening is None:
            return
        until = {"tot": zaak.due.isoformat()}
        if zaak.due < today() and zaak.late_for != zaak.due:
            case.set(zaak, late_for=zaak.due, warned_for=zaak.due)
            finish(case, actor, Kind.TERMIJN_VERSTREKEN, payload=until)
        elif zaak.warned_for != zaak.due and _is_near(case):
            case.set(zaak, warned_for=zaak.due)
            finish(case, actor, Kind.TERMIJN_NADERT, payload=until)


def _is_near(case: Case) -> bool:
    timers = [t for t in _timers(case.resolved, "beslistermijn", "escaleren") if t.before]
    return any(_before(case.zaak.due, duration(timer.after)) <= today() for timer in timers)


def _before(day: date, length: termijnen.Duration) -> date:
    """The day that lies a duration before another one: the first from which it reaches that day."""
    days = (length.after(day) - day).days
    return day - timedelta(days=days)


def _decided(actor: System) -> list[UUID]:
    """Cases that were decided and wait for something after that, untouched for a week."""
    with scope_of(actor):
        rows = Zaak.objects.filter(einddatum__isnull=True, laatst_gemuteerd__lt=now() - timedelta(days=7)).exclude(
            outcome=""
        )
        return list(rows.order_by("laatst_gemuteerd").values_list("id", flat=True)[:BATCH])


def _close_uncollected(actor: System, zaak_id: UUID) -> None:
    """Close a case whose result was not collected in time, where the process says so."""
    with scope_of(actor):
        case = take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None)
        timers = [t for t in _timers(case.resolved, "status", "afsluiten") if t.what == case.zaak.status]
        latest = Status.objects.filter(zaak_id=zaak_id, statustype=case.zaak.status).latest("datum_status_gezet")
        since = local(latest.datum_status_gezet).date()
        timer = next((t for t in timers if duration(t.after).after(since) < today()), None)
        if timer is None:
            return
        outcome = find(case.resolved.outcomes, case.zaak.outcome)
        case.end_now(actor)
        payload: dict[str, Json] = {"resultaat_naam": outcome.name if outcome else "", "klok": timer.key}
        finish(case, actor, Kind.AFGESLOTEN, payload=payload, personal={"reden": timer.name}, ended=True)


def _over(actor: System) -> list[UUID]:
    with scope_of(actor):
        rows = Entitlement.objects.filter(state="geldig", valid_until__lt=today()).order_by("valid_until")
        return list(rows.values_list("id", flat=True)[:BATCH])


def _expire(actor: System, entitlement_id: UUID) -> None:
    """What was granted is over."""
    with scope_of(actor):
        row = Entitlement.objects.select_for_update().get(id=entitlement_id)
        if row.state != "geldig":
            return
        row.state, row.state_since = "verlopen", now()
        row.save(update_fields=["state", "state_since"])
        ledger.append(
            actor,
            municipality=row.municipality_id,
            kind=Kind.AANSPRAAK_VERLOPEN.value,
            zaak_id=row.zaak_id,
            payload={"aanspraak": str(row.id), "titel": row.title},
        )


def expire_drafts(actor: System) -> int:
    """Throw away what was not sent in time, answers, data and files; returns how many. What was sent lives in its case."""
    with scope_of(actor):
        rows = list(Draft.objects.filter(expires__lt=today(), zaak__isnull=True).prefetch_related("uploads")[:BATCH])
        keys = [upload.key for row in rows for upload in row.uploads.all()]
        Draft.objects.filter(id__in=[row.id for row in rows]).delete()
    for key in keys:
        storage.remove(actor.municipality, key)
    return len(rows)


def _ask_again_for_letters(actor: System) -> None:
    """A letter that waits much too long lost its job; ask for it again."""
    with scope_of(actor):
        rows = PendingLetter.objects.filter(made__isnull=True, asked__lt=now() - STUCK).order_by("asked")
        for row in rows[:BATCH]:
            make_letter.later(municipality=row.municipality_id, letter=str(row.id), once=f"casework.letter:{row.id}")
