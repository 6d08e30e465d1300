"""Open the messages of network servers: The Things Stack v3, ChirpStack v4, and a plain form for everything else.

The Things Stack leaves out what is empty: "if a certain field has a value of "", 0 or false it will not be present in the
message" (its documentation, Data Formats). So a counter or port that is absent is zero, and an absent value inside
`decoded_payload` may be zero too (`sensortype.Made.zero_beside`). ChirpStack follows the same rule of protobuf JSON.

Plain: `{"apparaat": "...", "tijd": "2026-11-24T10:00:00Z", "id": "...", "poort": 1, "teller": 7, "bytes": "0A1B"}` with the
bytes of the sensor as hexadecimal digits, or `"waarden": {"vulgraad": 0}` with readings by the names of `Quantity`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, TypeAlias

import msgspec

from vliegwiel.base.typed import prepare

from .outcomes import Envelope, Notice, Plain, Reason, Unreadable

LARGEST = 64 * 1024
"""Bytes. A real message with a hundred gateways is some 40 kB."""

Name = Annotated[str, msgspec.Meta(max_length=200)]
Whole = Annotated[int, msgspec.Meta(ge=0, le=4_294_967_295)]
Moment = Annotated[str, msgspec.Meta(max_length=64)]
Text = Annotated[str, msgspec.Meta(max_length=4096)]

Opened: TypeAlias = Envelope | Notice | Unreadable


class EnvelopeFormat(StrEnum):
    """The form in which a source sends."""

    THINGS_STACK = "things_stack_v3"
    CHIRPSTACK = "chirpstack_v4"
    PLAIN = "plain"


class _ApplicationIds(msgspec.Struct, frozen=True):
    application_id: Name = ""


class _DeviceIds(msgspec.Struct, frozen=True):
    device_id: Name = ""
    dev_eui: Name = ""
    dev_addr: Name = ""
    application_ids: _ApplicationIds = _ApplicationIds()


class _Settings(msgspec.Struct, frozen=True):
    time: Moment = ""


class _ThingsUplink(msgspec.Struct, frozen=True):
    session_key_id: Name = ""
    f_port: Whole = 0
    f_cnt: Whole = 0
    frm_payload: Text = ""
    decoded_payload: dict[str, msgspec.Raw] | None = None
    received_at: Moment = ""
    settings: _Settings = _Settings()


_ABSENT = msgspec.Raw()


class _ThingsMessage(msgspec.Struct, frozen=True):
    end_device_ids: _DeviceIds = _DeviceIds()
    received_at: Moment = ""
    uplink_message: _ThingsUplink | None = None
    join_accept: msgspec.Raw = _ABSENT
    downlink_ack: msgspec.Raw = _ABSENT
    downlink_nack: msgspec.Raw = _ABSENT
    downlink_sent: msgspec.Raw = _ABSENT
    downlink_failed: msgspec.Raw = _ABSENT
    downlink_queued: msgspec.Raw = _ABSENT
    location_solved: msgspec.Raw = _ABSENT
    service_data: msgspec.Raw = _ABSENT

    def other(self) -> str:
        """What the message is about when it is no uplink; empty when it is nothing known."""
        return next(
            (name for name in self.__struct_fields__[3:] if bytes(getattr(self, name)) not in {b"", b"null"}), ""
        )


class _ChirpDevice(msgspec.Struct, frozen=True, rename="camel"):
    dev_eui: Name = ""
    device_name: Name = ""


class _ChirpMessage(msgspec.Struct, frozen=True, rename="camel"):
    deduplication_id: Name = ""
    time: Moment = ""
    device_info: _ChirpDevice = _ChirpDevice()
    dev_addr: Name = ""
    f_cnt: Whole = 0
    f_port: Whole = 0
    data: Text = ""
    object: dict[str, msgspec.Raw] | None = None


_DUTCH = {
    "device": "apparaat",
    "time": "tijd",
    "port": "poort",
    "counter": "teller",
    "payload": "bytes",
    "values": "waarden",
}


class _PlainMessage(msgspec.Struct, frozen=True, rename=_DUTCH):
    device: Name = ""
    time: Moment = ""
    id: Name = ""
    port: Whole = 0
    counter: Whole = 0
    payload: Text = ""
    values: dict[Name, float] | None = None


prepare(_ThingsMessage, _ChirpMessage, _PlainMessage)
_things = msgspec.json.Decoder(_ThingsMessage)
_chirp = msgspec.json.Decoder(_ChirpMessage)
_plain_form = msgspec.json.Decoder(_PlainMessage)
_any = msgspec.json.Decoder()


class _Refused(Exception):
    """Carries the answer out of the depths."""

    def __init__(self, reason: Reason, sentence: str, device: str = "") -> None:
        super().__init__(sentence)
        self.answer = Unreadable(reason, sentence, device)


def open_envelope(form: EnvelopeFormat, body: bytes, topic: str = "") -> Opened:
    """Open one message. Any bytes give an answer: an envelope, a notice, or why it cannot be opened."""
    if len(body) > LARGEST:
        sentence = f"Het bericht heeft {len(body)} bytes. Meer dan {LARGEST} nemen wij niet aan."
        return Unreadable(Reason.TOO_LARGE, sentence)
    try:
        return _OPENERS[form](body, topic)
    except _Refused as refused:
        return refused.answer
    except msgspec.ValidationError as error:
        return Unreadable(Reason.OTHER_SHAPE, f"Het bericht heeft niet de vorm van {form.value}: {_short(str(error))}.")
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
        return Unreadable(Reason.NOT_JSON, f"Het bericht is geen leesbare JSON: {_short(str(error))}.")


def _short(text: str) -> str:
    return text.replace("\x00", "").encode(errors="replace").decode()[:120]


def _things_stack(body: bytes, topic: str) -> Opened:
    message = _things.decode(body)
    ids = message.end_device_ids
    uplink = message.uplink_message
    device = _device(ids.dev_eui, ids.device_id)
    if uplink is None:
        if about := message.other():
            return Notice(device, about)
        raise _Refused(Reason.OTHER_SHAPE, "Het bericht heeft geen 'uplink_message'.", device)
    # `settings.time` is the clock of a gateway with GPS; `received_at` is that of the network and always there.
    time = _moment(uplink.received_at or message.received_at, device)
    session = uplink.session_key_id
    # Within a session a counter is used once. Without a session key (ABP) counters start again, so the moment counts too.
    mark = (session, uplink.f_cnt) if session else (ids.dev_addr, uplink.f_cnt, time.isoformat())
    return Envelope(
        device=device,
        message_id=_mark("tts", device, *mark),
        time=time,
        port=uplink.f_port,
        counter=uplink.f_cnt,
        payload=_base64(uplink.frm_payload, device),
        decoded=_decoded(uplink.decoded_payload),
    )


def _chirpstack(body: bytes, topic: str) -> Opened:
    message = _chirp.decode(body)
    device = _device(message.device_info.dev_eui, "")
    event = re.search(r"/event/([a-z]+)$", topic)
    if event is not None and event[1] != "up":
        return Notice(device, event[1])
    time = _moment(message.time, device)
    if message.deduplication_id:
        mark = _mark("chirp", device, message.deduplication_id)
    else:
        mark = _mark("chirp", device, message.dev_addr, message.f_cnt, time.isoformat())
    return Envelope(
        device=device,
        message_id=mark,
        time=time,
        port=message.f_port,
        counter=message.f_cnt,
        payload=_base64(message.data, device),
        decoded=_decoded(message.object),
    )


def _plain(body: bytes, topic: str) -> Opened:
    message = _plain_form.decode(body)
    device = _device("", message.device)
    time = _moment(message.time, device)
    payload = _hexadecimal(message.payload, device)
    values: dict[str, Plain] | None = dict(message.values) if message.values is not None else None
    content = hashlib.blake2b(
        repr((payload, sorted((values or {}).items(), key=str))).encode(), digest_size=8
    ).hexdigest()
    return Envelope(
        device=device,
        message_id=_mark("plain", device, message.id or f"{time.isoformat()} {content}"),
        time=time,
        port=message.port,
        counter=message.counter,
        payload=payload,
        decoded=values,
    )


_OPENERS: dict[EnvelopeFormat, Callable[[bytes, str], Opened]] = {
    EnvelopeFormat.THINGS_STACK: _things_stack,
    EnvelopeFormat.CHIRPSTACK: _chirpstack,
    EnvelopeFormat.PLAIN: _plain,
}

_EUI = re.compile(r"[0-9A-F]{16}")
_FREE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}")


def _device(eui: str, name: str) -> str:
    """The identity of a device: its EUI in upper case, or else the name its network gives it."""
    plain = re.sub(r"[-:]", "", eui).upper()
    if _EUI.fullmatch(plain):
        return plain
    if eui:
        raise _Refused(Reason.NO_DEVICE, "De DevEUI in het bericht is geen zestien hexadecimale cijfers.")
    if not name:
        raise _Refused(Reason.NO_DEVICE, "Het bericht zegt niet van welk apparaat het komt.")
    if not _FREE.fullmatch(name):
        raise _Refused(
            Reason.NO_DEVICE, "De naam van het apparaat is te lang of heeft andere tekens dan letters en cijfers."
        )
    return _upper_eui(name)


def _upper_eui(name: str) -> str:
    return name.upper() if _EUI.fullmatch(name.upper()) else name


_RFC3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?(?:([Zz])|([+-])(\d{2}):(\d{2}))", re.ASCII
)


def _moment(text: str, device: str) -> datetime:
    """An RFC 3339 moment in UTC, cut to microseconds (The Things Stack sends nanoseconds)."""
    if not text:
        raise _Refused(Reason.NO_TIME, "Het bericht zegt niet van wanneer het is.", device)
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise _Refused(Reason.NO_TIME, "De tijd in het bericht is geen tijd met tijdzone (RFC 3339).", device)
    date, clock, fraction, _, sign, hours, minutes = match.groups()
    try:
        moment = datetime.fromisoformat(f"{date}T{clock}").replace(tzinfo=UTC)
        moment += timedelta(microseconds=int((fraction or "0")[:6].ljust(6, "0")))
        if sign:
            ahead = timedelta(hours=int(hours), minutes=int(minutes))
            moment = moment - ahead if sign == "+" else moment + ahead
    except (ValueError, OverflowError):
        raise _Refused(Reason.NO_TIME, "De tijd in het bericht bestaat niet.", device) from None
    return moment


def _base64(text: str, device: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise _Refused(Reason.NOT_BASE64, "De inhoud van de sensor is geen base64.", device) from None


def _hexadecimal(text: str, device: str) -> bytes:
    if not re.fullmatch(r"([0-9A-Fa-f]{2})*", text):
        raise _Refused(Reason.NOT_BASE64, "De bytes van de sensor zijn geen hexadecimale cijfers.", device)
    return bytes.fromhex(text)


def _decoded(given: dict[str, msgspec.Raw] | None) -> dict[str, Plain] | None:
    """What a decoder of the network made. A part that is no sensible JSON does not spoil the bytes beside it."""
    if given is None:
        return None
    found: dict[str, Plain] = {}
    for name, raw in given.items():
        try:
            found[name] = _any.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
    return found


def _mark(*parts: object) -> str:
    """One identifier of 32 hexadecimal digits from parts that together name a transmission."""
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(errors="replace"), digest_size=16).hexdigest()
