"""Which processes still live, and whether a number still means the same process."""

from __future__ import annotations

import psutil

TOLERANCE = 30.0
"""Seconds. When a process started is worked out from when the machine started, and that shifts with each correction of
the clock; a number that is used again belongs to a process that started much later."""


def born(pid: int) -> float | None:
    """When process `pid` started (seconds since 1970, give or take); None when it does not live."""
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else float(process.create_time())
    except psutil.NoSuchProcess:
        return None


def lives(pid: int, noted: float) -> bool:
    """Whether the process that was noted with this number and start still lives."""
    now = born(pid)
    return now is not None and abs(now - noted) < TOLERANCE
