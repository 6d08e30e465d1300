"""Dutch, unless the person chose English here. What the browser prefers is not followed: the pages are a Dutch municipality's."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

COOKIE = "taal"


class Language:
    """Activates the language for the rest of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(COOKIE, "")
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(code):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", code)
        return response
