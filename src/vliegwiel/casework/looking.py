"""The line in the processing log for each look of staff at a list or a case.

A clerk who opens the same worklist twenty times a day sees the same names twenty times. That is told to the citizen once a
day: the first look is written, later ones of that day by the same clerk at the same case's list line are not. Opening a
case is always written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.db import transaction

from vliegwiel.base.clock import today
from vliegwiel.registers.facts import Value
from vliegwiel.trust import processing
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.processing import Look

from .facts import StoredFact
from .models import Zaak
from .worklist import Row

_MOST = 200_000
_seen: OrderedDict[tuple[str, str, UUID, date], None] = OrderedDict()


def at_list(actor: Staff, rows: Sequence[Row]) -> None:
    """The clerk saw these lines of the worklist: name and product. Inside the scope."""
    day = today()
    keys = {row.id: (actor.municipality, actor.subject, row.id, day) for row in rows}
    fresh = [row for row in rows if row.bsn and keys[row.id] not in _seen]
    looks = [Look(row.municipality, row.bsn, row.id) for row in fresh]
    processing.record_all(actor, looks, data=["naam", "product"], activity="zaak-behandelen", reason="in de werklijst")
    # Only what is really in the log counts as told: a transaction that fails takes its lines along.
    transaction.on_commit(partial(_remember, [keys[row.id] for row in fresh]))


def _remember(keys: Sequence[tuple[str, str, UUID, date]]) -> None:
    for key in keys:
        _seen[key] = None
    while len(_seen) > _MOST:
        _seen.popitem(last=False)


def at_case(actor: Staff, zaak: Zaak, facts: Iterable[StoredFact]) -> None:
    """The clerk opened a case: told to the person it is about and to everybody whose data are in it. Inside the scope."""
    people = dict.fromkeys([zaak.bsn] if zaak.bsn else [])
    for fact in facts:
        people.update(dict.fromkeys(_people(fact.value)))
    looks = [Look(zaak.municipality_id, bsn, zaak.id) for bsn in people]
    processing.record_all(
        actor, looks, data=["gegevens in deze zaak"], activity="zaak-behandelen", reason="om deze zaak te behandelen"
    )


def _people(value: Value) -> Iterator[str]:
    """The numbers of people named in a value."""
    if isinstance(value, Mapping):
        bsn = value.get("bsn")
        if isinstance(bsn, str) and bsn:
            yield bsn
        for part in value.values():
            yield from _people(part)
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _people(part)
