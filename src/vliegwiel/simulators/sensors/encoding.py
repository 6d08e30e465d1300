"""What each type of sensor puts in its bytes, written from the same public sources as the platform's decoders and apart from
them, so that one checks the other.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sensor measures: the distance to the rubbish, the level it works out itself (percent), the temperature (°C),
    how full its battery is (percent)."""

    distance_mm: int
    level: int
    celsius: float
    battery: int

    @property
    def millivolts(self) -> int:
        """The voltage of a lithium cell with this charge: 3.0 to 3.6 V."""
        return 3000 + 6 * self.battery


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of sensor: the port it sends on, and how it writes what it measured."""

    port: int
    encode: Callable[[Measured], bytes]


def _wilsen(m: Measured) -> bytes:
    return (
        b"\x04\x0b\x02" + m.distance_mm.to_bytes(2)
        + b"\x03\x0b\x06" + m.level.to_bytes(1)
        + b"\x06\x02\x01" + struct.pack(">f", round(m.celsius, 1))
        + b"\x03\x51\x01" + round(m.millivolts / 100).to_bytes(1)
    )  # fmt: skip


def _df702(m: Measured) -> bytes:
    full = 0x10 if m.distance_mm < 300 else 0
    low = 0x01 if m.battery < 10 else 0
    return (
        b"\x80\x00\x01\x01\x11" + m.distance_mm.to_bytes(2) + b"\x00" + max(0, round(m.celsius)).to_bytes(1)
        + b"\x00\x00" + bytes((full, low)) + b"\x00\x00\x00\x81"
    )  # fmt: skip


def _em310(m: Measured) -> bytes:
    return b"\x01\x75" + m.battery.to_bytes(1) + b"\x03\x82" + m.distance_mm.to_bytes(2, "little") + b"\x04\x00\x00"


def _em400(m: Measured) -> bytes:
    return (
        b"\x01\x75" + m.battery.to_bytes(1)
        + b"\x03\x67" + round(m.celsius * 10).to_bytes(2, "little", signed=True)
        + b"\x04\x82" + m.distance_mm.to_bytes(2, "little")
        + b"\x05\x00\x00"
    )  # fmt: skip


def _elt(m: Measured) -> bytes:
    return (
        b"\x01" + round(m.celsius * 10).to_bytes(2, signed=True)
        + b"\x07" + m.millivolts.to_bytes(2)
        + b"\x0e" + m.distance_mm.to_bytes(2)
    )  # fmt: skip


def _mbx(m: Measured) -> bytes:
    return b"\x02\x01\x2f\x00\x03" + m.distance_mm.to_bytes(2) + b"\x00\x05" + m.millivolts.to_bytes(2)


def _sensoneo(m: Measured) -> bytes:
    echo = bytes((min(255, round(m.distance_mm / 20)),))
    return (
        b"\xff\xff\x22\x01\x04\x03\x02\x01\x01" + echo + b"\x00\x00\x00"
        + bytes((round((m.millivolts - 2500) / 10), max(0, round(m.celsius)), 0, 1))
    )  # fmt: skip


KINDS: dict[str, Kind] = {
    "pepperl-fuchs-wilsen-sonic-level": Kind(1, _wilsen),
    "dingtek-df702": Kind(3, _df702),
    "milesight-em310-udl": Kind(85, _em310),
    "milesight-em400-mud": Kind(85, _em400),
    "elsys-elt-ultrasonic": Kind(1, _elt),
    "decentlab-dl-mbx": Kind(1, _mbx),
    "sensoneo-single-3": Kind(1, _sensoneo),
}
