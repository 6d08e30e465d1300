"""What holds for every page: whose host it is, what the browser may do, how errors read, whether we are ready."""

from __future__ import annotations

import json
import logging
import re
from pathlib import Path
from typing import NoReturn

import pytest
from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from tests.casework.conftest import RegistersSay
from tests.web.citizen.conftest import Browser, mila, offices, registers, visitor
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, InvalidParam, Stale, Unavailable
from vliegwiel.base.logs import JsonFormatter
from vliegwiel.base.sourcefile import SourceError, SourceInvalid
from vliegwiel.web import errors, staticfile

__all__ = ["mila", "offices", "registers", "visitor"]


def leiden(**headers: str) -> Client:
    return Client(HTTP_HOST="leiden.localhost", **headers)


# -- hosts --------------------------------------------------------------------------------------------------------------


def test_the_bare_host_lists_the_municipalities(db: None) -> None:
    html = Client(HTTP_HOST="localhost:8000").get("/").content.decode()
    assert "7 gemeenten doen mee" in html
    assert 'href="http://leiden.localhost:8000/"' in html


@pytest.mark.parametrize("host", ["nergens.localhost", "leiden.extra.localhost", "amsterdam.localhost"])
def test_a_host_without_a_municipality_says_so(db: None, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/mijn/")
    assert response.status_code == 404
    assert "Op dit adres staat geen gemeente" in response.content.decode()


@pytest.mark.parametrize("host", ["leiden.example.org", "leiden.localhost.evil.nl", "a@b"])
def test_a_host_that_is_not_ours_is_refused(db: None, host: str) -> None:
    response = Client(HTTP_HOST=host).get("/")
    assert response.status_code == 400


def test_the_platforms_own_host_has_no_pages_about_persons(db: None) -> None:
    for path in ("/mijn/", "/werk/", "/inloggen/", "/aanvraag/x/"):
        assert Client(HTTP_HOST="localhost").get(path).status_code == 404


# -- headers ------------------------------------------------------------------------------------------------------------


def test_pages_may_run_and_load_only_what_we_serve(offices: RegistersSay) -> None:
    response = leiden().get("/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    html = response.content.decode()
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?! src)", html), (
        "nothing inline, so the policy needs no exception"
    )


def test_personal_pages_are_kept_nowhere(mila: Browser, visitor: Browser) -> None:
    assert mila.client.get("/mijn/")["Cache-Control"] == "no-store"
    assert mila.client.get("/")["Cache-Control"] == "no-store"
    assert visitor.client.get("/")["Cache-Control"] == "private, no-cache"


def test_the_style_of_a_municipality_is_one_small_sheet(offices: RegistersSay) -> None:
    response = leiden().get("/huisstijl.css")
    css = response.content.decode()
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert "--theme-accent:" in css
    assert css != Client(HTTP_HOST="utrecht.localhost").get("/huisstijl.css").content.decode()


def test_a_style_sheet_is_asked_for_by_its_content(db: None) -> None:
    address = staticfile.address("vliegwiel/vliegwiel.css")
    assert re.fullmatch(r"/static/vliegwiel/vliegwiel\.css\?v=[0-9a-f]{10}", address)
    assert staticfile.address("vendor/bestaat-niet.js") == "/static/vendor/bestaat-niet.js"


def test_the_style_sheets_stay_small() -> None:
    import gzip

    folder = Path(errors.__file__).parent / "static" / "vliegwiel"
    assert sum(len(gzip.compress(path.read_bytes())) for path in folder.glob("*.css")) <= 20_000


# -- errors -------------------------------------------------------------------------------------------------------------


def answer(error: Exception, *, method: str = "get", accept: str = "text/html", path: str = "/mijn/") -> HttpResponse:
    request: HttpRequest = getattr(RequestFactory(HTTP_ACCEPT=accept), method)(path)
    return errors.respond(request, error)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("Kijk het na.", invalid=[InvalidParam("email", "wrong", "Vul een e-mailadres in.")]), 400),
        (Forbidden("Dit mag een teamleider."), 403),
        (Conflict("Er is al besloten."), 409),
        (Stale("Iemand anders was eerder."), 412),
        (Unavailable("Even geduld."), 503),
        (OperationalError("server closed the connection"), 503),
        (RuntimeError("secret detail"), 500),
    ],
)
def test_an_error_is_a_page_with_a_sentence_or_a_problem_for_programs(error: Exception, status: int) -> None:
    page = answer(error)
    assert page.status_code == status
    html = page.content.decode()
    assert "secret detail" not in html
    assert "server closed" not in html
    assert "<h1" in html
    problem = answer(error, accept="application/json")
    assert problem.status_code == status
    assert problem["Content-Type"] == "application/problem+json"
    body = json.loads(problem.content)
    assert list(body)[:6] == ["type", "title", "status", "detail", "instance", "code"]
    assert body["status"] == status
    assert "secret" not in problem.content.decode()


def test_a_database_that_is_away_before_any_page_began_is_a_disturbance_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(host: str) -> NoReturn:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("vliegwiel.web.middleware.municipality.served_at", away)
    response = Client(raise_request_exception=False).get("/", headers={"host": "leiden.localhost"})
    assert response.status_code == 503
    assert "Er is een storing" in response.content.decode()


def test_a_wrong_definition_is_our_fault_and_is_not_shown() -> None:
    error = SourceInvalid([SourceError("producten/x.yaml", 3, 1, (), "Hier mist een sleutel.")])
    response = answer(error)
    assert response.status_code == 503
    assert "yaml" not in response.content.decode()


def test_what_fails_unexpectedly_is_logged_with_its_trace(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "vliegwiel.errors"):
        answer(ZeroDivisionError("x"))
    assert caplog.records[0].exc_info


def test_an_unknown_page_helps_on(offices: RegistersSay) -> None:
    response = leiden().get("/bestaat/niet/")
    html = response.content.decode()
    assert response.status_code == 404
    assert "Deze pagina is er niet." in html
    assert "14 0xx" in html
    assert response["X-Request-Id"] in html
    assert response["Content-Security-Policy"]


def test_a_method_that_does_not_fit_is_refused_with_those_that_do(offices: RegistersSay) -> None:
    response = leiden().delete("/mijn/")
    assert response.status_code == 405
    assert response["Allow"]
    assert "<h1" in response.content.decode()
    assert leiden().get("/uitloggen/").status_code == 405


def test_a_form_from_another_site_is_refused(mila: Browser) -> None:
    strict = Client(enforce_csrf_checks=True, HTTP_HOST="leiden.localhost")
    strict.cookies = mila.client.cookies
    crossed = strict.post("/uitloggen/", headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})
    assert crossed.status_code == 403
    html = crossed.content.decode()
    assert "Wij konden niet zien of dit van u kwam" in html
    assert "Opnieuw versturen" not in html, "what another site sent is never offered to be sent again"
    assert mila.get("/mijn/").text.startswith("Naar de inhoud")


def test_a_form_that_came_too_late_can_be_sent_again(visitor: Browser) -> None:
    """The session ended while somebody was typing: the words are still there after logging in."""
    response = visitor.client.post(
        "/aanvraag/01a20cb7-e01b-73bb-ab4f-c714244909e8/contact/",
        {"email": "mila@voorbeeld.nl", "versie": "1"},
        headers={"sec-fetch-site": "same-origin"},
    )
    html = response.content.decode()
    assert response.status_code == 401
    assert 'name="email" value="mila@voorbeeld.nl"' in html
    assert "Opnieuw versturen" in html
    assert "Inloggen in een nieuw venster" in html


# -- the log ------------------------------------------------------------------------------------------------------------


def test_a_request_is_logged_without_what_a_person_typed(mila: Browser, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "vliegwiel.request"):
        response = mila.client.get("/", {"q": "geheim bsn 999990019"})
        mila.client.get("/mijn/zaak/01a20cb7-e01b-73bb-ab4f-c714244909e8/")
    lines = [JsonFormatter().format(record) for record in caplog.records if record.name == "vliegwiel.request"]
    assert len(lines) == 2
    first = json.loads(lines[0])
    assert (first["route"], first["status"], first["gemeente"], first["soort"]) == ("/", 200, "GM0546", "citizen")
    assert first["ms"] > 0
    assert "geheim" not in "".join(lines)
    assert "999990019" not in "".join(lines)
    assert "01a20cb7" not in "".join(lines)
    assert re.fullmatch(r"[0-9a-f]{32}", response["X-Request-Id"])


@pytest.mark.parametrize("given", ["kort", "a" * 100, "999990019", "<script>", "geldig-id_12345"])
def test_a_request_id_is_taken_over_only_when_it_is_one(db: None, given: str) -> None:
    answered = leiden().get("/privacy/", headers={"x-request-id": given})["X-Request-Id"]
    assert (answered == given) == (given == "geldig-id_12345")


# -- health -------------------------------------------------------------------------------------------------------------


def test_alive_says_nothing_about_the_database() -> None:
    response = Client(HTTP_HOST="10.0.0.7").get("/health/live")
    assert response.status_code == 200
    assert json.loads(response.content)["ready"] is True


def test_ready_names_what_was_looked_at(db: None) -> None:
    response = Client(HTTP_HOST="10.0.0.7").get("/health/ready")
    checks = {check["name"]: check for check in json.loads(response.content)["checks"]}
    assert response.status_code == 200
    assert checks["database"]["ok"]
    assert checks["migraties"]["ok"]
    assert not checks["taken"]["needed"]
    assert {"brp", "bag", "rdw"} <= set(checks)
    assert response["Cache-Control"] == "no-store"


# -- language -----------------------------------------------------------------------------------------------------------


def test_dutch_is_spoken_until_somebody_chooses_english(offices: RegistersSay) -> None:
    client = leiden(HTTP_ACCEPT_LANGUAGE="en-US,en")
    assert "Wat wilt u regelen?" in client.get("/").content.decode()
    chosen = client.get("/taal/en/", {"naar": "/privacy/"})
    assert chosen["Location"] == "/privacy/"
    html = client.get("/").content.decode()
    assert "What do you want to arrange?" in html
    assert '<html lang="en">' in html
    client.get("/taal/nl/")
    assert "Wat wilt u regelen?" in client.get("/").content.decode()
    assert client.get("/taal/xx/").status_code == 404


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/%09/evil.example\t",
        "javascript:alert(1)",
        "http:/x",
    ],
)
def test_no_link_leads_to_another_site(offices: RegistersSay, elsewhere: str) -> None:
    for path in ("/taal/en/", "/inloggen/"):
        client = leiden()
        response = client.get(path, {"naar": elsewhere})
        if path == "/taal/en/":
            assert response["Location"] == "/"
        else:
            assert "evil" not in response.get("Location", "")


def test_settings_leave_django_no_debug_page() -> None:
    assert settings.DEBUG is False
