"""Applications that were not sent yet."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vliegwiel.base.tenancy import TenantForeignKey

from ..facts import StoredFact
from .row import CaseRow


class Draft(CaseRow):
    """A concept-aanvraag. `answers` holds what was typed, unchanged, as lists of strings per field: nothing typed is ever
    lost, also not when it was wrong. `facts` is what the registers said (the same form as `Fact`), `silent` the registers
    that did not answer. `zaak` is filled when it was sent."""

    bsn = models.CharField(max_length=9)
    product = models.CharField(max_length=100)
    definition = models.CharField(max_length=64)
    reference = models.CharField(max_length=12, help_text="what the person reads out on the phone")
    level = models.IntegerField(help_text="assurance level of the login it was made with")
    channel = models.CharField(max_length=20, default="internet")
    step = models.CharField(max_length=60)
    done = models.JSONField(default=list, help_text="keys of the steps that were answered without a fault")
    answers = models.JSONField(default=dict)
    facts = models.JSONField(default=list)
    silent = models.JSONField(default=list)
    created = models.DateTimeField()
    saved = models.DateTimeField()
    expires = models.DateField()
    zaak = models.UUIDField(null=True)
    ended = models.DateTimeField(null=True, help_text="sent, thrown away or expired")
    version = models.IntegerField(default=1)

    def stored_facts(self) -> list[StoredFact]:
        """What the registers said."""
        return [StoredFact.from_json(fact) for fact in self.facts]

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            # Two browser tabs, one application.
            models.UniqueConstraint(
                fields=["municipality", "bsn", "product"], condition=Q(ended__isnull=True), name="draft_open"
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "expires"], condition=Q(ended__isnull=True), name="draft_expires")
        ]


class DraftUpload(CaseRow):
    """A file added to a draft: checked, stored, not yet a document of a case."""

    draft = TenantForeignKey(Draft, on_delete=models.CASCADE, related_name="uploads")
    field = models.CharField(max_length=100)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    added = models.DateTimeField()

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "draft"], name="draftupload_draft")]
