"""Data that came later: taken in by a case, which is then worked out again."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from vliegwiel.base.errors import Unavailable
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, System
from vliegwiel.trust.rights import Right, scope_of

from . import applicant, gathering
from .access import reach
from .assessing import reassess
from .casefacts import current_facts, supersede
from .draftform import missing_needs
from .events import Kind
from .facts import SELF, StoredFact
from .gathering import Asked
from .progress import DONE, OPEN, Case
from .taking import case_of, finish, take

FETCH = "gegevens_ophalen"


def take_in(case: Case, actor: Actor, asked: Asked) -> None:
    """What the registers said now replaces what was known; the law is worked out again and the process moves on."""
    zaak = case.zaak
    known = current_facts(zaak)
    newer = [fact for fact in asked.facts if not _said_instead(fact, known)]
    supersede(case, newer)
    known = {**known, **{fact.name: fact for fact in newer}}
    lacking = missing_needs(case.resolved, known.values())
    silent = [register for register in asked.silent if lacking]
    was_silent = bool(zaak.silent)
    case.set(zaak, silent=silent)
    applicant.recognise(case, known)
    if not silent:
        for task in case.tasks:
            if task.key == FETCH and task.state == OPEN:
                case.set(task, state=DONE, done_at=case.tick(), done_by_name="")
        if was_silent and not zaak.waits:
            case.set(zaak, complete=True)
    reassess(case, known)
    registers: list[Json] = list(dict.fromkeys(fact.source for fact in asked.facts))
    gathering.log(asked, case.resolved, zaak.bsn, reason="om uw zaak te behandelen", zaak_id=zaak.id)
    finish(case, actor, Kind.GEGEVENS_OPGEHAALD, payload={"registers": registers, "stil": list(silent)})


def _said_instead(fact: StoredFact, known: Mapping[str, StoredFact]) -> bool:
    """The register still does not know it, and the person was asked and said it."""
    said = known.get(fact.name)
    return not fact.known and said is not None and said.known and said.source == SELF


def fetch(actor: System, zaak_id: UUID) -> None:
    """For the job: ask only what is missing. Raises `Unavailable` while a register is silent, so that it is tried again."""
    with scope_of(actor):
        zaak = reach(actor, zaak_id, Right.ZAAK_BEHANDELEN)
        if zaak.einddatum is not None or not zaak.silent:
            return
        known = current_facts(zaak)
        resolved = case_of(zaak).resolved
    lacking = missing_needs(resolved, known.values())
    asked = gathering.ask(resolved, zaak.bsn, only=lacking)
    if asked.facts or not asked.silent:
        with scope_of(actor):
            take_in(take(actor, zaak_id, Right.ZAAK_BEHANDELEN, version=None), actor, asked)
    if asked.silent:
        raise Unavailable("Een register antwoordt nog niet.", retry_after=60)
