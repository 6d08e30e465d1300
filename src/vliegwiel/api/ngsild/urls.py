"""Addresses of the service."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path("entities", views.entities, name="ngsi-ld"),
    path("entities/", views.entities),
    path("entities/<path:urn>", views.one_entity, name="ngsi-ld-entity"),
    path("types", views.types),
]
