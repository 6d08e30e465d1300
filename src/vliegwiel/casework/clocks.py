"""Timers of a process that have no row of their own to be noted on: when the next one goes off, and which did already.

The reminder of an open question, the deadline of the decision and what was not collected are guarded where they live
(`timers`). All other timers of a definition are worked out here from what started them: receipt, the decision, a status, or
waiting for somebody else. A timer goes off once for each time that it was started.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from vliegwiel.base.clock import local, today
from vliegwiel.catalogue.model import Process, Timer

from .models import Besluit, Status
from .progress import LAPSED, OPEN, WAITING, Case
from .terms import counts_from, duration, received_on


@dataclass(frozen=True, slots=True)
class Ring:
    """A timer that goes off on a day. `name` tells it from the same timer that was started on another day."""

    timer: Timer
    started: date
    day: date

    @property
    def name(self) -> str:
        """As it is noted on the case."""
        return f"{self.timer.key}@{self.started.isoformat()}"


@lru_cache(maxsize=4096)
def own_timers(process: Process) -> tuple[Timer, ...]:
    """The timers of a process that are guarded here."""
    by_itself = process.started_by_tasks()
    return tuple(timer for timer in process.timers if not _guarded_elsewhere(timer, by_itself))


def _guarded_elsewhere(timer: Timer, by_itself: frozenset[str]) -> bool:
    match timer.start, timer.does:
        case "wachten", "herinneren":
            return timer.what not in by_itself and not timer.before
        case "beslistermijn", "escaleren":
            return timer.before
        case "status", "afsluiten":
            return True
        case _:
            return False


def due(case: Case) -> Iterator[Ring]:
    """The timers that run on a case and did not go off yet, each with its day."""
    if case.zaak.einddatum is not None:
        return
    for timer in own_timers(case.resolved.process):
        for ring in _rings(case, timer):
            if ring.name not in case.zaak.rung:
                yield ring


def task_key(timer: Timer) -> str:
    """The key of the task that a timer lays before a clerk."""
    return f"klok_{timer.key}"[:80]


def set_clock(case: Case) -> None:
    """Note on the case on which day the next timer goes off, and let lapse what a timer asked about a wait that is over.

    Costs nothing where no timer is guarded here.
    """
    timers = own_timers(case.resolved.process)
    if not timers:
        return
    for timer in timers:
        if timer.start == "wachten" and not any(_rings(case, timer)):
            for task in case.tasks:
                if task.key == task_key(timer) and task.state == OPEN:
                    case.set(task, state=LAPSED, done_at=case.tick())
    following = min((ring.day for ring in due(case)), default=None)
    if following != case.zaak.rings_on:
        case.set(case.zaak, rings_on=following)


def _rings(case: Case, timer: Timer) -> Iterator[Ring]:
    zaak, length = case.zaak, duration(timer.after)
    match timer.start:
        case "ontvangst":
            started = received_on(zaak)
            yield Ring(timer, started, length.after(started))
        case "beslistermijn" if not zaak.outcome:
            started = counts_from(zaak)
            day = _before(zaak.due, (length.after(zaak.due) - zaak.due).days) if timer.before else length.after(started)
            yield Ring(timer, zaak.due if timer.before else started, day)
        case "besluit" if zaak.outcome:
            decided = _decided_on(case)
            yield Ring(timer, decided, length.after(decided))
        case "status" if zaak.status == timer.what:
            since = _since(case)
            yield Ring(timer, since, length.after(since))
        case "wachten":
            for task in case.tasks:
                if (
                    task.kind == WAITING
                    and task.state == OPEN
                    and task.due
                    and _waits_for(case, task.key) == timer.what
                ):
                    begun = local(task.created).date()
                    back = (length.after(task.due) - task.due).days
                    yield Ring(timer, begun, _before(task.due, back) if timer.before else length.after(begun))
        case _:
            return


def _waits_for(case: Case, key: str) -> str:
    return next((task.wait for task in case.resolved.process.tasks if task.key == key), "")


def _before(day: date, days: int) -> date:
    return day - timedelta(days=days)


def _decided_on(case: Case) -> date:
    """The day of the decision: today when it is being taken."""
    found = (
        Besluit.objects.filter(zaak_id=case.zaak.id, vervalreden="").order_by("-datum").values_list("datum", flat=True)
    )
    return found.first() or today()


def _since(case: Case) -> date:
    """Since when the case has its status: today when it is just being set."""
    if any(isinstance(row, Status) and row.statustype == case.zaak.status for row in case.new_rows()):
        return today()
    rows = Status.objects.filter(zaak_id=case.zaak.id, statustype=case.zaak.status).order_by("-datum_status_gezet")
    found = rows.values_list("datum_status_gezet", flat=True).first()
    return local(found).date() if found else today()
