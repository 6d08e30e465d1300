"""Addresses of the citizen's pages, at the root of a municipality's host."""

from __future__ import annotations

from django.urls import path

from . import about, apply, begin, cases, check, home, looks, product, report

urlpatterns = [
    path("", home.home, name="home"),
    path("product/<slug:key>/", product.page, name="product"),
    path("product/<slug:key>/past-dit/", check.page, name="check"),
    path("product/<slug:key>/beginnen/", begin.page, name="begin"),
    path("aanvraag/<uuid:draft_id>/", apply.resume, name="draft"),
    path("aanvraag/<uuid:draft_id>/ophalen/", apply.refresh, name="refresh"),
    path("aanvraag/<uuid:draft_id>/weg/", apply.discard, name="discard"),
    path("aanvraag/<uuid:draft_id>/klopt-niet/", report.of_draft, name="report"),
    path("aanvraag/<uuid:draft_id>/controleren/", apply.check_answers, name="check-answers"),
    path("aanvraag/<uuid:draft_id>/<slug:key>/", apply.step, name="step"),
    path("mijn/", cases.my_cases, name="my-cases"),
    path("mijn/gezien/", looks.page, name="seen"),
    path("mijn/gezien.csv", looks.download, name="seen-csv"),
    path("mijn/zaak/<uuid:zaak_id>/", cases.status, name="status"),
    path("mijn/zaak/<uuid:zaak_id>/ontvangen/", cases.received, name="received"),
    path("mijn/zaak/<uuid:zaak_id>/klopt-niet/", report.of_case, name="report-case"),
    path("mijn/zaak/<uuid:zaak_id>/intrekken/", cases.withdraw, name="withdraw"),
    path("mijn/zaak/<uuid:zaak_id>/vraag/<uuid:question_id>/", cases.answer_question, name="answer-question"),
    path("mijn/zaak/<uuid:zaak_id>/stuk/<uuid:document_id>/", cases.document, name="document"),
    path("privacy/", about.privacy, name="privacy"),
    path("toegankelijkheid/", about.accessibility, name="accessibility"),
]
