"""Addresses that exist on every host."""

from __future__ import annotations

from django.urls import path

from . import language, theme

urlpatterns = [
    path("huisstijl.css", theme.sheet, name="theme"),
    path("taal/<slug:code>/", language.choose, name="language"),
]
