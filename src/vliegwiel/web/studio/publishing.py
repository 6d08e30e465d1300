"""Publishing a draft with two persons: one writes and offers, another looks and publishes."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue.editing.difference import count
from vliegwiel.catalogue.laws.shelf import town
from vliegwiel.catalogue.versions import actions, queries
from vliegwiel.catalogue.versions.effects import Effect, effect_of, meanwhile
from vliegwiel.trust.identity import Staff
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame
from .differing import chapters
from .drafting import MOST_SHOWN, wrongs
from .workbench import Bench, bench


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: PageRequest, kind: str, key: str) -> HttpResponse:
    """Offer a draft, or look at what a colleague offered and publish it or send it back."""
    reader = staff(request)
    found = bench(reader, kind, key)
    if request.method != "POST":
        return _show(request, reader, found)
    try:
        return _posted(request, reader, found)
    except (Invalid, Conflict, Forbidden, Stale) as error:
        return _show(request, reader, bench(reader, kind, key), error)


def _posted(request: PageRequest, reader: Staff, found: Bench) -> HttpResponse:
    act, kind, key = posted.one(request, "doe"), found.kind, found.key
    if act == "publiceren":
        actions.approve_and_publish(reader, kind, key, seen=posted.one(request, "gezien")[:64])
        if kind in ("variant", "product"):
            return HttpResponseRedirect(f"{reverse('studio:product', args=[key])}?gedaan=gepubliceerd")
        return HttpResponseRedirect(f"{reverse('studio:drafts')}?gedaan=gepubliceerd")
    if act == "terugsturen":
        actions.send_back(reader, kind, key, posted.one(request, "waarom"))
        return HttpResponseRedirect(f"{reverse('studio:drafts')}?gedaan=teruggestuurd")
    actions.offer_for_approval(
        reader, kind, key, summary=posted.one(request, "samenvatting"), reason=posted.one(request, "reden"),
        version=posted.one(request, "versie").strip(),
    )  # fmt: skip
    return HttpResponseRedirect(f"{reverse('studio:draft-publish', args=[kind, key])}?gedaan=aangeboden")


def _show(
    request: PageRequest, reader: Staff, found: Bench, error: Invalid | Conflict | Forbidden | Stale | None = None
) -> HttpResponse:
    checked = queries.check_text(found.municipality, found.kind, found.key, found.text, thorough=True)
    parts = chapters(found)
    draft = found.draft
    effect = _effect(reader, found) if draft is not None and checked.ok else None
    faults = {one.name: one.reason for one in error.invalid} if isinstance(error, Invalid) else {}
    context = {
        "bench": found,
        "checked": checked,
        "wrong": wrongs(found, checked.wrong)[:MOST_SHOWN],
        "more_wrong": max(0, len(checked.wrong) - MOST_SHOWN),
        "chapters": parts,
        "count": count(parts),
        "effect": effect,
        "followers": [(one, town(one.municipality).name) for one in effect.followers] if effect else [],
        "newer": draft is not None and bool(found.live) and meanwhile(reader, found.kind, found.key) is not None,
        "own": draft is not None and reader.subject in (draft.offered_by, draft.edited_by),
        "problem": error.sentence if error is not None else "",
        "faults": faults,
        "summary": posted.one(request, "samenvatting") or (draft.summary if draft else ""),
        "reason": posted.one(request, "reden") or (draft.reason if draft else ""),
        "why": posted.one(request, "waarom"),
    }
    return frame.show(request, reader, "draft_publish.html", context, section="drafts", status=frame.status_of(error))


def _effect(reader: Staff, found: Bench) -> Effect | None:
    """What publishing would do; None where that cannot be told."""
    try:
        return effect_of(reader, found.kind, found.key)
    except (SourceInvalid, NotFound):
        return None
