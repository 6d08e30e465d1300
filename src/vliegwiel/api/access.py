"""Who calls an API: a program with a token, or a member of staff whose browser is logged in."""

from __future__ import annotations

import binascii
from base64 import b64decode
from typing import Protocol, cast

from django.http import HttpRequest

from vliegwiel.base.errors import NotLoggedIn
from vliegwiel.base.queries import Served
from vliegwiel.rounds.sensing.clients import client_of
from vliegwiel.trust.identity import Actor, Anonymous, Citizen, Staff

LONGEST_TOKEN = 200
READING = frozenset({"GET", "HEAD", "OPTIONS"})


class TokenWrong(NotLoggedIn):
    """The token that was shown is none of ours, or no longer."""


class OnOwnHost(Protocol):
    """A request on a municipality's own host."""

    municipality: Served
    actor: Actor


def caller(request: HttpRequest) -> Actor:
    """Who calls, in the municipality of the host. Raises `TokenWrong`, and `NotLoggedIn` for a write by a login.

    A login of the browser only reads: another site could make the browser send a write with it.
    """
    own = cast(OnOwnHost, request)
    code = own.municipality.code
    if (token := token_of(request)) is not None:
        client = client_of(code, token) if 0 < len(token) <= LONGEST_TOKEN else None
        if client is None:
            raise TokenWrong("Deze sleutel is niet of niet meer geldig.")
        return client
    if isinstance(own.actor, Staff) and request.method in READING:
        return own.actor
    if request.method in READING and (everyone := client_of(code, "")) is not None:
        return everyone
    if request.method in READING and isinstance(own.actor, Citizen):
        return Anonymous(code)
    if request.method in READING:
        return own.actor
    raise NotLoggedIn("Om te schrijven is een sleutel nodig: zet hem in de kop Authorization, achter Bearer.")


def token_of(request: HttpRequest) -> str | None:
    """The token behind `Bearer`, or the password behind `Basic` (for clients that know nothing else); None without."""
    scheme, _, rest = request.headers.get("Authorization", "").partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip()
        case "basic":
            try:
                return b64decode(rest.strip(), validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return ""
        case _:
            return None
