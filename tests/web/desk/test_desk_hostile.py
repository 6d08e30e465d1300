"""Nothing that is sent to any address of the desk gives an error of ours, and nothing is done that was not asked by our page."""

from __future__ import annotations

import random
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.casework.conftest import LEIDEN, RegistersSay, clerk
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.trust.identity import Citizen, Level, Role
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.desk.urls import urlpatterns
from vliegwiel.web.request import session_cookie

Applied = Callable[..., UUID]
NAMES = (
    "versie", "doe", "zaak", "naar", "team", "titel", "tekst", "dagen", "reden", "waarom", "notitie", "toelichting", "gegeven",
    "bestand",
    "bestanden", "uitkomst", "afwijking", "oordeel:uitzicht_op_inkomen", "reden:uitzicht_op_inkomen", "taak", "toetsen",
    "mandataris",
    "products", "rights", "valid_from", "valid_until", "besluit", "van", "tot", "bsn", "activiteit", "wie", "pagina",
)  # fmt: skip
NASTY = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        ["", "\x00", "1", "0", "-1", "999999999", "99999999999999999999", "ja", "nee", "<script>alert(1)</script>", "' OR 1=1 --",
         "../../etc/passwd", "{{7*7}}", "\u202eabc", "🙂" * 50, "a" * 30_000, "2026-11-24", "9999-99-99", str(UUID(int=0)),
         f"{UUID(int=0)}.1", "GM0546", "zaak_lezen", "niemand", "besluiten", "toewijzen", "bevestigen"]
    ),
)  # fmt: skip


@pytest.fixture
def everybody(applied: Applied, offices: RegistersSay) -> tuple[list[Desk], list[str]]:
    """Somebody with every role, a plain clerk, and all addresses with real and unknown ids filled in."""
    zaak = applied("individuele-inkomenstoeslag")
    roles = (Role.MEDEWERKER, Role.TEAMLEIDER, Role.FUNCTIONEEL_BEHEERDER, Role.PRIVACY_OFFICER)
    desks = [desk_of(clerk("alles", LEIDEN, *roles)), desk_of(clerk("tess"))]
    addresses = []
    for pattern in urlpatterns:
        for first in (str(zaak), str(uuid4())):
            route = str(pattern.pattern)
            for name in ("zaak_id", "view_id", "mandate_id"):
                route = route.replace(f"<uuid:{name}>", first)
            for name in ("part", "document_id"):
                route = route.replace(f"<uuid:{name}>", str(uuid4()))
            addresses.append(f"/werk/{route}")
    return desks, sorted(set(addresses))


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    fields=st.dictionaries(st.sampled_from(NAMES), NASTY, max_size=10),
    query=st.dictionaries(
        st.sampled_from(["q", "weergave", "pagina", "zaak", "gegeven", "gedaan", "aantal"]), NASTY, max_size=3
    ),
    pick=st.randoms(use_true_random=False),
)
def test_whatever_is_sent_gives_an_answer_that_is_no_error_of_ours(
    everybody: tuple[list[Desk], list[str]], fields: dict[str, str], query: dict[str, str], pick: random.Random
) -> None:
    desks, addresses = everybody
    desk = pick.choice(desks)
    for address in pick.sample(addresses, 6):
        desk.get(address, **{key: value[:3000] for key, value in query.items()})
        assert desk.status < 500, f"GET {address} {query}"
        page = desk.post(address, fields)
        assert desk.status < 500, f"POST {address} {fields}"
        assert "<script>alert" not in page.title


def test_every_address_answers_a_plain_visit(everybody: tuple[list[Desk], list[str]]) -> None:
    desks, addresses = everybody
    for address in addresses:
        desks[0].get(address)
        assert desks[0].status in {200, 302, 404, 405, 409}, f"{address}: {desks[0].status}"


def test_what_is_typed_is_shown_as_text_and_never_as_markup(tess: Desk, applied: Applied) -> None:
    zaak = applied("individuele-inkomenstoeslag")
    nasty = '"><script>alert(1)</script>'
    html = tess.client.get("/werk/", {"q": nasty}).content.decode()
    assert "<script>alert" not in html
    html = tess.client.post(
        f"/werk/zaak/{zaak}/besluiten/", {"versie": "1", "reden:uitzicht_op_inkomen": nasty}
    ).content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_form_without_our_mark_does_nothing(applied: Applied) -> None:
    zaak = applied("rijbewijs-verlengen")
    client = Client(HTTP_HOST="leiden.localhost", enforce_csrf_checks=True)
    client.cookies[session_cookie()] = open_session(clerk("tess"), "")
    response = client.post(f"/werk/zaak/{zaak}/oppakken/", {"versie": "1"})
    assert response.status_code == 403
    assert "Wij konden niet zien of dit van u kwam" in response.content.decode()


def test_who_is_not_logged_in_as_staff_goes_to_the_login_of_staff_and_comes_back(offices: RegistersSay) -> None:
    client = Client(HTTP_HOST="leiden.localhost")
    for cookie in ("", open_session(Citizen(LEIDEN, "999990019", Level.HOOG, ""), "")):
        client.cookies[session_cookie()] = cookie
        response = client.get("/werk/?weergave=alles")
        assert response.status_code == 302
        assert response["Location"] == "/inloggen/medewerker/?naar=%2Fwerk%2F%3Fweergave%3Dalles"


def test_an_address_cannot_put_words_on_a_page(tess: Desk) -> None:
    assert "Geld terug" not in tess.get(gedaan="Geld terug", aantal="5").text
    assert "9 zaken zijn toegewezen." in tess.get(gedaan="toegewezen", aantal="9").text


def test_the_keys_can_be_switched_off_and_on(tess: Desk) -> None:
    assert "desk-keys.js" in tess.client.get("/werk/").content.decode()
    page = tess.send(tess.get("/werk/toetsen/").form("/toetsen/"))
    assert "De toetsen staan uit." in page.text
    assert "desk-keys.js" not in tess.client.get("/werk/").content.decode()
    page = tess.send(page.form("/toetsen/"))
    assert "De toetsen staan aan." in page.text


def test_pages_of_the_desk_run_no_script_but_ours_and_are_kept_nowhere(tess: Desk) -> None:
    response = tess.client.get("/werk/")
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert response["Cache-Control"] == "no-store"
    html = response.content.decode()
    assert " style=" not in html
    assert "onclick" not in html
