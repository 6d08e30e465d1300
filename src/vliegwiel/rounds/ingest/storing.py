"""Storing what sources sent: a batch is one transaction, and the same batch again changes nothing.

Every message ends up somewhere: as observations with the raw message beside it, or kept aside with the reason. What is wrong
with a sensor (its clock, values that cannot be, the same value for days, doubles, lateness) is written down on the way.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from vliegwiel.base.clock import local
from vliegwiel.base.tenancy import scope

from ..decoding.messages import Notice, Reading, Unreadable, Uplink
from ..models.sensing import USABLE, Quality
from ..models.sourcing import FaultKind
from . import aside, faults, rows
from .arrivals import Arrived, Json, Stored
from .emptying import may_be_one
from .faults import Seen, number
from .ids import message_id, observation_id, tail
from .judging import AHEAD, BEHIND, LATE, Judged, judge
from .known import KnownChannel, KnownDevice, keep, known
from .levels import Touched, look_again

MANY = 20
"""A device has the fault when so many of its messages of a day, and at least half of them, were duplicates; a third of it for
lateness, of which less comes."""


@dataclass(slots=True)
class _Taken:
    """A reading on its way: its row, and what judging it showed."""

    device: KnownDevice
    channel: KnownChannel
    row: rows.Row
    judged: Judged
    value: float
    jumped: bool
    claimed: datetime


@dataclass(slots=True)
class _Message:
    device: KnownDevice
    moment: datetime
    ids: list[uuid.UUID]
    late: bool


@dataclass(slots=True)
class _Work:
    municipality: str
    devices: dict[str, KnownDevice]
    doubles: set[int]
    heard: dict[uuid.UUID, KnownDevice] = field(default_factory=dict)
    taken: dict[uuid.UUID, _Taken] = field(default_factory=dict)
    messages: list[_Message] = field(default_factory=list)
    raw: list[rows.Raw] = field(default_factory=list)
    aside: list[aside.Kept] = field(default_factory=list)
    seen: dict[tuple[uuid.UUID, FaultKind], Seen] = field(default_factory=dict)
    over: dict[tuple[uuid.UUID, FaultKind], datetime] = field(default_factory=dict)
    readings: int = 0
    unwanted: int = 0


def store(municipality: str, source: uuid.UUID, batch: Sequence[Arrived]) -> Stored:
    """Store a batch of a source. After it returns everything is committed (unless a transaction was open around it).

    Idempotent: what was stored or kept aside before is recognised. Raises only database errors.
    """
    if not batch:
        return Stored()
    with scope(municipality):
        uplinks = [a for a in batch if isinstance(a.outcome, Uplink)]
        names = {a.outcome.device for a in batch if isinstance(a.outcome, Uplink | Notice)}
        devices = known(municipality, source, names)
        work = _Work(municipality, devices, _with_wrong_clock(municipality, devices, uplinks))
        for arrived in batch:
            _take(work, arrived)
        return _written(work, source)


def _wrong_clock(uplink: Uplink, received_at: datetime) -> bool:
    return not received_at - BEHIND <= uplink.time <= received_at + AHEAD


def _with_wrong_clock(municipality: str, devices: dict[str, KnownDevice], uplinks: Sequence[Arrived]) -> set[int]:
    """Tails of ids of stored observations whose sensor had a wrong clock. Their moment is ours, so that the same message again
    would have another one: it is known by the rest of its id."""
    streams: set[uuid.UUID] = set()
    earliest: datetime | None = None
    for arrived in uplinks:
        uplink = arrived.outcome
        if isinstance(uplink, Uplink) and _wrong_clock(uplink, arrived.received_at):
            device = devices.get(uplink.device)
            streams |= {c.datastream for c in device.channels.values()} if device else set()
            earliest = min(earliest or arrived.received_at, arrived.received_at)
    if not streams or earliest is None:
        return set()
    return {tail(i) for i in rows.with_quality(municipality, streams, Quality.CLOCK, since=earliest - BEHIND)}


def _take(work: _Work, arrived: Arrived) -> None:
    """Decide what becomes of one message."""
    match arrived.outcome:
        case Unreadable(reason, sentence, device):
            work.aside.append(aside.Kept(arrived, reason, sentence, device))
        case Notice(name) | Uplink(name) if name not in work.devices:
            work.aside.append(aside.unknown(arrived, name))
        case Notice(name):
            _keep_raw(work, arrived, arrived.received_at, work.devices[name])
        case Uplink() as uplink:
            _take_uplink(work, arrived, uplink, work.devices[uplink.device])


def _keep_raw(work: _Work, arrived: Arrived, moment: datetime, device: KnownDevice) -> None:
    device.seen(moment)
    work.heard[device.id] = device
    work.over[device.id, FaultKind.DEAD] = max(work.over.get((device.id, FaultKind.DEAD), moment), moment)
    row = message_id(moment, arrived.topic.encode(errors="replace"), arrived.raw)
    work.raw.append(rows.Raw(row, moment, device.id, rows.text(arrived.topic, 500), arrived.raw))


def _take_uplink(work: _Work, arrived: Arrived, uplink: Uplink, device: KnownDevice) -> None:
    wrong = _wrong_clock(uplink, arrived.received_at)
    moment = arrived.received_at if wrong else uplink.time
    _keep_raw(work, arrived, moment, device)
    ids = []
    late = not wrong and arrived.received_at - uplink.time > LATE
    for reading in uplink.readings:
        channel = device.channels.get(reading.quantity.value)
        if channel is None:
            work.unwanted += 1
            continue
        work.readings += 1
        row = observation_id(
            channel.datastream,
            moment,
            uplink.message_id.encode() if wrong else b"",
            claimed=uplink.time if wrong else None,
        )
        ids.append(row)
        if row in work.taken or (wrong and tail(row) in work.doubles):
            continue
        if wrong:
            work.doubles.add(tail(row))
        _take_reading(work, device, channel, reading, row, uplink, arrived)
    if ids:
        work.messages.append(_Message(device, moment, ids, late))


def _take_reading(
    work: _Work,
    device: KnownDevice,
    channel: KnownChannel,
    reading: Reading,
    row: uuid.UUID,
    uplink: Uplink,
    arrived: Arrived,
) -> None:
    state = channel.state
    before, count = state.last_result, state.same_count
    newest = state.last_time
    judged = judge(state, reading.value, uplink.time, arrived.received_at)
    in_order = state.last_time != newest
    channel.changed |= in_order
    if in_order and state.same_count == 1 and count > 1:
        work.over[device.id, FaultKind.STUCK] = judged.time
    jumped = (
        judged.quality in USABLE and judged.result is not None and (not in_order or may_be_one(before, judged.result))
    )
    parameters: Json = None
    if judged.quality is Quality.CLOCK:
        parameters = {"tijd_van_sensor": uplink.time.isoformat()}
    elif judged.result is None:
        parameters = {"waarde": str(reading.value)}
    work.taken[row] = _Taken(
        device,
        channel,
        rows.Row(
            row,
            channel.datastream,
            judged.time,
            arrived.received_at,
            judged.result,
            judged.quality,
            rows.as_json(parameters),
        ),
        judged,
        reading.value,
        jumped,
        uplink.time,
    )


def _written(work: _Work, source: uuid.UUID) -> Stored:
    """Write it all."""
    municipality = work.municipality
    new = rows.insert(municipality, [taken.row for taken in work.taken.values()])
    fresh = [work.taken[i] for i in new]
    _count(work, new)
    for taken in fresh:
        _look_at(work, taken)
    rows.widen(municipality, ((taken.row.datastream, taken.row.time) for taken in fresh))
    rows.insert_raw(municipality, source, work.raw)
    kept = aside.keep(municipality, source, work.aside)
    keep(municipality, work.heard.values())
    faults.end(municipality, work.over)
    begun = faults.begin(municipality, work.seen)
    emptyings = look_again(municipality, _touched(fresh))
    rows.tell(municipality, new)
    return Stored(len(new), work.readings - len(new), work.unwanted, kept, emptyings, begun)


def _count(work: _Work, new: set[uuid.UUID]) -> None:
    """Count the messages of each device, and see whether too many were duplicates or late."""
    left = set(new)
    for message in work.messages:
        duplicate = left.isdisjoint(message.ids)
        left.difference_update(message.ids)
        device = message.device
        device.count(message.moment, duplicate=duplicate, late=message.late and not duplicate)
        for kind, times, least in (
            (FaultKind.DUPLICATES, device.duplicates, MANY),
            (FaultKind.LATE, device.late, MANY // 3),
        ):
            if times >= least and times * 2 >= device.messages:
                what = "dubbel" if kind is FaultKind.DUPLICATES else "meer dan een uur te laat"
                text = f"{times} van de {device.messages} berichten van die dag kwamen {what}"
                _see(work, device, kind, message.moment, text)


def _see(work: _Work, device: KnownDevice, kind: FaultKind, moment: datetime, text: str) -> None:
    known_since = work.seen.get((device.id, kind))
    if known_since is None:
        work.seen[device.id, kind] = Seen(moment, moment, text)
        return
    first, last = min(known_since.since, moment), max(known_since.last, moment)
    work.seen[device.id, kind] = Seen(first, last, text if moment >= known_since.last else known_since.evidence)


def _look_at(work: _Work, taken: _Taken) -> None:
    """Write down what a new reading shows of its sensor."""
    match taken.judged.quality:
        case Quality.IMPOSSIBLE:
            state = taken.channel.state
            low = "-∞" if state.low is None else number(state.low)
            high = "∞" if state.high is None else number(state.high)
            text = f"{taken.channel.name} {number(taken.value)}, terwijl {low} tot {high} kan"
            _see(work, taken.device, FaultKind.IMPOSSIBLE, taken.row.time, text)
        case Quality.CLOCK:
            was = local(taken.row.received_at)
            text = f"de sensor gaf {taken.claimed:%d-%m-%Y %H:%M} (UTC), het was {was:%d-%m-%Y %H:%M}"
            _see(work, taken.device, FaultKind.CLOCK, taken.row.time, text)
        case Quality.STUCK if taken.judged.stretch is not None and taken.judged.result is not None:
            days = taken.judged.stretch.days
            text = f"{taken.channel.name} is al {days} dagen precies {number(taken.judged.result)}"
            _see(work, taken.device, FaultKind.STUCK, taken.row.time, text)
            work.over.pop((taken.device.id, FaultKind.STUCK), None)
        case _:
            return


def _touched(fresh: Sequence[_Taken]) -> dict[uuid.UUID, Touched]:
    """The levels to look at again."""
    touched: dict[uuid.UUID, Touched] = {}
    for taken in fresh:
        if taken.jumped and taken.channel.tells_level:
            moment = taken.row.time
            touched.setdefault(taken.row.datastream, Touched(moment, moment)).at(moment)
    return touched
