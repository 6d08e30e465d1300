"""The first page of the platform itself: which municipalities there are and, in the demo, who can log in."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vliegwiel.base.queries import Served, served


@dataclass(frozen=True, slots=True)
class Door:
    """A municipality and the addresses of its pages."""

    municipality: Served
    url: str


def base_url(request: HttpRequest) -> str:
    """The address of the platform itself, with the port under which this request came."""
    return _url(request, settings.BASE_DOMAIN)


def _url(request: HttpRequest, host: str) -> str:
    port = request.get_port()
    usual = {"http": "80", "https": "443"}[request.scheme or "http"]
    return f"{request.scheme}://{host}{'' if port == usual else f':{port}'}/"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All municipalities that are live, as doors."""
    doors = [Door(m, _url(request, f"{m.slug}.{settings.BASE_DOMAIN}")) for m in served()]
    return render(request, "web/landing.html", {"doors": doors})
