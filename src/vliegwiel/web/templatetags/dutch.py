"""Filters and tags every template has: how dates, money and times read, and which parts stay Dutch on an English page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.template import Library
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from vliegwiel.base import clock
from vliegwiel.casework.pages import Field
from vliegwiel.web import staticfile, wording
from vliegwiel.web.wording import Language

register = Library()


def language() -> Language:
    """The language of this page."""
    return "en" if (get_language() or "nl").startswith("en") else "nl"


@register.filter
def day(value: date | None) -> str:
    """Like "donderdag 26 november"."""
    return wording.day(value, language()) if value else ""


@register.filter
def plain_day(value: date | None) -> str:
    """Like "12 maart 1984": for a date of birth or an expiry date, where the weekday says nothing. Always with the year."""
    return wording.day(value, language(), weekday=False, year=True) if value else ""


@register.filter
def short_day(value: date | None) -> str:
    """Like "do 26 nov"."""
    return wording.day(value, language(), short=True) if value else ""


@register.filter
def figure_day(value: date | None) -> str:
    """Like "do 26 november"."""
    return wording.figure_day(value, language()) if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """Like "20.14 uur"."""
    return wording.time_of_day(value, language()) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Like "maandag 23 november, 20.14 uur"."""
    return wording.moment(value, language()) if value else ""


@register.filter
def short_moment(value: datetime | None) -> str:
    """Like "ma 23 nov, 20.14 uur"."""
    return wording.moment(value, language(), short=True) if value else ""


@register.filter
def near(value: datetime | None) -> str:
    """Like "vandaag, 10.42 uur"."""
    return wording.moment_near(value, language()) if value else ""


@register.filter
def from_today(value: date | None) -> str:
    """Like "over 3 dagen"."""
    return wording.from_today(value, language()) if value else ""


@register.filter
def iso(value: date | None) -> str:
    """For the `datetime` attribute of `<time>`: a Dutch clock time with its offset, or a plain date."""
    if isinstance(value, datetime):
        return clock.local(value).isoformat(timespec="minutes")
    return value.isoformat() if value else ""


@register.filter
def euro(value: Decimal | int | float | None) -> str:
    """Like "€ 53,65"."""
    return "" if value is None else wording.euro(value, language())


@register.filter
def number(value: Decimal | int | float | None) -> str:
    """Like "1.234,5"."""
    return "" if value is None else wording.number(value, language())


@register.filter
def size(value: int | None) -> str:
    """Like "84 kB"."""
    return "" if value is None else wording.size(value, language())


@register.filter
def part(field: Field, index: int) -> str:
    """One of the boxes of an answer that has several (day, month, year; the parts of an address), as it was typed."""
    return field.values[index] if index < len(field.values) else ""


@register.filter
def nth(value: Sequence[object], index: int) -> object:
    """The item at a place, counted from 0; nothing where there is none."""
    return value[index] if index < len(value) else ""


@register.filter
def listing(value: list[str] | tuple[str, ...] | None) -> str:
    """Like "a, b en c"."""
    return wording.listing(list(value or ()), language())


@register.simple_tag
def nl() -> SafeString:
    """The attribute `lang="nl"` on an English page, for text that comes from a definition or a person (WCAG 3.1.2)."""
    return SafeString() if language() == "nl" else format_html(' lang="{}"', "nl")


@register.simple_tag
def asset(path: str) -> str:
    """The address of a static file with a mark of its content, so that a browser may keep it until it changes."""
    return staticfile.address(path)


@register.simple_tag
def when(value: datetime | date | None, words: str) -> SafeString:
    """A `<time>` element around `words`."""
    return format_html('<time datetime="{}">{}</time>', iso(value), words)
