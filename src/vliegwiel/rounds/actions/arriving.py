"""Messages of sensors come in: opened, read, stored. The same for every way in (MQTT, webhook, file)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import DatabaseError, InterfaceError, OperationalError

from ..decoding.decoding import Mounting, decode
from ..decoding.envelopes import LARGEST, open_envelope
from ..decoding.library import sensor_types
from ..decoding.messages import Envelope, Outcome, Reason, Unreadable
from ..ingest.arrivals import Arrived, Stored
from ..ingest.storing import store
from ..sources import Fitted, Source, fitted

LOST = (OperationalError, InterfaceError)
"""The database is away: nothing is wrong with what came in, and it must come again."""
_REFUSED = (DatabaseError, ValueError, TypeError, ArithmeticError, LookupError, RecursionError)
"""What one message can do wrong that nobody foresaw. It must not keep all the others waiting for ever."""
LONGEST_KEPT = LARGEST
"""Bytes of a message that are kept when it is too large to be one."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A message as it came in: where (a topic; empty for a webhook), when (aware), and its bytes."""

    topic: str
    received_at: datetime
    raw: bytes


def take_in(source: Source, messages: Sequence[Incoming]) -> Stored:
    """Store what a source sent. When it returns, all of it is committed: as observations or kept aside with a reason.

    The source has shown who it is (a token, an account at a broker); that is the right to send. The same messages again
    change nothing. Raises only what `LOST` names, and then the messages must be offered again.
    """
    arrived = read(source, messages)
    return _store(source, arrived)


def read(source: Source, messages: Sequence[Incoming]) -> list[Arrived]:
    """What each message says. Asks the database once, which devices these are."""
    opened = [open_envelope(source.form, message.raw, message.topic) for message in messages]
    devices = fitted(source, {one.device for one in opened if isinstance(one, Envelope)})
    return [
        Arrived(
            topic=message.topic.replace("\x00", ""),
            received_at=message.received_at,
            raw=message.raw[:LONGEST_KEPT],
            outcome=_decoded(one, devices.get(one.device)) if isinstance(one, Envelope) else one,
        )
        for message, one in zip(messages, opened, strict=True)
    ]


def _decoded(envelope: Envelope, how: Fitted | None) -> Outcome:
    if how is None:
        sentence = f"Het apparaat {envelope.device} is hier niet bekend. Voeg het toe, of zet het bij de bron uit."
        return Unreadable(Reason.UNKNOWN_DEVICE, sentence, envelope.device)
    kind = sensor_types().get(how.decoder)
    if kind is None:
        sentence = f"Het sensortype '{how.decoder}' van {envelope.device} bestaat niet. Kies een bekend type."
        return Unreadable(Reason.UNKNOWN_TYPE, sentence, envelope.device)
    return decode(envelope, kind, _mounting(how))


def _mounting(how: Fitted) -> Mounting | None:
    if how.empty_mm is None or how.full_mm is None:
        return None
    try:
        return Mounting(how.empty_mm, how.full_mm)
    except ValueError:
        _log.warning("a sensor is mounted impossibly: empty %s mm, full %s mm", how.empty_mm, how.full_mm)
        return None


def _store(source: Source, batch: Sequence[Arrived]) -> Stored:
    """Store, and where the database refuses something, find the message that it refuses and keep that aside."""
    try:
        return store(source.municipality, source.id, batch)
    except LOST:
        raise
    except _REFUSED as error:
        if len(batch) > 1:
            half = len(batch) // 2
            return _sum(_store(source, batch[:half]), _store(source, batch[half:]))
        _log.error("a message could not be stored", exc_info=error, extra={"source": source.name})
        (one,) = batch
        device = one.outcome.device
        sentence = "Dit bericht is niet op te slaan. Het is bewaard; de beheerder van het platform kan zien waarom."
        outcome = Unreadable(Reason.UNSTORABLE, sentence, device)
        return store(source.municipality, source.id, [Arrived(one.topic, one.received_at, one.raw, outcome)])


def _sum(first: Stored, second: Stored) -> Stored:
    return Stored(*(getattr(first, each.name) + getattr(second, each.name) for each in fields(Stored)))
