"""Addresses for programs, on a municipality's own host."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("sensorthings/", include("vliegwiel.api.sensorthings.urls")),
    path("ngsi-ld/v1/", include("vliegwiel.api.ngsild.urls")),
]
