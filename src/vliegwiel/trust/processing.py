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
import re
import secrets
from collections.abc import Mapping, Sequence
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
from vliegwiel.base.tenancy import current_scope, scope

from . import traces
from .activities import activity as activity_named
from .activities import activity_by_uri
from .canonical import encode
from .identity import Actor, ActorKind, Anonymous, Citizen, Staff, System, signature
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


Column: TypeAlias = str | int | list[str] | datetime | UUID | None

_COLUMNS = """id, municipality_id, recorded_at, trace_id, operation_id, parent_operation_id, foreign_operation, name,
    start_time, end_time, status_code, activity, subject, processor, resource, actor_kind, actor_municipality, actor_id, function,
    data, reason, zaak_id"""
_VALUES = """(%(id)s, %(m)s, %(start)s, %(trace)s, %(operation)s, %(parent)s, %(foreign)s::jsonb, %(name)s, %(start)s,
    %(end)s, %(status)s, %(activity)s, %(subject)s, %(processor)s, %(resource)s, %(ak)s, %(am)s, %(ai)s, %(function)s, %(data)s,
    %(reason)s, %(zaak)s)"""
_INSERT = f"INSERT INTO trust_processingrecord ({_COLUMNS}) VALUES "  # noqa: S608  # only our own words
_RECORD = _INSERT + _VALUES + " ON CONFLICT DO NOTHING"


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
    operation = traces.current() or traces.begin("los")
    values = _line(actor, Look(municipality, bsn, zaak_id), operation, data, activity, reason, foreign, status)
    joined = municipality in current_scope() and connection.in_atomic_block
    with nullcontext() if joined else scope(municipality), connection.cursor() as cursor:
        cursor.execute(_RECORD, values)


def record_all(actor: Actor, looks: Sequence[Look], *, data: Sequence[str], activity: str, reason: str) -> None:
    """As `record`, for a list of people who were seen at once (a worklist), in one statement.

    Inside a scope of the caller that holds their municipalities.
    """
    if not looks:
        return
    operation = traces.current() or traces.begin("los")
    values: dict[str, Column] = {}
    lines = []
    for number, look in enumerate(looks):
        line = _line(actor, look, operation, data, activity, reason, None, Status.UNSET)
        values.update({f"{name}_{number}": value for name, value in line.items()})
        lines.append(re.sub(r"%\((\w+)\)s", rf"%(\1_{number})s", _VALUES))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + ", ".join(lines) + " ON CONFLICT DO NOTHING", values)


def _line(
    actor: Actor,
    look: Look,
    operation: Operation,
    data: Sequence[str],
    activity: str,
    reason: str,
    foreign: str | None,
    status: Status,
) -> dict[str, Column]:
    """The columns of one line, by the names that `_VALUES` uses."""
    if not data:
        raise ValueError("a look at no data is no look")
    parent, span = _places(operation)
    who = signature(actor)
    subject = keystore().pseudonym(look.municipality, look.bsn)
    actor_id = keystore().pseudonym(look.municipality, actor.bsn) if isinstance(actor, Citizen) else who.id
    labels = list(dict.fromkeys(label[:120] for label in data))
    told: dict[str, Column] = {
        "m": look.municipality, "trace": operation.trace_id, "activity": activity_named(activity).uri, "subject": subject,
        "ak": who.kind, "am": who.municipality, "ai": actor_id, "zaak": look.zaak_id, "processor": (foreign or "")[:200],
        "status": int(status), "reason": reason[:400], "data": labels,
    }  # fmt: skip
    return {
        **told, "id": _row_id(operation, told), "operation": span, "parent": parent, "foreign": _foreign(operation),
        "name": operation.name[:80], "start": operation.start, "end": now(),
        "function": _function(actor, look.municipality), "resource": _resource(),
    }  # fmt: skip


def _places(operation: Operation) -> tuple[str, str]:
    """Parent and own operation id. Each person's line is an operation of its own under the one that is going on (standard,
    3.3.1.1: several Betrokkenen in one Dataverwerking)."""
    return operation.operation_id, secrets.token_hex(8)


def _row_id(operation: Operation, told: Mapping[str, Column]) -> UUID:
    """The same look in the same operation has the same id, so that it is written once, also after a rolled-back try.

    Shaped as a UUIDv7 of the operation's start, its random bits a digest of what is told.
    """
    digest = int.from_bytes(hashlib.sha256(repr(sorted(told.items())).encode()).digest()[:10])
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
