"""What is measured, by which sensor, where: the entities of OGC SensorThings API 1.1 (18-088), chapter 8.

Names are those of the standard in snake case. `properties`, `metadata`, `location` and `feature` are JSON as the standard
says. Positions are also kept as two numbers (`lon`, `lat`, WGS84 degrees) where the GeoJSON is a point or has a centre.
"""

from __future__ import annotations

from django.db import models

from vliegwiel.base.tenancy import TenantForeignKey

from .row import RoundsRow

NAME = 200


class Quality(models.IntegerChoices):
    """What we think of an observation. `USABLE` says which of them count as a reading."""

    GOOD = 0, "goed"
    LATE = 1, "te laat binnen, waarde bruikbaar"
    IMPOSSIBLE = 2, "waarde kan niet"
    STUCK = 3, "sensor blijft hangen"
    CLOCK = 4, "klok van de sensor liep fout: tijd van ontvangst gebruikt"


USABLE = (Quality.GOOD, Quality.LATE, Quality.CLOCK)
"""A late value is still a value; of one with a wrong clock the time was replaced by the moment the network received it."""


class Thing(RoundsRow):
    """A thing with sensors: here a container, or a group of them at one place."""

    name = models.CharField(max_length=NAME)
    description = models.TextField(blank=True)
    properties = models.JSONField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "name"], name="thing_name")]


class Location(RoundsRow):
    """A place. `location` is GeoJSON (or what `encoding_type` says)."""

    name = models.CharField(max_length=NAME)
    description = models.TextField(blank=True)
    encoding_type = models.CharField(max_length=NAME, default="application/geo+json")
    location = models.JSONField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    properties = models.JSONField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "lon", "lat"], name="location_place")]


class ThingLocation(RoundsRow):
    """Where a thing is now. More than one row a thing: the same place, described in several ways."""

    thing = TenantForeignKey(Thing, on_delete=models.CASCADE, related_name="places")
    location = TenantForeignKey(Location, on_delete=models.CASCADE, related_name="things")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "thing", "location"], name="thinglocation_once")]
        indexes = [models.Index(fields=["municipality", "location"], name="thinglocation_location")]


class HistoricalLocation(RoundsRow):
    """Where a thing was from `time` on."""

    thing = TenantForeignKey(Thing, on_delete=models.CASCADE, related_name="historical_locations")
    time = models.DateTimeField()

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "thing", "time"], name="historicallocation_thing")]


class HistoricalLocationPlace(RoundsRow):
    """The places of a historical location."""

    historical_location = TenantForeignKey(HistoricalLocation, on_delete=models.CASCADE, related_name="places")
    location = TenantForeignKey(Location, on_delete=models.CASCADE, related_name="histories")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "historical_location", "location"], name="historicalplace_once"
            )
        ]
        indexes = [models.Index(fields=["municipality", "location"], name="historicalplace_location")]


class Sensor(RoundsRow):
    """A kind of instrument, or one instrument, that makes observations. `metadata` describes it, as `encoding_type` says."""

    name = models.CharField(max_length=NAME)
    description = models.TextField(blank=True)
    encoding_type = models.CharField(max_length=NAME, default="text/html")
    metadata = models.JSONField(null=True)
    properties = models.JSONField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "name"], name="sensor_name")]


class ObservedProperty(RoundsRow):
    """What is observed: the level, a temperature, the charge of a battery. `definition` is a URI."""

    name = models.CharField(max_length=NAME)
    definition = models.CharField(max_length=500)
    description = models.TextField(blank=True)
    properties = models.JSONField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "definition"], name="observedproperty_definition")]


class FeatureOfInterest(RoundsRow):
    """What an observation is about: for a container the place it stands. `feature` is GeoJSON."""

    name = models.CharField(max_length=NAME)
    description = models.TextField(blank=True)
    encoding_type = models.CharField(max_length=NAME, default="application/geo+json")
    feature = models.JSONField()
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    properties = models.JSONField(null=True)
    location = TenantForeignKey(
        Location, on_delete=models.SET_NULL, null=True, related_name="features",
        help_text="the location it was made from by itself (18-088, 8.2.8)",
    )  # fmt: skip

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "location"], name="feature_location")]


class Datastream(RoundsRow):
    """The observations of one property of one thing by one sensor. The times are kept up to date while storing."""

    thing = TenantForeignKey(Thing, on_delete=models.CASCADE, related_name="datastreams")
    sensor = TenantForeignKey(Sensor, on_delete=models.CASCADE, related_name="datastreams")
    observed_property = TenantForeignKey(ObservedProperty, on_delete=models.CASCADE, related_name="datastreams")
    name = models.CharField(max_length=NAME)
    description = models.TextField(blank=True)
    unit_name = models.CharField(max_length=NAME, null=True)
    unit_symbol = models.CharField(max_length=40, null=True)
    unit_definition = models.CharField(max_length=500, null=True)
    observation_type = models.CharField(
        max_length=NAME, default="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement"
    )
    feature = TenantForeignKey(
        FeatureOfInterest, on_delete=models.SET_NULL, null=True, related_name="datastreams",
        help_text="what its observations are about where they name nothing themselves",
    )  # fmt: skip
    observed_area = models.JSONField(null=True)
    properties = models.JSONField(null=True)
    phenomenon_from = models.DateTimeField(null=True)
    phenomenon_until = models.DateTimeField(null=True)
    result_from = models.DateTimeField(null=True)
    result_until = models.DateTimeField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "thing"], name="datastream_thing"),
            models.Index(fields=["municipality", "sensor"], name="datastream_sensor"),
            models.Index(fields=["municipality", "observed_property"], name="datastream_property"),
            models.Index(fields=["municipality", "feature"], name="datastream_feature"),
        ]


class Observation(RoundsRow):
    """One value at one moment. Partitioned by month of `phenomenon_time`; key (municipality, datastream, phenomenon_time,
    id). The id holds the moment, and for sensors follows from datastream, moment and message, so that storing twice is
    storing once (`rounds.ingest.ids`). There are no foreign keys in the database: checking one for each of millions of rows
    costs more than it protects; who removes a datastream removes its observations (`rounds.ingest.removing`)."""

    datastream = TenantForeignKey(Datastream, on_delete=models.DO_NOTHING, related_name="+")
    phenomenon_time = models.DateTimeField()
    phenomenon_end = models.DateTimeField(null=True, help_text="only where the phenomenon took time")
    result = models.FloatField(null=True)
    result_json = models.JSONField(null=True, help_text="a result that is no number")
    result_time = models.DateTimeField(null=True)
    result_quality = models.JSONField(null=True)
    valid_from = models.DateTimeField(null=True)
    valid_until = models.DateTimeField(null=True)
    parameters = models.JSONField(null=True)
    feature = TenantForeignKey(FeatureOfInterest, on_delete=models.DO_NOTHING, null=True, related_name="+")
    received_at = models.DateTimeField()
    quality = models.SmallIntegerField(choices=Quality.choices, default=Quality.GOOD)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "phenomenon_time"], name="observation_time"),
            models.Index(
                fields=["municipality", "feature"],
                condition=models.Q(feature__isnull=False),
                name="observation_feature",
            ),
        ]


class ObservationMoved(RoundsRow):
    """An observation whose id does not tell its moment: changed later, or from before 1970. `id` is the observation's."""

    datastream = TenantForeignKey(Datastream, on_delete=models.CASCADE, related_name="+")
    phenomenon_time = models.DateTimeField()

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "datastream"], name="observationmoved_datastream")]
