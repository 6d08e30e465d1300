"""The facts of a case: what is known now. A newer fact replaces an older one, which stays to show what was known then."""

from __future__ import annotations

from collections.abc import Iterable

from vliegwiel.base.clock import now

from . import hot
from .facts import StoredFact
from .models import Fact, Zaak
from .progress import Case


def current_rows(zaak: Zaak) -> dict[str, Fact]:
    """The rows of the facts that hold now, by datum."""
    return {row.datum: row for row in hot.facts_of(zaak.municipality_id, zaak.id)}


def current_facts(zaak: Zaak) -> dict[str, StoredFact]:
    """The facts that hold now, by datum."""
    return {datum: row.stored for datum, row in current_rows(zaak).items()}


def supersede(case: Case, facts: Iterable[StoredFact]) -> None:
    """Let newer facts replace what was known. The older rows are closed in the same statement that adds the new ones."""
    newer = list(facts)
    names = [fact.name for fact in newer]
    older = Fact.objects.filter(
        zaak_id=case.zaak.id, municipality_id=case.zaak.municipality_id, superseded__isnull=True, datum__in=names
    )
    older.update(superseded=now())
    case.add(*(Fact.of(case.zaak, fact) for fact in newer))
