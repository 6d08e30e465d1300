"""What a municipality calculated for a whole population."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel


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
