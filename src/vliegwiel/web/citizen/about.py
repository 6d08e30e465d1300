"""Pages about the pages: privacy and accessibility."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vliegwiel.web.request import PageRequest


@require_safe
def privacy(request: PageRequest) -> HttpResponse:
    """What is kept about a visitor and a resident."""
    return render(request, "web/citizen/privacy.html")


@require_safe
def accessibility(request: PageRequest) -> HttpResponse:
    """What was tested, and where to go when something does not work."""
    return render(request, "web/citizen/accessibility.html")
