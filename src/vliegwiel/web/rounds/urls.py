"""Addresses of the rounds, under /rondes/."""

from __future__ import annotations

from django.urls import path

from . import today

app_name = "rounds"

urlpatterns = [
    path("", today.page, name="today"),
    path("wagens/", today.page, name="trucks"),
]
