"""How many cases run under which definition, for who keeps the definitions. Counts only: it shows nothing of a case."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import Count

from vliegwiel.catalogue.versions.running import counts_running

from .models import Zaak


@counts_running
def underway(municipality: str, product: str) -> Mapping[str, int]:
    """Open cases of a product by the hash of their definition."""
    rows = Zaak.objects.filter(municipality_id=municipality, zaaktype=product, einddatum__isnull=True)
    return dict(rows.values_list("definition").annotate(number=Count("id")))
