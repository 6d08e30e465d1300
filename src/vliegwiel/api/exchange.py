"""The exchange of definitions between installations, on a municipality's own host, below `/uitwisseling/v1`.

- `GET /` who this is, which formats it speaks, and its public keys;
- `GET /stukken?na=<serial>` what was published since, as a signed bundle (`soort=` and `sleutel=` may be repeated);
- `POST /voorstellen` a proposal, as a signed bundle; `GET /voorstellen/<id>` what became of it.

Public and without a login: definitions hold no personal data, and who proposes is known by the signature.
"""

from __future__ import annotations

import re
from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from vliegwiel.base.errors import Invalid, TooLarge
from vliegwiel.catalogue.exchange import bundle, feed, proposing

from .access import OnOwnHost
from .answers import MethodNotAllowed, api, json_response

MOST_PROPOSAL = 1_500_000
"""A proposal is one text of at most 1 MB."""
MOST_FILTERS = 100
_NAME = re.compile(r"[a-z0-9_-]{1,80}")


@api
def root(request: HttpRequest) -> HttpResponse:
    """Who this is."""
    _only(request, "GET")
    who = feed.who(_code(request))
    told = {
        "gemeente": who.code, "naam": who.name, "formaat": bundle.FORMAT, "versies": [bundle.VERSION],
        "sleutels": list(who.keys), "laatste": who.last,
    }  # fmt: skip
    return json_response(told)


@api
def pieces(request: HttpRequest) -> HttpResponse:
    """A page of the feed."""
    _only(request, "GET")
    after = request.GET.get("na", "0")
    if not re.fullmatch(r"[0-9]{1,15}", after):
        raise Invalid("'na' is een heel getal: het nummer tot waar u al hebt.")
    data = feed.page(_code(request), int(after), kinds=_names(request, "soort"), keys=_names(request, "sleutel"))
    response = HttpResponse(data, content_type="application/json")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["ETag"] = f'"{bundle.fingerprint(data)}"'
    return response


@api
def proposals(request: HttpRequest) -> HttpResponse:
    """Take in a proposal: 201 for a new one, 200 for one that is here already."""
    _only(request, "POST")
    data = request.read(MOST_PROPOSAL + 1)
    if len(data) > MOST_PROPOSAL:
        raise TooLarge("Een voorstel is één definitie van hoogstens 1 MB.")
    id_, fresh = proposing.receive(_code(request), data)
    response = json_response(_state(request, id_), status=201 if fresh else 200)
    response.headers["Location"] = request.build_absolute_uri(f"{request.path.rstrip('/')}/{id_}")
    return response


@api
def proposal(request: HttpRequest, id_: UUID) -> HttpResponse:
    """What became of a proposal."""
    _only(request, "GET")
    return json_response(_state(request, id_))


def _state(request: HttpRequest, id_: UUID) -> dict[str, str]:
    state, answer = proposing.state_of(_code(request), id_)
    return {"id": str(id_), "stand": state, "antwoord": answer}


def _code(request: HttpRequest) -> str:
    return cast(OnOwnHost, request).municipality.code


def _only(request: HttpRequest, method: str) -> None:
    if request.method != method and not (method == "GET" and request.method == "HEAD"):
        raise MethodNotAllowed(method)


def _names(request: HttpRequest, parameter: str) -> tuple[str, ...]:
    given = request.GET.getlist(parameter)
    if len(given) > MOST_FILTERS or not all(_NAME.fullmatch(one) for one in given):
        raise Invalid(f"'{parameter}' is de naam van een definitie; u kunt er hoogstens {MOST_FILTERS} noemen.")
    return tuple(given)
