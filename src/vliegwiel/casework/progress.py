"""A case in the hands of an action: what is changed is gathered, and written in one statement at the end.

`move_on` lets the definition say where the case now is (`vliegwiel.catalogue.course`) and brings its rows in line: phase,
status, tasks, who must act, and the end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from vliegwiel.base.clock import now, today
from vliegwiel.catalogue import model
from vliegwiel.catalogue.course import CaseState, Course, course, status_in
from vliegwiel.catalogue.model import Resolved
from vliegwiel.catalogue.selectielijst import Procestermijn, Waardering, action_date, resultaat
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Citizen, Staff

from . import rows
from .lawpages import Turn
from .models import Entitlement, Fact, InformationRequest, Resultaat, Status, Suspension, Task, Zaak
from .models.row import CaseRow
from .models.zaak import NO_TERM
from .terms import duration

OPEN, DONE, LAPSED, OVER = "open", "klaar", "vervallen", "verlopen"
"""States of a task. `verlopen`: somebody was waited for until the term was over, and nothing came."""
WAITING = "wachten"
GRANTING = ("toekennen", "deels")
WITHDRAWN = "ingetrokken"
_TURNS = {
    "initiator": Turn.INWONER,
    "mede_initiator": Turn.INWONER,
    "adviseur": Turn.DERDE,
    "belanghebbende": Turn.DERDE,
}
"""Whose turn it is when a role must act; all other roles are of the municipality."""
OWN, AUTO = "eigen", "vanzelf"
"""Kinds of the tasks this room itself puts on a case, which no process knows: ticked off by hand, or done by themselves."""


@dataclass(slots=True)
class Moved:
    """What followed from an action: for its event and for who called it."""

    statuses: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    phase: str = ""
    ended: bool = False

    def payload(self) -> dict[str, Json]:
        """As it stands in the event; what did not happen is left out."""
        found: dict[str, Json] = {
            "fase": self.phase,
            "statussen": self.statuses,
            "taken_open": self.opened,
            "taken_klaar": self.done,
        }
        return {name: value for name, value in found.items() if value}


@dataclass(slots=True)
class Case:
    """A case that is being changed. `tasks` are all its tasks; `grants` the entitlements its decision gave."""

    zaak: Zaak
    resolved: Resolved
    tasks: list[Task]
    grants: list[Entitlement] = field(default_factory=list)
    _new: list[CaseRow] = field(default_factory=list)
    _changed: dict[UUID, tuple[CaseRow, dict[str, None]]] = field(default_factory=dict)
    _moment: datetime | None = None

    # -- changing --------------------------------------------------------------------------------------------------------

    def add(self, *new: CaseRow) -> None:
        """Rows to be written."""
        self._new += new

    def new_facts(self) -> list[Fact]:
        """The facts among the rows to be written."""
        return [row for row in self._new if isinstance(row, Fact)]

    def new_rows(self) -> tuple[CaseRow, ...]:
        """The rows to be written."""
        return tuple(self._new)

    def set(self, row: CaseRow, **values: object) -> None:
        """Change fields of a row; one that is new itself is just filled."""
        for name, value in values.items():
            setattr(row, name, value)
        if all(row is not new for new in self._new):
            noted = self._changed.setdefault(row.pk, (row, {}))[1]
            noted.update(dict.fromkeys(values))

    def save(self, actor: Actor) -> None:
        """Write everything. The version of the case goes up by one."""
        zaak = self.zaak
        if all(zaak is not new for new in self._new):
            self.set(zaak, version=zaak.version + 1)
        self.set(zaak, laatst_gemuteerd=self.tick(), changed_by=_name(actor))
        rows.write(self._new, [(row, list(names)) for row, names in self._changed.values()])
        self._new, self._changed = [], {}

    def tick(self) -> datetime:
        """This moment, later than any before in this case: what is set in one go keeps its order."""
        last = self._moment or self.zaak.laatst_gemuteerd
        moment = max(now(), last + timedelta(microseconds=1))
        self._moment = moment
        return moment

    # -- where it is -----------------------------------------------------------------------------------------------------

    def state(self) -> CaseState:
        """What the conditions of the process look at."""
        zaak = self.zaak
        decided = model.find(self.resolved.outcomes, zaak.outcome) if zaak.outcome else None
        return CaseState(
            kanaal=zaak.communicatiekanaal,
            uitkomst=zaak.law_says or None,
            oordeel_nodig=zaak.judgement,
            automatisch=zaak.automatic,
            compleet=zaak.complete,
            wacht=zaak.waits or None,
            besluit=zaak.outcome or None,
            toegekend=decided is not None and decided.kind in GRANTING,
            gedaan=tuple(task.key for task in self.tasks if task.state == DONE),
            verlopen=tuple(task.key for task in self.tasks if task.state == OVER),
            ingetrokken=zaak.withdrawn,
        )

    def move_on(self, actor: Actor) -> Moved:
        """Bring phase, status and tasks in line with the state; close the case when nothing is left to do."""
        process = self.resolved.process
        state = self.state()
        at = course(process, state)
        if self.zaak.einddatum is not None:
            # What is added to a closed case (a document, a note) does not move it.
            return Moved()
        moved = Moved(phase=at.phase if at.phase != self.zaak.phase else "", ended=at.ended)
        self._sync_tasks(at, actor, moved)
        for key in self._statuses(at, state):
            self._set_status(key, actor)
            moved.statuses.append(key)
        self.set(self.zaak, phase=at.phase, turn=self._turn(at), next_step=self._next_step(at))
        if self.zaak.outcome:
            # The legal deadline was for the decision; what is due now is what comes after it.
            due = [task.due for task in self.tasks if task.state == OPEN and task.due and not task.optional]
            self.set(self.zaak, due=min(due, default=NO_TERM))
        if at.ended and self.zaak.einddatum is None:
            self._close()
        return moved

    def _statuses(self, at: Course, state: CaseState) -> list[str]:
        """The statuses to set: those of phases that were passed in this very step, then the one it has now."""
        process, names = self.resolved.process, state.names()
        keys = [phase.key for phase in process.phases]
        before = keys.index(self.zaak.phase) if self.zaak.phase in keys else -1
        passed = [status_in(process, phase, names) for phase in at.passed if keys.index(phase) > before]
        found = [status.key for status in passed if status is not None]
        if at.status and at.status != (found[-1] if found else self.zaak.status):
            found.append(at.status)
        return found

    def _set_status(self, key: str, actor: Actor) -> None:
        self.set(self.zaak, status=key)
        self.add(
            Status(
                municipality_id=self.zaak.municipality_id,
                zaak_id=self.zaak.id,
                statustype=key,
                datum_status_gezet=self.tick(),
                gezetdoor=_name(actor),
            )
        )

    def _sync_tasks(self, at: Course, actor: Actor, moved: Moved) -> None:
        wanted = [key for key in at.tasks if key not in at.finished]
        for task in self.tasks:
            if task.state != OPEN or task.key in wanted or task.key in at.optional or task.kind in (OWN, AUTO):
                continue
            finished = task.key in at.finished
            self.set(task, state=DONE if finished else LAPSED, done_at=self.tick(), done_by_name=_name(actor))
            moved.done += [task.key] if finished else []
        standing = {task.key for task in self.tasks if task.state == OPEN}
        for key in wanted:
            if key not in standing:
                self.open_task(self.resolved.process.task(key))
                moved.opened.append(key)

    def open_task(self, definition: model.Task) -> Task:
        """A task of the process that must, or may, be done now."""
        process = self.resolved.process
        keys = [one.key for one in process.tasks]
        return self.new_task(
            definition.key,
            definition.name,
            kind=definition.kind,
            who=self._whose(definition.role),
            optional=definition.optional,
            order=keys.index(definition.key),
            term=process.wait(definition.wait).term if definition.wait else definition.term,
        )

    def new_task(
        self,
        key: str,
        title: str,
        *,
        kind: str,
        who: Turn,
        term: model.Span | None,
        optional: bool = False,
        order: int = 0,
    ) -> Task:
        """A task on this case."""
        task = Task(
            municipality_id=self.zaak.municipality_id,
            zaak_id=self.zaak.id,
            key=key,
            title=title,
            phase=self.zaak.phase,
            kind=kind,
            who=who.value,
            optional=optional,
            order=order,
            created=self.tick(),
            due=duration(term).after(today()) if term else None,
        )
        self.tasks.append(task)
        self.add(task)
        return task

    def _whose(self, role: str) -> Turn:
        return _TURNS.get(self.resolved.process.role(role).generic, Turn.GEMEENTE)

    def _turn(self, at: Course) -> str:
        if at.ended:
            return Turn.NIEMAND.value
        status = model.find(self.resolved.process.statuses, at.status)
        return (self._whose(status.role) if status else Turn.GEMEENTE).value

    def _next_step(self, at: Course) -> str:
        if at.ended:
            return ""
        if at.wait:
            return self.resolved.process.wait(at.wait).name[:200]
        todo = sorted((t for t in self.tasks if t.state == OPEN and not t.optional), key=lambda t: t.order)
        return todo[0].title if todo else ""

    def end_now(self, actor: Actor) -> None:
        """End a case that was decided though not everything was done: what is open lapses."""
        for task in self.tasks:
            if task.state == OPEN:
                self.set(task, state=LAPSED, done_at=self.tick(), done_by_name=_name(actor))
        last = self.resolved.process.phases[-1]
        final = status_in(self.resolved.process, last.key, self.state().names())
        if final is not None and final.key != self.zaak.status:
            self._set_status(final.key, actor)
        self.set(self.zaak, phase=last.key, turn=Turn.NIEMAND.value, next_step="")
        self._close()

    def stop_waiting(self) -> None:
        """What was asked of the citizen need not be answered any more, and no term stands still."""
        zaak = self.zaak
        self.set(zaak, waits="", opschorting_indicatie=False, opschorting_reden="")
        for stop in Suspension.objects.filter(zaak_id=zaak.id, ended__isnull=True):
            self.set(stop, ended=today())
        for question in InformationRequest.objects.filter(zaak_id=zaak.id, closed__isnull=True):
            self.set(question, closed=now())

    # -- the end ---------------------------------------------------------------------------------------------------------

    def _close(self) -> None:
        """The end (ZGW zrc-007, zrc-021): result, end date, and until when it is kept."""
        zaak, day = self.zaak, today()
        if zaak.waits:
            self.stop_waiting()
        self.set(zaak, einddatum=day)
        for task in self.tasks:
            # What this room itself put on the case has no meaning after its end.
            if task.state == OPEN:
                self.set(task, state=LAPSED, done_at=self.tick())
        outcome = model.find(self.resolved.outcomes, WITHDRAWN if zaak.withdrawn else zaak.outcome)
        if outcome is None:
            raise ValueError(f"case {zaak.id} ends without an outcome")
        self.add(
            Resultaat(
                municipality_id=zaak.municipality_id,
                zaak_id=zaak.id,
                resultaattype=outcome.key,
                selectielijst=outcome.selectielijst,
            )
        )
        if not outcome.selectielijst:
            return
        kept = resultaat(outcome.selectielijst)
        if kept.waardering is Waardering.BLIJVEND_BEWAREN:
            self.set(zaak, archiefnominatie="blijvend_bewaren", selectielijstklasse=kept.id)
            return
        source = day
        if kept.procestermijn not in (None, Procestermijn.NIHIL, Procestermijn.SAMENGEVOEGD_MET_BEWAARTERMIJN):
            # The term of keeping starts when what was granted is over; while that is not known, there is no date.
            ends = [grant.valid_until for grant in self.grants if grant.valid_until]
            if not ends:
                self.set(zaak, archiefnominatie="vernietigen", selectielijstklasse=kept.id)
                return
            source = max(ends)
        self.set(
            zaak,
            archiefnominatie="vernietigen",
            archiefactiedatum=action_date(kept, source),
            startdatum_bewaartermijn=source,
            selectielijstklasse=kept.id,
        )


def _name(actor: Actor) -> str:
    match actor:
        case Staff():
            return actor.name[:200]
        case Citizen():
            return "de inwoner"
        case _:
            return ""
