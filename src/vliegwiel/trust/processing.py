"""The processing log: every look at personal data leaves who, whose, which data, why, and under which processing activity.

The fields are those of the standard Logboek Dataverwerkingen (Logius, core 0.8): trace_id, span_id (here operation_id),
parent, status_code, name, start_time, end_time, foreign_operation, resource and the attributes `dpl.core.*`; who looked,
which data and the reason are ours, for the citizen's page "wie heeft mijn gegevens bekeken". Whose data it is stands in it
as a pseudonym, which the standard recommends.

A look is written in the transaction that reads the data: no line, no look. Within one operation (`trust.traces`: one
request, one job) the same look is one line however often it is recorded.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from functools import cache
from importlib.metadata import version
from typing import TypeAlias
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.base.models import Municipality
from vliegwiel.base.prepared import prepared
from vliegwiel.base.tenancy import current_scope, scope

from . import traces
from .activities import activity as activity_named
from .activities import activity_by_uri
from .canonical import encode
from .identity import Actor, ActorKind, Anonymous, Application, Citizen, Staff, System, signature
from .keystore import keystore
from .traces import Operation

BSN = "BSN"


class Status(IntEnum):
    """How an operation ended: `status_code` of the standard. A refusal is no error; a failure of ours is."""

    UNSET = 0
    OK = 1
    ERROR = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of "wie heeft mijn gegevens bekeken". `who` is a function, never a name. `by_self`: the citizen's own look."""

    when: datetime
    who: str
    data: tuple[str, ...]
    reason: str
    activity: str
    zaak_id: UUID | None
    by_self: bool


Column: TypeAlias = str | int | datetime | list[str] | list[UUID] | list[UUID | None] | None

# One statement for one look or many: what differs from look to look comes as arrays.
_RECORD = """
    INSERT INTO trust_processingrecord (municipality_id, id, subject, zaak_id, operation_id, actor_id, function,
        recorded_at, trace_id, parent_operation_id, foreign_operation, name, start_time, end_time, status_code, activity,
        processor, resource, actor_kind, actor_municipality, data, reason)
    SELECT look.*, %(start)s, %(trace)s, %(parent)s, %(foreign)s::jsonb, %(name)s, %(start)s, %(end)s, %(status)s,
        %(activity)s, %(processor)s, %(resource)s, %(kind)s, %(home)s, %(data)s::varchar[], %(reason)s
    FROM unnest(%(municipalities)s::varchar[], %(ids)s::uuid[], %(subjects)s::varchar[], %(zaken)s::uuid[],
        %(operations)s::varchar[], %(actors)s::varchar[], %(functions)s::varchar[]) AS look
    ON CONFLICT DO NOTHING"""


@dataclass(frozen=True, slots=True)
class Look:
    """Whose data were looked at, in which case, for which municipality."""

    municipality: str
    bsn: str = field(repr=False)
    zaak_id: UUID | None


def record(
    actor: Actor,
    *,
    municipality: str,
    bsn: str,
    data: Sequence[str],
    activity: str,
    reason: str,
    zaak_id: UUID | None = None,
    foreign: str | None = None,
    status: Status = Status.UNSET,
) -> None:
    """Record that `actor` processes personal data of the person with this bsn, for a municipality that is responsible for it.

    `data` names what (labels a citizen understands: "naam", "adres"), `activity` is an id of the register of processing
    activities (`definitions/verwerkingen.yaml`), `reason` a Dutch phrase for the citizen ("behandelen van uw aanvraag"),
    `foreign` the URI of another party's application that took part. One statement, in the caller's transaction when that
    has the municipality in scope. Raises `ValueError` for an unknown activity or when nothing was looked at.
    """
    act = _Act(_labels(data), activity_named(activity).uri, reason, foreign or "", status)
    joined = municipality in current_scope() and connection.in_atomic_block
    with nullcontext() if joined else scope(municipality):
        _write(actor, [Look(municipality, bsn, zaak_id)], act)


def record_all(actor: Actor, looks: Sequence[Look], *, data: Sequence[str], activity: str, reason: str) -> None:
    """As `record`, for people who were seen at once (a worklist), in one statement.

    Inside a scope of the caller that holds their municipalities.
    """
    if looks:
        _write(actor, looks, _Act(_labels(data), activity_named(activity).uri, reason, "", Status.UNSET))


@dataclass(frozen=True, slots=True)
class _Act:
    """What was done, the same for everyone it was done to."""

    data: tuple[str, ...]
    activity: str
    reason: str
    processor: str
    status: Status


def _labels(data: Sequence[str]) -> tuple[str, ...]:
    if not data:
        raise ValueError("a look at no data is no look")
    return tuple(dict.fromkeys(label[:120] for label in data))


def _write(actor: Actor, looks: Sequence[Look], act: _Act) -> None:
    operation = traces.current() or traces.begin("los")
    who = signature(actor)
    lines = [_line(actor, look, operation, act) for look in looks]
    values: dict[str, Column] = {
        "start": operation.start,
        "trace": operation.trace_id,
        "parent": operation.operation_id,
        "foreign": _foreign(operation),
        "name": operation.name[:80],
        "end": now(),
        "status": int(act.status),
        "activity": act.activity,
        "processor": act.processor[:200],
        "resource": _resource(),
        "kind": who.kind,
        "home": who.municipality,
        "data": list(act.data),
        "reason": act.reason[:400],
        "municipalities": [look.municipality for look in looks],
        "ids": [line.id for line in lines],
        "subjects": [line.subject for line in lines],
        "zaken": [look.zaak_id for look in looks],
        # Each person's line is an operation of its own under the one that is going on (standard, 3.3.1.1).
        "operations": [secrets.token_hex(8) for _ in looks],
        "actors": [line.actor_id for line in lines],
        "functions": [_function(actor, look.municipality) for look in looks],
    }
    with prepared() as cursor:
        cursor.execute(_RECORD, values)


@dataclass(frozen=True, slots=True)
class _Line:
    """What is worked out for one look."""

    id: UUID
    subject: str
    actor_id: str


def _line(actor: Actor, look: Look, operation: Operation, act: _Act) -> _Line:
    who = signature(actor)
    subject = keystore().pseudonym(look.municipality, look.bsn)
    actor_id = keystore().pseudonym(look.municipality, actor.bsn) if isinstance(actor, Citizen) else who.id
    told = (operation.trace_id, look.municipality, subject, look.zaak_id, who.kind, who.municipality, actor_id, act)
    return _Line(_row_id(operation, repr(told)), subject, actor_id)


def _row_id(operation: Operation, told: str) -> UUID:
    """The same look in the same operation has the same id, so that it is written once, also after a rolled-back try.

    Shaped as a UUIDv7 of the operation's start, its random bits a digest of what is told.
    """
    digest = int.from_bytes(hashlib.sha256(told.encode()).digest()[:10])
    millis = int(operation.start.timestamp() * 1000)
    high, low = (digest >> 62) & 0xFFF, digest & ((1 << 62) - 1)
    return UUID(int=((millis & ((1 << 48) - 1)) << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


def _foreign(operation: Operation) -> str | None:
    asked = operation.foreign
    if asked is None:
        return None
    return encode({"trace_id": asked.trace_id, "span_id": asked.operation_id, "entity": asked.entity}).decode()


@cache
def _resource() -> str:
    return f"vliegwiel {version('vliegwiel')}"


_names: dict[str, str] = {}


def _name(code: str) -> str:
    """Name of a municipality; names never change under a code, so they are read once."""
    if code not in _names:
        _names[code] = Municipality.objects.values_list("name", flat=True).get(code=code)
    return _names[code]


def _function(actor: Actor, municipality: str) -> str:
    """Who it was, as the citizen is told."""
    match actor:
        case Citizen():
            return "uzelf"
        case Staff() if actor.municipality == municipality:
            return f"een medewerker van de gemeente {_name(municipality)}"
        case Staff():
            return f"een medewerker van de gemeente {_name(actor.municipality)}, namens {_name(municipality)}"[:120]
        case System():
            return f"het systeem van de gemeente {_name(municipality)}"
        case Application():
            return f"een programma waarmee de gemeente {_name(municipality)} werkt"
        case Anonymous():
            return "een bezoeker van de website"


def seen(actor: Citizen, *, limit: int = 200) -> list[Seen]:
    """Who looked at this citizen's data in this municipality, last first, the citizen's own looks included (`by_self`)."""
    people = list(keystore().pseudonyms(actor.municipality, actor.bsn))
    with scope(actor.municipality), connection.cursor() as cursor:
        cursor.execute(
            """SELECT recorded_at, function, data, reason, activity, zaak_id, actor_kind = %s AND actor_id = ANY(%s)
            FROM trust_processingrecord WHERE municipality_id = %s AND subject = ANY(%s)
            ORDER BY recorded_at DESC, id DESC LIMIT %s""",
            [ActorKind.BURGER, people, actor.municipality, people, limit],
        )
        rows = cursor.fetchall()
    return [
        Seen(when, who, tuple(data), reason, activity_by_uri(uri).name, zaak_id, bool(own))
        for when, who, data, reason, uri, zaak_id, own in rows
    ]
