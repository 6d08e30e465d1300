"""Addresses for residents at a container, under /container/."""

from __future__ import annotations

from django.urls import path

from . import street

app_name = "street"

urlpatterns = [
    path("", street.search, name="search"),
    path("melding/<uuid:report_id>/", street.report, name="report"),
    path("<str:code>/", street.container, name="container"),
]
