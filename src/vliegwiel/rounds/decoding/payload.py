"""Read the bytes of a sensor as its type says. No byte string makes it raise: what does not fit is told."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from .outcomes import Reading, Reason
from .quantities import MEASURES, Quantity
from .sensortype import LONGEST, Block, BlockLayout, Field, FixedLayout, FlagLayout, Kind, Message, SensorType


@dataclass(frozen=True, slots=True)
class Misfit:
    """Why the bytes cannot be read as this type of sensor. `sentence` is Dutch."""

    reason: Reason
    sentence: str


@dataclass(slots=True)
class Read:
    """What was read. `about` names the message; `readings` may be empty where the type says it measures nothing."""

    about: str
    measures: bool
    readings: dict[Quantity, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def take(self, fields: tuple[Field, ...], content: bytes) -> None:
        """Read the fields of a block. The caller has seen to it that they lie within `content`."""
        for each in fields:
            value = _number(each, content)
            if value is None:
                self.notes.append(f"{each.quantity.value}: de sensor heeft niet gemeten")
                continue
            measure = MEASURES[each.quantity]
            if not measure.low <= value <= measure.high:
                self.notes.append(f"{each.quantity.value}: {value:g} {measure.symbol} bestaat niet")
                continue
            self.readings[each.quantity] = value

    def as_readings(self) -> tuple[Reading, ...]:
        """The readings, one a quantity: a later block of the same quantity replaces an earlier one."""
        return tuple(Reading(quantity, value) for quantity, value in self.readings.items())


def read(kind: SensorType, port: int, payload: bytes) -> Read | Misfit:
    """Read a payload. The first message of the type that fits port, length and marks is the one that counts."""
    if len(payload) > LONGEST:
        return Misfit(
            Reason.TOO_LARGE, f"De inhoud heeft {len(payload)} bytes. Een sensor stuurt er hoogstens {LONGEST}."
        )
    for message in kind.messages:
        if _fits(message, port, payload):
            return _read(message, payload)
    return Misfit(
        Reason.UNKNOWN_MESSAGE,
        f"Een bericht van {len(payload)} bytes op poort {port} past niet bij {kind.name}. Klopt het type van deze sensor?",
    )


def _fits(message: Message, port: int, payload: bytes) -> bool:
    if message.ports and port not in message.ports:
        return False
    if message.length is not None and len(payload) != message.length:
        return False
    marks = message.marks or {}
    return all(payload[place : place + len(text) // 2] == bytes.fromhex(text) for place, text in marks.items())


def _read(message: Message, payload: bytes) -> Read | Misfit:
    found = Read(message.name, measures=message.layout is not None)
    match message.layout:
        case None:
            return found
        case FixedLayout(fields=fields):
            if any(each.end > len(payload) for each in fields):
                return _cut_off(message, payload)
            found.take(fields, payload)
        case BlockLayout() as layout:
            if not all(_blocks(layout, payload, found)):
                return _cut_off(message, payload)
        case FlagLayout() as layout:
            if not all(_groups(layout, payload, found)):
                return _cut_off(message, payload)
    return found


def _cut_off(message: Message, payload: bytes) -> Misfit:
    return Misfit(
        Reason.CUT_OFF,
        f"Het bericht '{message.name}' is afgebroken: {len(payload)} bytes is te kort voor wat erin staat.",
    )


def _blocks(layout: BlockLayout, payload: bytes, found: Read) -> Iterator[bool]:
    """Whether each block fits in the payload. Ends at the first one that is unknown and has no length."""
    at, marks = 0, {mark.upper(): block for mark, block in layout.blocks.items()}
    while at < len(payload):
        head = layout.mark + (1 if layout.length_first else 0)
        if at + head > len(payload):
            yield False
            return
        mark = payload[at + head - layout.mark : at + head].hex().upper()
        block = marks.get(mark)
        if layout.length_first:
            length = payload[at] - layout.mark
        elif block is not None and block.length is not None:
            length = block.length
        else:
            found.notes.append(f"onbekend blok {mark} op byte {at}; wat erachter staat is niet gelezen")
            return
        content = payload[at + head : at + head + length] if length >= 0 else b""
        if length < 0 or len(content) != length:
            yield False
            return
        if block is not None:
            if any(each.end > length for each in block.fields):
                yield False
                return
            found.take(block.fields, content)
        yield True
        at += head + length


def _groups(layout: FlagLayout, payload: bytes, found: Read) -> Iterator[bool]:
    """Whether the flags and each group they announce fit in the payload."""
    yield len(payload) >= layout.begin
    flags = int.from_bytes(payload[layout.flags : layout.flags + 2], "big")
    at = layout.begin
    for number, group in enumerate(layout.groups):
        if flags >> number & 1:
            content, at = _group(group, payload, at)
            if content is None:
                yield False
                return
            found.take(group.fields, content)
    yield True


def _group(group: Block, payload: bytes, at: int) -> tuple[bytes | None, int]:
    length = group.length or 0
    content = payload[at : at + length]
    return (content, at + length) if len(content) == length else (None, at)


def _float(raw: bytes, layout: str) -> float:
    """The shortest decimal number that is this float of four bytes: 20.8, not 20.799999237060547."""
    value = float(struct.unpack(layout, raw)[0])
    if math.isfinite(value):
        for digits in range(6, 9):
            short = float(f"{value:.{digits}g}")
            if struct.pack(layout, short) == raw:
                return short
    return value


def _number(each: Field, content: bytes) -> float | None:
    """The value in the unit of its quantity; None where the sensor says it did not measure."""
    raw = content[each.place : each.end]
    if each.kind is Kind.F32:
        value = _float(raw, ">f" if each.order == "groot" else "<f")
        return float(Decimal(repr(value)) * each.scale + each.plus) if math.isfinite(value) else None
    signed = each.kind.value.startswith("i")
    number = int.from_bytes(raw, "big" if each.order == "groot" else "little", signed=signed)
    if each.bits:
        number = number >> each.bits[0] & ((1 << each.bits[1] - each.bits[0] + 1) - 1)
    if number in each.no_reading:
        return None
    if each.flag:
        return 1.0 if number else 0.0
    # Decimal: 2993 thousandths of a volt are 2.993, not 2.9930000000000003.
    return float(number * each.scale + each.plus)
