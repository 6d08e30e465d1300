"""Definitions as text, version after version: what is published, what is being written, what the package brought.

The text is the truth. Its address is `canonical.text_hash`: layout and comments do not count.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from vliegwiel.base.tenancy import TenantManager, TenantModel

from .shared import EverywhereManager


class Kind(models.TextChoices):
    """What a text defines. Laws stay in the package."""

    PATTERN = "patroon", "patroon"
    BLOCK = "blok", "blok"
    PRODUCT = "product", "product"
    VARIANT = "variant", "variant"


class CatalogueRevision(models.Model):
    """One row: how often anything was published. Whoever publishes holds it until the end, so numbers run in order of commit.

    `mark` is new each time. What was read under a mark can be kept: the same mark never stands for two states.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    value = models.BigIntegerField(default=0)
    mark = models.UUIDField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="catalogue_revision_one")]

    def __str__(self) -> str:
        return str(self.value)


class PackagedText(models.Model):
    """A definition file of the package as it once was, so that a municipality can stay on it. Public; only grows."""

    id = models.BigAutoField(primary_key=True)
    release = models.BigIntegerField(help_text="value of the revision when it was first seen")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=80)
    owner = models.CharField(max_length=6, blank=True)
    version = models.CharField(max_length=20, blank=True)
    hash = models.CharField(max_length=64)
    name = models.CharField(max_length=200, help_text="the file below the folder of definitions")
    text = models.TextField(help_text="empty: the file went away in this release")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "owner", "release"], name="catalogue_packaged_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.release})"


class Publication(TenantModel):
    """A version of a definition that a municipality published. `municipality` is the publisher; everybody may read it.

    Nothing of it changes any more (the database refuses it) except that it can be deprecated. `number` is its place among all
    publications, `serial` the same until it is deprecated: then it gets a new one, so that who reads on from a serial sees it.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=80, help_text="of a variant: the product")
    owner = models.CharField(max_length=6, blank=True, help_text="of a variant: the municipality it is for")
    version = models.CharField(max_length=20)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    parents = ArrayField(models.CharField(max_length=64), default=list)
    summary = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    prepared_by = models.CharField(max_length=200)
    prepared_by_name = models.CharField(max_length=200)
    approved_by = models.CharField(max_length=200)
    approved_by_name = models.CharField(max_length=200)
    published_at = models.DateTimeField()
    origin = models.CharField(max_length=80, default="eigen", help_text="eigen, pakket of uitwisseling:<wie>")
    number = models.PositiveBigIntegerField()
    serial = models.PositiveBigIntegerField()
    deprecated_from = models.DateField(null=True)
    deprecated_until = models.DateField(null=True, help_text="last day it may be used")
    deprecation_reason = models.TextField(blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()
    everywhere: ClassVar[EverywhereManager[Self]] = EverywhereManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["municipality", "number"], name="catalogue_publication_number"),
            models.UniqueConstraint(fields=["municipality", "serial"], name="catalogue_publication_serial"),
            models.UniqueConstraint(
                fields=["municipality", "kind", "key", "owner", "version"], name="catalogue_publication_version"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "key", "owner"], name="catalogue_publication_what"),
            models.Index(fields=["hash"], name="catalogue_publication_hash"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.version} van {self.municipality_id}"


class DraftState(models.TextChoices):
    """How far a draft is."""

    WRITING = "concept", "concept"
    OFFERED = "ter goedkeuring", "ter goedkeuring"


class Draft(TenantModel):
    """A definition that somebody is writing, beside what is live. One for each definition of a municipality.

    `history` holds earlier texts, oldest first, at most `versions.drafts.MOST_KEPT`; `place` is where undo stands in it.
    """

    kind = models.CharField(max_length=12, choices=Kind.choices)
    key = models.CharField(max_length=80)
    owner = models.CharField(max_length=6, blank=True)
    base = models.CharField(max_length=64, blank=True, help_text="hash of the text it was begun from")
    text = models.TextField()
    history = models.JSONField(default=list)
    place = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=20, choices=DraftState.choices, default=DraftState.WRITING)
    version = models.CharField(max_length=20, blank=True, help_text="asked for, when offered")
    summary = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    edited_by = models.CharField(max_length=200)
    edited_by_name = models.CharField(max_length=200)
    edited_at = models.DateTimeField()
    offered_by = models.CharField(max_length=200, blank=True)
    offered_by_name = models.CharField(max_length=200, blank=True)
    offered_at = models.DateTimeField(null=True)
    refusal = models.TextField(blank=True, help_text="why the second person sent it back")

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["municipality", "kind", "key", "owner"], name="catalogue_draft_one")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"
