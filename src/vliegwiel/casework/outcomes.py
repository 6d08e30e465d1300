"""Which outcomes can be decided on a case."""

from __future__ import annotations

from vliegwiel.catalogue.model import Outcome, Resolved

from .models import InformationRequest
from .progress import WITHDRAWN, Case


def choosable(resolved: Resolved) -> tuple[Outcome, ...]:
    """The outcomes a person can decide: all but withdrawal (which the applicant does) and being sent elsewhere."""
    return tuple(one for one in resolved.outcomes if one.kind not in ("ingetrokken", "elders") and one.key != WITHDRAWN)


def not_treated_allowed(case: Case) -> bool:
    """Whether the applicant had a set term to complete the application and let it pass (Awb 4:5)."""
    if case.zaak.complete or case.zaak.waits:
        return False
    rows = InformationRequest.objects.filter(zaak_id=case.zaak.id, closed__isnull=False, answered__isnull=True)
    return rows.exists()
