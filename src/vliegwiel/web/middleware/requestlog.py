"""One log line a request, with the id that also stands on error pages. No address, no query, no names: no personal data.

Whatever is looked at meanwhile is one operation of the processing log (`trust.traces`), named after the route.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from vliegwiel.base import logs
from vliegwiel.trust import traces
from vliegwiel.web.request import PageRequest

log = logging.getLogger("vliegwiel.request")


class RequestLog:
    """Gives the request its id, binds it to all log lines made meanwhile, and says how it ended and how long it took."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        page = cast(PageRequest, request)
        page.request_id = logs.new_request_id(request.headers.get("X-Request-Id", ""))
        with logs.context(request_id=page.request_id), traces.operation(request.method or ""):
            response = self.get_response(request)
            response["X-Request-Id"] = page.request_id
            millis = round((time.perf_counter() - started) * 1000, 1)
            response["Server-Timing"] = f"app;dur={millis}"
            self._write(page, response, millis)
        return response

    def process_view(self, request: HttpRequest, view: object, args: object, kwargs: object) -> None:
        traces.name(f"{request.method} {_route(request)}")

    def _write(self, request: PageRequest, response: HttpResponseBase, millis: float) -> None:
        route = _route(request)
        if route == "/static/" or request.path.startswith("/health/"):
            return
        actor = getattr(request, "actor", None)
        municipality = getattr(request, "municipality", None)
        log.info(
            "%s %s %d",
            request.method,
            route or "(onbekend pad)",
            response.status_code,
            extra={
                "methode": request.method,
                "route": route,
                "status": response.status_code,
                "ms": millis,
                "soort": type(actor).__name__.lower() if actor is not None else "",
                "gemeente": municipality.code if municipality is not None else "",
            },
        )


def _route(request: HttpRequest) -> str:
    """The pattern, not the path: a path can hold what a person typed."""
    if (match := request.resolver_match) is not None:
        return f"/{match.route}"
    return "/static/" if request.path.startswith("/static/") else ""
