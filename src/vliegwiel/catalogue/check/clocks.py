"""Timers of a process: each can fire, at somebody, about something that exists."""

from __future__ import annotations

from collections.abc import Iterable

from ..model import Process, Product, Span, Text, Timer, Unit
from ..paths import Paths
from .found import Found, Keys

_DAYS = {Unit.DAGEN: (1, 1), Unit.WERKDAGEN: (1, 3), Unit.WEKEN: (7, 7), Unit.MAANDEN: (28, 31), Unit.JAREN: (365, 366)}
"""How many days one of a unit has at least and at most. A working day after a long weekend is three days later."""


def days(span: Span) -> tuple[int, int]:
    """How many days a span is at least and at most."""
    least, most = _DAYS[span.unit]
    return span.number * least, span.number * most


def check_clocks(process: Process, seen: Paths, found: Found) -> None:
    """Check what each timer starts from and whether it can ever fire."""
    for timer in process.timers:
        path: Keys = ("proces", "klokken", timer.key)
        before = len(found.findings)
        found.must_be((*path, "aan"), timer.to, process.roles, "De rol")
        if timer.start == "wachten":
            found.must_be((*path, "van"), timer.what, process.waits, "Het wachten")
        elif timer.start == "status":
            found.must_be((*path, "van"), timer.what, process.statuses, "De status")
        elif timer.what:
            found.wrong((*path, "van"), "'van' hoort alleen bij een klok vanaf 'wachten' of 'status'.", "proces")
        if timer.before and timer.start not in ("wachten", "beslistermijn"):
            message = "'vooraf' kan alleen vanaf 'wachten' of 'beslistermijn': alleen die hebben een laatste dag."
            found.wrong((*path, "vooraf"), message, "proces")
        if timer.does == "afsluiten" and timer.start not in ("status", "besluit"):
            message = (
                "Een klok sluit een zaak alleen af als er al is besloten: laat haar beginnen bij 'status' of 'besluit'."
            )
            found.wrong((*path, "doet"), message, "proces")
        if len(found.findings) == before:
            _fires(process, timer, seen, path, found)


def _fires(process: Process, timer: Timer, seen: Paths, path: Keys, found: Found) -> None:
    """Refuse a timer that can never fire."""
    if timer.start == "wachten":
        wait = process.wait(timer.what)
        if wait.key not in {key for key, _ in seen.waited}:
            found.wrong((*path, "van"), f"Op '{wait.key}' wordt nooit gewacht. Deze klok gaat nooit af.", "proces")
        elif days(timer.after)[0] >= days(wait.term)[1]:
            message = f"Het wachten duurt {wait.term}. Een klok van {timer.after} gaat dan nooit op tijd af. Maak haar korter."
            found.wrong((*path, "na"), message, "proces")
    elif timer.start == "status":
        status = process.status(timer.what)
        if status.key not in seen.statuses or status.phase == process.phases[-1].key:
            found.wrong(
                (*path, "van"), f"Bij de status '{status.key}' loopt geen zaak meer. Deze klok gaat nooit af.", "proces"
            )
        elif timer.does == "afsluiten" and _before_decision(process, status.phase):
            message = f"Bij de status '{status.key}' is nog niet besloten. Een klok kan de zaak dan niet afsluiten."
            found.wrong((*path, "doet"), message, "proces")
    elif timer.start == "besluit" and not seen.after:
        found.wrong((*path, "vanaf"), "Na het besluit is de zaak meteen klaar. Deze klok gaat nooit af.", "proces")


def _before_decision(process: Process, phase: str) -> bool:
    """Whether a phase is one in which, or after which, it is decided."""
    keys = [one.key for one in process.phases]
    deciding = [keys.index(task.phase) for task in process.tasks if task.kind == "besluit"]
    return bool(deciding) and keys.index(phase) <= max(deciding)


def check_clocks_of_product(product: Product, found: Found) -> None:
    """What a timer can only be checked on with the whole product: its texts and its decision term."""
    decide = product.terms.decide.span
    for timer in product.process.timers:
        _text(timer, product.texts, found)
        if timer.start == "beslistermijn" and timer.before and days(timer.after)[0] >= days(decide)[1]:
            message = (
                f"De beslistermijn is {decide}. Een klok van {timer.after} vooraf gaat dan al af bij de ontvangst."
            )
            found.note(("proces", "klokken", timer.key, "na"), message, "proces")


def _text(timer: Timer, texts: Iterable[Text], found: Found) -> None:
    if timer.text:
        found.must_be(("proces", "klokken", timer.key, "tekst"), timer.text, tuple(texts), "De tekst")
