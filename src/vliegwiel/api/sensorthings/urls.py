"""Addresses of the service."""

from __future__ import annotations

from django.urls import path

from . import views

urlpatterns = [
    path(views.VERSION, views.index, name="sensorthings"),
    path(f"{views.VERSION}/", views.index),
    path(f"{views.VERSION}/<path:path>", views.entities, name="sensorthings-entities"),
]
