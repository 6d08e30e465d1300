"""The process of a definition: every part hangs together, every task can come up, every path ends."""

from __future__ import annotations

from vliegwiel.law.feel.errors import FeelError, FeelLimit

from ..course import course, walk
from ..model import Product
from .found import Found, Keys


def check_process(product: Product, found: Found) -> None:
    """Check phases, statuses, tasks, waits and timers; then walk every path."""
    before = len(found.findings)
    _statuses(product, found)
    _tasks(product, found)
    _waits(product, found)
    if len(found.findings) == before:
        _walk(product, found)


def _statuses(product: Product, found: Found) -> None:
    process = product.process
    for status in process.statuses:
        path: Keys = ("proces", "statussen", status.key)
        found.must_be((*path, "fase"), status.phase, process.phases, "De fase")
        found.must_be((*path, "rol"), status.role, process.roles, "De rol")
        if status.final and status.phase != process.phases[-1].key:
            found.wrong((*path, "eind"), "Een eindstatus staat in de laatste fase.", "proces")
    for phase in process.phases:
        of_phase = [status for status in process.statuses if status.phase == phase.key]
        path = ("proces", "fasen", phase.key)
        if not of_phase:
            found.wrong(path, f"De fase '{phase.key}' heeft geen status. Geef er een die altijd geldt.", "proces")
        elif of_phase[0].when is not None:
            found.wrong(
                path, f"De eerste status van de fase '{phase.key}' heeft geen 'als': zij geldt altijd.", "proces"
            )
    last = process.phases[-1]
    if last.when is not None or last.done is not None:
        found.wrong(("proces", "fasen", last.key), "De laatste fase heeft geen 'als' en geen 'klaar_als'.", "proces")
    if not any(status.final for status in process.statuses):
        found.wrong(("proces", "statussen"), "Geen status is de eindstatus ('eind: ja').", "proces")


def _tasks(product: Product, found: Found) -> None:
    process = product.process
    for task in process.tasks:
        path: Keys = ("proces", "taken", task.key)
        found.must_be((*path, "fase"), task.phase, process.phases, "De fase")
        found.must_be((*path, "rol"), task.role, process.roles, "De rol")
        if task.kind == "systeem" and task.done is None:
            found.wrong(path, "Een taak van soort 'systeem' heeft 'klaar_als' nodig: niemand vinkt haar af.", "proces")
    if not any(task.kind == "besluit" for task in process.tasks):
        found.wrong(
            ("proces", "taken"), "Er is geen taak van soort 'besluit'. Dan kan er nooit worden besloten.", "proces"
        )


def _waits(product: Product, found: Found) -> None:
    process = product.process
    for wait in process.waits:
        path: Keys = ("proces", "wachten", wait.key)
        found.must_be((*path, "op"), wait.on, process.roles, "De rol")
        found.must_be((*path, "status"), wait.status, process.statuses, "De status")
        if wait.after:
            found.must_be((*path, "daarna"), wait.after, product.outcomes, "De uitkomst")
    for timer in process.timers:
        path = ("proces", "klokken", timer.key)
        found.must_be((*path, "aan"), timer.to, process.roles, "De rol")
        if timer.text:
            found.must_be((*path, "tekst"), timer.text, product.texts, "De tekst")
        if timer.start == "wachten":
            found.must_be((*path, "van"), timer.what, process.waits, "Het wachten")
        if timer.start == "status":
            found.must_be((*path, "van"), timer.what, process.statuses, "De status")


def _walk(product: Product, found: Found) -> None:
    process = product.process
    outcomes = tuple(
        (outcome.key, outcome.kind in ("toekennen", "deels"))
        for outcome in product.outcomes
        if outcome.kind not in ("ingetrokken", "elders")
    )
    try:
        seen = walk(process, outcomes, tuple(channel.key for channel in product.channels))
    except (FeelError, FeelLimit):
        return  # said where the formula stands
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
    for state in seen.stuck[:1]:
        phase = course(process, state).phase
        said = f"besluit {state.besluit}, gedaan {', '.join(state.gedaan) or 'niets'}"
        message = f"Een pad loopt dood: er is niets meer te doen en de fase is niet klaar ({said})."
        found.wrong(("proces", "fasen", phase, "klaar_als"), message, "proces")
