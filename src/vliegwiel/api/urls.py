"""Addresses for programs, on a municipality's own host."""

from __future__ import annotations

from django.urls import include, path

from . import sensors

urlpatterns = [
    path("sensoren/v1/berichten", sensors.messages, name="sensor-messages"),
    path("sensorthings/", include("vliegwiel.api.sensorthings.urls")),
    path("ngsi-ld/v1/", include("vliegwiel.api.ngsild.urls")),
]
