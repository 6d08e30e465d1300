"""Errors as a person or a program meets them: a page with one sentence that helps, or problem+json (RFC 9457).

Unexpected errors are logged with their trace and shown without any detail, with the request id to mention on the phone.
"""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from vliegwiel.base import logs
from vliegwiel.base.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotFound,
    NotLoggedIn,
    Stale,
    TooLarge,
    Unavailable,
    VliegwielError,
    problem,
)
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.trust.rights import LoginNeeded

from .landing import base_url
from .request import login_path, same_origin, wants_json

log = logging.getLogger("vliegwiel.errors")

# Fields that our pages fill in themselves.
OF_OURS = frozenset({"versie", "doe", "zeker", "bewaar", "verwijder", "zaak", "gegeven", "terug"})
# Where even the error page cannot be made. Its own text, no database, no template.
LAST_RESORT = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Er ging iets mis</title></head>
<body><h1>Er ging iets mis bij ons</h1>
<p>Probeer het over een paar minuten opnieuw. Wat u al had verstuurd, is bewaard.</p></body></html>"""


@dataclass(frozen=True, slots=True)
class Sent:
    """A field of a form that could not be handled now; it can be sent again from the error page."""

    name: str
    value: str


def respond(request: HttpRequest, exception: BaseException) -> HttpResponse:
    """The answer to a request that failed."""
    error = _known(exception)
    if error is None:
        log.error("onverwachte fout", exc_info=exception, extra={"fout_soort": type(exception).__name__})
        error = Unexpected()
    if wants_json(request):
        return _problem(request, error)
    if isinstance(error, NotLoggedIn) and request.method in {"GET", "HEAD"}:
        return _to_login(request, error)
    return _page(request, error)


class Unexpected(VliegwielError):
    """A defect of ours."""

    status, code, title = 500, "internal", "Er ging iets mis bij ons"

    def __init__(self) -> None:
        super().__init__("Probeer het over een paar minuten opnieuw. Wat u al had verstuurd, is bewaard.")


class NotAllowed(VliegwielError):
    """This address does not know this method."""

    status, code, title = 405, "method_not_allowed", "Zo kan dit adres niet worden gebruikt"


class Forged(Forbidden):
    """The form did not come with the mark we gave it."""

    code, title = "csrf", "Wij konden niet zien of dit van u kwam"


def _known(exception: BaseException) -> VliegwielError | None:
    if isinstance(exception, SourceInvalid):
        # A definition of ours is wrong. That is nobody's input, and what stands in it is not for visitors.
        log.error("een definitie klopt niet", exc_info=exception)
        return Unavailable(_("Dit onderwerp is even niet te gebruiken. Wij werken eraan."))
    if isinstance(exception, VliegwielError):
        return exception
    if isinstance(exception, Http404):
        return NotFound(_("Deze pagina is er niet. Misschien is het adres veranderd, of zit er een typefout in."))
    if isinstance(exception, PermissionDenied):
        return Forbidden(_("U mag deze pagina niet zien."))
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent):
        limit = settings.UPLOAD_LIMIT // (1 << 20)
        return TooLarge(
            _("Dit is te groot om te ontvangen. Een bestand mag hoogstens %(limit)d MB zijn.") % {"limit": limit}
        )
    if isinstance(exception, BadRequest | SuspiciousOperation | MultiPartParserError | UnreadablePostError):
        return Invalid(_("Wij konden dit niet lezen. Ga terug en probeer het opnieuw."))
    if isinstance(exception, OperationalError | InterfaceError | PoolTimeout):
        log.error("de database antwoordt niet", exc_info=exception)
        return Unavailable(_("Er is een storing. Wij werken eraan. Wat u al had verstuurd, is bewaard."))
    return None


def _problem(request: HttpRequest, error: VliegwielError) -> HttpResponse:
    body = msgspec.json.encode(problem(error, f"urn:request:{_request_id(request)}").as_json())
    response = HttpResponse(body, status=error.status, content_type="application/problem+json")
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(error.retry_after)
    return response


def _request_id(request: HttpRequest) -> str:
    return getattr(request, "request_id", "") or logs.request_id()


def _to_login(request: HttpRequest, error: NotLoggedIn) -> HttpResponse:
    level = error.needed if isinstance(error, LoginNeeded) else None
    return HttpResponseRedirect(login_path(request.get_full_path(), staff_member=_at_desk(request), level=level))


def _at_desk(request: HttpRequest) -> bool:
    return request.path.startswith(("/werk/", "/studio/", "/rondes/")) and hasattr(request, "municipality")


def _page(request: HttpRequest, error: VliegwielError) -> HttpResponse:
    again = isinstance(error, NotLoggedIn | Forged | Unavailable | Unexpected)
    sent = _sent(request) if again or isinstance(error, Conflict | NotFound | Forbidden) else ()
    resend = sent if again else ()
    context = {
        "error": error,
        "error_status": error.status,
        "request_id": _request_id(request),
        "desk": _at_desk(request),
        "stale": isinstance(error, Stale),
        "resend": resend,
        # What cannot be sent again as it is, can at least be copied.
        "typed": [one.value for one in sent if one.name not in OF_OURS and one.value.strip()] if not resend else [],
        "lost_files": bool(resend) and request.content_type == "multipart/form-data",
        "login_url": login_path(request.path, staff_member=_at_desk(request)) if isinstance(error, NotLoggedIn) else "",
    }
    try:
        response = render(request, "web/error.html", context, status=error.status)
    except (
        TemplateDoesNotExist,
        TemplateSyntaxError,
        OperationalError,
        InterfaceError,
        AttributeError,
        KeyError,
    ) as failed:
        log.error("de foutpagina zelf lukte niet", exc_info=failed)
        response = HttpResponse(LAST_RESORT, status=error.status)
    if isinstance(error, Unavailable):
        response["Retry-After"] = str(error.retry_after)
    return response


def _sent(request: HttpRequest) -> tuple[Sent, ...]:
    """What was typed, so that it is not lost when the login had ended. Only from our own pages, never another's form."""
    if request.method != "POST" or not same_origin(request):
        return ()
    try:
        fields = [(k, v) for k, values in request.POST.lists() for v in values if k != "csrfmiddlewaretoken"]
    except (SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return ()
    return tuple(Sent(name, value) for name, value in fields if isinstance(value, str))


def not_allowed(request: HttpRequest, *, allowed: str) -> HttpResponse:
    """405, with the methods that are allowed."""
    response = respond(request, NotAllowed(_("Ga terug en gebruik de knoppen op de pagina.")))
    response["Allow"] = allowed
    return response


def unknown_host(request: HttpRequest) -> HttpResponse:
    """A host name under which no municipality is served."""
    if wants_json(request):
        return _problem(request, NotFound("Op dit adres staat geen gemeente."))
    return render(request, "web/unknown_host.html", {"base_url": base_url(request)}, status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Django's check on forged forms failed (`settings.CSRF_FAILURE_VIEW`)."""
    log.warning("formulier zonder geldig kenmerk", extra={"reden": reason})
    sentence = _("Misschien stond de pagina te lang open, of bewaart uw browser geen cookies. Probeer het opnieuw.")
    return respond(request, Forged(sentence))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return respond(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return respond(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return respond(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: something failed outside a view (a middleware asked a database that was away), inside its `except`."""
    return respond(request, sys.exception() or Unexpected())
