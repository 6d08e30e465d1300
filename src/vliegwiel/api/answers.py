"""What all APIs here do alike: JSON out, errors as problem+json (RFC 9457), open to scripts of other sites without logins."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from vliegwiel.base.errors import Invalid, NotLoggedIn, TooLarge, Unavailable, VliegwielError, problem

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


class MethodNotAllowed(VliegwielError):
    """This address does not know this method; `allowed` says which it does."""

    status, code, title = 405, "method_not_allowed", "Zo kan dit adres niet worden gebruikt"

    def __init__(self, *allowed: str) -> None:
        super().__init__(f"Gebruik {' of '.join(allowed)}.")
        self.allowed = allowed


class WrongKind(VliegwielError):
    """The body is of a kind we do not read here."""

    status, code, title = 415, "unsupported_media_type", "Dit soort gegevens lezen wij hier niet"


def api(view: View[P]) -> View[P]:
    """A view for programs. What it raises becomes problem+json, whatever the caller said to accept."""

    @csrf_exempt
    @wraps(view)
    def answering(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            response = view(request, *args, **kwargs)
        except VliegwielError as error:
            response = failed(request, error)
        except RequestDataTooBig:
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE >> 20
            response = failed(request, TooLarge(f"Dit is te groot: hoogstens {limit} MB in één keer."))
        except UnreadablePostError:
            response = failed(request, Invalid("Wij konden dit niet lezen: het hield halverwege op."))
        finally:
            _as_a_program(request)
        # Scripts of other sites may read, but never with the login of who visits them.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = "Location"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        response.headers["Vary"] = "Authorization, Cookie"
        return response

    return answering


def _as_a_program(request: HttpRequest) -> None:
    """What fails outside the view (a defect, a database that is away) must be readable by a program as well."""
    request.META["HTTP_ACCEPT"] = "application/problem+json"
    for read_before in ("headers", "accepted_types", "accepted_types_by_precedence"):
        request.__dict__.pop(read_before, None)


def failed(request: HttpRequest, error: VliegwielError) -> HttpResponse:
    """The answer to what went wrong. `message` repeats the detail, for clients that look for that."""
    request_id: str = getattr(request, "request_id", "")
    body = problem(error, f"urn:request:{request_id}").as_json() | {"message": error.sentence}
    response = HttpResponse(msgspec.json.encode(body), status=error.status, content_type="application/problem+json")
    if isinstance(error, NotLoggedIn):
        response.headers["WWW-Authenticate"] = 'Bearer realm="Vliegwiel"'
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    return response


def json_response(body: object, *, status: int = 200, content_type: str = "application/json") -> HttpResponse:
    """JSON out."""
    return HttpResponse(msgspec.json.encode(body), status=status, content_type=content_type)


def options_response(*allowed: str) -> HttpResponse:
    """What a browser asks before a script of another site may call."""
    response = HttpResponse(status=204)
    response.headers["Allow"] = ", ".join(allowed)
    response.headers["Access-Control-Allow-Methods"] = ", ".join(allowed)
    response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Prefer"
    response.headers["Access-Control-Max-Age"] = "86400"
    return response
