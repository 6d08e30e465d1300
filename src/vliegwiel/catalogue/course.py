"""The course of a case: which phase, status and tasks hold in a state. Pure, so that anyone can compute and test it.

A case never stores where it is in the process apart from its facts: what was decided, done, withdrawn, waited for. From
those, and the definition it was opened under, follows the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from vliegwiel.registers.facts import Value

from .conditions import holds
from .model import Phase, Process, Status, Task


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseState:
    """What conditions of a process may look at (`model.STATE` says what each holds)."""

    kanaal: str = "internet"
    uitkomst: str | None = None
    oordeel_nodig: bool = False
    automatisch: bool = False
    compleet: bool = True
    wacht: str | None = None
    besluit: str | None = None
    toegekend: bool = False
    gedaan: tuple[str, ...] = ()
    verlopen: tuple[str, ...] = ()
    ingetrokken: bool = False

    def names(self) -> dict[str, Value]:
        """As conditions take it."""
        return {
            "kanaal": self.kanaal,
            "uitkomst": self.uitkomst,
            "oordeel_nodig": self.oordeel_nodig,
            "automatisch": self.automatisch,
            "compleet": self.compleet,
            "wacht": self.wacht,
            "besluit": self.besluit,
            "toegekend": self.toegekend,
            "gedaan": self.gedaan,
            "verlopen": self.verlopen,
            "ingetrokken": self.ingetrokken,
            # Not of the case but of where it is: `course` fills it in for the phase that it comes to (as it does `wacht`).
            "voorbereid": True,
        }


@dataclass(frozen=True, slots=True)
class Course:
    """Where a case is. All by key.

    `passed`: phases behind it, in order. `tasks`: what must be done now. `optional`: what may be started. `finished`: tasks
    of this phase that are done because the state says so. `wait`: what is waited for first (the citizen before others), or
    nothing. `ended`: nothing is left to do.
    """

    phase: str
    status: str
    passed: tuple[str, ...]
    tasks: tuple[str, ...]
    optional: tuple[str, ...]
    finished: tuple[str, ...]
    ended: bool
    wait: str = ""


def course(process: Process, state: CaseState) -> Course:
    """Where a case in this state is. Raises `ValueError` for a process without phases (`check` refuses those)."""
    known = state.names()
    passed: list[str] = []
    for phase in process.phases:
        known["wacht"] = state.wacht
        known["voorbereid"] = _is_prepared(process, phase, known)
        known["wacht"] = state.wacht or next(iter(_waits(process, phase, known)), None)
        if not holds(phase.when, known):
            continue
        if phase is process.phases[-1] or not _is_done(phase, known):
            return _in_phase(process, phase, passed, known, ended=phase is process.phases[-1])
        passed.append(phase.key)
    raise ValueError("the last phase of a process has no condition and always holds")


def _is_done(phase: Phase, known: Mapping[str, Value]) -> bool:
    return phase.done is None or holds(phase.done, known)


def _is_prepared(process: Process, phase: Phase, known: Mapping[str, Value]) -> bool:
    """Whether no person, and nobody that is waited for, has anything left to do in a phase but to decide."""
    work = [t for t in process.tasks if t.phase == phase.key and t.kind in ("hand", "wachten") and not t.optional]
    return not any(_is_open(task, known) for task in work)


def _waits(process: Process, phase: Phase, known: Mapping[str, Value]) -> list[str]:
    """Keys of the waits that run because a task of this phase waits for somebody."""
    return [t.wait for t in process.tasks if t.phase == phase.key and t.kind == "wachten" and _is_open(t, known)]


def _is_open(task: Task, known: Mapping[str, Value]) -> bool:
    return not _is_finished(task, known) and (task.begins is None or holds(task.begins, known))


def _is_finished(task: Task, known: Mapping[str, Value]) -> bool:
    over = (*_keys(known["gedaan"]), *_keys(known["verlopen"]))
    return task.key in over or (task.done is not None and holds(task.done, known))


def _keys(value: Value) -> tuple[str, ...]:
    return tuple(str(key) for key in value) if isinstance(value, tuple) else ()


def _in_phase(process: Process, phase: Phase, passed: list[str], known: Mapping[str, Value], *, ended: bool) -> Course:
    tasks = [task for task in process.tasks if task.phase == phase.key]
    finished = [t.key for t in tasks if _is_finished(t, known)]
    may = [t for t in tasks if (t.key not in finished or t.repeatable) and (t.begins is None or holds(t.begins, known))]
    status = status_in(process, phase.key, known)
    return Course(
        phase=phase.key,
        status=status.key if status else "",
        passed=tuple(passed),
        tasks=tuple(t.key for t in may if not t.optional),
        optional=tuple(t.key for t in may if t.optional),
        finished=tuple(finished),
        ended=ended,
        wait="" if ended else str(known["wacht"] or ""),
    )


def status_in(process: Process, phase: str, known: Mapping[str, Value]) -> Status | None:
    """The status of a phase in a state: the last one of the phase whose condition holds."""
    found = [s for s in process.statuses if s.phase == phase and holds(s.when, known)]
    return found[-1] if found else None
