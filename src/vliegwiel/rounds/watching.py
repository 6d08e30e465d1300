"""What time brings for sensors: silence is found, faults that are over end, and months are made ahead."""

from __future__ import annotations

import logging

from vliegwiel.base.clock import now
from vliegwiel.base.queries import served
from vliegwiel.base.tenancy import scope

from .ingest.faults import sweep
from .partitions import months_ahead, refresh_statistics

_log = logging.getLogger(__name__)


def watch_sensors(municipality: str) -> int:
    """Find the sensors of a municipality that fell silent, and end the faults that are over. Returns how many are newly dead."""
    with scope(municipality):
        return sweep(municipality, now())


def watch_all() -> None:
    """As `watch_sensors`, for every municipality that is served; and statistics for what was filled meanwhile."""
    for one in served():
        if dead := watch_sensors(one.code):
            _log.info("sensors fell silent", extra={"gemeente": one.code, "aantal": dead})
    refresh_statistics()


def make_months_ahead() -> None:
    """Have the months of readings and raw messages ready before they come."""
    if made := months_ahead():
        _log.info("months made", extra={"aantal": made})
