"""What was computed, proposed and decided, and what a decision gave."""

from __future__ import annotations

from django.db import models

from vliegwiel.base.tenancy import TenantForeignKey

from .document import EnkelvoudigInformatieObject
from .row import CaseRow
from .zaak import Zaak


class LawOutcome(CaseRow):
    """What the law said on the facts of a moment: the whole decision with its trace, and the hash of the law it ran on."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="law_outcomes")
    computed = models.DateTimeField()
    on_date = models.DateField(help_text="the date whose law was applied")
    outcome = models.CharField(max_length=60, blank=True)
    law_hash = models.CharField(max_length=64)
    decision = models.TextField(help_text="the decision as the law gave it, in its one JSON form")
    micros = models.IntegerField(default=0)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak", "computed"], name="lawoutcome_zaak")]


class Proposal(CaseRow):
    """A decision that waits for a second pair of eyes. At most one is open for a case."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="proposals")
    outcome = models.CharField(max_length=60)
    judgements = models.JSONField(default=dict)
    deviation = models.TextField(blank=True)
    by = models.CharField(max_length=200)
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    closed = models.DateTimeField(null=True)
    confirmed_by = models.CharField(max_length=200, blank=True)
    sent_back = models.TextField(blank=True)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "zaak"], condition=models.Q(closed__isnull=True), name="proposal_open"
            )
        ]


class Besluit(CaseRow):
    """A decision (ZGW Besluiten 1.1.0). `content` is what the letter and the status page say: fixed at the moment of
    deciding, so that a later change of law or text never changes what was decided."""

    identificatie = models.CharField(max_length=50)
    verantwoordelijke_organisatie = models.CharField(max_length=9, blank=True)
    besluittype = models.CharField(max_length=200)
    zaak = TenantForeignKey(Zaak, on_delete=models.PROTECT, null=True, related_name="besluiten")
    datum = models.DateField()
    toelichting = models.TextField(blank=True)
    bestuursorgaan = models.CharField(max_length=50, blank=True)
    ingangsdatum = models.DateField()
    vervaldatum = models.DateField(null=True)
    vervalreden = models.CharField(max_length=30, blank=True)
    publicatiedatum = models.DateField(null=True)
    verzenddatum = models.DateField(null=True)
    uiterlijke_reactiedatum = models.DateField(null=True)

    awb = models.BooleanField(
        default=True, help_text="a besluit in the sense of the Awb; others standard clients do not see"
    )
    outcome = models.CharField(max_length=60)
    content = models.JSONField(default=dict)
    judgements = models.JSONField(default=dict)
    deviation = models.TextField(blank=True)
    law_outcome = TenantForeignKey(LawOutcome, on_delete=models.PROTECT, null=True, related_name="besluiten")
    decided_by = models.CharField(max_length=200, blank=True, help_text="empty: by the computer alone")
    decided_by_name = models.CharField(max_length=200, blank=True)
    second_by = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField()

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "verantwoordelijke_organisatie", "identificatie"], name="besluit_identificatie"
            )
        ]
        indexes = [models.Index(fields=["municipality", "zaak"], name="besluit_zaak")]


class BesluitInformatieObject(CaseRow):
    """The document that lays down a decision."""

    besluit = TenantForeignKey(Besluit, on_delete=models.CASCADE, related_name="informatieobjecten")
    informatieobject = TenantForeignKey(EnkelvoudigInformatieObject, on_delete=models.PROTECT, related_name="besluiten")

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "besluit", "informatieobject"], name="besluitinformatieobject"
            )
        ]


class Entitlement(CaseRow):
    """What a decision grants: a permit, a right, a duty. It lives on when the case is closed."""

    zaak = TenantForeignKey(Zaak, on_delete=models.PROTECT, related_name="entitlements")
    besluit = TenantForeignKey(Besluit, on_delete=models.PROTECT, related_name="entitlements")
    kind = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    bsn = models.CharField(max_length=9, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    state = models.CharField(max_length=20, default="geldig", help_text="geldig, verlopen, ingetrokken, vervangen")
    state_since = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="entitlement_zaak"),
            models.Index(fields=["municipality", "bsn", "kind"], name="entitlement_bsn"),
            models.Index(
                fields=["municipality", "valid_until"], condition=models.Q(state="geldig"), name="entitlement_until"
            ),
        ]
