"""What a page of the rounds was asked: the day and the kind of waste in the address."""

from __future__ import annotations

import re
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.operations.situation import is_fraction
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)


def day(request: PageRequest) -> date | None:
    """The day in the address; None without one, and for what is no day."""
    text = posted.query(request, "dag", 10)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text, re.ASCII):
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST <= found <= LAST else None


def fraction(request: PageRequest) -> str:
    """The kind of waste in the address; empty without one, and for what is none."""
    text = posted.query(request, "soort", 10)
    return text if is_fraction(text) else ""


def address(day_: date, fraction_: str) -> str:
    """The page of a day."""
    return f"{reverse('rounds:today')}?{urlencode({'dag': day_.isoformat(), 'soort': fraction_})}"


def posted_day(request: PageRequest) -> date:
    """The day of a form. Raises `Invalid`."""
    text = posted.one(request, "dag")
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        found = None
    if found is None or not FIRST <= found <= LAST:
        raise Invalid("Kies een dag.")
    return found


def posted_fraction(request: PageRequest) -> str:
    """The kind of waste of a form. Raises `Invalid`."""
    text = posted.one(request, "soort")
    if not is_fraction(text):
        raise Invalid("Kies een soort afval.")
    return text


def back(request: PageRequest) -> str:
    """The page of the day a form was on."""
    return address(posted_day(request), posted_fraction(request))
