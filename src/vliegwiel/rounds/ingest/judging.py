"""What a reading is worth, judged when it comes in against what the same sensor said before. No I/O.

The bounds are ours, not a standard's: they are wide enough that a working sensor never meets them, and stand here together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..models.sensing import Quality

AHEAD = timedelta(minutes=5)
"""A moment further than this after the network received it: the sensor's clock runs wrong."""
BEHIND = timedelta(days=31)
"""A moment longer ago than this: no network keeps a message that long, so the clock was set back."""
LATE = timedelta(hours=1)
STUCK_READINGS = 12
STUCK_AFTER = timedelta(days=4)
STUCK_AT_BOUND = timedelta(days=14)
"""An empty container that nobody uses stays at 0, and a full one at 100, without anything being wrong."""


@dataclass(slots=True)
class ChannelState:
    """What is possible on a channel, and what it said last. `watched` says whether staying the same is suspect."""

    low: float | None = None
    high: float | None = None
    watched: bool = False
    last_time: datetime | None = None
    last_result: float | None = None
    same_since: datetime | None = None
    same_count: int = 0


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with its worth. `time` is what is stored: for a wrong clock the moment of receipt. `result` is None for what
    is no number. `stretch` is how long the value has been the same, for a stuck one."""

    quality: Quality
    time: datetime
    result: float | None
    stretch: timedelta | None = None


def judge(state: ChannelState, value: float, time: datetime, received_at: datetime) -> Judged:
    """Judge a value measured at `time` (aware), and let `state` remember it where it counts."""
    result = float(value) if math.isfinite(value) else None
    clock = not received_at - BEHIND <= time <= received_at + AHEAD
    moment = received_at if clock else time
    impossible = (
        result is None
        or (state.low is not None and result < state.low)
        or (state.high is not None and result > state.high)
    )
    if impossible or result is None:
        return Judged(Quality.IMPOSSIBLE, moment, result)
    in_order = state.last_time is None or moment > state.last_time
    stretch = _remember(state, result, moment) if in_order else None
    if clock:
        return Judged(Quality.CLOCK, moment, result)
    if stretch is not None:
        return Judged(Quality.STUCK, moment, result, stretch)
    return Judged(Quality.LATE if not in_order or received_at - time > LATE else Quality.GOOD, moment, result)


def _remember(state: ChannelState, result: float, moment: datetime) -> timedelta | None:
    """Take the reading into the state; returns how long the value has been the same where that is too long."""
    if result == state.last_result and state.same_since is not None:
        state.same_count += 1
    else:
        state.same_since, state.same_count = moment, 1
    state.last_time, state.last_result = moment, result
    if not state.watched or state.same_count < STUCK_READINGS:
        return None
    at_bound = result in (state.low, state.high)
    stretch = moment - state.same_since
    return stretch if stretch >= (STUCK_AT_BOUND if at_bound else STUCK_AFTER) else None
