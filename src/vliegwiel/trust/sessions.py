"""Who is logged in: sessions of citizens and staff, each on the pages of one municipality.

The browser holds a random token of 256 bits and nothing else. The database holds its hash, and the actor encrypted under a
key derived from the token: with the database alone nobody can take over a session or read who it is.

A citizen's session ends after 15 minutes without activity, and after 4 hours in any case. NIST SP 800-63B asks 15 minutes
for the highest level (AAL3), auditors of DigiD ask 15 to 30 minutes, and the Afsprakenstelsel Elektronische
Toegangsdiensten wants a login renewed within 4 hours (norm 4.1.1.1). A session of staff ends after an hour without
activity (NIST SP 800-63B-4 for AAL2) and after 8 hours in any case: a working day; signing in again is one click where the
employer has single sign-on.

A person may have several sessions at once (a telephone and a computer); logging in never takes over an existing one: each
login makes a new token and ends the session it was started from. What was filled in is kept outside the session, so an
ended session loses no input.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict, cast

from django.db import connection

from vliegwiel.base.clock import now
from vliegwiel.base.ids import uuid7
from vliegwiel.base.tenancy import scope

from . import canonical
from .canonical import Json
from .identity import Actor, ActorKind, Anonymous, Citizen, Level, Role, Staff
from .keystore import Unreadable, derive, keystore, open_bytes, seal_bytes

SEEN_EVERY = timedelta(seconds=30)
"""Activity is noted at this pace, not at every request: it saves a write, and costs at most this much of the idle time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts without activity, and at most."""

    idle: timedelta
    absolute: timedelta


LIMITS = {
    ActorKind.BURGER: Limits(timedelta(minutes=15), timedelta(hours=4)),
    ActorKind.MEDEWERKER: Limits(timedelta(hours=1), timedelta(hours=8)),
}


@dataclass(frozen=True, slots=True)
class Session:
    """A session that is valid now. `ends_at`: when it ends if nothing more is asked; `latest`: when it ends in any case."""

    actor: Citizen | Staff
    ends_at: datetime
    latest: datetime
    id_token: str = field(repr=False)


class _Sealed(TypedDict, total=False):
    bsn: str
    level: int
    subject: str
    roles: list[str]
    teams: list[str]
    name: str
    id_token: str


def open_session(actor: Citizen | Staff, id_token: str, *, replaces: str = "") -> str:
    """Begin a session and return its token. `replaces`: the token of the session this login was started from, which ends.

    Two statements at most, in the caller's transaction when that has the municipality in scope.
    """
    token = secrets.token_urlsafe(32)
    kind = _kind(actor)
    begun = now()
    with scope(actor.municipality), connection.cursor() as cursor:
        if replaces:
            cursor.execute(
                "DELETE FROM trust_loginsession WHERE municipality_id = %s AND token_hash = %s",
                [actor.municipality, _hash(replaces)],
            )
        cursor.execute(
            """INSERT INTO trust_loginsession
                (municipality_id, id, token_hash, person, kind, sealed, begun_at, seen_at, expires_at)
            VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)""",
            [
                actor.municipality,
                uuid7(),
                _hash(token),
                _person(actor),
                kind,
                _seal(actor, id_token, token),
                begun,
                begun,
                begun + LIMITS[kind].absolute,
            ],
        )
    return token


def session_of(municipality: str, token: str) -> Session | None:
    """The session of a token on the pages of a municipality, or None when there is none (any more).

    One statement besides the scope's own, and now and then a second to note the activity.
    """
    if not 20 <= len(token) <= 100 or not token.isascii():
        return None
    with scope(municipality), connection.cursor() as cursor:
        cursor.execute(
            """SELECT kind, sealed, seen_at, expires_at FROM trust_loginsession
            WHERE municipality_id = %s AND token_hash = %s""",
            [municipality, _hash(token)],
        )
        row = cursor.fetchone()
        if row is None:
            return None
        kind, sealed, seen_at, expires_at = row
        idle = LIMITS[ActorKind(kind)].idle
        moment = now()
        if moment >= min(expires_at, seen_at + idle):
            return None
        if moment - seen_at >= SEEN_EVERY:
            cursor.execute(
                "UPDATE trust_loginsession SET seen_at = %s WHERE municipality_id = %s AND token_hash = %s",
                [moment, municipality, _hash(token)],
            )
            seen_at = moment
    try:
        found = cast(_Sealed, json.loads(open_bytes(_key(token), bytes(sealed), _context(municipality, kind))))
    except Unreadable:
        return None
    actor = _actor(municipality, ActorKind(kind), found)
    return Session(actor, min(expires_at, seen_at + idle), expires_at, found.get("id_token", ""))


def actor_of(municipality: str, token: str) -> Actor:
    """Who acts: the person of the session, or a visitor."""
    session = session_of(municipality, token) if token else None
    return Anonymous(municipality) if session is None else session.actor


def end_session(municipality: str, token: str) -> None:
    """Log out: the token is worth nothing from now on."""
    with scope(municipality), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM trust_loginsession WHERE municipality_id = %s AND token_hash = %s",
            [municipality, _hash(token)],
        )


def end_sessions_of(actor: Citizen | Staff, *, but: str = "") -> int:
    """End all sessions of a person in this municipality (but the one of token `but`); returns how many."""
    with scope(actor.municipality), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM trust_loginsession WHERE municipality_id = %s AND person = %s AND token_hash <> %s",
            [actor.municipality, _person(actor), _hash(but)],
        )
        return int(cursor.rowcount)


def clear_ended(municipalities: Sequence[str]) -> int:
    """Remove sessions and login attempts of these municipalities that ended; returns how many."""
    moment, codes = now(), list(municipalities)
    cleared = 0
    with scope(*codes), connection.cursor() as cursor:
        for kind, limits in LIMITS.items():
            cursor.execute(
                """DELETE FROM trust_loginsession WHERE municipality_id = ANY(%s) AND kind = %s
                AND (expires_at <= %s OR seen_at <= %s)""",
                [codes, kind, moment, moment - limits.idle],
            )
            cleared += cursor.rowcount
        cursor.execute(
            "DELETE FROM trust_loginattempt WHERE municipality_id = ANY(%s) AND expires_at <= %s", [codes, moment]
        )
        return int(cleared + cursor.rowcount)


def _kind(actor: Citizen | Staff) -> ActorKind:
    return ActorKind.BURGER if isinstance(actor, Citizen) else ActorKind.MEDEWERKER


def _person(actor: Citizen | Staff) -> str:
    """Stands for a person, so that all sessions of one can be ended."""
    known_as = f"bsn:{actor.bsn}" if isinstance(actor, Citizen) else f"staff:{actor.subject}"
    return keystore().pseudonym(actor.municipality, known_as)


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _key(token: str) -> bytes:
    return derive(token.encode(), "session")


def _context(municipality: str, kind: str) -> bytes:
    return f"{municipality}/{kind}".encode()


def _seal(actor: Citizen | Staff, id_token: str, token: str) -> bytes:
    content: dict[str, Json]
    if isinstance(actor, Citizen):
        content = {"bsn": actor.bsn, "level": int(actor.level)}
    else:
        content = {"subject": actor.subject, "roles": sorted(actor.roles), "teams": sorted(actor.teams)}
    plain = canonical.encode({**content, "name": actor.name, "id_token": id_token})
    return seal_bytes(_key(token), plain, _context(actor.municipality, _kind(actor)))


def _actor(municipality: str, kind: ActorKind, found: _Sealed) -> Citizen | Staff:
    if kind is ActorKind.BURGER:
        return Citizen(municipality, found["bsn"], Level(found["level"]), found["name"])
    roles = frozenset(Role(role) for role in found["roles"])
    return Staff(municipality, found["subject"], found["name"], roles, frozenset(found["teams"]))
