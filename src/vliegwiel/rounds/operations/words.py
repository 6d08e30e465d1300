"""How people, days, distances and odds are called on the pages of rounds."""

from __future__ import annotations

from datetime import date, timedelta

from vliegwiel.base import clock
from vliegwiel.catalogue.typing_in import day_text
from vliegwiel.trust.identity import Actor, Staff, System

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")


def who(actor: Actor) -> str:
    """Who made something, as it stands with it: the name of staff, the job of the platform."""
    match actor:
        case Staff():
            return actor.name
        case System():
            return f"automatisch ({actor.job})"
        case _:
            return "onbekend"


def weekday(day: date) -> str:
    """Like "donderdag"."""
    return WEEKDAYS[day.weekday()]


def soon(day: date) -> str:
    """A day as one says it: vandaag, morgen, the weekday within a week, else with its date."""
    ahead = (day - clock.today()).days
    if ahead in (0, 1):
        return ("vandaag", "morgen")[ahead]
    return weekday(day) if 1 < ahead < 7 else day_text(day)


def full_on(level: float, rate: float, from_: date) -> date | None:
    """The day on which a container is expected to be full; None when that is more than a month away or not known."""
    if level >= 100:
        return from_
    if rate <= 0:
        return None
    days = (100 - level) / rate
    return from_ + timedelta(days=int(days)) if days <= 31 else None


def hours(seconds: float) -> str:
    """Like "2 uur 50"."""
    minutes = round(seconds / 60)
    whole, rest = divmod(minutes, 60)
    if not whole:
        return f"{rest}\u00a0min"
    return f"{whole}\u00a0uur {rest:02d}" if rest else f"{whole}\u00a0uur"


def kilometres(metres: float) -> str:
    """Like "21,4 km"."""
    return f"{metres / 1000:.1f}\u00a0km".replace(".", ",")


def percent(share: float) -> str:
    """A probability or share (0-1) in percent; small ones are not called nothing."""
    if 0 < share < 0.005:
        return "minder dan 1\u00a0%"
    if 0.995 < share < 1:
        return "meer dan 99\u00a0%"
    return f"{round(share * 100)}\u00a0%"


def clock_text(seconds: int) -> str:
    """A time of day from seconds since midnight: "7.05"."""
    hours_, rest = divmod(max(seconds, 0), 3600)
    return f"{hours_ % 24}.{rest // 60:02d}"
