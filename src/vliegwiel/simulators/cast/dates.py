"""Dates in the cast, told from the day the register is filled, so that the story stays true on every day.

`2010-06-12` · `41 jaar op 12-03` (the birthday on which a person became 41) · `over 70 dagen` · `3 maanden geleden` ·
`vandaag`.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_FIXED = re.compile(r"\d{4}-\d{2}-\d{2}")
_BIRTHDAY = re.compile(r"(\d{1,3}) jaar op (\d{2})-(\d{2})")
_AHEAD = re.compile(r"over (\d{1,4}) (dagen|maanden|jaar)")
_BACK = re.compile(r"(\d{1,4}) (dagen|maanden|jaar) geleden")


def told_date(text: str, today: date) -> date:
    """The calendar date that `text` means on `today`. Raises `ValueError` that says what can be written."""
    if text == "vandaag":
        return today
    if _FIXED.fullmatch(text):
        return date.fromisoformat(text)
    if found := _BIRTHDAY.fullmatch(text):
        return _birthday(int(found[1]), int(found[2]), int(found[3]), today)
    if found := _AHEAD.fullmatch(text):
        return _moved(today, int(found[1]), found[2])
    if found := _BACK.fullmatch(text):
        return _moved(today, -int(found[1]), found[2])
    raise ValueError(
        f"{text!r} is no date; write 2010-06-12, '41 jaar op 12-03', 'over 70 dagen', '3 maanden geleden' or 'vandaag'"
    )


def _birthday(age: int, day: int, month: int, today: date) -> date:
    had_it = (today.month, today.day) >= (month, day)
    return date(today.year - age - (0 if had_it else 1), month, day)


def _moved(start: date, number: int, unit: str) -> date:
    if unit == "dagen":
        return start + timedelta(days=number)
    months = start.year * 12 + start.month - 1 + number * (12 if unit == "jaar" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
