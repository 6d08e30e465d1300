"""The time. Nothing else in the platform asks the operating system what time it is, so that a test can set it.

`now()` is an aware datetime in UTC; `today()` is the calendar date in the Netherlands, because legal terms count in
Dutch days.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")

_frozen: ContextVar[datetime | None] = ContextVar("vliegwiel_clock", default=None)


def now() -> datetime:
    """This moment, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Today's date in the Netherlands."""
    return now().astimezone(AMSTERDAM).date()


def local(moment: datetime) -> datetime:
    """A moment on the Dutch clock."""
    return moment.astimezone(AMSTERDAM)


def midnight(day: date) -> datetime:
    """The first moment of a Dutch calendar day."""
    return datetime(day.year, day.month, day.day, tzinfo=AMSTERDAM)


@contextmanager
def set_to(moment: datetime | date) -> Iterator[None]:
    """Let the clock stand still at `moment` (a bare date means noon in the Netherlands) within the block."""
    if not isinstance(moment, datetime):
        moment = midnight(moment) + timedelta(hours=12)
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone is no moment")
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
