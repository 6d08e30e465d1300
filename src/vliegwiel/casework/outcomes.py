"""Which outcomes can be decided on a case."""

from __future__ import annotations

from vliegwiel.catalogue.model import Outcome, Resolved

from .models import InformationRequest
from .progress import WITHDRAWN, Case
from .waiting import waited_in_vain


def choosable(resolved: Resolved) -> tuple[Outcome, ...]:
    """The outcomes a person can decide: all but withdrawal (which the applicant does) and being sent elsewhere."""
    return tuple(one for one in resolved.outcomes if one.kind not in ("ingetrokken", "elders") and one.key != WITHDRAWN)


def not_treated_allowed(case: Case, outcome: str) -> bool:
    """Whether the applicant had a set term to complete the application and let it pass (Awb 4:5), or let another wait pass
    after which the process allows this outcome (such as paying)."""
    if waited_in_vain(case, outcome):
        return True
    if case.zaak.complete or case.zaak.waits:
        return False
    rows = InformationRequest.objects.filter(zaak_id=case.zaak.id, closed__isnull=False, answered__isnull=True)
    return rows.exists()
