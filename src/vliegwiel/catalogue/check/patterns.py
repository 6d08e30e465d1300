"""A pattern by itself, before any product uses it: its openings exist, and with each of them open or closed every path ends."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from vliegwiel.base.sourcefile import SourceInvalid

from ..library import Library
from ..model import Pattern, Process
from ..resolve import pattern_of
from ..wording import GENERATED
from .conditions import check_place, process_places
from .found import Finding, Found, from_invalid
from .process import check_process

_CHANNELS = ("internet", "balie")


def pattern_findings(found: Library, key: str) -> list[Finding]:
    """What is wrong with a pattern of a library. Raises `NotFound` when it is not there."""
    try:
        pattern, layers = pattern_of(key, among=found)
    except SourceInvalid as error:
        return from_invalid(error)
    collected = Found(layers)
    _slots(pattern, collected)
    _names(pattern, collected)
    if not collected.findings:
        for process in _openings(pattern):
            check_process(process, pattern.outcomes, _CHANNELS, collected)
            if collected.findings:
                break
    return collected.findings


def _slots(pattern: Pattern, found: Found) -> None:
    slots = {slot.key for slot in pattern.slots}
    for section, name, slot in _hanging(pattern.process):
        if slot and slot not in slots:
            found.unknown(("proces", section, name, "bij"), slot, slots, "De opening")
    used = {slot for _, _, slot in _hanging(pattern.process)}
    for slot in sorted(slots - used):
        found.wrong(("openingen", slot), f"Aan de opening '{slot}' hangt niets ('bij').", "naam")


def _hanging(process: Process) -> Iterator[tuple[str, str, str]]:
    yield from (("rollen", one.key, one.slot) for one in process.roles)
    yield from (("fasen", one.key, one.slot) for one in process.phases)
    yield from (("statussen", one.key, one.slot) for one in process.statuses)
    yield from (("taken", one.key, one.slot) for one in process.tasks)
    yield from (("wachten", one.key, one.slot) for one in process.waits)
    yield from (("klokken", one.key, one.slot) for one in process.timers)


def _names(pattern: Pattern, found: Found) -> None:
    for place in process_places(pattern.process, None):
        check_place(place, found)
    texts = {text.key for text in pattern.texts}
    for outcome in pattern.outcomes:
        for block in outcome.letter:
            if block not in texts and block not in GENERATED:
                found.unknown(("uitkomsten", outcome.key, "brief"), block, {*texts, *GENERATED}, "Het tekstblok")
    for timer in pattern.process.timers:
        if timer.text and timer.text not in texts:
            found.unknown(("proces", "klokken", timer.key, "tekst"), timer.text, texts, "De tekst")


def _openings(pattern: Pattern) -> Iterator[Process]:
    """The process with all openings open, with none, and with each alone."""
    every = [slot.key for slot in pattern.slots]
    chosen: list[Collection[str]] = [every, [], *([slot] for slot in every)] if every else [[]]
    for slots in chosen:
        yield opened(pattern.process, slots)


def opened(process: Process, slots: Collection[str]) -> Process:
    """A process without what hangs on an opening that is closed."""
    open_ = {"", *slots}
    return replace(
        process,
        roles=tuple(one for one in process.roles if one.slot in open_),
        phases=tuple(one for one in process.phases if one.slot in open_),
        statuses=tuple(one for one in process.statuses if one.slot in open_),
        tasks=tuple(one for one in process.tasks if one.slot in open_),
        waits=tuple(one for one in process.waits if one.slot in open_),
        timers=tuple(one for one in process.timers if one.slot in open_),
    )
