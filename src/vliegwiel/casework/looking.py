"""The line in the processing log for each look of staff at a list or a case.

A clerk who opens the same worklist twenty times a day sees the same names twenty times. That is told to the citizen once a
day: the first look is written, later ones of that day by the same clerk at the same case's list line are not. Opening a
case is always written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from uuid import UUID

from vliegwiel.base.clock import today
from vliegwiel.trust import processing
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.processing import Look

from .worklist import Row

_MOST = 200_000
_seen: OrderedDict[tuple[str, UUID, date], None] = OrderedDict()


def at_list(actor: Staff, rows: Sequence[Row]) -> None:
    """The clerk saw these lines of the worklist: name and product. Inside the scope."""
    day = today()
    fresh = [row for row in rows if row.bsn and (actor.subject, row.id, day) not in _seen]
    looks = [Look(row.municipality, row.bsn, row.id) for row in fresh]
    processing.record_all(actor, looks, data=["naam", "product"], activity="zaak-behandelen", reason="in de werklijst")
    for row in fresh:
        _seen[(actor.subject, row.id, day)] = None
    while len(_seen) > _MOST:
        _seen.popitem(last=False)
