"""The answer to "Klopt dit niet?": say that a datum of a register is wrong. It never holds anything up."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Invalid, NotFound
from vliegwiel.casework import queries
from vliegwiel.casework.actions.registers import report_wrong_datum
from vliegwiel.casework.pages import FactGroup, Field, KnownFact
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.again import again
from vliegwiel.web.forms.faults import faults
from vliegwiel.web.request import PageRequest, citizen, own_path

TEXT = "toelichting"


@require_http_methods(["GET", "HEAD", "POST"])
def of_draft(request: PageRequest, draft_id: UUID) -> HttpResponse:
    """A datum in an application that is not sent yet."""
    groups = queries.check_answers(citizen(request), draft_id).groups
    return _page(request, groups, reverse("draft", args=(draft_id,)), draft=draft_id)


@require_http_methods(["GET", "HEAD", "POST"])
def of_case(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """A datum that a case rests on."""
    groups = queries.status_page(citizen(request), zaak_id).groups
    return _page(request, groups, reverse("status", args=(zaak_id,)), zaak=zaak_id)


def _page(
    request: PageRequest, groups: Iterable[FactGroup], home: str, *, draft: UUID | None = None, zaak: UUID | None = None
) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    fact = _fact(groups, given.get("gegeven", ""))
    back = own_path(given.get("terug", ""), home)
    field = _question()
    if request.method == "POST":
        typed = posted.one(request, TEXT)
        try:
            report_wrong_datum(request.actor, fact.datum, typed, draft=draft, zaak=zaak)
        except Invalid as error:
            field = again([field], {TEXT: (typed,)}, error.invalid)[0]
        else:
            return HttpResponseRedirect(_with_notice(back))
    context = {"fact": fact, "back": back, "field": field, "errors": faults([field])}
    return render(request, "web/citizen/report.html", context, status=422 if field.error else 200)


def _fact(groups: Iterable[FactGroup], datum: str) -> KnownFact:
    found = next((f for group in groups for f in group.facts if f.datum == datum and f.can_report), None)
    if found is None:
        raise NotFound(_("Dit gegeven staat hier niet (meer). Ga terug en kies het opnieuw."))
    return found


def _question() -> Field:
    return Field(
        key=TEXT,
        kind="lange_tekst",
        label=_("Wat klopt er niet, en wat moet het zijn?"),
        hint="",
        why="",
        required=True,
        values=(),
        choices=(),
        unit="",
        autocomplete="",
        accept="",
        uploads=(),
        error="",
    )


def _with_notice(path: str) -> str:
    path, _hash, _rest = path.partition("#")
    return f"{path}{'&' if '?' in path else '?'}gedaan=gemeld"
