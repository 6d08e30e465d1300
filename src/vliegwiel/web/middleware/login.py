"""Who acts: the person behind the session cookie, or a visitor."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vliegwiel.trust.sessions import actor_of
from vliegwiel.web.request import PageRequest, session_token


class LoginSession:
    """Sets `request.actor` on a municipality's own host."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        page = cast(PageRequest, request)
        if hasattr(request, "municipality"):
            page.actor = actor_of(page.municipality.code, session_token(request))
        return self.get_response(request)
