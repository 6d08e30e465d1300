"""What becomes of a message: an uplink with readings, a notice, or a reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from .quantities import Quantity

Plain: TypeAlias = str | int | float | bool | list["Plain"] | dict[str, "Plain"] | None
"""Any JSON value."""


class Reason(StrEnum):
    """Why a message was kept aside. Stable: lists filter on it."""

    TOO_LARGE = "te_groot"
    NOT_JSON = "geen_json"
    OTHER_SHAPE = "andere_vorm"
    NO_DEVICE = "geen_apparaat"
    NO_TIME = "geen_tijd"
    NOT_BASE64 = "geen_base64"
    NO_PAYLOAD = "geen_inhoud"
    UNKNOWN_DEVICE = "onbekend_apparaat"
    UNKNOWN_TYPE = "onbekend_sensortype"
    UNKNOWN_MESSAGE = "onbekend_bericht"
    CUT_OFF = "afgebroken"
    NOTHING_READ = "niets_gelezen"
    UNSTORABLE = "niet_op_te_slaan"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value, in the unit of its quantity (`quantities.MEASURES`)."""

    quantity: Quantity
    value: float


@dataclass(frozen=True, slots=True)
class Envelope:
    """What a network server says of an uplink, before anyone knows the type of the sensor.

    `message_id` is the same for each delivery of one transmission and differs between transmissions of a device. `time` is
    when it was measured, as far as the network knows (aware, UTC). `payload` are the bytes of the sensor; `decoded` is what
    a decoder of the network made of them, if it did.
    """

    device: str
    message_id: str
    time: datetime
    port: int
    counter: int
    payload: bytes
    decoded: Mapping[str, Plain] | None = None


@dataclass(frozen=True, slots=True)
class Uplink:
    """A message that was read. `notes` say (in Dutch) which parts of it could not be used."""

    device: str
    message_id: str
    time: datetime
    counter: int
    readings: tuple[Reading, ...]
    notes: tuple[str, ...] = ()

    def value(self, quantity: Quantity) -> float | None:
        """The reading of a quantity, or None."""
        return next((r.value for r in self.readings if r.quantity is quantity), None)


@dataclass(frozen=True, slots=True)
class Notice:
    """A good message with nothing to measure: a join, a confirmation, a configuration. `about` says what (Dutch)."""

    device: str
    about: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A message that cannot be used. `sentence` (Dutch) says why and what to do; `device` is empty where nobody knows."""

    reason: Reason
    sentence: str
    device: str = ""


Outcome: TypeAlias = Uplink | Notice | Unreadable
