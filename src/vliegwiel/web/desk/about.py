"""Pages about the desk itself: its keys and its handbook."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from vliegwiel.web.forms import posted
from vliegwiel.web.request import PageRequest, staff

from . import frame, keys


@require_http_methods(["GET", "HEAD", "POST"])
def key_page(request: PageRequest) -> HttpResponse:
    """All keys, and the switch that turns them off or on."""
    clerk = staff(request)
    if request.method != "POST":
        return frame.show(request, clerk, "keys.html", {}, section="keys")
    on = posted.one(request, "toetsen") != "uit"
    response = frame.done(reverse("desk:keys"), "", "toetsen-aan" if on else "toetsen-uit")
    keys.remember(response, on=on)
    return response


@require_safe
def handbook(request: PageRequest) -> HttpResponse:
    """How the work goes, in short."""
    return frame.show(request, staff(request), "handbook.html", {}, section="handbook")
