"""What goes wrong with sensors and their networks, honestly: each sensor has its own weaknesses, drawn from the seed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random


class Weakness(StrEnum):
    """What is wrong with a sensor, for as long as it hangs there."""

    NONE = "geen"
    STUCK = "blijft hangen"
    DOUBLE = "netwerk levert dubbel"
    LATE = "netwerk levert laat"
    CLOCK = "klok van het netwerk verspringt"
    GARBAGE = "stuurt soms rommel"
    ECHO = "hoort soms de wand"


SHARES: tuple[tuple[Weakness, float], ...] = (
    (Weakness.STUCK, 0.02),
    (Weakness.DOUBLE, 0.06),
    (Weakness.LATE, 0.05),
    (Weakness.CLOCK, 0.02),
    (Weakness.GARBAGE, 0.03),
    (Weakness.ECHO, 0.05),
)
"""Which share of the sensors has which weakness; the others are sound. Every network loses or doubles something now and then."""

LOST, TWICE = 0.01, 0.005
"""Shares of all messages that never arrive, and that arrive twice."""
OFTEN = 0.3
"""How often a weakness shows."""


@dataclass(frozen=True, slots=True)
class Mishap:
    """What happens to one message."""

    lost: bool = False
    copies: int = 1
    delay: timedelta = timedelta()
    clock: timedelta = timedelta()
    garbage: bool = False
    echo: bool = False


def weakness(device: str, seed: str) -> Weakness:
    """The weakness of a sensor."""
    drawn = Random(f"{seed} {device}").random()  # noqa: S311  # made-up faults, nothing secret
    for kind, share in SHARES:
        if drawn < share:
            return kind
        drawn -= share
    return Weakness.NONE


def mishap(kind: Weakness, lot: Random) -> Mishap:
    """What happens to the next message of a sensor with this weakness."""
    if lot.random() < LOST:
        return Mishap(lost=True)
    shows = lot.random() < OFTEN
    copies = 2 if lot.random() < TWICE else 1
    if not shows:
        return Mishap(copies=copies)
    match kind:
        case Weakness.DOUBLE:
            return Mishap(copies=lot.randint(2, 4))
        case Weakness.LATE:
            return Mishap(delay=timedelta(minutes=lot.randint(70, 400)), copies=copies)
        case Weakness.CLOCK:
            return Mishap(clock=timedelta(hours=lot.choice((-26_280, -2000, 3, 48, 8760))), copies=copies)
        case Weakness.GARBAGE:
            return Mishap(garbage=True)
        case Weakness.ECHO:
            return Mishap(echo=True, copies=copies)
        case Weakness.STUCK | Weakness.NONE:
            return Mishap(copies=copies)
