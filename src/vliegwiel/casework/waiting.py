"""Waiting for somebody: which waits a case knows, which passed in vain, and what that does to the legal term.

A wait begins when a clerk asks the citizen for something (`actions.information`), or by itself with a task of kind
`wachten`. Of the second kind the rows are the tasks: while such a task is open, the case waits.
"""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from vliegwiel.base.clock import today
from vliegwiel.catalogue.model import Basis, Resolved, Wait, find

from .deadlines import set_deadline
from .models import Suspension, Task
from .progress import OPEN, OVER, WAITING, Case

_STANDS = "stilstand"
"""Under which name the result of a task keeps the stretch in which it lets the term stand still."""


def information_wait(resolved: Resolved) -> Wait | None:
    """How long, and on whom, the case waits when a clerk asks for something; None where nothing can be asked."""
    by_itself = resolved.process.started_by_tasks()
    return next((wait for wait in resolved.process.waits if wait.key not in by_itself), None)


def wait_of(resolved: Resolved, task: Task) -> Wait | None:
    """The wait that goes on while a task is open, or None."""
    definition = find(resolved.process.tasks, task.key)
    return resolved.process.wait(definition.wait) if definition is not None and definition.wait else None


def waited_in_vain(case: Case, outcome: str) -> bool:
    """Whether somebody was waited for until the term was over, after which this outcome may be decided."""
    waits = (wait_of(case.resolved, task) for task in case.tasks if task.state == OVER)
    return any(wait is not None and wait.after == outcome for wait in waits)


def ground_of(basis: Basis) -> str:
    """An article as rows hold it: `4:15 lid 1, onder a` becomes `4:15-1a`."""
    short = re.sub(r",? onder ", "", re.sub(r" lid ", "-", basis.article))
    return short[:20]


def keep_still(case: Case) -> None:
    """Let the legal term stand still while somebody is waited for under an article that stops it, and run again after."""
    for task in case.tasks:
        if task.kind != WAITING:
            continue
        wait = wait_of(case.resolved, task)
        if wait is None or wait.suspends is None:
            continue
        if task.state == OPEN and _STANDS not in task.result and not case.zaak.outcome:
            _stop(case, task, wait, wait.suspends)
        elif task.state != OPEN and _STANDS in task.result:
            _run_again(case, task)


def _stop(case: Case, task: Task, wait: Wait, law: Basis) -> None:
    due = task.due or today()
    stop = Suspension(
        municipality_id=case.zaak.municipality_id,
        zaak_id=case.zaak.id,
        ground=ground_of(law),
        reason=f"{wait.name[:1].lower()}{wait.name[1:]}"[:200],
        begins=today() + timedelta(days=1),
        until=due,
    )
    case.add(stop)
    case.set(task, result={**task.result, _STANDS: str(stop.id)})
    case.set(case.zaak, opschorting_indicatie=True, opschorting_reden=stop.reason)
    set_deadline(case, added=stop)


def _run_again(case: Case, task: Task) -> None:
    stop = Suspension.objects.filter(id=UUID(task.result[_STANDS]), ended__isnull=True).first()
    if stop is None:
        return
    case.set(stop, ended=min(today(), stop.until + timedelta(days=1)))
    if not case.zaak.waits:
        case.set(case.zaak, opschorting_indicatie=False, opschorting_reden="")
    if not case.zaak.outcome:
        set_deadline(case, changed=stop)
