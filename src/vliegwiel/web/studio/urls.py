"""Addresses of the studio, under /studio/."""

from __future__ import annotations

from django.urls import path

from . import checking, reading, shelf, trying

app_name = "studio"

urlpatterns = [
    path("", shelf.page, name="laws"),
    path("wetten.csv", shelf.csv, name="laws-csv"),
    path("nakijken/", checking.page, name="check"),
    path("nakijken.csv", checking.csv, name="check-csv"),
    path("wet/<slug:law>/", reading.page, name="law"),
    path("wet/<slug:law>/proberen/", trying.page, name="try"),
    path("wet/<slug:law>/proberen.json", trying.json, name="try-json"),
]
