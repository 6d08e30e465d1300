"""Error answers as the registers write them: `application/problem+json`, field for field as their specifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from starlette.responses import JSONResponse, Response

Api: TypeAlias = Literal["brp", "bag", "rdw"]
_RFC7231 = "https://datatracker.ietf.org/doc/html/rfc7231#section-"


@dataclass(frozen=True, slots=True)
class Wrong:
    """One wrong parameter."""

    name: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Kind:
    type: str
    title: str
    detail: str
    code: str


_KINDS = {
    400: _Kind(
        f"{_RFC7231}6.5.1",
        "Een of meerdere parameters zijn niet correct.",
        "De foutieve parameter(s) zijn: ",
        "paramsValidation",
    ),
    401: _Kind(
        "https://datatracker.ietf.org/doc/html/rfc7235#section-3.1",
        "Niet correct geauthenticeerd.",
        "The request requires user authentication.",
        "authentication",
    ),
    403: _Kind(
        f"{_RFC7231}6.5.3",
        "U bent niet geautoriseerd voor deze operatie.",
        "The server understood the request, but is refusing to fulfill it.",
        "autorisation",
    ),
    404: _Kind(
        f"{_RFC7231}6.5.4", "Opgevraagde resource bestaat niet.", "The server has not found anything.", "notFound"
    ),
    405: _Kind(
        f"{_RFC7231}6.5.5",
        "Methode is niet toegestaan.",
        "The method is not allowed for this resource.",
        "methodNotAllowed",
    ),
    406: _Kind(
        f"{_RFC7231}6.5.6",
        "Gevraagde contenttype wordt niet ondersteund.",
        "The resource is not available in the requested content type.",
        "notAcceptable",
    ),
    412: _Kind(
        "https://datatracker.ietf.org/doc/html/rfc7232#section-4.2",
        "Precondition failed.",
        "The requested coordinate system is not supported.",
        "preconditionFailed",
    ),
    413: _Kind(
        f"{_RFC7231}6.5.11", "Het verzoek is te groot.", "The request is larger than the server takes.", "tooLarge"
    ),
    415: _Kind(
        f"{_RFC7231}6.5.13",
        "Unsupported Media Type",
        "The request is in a format that is not supported for the requested method.",
        "unsupported",
    ),
    429: _Kind(
        "https://datatracker.ietf.org/doc/html/rfc6585#section-4",
        "Too many request",
        "The user has sent too many requests in a given amount of time (rate limiting).",
        "tooManyRequests",
    ),
    500: _Kind(
        f"{_RFC7231}6.6.1",
        "Interne server fout.",
        "The server encountered an unexpected condition which prevented it from fulfilling the request.",
        "serverError",
    ),
    502: _Kind(f"{_RFC7231}6.6.3", "Bad Gateway", "An upstream server gave an invalid answer.", "badGateway"),
    503: _Kind(
        f"{_RFC7231}6.6.4",
        "Bronservice is tijdelijk niet beschikbaar.",
        "The service is currently unable to handle the request due to a temporary overloading or maintenance of the server.",
        "notAvailable",
    ),
    504: _Kind(f"{_RFC7231}6.6.5", "Gateway Timeout", "An upstream server did not answer in time.", "gatewayTimeout"),
}


def problem(
    status: int,
    instance: str,
    *,
    api: Api = "brp",
    wrong: tuple[Wrong, ...] = (),
    title: str | None = None,
    detail: str | None = None,
    code: str | None = None,
) -> Response:
    """A problem answer. BAG writes `invalid-params`, the others `invalidParams`."""
    kind = _KINDS.get(status, _KINDS[500])
    text = kind.detail
    if wrong:
        text += ", ".join(parameter.name for parameter in wrong) + "."
    body: dict[str, object] = {
        "type": kind.type,
        "title": title or kind.title,
        "status": status,
        "detail": detail or text,
        "instance": instance,
        "code": code or kind.code,
    }
    if wrong:
        name = "invalid-params" if api == "bag" else "invalidParams"
        body[name] = [{"name": w.name, "code": w.code, "reason": w.reason} for w in wrong]
    headers: dict[str, str] = {}
    if status == 401:
        headers["WWW-Authenticate"] = "ApiKey"
    if status in {429, 503}:
        headers["Retry-After"] = "1"
    return JSONResponse(body, status_code=status, headers=headers, media_type="application/problem+json")
