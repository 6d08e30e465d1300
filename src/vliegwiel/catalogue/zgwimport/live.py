"""Case types from a live Catalogi API: every resource, page by page, with a token or as a ZGW application.

Asked with the same care as other installations (`catalogue.exchange.fetching`): no redirects, nothing inside a network unless
allowed, sizes bounded. The next page stands where the first one stood.

Source: Catalogi API 1.3.1; authorisation of ZGW: a JWT with HS256.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from urllib.parse import urlsplit

import msgspec
from joserfc import jwt
from joserfc.jwk import OctKey

from vliegwiel.base.clock import now
from vliegwiel.base.errors import Forbidden, Invalid, TooLarge, Unavailable
from vliegwiel.base.typed import prepare

from ..exchange.fetching import fetch
from .resources import RESOURCES, Reading, Resources, case_types

MOST_PAGES = 2_000
MOST_BYTES = 200_000_000
_PAGE_BYTES = 20_000_000
_SECONDS = 600.0


class _Page(msgspec.Struct):
    results: list[msgspec.Raw] = []
    next: str | None = None


prepare(_Page, list[msgspec.Raw])


def application_token(client: str, secret: str) -> str:
    """What a ZGW application shows: a JWT over its name, signed with its secret (HS256)."""
    claims = {
        "iss": client, "iat": int(now().timestamp()), "client_id": client, "user_id": "vliegwiel",
        "user_representation": "Vliegwiel",
    }  # fmt: skip
    return jwt.encode({"alg": "HS256", "typ": "JWT"}, claims, OctKey.import_key(secret))


def read_api(base: str, *, token: str = "") -> Reading:
    """The case types at an address as `https://…/catalogi/api/v1`. `token` goes behind `Bearer`.

    Raises `AddressRefused`, `Unavailable`, `Forbidden` (the token is not enough), `TooLarge` and `Invalid` (no Catalogi API).
    """
    root = base.rstrip("/")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    resources = Resources()
    left, pages, deadline = MOST_BYTES, 0, time.monotonic() + _SECONDS
    for name, path in RESOURCES.items():
        address: str | None = f"{root}/{path}"
        while address is not None:
            pages += 1
            if pages > MOST_PAGES or left <= 0 or time.monotonic() > deadline:
                raise TooLarge("Deze catalogus is te groot om in één keer te lezen. Gebruik een export (zip).")
            body = _asked(address, headers)
            left -= len(body)
            page = _read(body)
            resources.add(name, page.results)
            address = _next(address, page.next)
    if not resources.raw.get("ZaakType"):
        raise Invalid("Deze catalogus heeft geen zaaktypen, of u mag ze niet zien.")
    return case_types(resources)


def _asked(address: str, headers: Mapping[str, str]) -> bytes:
    answer = fetch(address, headers=headers, most=_PAGE_BYTES)
    if answer.status in (401, 403):
        raise Forbidden("De catalogus laat ons niet toe. Kijk het token of de toepassing na.")
    if answer.status == 404:
        raise Invalid("Op dit adres staat geen Catalogi API. Het adres eindigt meestal op /catalogi/api/v1.")
    if answer.status != 200:
        raise Unavailable(f"De catalogus antwoordt met {answer.status}. Probeer het later opnieuw.", retry_after=300)
    return answer.body


def _read(body: bytes) -> _Page:
    try:
        if body.lstrip()[:1] == b"[":
            return _Page(results=msgspec.json.decode(body, type=list[msgspec.Raw]))
        return msgspec.json.decode(body, type=_Page)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(
            "Op dit adres staat geen Catalogi API: het antwoord is geen JSON zoals de standaard zegt."
        ) from error


def _next(here: str, following: str | None) -> str | None:
    """The address of the next page: on the same host and path, whatever host the answer names (a proxy often names another)."""
    if not following:
        return None
    now_, then = urlsplit(here), urlsplit(following)
    if not then.query or then.query == now_.query:
        return None
    return now_._replace(query=then.query).geturl()
