"""The request as views see it: with the municipality of its host and who acts."""

from __future__ import annotations

from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from vliegwiel.base.queries import Served
from vliegwiel.trust.identity import Actor, Citizen, Level, Staff
from vliegwiel.trust.logins import local_path
from vliegwiel.trust.rights import StaffLoginNeeded, require_citizen


class PageRequest(HttpRequest):
    """What the middleware adds. `municipality` and `actor` exist only on a municipality's own host."""

    request_id: str
    municipality: Served
    actor: Actor


def citizen(request: PageRequest, *, level: Level = Level.BASIS) -> Citizen:
    """The citizen who is logged in with at least this assurance level. Raises `LoginNeeded`."""
    return require_citizen(request.actor, level=level)


def staff(request: PageRequest) -> Staff:
    """The member of staff who is logged in. Raises `StaffLoginNeeded`."""
    if not isinstance(request.actor, Staff):
        raise StaffLoginNeeded("Log in als medewerker. Daarna gaat u hier verder.")
    return request.actor


def own_path(candidate: str, default: str = "/") -> str:
    """`candidate` when it is a path on this host, else `default`: nobody can be sent elsewhere by a link."""
    return candidate if candidate and local_path(candidate) == candidate else default


def session_cookie() -> str:
    """Name of the cookie that holds the session. On https the browser keeps it to this very host."""
    return "__Host-sessie" if settings.SECURE else "sessie"


def session_token(request: HttpRequest) -> str:
    """The token of the session, or an empty text."""
    return request.COOKIES.get(session_cookie(), "")


def login_path(back: str, *, staff_member: bool = False, level: Level | None = None) -> str:
    """The address to log in at and then return to `back`."""
    query = {"naar": own_path(back)}
    if level is not None:
        query["niveau"] = level.name.lower()
    return f"{reverse('login-staff' if staff_member else 'login')}?{urlencode(query)}"


def wants_json(request: HttpRequest) -> bool:
    """Whether a program asks, rather than a browser."""
    preferred = request.get_preferred_type(["text/html", "application/problem+json", "application/json"])
    return preferred in {"application/problem+json", "application/json"}


def same_origin(request: HttpRequest) -> bool:
    """Whether the browser says that one of our own pages sent this (Fetch Metadata, else Origin)."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
