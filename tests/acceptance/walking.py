"""Every address there is, filled in with things of this one and that one, and what may come back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit
from uuid import UUID

from django.db import connection
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.acceptance.world import Owner, Player, World
from vliegwiel.base.tenancy import scope, tenant_models

NOBODY = UUID("01a20cf6-0000-7000-8000-00000000dead")
_PARAMETER = re.compile(r"<(?:[a-z]+:)?(?P<name>[a-z_]+)>")
_VARYING = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|csrfmiddlewaretoken[^>]*|/static/[^\"]*"
)
OF_ROUNDS = frozenset({"plan_id", "stop_id", "alarm_id", "report_id"})
"""Things of the collection rounds, which this world has none of: what is not there must look like nothing too."""
OF_STUDIO = frozenset({"notice_id", "offer_id", "proposal_id", "import_id", "id_"})
"""What the studio of a municipality holds for itself."""
# What is written down of looking itself, and of who is logged in; it changes by being there.
OF_LOOKING = {"trust_processingrecord", "trust_loginsession", "trust_loginattempt"}


@dataclass(frozen=True)
class Address:
    """An address to ask for: its route, and whose things stand in it."""

    route: str
    path: str
    of: str
    mixed: bool = False


def routes(urlconf: str) -> tuple[str, ...]:
    """Every pattern of an urlconf, as text."""

    def below(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[str]:
        for one in patterns:
            here = before + str(one.pattern)
            if isinstance(one, URLResolver):
                yield from below(one.url_patterns, here)
            else:
                yield here

    return tuple(dict.fromkeys(below(get_resolver(urlconf).url_patterns, "/")))


def parameters(route: str) -> tuple[str, ...]:
    """The names of what stands between brackets."""
    return tuple(found["name"] for found in _PARAMETER.finditer(route))


def fill(route: str, values: Mapping[str, object]) -> str:
    """The path with these values in it."""
    return _PARAMETER.sub(lambda found: str(values[found["name"]]), route)


def values_of(world: World, owner: str, route: str) -> list[dict[str, object]]:
    """What can stand in a route that belongs to this owner; every kind of thing that a name can mean."""
    one = world.owners.get(owner)
    wanted = parameters(route)
    found: list[dict[str, object]] = [{}]
    for name in wanted:
        found = [{**values, name: value} for values in found for value in _things(world, one, route, name)]
    return found


def _things(world: World, one: Owner | None, route: str, name: str) -> Sequence[object]:
    if name == "key" and route.startswith(("/product/", "/studio/")):
        return ("individuele-inkomenstoeslag", "bestaat-niet")
    if name == "key":
        return ((one or world.owners["A1"]).draft_step,)
    if name == "kind":
        return ("variant", "product", "bestaat-niet")
    if name == "law":
        return ("participatiewet", "parkeren_leiden", "bestaat-niet")
    if name == "code":
        return ("nl", "xx")
    if name == "path":
        return ("Things", f"Things('{NOBODY}')/Datastreams", "Observations/$count", "CreateObservations")
    if name == "urn":
        return ("urn:ngsi-ld:WasteContainer:GM0546:C1",)
    if one is None or name in OF_ROUNDS:
        return (NOBODY,)
    if name == "run_id":
        return list(world.runs.values())
    if name in OF_STUDIO:
        return [studio.ids[name] for studio in world.studios.values()]
    return {
        "draft_id": [one.draft],
        "zaak_id": [one.zaak],
        "question_id": one.ids["question"],
        "document_id": [one.ids["document"][0], one.ids["document"][-1]],
        "part": [one.ids["part"][0], one.ids["question"][0]],
        "view_id": list(world.views.values())[:1],
        "mandate_id": [world.mandate],
        "upload_id": one.ids["upload"],
    }[name]


def addresses(world: World, player: Player, urlconf: str) -> Iterator[Address]:
    """Every route with everybody's things, and with things of two owners mixed. The other side's pages (the desk for a
    citizen, the form for staff) only with one person's: whoever asks gets no further than the door."""
    for route in routes(urlconf):
        mine = route.startswith(("/werk/", "/studio/")) == player.is_staff
        names = parameters(route)
        if not set(names) - {"key", "kind", "code", "law", "path", "urn", *OF_ROUNDS}:
            for values in values_of(world, "A1", route):
                yield Address(route, fill(route, values), "")
            continue
        for owner in [*player.meets, ""] if mine else ["A2"]:
            for values in values_of(world, owner, route):
                yield Address(route, fill(route, values), owner)
        if mine and len(set(names) - {"key"}) > 1:
            yield from _mixed(world, player, route)


def _mixed(world: World, player: Player, route: str) -> Iterator[Address]:
    """A thing of another inside a case of one's own."""
    own = next(iter(sorted(player.sees)), None)
    if own is None:
        return
    inside = values_of(world, own, route)[0]
    first = parameters(route)[0]
    for other in player.meets:
        if other != own:
            for values in values_of(world, other, route):
                yield Address(route, fill(route, {**values, first: inside[first]}), other, mixed=True)


def text_of(response: HttpResponseBase) -> str:
    """Everything that came back: headers, cookies and body."""
    head = "\n".join(f"{name}: {value}" for name, value in response.items())
    body = b"".join(cast(Iterable[bytes], response)) if response.streaming else cast(HttpResponse, response).content
    return f"{head}\n{response.cookies.output()}\n{body.decode(errors='replace')}"


def leaks(world: World, player: Player, text: str) -> list[str]:
    """Words in the text that this player may never meet."""
    low = text.casefold()
    return [f"{whose}:{word}" for whose, word in world.hidden(player) if word.casefold() in low]


def plain(text: str) -> str:
    """A page without what differs from one request to the next."""
    return _VARYING.sub("·", text.partition("\n<")[2])


def send(browser: Client, method: str, path: str, body: Mapping[str, object] | None = None) -> HttpResponseBase:
    """One request, redirects not followed."""
    if method == "POST":
        return browser.post(path, body or {})
    return browser.generic(method, path)


def fingerprint(codes: Sequence[str]) -> dict[tuple[str, str], tuple[int, int]]:
    """For each municipality and table: how many rows, and a sum over all that stands in them."""
    from django.apps import apps

    found: dict[tuple[str, str], tuple[int, int]] = {}
    for code in codes:
        with scope(code), connection.cursor() as cursor:
            for model in tenant_models(apps.get_models()):
                table = model._meta.db_table
                if table in OF_LOOKING:
                    continue
                cursor.execute(f'SELECT count(*), coalesce(sum(hashtext(t::text)::bigint), 0) FROM "{table}" t')
                found[code, table] = cursor.fetchone()
    return found


def own_path(location: str) -> bool:
    """Whether a redirect stays here."""
    return not urlsplit(location).netloc
