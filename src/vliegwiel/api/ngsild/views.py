"""Reading entities (ETSI GS CIM 009, 6.4 and 6.5). There is nothing to write here: containers are kept by the rounds."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, Final, ParamSpec, cast

import msgspec
from django.http import HttpRequest, HttpResponse

from vliegwiel.api.access import OnOwnHost, caller
from vliegwiel.api.answers import MethodNotAllowed, api, options_response
from vliegwiel.base.errors import Invalid, NotFound, VliegwielError
from vliegwiel.rounds.containersnow import containers_now
from vliegwiel.rounds.sensing.rows import Json

from .asking import Geo, Test, query_test
from .entities import CONTEXT, MODEL_CONTEXT, TYPE, Entity, entity

DEFAULT_LIMIT: Final = 20
MOST_LIMIT: Final = 1_000
_ERRORS: Final[Mapping[int, str]] = {
    400: "BadRequestData", 404: "ResourceNotFound", 405: "OperationNotSupported", 413: "TooManyResults",
}  # fmt: skip
_KNOWN: Final = frozenset(
    {"type", "id", "idPattern", "attrs", "q", "georel", "geometry", "coordinates", "geoproperty", "limit", "offset",
     "count", "options", "format"}
)  # fmt: skip
_BEGIN = re.compile(r"[\w:.%\-]{0,200}")
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def _own_errors(view: View[P]) -> View[P]:
    """Errors as the standard names them (6.3.2), where it does; else as our other APIs do."""

    @wraps(view)
    def answering(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except VliegwielError as error:
            if (name := _ERRORS.get(error.status)) is None or isinstance(error, MethodNotAllowed):
                raise
            body = {
                "type": f"https://uri.etsi.org/ngsi-ld/errors/{name}", "title": error.title, "detail": error.sentence,
                "status": error.status,
            }  # fmt: skip
            return HttpResponse(msgspec.json.encode(body), status=error.status, content_type="application/json")

    return answering


@api
@_own_errors
def entities(request: HttpRequest) -> HttpResponse:
    """The containers that are asked for, a page at a time."""
    if request.method == "OPTIONS":
        return options_response("GET", "HEAD")
    _only_reading(request)
    tests = _tests(request)
    found = [one for one in _all(request) if all(test(one) for test in tests)]
    limit, offset = _whole(request, "limit", DEFAULT_LIMIT), _whole(request, "offset", 0)
    counting = request.GET.get("count") == "true"
    if limit > MOST_LIMIT or (limit == 0 and not counting):
        raise Invalid(f"limit is 1 tot en met {MOST_LIMIT}; 0 mag samen met count=true.")
    names, simple = _names(request), _simple(request)
    page = [one.written(names, simple=simple) for one in found[offset : offset + limit]]
    response = _answer(request, [_with_context(request, one) for one in page])
    if counting:
        response.headers["NGSILD-Results-Count"] = str(len(found))
    links = [response.headers["Link"]] if "Link" in response.headers else []
    for rel, start in (("prev", max(offset - limit, 0) if offset else None), ("next", offset + limit)):
        if limit and start is not None and start < len(found):
            query = request.GET.copy()
            query["offset"] = str(start)
            links.append(f'<{request.path}?{query.urlencode()}>;rel="{rel}";type="application/ld+json"')
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


@api
@_own_errors
def one_entity(request: HttpRequest, urn: str) -> HttpResponse:
    """One container by its URN."""
    if request.method == "OPTIONS":
        return options_response("GET", "HEAD")
    _only_reading(request)
    found = next((one for one in _all(request) if one.id == urn), None)
    if found is None:
        raise NotFound("Deze entiteit is er niet.")
    return _answer(request, _with_context(request, found.written(_names(request), simple=_simple(request))))


@api
@_own_errors
def types(request: HttpRequest) -> HttpResponse:
    """The one type there is (6.25). Anyone may know that."""
    _only_reading(request)
    body: dict[str, Json] = {"id": "urn:ngsi-ld:EntityTypeList:1", "type": "EntityTypeList", "typeList": [TYPE]}
    return _answer(request, _with_context(request, body))


def _only_reading(request: HttpRequest) -> None:
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("GET")


def _all(request: HttpRequest) -> list[Entity]:
    actor = caller(request)
    if unknown := sorted(set(request.GET) - _KNOWN):
        raise Invalid(f"Deze parameter kennen wij hier niet: {unknown[0][:40]}. Wel: {', '.join(sorted(_KNOWN))}.")
    own = cast(OnOwnHost, request).municipality
    return [entity(one, own.code, own.name) for one in containers_now(actor)]


def _tests(request: HttpRequest) -> list[Test]:
    """What an entity must be to be among those asked for. One parameter at least says which (6.4.3.2)."""
    given = request.GET
    if not given.keys() & {"type", "id", "idPattern", "attrs", "q", "georel"}:
        raise Invalid(f"Zeg welke entiteiten u vraagt, bijvoorbeeld met type={TYPE}.")
    tests: list[Test] = []
    if kinds := given.get("type", ""):
        known = bool({TYPE, "*"} & set(kinds.split(",")))
        tests.append(lambda _: known)
    if ids := given.get("id", ""):
        wanted = set(ids.split(","))
        tests.append(lambda one: one.id in wanted)
    if pattern := given.get("idPattern", ""):
        tests.append(_matches(pattern))
    if (names := _names(request)) is not None:
        tests.append(lambda one: any(name in one.attributes for name in names))
    if query := given.get("q", ""):
        tests.append(query_test(query))
    if georel := given.get("georel", ""):
        place = given.get("geoproperty", "location")
        tests.append(Geo(georel, given.get("geometry", ""), given.get("coordinates", ""), place).test())
    return tests


def _matches(pattern: str) -> Test:
    """Only a beginning with `.*` behind it: any pattern of a stranger could keep us busy for ever."""
    begin = pattern.removeprefix("^").removesuffix("$").removesuffix(".*").replace("\\.", ".")
    if not _BEGIN.fullmatch(begin):
        raise Invalid("idPattern kan hier alleen een begin zijn met .* erachter.")
    return lambda one: one.id.startswith(begin)


def _names(request: HttpRequest) -> list[str] | None:
    text = request.GET.get("attrs", "")
    return [name.strip() for name in text.split(",")] if text else None


def _simple(request: HttpRequest) -> bool:
    asked = {*request.GET.get("options", "").split(","), request.GET.get("format", "")}
    return bool(asked & {"keyValues", "simplified"})


def _whole(request: HttpRequest, name: str, default: int) -> int:
    text = request.GET.get(name, str(default))
    if not text.isdecimal() or len(text) > 9:
        raise Invalid(f"{name} is een geheel getal van 0 of meer.")
    return int(text)


def _linked_data(request: HttpRequest) -> bool:
    return "application/ld+json" in request.headers.get("Accept", "")


def _with_context(request: HttpRequest, body: dict[str, Json]) -> dict[str, Json]:
    return body | {"@context": list(CONTEXT)} if _linked_data(request) else body


def _answer(request: HttpRequest, body: object) -> HttpResponse:
    linked = _linked_data(request)
    response = HttpResponse(
        msgspec.json.encode(body), content_type="application/ld+json" if linked else "application/json"
    )
    if not linked:
        response.headers["Link"] = (
            f'<{MODEL_CONTEXT}>;rel="http://www.w3.org/ns/json-ld#context";type="application/ld+json"'
        )
    return response
