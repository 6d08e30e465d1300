"""Whether single keys do something in this browser. They can be switched off: a loose letter can also come from speech
control (WCAG 2.1.4, Character Key Shortcuts)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "toetsen"
YEAR = 365 * 24 * 3600


def are_on(request: HttpRequest) -> bool:
    """They are, until somebody switches them off."""
    return request.COOKIES.get(COOKIE) != "uit"


def remember(response: HttpResponse, *, on: bool) -> None:
    """Keep the choice in this browser, for a year."""
    chosen = "aan" if on else "uit"
    response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SECURE)
