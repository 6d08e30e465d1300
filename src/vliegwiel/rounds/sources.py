"""Where sensor messages come from, as the ways in need it: which brokers to listen to, whose token a webhook shows.

Reads only. What is written about sources is in `actions/sources.py`; taking messages in is `actions/arriving.py`.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit
from uuid import UUID

from vliegwiel.base.queries import served
from vliegwiel.base.tenancy import scope

from .decoding.envelopes import EnvelopeFormat
from .models import Device, SensorSource, SourceKind

PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Source:
    """A source of messages. `decoder` is the type of sensor of devices that name none themselves."""

    municipality: str
    id: UUID
    name: str
    form: EnvelopeFormat
    decoder: str = ""
    address: str = ""
    topic: str = ""
    username: str = ""
    secret_name: str = ""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """How to reach a broker. The password is never shown."""

    host: str
    port: int
    tls: bool
    username: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def parse(cls, url: str, *, username: str = "", password: str = "") -> BrokerAddress:
        """Read `mqtt://name:key@host:1883` or `mqtts://…`; name and key may be given apart. Raises `ValueError`."""
        parts = urlsplit(url)
        if (
            parts.scheme not in PORTS
            or not parts.hostname
            or parts.path not in {"", "/"}
            or parts.query
            or parts.fragment
        ):
            raise ValueError("write mqtts://host:8883")
        return cls(
            parts.hostname,
            parts.port or PORTS[parts.scheme],
            parts.scheme == "mqtts",
            username or unquote(parts.username or ""),
            password or unquote(parts.password or ""),
        )


@dataclass(frozen=True, slots=True)
class Fitted:
    """What reading a message of a device needs: its type of sensor and how it hangs (millimetres; None: not known)."""

    decoder: str
    empty_mm: float | None
    full_mm: float | None


def token_hash(token: str) -> str:
    """How a token is kept. It is long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def mqtt_sources() -> tuple[Source, ...]:
    """The active MQTT sources of every municipality that is live here."""
    return _sources(*(municipality.code for municipality in served()), kind=SourceKind.MQTT)


def webhook_source(municipality: str, token: str) -> Source | None:
    """The active webhook of a municipality with this token, or None."""
    found = _sources(municipality, kind=SourceKind.WEBHOOK, token_hash=token_hash(token))
    return found[0] if found else None


def source_with(municipality: str, source: UUID) -> Source | None:
    """The active source with this id of a municipality, or None (also for one that sends no messages: a file, a program)."""
    found = _sources(municipality, id=str(source))
    return found[0] if found else None


def _sources(*codes: str, **which: str) -> tuple[Source, ...]:
    if not codes:
        return ()
    with scope(*codes):
        rows = list(SensorSource.objects.filter(active=True, **which).order_by("municipality_id", "id"))
    return tuple(
        Source(
            municipality=row.municipality_id,
            id=row.id,
            name=row.name,
            form=EnvelopeFormat(row.format),
            decoder=row.decoder,
            address=row.address,
            topic=row.topic,
            username=row.username,
            secret_name=row.secret_name,
        )
        for row in rows
        if row.format in set(EnvelopeFormat)
    )


def fitted(source: Source, devices: set[str]) -> dict[str, Fitted]:
    """How to read each of these devices of a source; those that are unknown or switched off are left out."""
    if not devices:
        return {}
    with scope(source.municipality):
        rows = Device.objects.filter(source_id=source.id, device_eui__in=sorted(devices), active=True)
        found = list(rows.values_list("device_eui", "decoder", "mounting"))
    return {
        name: Fitted(decoder or source.decoder, _millimetres(mounting, "leeg_mm"), _millimetres(mounting, "vol_mm"))
        for name, decoder, mounting in found
    }


def _millimetres(mounting: object, key: str) -> float | None:
    value = mounting.get(key) if isinstance(mounting, dict) else None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
