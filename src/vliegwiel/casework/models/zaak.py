"""The zaak and what hangs on it, as the ZGW Zaken API 1.7.0 knows them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from vliegwiel.base.tenancy import TenantForeignKey

from .row import CaseRow

NO_TERM = date(9999, 12, 31)


class Zaak(CaseRow):
    """A case. The first block is ZGW; the second is what the worklist and the engine need in the same row, so that a page
    of the worklist reads one index. `version` counts changes: an action takes the version the person saw."""

    identificatie = models.CharField(max_length=40)
    bronorganisatie = models.CharField(max_length=9, blank=True)
    verantwoordelijke_organisatie = models.CharField(max_length=9, blank=True)
    opdrachtgevende_organisatie = models.CharField(max_length=9, blank=True)
    omschrijving = models.CharField(max_length=80, blank=True)
    toelichting = models.CharField(max_length=1000, blank=True)
    zaaktype = models.CharField(max_length=100, help_text="key of the product")
    definition = models.CharField(max_length=64, help_text="hash of the resolved definition the case was opened under")
    registratiedatum = models.DateField()
    startdatum = models.DateField()
    einddatum = models.DateField(null=True)
    einddatum_gepland = models.DateField(null=True)
    uiterlijke_einddatum_afdoening = models.DateField(null=True)
    publicatiedatum = models.DateField(null=True)
    communicatiekanaal = models.CharField(max_length=1000, blank=True)
    producten_of_diensten = models.JSONField(default=list)
    vertrouwelijkheidaanduiding = models.CharField(max_length=20, default="zaakvertrouwelijk")
    betalingsindicatie = models.CharField(max_length=20, blank=True)
    laatste_betaaldatum = models.DateTimeField(null=True)
    zaakgeometrie = models.JSONField(null=True)
    verlenging_reden = models.CharField(max_length=200, blank=True)
    verlenging_duur = models.CharField(max_length=20, blank=True)
    opschorting_indicatie = models.BooleanField(default=False)
    opschorting_reden = models.CharField(max_length=200, blank=True)
    selectielijstklasse = models.CharField(max_length=1000, blank=True)
    hoofdzaak = TenantForeignKey("self", on_delete=models.PROTECT, null=True, related_name="deelzaken")
    relevante_andere_zaken = models.JSONField(default=list)
    kenmerken = models.JSONField(default=list)
    archiefnominatie = models.CharField(max_length=20, blank=True)
    archiefstatus = models.CharField(max_length=40, default="nog_te_archiveren")
    archiefactiedatum = models.DateField(null=True)
    startdatum_bewaartermijn = models.DateField(null=True)
    processobjectaard = models.CharField(max_length=200, blank=True)
    processobject = models.JSONField(null=True)
    laatst_gemuteerd = models.DateTimeField()
    laatst_geopend = models.DateTimeField(null=True)

    draft = models.UUIDField(null=True, help_text="the application it came from; makes sending twice harmless")
    received = models.DateTimeField()
    extended_on = models.DateField(null=True, help_text="when the applicant was told of a later deadline (Awb 4:14)")
    extended_to = models.DateField(null=True, help_text="that deadline")
    term_from = models.DateField(
        null=True, help_text="the day after which the decision term counts, if not the receipt"
    )
    due = models.DateField(default=NO_TERM, help_text="what the worklist sorts on: the legal deadline, or `NO_TERM`")
    phase = models.CharField(max_length=60)
    status = models.CharField(max_length=80, blank=True, help_text="key of the status it has now")
    complete = models.BooleanField(default=True, help_text="all required answers, documents and data are there")
    waits = models.CharField(max_length=60, blank=True, help_text="key of the wait that is going on")
    withdrawn = models.BooleanField(default=False)
    law_says = models.CharField(max_length=60, blank=True, help_text="the outcome the law gives now, if it can")
    judgement = models.BooleanField(default=False, help_text="that outcome depends on a judgement of a person")
    automatic = models.BooleanField(default=False, help_text="that outcome may be decided without a person")
    turn = models.CharField(
        max_length=10, default="gemeente", help_text="who must act: gemeente, inwoner, derde, niemand"
    )
    next_step = models.CharField(max_length=200, blank=True)
    bsn = models.CharField(max_length=9, blank=True, help_text="of the initiator, also in its Rol")
    person = models.CharField(max_length=200, blank=True, help_text="name of the person it is about, for lists")
    secret = models.BooleanField(default=False, help_text="geheimhouding (Wet BRP, artikel 2.59)")
    outcome = models.CharField(max_length=60, blank=True, help_text="the outcome that was decided")
    decisions = models.IntegerField(default=0, help_text="how many decisions were taken on it")
    assignee = models.CharField(max_length=200, blank=True, help_text="subject of the member of staff")
    assignee_name = models.CharField(max_length=200, blank=True)
    team = models.CharField(max_length=80, blank=True)
    silent = models.JSONField(default=list, help_text="registers that did not answer and will be asked again")
    version = models.IntegerField(default=1)
    warned_for = models.DateField(null=True, help_text="the deadline somebody was warned of")
    late_for = models.DateField(null=True, help_text="the deadline that was noted as passed")
    rings_on = models.DateField(null=True, help_text="the day on which the next timer of the process goes off")
    rung = models.JSONField(default=list, help_text="the timers that went off, each with the day that started it")
    changed_by = models.CharField(
        max_length=200, blank=True, help_text="who changed it last, by name; empty: the platform"
    )

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "bronorganisatie", "identificatie"], name="zaak_identificatie"
            ),
            models.UniqueConstraint(
                fields=["municipality", "draft"], name="zaak_draft", condition=Q(draft__isnull=False)
            ),
        ]
        indexes = [
            # The worklist. All its filters are in the index, so that pages and counts read nothing else.
            models.Index(
                fields=["municipality", "due", "id"],
                include=["zaaktype", "turn", "assignee", "team", "phase"],
                condition=Q(einddatum__isnull=True),
                name="zaak_open",
            ),
            models.Index(
                fields=["municipality", "assignee", "due", "id"],
                include=["zaaktype", "turn", "team", "phase"],
                condition=Q(einddatum__isnull=True) & ~Q(assignee=""),
                name="zaak_mine",
            ),
            models.Index(
                fields=["municipality", "startdatum", "id"],
                include=["zaaktype", "turn", "assignee", "team", "phase", "due"],
                condition=Q(einddatum__isnull=True),
                name="zaak_running",
            ),
            models.Index(
                fields=["municipality", "-einddatum", "id"],
                include=["zaaktype", "turn", "assignee", "team", "phase", "due"],
                condition=Q(einddatum__isnull=False),
                name="zaak_closed",
            ),
            models.Index(
                fields=["municipality", "rings_on"],
                condition=Q(einddatum__isnull=True) & Q(rings_on__isnull=False),
                name="zaak_rings",
            ),
        ]

    def __str__(self) -> str:
        return self.identificatie


class Status(CaseRow):
    """A status that was set. `statustype` is the key in the definition; the latest one is the status of the case."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="statussen")
    statustype = models.CharField(max_length=80)
    datum_status_gezet = models.DateTimeField()
    statustoelichting = models.CharField(max_length=1000, blank=True)
    gezetdoor = models.CharField(max_length=200, blank=True)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak", "datum_status_gezet"], name="status_zaak")]


class Resultaat(CaseRow):
    """How a case ended. `resultaattype` is the key in the definition; `selectielijst` the number of the selectielijst."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="resultaten")
    resultaattype = models.CharField(max_length=80)
    toelichting = models.CharField(max_length=1000, blank=True)
    selectielijst = models.CharField(max_length=20, blank=True)

    class Meta(CaseRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "zaak"], name="resultaat_zaak")]


class Rol(CaseRow):
    """Who has to do with a case. `betrokkene_identificatie` is the ZGW group of its `betrokkene_type`; `bsn` stands beside
    it so that a person's cases are found by an index."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="rollen")
    betrokkene = models.CharField(max_length=1000, blank=True)
    betrokkene_type = models.CharField(max_length=30)
    afwijkende_naam_betrokkene = models.CharField(max_length=625, blank=True)
    omschrijving = models.CharField(max_length=100, help_text="key of the roltype")
    omschrijving_generiek = models.CharField(max_length=30)
    roltoelichting = models.CharField(max_length=1000, blank=True)
    registratiedatum = models.DateTimeField()
    indicatie_machtiging = models.CharField(max_length=20, blank=True)
    contactpersoon_rol = models.JSONField(null=True)
    betrokkene_identificatie = models.JSONField(default=dict)
    bsn = models.CharField(max_length=9, blank=True)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="rol_zaak"),
            models.Index(fields=["municipality", "bsn", "omschrijving_generiek"], condition=~Q(bsn=""), name="rol_bsn"),
        ]


class ZaakEigenschap(CaseRow):
    """A property of a case that the definition names, for standard clients: the answers that matter, as text."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="eigenschappen")
    eigenschap = models.CharField(max_length=100)
    naam = models.CharField(max_length=100)
    waarde = models.TextField()

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak"], name="eigenschap_zaak")]


class ZaakObject(CaseRow):
    """Something the case is about: an address, a building, a vehicle."""

    zaak = TenantForeignKey(Zaak, on_delete=models.CASCADE, related_name="zaakobjecten")
    object = models.CharField(max_length=1000, blank=True)
    zaakobjecttype = models.CharField(max_length=100, blank=True)
    object_type = models.CharField(max_length=100)
    object_type_overige = models.CharField(max_length=100, blank=True)
    relatieomschrijving = models.CharField(max_length=80, blank=True)
    object_identificatie = models.JSONField(default=dict)

    class Meta(CaseRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "zaak"], name="object_zaak")]
