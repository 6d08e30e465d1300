"""The ledger: everything that happened, written where it happens and never changed.

`append` writes an event inside the caller's transaction, in one statement and without any lock, so that writers never
queue behind each other. Minutes of the past are put in order afterwards, by `trust.sealing`.

Two parts of an event are kept apart. `payload` stands in the open and holds no personal data: keys, numbers, dates.
`personal`, and who the actor was by name, is encrypted (AES-256-GCM, bound to event and municipality) under a key of the
case before anything is hashed. Destroying the keys of a case makes that part unreadable for good, while the hashes over
the ciphertext, and so the whole chain, stay valid.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias, TypedDict, cast
from uuid import UUID

from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.base.ids import uuid7
from vliegwiel.base.prepared import prepared
from vliegwiel.base.tenancy import Unscoped, current_scope

from . import canonical
from .canonical import Json
from .identity import Actor, ActorKind, Citizen, Staff, signature
from .keystore import KEY_BYTES, Unreadable, keystore, open_bytes, seal_bytes

KIND = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
LARGEST_PAYLOAD = 64 * 1024
LARGEST_PERSONAL = 1024 * 1024

_APPEND_OPEN = """
    INSERT INTO trust_event (id, municipality_id, recorded_at, xid, kind, zaak_id, actor_kind, actor_municipality, actor_id,
        payload)
    VALUES (%(id)s, %(m)s, %(at)s, pg_current_xact_id(), %(kind)s, %(zaak)s, %(ak)s, %(am)s, %(ai)s, %(payload)s::jsonb)"""
# The key is known in this process. Should it meanwhile be destroyed, or its making rolled back, nothing is written.
_APPEND_KNOWN_KEY = """
    INSERT INTO trust_event (id, municipality_id, recorded_at, xid, kind, zaak_id, actor_kind, actor_municipality, actor_id,
        payload, key_id, personal)
    SELECT %(id)s, %(m)s::varchar, %(at)s, pg_current_xact_id(), %(kind)s, %(zaak)s, %(ak)s, %(am)s, %(ai)s, %(payload)s::jsonb,
        %(key)s, %(personal)s
    WHERE EXISTS (SELECT 1 FROM trust_casekey WHERE municipality_id = %(m)s::varchar AND id = %(key)s AND wrapped IS NOT NULL)"""
_APPEND_NEW_KEY = """
    WITH made AS (
        INSERT INTO trust_casekey (municipality_id, id, zaak_id, wrapped, made_at)
        VALUES (%(m)s, %(key)s, %(zaak)s, %(wrapped)s, %(at)s))
    INSERT INTO trust_event (id, municipality_id, recorded_at, xid, kind, zaak_id, actor_kind, actor_municipality, actor_id,
        payload, key_id, personal)
    VALUES (%(id)s, %(m)s, %(at)s, pg_current_xact_id(), %(kind)s, %(zaak)s, %(ak)s, %(am)s, %(ai)s, %(payload)s::jsonb,
        %(key)s, %(personal)s)"""
_OF_ZAAK = """
    SELECT e.id, e.municipality_id, e.kind, e.recorded_at, e.actor_kind, e.actor_municipality, e.actor_id, e.payload::text,
        e.key_id, e.personal, k.wrapped
    FROM trust_event e LEFT JOIN trust_casekey k ON k.municipality_id = e.municipality_id AND k.id = e.key_id
    WHERE e.municipality_id = ANY(%s) AND e.zaak_id = %s
    ORDER BY e.recorded_at, e.id"""

Column: TypeAlias = str | int | bytes | datetime | UUID | None


@dataclass(frozen=True, slots=True)
class EventActor:
    """Who did it. `name` is empty where it is destroyed, or never was known."""

    kind: ActorKind
    municipality: str
    id: str
    name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LedgerEvent:
    """Something that happened. `personal` is None where there was none or where it was destroyed (`destroyed`)."""

    id: UUID
    municipality: str
    zaak_id: UUID | None
    kind: str
    at: datetime
    actor: EventActor
    payload: Mapping[str, Json]
    personal: Mapping[str, Json] | None = field(repr=False)
    destroyed: bool


class _Envelope(TypedDict):
    """What is encrypted: who acted, and the personal data itself."""

    actor: dict[str, str]
    data: Mapping[str, Json] | None


class _Keys:
    """The most used keys of cases, kept in memory for as long as they are among the last `size`."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._found: OrderedDict[tuple[str, UUID], tuple[UUID, bytes]] = OrderedDict()

    def get(self, municipality: str, zaak_id: UUID) -> tuple[UUID, bytes] | None:
        with self._lock:
            if (municipality, zaak_id) in self._found:
                self._found.move_to_end((municipality, zaak_id))
            return self._found.get((municipality, zaak_id))

    def put(self, municipality: str, zaak_id: UUID, key_id: UUID, key: bytes) -> None:
        with self._lock:
            self._found[municipality, zaak_id] = (key_id, key)
            while len(self._found) > self._size:
                self._found.popitem(last=False)

    def forget(self, municipality: str, zaak_id: UUID) -> None:
        with self._lock:
            self._found.pop((municipality, zaak_id), None)


_keys = _Keys(4096)


def append(
    actor: Actor,
    *,
    municipality: str,
    kind: str,
    zaak_id: UUID | None,
    payload: Mapping[str, Json],
    personal: Mapping[str, Json] | None = None,
) -> UUID:
    """Write an event in the caller's transaction; returns its id. One statement, no lock.

    `kind` is dotted lower case, the subject first ("zaak.geopend", "taak.toegewezen"). `payload` must hold no personal
    data; that goes in `personal`, which needs a `zaak_id` to belong to. Raises `Unscoped` outside a scope that holds the
    municipality, `ValueError` or `TypeError` for content that has no canonical form or is too large (64 KB, 1 MB).
    """
    if municipality not in current_scope() or not connection.in_atomic_block:
        raise Unscoped(f"an event of {municipality} was written outside its municipality scope")
    if not KIND.fullmatch(kind):
        raise ValueError(f"not the kind of an event: {kind!r}")
    if personal is not None and zaak_id is None:
        raise ValueError("personal data in the ledger belongs to a case, whose key can be destroyed")
    plain = canonical.encode(payload)
    if len(plain) > LARGEST_PAYLOAD:
        raise ValueError("the payload is too large")
    who = signature(actor)
    event_id = uuid7()
    values: dict[str, Column] = {
        "id": event_id, "m": municipality, "at": now(), "kind": kind, "zaak": zaak_id, "ak": who.kind,
        "am": who.municipality, "ai": who.id, "payload": plain.decode(),
    }  # fmt: skip
    envelope = _envelope(actor, municipality, personal) if zaak_id is not None else None
    with prepared() as cursor:
        if envelope is None or zaak_id is None:
            cursor.execute(_APPEND_OPEN, values)
            return event_id
        context = _context(municipality, event_id)
        if known := _keys.get(municipality, zaak_id):
            key_id, key = known
            cursor.execute(_APPEND_KNOWN_KEY, {**values, "key": key_id, "personal": seal_bytes(key, envelope, context)})
            if cursor.rowcount == 1:
                return event_id
        key_id, key = uuid7(), os.urandom(KEY_BYTES)
        wrapped = keystore().wrap(key, _context(municipality, key_id))
        sealed = seal_bytes(key, envelope, context)
        cursor.execute(_APPEND_NEW_KEY, {**values, "key": key_id, "wrapped": wrapped, "personal": sealed})
        _keys.put(municipality, zaak_id, key_id, key)
    return event_id


def _context(municipality: str, row: UUID) -> bytes:
    return f"{municipality}/{row}".encode()


def _envelope(actor: Actor, municipality: str, personal: Mapping[str, Json] | None) -> bytes | None:
    """What has to be encrypted, or None when there is nothing: an act of the platform itself without personal data."""
    match actor:
        case Citizen():
            who = {"name": actor.name, "person": keystore().pseudonym(municipality, actor.bsn)}
        case Staff():
            who = {"name": actor.name}
        case _:
            who = {}
    if not who and personal is None:
        return None
    sealed = canonical.encode({"actor": who, "data": personal})
    if len(sealed) > LARGEST_PERSONAL:
        raise ValueError("the personal part is too large")
    return sealed


def events_of(zaak_id: UUID) -> list[LedgerEvent]:
    """The events of a case in the order they were written, the personal part decrypted. Call it inside a scope."""
    codes = current_scope()
    if not codes:
        raise Unscoped("events were asked outside a municipality scope")
    with connection.cursor() as cursor:
        cursor.execute(_OF_ZAAK, [sorted(codes), zaak_id])
        rows = cursor.fetchall()
    keys: dict[UUID, bytes | None] = {}
    events = []
    for id_, municipality, kind, at, actor_kind, actor_of, actor_id, payload, key_id, personal, wrapped in rows:
        if key_id is not None and key_id not in keys:
            keys[key_id] = _unwrapped(municipality, key_id, wrapped)
        key = keys.get(key_id)
        envelope = _opened(key, personal, _context(municipality, id_)) if key is not None else None
        name = envelope["actor"].get("name", "") if envelope else ""
        actor = EventActor(ActorKind(actor_kind), actor_of, actor_id, name)
        data = envelope["data"] if envelope else None
        destroyed = key_id is not None and key is None
        events.append(LedgerEvent(id_, municipality, zaak_id, kind, at, actor, json.loads(payload), data, destroyed))
    return events


def _unwrapped(municipality: str, key_id: UUID, wrapped: bytes | memoryview | None) -> bytes | None:
    return None if wrapped is None else keystore().unwrap(bytes(wrapped), _context(municipality, key_id))


def _opened(key: bytes, personal: bytes | memoryview, context: bytes) -> _Envelope:
    return cast(_Envelope, json.loads(open_bytes(key, bytes(personal), context)))


def destroy_key(municipality: str, zaak_id: UUID) -> int:
    """Make the personal part of a case's events unreadable, for good; returns how many keys were destroyed.

    Who may, and that it is itself an event, is the work of the action that calls this. A back-up of the database still
    holds the wrapped key until it is overwritten; the retention of back-ups is therefore part of lawful destruction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE trust_casekey SET wrapped = NULL, destroyed_at = %s
            WHERE municipality_id = %s AND zaak_id = %s AND wrapped IS NOT NULL""",
            [now(), municipality, zaak_id],
        )
        destroyed = int(cursor.rowcount)
    _keys.forget(municipality, zaak_id)
    return destroyed


__all__ = ["EventActor", "LedgerEvent", "Unreadable", "append", "destroy_key", "events_of"]
