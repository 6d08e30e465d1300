"""Views of the worklist that a clerk keeps: save, rename, remove."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from vliegwiel.base.errors import Conflict, Invalid
from vliegwiel.casework import queries
from vliegwiel.casework.actions import views
from vliegwiel.casework.deskpages import Worklist
from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import asked, frame


def _described(found: Worklist) -> tuple[str, ...]:
    """What the list shows, in words, so that a clerk sees what is saved."""
    chosen = [facet.label for facets in (found.products, found.municipalities, found.turns, found.phases, found.teams)
              for facet in facets if facet.chosen]  # fmt: skip
    view = next((v.title for v in found.views if v.saved is None and v.filter == asked.only_view(found.filter)), "")
    text = _("zoeken op “%(text)s”") % {"text": found.filter.text} if found.filter.text else ""
    return tuple(part for part in (view, *chosen, text) if part)


def _page(
    request: PageRequest, *, typed: str = "", renaming: UUID | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    clerk = staff(request)
    found = queries.worklist(clerk, asked.read(request))
    kept = [view for view in found.views if view.saved is not None]
    context = {
        "list": found,
        "described": _described(found),
        "kept": [(view, asked.tail(view.filter)) for view in kept],
        "typed": typed,
        "renaming": renaming,
        "error": error,
    }
    return frame.show(request, clerk, "saved_views.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def save(request: PageRequest) -> HttpResponse:
    """Give the list of this address a name."""
    if request.method != "POST":
        return _page(request)
    clerk = staff(request)
    wanted = asked.read(request)
    title = posted.one(request, "titel").strip()
    try:
        views.save(clerk, title, asked.on_page(wanted, 1))
    except (Invalid, Conflict) as error:
        return _page(request, typed=title, error=error.sentence, status=frame.status_of(error))
    return frame.done(reverse("desk:worklist"), asked.tail(wanted), "weergave")


@require_POST
def rename(request: PageRequest, view_id: UUID) -> HttpResponse:
    """Another name for a view of one's own."""
    clerk = staff(request)
    title = posted.one(request, "titel").strip()
    try:
        views.rename(clerk, view_id, title)
    except (Invalid, Conflict) as error:
        return _page(request, typed=title, renaming=view_id, error=error.sentence, status=frame.status_of(error))
    return frame.done(reverse("desk:views"), asked.tail(asked.read(request)), "weergave-naam")


@require_POST
def remove(request: PageRequest, view_id: UUID) -> HttpResponse:
    """Forget a view of one's own. The cases in it stay as they are."""
    views.remove(staff(request), view_id)
    return frame.done(reverse("desk:views"), asked.tail(asked.read(request)), "weergave-weg")
