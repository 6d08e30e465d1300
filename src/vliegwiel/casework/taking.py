"""Taking a case in hand: found, allowed, locked, not changed meanwhile; and letting go with an event and a line in the log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from vliegwiel.catalogue.queries import by_hash
from vliegwiel.trust import ledger, processing
from vliegwiel.trust.canonical import Json
from vliegwiel.trust.identity import Actor, Citizen, Staff
from vliegwiel.trust.rights import Right

from . import hot, notices
from .access import fresh, reach, still_open
from .clocks import set_clock
from .events import Kind
from .models import Zaak
from .progress import Case, Moved
from .waiting import keep_still


def take(actor: Actor, zaak_id: UUID, right: Right, *, version: int | None, closed: bool = False) -> Case:
    """The case, locked until the transaction ends. `version` is what the actor saw; None where that does not matter.

    `closed` allows a case that is over. Raises `NotFound`, `Forbidden`, `Stale`, `Conflict`.
    """
    return taken(actor, reach(actor, zaak_id, right, lock=True), version=version, closed=closed)


def taken(actor: Actor, zaak: Zaak, *, version: int | None, closed: bool = False) -> Case:
    """A case that is locked already, as `take` gives it."""
    if version is not None:
        fresh(zaak, version, actor)
    if not closed:
        still_open(zaak)
    return case_of(zaak)


def case_of(zaak: Zaak) -> Case:
    """The case with its definition and tasks."""
    tasks = hot.tasks_of(zaak.municipality_id, zaak.id)
    grants = hot.grants_of(zaak.municipality_id, zaak.id) if zaak.decisions else []
    resolved = by_hash(zaak.municipality_id, zaak.definition)
    return Case(zaak, resolved, tasks, grants)


def finish(
    case: Case,
    actor: Actor,
    kind: Kind,
    *,
    payload: Mapping[str, Json] | None = None,
    personal: Mapping[str, Json] | None = None,
    looked_at: Sequence[str] = (),
    reason: str = "",
    ended: bool = False,
) -> Moved:
    """Let the process move on, write all rows, append the event and, when a person's data were used, log that.

    `ended`: the action itself ended the case, so there is nothing to move on to.
    """
    moved = Moved(ended=True) if ended else case.move_on(actor)
    keep_still(case)
    set_clock(case)
    case.save(actor)
    zaak = case.zaak
    event = ledger.append(
        actor,
        municipality=zaak.municipality_id,
        kind=kind.value,
        zaak_id=zaak.id,
        payload={**(payload or {}), **moved.payload(), "zaaktype": zaak.zaaktype},
        personal=personal,
    )
    notices.announce(zaak, case.resolved, kind, moved, event)
    if looked_at:
        look(actor, zaak, looked_at, reason=reason)
    return moved


def look(actor: Actor, zaak: Zaak, data: Sequence[str], *, reason: str, activity: str = "zaak-behandelen") -> None:
    """Log that the actor saw or used data of the person the case is about."""
    if not zaak.bsn:
        return
    if isinstance(actor, Citizen):
        activity = "eigen-gegevens-inzien"
    processing.record(
        actor,
        municipality=zaak.municipality_id,
        bsn=zaak.bsn,
        data=data,
        activity=activity,
        reason=reason,
        zaak_id=zaak.id,
    )


def function_of(actor: Actor) -> str:
    """How an actor is named towards a citizen."""
    return "medewerker" if isinstance(actor, Staff) else "computer van de gemeente"
