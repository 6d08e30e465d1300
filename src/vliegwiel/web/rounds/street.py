"""For whoever stands at a container: is it full, when is it emptied, and telling us. No login; the QR code on it leads here."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.actions.evidence import WHATS
from vliegwiel.rounds.operations.publicpage import public_container, public_report, search_containers
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest
from vliegwiel.web.rounds.reports import case_of_report, report_container


@require_safe
def search(request: PageRequest) -> HttpResponse:
    """Find a container by its street or number."""
    text = posted.query(request, "q", 60)
    found = search_containers(request.actor, text)
    return render(request, "web/rounds/street_search.html", {"text": text, "found": found})


@require_http_methods(["GET", "HEAD", "POST"])
def container(request: PageRequest, code: str) -> HttpResponse:
    """One container, and reporting it."""
    found = public_container(request.actor, code)
    wrong = ""
    if request.method == "POST":
        try:
            report = report_container(request.municipality.code, code, posted.one(request, "wat"))
            return HttpResponseRedirect(reverse("street:report", args=[report]))
        except Invalid as refused:
            wrong = refused.sentence
    context = {"found": found, "whats": WHATS.items(), "wrong": wrong}
    return render(request, "web/rounds/street_container.html", context, status=422 if wrong else 200)


@require_safe
def report(request: PageRequest, report_id: UUID) -> HttpResponse:
    """What came of a report."""
    found = public_report(request.actor, report_id)
    context = {"found": found, "case": case_of_report(request.actor, report_id)}
    return render(request, "web/rounds/street_report.html", context)
