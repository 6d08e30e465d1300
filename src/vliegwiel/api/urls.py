"""Addresses for programs, on a municipality's own host."""

from __future__ import annotations

from django.urls import include, path

from . import exchange, sensors

urlpatterns = [
    path("sensoren/v1/berichten", sensors.messages, name="sensor-messages"),
    path("uitwisseling/v1/", exchange.root, name="exchange"),
    path("uitwisseling/v1/stukken", exchange.pieces, name="exchange-pieces"),
    path("uitwisseling/v1/voorstellen", exchange.proposals, name="exchange-proposals"),
    path("uitwisseling/v1/voorstellen/<uuid:id_>", exchange.proposal, name="exchange-proposal"),
    path("sensorthings/", include("vliegwiel.api.sensorthings.urls")),
    path("ngsi-ld/v1/", include("vliegwiel.api.ngsild.urls")),
]
