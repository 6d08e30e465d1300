"""What stands in the street and what drives: containers, depots, tip sites, trucks, and what we know of their filling.

Units: litres, kilograms, metres, seconds, eurocents, percent (0-100) for a fill level. Positions are WGS84 degrees (`lon`,
`lat`) and metres in the Dutch grid (`rd_x`, `rd_y`, EPSG:28992). Seconds of a window or shift count from midnight, on the
Dutch clock. Windows are a list of [from, until, weekdays], weekdays 1 (Monday) to 7 (ISO 8601); empty means always.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vliegwiel.base.tenancy import TenantForeignKey

from .row import RoundsRow
from .sensing import Thing
from .sourcing import Device


class Fraction(models.TextChoices):
    """Streams of household waste that are collected apart."""

    REST = "rest", "restafval"
    PAPIER = "papier", "papier en karton"
    GLAS = "glas", "glas"
    PBD = "pbd", "plastic, blik en drankpakken"
    GFT = "gft", "groente, fruit en tuinafval"
    TEXTIEL = "textiel", "textiel"


class Container(RoundsRow):
    """A container that a truck empties. `kilograms_full` is what is in it when it is full."""

    thing = TenantForeignKey(Thing, on_delete=models.PROTECT, related_name="containers")
    code = models.CharField(max_length=40, help_text="the number that stands on it")
    fraction = models.CharField(max_length=10, choices=Fraction.choices)
    litres = models.FloatField()
    kilograms_full = models.FloatField()
    address = models.CharField(max_length=200, blank=True)
    lon = models.FloatField()
    lat = models.FloatField()
    rd_x = models.FloatField()
    rd_y = models.FloatField()
    district = models.CharField(max_length=80, blank=True)
    service_seconds = models.IntegerField(default=120)
    windows = models.JSONField(default=list)
    truck_types = models.JSONField(default=list, help_text="empty: any truck of its fraction")
    active_from = models.DateField(null=True)
    active_until = models.DateField(null=True, help_text="last day on which it stands there")
    fixed_days = models.JSONField(default=list, help_text="weekdays of the schedule it had before, 1-7")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["municipality", "code"], name="container_code"),
            models.UniqueConstraint(fields=["municipality", "thing"], name="container_thing"),
        ]
        indexes = [models.Index(fields=["municipality", "fraction", "district"], name="container_fraction")]


class Depot(RoundsRow):
    """Where trucks begin and end their day."""

    name = models.CharField(max_length=120)
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="depot_name")]


class TipSite(RoundsRow):
    """Where trucks tip what they carry. `fractions` are those it takes; empty means all."""

    name = models.CharField(max_length=120)
    lon = models.FloatField()
    lat = models.FloatField()
    fractions = models.JSONField(default=list)
    windows = models.JSONField(default=list)
    service_seconds = models.IntegerField(default=900)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="tipsite_name")]


class Truck(RoundsRow):
    """A truck with its crew. `litres_compressed` is how many litres of street containers fit after pressing."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    type = models.CharField(max_length=40, blank=True, help_text="what `Container.truck_types` refers to")
    fractions = models.JSONField(default=list)
    litres_compressed = models.FloatField()
    kilograms = models.FloatField(help_text="what it may carry")
    depot = TenantForeignKey(Depot, on_delete=models.PROTECT, related_name="trucks")
    shift_from = models.IntegerField(default=7 * 3600)
    shift_to = models.IntegerField(default=16 * 3600)
    break_seconds = models.IntegerField(default=1800)
    break_from = models.IntegerField(default=11 * 3600)
    break_to = models.IntegerField(default=13 * 3600)
    overtime_seconds = models.IntegerField(default=0, help_text="how much longer than the shift it may work")
    cost_km = models.IntegerField(help_text="cents")
    cost_hour = models.IntegerField(help_text="cents")
    cost_overtime_hour = models.IntegerField(default=0, help_text="cents, on top")
    weight_kg = models.FloatField(null=True, help_text="largest total weight, for weight limits of roads")
    height_m = models.FloatField(null=True)
    emission_class = models.CharField(max_length=20, blank=True)
    active = models.BooleanField(default=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "code"], name="truck_code")]


class Forecast(RoundsRow):
    """What we expect of a container: the latest one counts, older ones stay to be judged by."""

    container = TenantForeignKey(Container, on_delete=models.CASCADE, related_name="forecasts")
    made_at = models.DateTimeField()
    method = models.CharField(max_length=60)
    level_now = models.FloatField(help_text="percent, mean")
    level_low = models.FloatField(help_text="percent, 5 % quantile")
    level_high = models.FloatField(help_text="percent, 95 % quantile")
    rate_mean = models.FloatField(help_text="percent a day")
    rate_sd = models.FloatField(help_text="percent a day")
    overflow = models.JSONField(help_text="probability (0-1) of having overflown by the end of day 1..8")
    sensor_state = models.CharField(max_length=20, blank=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "container", "made_at"], name="forecast_made")]
        indexes = [models.Index(fields=["municipality", "made_at"], name="forecast_made_at")]


class EmptyingSource(models.TextChoices):
    """How we know that a container was emptied."""

    SENSOR = "sensor", "sensor"
    DRIVER = "driver", "chauffeur"
    WEIGHING = "weighing", "weging"


class Emptying(RoundsRow):
    """A container was emptied. One emptying may be known from several sources: queries bring them together."""

    container = TenantForeignKey(Container, on_delete=models.CASCADE, related_name="emptyings")
    at = models.DateTimeField(help_text="of a sensor: the first reading after it")
    not_before = models.DateTimeField(null=True, help_text="of a sensor: the last reading before it")
    source = models.CharField(max_length=10, choices=EmptyingSource.choices)
    litres = models.FloatField(null=True)
    kilograms = models.FloatField(null=True)
    level_before = models.FloatField(null=True)
    level_after = models.FloatField(null=True)
    reference = models.CharField(max_length=80, blank=True, help_text="number of the weighing or the stop")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "container", "at", "source", "reference"], name="emptying_once"
            )
        ]
        indexes = [models.Index(fields=["municipality", "at"], name="emptying_at")]


class EvidenceKind(models.TextChoices):
    """What else tells how full a container is."""

    REPORT = "report", "melding"
    DEPOSIT_COUNT = "deposit_count", "stortingen geteld"
    WEIGHING = "weighing", "weging"
    DRIVER = "driver", "chauffeur"


class Evidence(RoundsRow):
    """Something said about a container's filling that is no sensor reading. `value`: deposits counted since the count before
    (deposit_count), kilograms (weighing), percent (report, driver)."""

    container = TenantForeignKey(Container, on_delete=models.CASCADE, related_name="evidence")
    at = models.DateTimeField()
    kind = models.CharField(max_length=14, choices=EvidenceKind.choices)
    value = models.FloatField(null=True)
    zaak = models.UUIDField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=80, blank=True, help_text="of the source, so that twice is once")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "container", "kind", "at", "reference"], name="evidence_once"
            )
        ]
        indexes = [
            models.Index(fields=["municipality", "at"], name="evidence_at"),
            models.Index(fields=["municipality", "zaak"], condition=Q(zaak__isnull=False), name="evidence_zaak"),
        ]


class Alarm(RoundsRow):
    """Something a person has to look at: a container that overflows, a sensor that is dead, a truck that broke."""

    container = TenantForeignKey(Container, on_delete=models.CASCADE, null=True, related_name="alarms")
    device = TenantForeignKey(Device, on_delete=models.CASCADE, null=True, related_name="alarms")
    kind = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=300)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "since"], condition=Q(until__isnull=True), name="alarm_open"),
            models.Index(fields=["municipality", "container", "since"], name="alarm_container"),
            models.Index(fields=["municipality", "device", "since"], name="alarm_device"),
        ]
