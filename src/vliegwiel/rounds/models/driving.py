"""Plans and what came of them: rounds of a day, routes, stops, what waits and why, promises, and reports of savings.

Units and windows as in `operating`. Arrival and leave are seconds from midnight on the Dutch clock of the plan's date.
"""

from __future__ import annotations

from django.db import models

from vliegwiel.base.tenancy import TenantForeignKey

from .operating import Container, Depot, Fraction, TipSite, Truck
from .row import RoundsRow


class PlanState(models.TextChoices):
    """How far a plan is."""

    DRAFT = "draft", "concept"
    FIXED = "fixed", "vastgesteld"
    DRIVING = "driving", "onderweg"
    DONE = "done", "klaar"


class RoundPlan(RoundsRow):
    """The plan of a day for a fraction. `version` counts changes: who changes it names the version that was seen."""

    date = models.DateField()
    fraction = models.CharField(max_length=10, choices=Fraction.choices)
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=200)
    figures = models.JSONField(default=dict, help_text="typed by the planning part of this room")
    advice = models.TextField(blank=True, help_text="what to relax when not everything could be done")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "date", "fraction"], name="roundplan_day")]


class Route(RoundsRow):
    """What one truck drives that day, in `order`."""

    plan = TenantForeignKey(RoundPlan, on_delete=models.CASCADE, related_name="routes")
    truck = TenantForeignKey(Truck, on_delete=models.PROTECT, related_name="routes")
    order = models.IntegerField()
    start = models.IntegerField()
    end = models.IntegerField()
    metres = models.FloatField()
    seconds = models.IntegerField()
    break_at = models.IntegerField(null=True)
    geometry = models.JSONField(null=True, help_text="GeoJSON LineString of the way it drives")

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "plan", "order"], name="route_plan"),
            models.Index(fields=["municipality", "truck"], name="route_truck"),
        ]


class StopKind(models.TextChoices):
    """What a truck does at a stop."""

    CONTAINER = "container", "legen"
    TIP = "tip", "storten"
    BREAK = "break", "pauze"
    DEPOT = "depot", "remise"


class StopState(models.TextChoices):
    """What came of a stop."""

    PLANNED = "planned", "gepland"
    DONE = "done", "gedaan"
    BLOCKED = "blocked", "kon niet"
    MOVED = "moved", "verplaatst"


class Stop(RoundsRow):
    """A stop of a route. `must`: it had to be emptied that day; otherwise it was worth the way."""

    route = TenantForeignKey(Route, on_delete=models.CASCADE, related_name="stops")
    order = models.IntegerField()
    kind = models.CharField(max_length=10, choices=StopKind.choices)
    container = TenantForeignKey(Container, on_delete=models.PROTECT, null=True, related_name="stops")
    tip = TenantForeignKey(TipSite, on_delete=models.PROTECT, null=True, related_name="stops")
    depot = TenantForeignKey(Depot, on_delete=models.PROTECT, null=True, related_name="stops")
    arrival = models.IntegerField()
    leave = models.IntegerField()
    load_litres = models.FloatField(default=0)
    load_kilograms = models.FloatField(default=0)
    must = models.BooleanField(default=False)
    reason = models.CharField(max_length=200, blank=True)
    locked = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=StopState.choices, default=StopState.PLANNED)
    done_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=300, blank=True)
    photo = models.CharField(max_length=200, blank=True, help_text="key in the file storage")

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "route", "order"], name="stop_route"),
            models.Index(fields=["municipality", "container"], name="stop_container"),
        ]


class Waiting(RoundsRow):
    """A container that a plan leaves for later, and why."""

    plan = TenantForeignKey(RoundPlan, on_delete=models.CASCADE, related_name="waiting")
    container = TenantForeignKey(Container, on_delete=models.CASCADE, related_name="waiting")
    reason = models.CharField(max_length=200)
    overflow_probability = models.FloatField(null=True, help_text="0-1, before the next chance")
    next_chance = models.DateField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "plan", "container"], name="waiting_once")]
        indexes = [models.Index(fields=["municipality", "container"], name="waiting_container")]


class PromiseTo(RoundsRow):
    """The day on which somebody who reported a container was told it would be emptied, and whether that came true."""

    zaak = models.UUIDField()
    container = TenantForeignKey(Container, on_delete=models.CASCADE, related_name="promises")
    date = models.DateField()
    made_at = models.DateTimeField()
    kept = models.BooleanField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "zaak"], name="promiseto_zaak"),
            models.Index(fields=["municipality", "container", "date"], name="promiseto_container"),
        ]


class RoadArea(RoundsRow):
    """A road network that was prepared: matrices are kept by its `version` (hash of the extract and the profile)."""

    name = models.CharField(max_length=120)
    version = models.CharField(max_length=64)
    file = models.CharField(max_length=300)
    made_at = models.DateTimeField()

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "name", "version"], name="roadarea_version")]


class SavingsReport(RoundsRow):
    """A simulation's outcome, as it was reported: settings and figures never change afterwards."""

    made_at = models.DateTimeField()
    settings = models.JSONField()
    figures = models.JSONField()

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "made_at"], name="savingsreport_made")]
