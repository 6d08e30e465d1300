"""One datum taken out of an answer, before it is labelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from .brpdata import AnyDatum, full_date, partial_date
from .facts import PartialDate, Value


@dataclass(frozen=True, slots=True)
class Found:
    """A value with where it stood. `known` is false where the register says it does not know."""

    value: Value = field(repr=False)
    path: str
    known: bool = True
    doubt: bool = False
    partial: PartialDate | None = field(default=None, repr=False)


def a_text(text: str | None, path: str, *, doubt: bool = False) -> Found:
    """A text; empty is unknown."""
    return Found(text or None, path, known=bool(text), doubt=doubt)


def a_date(datum: AnyDatum | date | None, path: str, *, doubt: bool = False) -> Found:
    """A date; an incomplete one has no value but keeps what is known of it."""
    if isinstance(datum, date):
        return Found(datum, path, doubt=doubt)
    day = full_date(datum)
    return Found(day, path, known=day is not None, doubt=doubt, partial=partial_date(datum))


def a_number(number: int | None, path: str, *, doubt: bool = False) -> Found:
    """A number; absent is unknown."""
    return Found(number, path, known=number is not None, doubt=doubt)
