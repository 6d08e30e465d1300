"""Addresses of the studio, under /studio/."""

from __future__ import annotations

from django.urls import path

from . import checking, reading, shelf, trying, whatif

app_name = "studio"

urlpatterns = [
    path("", shelf.page, name="laws"),
    path("wetten.csv", shelf.csv, name="laws-csv"),
    path("nakijken/", checking.page, name="check"),
    path("nakijken.csv", checking.csv, name="check-csv"),
    path("wet/<slug:law>/", reading.page, name="law"),
    path("wet/<slug:law>/proberen/", trying.page, name="try"),
    path("wet/<slug:law>/proberen.json", trying.json, name="try-json"),
    path("wat-als/", whatif.page, name="whatif"),
    path("wat-als/nieuw/", whatif.new, name="whatif-new"),
    path("wat-als/<uuid:run_id>/", whatif.run, name="whatif-run"),
    path("wat-als/<uuid:run_id>/voortgang/", whatif.progress, name="whatif-progress"),
    path("wat-als/<uuid:run_id>/afbreken/", whatif.cancel, name="whatif-cancel"),
    path("wat-als/<uuid:run_id>/weg/", whatif.remove, name="whatif-remove"),
    path("wat-als/<uuid:run_id>/uitkomst.csv", whatif.csv, name="whatif-csv"),
]
