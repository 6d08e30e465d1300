"""Addresses of the desk, under /werk/."""

from __future__ import annotations

from django.urls import path

from . import about, assigning, caseforms, casepage, deciding, files, mandates, savedviews, seen, worklist

app_name = "desk"

urlpatterns = [
    path("", worklist.page, name="worklist"),
    path("werk.csv", worklist.csv, name="worklist-csv"),
    path("weergaven/", savedviews.save, name="views"),
    path("weergaven/<uuid:view_id>/naam/", savedviews.rename, name="view-rename"),
    path("weergaven/<uuid:view_id>/weg/", savedviews.remove, name="view-remove"),
    path("toewijzen/", assigning.page, name="assign"),
    path("zaak/<uuid:zaak_id>/", casepage.page, name="case"),
    path("zaak/<uuid:zaak_id>/verloop/", casepage.timeline, name="timeline"),
    path("zaak/<uuid:zaak_id>/oppakken/", casepage.take, name="take"),
    path("zaak/<uuid:zaak_id>/gegevens/", casepage.refresh, name="refresh"),
    path("zaak/<uuid:zaak_id>/sluiten/", caseforms.close, name="close"),
    path("zaak/<uuid:zaak_id>/taak-erbij/", casepage.add_task, name="add-task"),
    path("zaak/<uuid:zaak_id>/taak/<uuid:part>/", caseforms.task, name="task"),
    path("zaak/<uuid:zaak_id>/document/<uuid:document_id>/", files.document, name="document"),
    path("zaak/<uuid:zaak_id>/document/<uuid:document_id>/opnieuw/", casepage.retry_letter, name="retry-letter"),
    path("zaak/<uuid:zaak_id>/document-toevoegen/", caseforms.document, name="add-document"),
    path("zaak/<uuid:zaak_id>/notitie/", caseforms.note, name="note"),
    path("zaak/<uuid:zaak_id>/vragen/", caseforms.ask, name="ask"),
    path("zaak/<uuid:zaak_id>/vraag/<uuid:part>/", caseforms.resume, name="resume"),
    path("zaak/<uuid:zaak_id>/klopt-niet/", caseforms.report, name="report"),
    path("zaak/<uuid:zaak_id>/verlengen/", caseforms.extend, name="extend"),
    path("zaak/<uuid:zaak_id>/intrekken/", caseforms.withdraw, name="withdraw"),
    path("zaak/<uuid:zaak_id>/heropenen/", caseforms.reopen, name="reopen"),
    path("zaak/<uuid:zaak_id>/besluiten/", deciding.decide, name="decide"),
    path("zaak/<uuid:zaak_id>/brief/", deciding.letter, name="letter"),
    path("zaak/<uuid:zaak_id>/afwijken/", deciding.deviate, name="deviate"),
    path("zaak/<uuid:zaak_id>/meekijken/", deciding.second, name="second"),
    path("mandaten/", mandates.page, name="mandates"),
    path("mandaten/geven/", mandates.give, name="mandate-give"),
    path("mandaten/<uuid:mandate_id>/intrekken/", mandates.withdraw, name="mandate-withdraw"),
    path("wie-zag-wat/", seen.page, name="seen"),
    path("wie-zag-wat.csv", seen.csv, name="seen-csv"),
    path("toetsen/", about.key_page, name="keys"),
    path("handboek/", about.handbook, name="handbook"),
]
