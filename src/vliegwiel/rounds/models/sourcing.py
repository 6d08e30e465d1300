"""Where observations come from: sources, their devices, what they sent as it came, and what is wrong with them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from vliegwiel.base.tenancy import TenantForeignKey

from .row import RoundsRow
from .sensing import Datastream, Thing


class SourceKind(models.TextChoices):
    """How a source reaches us."""

    MQTT = "mqtt", "MQTT"
    WEBHOOK = "webhook", "webhook"
    FILE = "file", "bestand"
    API = "api", "programma via SensorThings"


class SensorSource(RoundsRow):
    """A party or network server that sends. `token_hash` is SHA-256 (hex) of the secret a webhook or program must show; the
    password of a broker is never here: `secret_name` is the name of the environment variable that holds it."""

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=SourceKind.choices)
    format = models.CharField(max_length=40, blank=True, help_text="of its messages, for example things_stack_v3")
    decoder = models.CharField(max_length=120, blank=True, help_text="for devices that name none themselves")
    address = models.CharField(max_length=300, blank=True, help_text="of a broker; empty: the platform's own")
    topic = models.CharField(max_length=300, blank=True, help_text="what to subscribe to")
    username = models.CharField(max_length=120, blank=True)
    secret_name = models.CharField(max_length=120, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    may_read = models.BooleanField(default=False, help_text="a program may read by the API")
    may_write = models.BooleanField(default=False, help_text="a program may write by the API")
    active = models.BooleanField(default=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="sensorsource_name"),
            models.UniqueConstraint(
                fields=["municipality", "token_hash"], condition=~Q(token_hash=""), name="sensorsource_token"
            ),
        ]


class Device(RoundsRow):
    """A sensor as its network knows it. The counts are of the day `counted_on`: how much of what it sent was a duplicate, or
    late."""

    source = TenantForeignKey(SensorSource, on_delete=models.CASCADE, related_name="devices")
    device_eui = models.CharField(max_length=64, help_text="upper case hexadecimal for LoRaWAN")
    decoder = models.CharField(max_length=120, blank=True)
    thing = TenantForeignKey(Thing, on_delete=models.CASCADE, null=True, related_name="devices")
    mounting = models.JSONField(default=dict, help_text="of a distance sensor: leeg_mm and vol_mm")
    interval_seconds = models.IntegerField(default=4 * 3600, help_text="how often it is meant to report")
    last_seen = models.DateTimeField(null=True, help_text="newest message by the network's clock")
    counted_on = models.DateField(null=True)
    messages = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "source", "device_eui"], name="device_eui")]
        indexes = [models.Index(fields=["municipality", "thing"], name="device_thing")]


class Channel(RoundsRow):
    """One quantity a device reports (`vulgraad`, `temperatuur`, `batterij`) and the datastream it lands in, with what is
    possible (`low`, `high`, in the unit of the datastream) and the state that judging the next reading needs."""

    device = TenantForeignKey(Device, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=60)
    datastream = TenantForeignKey(Datastream, on_delete=models.CASCADE, related_name="channels")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    last_time = models.DateTimeField(null=True, help_text="newest usable reading")
    last_result = models.FloatField(null=True)
    same_since = models.DateTimeField(null=True, help_text="since when the value is exactly the same")
    same_count = models.IntegerField(default=0)

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [models.UniqueConstraint(fields=["municipality", "device", "name"], name="channel_name")]
        indexes = [models.Index(fields=["municipality", "datastream"], name="channel_datastream")]


class SetAside(RoundsRow):
    """A message that could not become an observation, as it came, with the reason."""

    source = TenantForeignKey(SensorSource, on_delete=models.CASCADE, related_name="set_aside")
    received_at = models.DateTimeField()
    topic = models.CharField(max_length=500, blank=True)
    device_eui = models.CharField(max_length=64, blank=True)
    raw = models.BinaryField()
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300, help_text="Dutch, for the person who looks after the sensors")
    times = models.IntegerField(default=1, help_text="how often exactly this came")
    solved_at = models.DateTimeField(null=True)

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["municipality", "received_at"], name="setaside_received"),
            models.Index(fields=["municipality", "code"], condition=Q(solved_at__isnull=True), name="setaside_open"),
        ]


class RawMessage(RoundsRow):
    """A message as it came. Partitioned by month of `received_at`; a message that comes again with the same network time is
    kept once."""

    source = TenantForeignKey(SensorSource, on_delete=models.DO_NOTHING, related_name="+")
    received_at = models.DateTimeField()
    device = TenantForeignKey(Device, on_delete=models.DO_NOTHING, null=True, related_name="+")
    topic = models.CharField(max_length=500)
    raw = models.BinaryField()

    class Meta(RoundsRow.Meta):
        abstract = False
        indexes = [models.Index(fields=["municipality", "device", "received_at"], name="rawmessage_device")]


class FaultKind(models.TextChoices):
    """What can be wrong with a sensor."""

    DEAD = "dead", "geen bericht meer"
    STUCK = "stuck", "steeds dezelfde waarde"
    IMPOSSIBLE = "impossible", "waarde kan niet"
    CLOCK = "clock", "klok loopt fout"
    LATE = "late", "berichten komen te laat"
    DUPLICATES = "duplicates", "berichten komen dubbel"


class SensorFault(RoundsRow):
    """A stretch of time in which something is wrong with a device. One open row for each device and kind."""

    device = TenantForeignKey(Device, on_delete=models.CASCADE, related_name="faults")
    kind = models.CharField(max_length=12, choices=FaultKind.choices)
    since = models.DateTimeField()
    last_seen = models.DateTimeField(help_text="when it was last seen to be so")
    until = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=300, help_text="Dutch: what was seen, with figures")

    class Meta(RoundsRow.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "device", "kind"], condition=Q(until__isnull=True), name="sensorfault_open"
            )
        ]
        indexes = [models.Index(fields=["municipality", "device", "since"], name="sensorfault_device")]
