"""The process of a definition: every part hangs together, every task can come up, every path ends.

The last is proved by searching all states a case can come in (`vliegwiel.catalogue.paths`).
"""

from __future__ import annotations

from collections.abc import Sequence

from vliegwiel.law.feel.errors import FeelError, FeelLimit

from ..course import CaseState, course
from ..model import Outcome, Process, Task
from ..paths import MOST_STATES, Ending, Paths, paths
from .clocks import check_clocks
from .found import Found, Keys


def check_process(
    process: Process, outcomes: Sequence[Outcome], channels: tuple[str, ...], found: Found
) -> Paths | None:
    """Check phases, statuses, tasks and waits; then search all states. Gives what was seen, or None where a mistake kept it
    from searching."""
    before = len(found.findings)
    _phases(process, found)
    _statuses(process, found)
    _tasks(process, found)
    _waits(process, outcomes, found)
    if len(found.findings) != before:
        return None
    return _search(process, outcomes, channels, found)


def _phases(process: Process, found: Found) -> None:
    if not process.phases:
        found.wrong(("proces", "fasen"), "Een proces heeft minstens één fase.", "proces")
        return
    for phase in process.phases:
        of_phase = [status for status in process.statuses if status.phase == phase.key]
        path: Keys = ("proces", "fasen", phase.key)
        if not of_phase:
            found.wrong(path, f"De fase '{phase.key}' heeft geen status. Geef er een die altijd geldt.", "proces")
        elif of_phase[0].when is not None:
            found.wrong(
                path, f"De eerste status van de fase '{phase.key}' heeft geen 'als': zij geldt altijd.", "proces"
            )
    last = process.phases[-1]
    if last.when is not None or last.done is not None:
        found.wrong(("proces", "fasen", last.key), "De laatste fase heeft geen 'als' en geen 'klaar_als'.", "proces")


def _statuses(process: Process, found: Found) -> None:
    for status in process.statuses:
        path: Keys = ("proces", "statussen", status.key)
        found.must_be((*path, "fase"), status.phase, process.phases, "De fase")
        found.must_be((*path, "rol"), status.role, process.roles, "De rol")
        if status.final and process.phases and status.phase != process.phases[-1].key:
            found.wrong((*path, "eind"), "Een eindstatus staat in de laatste fase.", "proces")
        if status.term.number == 0:
            found.wrong((*path, "termijn"), "Een status duurt even. Zet hier minstens 1 dag.", "proces")
    if not any(status.final for status in process.statuses):
        found.wrong(("proces", "statussen"), "Geen status is de eindstatus ('eind: ja').", "proces")


def _tasks(process: Process, found: Found) -> None:
    for task in process.tasks:
        path: Keys = ("proces", "taken", task.key)
        found.must_be((*path, "fase"), task.phase, process.phases, "De fase")
        found.must_be((*path, "rol"), task.role, process.roles, "De rol")
        if task.kind == "systeem" and task.done is None:
            found.wrong(path, "Een taak van soort 'systeem' heeft 'klaar_als' nodig: niemand vinkt haar af.", "proces")
        _waiting(process, task, path, found)
    if not any(task.kind == "besluit" for task in process.tasks):
        found.wrong(
            ("proces", "taken"), "Er is geen taak van soort 'besluit'. Dan kan er nooit worden besloten.", "proces"
        )


def _waiting(process: Process, task: Task, path: Keys, found: Found) -> None:
    """A task that waits says for what, and nothing that only a task of a person has."""
    if task.kind != "wachten":
        if task.wait:
            found.wrong((*path, "wacht"), "Alleen een taak van soort 'wachten' heeft 'wacht'.", "proces")
        if task.term is None:
            found.wrong(path, "Hier mist 'termijn': binnen hoe lang moet deze taak klaar zijn?", "proces")
        return
    found.must_be((*path, "wacht"), task.wait, process.waits, "Het wachten")
    if task.term is not None:
        message = "Een taak van soort 'wachten' heeft geen eigen termijn. Zet haar bij het wachten."
        found.wrong((*path, "termijn"), message, "proces")
    if task.optional or task.repeatable:
        found.wrong(path, "Een taak van soort 'wachten' is niet optioneel en niet herhaalbaar.", "proces")


def _waits(process: Process, outcomes: Sequence[Outcome], found: Found) -> None:
    for wait in process.waits:
        path: Keys = ("proces", "wachten", wait.key)
        found.must_be((*path, "op"), wait.on, process.roles, "De rol")
        found.must_be((*path, "status"), wait.status, process.statuses, "De status")
        if wait.after:
            found.must_be((*path, "daarna"), wait.after, outcomes, "De uitkomst")
        waiting = [task for task in process.tasks if task.wait == wait.key]
        if len(waiting) > 1:
            named = " en ".join(f"'{task.key}'" for task in waiting)
            found.wrong(path, f"De taken {named} wachten op hetzelfde. Geef elk een eigen wachten.", "proces")
        if wait.full and not waiting:
            message = "Wie 'loopt_vol' heeft, begint met een taak van soort 'wachten'. Maak die, of laat dit weg."
            found.wrong((*path, "loopt_vol"), message, "proces")
    asked = [wait for wait in process.waits if wait.key not in process.started_by_tasks()]
    for wait in asked[1:]:
        message = (
            f"Geen taak van soort 'wachten' begint dit wachten, en informatie vragen doet '{asked[0].key}' al."
            " Maak een taak, of laat dit wachten weg."
        )
        found.wrong(("proces", "wachten", wait.key), message, "proces")


def _search(process: Process, outcomes: Sequence[Outcome], channels: tuple[str, ...], found: Found) -> Paths | None:
    try:
        seen = paths(process, endings(outcomes), channels)
    except (FeelError, FeelLimit):
        return None  # said where the formula stands
    if not seen.whole:
        message = (
            f"Dit proces kan in meer dan {MOST_STATES} toestanden komen. Dan is niet na te gaan of elk pad eindigt."
            " Haal taken weg die los van elkaar kunnen, of zet ze achter elkaar met 'begint_als'."
        )
        found.wrong(("proces", "taken"), message, "proces")
        return None
    _dead(process, seen, found)
    check_clocks(process, seen, found)
    if seen.stuck is not None:
        _stuck(process, seen.stuck, found)
    return seen


def endings(outcomes: Sequence[Outcome]) -> tuple[Ending, ...]:
    """The outcomes that can be decided, and whether they grant what was asked."""
    return tuple(
        (outcome.key, outcome.kind in ("toekennen", "deels"))
        for outcome in outcomes
        if outcome.kind not in ("ingetrokken", "elders")
    )


def _dead(process: Process, seen: Paths, found: Found) -> None:
    for name, items, met in (
        ("fasen", process.phases, seen.phases),
        ("statussen", process.statuses, seen.statuses),
        ("taken", process.tasks, seen.tasks),
    ):
        for item in items:
            if item.key not in met:
                path = ("proces", name, item.key)
                found.wrong(
                    path, f"'{item.key}' komt op geen enkel pad aan de beurt. Kijk de voorwaarden na.", "proces"
                )
    for wait in process.waits:
        statuses = {status for key, status in seen.waited if key == wait.key}
        if statuses and wait.status not in statuses:
            message = (
                f"Tijdens dit wachten is de status nooit '{wait.status}', maar {' of '.join(sorted(statuses))}."
                f' Zet bij die status: als: wacht = "{wait.key}", in dezelfde fase.'
            )
            found.wrong(("proces", "wachten", wait.key, "status"), message, "proces")


def _stuck(process: Process, state: CaseState, found: Found) -> None:
    phase = course(process, state).phase
    said = [
        f"besluit {state.besluit or 'nog niet'}",
        f"gedaan {', '.join(state.gedaan) or 'niets'}",
        *([f"zonder antwoord {', '.join(state.verlopen)}"] if state.verlopen else []),
        *(["ingetrokken"] if state.ingetrokken else []),
        *([] if state.compleet else ["niet compleet"]),
    ]
    message = f"Een pad loopt dood: er is niets meer te doen en de fase is niet klaar ({'; '.join(said)})."
    found.wrong(("proces", "fasen", phase, "klaar_als"), message, "proces")
