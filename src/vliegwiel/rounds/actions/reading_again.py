"""Messages that were kept aside read again, once what was missing is there: the device, its type, how it hangs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vliegwiel.base.clock import now
from vliegwiel.base.errors import NotFound
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from ..decoding.messages import Unreadable
from ..ingest.storing import store
from ..models import SetAside
from ..sources import Source, source_with
from .arriving import Incoming, read

AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Again:
    """How many of the messages kept aside could be read now, and how many still cannot."""

    read: int
    left: int


def read_again(actor: Actor, source: UUID) -> Again:
    """Read what was kept aside of a source once more. What can be read now is stored as if it just came, with the moment it had,
    and is no longer kept aside; the rest stays as it was.

    Needs `SENSOR_BEHEREN`. Raises `NotFound` for a source that is not there, is switched off, or sends no messages.
    """
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        known = source_with(actor.municipality, source)
    if known is None:
        raise NotFound("Deze bron is er niet, of staat uit.")
    solved = left = 0
    last: UUID | None = None
    while rows := _next(actor, source, last):
        last = rows[-1].id
        good = _once_more(actor, known, rows)
        solved, left = solved + good, left + len(rows) - good
    with scope_of(actor):
        ledger.append(
            actor, municipality=actor.municipality, kind="metingen.opnieuw_gelezen", zaak_id=None,
            payload={"bron": str(source), "gelezen": solved, "over": left},
        )  # fmt: skip
    return Again(solved, left)


def _next(actor: Actor, source: UUID, last: UUID | None) -> list[SetAside]:
    with scope_of(actor):
        rows = SetAside.objects.filter(source_id=source, solved_at__isnull=True).order_by("id")
        return list((rows.filter(id__gt=last) if last else rows)[:AT_ONCE])


def _once_more(actor: Actor, source: Source, rows: list[SetAside]) -> int:
    """Store those that can be read now, in one transaction with taking them off the list; returns how many."""
    arrived = read(source, [Incoming(row.topic, row.received_at, bytes(row.raw)) for row in rows])
    good = [(row, one) for row, one in zip(rows, arrived, strict=True) if not isinstance(one.outcome, Unreadable)]
    if not good:
        return 0
    with scope_of(actor):
        store(source.municipality, source.id, [one for _, one in good])
        SetAside.objects.filter(id__in=[row.id for row, _ in good]).update(solved_at=now())
    return len(good)
