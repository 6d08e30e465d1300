"""Every state a case can come in, found by search: that proves that each path ends and that no part of a process is dead.

A state is what conditions can see (`course.CaseState`). From each state people do what is open: tick off a task, let a wait
end with or without an answer, ask the citizen for something, decide, withdraw. Names that no condition looks at are not
varied. The number of states is bounded; a process with more is refused rather than half looked at.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from .conditions import names_used
from .course import CaseState, Course, course, status_in
from .model import Condition, Process, Span, Unit

MOST_STATES = 20_000
Ending = tuple[str, bool]
"""An outcome that can be decided, and whether it grants what was asked."""


@dataclass(frozen=True, slots=True)
class Paths:
    """What was seen on all paths. `stuck`: a state from which no path ends, if there is one. `whole` is false when there were
    more than `MOST_STATES` states; then nothing is proved.

    `waited`: for each wait that was seen, the statuses that held meanwhile. `after`: whether anything happens after a decision.
    """

    phases: frozenset[str]
    statuses: frozenset[str]
    tasks: frozenset[str]
    waited: frozenset[tuple[str, str]]
    stuck: CaseState | None
    whole: bool
    states: int
    after: bool


def paths(process: Process, endings: tuple[Ending, ...], channels: tuple[str, ...]) -> Paths:
    """Search all states of a process. Texts, names and terms do not matter; processes that differ only in those are searched
    once. Raises `FeelError` and `FeelLimit` for a condition that cannot be read or run."""
    return _search(skeleton(process), endings, channels)


def skeleton(process: Process) -> Process:
    """A process without what the course of a case does not depend on."""
    return Process(
        roles=(),
        phases=tuple(replace(one, name="", slot="") for one in process.phases),
        statuses=tuple(
            replace(one, name="", text="", role="", term=_NO_TERM, informs=False, slot="") for one in process.statuses
        ),
        tasks=tuple(
            replace(one, name="", role="", term=None, explanation="", fields=(), slot="") for one in process.tasks
        ),
        waits=tuple(
            replace(one, name="", on="", term=_NO_TERM, suspends=None, basis=None, slot="") for one in process.waits
        ),
    )


_NO_TERM = Span(1, Unit.DAGEN)


@dataclass(slots=True)
class _Seen:
    """What the search gathers."""

    phases: set[str] = field(default_factory=set)
    statuses: set[str] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)
    waited: set[tuple[str, str]] = field(default_factory=set)
    after: bool = False

    def note(self, process: Process, at: Course, state: CaseState) -> None:
        self.phases.update((at.phase, *at.passed))
        self.tasks.update((*at.tasks, *at.optional, *at.finished))
        names = state.names()
        passed = (status_in(process, phase, names) for phase in at.passed)
        self.statuses.update(one.key for one in passed if one is not None)
        self.statuses.add(at.status)
        if at.wait:
            self.waited.add((at.wait, at.status))
        if state.besluit is not None and not at.ended:
            self.after = True


@lru_cache(maxsize=512)
def _search(process: Process, endings: tuple[Ending, ...], channels: tuple[str, ...]) -> Paths:
    seen = _Seen()
    asked = next((w.key for w in process.waits if w.key not in process.started_by_tasks()), None)
    used = _used(process)
    todo = deque(_starts(used, endings, channels))
    known = set(todo)
    back: dict[CaseState, list[CaseState]] = {}
    ends: list[CaseState] = []
    while todo:
        state = todo.popleft()
        at = course(process, state)
        seen.note(process, at, state)
        if at.ended:
            ends.append(state)
            continue
        for following in _following(process, at, state, endings, used):
            back.setdefault(following, []).append(state)
            if following not in known:
                known.add(following)
                todo.append(following)
        for following in _at_will(state, asked):
            if following not in known:
                known.add(following)
                todo.append(following)
        if len(known) > MOST_STATES:
            return _found(seen, None, whole=False, states=len(known))
    good = _reaching(ends, back)
    stuck = next((state for state in known if state not in good), None)
    return _found(seen, stuck, whole=True, states=len(known))


def _found(seen: _Seen, stuck: CaseState | None, *, whole: bool, states: int) -> Paths:
    return Paths(
        frozenset(seen.phases),
        frozenset(seen.statuses),
        frozenset(seen.tasks),
        frozenset(seen.waited),
        stuck,
        whole,
        states,
        seen.after,
    )


def _reaching(ends: list[CaseState], back: dict[CaseState, list[CaseState]]) -> set[CaseState]:
    """The states from which one of `ends` can be reached."""
    good = set(ends)
    todo = deque(ends)
    while todo:
        for before in back.get(todo.popleft(), ()):
            if before not in good:
                good.add(before)
                todo.append(before)
    return good


def _used(process: Process) -> frozenset[str]:
    """The names that any condition of the process looks at."""
    return frozenset(name for condition in _conditions(process) for name in names_used(condition.text))


def _conditions(process: Process) -> Iterator[Condition]:
    found = [
        *(c for phase in process.phases for c in (phase.when, phase.done)),
        *(status.when for status in process.statuses),
        *(c for task in process.tasks for c in (task.begins, task.done)),
    ]
    return (condition for condition in found if condition is not None)


def _starts(used: frozenset[str], endings: tuple[Ending, ...], channels: tuple[str, ...]) -> Iterator[CaseState]:
    both = (False, True)
    for channel, complete, judged, automatic, says in product(
        channels if "kanaal" in used else channels[:1],
        (True, False),
        both if "oordeel_nodig" in used else (False,),
        both if "automatisch" in used else (False,),
        (None, *(key for key, _ in endings)) if "uitkomst" in used else (None,),
    ):
        yield CaseState(kanaal=channel, compleet=complete, oordeel_nodig=judged, automatisch=automatic, uitkomst=says)


def _at_will(state: CaseState, asked: str | None) -> Iterator[CaseState]:
    """What people may do at any moment before the decision: withdraw, and ask the citizen for something. It leads to states
    that must end too, but may not be what makes a path end."""
    if state.besluit is None and not state.ingetrokken:
        yield replace(state, ingetrokken=True, wacht=None)
        if state.wacht is None and asked is not None:
            yield replace(state, wacht=asked, compleet=False)


def _following(
    process: Process,
    at: Course,
    state: CaseState,
    endings: tuple[Ending, ...],
    used: frozenset[str],
) -> Iterator[CaseState]:
    """What can happen next."""
    undecided = state.besluit is None and not state.ingetrokken
    if state.wacht is not None:
        yield replace(state, wacht=None, compleet=True)
        yield replace(state, wacht=None)
    elif undecided and not state.compleet:
        yield replace(state, compleet=True)
    if undecided and "uitkomst" in used and state.uitkomst is None:
        yield from (replace(state, uitkomst=key) for key, _ in endings)
    for task in (process.task(key) for key in (*at.tasks, *at.optional)):
        if task.key in state.gedaan or task.key in state.verlopen:
            continue
        if task.kind in ("hand", "wachten"):
            yield replace(state, gedaan=tuple(sorted((*state.gedaan, task.key))))
        if task.kind == "wachten" and not process.wait(task.wait).full:
            yield replace(state, verlopen=tuple(sorted((*state.verlopen, task.key))))
        if task.kind == "besluit" and undecided:
            for outcome, grants in endings:
                yield replace(state, besluit=outcome, toegekend=grants, wacht=None)
