"""Other installations: whom a municipality hears from, what they offered, and what was proposed back and forth."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from vliegwiel.base.tenancy import TenantForeignKey, TenantManager, TenantModel


class Peer(TenantModel):
    """A municipality on another installation, whose publications are pulled."""

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=120)
    url = models.CharField(max_length=500)
    public_key = models.CharField(max_length=64, help_text="Ed25519, 32 bytes in base64")
    kinds = models.JSONField(default=list)
    keys = models.JSONField(default=list, help_text="products wanted; empty means all")
    cursor = models.BigIntegerField(default=0)
    active = models.BooleanField(default=True)
    last_pull_at = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    failures = models.PositiveIntegerField(default=0)
    added_by = models.CharField(max_length=200)
    added_by_name = models.CharField(max_length=200)
    added_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["municipality", "url"], name="catalogue_peer_url")]

    def __str__(self) -> str:
        return self.name


class ReceivedState(models.TextChoices):
    """What was done with what a peer offers."""

    NEW = "nieuw", "nieuw"
    ACCEPTED = "overgenomen", "overgenomen"
    REFUSED = "geweigerd", "geweigerd"
    REPLACED = "vervangen", "vervangen door een nieuwere versie"


class Received(TenantModel):
    """A definition that a peer published, until somebody takes it over or refuses it. It runs nowhere by itself."""

    peer = TenantForeignKey(Peer, on_delete=models.CASCADE, related_name="+")
    publisher = models.CharField(max_length=6)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    owner = models.CharField(max_length=6, blank=True)
    version = models.CharField(max_length=20)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    parents = models.JSONField(default=list)
    summary = models.TextField(blank=True)
    reason = models.TextField(blank=True)
    published_at = models.DateTimeField()
    deprecated_from = models.DateField(null=True)
    deprecated_until = models.DateField(null=True)
    needs = models.JSONField(default=list, help_text="what it rests on: soort, sleutel, versie, hash")
    bundle = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=ReceivedState.choices, default=ReceivedState.NEW)
    note = models.TextField(blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "peer", "kind", "key", "owner", "hash"], name="catalogue_received_once"
            )
        ]
        indexes = [models.Index(fields=["municipality", "state", "-received_at"], name="catalogue_received_recent")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.version} van {self.publisher}"


class Direction(models.TextChoices):
    """Which way a proposal goes."""

    IN = "in", "ontvangen"
    OUT = "uit", "verstuurd"


class ProposalState(models.TextChoices):
    """How far a proposal is."""

    DRAFT = "concept", "concept"
    SENT = "verstuurd", "verstuurd"
    NEW = "nieuw", "nieuw"
    ACCEPTED = "overgenomen", "overgenomen"
    REFUSED = "geweigerd", "geweigerd"
    FAILED = "mislukt", "niet gelukt"


class Proposal(TenantModel):
    """A text that a municipality proposes to the publisher of the definition, or that was proposed to it."""

    direction = models.CharField(max_length=4, choices=Direction.choices)
    peer = TenantForeignKey(Peer, on_delete=models.CASCADE, related_name="+", null=True)
    other = models.CharField(max_length=6)
    kind = models.CharField(max_length=12)
    key = models.CharField(max_length=80)
    owner = models.CharField(max_length=6, blank=True)
    base = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    text = models.TextField()
    reason = models.TextField()
    sender = models.CharField(max_length=200)
    sender_name = models.CharField(max_length=200)
    state = models.CharField(max_length=12, choices=ProposalState.choices)
    answer = models.TextField(blank=True)
    remote = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=200, blank=True)
    decided_by_name = models.CharField(max_length=200, blank=True)

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "direction", "other", "hash", "base"], name="catalogue_proposal_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.kind} {self.key}"


class ZgwImport(TenantModel):
    """Case types of another system that were read, and the report on them."""

    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    content = models.JSONField()
    report = models.JSONField(null=True)
    created_by = models.CharField(max_length=200)
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["municipality", "-created_at"], name="catalogue_zgwimport_recent")]

    def __str__(self) -> str:
        return self.title
