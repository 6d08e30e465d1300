"""What a municipality offers, and the definitions its cases were opened under."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel

from .shared import EverywhereManager


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
    """A municipality offers a product from a date on. `end` is the last day; none means still offered.

    What it runs comes from its own publications, above those of the `publisher` it follows (empty: nobody) up to and including
    number `upto`, above the files of the package: as they are now, or (`release`) as they were when it was held back.
    Everybody may read it: which municipality offers what is no secret.
    """

    product = models.CharField(max_length=80)
    begin = models.DateField()
    end = models.DateField(null=True)
    mode = models.CharField(max_length=12, choices=AdoptionMode.choices, default=AdoptionMode.FOLLOW)
    pinned = models.CharField(max_length=64, blank=True, help_text="hash of the definition it stays on")
    adopted_at = models.DateTimeField()
    publisher = models.CharField(max_length=6, blank=True, help_text="code of the municipality it follows")
    upto = models.BigIntegerField(default=0, help_text="number of the last publication of that publisher that counts")
    release = models.BigIntegerField(null=True, help_text="number of the release of the package it stays on")
    definition = models.CharField(max_length=64, blank=True, help_text="hash of what it ran when last looked at")
    version = models.CharField(max_length=20, blank=True, help_text="version of the product when last looked at")

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    everywhere: ClassVar[EverywhereManager[Self]] = EverywhereManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["municipality", "product", "begin"], name="catalogue_adoption_begin"),
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("begin")),
                name="catalogue_adoption_period",
            ),
        ]
        indexes = [models.Index(fields=["product", "municipality"], name="catalogue_adoption_product")]

    def __str__(self) -> str:
        return f"{self.product} vanaf {self.begin}"


class AdoptionStep(TenantModel):
    """A moment at which what a municipality runs of a product changed: the trail along which it can go back. Only grows."""

    product = models.CharField(max_length=80)
    day = models.DateField(help_text="from which day it counts")
    definition = models.CharField(max_length=64, help_text="hash of the resolved definition")
    version = models.CharField(max_length=20)
    why = models.CharField(max_length=300)
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    everywhere: ClassVar[EverywhereManager[Self]] = EverywhereManager()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["municipality", "product", "-at"], name="catalogue_step_recent")]

    def __str__(self) -> str:
        return f"{self.product} {self.version} vanaf {self.day}"


class NoticeState(models.TextChoices):
    """What a municipality did with the news of a version."""

    NEW = "nieuw", "nieuw"
    SEEN = "gezien", "gezien"
    CHOSEN = "gekozen", "gekozen, wacht op een collega"
    ACCEPTED = "overgenomen", "overgenomen"
    REFUSED = "geweigerd", "geweigerd"
    REPLACED = "vervangen", "vervangen door een nieuwer bericht"


class NoticeEffect(models.TextChoices):
    """What a new version does to the variant of a municipality."""

    NONE = "geen", "uw variant blijft zoals zij is"
    AUTOMATIC = "automatisch", "uw variant gaat vanzelf mee"
    CONFLICTS = "conflicten", "u moet kiezen"
    EXAMPLES = "voorbeelden", "een voorbeeld komt niet meer uit"
    BROKEN = "onbruikbaar", "de nieuwe versie past niet"


class Notice(TenantModel):
    """There is a new version of something that a municipality offers: what changed, by whom, why, and what it does there.

    `changes`, `effects` and `conflicts` hold JSON of `vliegwiel.catalogue.adopting.news`. `upto`/`release` is how far an adoption
    comes by taking it over; `publisher` is empty for the package.
    """

    product = models.CharField(max_length=80)
    publisher = models.CharField(max_length=6, blank=True)
    upto = models.BigIntegerField(default=0)
    release = models.BigIntegerField(null=True)
    from_hash = models.CharField(max_length=64, help_text="resolved definition before")
    to_hash = models.CharField(max_length=64, blank=True, help_text="resolved definition after, where it can be made")
    from_version = models.CharField(max_length=20)
    to_version = models.CharField(max_length=20)
    what = models.JSONField(default=list, help_text="the publications: kind, key, version, summary, reason, by whom")
    changes = models.JSONField(default=list)
    effect = models.CharField(max_length=12, choices=NoticeEffect.choices)
    effects = models.JSONField(default=list)
    conflicts = models.JSONField(default=list)
    findings = models.JSONField(default=list)
    choices = models.JSONField(default=dict, help_text="what somebody chose in the conflicts, by path")
    chosen_by = models.CharField(max_length=200, blank=True)
    chosen_by_name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=NoticeState.choices, default=NoticeState.NEW)
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["municipality", "state", "-made_at"], name="catalogue_notice_recent")]

    def __str__(self) -> str:
        return f"{self.product} {self.from_version} → {self.to_version}"
