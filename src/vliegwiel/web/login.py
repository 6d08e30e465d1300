"""Logging in and out: to the identity provider and back to where the person was.

Redirects here go to the provider that the settings name, or to a path on this host; nothing in a request can change that.
"""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from vliegwiel.trust.identity import ActorKind, Citizen, Level, Staff
from vliegwiel.trust.logins import LoginCancelled, LoginStart, begin_login, finish_login, logout

from .request import PageRequest, own_path, session_cookie, session_token

LEVELS = {level.name.lower(): level for level in Level}


@require_safe
def citizen(request: PageRequest) -> HttpResponse:
    """To DigiD (or its stand-in), at least at the level the page behind it needs. Who is in already goes straight on."""
    back = own_path(request.GET.get("naar", ""), reverse("home"))
    level = LEVELS.get(request.GET.get("niveau", ""), Level.BASIS)
    if isinstance(request.actor, Citizen) and request.actor.level >= level:
        return HttpResponseRedirect(back)
    start = begin_login(
        request.municipality.code,
        ActorKind.BURGER,
        redirect_uri=request.build_absolute_uri(reverse("login-back")),
        return_to=back,
        level=level,
    )
    return _send_off(start)


@require_safe
def staff(request: PageRequest) -> HttpResponse:
    """To the identity provider of the municipality's staff."""
    back = own_path(request.GET.get("naar", ""), "/werk/")
    if isinstance(request.actor, Staff):
        return HttpResponseRedirect(back)
    start = begin_login(
        request.municipality.code,
        ActorKind.MEDEWERKER,
        redirect_uri=request.build_absolute_uri(reverse("login-staff-back")),
        return_to=back,
    )
    return _send_off(start)


def _send_off(start: LoginStart) -> HttpResponse:
    response = HttpResponseRedirect(start.url)
    response.set_cookie(
        start.cookie_name,
        start.cookie_value,
        max_age=start.max_age,
        httponly=True,
        samesite="Lax",
        secure=settings.SECURE,
    )
    return response


@require_safe
def citizen_back(request: PageRequest) -> HttpResponse:
    """Back from DigiD."""
    return _come_back(request, ActorKind.BURGER, reverse("login-back"))


@require_safe
def staff_back(request: PageRequest) -> HttpResponse:
    """Back from the identity provider of staff."""
    return _come_back(request, ActorKind.MEDEWERKER, reverse("login-staff-back"))


def _come_back(request: PageRequest, kind: ActorKind, path: str) -> HttpResponse:
    try:
        done = finish_login(
            request.municipality.code,
            kind,
            request.GET.dict(),
            request.COOKIES,
            redirect_uri=request.build_absolute_uri(path),
            replaces=session_token(request),
        )
    except LoginCancelled as error:
        return render(request, "web/not_logged_in.html", {"sentence": error.sentence, "kind": kind.value})
    # Not a redirect but a page that goes on by itself would be needed for SameSite=Strict; Lax travels with this one.
    response = HttpResponseRedirect(own_path(done.return_to))
    response.set_cookie(session_cookie(), done.token, httponly=True, samesite="Lax", secure=settings.SECURE)
    response.delete_cookie(done.cookie_to_drop, samesite="Lax")
    return response


@require_POST
def out(request: PageRequest) -> HttpResponse:
    """Log out here, and at the provider where it offers that."""
    token = session_token(request)
    home = request.build_absolute_uri(reverse("logged-out"))
    elsewhere = logout(request.municipality.code, token, return_to=home) if token else None
    response = HttpResponseRedirect(elsewhere or home)
    response.delete_cookie(session_cookie(), samesite="Lax")
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_safe
def logged_out(request: HttpRequest) -> HttpResponse:
    """It worked, and what to do on a shared computer."""
    return render(request, "web/logged_out.html")
