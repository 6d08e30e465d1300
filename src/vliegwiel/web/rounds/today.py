"""The plan of a day."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from vliegwiel.web.request import PageRequest, staff


@require_safe
def page(request: PageRequest) -> HttpResponse:
    """The plan of a day."""
    staff(request)
    return HttpResponse("")
