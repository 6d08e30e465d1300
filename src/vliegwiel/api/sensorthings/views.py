"""Requests to the service, by what they do: read, make, change, remove. All rules are in `rounds.sensing`."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse

from vliegwiel.api.access import caller
from vliegwiel.api.answers import MethodNotAllowed, WrongKind, api, json_response, options_response
from vliegwiel.base.errors import Invalid, NotFound, VliegwielError
from vliegwiel.rounds.actions.sensing import change_entity, create_entity, create_observations, remove_entity
from vliegwiel.rounds.ingest.arrivals import Json
from vliegwiel.rounds.sensing.entities import SETS
from vliegwiel.rounds.sensing.query import Query
from vliegwiel.rounds.sensing.reading import read_one, read_set
from vliegwiel.rounds.sensing.refused import Refused
from vliegwiel.rounds.sensing.rows import Row
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require

from .bodies import data_array, decoded, draft_of, patched
from .dataarray import rows_of, wanted
from .options import asked
from .paths import Resource, resource
from .rendering import Writer, key_of
from .root import landing

VERSION = "v1.1"
_JSON = frozenset({"application/json", "application/json; charset=utf-8", ""})
_PATCH = "application/json-patch+json"


def _root(request: HttpRequest) -> str:
    return request.build_absolute_uri(f"/sensorthings/{VERSION}")


@api
def index(request: HttpRequest) -> HttpResponse:
    """The root of the service. Anyone may see what it offers; the entities need a right."""
    if request.method == "OPTIONS":
        return options_response("GET", "HEAD")
    if request.method not in {"GET", "HEAD"}:
        raise MethodNotAllowed("GET")
    return json_response(landing(_root(request)))


@api
def entities(request: HttpRequest, path: str) -> HttpResponse:
    """Everything below the root."""
    if request.method == "OPTIONS":
        return options_response("GET", "HEAD", "POST", "PATCH", "PUT", "DELETE")
    actor = caller(request)
    match request.method:
        case "GET" | "HEAD":
            return _read(request, actor, resource(path))
        case "POST" if path.strip("/") == "CreateObservations":
            return _create_many(request, actor)
        case "POST":
            return _create(request, actor, resource(path))
        case "PATCH" | "PUT":
            return _change(request, actor, resource(path))
        case "DELETE":
            found = _entity(resource(path))
            remove_entity(actor, found.address)
            return HttpResponse(status=200)
        case _:
            raise MethodNotAllowed("GET", "POST", "PATCH", "PUT", "DELETE")


# Reading


def _read(request: HttpRequest, actor: Actor, found: Resource) -> HttpResponse:
    kind, many = found.address.target()
    if found.inside:
        if many:
            raise Refused(f"Kies eerst één van de {kind.plural}: {kind.plural}('id')/{found.inside[0]}.")
        return _property(actor, found)
    if found.end == "$value":
        raise NotFound("$value hoort achter een eigenschap, zoals name/$value.")
    if found.end == "$count" or many:
        return _set(request, actor, found)
    ask = asked(request.META.get("QUERY_STRING", ""), of_set=False)
    row = read_one(actor, found.address, ask.query)
    writer = Writer(_root(request))
    if found.end == "$ref":
        return json_response({"@iot.selfLink": f"{writer.root}/{key_of(row.kind, row.id)}"})
    return json_response(writer.entity(row, ask.query))


def _set(request: HttpRequest, actor: Actor, found: Resource) -> HttpResponse:
    ask = asked(request.META.get("QUERY_STRING", ""), of_set=True)
    if found.end == "$count":
        page = read_set(actor, found.address, Query(filter=ask.query.filter, top=0, count=True))
        return HttpResponse(str(page.count), content_type="text/plain")
    if ask.data_array and found.address.target()[0].name != "Observation":
        raise Refused("$resultFormat=dataArray hoort bij Observations.")
    query = wanted(ask.query) if ask.data_array else ask.query
    page = read_set(actor, found.address, query)
    writer = Writer(_root(request))
    link = writer.next(request.build_absolute_uri(request.path), page, ask.options)
    if found.end == "$ref":
        return json_response(writer.references(page, link))
    if ask.data_array:
        return json_response(rows_of(writer, page, query, link))
    return json_response(writer.page(page, query, link))


def _property(actor: Actor, found: Resource) -> HttpResponse:
    """A property, or what is inside one; as an object with its name, or bare (`$value`). Nothing is 204."""
    name, *keys = found.inside
    row = read_one(actor, found.address, Query(select=(name,)))
    value: Json = str(row.id) if name in {"id", "@iot.id"} else _plain(row, name)
    for key in keys:
        value = _inside(value, key)
    if value is None:
        return HttpResponse(status=204)
    if found.end == "$value":
        text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    return json_response({found.inside[-1]: value})


def _plain(row: Row, name: str) -> Json:
    found: Json = msgspec.json.decode(msgspec.json.encode(row.values[name]))
    return found


def _inside(value: Json, key: str) -> Json:
    match value:
        case dict():
            return value.get(key)
        case list() if key.isdigit() and int(key[:9]) < len(value):
            return value[int(key[:9])]
        case _:
            return None


# Writing


def _body(request: HttpRequest, *kinds: str) -> Json:
    given = request.content_type or ""
    if given.lower() not in {"application/json", "", *kinds}:
        raise WrongKind(f"Stuur JSON (application/json), geen {given[:60]}.")
    return decoded(request.body)


def _entity(found: Resource) -> Resource:
    _, many = found.address.target()
    if many or found.inside or found.end:
        raise MethodNotAllowed("GET", "POST") if many and not found.end else MethodNotAllowed("GET")
    return found


def _create(request: HttpRequest, actor: Actor, found: Resource) -> HttpResponse:
    kind, many = found.address.target()
    if not many or found.inside or found.end:
        raise MethodNotAllowed("GET", "PATCH", "PUT", "DELETE")
    below = found.address if len(found.address.steps) > 1 else None
    row_id = create_entity(actor, draft_of(kind, _body(request)), below)
    link = f"{_root(request)}/{key_of(kind, row_id)}"
    response = json_response({"@iot.id": str(row_id), "@iot.selfLink": link}, status=201)
    response.headers["Location"] = link
    return response


def _create_many(request: HttpRequest, actor: Actor) -> HttpResponse:
    """For each observation its address, or `error` with what was wrong."""
    made = create_observations(actor, data_array(_body(request)))
    root, kind = _root(request), SETS["Observations"]
    links = [
        f"error: {one.sentence}" if isinstance(one, VliegwielError) else f"{root}/{key_of(kind, one)}" for one in made
    ]
    return json_response(links, status=201)


def _change(request: HttpRequest, actor: Actor, found: Resource) -> HttpResponse:
    address = _entity(found).address
    kind, _ = address.target()
    if request.content_type == _PATCH:
        if request.method != "PATCH":
            raise Invalid("Een JSON Patch hoort bij PATCH.")
        # Reading first needs the right to write as well: otherwise who may only read learns whether a patch would fit.
        require(actor, Right.SENSOR_BEHEREN, municipality=actor.municipality)
        row = read_one(actor, address, Query())
        draft = patched(kind, {name: _plain(row, name) for name in row.values}, _body(request, _PATCH))
        change_entity(actor, address, draft)
    else:
        change_entity(actor, address, draft_of(kind, _body(request)), whole=request.method == "PUT")
    return HttpResponse(status=200)
