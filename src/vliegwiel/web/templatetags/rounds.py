"""Filters and tags of the pages of rounds: times of a plan, distances, how full, when full."""

from __future__ import annotations

from datetime import date

from django.template import Library

from vliegwiel.base import clock
from vliegwiel.rounds.operations.words import clock_text, hours, kilometres, percent, soon
from vliegwiel.web import wording
from vliegwiel.web.rounds.mapping import PIN, fill_of

register = Library()


@register.filter
def hhmm(seconds: int) -> str:
    """A time of day from seconds since midnight: "7.05"."""
    return clock_text(seconds)


@register.filter
def km(metres: float) -> str:
    """Like "21,4 km"."""
    return kilometres(metres)


@register.filter
def duration(seconds: float) -> str:
    """Like "2 uur 50"."""
    return hours(seconds)


@register.filter
def odds(share: float | None) -> str:
    """A probability in percent."""
    return "" if share is None else percent(share)


@register.filter
def full(level: float) -> str:
    """A filling in percent; what runs over is simply full."""
    return "vol" if level >= 100 else f"{round(level)}\u00a0%"


@register.filter
def soon_day(value: date) -> str:
    """A day as one says it: vandaag, morgen, woensdag, 3 december 2026."""
    return soon(value)


@register.simple_tag
def between(low: float, high: float) -> str:
    """The two ends of what is expected; where both are full, that."""
    return full(low) if low >= 100 else f"{full(low)} tot {full(high)}"


@register.filter
def full_day(value: date | None, day: date) -> str:
    """When a container is full: a day near by in words, else with its date; nothing known for more than a month ahead."""
    if value is None:
        return "over meer dan een maand"
    if value <= day:
        return "die dag" if day != clock.today() else "vandaag"
    ahead = (value - clock.today()).days
    return soon(value) if 0 <= ahead <= 1 else wording.day(value, short=True)


@register.simple_tag
def bin_top(level: float) -> str:
    """Where the content of the symbol begins."""
    return str(round(8 - fill_of(level), 1))


@register.simple_tag
def bin_height(level: float) -> str:
    """How high the content of the symbol stands (it is 16 units high)."""
    return str(min(fill_of(level), PIN))


@register.simple_tag
def bin_tone(level: float) -> int:
    """The colour class: 1 (less than 60 %) to 4 (90 % or more)."""
    return 4 if level >= 90 else 3 if level >= 80 else 2 if level >= 60 else 1
