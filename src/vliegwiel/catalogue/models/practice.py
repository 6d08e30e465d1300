"""How a product went in practice, in figures that may be compared between municipalities."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel

from .shared import EverywhereManager


class PracticeFigure(TenantModel):
    """Sums, counts and histograms over one kind of cases in one quarter. Never a row of a case; few cases are taken together.

    `begin` is the first day of the quarter of receipt, `stratum` the kind of cases (channel, applicant). All may read it.
    """

    product = models.CharField(max_length=80)
    definition = models.CharField(max_length=64, help_text="hash of the resolved definition the cases ran under")
    version = models.CharField(max_length=20)
    begin = models.DateField()
    stratum = models.CharField(max_length=120)
    cases = models.PositiveIntegerField()
    content = models.JSONField()
    counted_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    everywhere: ClassVar[EverywhereManager[Self]] = EverywhereManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "product", "definition", "begin", "stratum"], name="catalogue_practice_cell"
            )
        ]
        indexes = [models.Index(fields=["product", "begin"], name="catalogue_practice_product")]

    def __str__(self) -> str:
        return f"{self.product} {self.begin}: {self.cases}"
