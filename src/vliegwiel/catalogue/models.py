"""What a municipality offers, and the definitions its cases were opened under."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel


class ResolvedDefinition(TenantModel):
    """A resolved definition as it was when a case first needed it. Never changed: its hash is its name."""

    hash = models.CharField(max_length=64)
    key = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    content = models.JSONField()
    created_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["municipality", "hash"], name="catalogue_definition_hash")]

    def __str__(self) -> str:
        return f"{self.key} {self.version} ({self.hash[:8]})"


class AdoptionMode(models.TextChoices):
    """What happens when the product gets a new version."""

    FOLLOW = "volgen", "volgt nieuwe versies"
    PIN = "vastzetten", "blijft op deze versie"


class Adoption(TenantModel):
    """A municipality offers a product from a date on. `end` is the last day; none means still offered."""

    product = models.CharField(max_length=80)
    begin = models.DateField()
    end = models.DateField(null=True)
    mode = models.CharField(max_length=12, choices=AdoptionMode.choices, default=AdoptionMode.FOLLOW)
    pinned = models.CharField(max_length=64, blank=True, help_text="hash of the definition it stays on")
    adopted_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["municipality", "product", "begin"], name="catalogue_adoption_begin"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("begin")),
                name="catalogue_adoption_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} vanaf {self.begin}"
