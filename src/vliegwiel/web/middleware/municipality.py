"""Whose pages are these? The host name says it, and nothing else does."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase

from vliegwiel.base import logs
from vliegwiel.base.errors import NotFound
from vliegwiel.base.queries import served_at
from vliegwiel.web import errors, health
from vliegwiel.web.request import PageRequest

BARE_URLS = "vliegwiel.web.urls_bare"


def bare_hosts() -> frozenset[str]:
    """Hosts that belong to the platform itself rather than to a municipality."""
    names = {settings.BASE_DOMAIN}
    if settings.BASE_DOMAIN == "localhost":
        names |= {"127.0.0.1", "[::1]", "testserver"}
    return frozenset(names)


class MunicipalityByHost:
    """Sets `request.municipality`. The bare host has its own pages; an unknown host gets a page that says so.

    Health checks come by address rather than by name, so they are answered before the host is looked at.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if (check := health.PATHS.get(request.path)) is not None:
            return check(request)
        host, _ = split_domain_port(request.get_host())
        if host in bare_hosts():
            request.urlconf = BARE_URLS
            return self.get_response(request)
        try:
            municipality = served_at(host)
        except NotFound:
            request.urlconf = BARE_URLS
            return errors.unknown_host(request)
        cast(PageRequest, request).municipality = municipality
        with logs.context(municipality=municipality.code):
            return self.get_response(request)
