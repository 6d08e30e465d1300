"""Tables of the ground floor: the municipalities themselves. They are public facts and belong to no tenant."""

from __future__ import annotations

from django.db import models


class Municipality(models.Model):
    """A gemeente by its CBS code (`GM0546`). Loaded from `base/data`; rows are never deleted, a merged one has an end."""

    code = models.CharField(primary_key=True, max_length=6)
    name = models.CharField(max_length=80)
    slug = models.CharField(max_length=80, db_index=True)
    province = models.CharField(max_length=20)
    begin = models.DateField(null=True)
    end = models.DateField(null=True)
    successors = models.JSONField(default=list)
    live_since = models.DateField(null=True, help_text="first day on which this installation serves the municipality")
    phone = models.CharField(max_length=20, blank=True)
    visiting_address = models.CharField(max_length=200, blank=True)
    theme = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class MunicipalityHost(models.Model):
    """A host name under which a municipality's pages are served, beside `<slug>.<base domain>`."""

    host = models.CharField(primary_key=True, max_length=253)
    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="hosts")

    def __str__(self) -> str:
        return self.host


class Installation(models.Model):
    """What this installation remembers about itself: which voorbeeldgegevens were loaded, and when. Nothing of a tenant."""

    key = models.CharField(primary_key=True, max_length=40)
    value = models.CharField(max_length=200)
    since = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.key}={self.value}"
