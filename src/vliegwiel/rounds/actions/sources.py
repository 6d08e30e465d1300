"""Sources of sensor messages: added, given a new token, switched on and off."""

from __future__ import annotations

import re
import secrets
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from vliegwiel.base.errors import Invalid, InvalidParam, NotFound
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from ..decoding.envelopes import EnvelopeFormat
from ..decoding.library import sensor_types
from ..models import SensorSource, SourceKind
from ..sources import BrokerAddress, token_hash

SECRET_PREFIX = "VLIEGWIEL_MQTT_SECRET_"  # noqa: S105  # the name of settings, not a secret
"""Only settings with such a name can be a password of a source: otherwise a source could send any secret of the platform to
a broker of its own choice."""
_SECRET_NAME = re.compile(rf"{SECRET_PREFIX}[A-Z0-9_]{{1,80}}")
_SIGNS = re.compile(r"[^\x00-\x1f\x7f]{1,120}")


def add_mqtt_source(
    actor: Actor,
    *,
    name: str,
    form: str,
    topic: str,
    decoder: str = "",
    address: str = "",
    username: str = "",
    secret_name: str = "",
) -> UUID:
    """Listen to a broker from now on (within seconds). Without `address` it is the broker of the platform, where a
    municipality has the topics that begin with its own code (`GM0546/…`), so that nobody listens to another's.

    Needs `SENSOR_BEHEREN`. Raises `Forbidden`, `Invalid` with each field that is not right.
    """
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        wrong = [
            *_wrong_names(name, form, decoder),
            *_wrong_topic(topic, "" if address else f"{actor.municipality}/"),
            *_wrong_broker(address, username, secret_name),
        ]
        if wrong:
            raise Invalid("De bron klopt nog niet.", invalid=wrong)
        row = SensorSource(
            municipality_id=actor.municipality,
            name=name.strip(),
            kind=SourceKind.MQTT,
            format=form,
            decoder=decoder,
            address=address,
            topic=topic,
            username=username,
            secret_name=secret_name,
        )
        return _added(actor, row)


def add_webhook_source(actor: Actor, *, name: str, form: str, decoder: str = "") -> tuple[UUID, str]:
    """Take messages over HTTP from now on. Returns the source and its token, which is shown this once and never again.

    Needs `SENSOR_BEHEREN`. Raises `Forbidden`, `Invalid`.
    """
    token = _new_token()
    with scope_of(actor):
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        if wrong := _wrong_names(name, form, decoder):
            raise Invalid("De bron klopt nog niet.", invalid=wrong)
        row = SensorSource(
            municipality_id=actor.municipality,
            name=name.strip(),
            kind=SourceKind.WEBHOOK,
            format=form,
            decoder=decoder,
            token_hash=token_hash(token),
        )
        return _added(actor, row), token


def renew_token(actor: Actor, source: UUID) -> str:
    """A new token for a webhook or a program; the old one is worth nothing from now on.

    Raises `Forbidden`, `NotFound`, `Invalid`.
    """
    token = _new_token()
    with scope_of(actor):
        row = _own(actor, source)
        if not row.token_hash:
            raise Invalid("Alleen een webhook of een programma heeft een sleutel van ons.")
        row.token_hash = token_hash(token)
        row.save()
        _tell(actor, row, "sensorbron.sleutel_vernieuwd")
    return token


def switch_source(actor: Actor, source: UUID, *, active: bool) -> None:
    """Listen to a source, or no longer. What it sent stays. Raises `Forbidden`, `NotFound`."""
    with scope_of(actor):
        row = _own(actor, source)
        if row.active != active:
            row.active = active
            row.save()
            _tell(actor, row, "sensorbron.aangezet" if active else "sensorbron.uitgezet")


def _new_token() -> str:
    return f"vw_{secrets.token_urlsafe(32)}"


def _own(actor: Actor, source: UUID) -> SensorSource:
    require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
    row = SensorSource.objects.filter(id=source, municipality_id=actor.municipality).select_for_update().first()
    if row is None:
        raise NotFound("Deze bron van metingen is er niet.")
    return row


def _added(actor: Actor, row: SensorSource) -> UUID:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        sentence = "Er is al een bron met deze naam. Kies een andere naam."
        raise Invalid(sentence, invalid=[InvalidParam("naam", "taken", sentence)]) from None
    _tell(actor, row, "sensorbron.toegevoegd")
    return row.id


def _tell(actor: Actor, row: SensorSource, kind: str) -> None:
    ledger.append(
        actor,
        municipality=row.municipality_id,
        kind=kind,
        zaak_id=None,
        payload={"bron": str(row.id), "naam": row.name, "soort": row.kind, "vorm": row.format, "onderwerp": row.topic},
    )


def _wrong_names(name: str, form: str, decoder: str) -> list[InvalidParam]:
    wrong = []
    if not _SIGNS.fullmatch(name.strip()):
        wrong.append(InvalidParam("naam", "invalid", "Geef de bron een naam van hoogstens 120 tekens."))
    if form not in set(EnvelopeFormat):
        allowed = ", ".join(EnvelopeFormat)
        wrong.append(InvalidParam("vorm", "invalid", f"Kies de vorm van de berichten: {allowed}."))
    if decoder and decoder not in sensor_types():
        known = ", ".join(sensor_types())
        wrong.append(InvalidParam("sensortype", "unknown", f"Dit sensortype is niet bekend. Wel bekend: {known}."))
    return wrong


def _wrong_topic(topic: str, prefix: str) -> list[InvalidParam]:
    levels = topic.split("/")
    good = (
        0 < len(topic) <= 300
        and _SIGNS.fullmatch(topic[:120]) is not None
        and all(level in {"+", "#"} or not set(level) & {"+", "#", "\x00"} for level in levels)
        and "#" not in levels[:-1]
        and not topic.startswith("$")
    )
    if not good:
        reason = "Geef een onderwerp van MQTT, bijvoorbeeld v3/toepassing@tenant/devices/+/up."
        return [InvalidParam("onderwerp", "invalid", reason)]
    if prefix and not topic.startswith(prefix):
        reason = f"Op de broker van het platform begint uw onderwerp met {prefix}, bijvoorbeeld {prefix}sensoren/#."
        return [InvalidParam("onderwerp", "not_yours", reason)]
    return []


def _wrong_broker(address: str, username: str, secret_name: str) -> list[InvalidParam]:
    wrong = []
    if address:
        try:
            broker = BrokerAddress.parse(address)
            good = not broker.password and (broker.tls or settings.MODE != "production")
        except ValueError:
            good = False
        if not good or len(address) > 300:
            reason = "Geef het adres als mqtts://server:8883, zonder wachtwoord erin."
            wrong.append(InvalidParam("adres", "invalid", reason))
    elif username or secret_name:
        wrong.append(InvalidParam("adres", "missing", "Een naam of wachtwoord hoort bij het adres van een broker."))
    if secret_name and not _SECRET_NAME.fullmatch(secret_name):
        reason = f"De instelling met het wachtwoord heet {SECRET_PREFIX}… (hoofdletters, cijfers en _)."
        wrong.append(InvalidParam("wachtwoord_in", "invalid", reason))
    return wrong
