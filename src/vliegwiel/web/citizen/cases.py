"""My cases: where each stands, what I must do, why this decision."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.errors import Invalid, InvalidParam, Stale, TooLarge
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, information
from vliegwiel.casework.pages import MyCases, StatusPage
from vliegwiel.trust.processing import seen
from vliegwiel.web.citizen.notices import notice
from vliegwiel.web.citizen.weighing import weigh
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.faults import Fault
from vliegwiel.web.request import PageRequest, citizen

LOOKS_SHOWN = 5
LOOKS_READ = 500


@require_safe
def my_cases(request: PageRequest) -> HttpResponse:
    """Everything that runs and is over with this municipality."""
    found = queries.my_cases(citizen(request))
    context = {"nav": "cases", "cases": found, "summary": summary(found), "notice": notice(request)}
    return render(request, "web/citizen/my_cases.html", context)


def summary(found: MyCases) -> str:
    """The answer in one sentence: does anything wait for me?"""
    waiting = sum(1 for case in found.running if case.todo)
    running = len(found.running)
    if waiting:
        return ngettext("Bij %(n)d zaak moet u iets doen.", "Bij %(n)d zaken moet u iets doen.", waiting) % {
            "n": waiting
        }
    if running:
        return ngettext(
            "Er loopt %(n)d zaak. U hoeft nu niets te doen.", "Er lopen %(n)d zaken. U hoeft nu niets te doen.", running
        ) % {"n": running}
    if found.drafts:
        return _("U hebt een aanvraag die nog niet is verstuurd.")
    return _("Er loopt nu niets. U hoeft niets te doen.")


@require_safe
def status(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Where is it, when is it ready, what must I do, why this decision, who looked?"""
    return _status_page(request, queries.status_page(citizen(request), zaak_id))


def _status_page(
    request: PageRequest,
    case: StatusPage,
    *,
    answering: UUID | None = None,
    typed: str = "",
    errors: tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    looks = [look for look in seen(citizen(request), limit=LOOKS_READ) if look.zaak_id == case.id]
    context = {
        "nav": "cases",
        "case": case,
        "seen": [look for look in looks if not look.by_self][:LOOKS_SHOWN],
        "own_looks": sum(1 for look in looks if look.by_self),
        "weighed": weigh(case.decision.reasons, case.decision.kind) if case.decision else None,
        "notice": notice(request),
        "answering": answering,
        "typed": typed,
        "errors": errors,
    }
    return render(request, "web/citizen/status.html", context, status=status)


@require_safe
def received(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Right after sending: it arrived, this is its number, this happens next."""
    case = queries.status_page(citizen(request), zaak_id)
    return render(request, "web/citizen/confirmation.html", {"nav": "cases", "case": case})


@require_http_methods(["GET", "HEAD", "POST"])
def answer_question(request: PageRequest, zaak_id: UUID, question_id: UUID) -> HttpResponse:
    """Answer what the municipality asked, with files where they are wanted. The question itself stands on the status page."""
    person = citizen(request)
    if request.method != "POST":
        queries.status_page(person, zaak_id)
        return HttpResponseRedirect(f"{reverse('status', args=(zaak_id,))}#vraag-{question_id}")
    sent = posted.read(request, ["antwoord", "bestand"])
    typed = next(iter(sent.texts["antwoord"]), "")
    files = [(file.name or "", posted.stream(file)) for file in sent.files.get("bestand", ())]
    try:
        information.give_information(person, zaak_id, question_id, text=typed, files=files)
    except (Invalid, TooLarge) as error:
        params = error.invalid or (InvalidParam("antwoord", error.code, error.sentence),)
        link = {"antwoord": f"#antwoord-{question_id}"}
        errors = tuple(Fault(link.get(p.name, f"#bestand-{question_id}"), p.reason) for p in params)
        case = queries.status_page(person, zaak_id)
        return _status_page(request, case, answering=question_id, typed=typed, errors=errors, status=422)
    return _done(zaak_id, "antwoord")


def _done(zaak_id: UUID, what: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"{reverse('status', args=(zaak_id,))}?gedaan={what}")


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: PageRequest, zaak_id: UUID) -> HttpResponse:
    """Withdraw an application, after asking once."""
    person = citizen(request)
    case = queries.status_page(person, zaak_id)
    typed, trouble, status = "", "", 200
    if request.method == "POST":
        typed = posted.one(request, "reden")
        try:
            cases.withdraw(person, zaak_id, version=posted.version(request), reason=typed)
        except (Invalid, Stale) as error:
            trouble = error.invalid[0].reason if error.invalid else error.sentence
            case, status = queries.status_page(person, zaak_id), error.status
        else:
            return _done(zaak_id, "ingetrokken")
    elif not case.may_withdraw:
        return HttpResponseRedirect(reverse("status", args=(zaak_id,)))
    context = {"nav": "cases", "case": case, "typed": typed, "trouble": trouble}
    return render(request, "web/citizen/withdraw.html", context, status=status)


@require_safe
def document(request: PageRequest, zaak_id: UUID, document_id: UUID) -> FileResponse:
    """A letter or file of a case, as a download: never opened as a page of ours."""
    found = queries.document(citizen(request), document_id, of=zaak_id)
    response = FileResponse(
        found.open(), as_attachment=True, filename=found.meta.file_name, content_type=found.meta.media_type
    )
    # A file of somebody else must not run anything, whatever it turns out to be.
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
