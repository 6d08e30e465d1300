"""What a municipality offers, the definitions its cases were opened under, and what it calculated for a whole population."""

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


class SimulationState(models.TextChoices):
    """How far a calculation is."""

    WAITING = "wacht", "wacht op haar beurt"
    RUNNING = "loopt", "rekent"
    DONE = "klaar", "klaar"
    CANCELLED = "afgebroken", "afgebroken"
    FAILED = "mislukt", "niet gelukt"


class Simulation(TenantModel):
    """A law calculated for a population, as it is and changed. Holds totals only, never a row of the population.

    `question` is what was asked (`vliegwiel.catalogue.simulations.Question`), `result` what came out as JSON of
    `vliegwiel.law.population`. `file` is the key of an uploaded population, empty once it was thrown away. `book` identifies the
    text of the laws it was calculated with.
    """

    title = models.CharField(max_length=200)
    law = models.CharField(max_length=80)
    law_name = models.CharField(max_length=200)
    question = models.JSONField()
    state = models.CharField(max_length=12, choices=SimulationState.choices, default=SimulationState.WAITING)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    stop = models.BooleanField(default=False)
    sentence = models.TextField(blank=True)
    result = models.JSONField(null=True)
    file = models.CharField(max_length=120, blank=True)
    book = models.CharField(max_length=64, blank=True)
    subject = models.CharField(max_length=200)
    subject_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["municipality", "-created_at"], name="catalogue_simulation_recent")]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in (SimulationState.DONE, SimulationState.CANCELLED, SimulationState.FAILED)
