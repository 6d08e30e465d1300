"""Keeping the deadline in the row of the case in line with its term, stretches of standing still, and extension."""

from __future__ import annotations

from datetime import date

from vliegwiel.base.clock import today
from vliegwiel.catalogue.model import Resolved

from . import hot
from .models import Suspension, Zaak
from .models.zaak import NO_TERM
from .progress import Case
from .terms import latest_deadline, stops_of


def set_deadline(case: Case, *, added: Suspension | None = None, changed: Suspension | None = None) -> None:
    """Work the deadline out again, with a stretch that is not yet, or not yet so, in the database."""
    zaak = case.zaak
    rows = {row.id: row for row in hot.suspensions_of(zaak.municipality_id, zaak.id)}
    for row in (added, changed):
        if row is not None:
            rows[row.id] = row
    deadline = latest_deadline(zaak, case.resolved.terms.decide, stops_of(rows.values()), today())
    case.set(zaak, uiterlijke_einddatum_afdoening=deadline, due=deadline or NO_TERM)


def first_deadline(zaak: Zaak, resolved: Resolved) -> date:
    """The deadline of a case that is being opened."""
    return latest_deadline(zaak, resolved.terms.decide, [], today())
