"""From an opened message and the type of its sensor to readings; and from a distance to how full a container is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from .outcomes import Envelope, Notice, Outcome, Plain, Reading, Reason, Unreadable, Uplink
from .payload import Misfit, Read, read
from .quantities import MEASURES, Quantity
from .sensortype import Made, SensorType

SLACK = 0.05
"""How far beyond empty or full, as a share of the depth, a distance may lie and still mean empty or full: rubbish is
uneven, and a container is measured with a tape."""


@dataclass(frozen=True, slots=True)
class Mounting:
    """How a sensor hangs: the distance in millimetres that it measures in an empty and in a full container."""

    empty_mm: float
    full_mm: float

    def __post_init__(self) -> None:
        if not (0 <= self.full_mm < self.empty_mm <= MEASURES[Quantity.DISTANCE].high):
            raise ValueError("a container is deeper than it is full: 0 <= full < empty")


def level_from_distance(distance_mm: float, mounting: Mounting) -> float:
    """Fill level in percent. Just outside empty and full counts as 0 and 100; far outside stays what it is (impossible)."""
    depth = mounting.empty_mm - mounting.full_mm
    share = (mounting.empty_mm - distance_mm) / depth
    if -SLACK <= share < 0:
        return 0.0
    if 1 < share <= 1 + SLACK:
        return 100.0
    return round(100 * share, 2)


def decode(envelope: Envelope, kind: SensorType, mounting: Mounting | None = None) -> Outcome:
    """Readings of one message. The bytes of the sensor count; what a decoder of the network made of them is used only
    where there are no bytes, and there a value that was left out because it is zero comes back as zero."""
    if envelope.payload:
        found = read(kind, envelope.port, envelope.payload)
        if isinstance(found, Misfit):
            return Unreadable(found.reason, found.sentence, envelope.device)
        if not found.measures:
            return Notice(envelope.device, found.about)
    elif envelope.decoded is not None and kind.made:
        found = _made(envelope.decoded, kind.made)
    else:
        return Unreadable(Reason.NO_PAYLOAD, "Het bericht heeft geen inhoud van de sensor.", envelope.device)
    readings = list(found.as_readings())
    level = _level(found, mounting)
    if level is not None:
        readings.append(Reading(Quantity.FILL_LEVEL, level))
    if not readings:
        why = "; ".join(found.notes) or "er staat geen bekende grootheid in"
        return Unreadable(Reason.NOTHING_READ, f"Uit het bericht is niets te lezen: {why}.", envelope.device)
    return Uplink(
        envelope.device, envelope.message_id, envelope.time, envelope.counter, tuple(readings), tuple(found.notes)
    )


def _level(found: Read, mounting: Mounting | None) -> float | None:
    """A level worked out from the distance, where the sensor itself tells none."""
    distance = found.readings.get(Quantity.DISTANCE)
    if mounting is None or distance is None or Quantity.FILL_LEVEL in found.readings:
        return None
    level = level_from_distance(distance, mounting)
    measure = MEASURES[Quantity.FILL_LEVEL]
    if not measure.low <= level <= measure.high:
        found.notes.append(f"afstand: {distance:g} mm kan niet in deze container")
        return None
    return level


def _made(decoded: Mapping[str, Plain], made: Mapping[Quantity, Made]) -> Read:
    found = Read("uitgepakt door het netwerk", measures=True)
    for quantity, where in made.items():
        value = _plain(decoded, where.name)
        if value is None and any(_plain(decoded, beside) is not None for beside in where.zero_beside):
            value = 0.0
        if value is None:
            continue
        # The float as it was written, so that scaling adds no noise.
        value = float(Decimal(repr(value)) * where.scale + where.plus)
        measure = MEASURES[quantity]
        if measure.low <= value <= measure.high:
            found.readings[quantity] = value
        else:
            found.notes.append(f"{quantity.value}: {value:g} {measure.symbol} bestaat niet")
    return found


def _plain(decoded: Mapping[str, Plain], name: str) -> float | None:
    """The number under a dotted name. Yes and no count as 1 and 0; anything else is no number."""
    value: Plain = dict(decoded)
    for part in name.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(part)
    if isinstance(value, bool | int | float):
        try:
            number = float(value)
        except OverflowError:
            return None
        return number if math.isfinite(number) else None
    return None
