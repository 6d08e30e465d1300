"""Programs of partners that read or write sensors through the SensorThings API."""

from __future__ import annotations

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction

from vliegwiel.base.errors import Conflict, Invalid, InvalidParam
from vliegwiel.base.ids import uuid7
from vliegwiel.rounds.models import SensorSource, SourceKind
from vliegwiel.rounds.sources import token_hash
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

LONGEST_NAME = 120


def add_client(actor: Actor, *, name: str, may_write: bool = False) -> tuple[UUID, str]:
    """Let a program read (and write) sensors. Returns its id and its token, which is shown this once and never again.

    Needs SENSOR_BEHEREN. Raises `Invalid` for a name that is empty or too long and `Conflict` for one that is taken.
    """
    token = f"vw_{secrets.token_urlsafe(32)}"
    return _added(actor, name, may_write, token_hash(token)), token


def open_readings(actor: Actor, *, name: str = "iedereen") -> UUID:
    """Let everyone read the sensors of this municipality, without a token. Needs SENSOR_BEHEREN. Raises as `add_client`, and
    `Conflict` when they are open already. Closing is `sources.switch_source`."""
    return _added(actor, name, may_write=False, token="")


def _added(actor: Actor, name: str, may_write: bool, token: str) -> UUID:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        reason = f"Geef het programma een naam van hoogstens {LONGEST_NAME} tekens."
        raise Invalid(reason, invalid=[InvalidParam("name", "invalid", reason)])
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        rows = SensorSource.objects.filter(municipality_id=actor.municipality, kind=SourceKind.API, active=True)
        if not token and rows.filter(token_hash="").exists():
            raise Conflict("De metingen zijn al voor iedereen te lezen.")
        row = SensorSource(
            id=uuid7(), municipality_id=actor.municipality, name=name, kind=SourceKind.API, token_hash=token,
            may_read=True, may_write=may_write,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:
            raise Conflict(f"Er is al een bron of programma met de naam {name}.") from None
        ledger.append(
            actor, municipality=actor.municipality, kind="sensorbron.toegevoegd", zaak_id=None,
            payload={"bron": str(row.id), "soort": "api", "schrijven": may_write, "iedereen": not token},
        )  # fmt: skip
    return row.id
