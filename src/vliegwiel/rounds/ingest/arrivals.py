"""What is handed in, and what became of it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from ..decoding.messages import Outcome

Json: TypeAlias = str | int | float | bool | list["Json"] | dict[str, "Json"] | None
"""Any JSON value."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message of a source as it came (`raw`), when we received it (aware), and what was read in it."""

    topic: str
    received_at: datetime
    raw: bytes
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: observations stored, readings that were there already, readings no channel takes, messages kept
    aside. `emptyings` were seen in the levels; `faults` is how many faults of sensors began."""

    observations: int = 0
    duplicates: int = 0
    unwanted: int = 0
    aside: int = 0
    emptyings: int = 0
    faults: int = 0


@dataclass(frozen=True, slots=True)
class NewObservation:
    """An observation that a program posts: the fields of SensorThings 1.1, 8.2.7. A number goes in `result`, anything else in
    `result_json`. `mark` is the program's own number of it: the same mark, datastream and moment is the same observation;
    without one each posting is a new observation."""

    datastream_id: uuid.UUID
    phenomenon_time: datetime
    result: float | None = None
    result_json: Json = None
    phenomenon_end: datetime | None = None
    result_time: datetime | None = None
    result_quality: Json = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    parameters: Json = None
    feature_id: uuid.UUID | None = None
    mark: str = ""
