"""Wat als: a law for a whole population, as it is and changed. Asking for it, following it, and what came out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from vliegwiel.base import clock
from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.catalogue import actions, queries
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.shelf import Standing, Wanted, shelf
from vliegwiel.catalogue.simulations import SMALL
from vliegwiel.trust.rights import Right, require
from vliegwiel.web.desk import csvfile, judging
from vliegwiel.web.request import PageRequest, staff

from . import charting, frame, question

HEADS = (
    "Uitkomst", "Gegroepeerd naar", "Groep", "Huishoudens", "Erop vooruit", "Erop achteruit", "Anders", "Gelijk", "Onbekend",
    "Verschil in totaal (euro)", "Verschil per huishouden (euro)",
)  # fmt: skip


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The calculations of this municipality, and the laws to start a new one with."""
    reader = staff(request)
    found = queries.simulations(reader)
    laws = [card for card in shelf(law_book(), clock.today(), Wanted()).laws if card.standing is Standing.HOLDS]
    return frame.show(request, reader, "whatif.html", {"runs": found, "laws": laws}, section="whatif")


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PageRequest) -> HttpResponse:
    """The form of a new calculation; and starting it."""
    reader = staff(request)
    require(reader, Right.DEFINITIE_BEHEREN, municipality=reader.municipality)
    asked = question.read(request)
    error: Invalid | Conflict | None = None
    if request.method == "POST":
        try:
            made = question.made(asked)
            run_id = actions.start_simulation(reader, made, title=asked.title, upload=asked.content)
            return HttpResponseRedirect(f"{reverse('studio:whatif-run', args=[run_id])}?gedaan=gestart")
        except (Invalid, Conflict) as refused:
            error = refused
    wrong = judging.wrongs(error.invalid) if error is not None else {}
    context = {
        "asked": asked,
        "form": question.form(asked, wrong),
        "problems": judging.problems(error.invalid) if error is not None else (),
        "wrong": wrong,
        "problem": error.sentence if error is not None and not error.invalid else "",
    }
    status = 200 if error is None else (422 if isinstance(error, Invalid) else error.status)
    return frame.show(request, reader, "whatif_new.html", context, section="whatif", status=status)


@require_safe
def run(request: PageRequest, run_id: UUID) -> HttpResponse:
    """One calculation: how far it is, or what came out."""
    reader = staff(request)
    found = queries.simulation(reader, run_id)
    context = {
        "run": found,
        "card": found.card,
        "asked": question.said(found.question),
        "results": charting.results(found),
        "lead": charting.lead(found),
        "small": SMALL,
    }
    return frame.show(request, reader, "whatif_run.html", context, section="whatif")


@require_safe
def progress(request: PageRequest, run_id: UUID) -> HttpResponse:
    """The part of the page that changes while it runs. When it ended the whole page is asked for again."""
    found = queries.simulation(staff(request), run_id)
    response = render(request, "web/studio/whatif_progress.html", {"card": found.card})
    if found.card.ended:
        response["HX-Redirect"] = reverse("studio:whatif-run", args=[run_id])
    return response


@require_POST
def cancel(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Stop a calculation."""
    actions.cancel_simulation(staff(request), run_id)
    return HttpResponseRedirect(f"{reverse('studio:whatif-run', args=[run_id])}?gedaan=afgebroken")


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: PageRequest, run_id: UUID) -> HttpResponse:
    """Throw a calculation away, after asking."""
    reader = staff(request)
    if request.method == "POST":
        actions.remove_simulation(reader, run_id)
        return HttpResponseRedirect(f"{reverse('studio:whatif')}?gedaan=weg")
    found = queries.simulation(reader, run_id)
    return frame.show(request, reader, "whatif_remove.html", {"card": found.card}, section="whatif")


@require_safe
def csv(request: PageRequest, run_id: UUID) -> HttpResponse:
    """What came out, by group, as a file. Raises `Conflict` when there is nothing yet."""
    found = queries.simulation(staff(request), run_id)
    if found.result is None:
        raise Conflict(_("Deze berekening is nog niet klaar. Er is nog niets te downloaden."))
    source = f"Vliegwiel, wat als: {found.card.title}"
    at = found.card.finished_at or clock.now()
    return csvfile.download("wat-als", HEADS, _cells(found), source=source, at=at)


def _cells(found: queries.SimulationPage) -> Iterator[Sequence[csvfile.Cell]]:
    for one in charting.results(found):
        outcome = one.outcome
        mean = outcome.total / one.households if outcome.total is not None and one.households else None
        yield (
            outcome.label, "", _("alle"), one.households, outcome.gains, outcome.loses, outcome.differs, outcome.same,
            outcome.unknown, outcome.total, mean,
        )  # fmt: skip
        for split in one.splits:
            for bar in split.bars:
                line = bar.line
                if bar.hidden:
                    yield outcome.label, split.label, line.group, _("te weinig om te tonen"), "", "", "", "", "", "", ""
                else:
                    yield (
                        outcome.label, split.label, line.group, line.households, line.gains, line.loses, line.differs,
                        line.same, line.unknown, line.total, line.mean,
                    )  # fmt: skip
