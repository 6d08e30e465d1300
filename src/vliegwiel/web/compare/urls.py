"""Addresses under /studio/ of comparing and of practice. They belong to the names of the studio."""

from __future__ import annotations

from django.urls import path

from . import alike, overview, practice, product, unreasoned

urlpatterns = [
    path("vergelijken/", overview.page, name="compare"),
    path("vergelijken.csv", overview.csv, name="compare-csv"),
    path("vergelijken/lijken/", alike.page, name="compare-map"),
    path("vergelijken/lijken.csv", alike.csv, name="compare-map-csv"),
    path("vergelijken/producten/", alike.pair, name="compare-pair"),
    path("vergelijken/dubbel/", alike.twice, name="compare-twice"),
    path("vergelijken/zonder-reden/", unreasoned.page, name="compare-unreasoned"),
    path("vergelijken/zonder-reden.csv", unreasoned.csv, name="compare-unreasoned-csv"),
    path("vergelijken/<slug:key>/", product.page, name="compare-product"),
    path("vergelijken/<slug:key>.csv", product.csv, name="compare-product-csv"),
    path("praktijk/", practice.page, name="practice"),
    path("praktijk/<slug:key>/", practice.product, name="practice-product"),
    path("praktijk/<slug:key>.csv", practice.csv, name="practice-product-csv"),
]
