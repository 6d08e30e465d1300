"""What happens when the time to answer is over and nothing came from an adviser, an organisation or anybody else."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.base.errors import NotFound
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, scope_of

from ..events import Kind
from ..models import Task
from ..progress import DONE, OPEN, OVER, WAITING
from ..taking import finish, take
from ..waiting import wait_of


def pass_over(actor: Actor, task_id: UUID) -> bool:
    """End a wait whose term is over, so that the case goes on without an answer; one that only had to pass is done.

    For the job that guards terms; returns whether there was something to do.
    """
    with scope_of(actor):
        found = Task.objects.filter(id=task_id).values_list("zaak_id", flat=True).first()
        if found is None:
            raise NotFound("Deze taak is er niet.")
        case = take(actor, found, Right.ZAAK_BEHANDELEN, version=None)
        task = next(task for task in case.tasks if task.id == task_id)
        if task.state != OPEN or task.kind != WAITING or task.due is None or task.due >= today():
            return False
        wait = wait_of(case.resolved, task)
        full = wait is not None and wait.full
        case.set(task, state=DONE if full else OVER, done_at=now())
        finish(case, actor, Kind.WACHTEN_VOORBIJ, payload={"taak": task.key, "titel": task.title, "volgens_plan": full})
        return True
