"""Addresses under /studio/ of sharing. They belong to the names of the studio."""

from __future__ import annotations

from django.urls import path

from . import casetypes, deciding, sharing

urlpatterns = [
    path("delen/", sharing.page, name="sharing"),
    path("delen/aanbod/<uuid:offer_id>/", deciding.offer, name="sharing-offer"),
    path("delen/voorstel/<uuid:proposal_id>/", deciding.suggestion, name="sharing-proposal"),
    path("inlezen/", casetypes.page, name="casetypes"),
    path("inlezen/<uuid:import_id>/", casetypes.report, name="casetypes-report"),
    path("inlezen/<uuid:import_id>/rapport.md", casetypes.markdown, name="casetypes-markdown"),
    path("inlezen/<uuid:import_id>/zaaktypen.csv", casetypes.csv, name="casetypes-csv"),
]
