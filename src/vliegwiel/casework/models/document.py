"""Documents, as the ZGW Documenten API 1.7.1 knows them: one row for the document, one for each of its versions."""

from __future__ import annotations

from django.db import models

from vliegwiel.base.tenancy import TenantForeignKey

from .row import CaseRow
from .zaak import Zaak


class EnkelvoudigInformatieObject(CaseRow):
    """A document. What can change from version to version stands in `InformatieObjectVersie`; `versie` is the newest."""

    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9, blank=True)
    informatieobjecttype = models.CharField(max_length=200)
    creatiedatum = models.DateField()
    versie = models.IntegerField(default=1)
    lock = models.CharField(max_length=100, blank=True)
    indicatie_gebruiksrecht = models.BooleanField(null=True, default=False)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "bronorganisatie", "identificatie"], name="informatieobject_identificatie"
            )
        ]


class InformatieObjectVersie(CaseRow):
    """One version of a document. `inhoud` is the key in the file storage, empty while the content is still being made."""

    informatieobject = TenantForeignKey(EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="versies")
    versie = models.IntegerField(default=1)
    begin_registratie = models.DateTimeField()
    titel = models.CharField(max_length=200)
    auteur = models.CharField(max_length=200)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20, default="zaakvertrouwelijk")
    tonen_aan_initiator = models.BooleanField(default=True)
    is_gereed_voor_publicatie = models.BooleanField(default=False)
    inhoud_is_vervallen = models.BooleanField(default=False)
    status = models.CharField(max_length=20, blank=True)
    formaat = models.CharField(max_length=255, blank=True)
    taal = models.CharField(max_length=3, default="nld")
    bestandsnaam = models.CharField(max_length=255, blank=True)
    bestandsomvang = models.BigIntegerField(null=True)
    inhoud = models.CharField(max_length=255, blank=True)
    link = models.CharField(max_length=200, blank=True)
    beschrijving = models.CharField(max_length=1000, blank=True)
    ontvangstdatum = models.DateField(null=True)
    verzenddatum = models.DateField(null=True)
    verschijningsvorm = models.TextField(blank=True)
    integriteit_algoritme = models.CharField(max_length=20, blank=True)
    integriteit_waarde = models.CharField(max_length=128, blank=True)
    integriteit_datum = models.DateField(null=True)
    ondertekening_soort = models.CharField(max_length=20, blank=True)
    ondertekening_datum = models.DateField(null=True)
    trefwoorden = models.JSONField(default=list)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "informatieobject", "versie"], name="informatieobject_versie"
            )
        ]


class ZaakInformatieObject(CaseRow):
    """A document belongs to a case."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="zaakinformatieobjecten")
    informatieobject = TenantForeignKey(EnkelvoudigInformatieObject, on_delete=models.PROTECT, related_name="zaken")
    titel = models.CharField(max_length=200, blank=True)
    beschrijving = models.TextField(blank=True)
    registratiedatum = models.DateTimeField()
    vernietigingsdatum = models.DateTimeField(null=True)
    field = models.CharField(max_length=100, blank=True, help_text="the question of the form it answers")

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["municipality", "zaak", "informatieobject"], name="zaakinformatieobject")
        ]
        indexes = [models.Index(fields=["municipality", "informatieobject"], name="zio_informatieobject")]


class PendingLetter(CaseRow):
    """A letter that still has to be typeset: its whole content, so that the job needs nothing else. Kept after it was made,
    to be able to make the same letter again."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="letters")
    informatieobject = TenantForeignKey(EnkelvoudigInformatieObject, on_delete=models.CASCADE, related_name="letters")
    letter = models.JSONField()
    asked = models.DateTimeField()
    made = models.DateTimeField(null=True)
    failed = models.DateTimeField(null=True)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["municipality", "informatieobject"], name="pendingletter_informatieobject")
        ]
        indexes = [
            models.Index(fields=["municipality", "asked"], condition=models.Q(made__isnull=True), name="pendingletter")
        ]
