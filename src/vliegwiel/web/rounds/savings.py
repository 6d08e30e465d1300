"""What it saves: the report of a simulation, with what it does not tell."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.web.request import PageRequest, staff

from . import frame


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The latest report, or how one is made."""
    reader = staff(request)
    return frame.show(request, reader, "savings.html", {}, section="savings")
