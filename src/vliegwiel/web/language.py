"""Choosing the language of the pages."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from .middleware.language import COOKIE
from .request import own_path

YEAR = 365 * 24 * 3600


@require_safe
def choose(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go back to where the person was."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    response = HttpResponseRedirect(own_path(request.GET.get("naar", "/")))
    response.set_cookie(COOKIE, code, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SECURE)
    return response
