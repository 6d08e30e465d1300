"""Every address, asked for by every kind of person, with things of their own and of others: never an error of ours, never a
word of somebody else, nothing changed that is not theirs, and what is not theirs looks like what is not there."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
from django.db import transaction
from django.test import Client

from tests.acceptance.studio import Studio
from tests.acceptance.walking import (
    OF_STUDIO,
    Address,
    addresses,
    fill,
    fingerprint,
    leaks,
    own_path,
    parameters,
    plain,
    routes,
    send,
    text_of,
    values_of,
)
from tests.acceptance.world import HOSTS, LEIDEN, LEIDERDORP, TOESLAG, UTRECHT, Player, World, build
from tests.casework.conftest import RegistersSay
from vliegwiel.base.clock import set_to
from vliegwiel.casework import clerks, gathering, looking, queries
from vliegwiel.casework.deskpages import View, WorklistFilter
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.trust.identity import Role, Staff

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

# All in one process, so that the world is built once.
pytestmark = pytest.mark.xdist_group("every_url")

TOWN, BARE = "vliegwiel.web.urls", "vliegwiel.web.urls_bare"
KNOWN = {
    "key", "code", "law", "draft_id", "zaak_id", "question_id", "document_id", "part", "view_id", "mandate_id", "upload_id",
    "run_id", "plan_id", "stop_id", "alarm_id", "report_id", "path", "urn", "kind", *OF_STUDIO,
}  # fmt: skip
# Without a login provider in this test, the doors to it say that it does not answer.
DOORS = ("/inloggen/", "/inloggen/medewerker/", "/inloggen/terug/", "/inloggen/medewerker/terug/")
ENDED = (401, 403, 404)


@pytest.fixture(scope="module")
def whole_world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Leiden, Leiderdorp and Utrecht, full of people, in a transaction that lasts for this module."""
    say = RegistersSay()
    with (
        django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, set_to(date(2026, 11, 24)), transaction.atomic()
    ):  # fmt: skip
        patch.setattr(gathering, "gather", say)
        clerks._noted.clear()
        looking._seen.clear()
        adopt_demo()
        yield build(say)
        transaction.set_rollback(True)


@pytest.fixture
def world(whole_world: World) -> Iterator[World]:
    """The same world for every test: what a test changes is undone."""
    with transaction.atomic():
        yield whole_world
        transaction.set_rollback(True)


def check(world: World, player: Player, method: str, address: Address, response: object) -> list[str]:
    """What is wrong with an answer."""
    text = text_of(response)  # type: ignore[arg-type]
    status: int = response.status_code  # type: ignore[attr-defined]
    where = f"{player.name}: {method} {address.path} ({address.of or '-'}) -> {status}"
    wrong = [f"{where} shows {leak}" for leak in leaks(world, player, text)]
    if status >= 500 and not (status == 503 and address.route in DOORS):
        wrong.append(where)
    location = response.headers.get("Location", "")  # type: ignore[attr-defined]
    if location and not own_path(location) and not location.startswith(f"http://{HOSTS[player.actor.municipality]}"):
        wrong.append(f"{where} leads to {location}")
    return wrong


def test_every_name_in_an_address_is_known_to_this_walk(world: World) -> None:
    found = {name for urlconf in (TOWN, BARE) for route in routes(urlconf) for name in parameters(route)}
    assert found <= KNOWN, "teach `values_of` what the new name means, so that its pages are walked"
    assert len(routes(TOWN)) > 60
    assert all(values_of(world, "A1", route) for route in routes(TOWN))


def test_no_page_shows_anything_of_somebody_else(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """And what is not yours looks the same as what is not there."""
    wrong: list[str] = []
    tally: Counter[int] = Counter()
    with caplog.at_level(logging.INFO):
        for player in world.players:
            browser = player.client()
            nothing: dict[str, tuple[int, str]] = {}
            theirs: list[tuple[Address, tuple[int, str]]] = []
            for address in addresses(world, player, TOWN):
                response = browser.get(address.path)
                tally[response.status_code] += 1
                wrong += check(world, player, "GET", address, response)
                browser.cookies.pop("taal", None)
                if not set(parameters(address.route)) & {"draft_id", "zaak_id"} or address.mixed:
                    continue
                seen = (response.status_code, plain(text_of(response)))
                if not address.of:
                    nothing[address.route] = seen
                elif address.of not in player.sees:
                    theirs.append((address, seen))
            for address, seen in theirs:
                if address.route in nothing and seen != nothing[address.route]:
                    wrong.append(f"{player.name}: {address.path} of {address.of} differs from nothing")
    assert not wrong, "\n".join(wrong[:40])
    assert tally[200] > 200, tally
    assert tally[404] > 400, tally
    bsns = {owner.who.bsn for owner in world.owners.values()}
    told = "\n".join(record.getMessage() + str(record.__dict__) for record in caplog.records)
    assert not [bsn for bsn in bsns if bsn in told], "no number of anybody in the log"
    assert not [owner.word for owner in world.owners.values() if owner.word.casefold() in told.casefold()]


def test_what_one_may_see_is_there(world: World) -> None:
    """Otherwise the other tests would pass on empty pages."""
    for player in world.players:
        browser = player.client()
        for name in sorted(player.sees):
            owner = world.owners[name]
            path = f"/werk/zaak/{owner.zaak}/" if player.is_staff else f"/mijn/zaak/{owner.zaak}/"
            text = text_of(browser.get(path))
            assert owner.word in text
            assert owner.number in text
            assert (owner.staff_word in text) == player.is_staff
            document = owner.ids["document"]
            got = [browser.get(f"{path}{'document' if player.is_staff else 'stuk'}/{one}/") for one in document]
            assert any(owner.word in text_of(one) for one in got if one.status_code == 200)
        if player.own:
            owner = world.owners[player.own]
            assert owner.draft_word in text_of(browser.get(f"/aanvraag/{owner.draft}/{owner.draft_step}/"))


BODY = {
    "versie": "1", "reden": "Omdat het moet van mij.", "notitie": "Een notitie", "titel": "Een titel", "tekst": "Een tekst",
    "dagen": "14", "bestanden": "nee", "antwoord": "Een antwoord", "zeker": "1", "gegeven": "persoon.naam",
    "toelichting": "Dit klopt niet", "doe": "besluiten", "naar": "anna", "team": "", "uitkomst": "toekennen",
    "afwijking": "Een lange uitleg waarom er van de wet wordt afgeweken.", "oordeel:uitzicht_op_inkomen": "nee",
    "reden:uitzicht_op_inkomen": "Daarom.", "email": "x@voorbeeld.nl", "taak": "gesprek", "sleutel": "gesprek",
    "mandataris": LEIDEN, "products": [TOESLAG], "rights": ["zaak_lezen", "zaak_besluiten"], "valid_from": "24-11-2026",
    "besluit": "Een besluit", "bsn": "", "van": "2026-11-01", "tot": "2026-11-24", "toetsen": "aan",
}  # fmt: skip


def test_nothing_can_be_done_to_what_is_not_yours(world: World) -> None:
    wrong: list[str] = []
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    tally: Counter[int] = Counter()
    for player in world.players:
        browser = player.client()
        for address in addresses(world, player, TOWN):
            if (
                not address.of
                or address.of in player.sees
                or "mandate_id" in address.route
                or "view_id" in address.route
                or "run_id" in address.route
                or set(parameters(address.route)) & OF_STUDIO
            ):
                continue
            response = browser.post(address.path, BODY)
            tally[response.status_code] += 1
            wrong += check(world, player, "POST", address, response)
    assert not wrong, "\n".join(wrong[:40])
    assert tally[404] > 200, tally
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key: (before[key], after[key]) for key in before if before[key] != after[key]} == {}


def test_no_button_of_ones_own_gives_an_error_or_shows_another(world: World) -> None:
    """What is allowed is done and undone again, so that each starts from the same."""
    wrong: list[str] = []
    for player in world.players:
        browser = player.client()
        kept = browser.cookies.output()
        for address in addresses(world, player, TOWN):
            if address.of and address.of not in player.sees:
                continue
            with transaction.atomic():
                response = browser.post(address.path, BODY)
                wrong += check(world, player, "POST", address, response)
                transaction.set_rollback(True)
            if browser.cookies.output() != kept:
                browser = player.client()
                kept = browser.cookies.output()
    assert not wrong, "\n".join(wrong[:40])


def test_views_and_mandates_of_others_stay_as_they_are(world: World) -> None:
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    for player in world.players:
        browser = player.client()
        for name, view in world.views.items():
            if name != player.name:
                for what in ("naam", "weg"):
                    response = browser.post(f"/werk/weergaven/{view}/{what}/", {"titel": "Overgenomen"})
                    assert response.status_code < 500
        if not (player.actor.municipality == LEIDERDORP and _is(player, Role.TEAMLEIDER, Role.FUNCTIONEEL_BEHEERDER)):
            response = browser.post(f"/werk/mandaten/{world.mandate}/intrekken/", {"zeker": "1"})
            assert response.status_code < 500
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key for key in before if before[key] != after[key]} == set()


def test_calculations_of_others_stay_as_they_are(world: World) -> None:
    """Nobody stops, takes away or reads a calculation of another municipality, and without the right none at all."""
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    for player in world.players:
        browser = player.client()
        for name, run in world.runs.items():
            if name == player.name:
                continue
            for what in ("afbreken", "weg"):
                response = browser.post(f"/studio/wat-als/{run}/{what}/", {"zeker": "1"})
                assert response.status_code in (302, 401, 403, 404), (player.name, name, what)
                assert "gedaan" not in response.headers.get("Location", "")
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key for key in before if before[key] != after[key]} == set()
    own = next(player for player in world.players if player.name == "beheerder A").client()
    assert own.get(f"/studio/wat-als/{world.runs['beheerder A']}/").status_code == 200
    assert own.get(f"/studio/wat-als/{world.runs['beheerder B']}/").status_code == 404


def test_what_the_studio_of_others_holds_stays_as_it_is(world: World) -> None:
    """A draft, news, an offer, a proposal and a list of another are not there, and nobody without the right sees one."""
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    for player in world.players:
        browser = player.client()
        for name, studio in world.studios.items():
            if name == player.name:
                continue
            for path in paths_of(studio):
                for response in (
                    browser.get(path),
                    browser.post(path, {"doe": "overnemen", "zeker": "1", "antwoord": "ja"}),
                ):
                    assert response.status_code in (302, 401, 403, 404, 405), (player.name, path, response.status_code)
                    assert "gedaan" not in response.headers.get("Location", ""), (player.name, path)
                    assert studio.word not in text_of(response), (player.name, path)
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key for key in before if before[key] != after[key]} == set()
    own = next(player for player in world.players if player.name == "beheerder A").client()
    assert [own.get(path).status_code for path in paths_of(world.studios["beheerder A"])] == [200] * 4
    assert world.studios["beheerder A"].word in text_of(
        own.get("/studio/concepten/variant/individuele-inkomenstoeslag/yaml/")
    )


def paths_of(studio: Studio) -> tuple[str, ...]:
    """The pages of what has an id in a studio."""
    ids = studio.ids
    return (
        f"/studio/nieuwe-versies/{ids['notice_id']}/", f"/studio/delen/aanbod/{ids['offer_id']}/",
        f"/studio/delen/voorstel/{ids['proposal_id']}/", f"/studio/inlezen/{ids['import_id']}/",
    )  # fmt: skip


def _is(player: Player, *roles: Role) -> bool:
    return isinstance(player.actor, Staff) and bool(player.actor.roles & set(roles))


def test_ids_of_others_in_a_form_of_ones_own_do_nothing(world: World) -> None:
    """A file of another to take away, cases of another to hand out, a person of another in the log."""
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    a1, a2, b1, c2 = (world.owners[name] for name in ("A1", "A2", "B1", "C2"))
    by_name = {player.name: player for player in world.players}
    citizen = by_name["inwoner A1"].client()
    for other in (a2, b1):
        with transaction.atomic():
            citizen.post(
                f"/aanvraag/{a1.draft}/{a1.draft_step}/", {"versie": "1", "verwijder": str(other.ids["upload"][0])}
            )
            assert queries.draft_page(other.who, other.draft) is not None
            transaction.set_rollback(True)
        question = other.ids["question"][0]
        response = citizen.post(f"/mijn/zaak/{a1.zaak}/vraag/{question}/", {"antwoord": "ja"})
        assert response.status_code == 404
    for name in ("medewerker A", "teamleider A"):
        desk = by_name[name].client()
        picked = [f"{owner.zaak}.{version}" for owner in (b1, c2) for version in (1, 2, 3, 4)]
        for step in ("bekijk", "toewijzen"):
            response = desk.post("/werk/toewijzen/", {"zaak": picked, "doe": step, "naar": by_name[name].actor.subject})  # type: ignore[union-attr]
            text = text_of(response)
            assert not leaks(world, by_name[name], text)
    privacy = by_name["privacy A"].client()
    for sent in ({"zaak": str(b1.zaak)}, {"bsn": b1.who.bsn}, {"bsn": c2.who.bsn}):
        response = privacy.post("/werk/wie-zag-wat/", {"van": "01-11-2026", "tot": "24-11-2026", **sent})
        text = text_of(response)
        for word in (b1.word, c2.word, b1.number, c2.number, "Utrecht", "bram"):
            assert word not in text, (sent, word)
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key for key in before if before[key] != after[key]} == set()


def test_other_methods_change_and_show_nothing(world: World) -> None:
    before = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    wrong: list[str] = []
    by_name = {player.name: player for player in world.players}
    for name, owner in (("inwoner A1", "A1"), ("medewerker B", "A1")):
        player = by_name[name]
        browser = player.client()
        for route in routes(TOWN):
            path = fill(route, values_of(world, owner, route)[0])
            for method in ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
                response = send(browser, method, path)
                wrong += check(world, player, method, Address(route, path, owner), response)
                if method not in ("HEAD", "OPTIONS") and response.status_code == 200:
                    wrong.append(f"{name}: {method} {path} was accepted")
            browser.cookies.pop("taal", None)
    assert not wrong, "\n".join(wrong[:30])
    after = fingerprint([LEIDEN, LEIDERDORP, UTRECHT])
    assert {key for key in before if before[key] != after[key]} == set()


def test_a_session_is_worth_nothing_on_the_pages_of_another_municipality(world: World) -> None:
    for player in world.players:
        for code, host in HOSTS.items():
            if code == player.actor.municipality:
                continue
            browser = player.client(host)
            for name in ("A1", "B1"):
                owner = world.owners[name]
                for path in (
                    f"/mijn/zaak/{owner.zaak}/", f"/aanvraag/{owner.draft}/", f"/werk/zaak/{owner.zaak}/", "/mijn/", "/werk/",
                    "/mijn/gezien.csv", "/werk/werk.csv", f"/mijn/zaak/{owner.zaak}/stuk/{owner.ids['document'][0]}/",
                ):  # fmt: skip
                    response = browser.get(path)
                    assert response.status_code == 302, (player.name, host, path, response.status_code)
                    assert response["Location"].startswith("/inloggen/"), response["Location"]
                    assert owner.word not in text_of(response), name


def test_other_hosts_have_no_pages_of_people(world: World) -> None:
    owner = world.owners["A1"]
    by_name = {player.name: player for player in world.players}
    for host in ("localhost", "nergens.localhost", "gouda.localhost"):
        for player in (by_name["inwoner A1"], by_name["teamleider A"]):
            browser = player.client(host)
            for route in (*routes(TOWN), *routes(BARE), "/health/live", "/health/ready"):
                path = _filled(world, route)
                for response in (browser.get(path), browser.post(path, BODY)):
                    assert response.status_code < 500 or path == "/health/ready", (host, path, response.status_code)
                    text = text_of(response)
                    assert owner.word not in text, (host, path)
                    assert owner.number not in text, (host, path)


def _filled(world: World, route: str) -> str:
    return fill(route, values_of(world, "A1", route)[0])


def test_lists_counts_facets_and_search_hold_only_what_one_may_see(world: World) -> None:
    expected = {"medewerker A": 3, "teamleider A": 3, "medewerker B": 1, "medewerker C": 2}
    for player in world.players:
        if player.name not in expected or not isinstance(player.actor, Staff):
            continue
        found = queries.worklist(player.actor, WorklistFilter(view=View.ALLES))
        assert found.total == expected[player.name]
        assert sum(group.count for group in found.groups) == expected[player.name]
        counted = {view.filter.view: view.count for view in found.views if view.saved is None}
        assert counted[View.ALLES] == expected[player.name]
        assert sum(facet.count for facet in found.products) == expected[player.name]
        browser = player.client()
        for name, owner in world.owners.items():
            seen = name in player.sees
            for text in (owner.word, owner.number, f"{owner.word}straat"):
                result = queries.worklist(player.actor, WorklistFilter(view=View.ALLES, text=text))
                assert result.total == int(seen), (player.name, text)
            for query in ({"gemeente": owner.who.municipality}, {"q": owner.word}, {"product": TOESLAG}, {"sort": "x"}):
                for path in ("/werk/", "/werk/werk.csv", "/werk/weergaven/"):
                    text = text_of(browser.get(path, {"weergave": "alles", **query}))
                    hidden = [leak for leak in leaks(world, player, text) if "q" not in query or owner.word not in leak]
                    assert not hidden, (player.name, path, query, hidden)


def test_programs_get_a_problem_and_nothing_else(world: World) -> None:
    """Asked for JSON, an error is problem+json that names nobody (RFC 9457)."""
    owner = world.owners["B1"]
    for player in world.players:
        browser = player.client()
        for path in (
            f"/mijn/zaak/{owner.zaak}/",
            f"/werk/zaak/{owner.zaak}/",
            f"/aanvraag/{owner.draft}/",
            "/bestaat-niet/",
        ):
            if player.sees & {"B1"} and player.is_staff == path.startswith("/werk"):
                continue
            response = browser.get(path, headers={"accept": "application/json"})
            if response.status_code in ENDED:
                assert response["Content-Type"] == "application/problem+json", (player.name, path)
                assert not leaks(world, player, text_of(response))
            else:
                assert (player.own, response.status_code) in {("B1", 200), ("B1", 302)}, (player.name, path)
    assert Client(HTTP_HOST="leiden.localhost").get("/").status_code == 200
