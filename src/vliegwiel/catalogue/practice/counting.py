"""Count what happened in one municipality, and keep the counts where all can read them."""

from __future__ import annotations

from datetime import date

from vliegwiel.base.clock import midnight, now, today
from vliegwiel.base.tenancy import scope
from vliegwiel.trust.history import OpenEvent, events_of_cases

from ..models import PracticeFigure, ResolvedDefinition
from .cells import as_json, cells, quarter
from .journey import OPENED, Happening, journeys

QUARTERS = 8
"""How far back is counted: two years, and the quarter that runs."""


def count(municipality: str) -> int:
    """Count the cases of a municipality anew and replace what was kept; returns the number of cells. For the job: reads only what
    stands in the open and writes no row about a case. Twice gives the same."""
    since = first_quarter(today())
    with scope(municipality):
        found = cells(journeys(_happening(one) for one in events_of_cases(municipality, OPENED, midnight(since))))
        versions = dict(ResolvedDefinition.objects.values_list("hash", "version"))
        at = now()
        PracticeFigure.objects.all().delete()
        PracticeFigure.objects.bulk_create(
            [
                PracticeFigure(
                    municipality_id=municipality,
                    product=key.product,
                    definition=key.definition,
                    version=versions.get(key.definition, ""),
                    begin=key.begin,
                    stratum=key.kind,
                    cases=cell.cases,
                    content=as_json(cell),
                    counted_at=at,
                )
                for key, cell in found.items()
            ],
            batch_size=500,
        )
    return len(found)


def first_quarter(day: date) -> date:
    """The first day of the oldest quarter that counts."""
    first = quarter(day)
    months = first.year * 12 + first.month - 1 - 3 * QUARTERS
    return date(months // 12, months % 12 + 1, 1)


def _happening(one: OpenEvent) -> Happening:
    return Happening(one.zaak_id, one.kind, one.at, one.actor_kind, one.actor_id, one.payload)
