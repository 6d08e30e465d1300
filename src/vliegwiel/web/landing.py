"""The first page of the platform itself: which municipalities there are and, in the demo, who can log in."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import httpx
import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.shortcuts import render
from django.views.decorators.http import require_safe

from vliegwiel.base.queries import Served, served
from vliegwiel.base.typed import prepare

log = logging.getLogger(__name__)

PATIENCE = 1.0


class Persona(msgspec.Struct, frozen=True):
    """Somebody invented who can log in at the provider of the demonstration."""

    name: str
    story: str
    gemeente: str


@dataclass(frozen=True, slots=True)
class Door:
    """A municipality, the address of its pages, and who can log in there in the demonstration."""

    municipality: Served
    url: str
    residents: tuple[Persona, ...]
    staff: tuple[Persona, ...]


def base_url(request: HttpRequest) -> str:
    """The address of the platform itself, with the port under which this request came."""
    return _url(request, settings.BASE_DOMAIN)


def _url(request: HttpRequest, host: str) -> str:
    """The port is the one the browser used: behind a proxy the server's own says nothing."""
    _, port = split_domain_port(request.get_host())
    return f"{request.scheme}://{host}{f':{port}' if port else ''}/"


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """All municipalities that are live, as doors."""
    demo = settings.MODE == "demo"
    residents = _personas(settings.OIDC_CITIZEN_ISSUER) if demo else ()
    staff = _personas(settings.OIDC_STAFF_ISSUER) if demo else ()
    doors = [
        Door(
            municipality=m,
            url=_url(request, f"{m.slug}.{settings.BASE_DOMAIN}"),
            residents=tuple(p for p in residents if p.gemeente == m.code),
            staff=tuple(p for p in staff if p.gemeente == m.code),
        )
        for m in served()
    ]
    return render(request, "web/landing.html", {"doors": doors, "personas": bool(residents or staff)})


def _personas(issuer: str) -> tuple[Persona, ...]:
    """Whom the simulated provider lets one play. Never a reason not to show the page."""
    if not issuer:
        return ()
    try:
        answer = httpx.get(f"{issuer}/personas.json", timeout=PATIENCE, trust_env=False)
        return tuple(msgspec.json.decode(answer.content, type=list[Persona]))
    except (httpx.HTTPError, msgspec.DecodeError) as error:
        log.info("de personen van de demonstratie zijn niet op te vragen", extra={"reden": type(error).__name__})
        return ()


prepare(list[Persona])
