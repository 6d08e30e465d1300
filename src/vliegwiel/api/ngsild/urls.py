"""Addresses of the service."""

from __future__ import annotations

urlpatterns: list[object] = []
