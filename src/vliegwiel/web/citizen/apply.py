"""Applying: begin, one question at a time, keep and come back, look it over, send."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.base.errors import Invalid, InvalidParam, Stale, TooLarge
from vliegwiel.casework import queries
from vliegwiel.casework.actions import drafts
from vliegwiel.casework.pages import CheckAnswersPage, DraftPage
from vliegwiel.web.citizen.notices import notice
from vliegwiel.web.forms import posted
from vliegwiel.web.forms.faults import Fault, faults
from vliegwiel.web.forms.posted import TOO_LONG, Posted
from vliegwiel.web.request import PageRequest, citizen


@require_safe
def resume(request: PageRequest, draft_id: UUID) -> HttpResponse:
    """To the step where the person was, on whatever device."""
    draft = queries.draft_page(citizen(request), draft_id)
    if draft.submitted_zaak:
        return redirect("status", draft.submitted_zaak)
    return (
        redirect("check-answers", draft_id) if draft.steps[-1].reachable else redirect("step", draft_id, draft.step.key)
    )


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: PageRequest, draft_id: UUID, key: str) -> HttpResponse:
    """One step: what we know, and the questions that no register answers."""
    person = citizen(request)
    draft = queries.draft_page(person, draft_id, key)
    if draft.submitted_zaak:
        return redirect("status", draft.submitted_zaak)
    if request.method != "POST":
        return _step_page(request, draft)
    sent = posted.read(request, draft.asks)
    if upload := posted.one(request, "verwijder"):
        return _take_away(request, draft, sent, upload)
    wrong = [*_too_long(sent), *_add_files(request, draft, sent)]
    later = bool(posted.one(request, "bewaar"))
    try:
        following = drafts.answer(person, draft_id, key, sent.texts, version=posted.version(request), later=later)
    except Invalid as error:
        wrong += error.invalid
        if not error.invalid:
            raise
    except Stale as error:
        shown = queries.draft_page(person, draft_id, key, typed=sent.texts)
        return _step_page(request, shown, status=error.status, stale=error.sentence)
    if wrong:
        shown = queries.draft_page(person, draft_id, key, typed=sent.texts, invalid=_first_of_each(wrong))
        return _step_page(request, shown, status=422)
    if later:
        return _to("my-cases", gedaan="bewaard")
    return redirect("step", draft_id, following) if following else redirect("check-answers", draft_id)


def _step_page(request: PageRequest, draft: DraftPage, status: int = 200, stale: str = "") -> HttpResponse:
    following = draft.steps[draft.step.number] if draft.step.number < len(draft.steps) else None
    context = {
        "draft": draft,
        "errors": faults(draft.fields),
        "multipart": any(field.kind == "bestand" for field in draft.fields),
        # A single question that says the same as the title is not said twice.
        "alone": len(draft.fields) == 1 and draft.fields[0].label.rstrip("?") == draft.step.title.rstrip("?"),
        "next_label": _("Verder") if following else _("Verder naar nakijken"),
        "notice": notice(request),
        "stale": stale,
    }
    return render(request, "web/citizen/step.html", context, status=status)


def _first_of_each(wrong: list[InvalidParam]) -> list[InvalidParam]:
    """One sentence a field. What is wrong with a file that was sent says more than that the file is missing."""
    found: dict[str, InvalidParam] = {}
    for param in wrong:
        found.setdefault(param.name, param)
    return list(found.values())


def _too_long(sent: Posted) -> list[InvalidParam]:
    return [InvalidParam(key, "too_long", TOO_LONG) for key in sorted(sent.too_long)]


def _add_files(request: PageRequest, draft: DraftPage, sent: Posted) -> list[InvalidParam]:
    """Store each file at once, so that an error elsewhere on the page does not lose it."""
    wrong: list[InvalidParam] = []
    for field in draft.fields:
        for file in sent.files.get(field.key, ()) if field.kind == "bestand" else ():
            try:
                drafts.add_upload(request.actor, draft.id, field.key, file.name or "", posted.stream(file))
            except (Invalid, TooLarge) as error:
                wrong += error.invalid or (InvalidParam(field.key, error.code, error.sentence),)
    return wrong


def _take_away(request: PageRequest, draft: DraftPage, sent: Posted, upload: str) -> HttpResponse:
    """Remove a file, and keep what was typed meanwhile."""
    if (upload_id := _uuid(upload)) is not None:
        drafts.remove_upload(request.actor, draft.id, upload_id)
    drafts.answer(request.actor, draft.id, draft.step.key, sent.texts, version=posted.version(request), later=True)
    return _to("step", draft.id, draft.step.key, gedaan="weggehaald")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _to(name: str, *args: object, gedaan: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=args) + (f"?gedaan={gedaan}" if gedaan else ""))


@require_http_methods(["GET", "HEAD", "POST"])
def check_answers(request: PageRequest, draft_id: UUID) -> HttpResponse:
    """All answers before sending. Sending twice gives the same case."""
    person = citizen(request)
    if request.method == "POST":
        try:
            zaak = drafts.submit(person, draft_id, version=posted.version(request))
        except Invalid as error:
            if not error.invalid:
                raise
            return _check_page(request, queries.check_answers(person, draft_id), status=422)
        return redirect("received", zaak)
    draft = queries.check_answers(person, draft_id)
    if draft.submitted_zaak:
        return redirect("status", draft.submitted_zaak)
    return _check_page(request, draft)


def _check_page(request: PageRequest, draft: CheckAnswersPage, status: int = 200) -> HttpResponse:
    missing = tuple(
        Fault(f"{reverse('step', args=(draft.id, m.step))}#veld-{m.field}", m.sentence) for m in draft.missing
    )
    last = draft.answers[-1].step if draft.answers else None
    context = {
        "draft": draft,
        "errors": missing,
        "first_missing": missing[0].link if missing else "",
        "back_url": reverse("step", args=(draft.id, last)) if last else reverse("draft", args=(draft.id,)),
        "notice": notice(request),
    }
    return render(request, "web/citizen/check_answers.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def refresh(request: PageRequest, draft_id: UUID) -> HttpResponse:
    """Ask the registers again, after one was silent."""
    person = citizen(request)
    if request.method == "POST":
        drafts.refresh_facts(person, draft_id)
    draft = queries.draft_page(person, draft_id)
    return _to("step", draft_id, draft.step.key, gedaan="" if draft.silent or request.method != "POST" else "opgehaald")


@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: PageRequest, draft_id: UUID) -> HttpResponse:
    """Throw an application away, after asking once."""
    person = citizen(request)
    draft = queries.draft_page(person, draft_id)
    if request.method == "POST" and posted.one(request, "zeker"):
        drafts.discard(person, draft_id)
        return _to("my-cases", gedaan="weg")
    context = {"product_name": draft.product_name, "back": reverse("draft", args=(draft_id,))}
    return render(request, "web/citizen/discard.html", context)
