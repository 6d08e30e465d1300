"""The same thing ten times at the same moment, over HTTP and in a database that really commits: done once, said ten times."""

from __future__ import annotations

import contextvars
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import close_old_connections, connections
from django.test import Client

from tests.acceptance.hostile import PDF
from tests.casework.conftest import BSN, LEIDEN, LICENCE, OFFERED, RegistersSay, clerk, registers
from tests.casework.test_applying import fill_in
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import clerks, looking, queries
from vliegwiel.casework.actions import drafts
from vliegwiel.casework.models import Besluit, Draft, DraftUpload, Note, Zaak
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

if TYPE_CHECKING:
    from vliegwiel.base.postgres import Urls

__all__ = ["registers"]

MILA = Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, "Mila Zonneveer")
TIMES = 10


@pytest.fixture
def leiden(fresh_database: Urls, registers: RegistersSay, clock: Callable[..., object]) -> Iterator[RegistersSay]:
    """Leiden at work, in a database of its own."""
    clock(date(2026, 11, 24))
    clerks._noted.clear()
    looking._seen.clear()
    adopt_demo(OFFERED)
    yield registers
    clerks._noted.clear()


def at_once(cookie: str, do: Callable[[Client, int], int]) -> Counter[int]:
    """Let as many browsers do the same thing at the same moment; how often each status came back."""
    start = threading.Barrier(TIMES)
    answers: list[int] = []

    def one(number: int) -> None:
        browser = Client(HTTP_HOST="leiden.localhost")
        browser.cookies[session_cookie()] = cookie
        start.wait()
        try:
            answers.append(do(browser, number))
        finally:
            close_old_connections()
            connections.close_all()

    threads = [threading.Thread(target=contextvars.copy_context().run, args=(one, n)) for n in range(TIMES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == TIMES, "a request failed"
    return Counter(answers)


def filled_draft() -> tuple[UUID, int]:
    """An application that only has to be sent."""
    draft = drafts.start_draft(MILA, "rijbewijs-verlengen")
    fill_in(MILA, draft, LICENCE)
    return draft, queries.check_answers(MILA, draft).version


def test_sending_ten_times_at_once_gives_one_case(leiden: RegistersSay) -> None:
    draft, version = filled_draft()
    places: list[str] = []

    def send(browser: Client, number: int) -> int:
        response = browser.post(f"/aanvraag/{draft}/controleren/", {"versie": str(version)})
        places.append(response.headers.get("Location", ""))
        return response.status_code

    assert at_once(open_session(MILA, ""), send) == {302: TIMES}
    with scope(LEIDEN):
        (zaak,) = Zaak.objects.all()
    assert set(places) == {f"/mijn/zaak/{zaak.id}/ontvangen/"}, "everyone is shown the same case"
    assert [card.id for card in queries.my_cases(MILA).running] == [zaak.id]


def test_beginning_ten_times_at_once_gives_one_application(leiden: RegistersSay) -> None:
    statuses = at_once(
        open_session(MILA, ""), lambda b, n: b.post("/product/rijbewijs-verlengen/beginnen/").status_code
    )
    assert statuses == {302: TIMES}
    with scope(LEIDEN):
        assert Draft.objects.count() == 1


def test_answering_in_ten_windows_at_once_keeps_one_answer_and_tells_the_others(leiden: RegistersSay) -> None:
    draft = drafts.start_draft(MILA, "rijbewijs-verlengen")
    shown = queries.draft_page(MILA, draft)

    def fill(browser: Client, number: int) -> int:
        sent = {"email": f"mila{number}@voorbeeld.nl", "telefoon": "", "versie": str(shown.version)}
        response = browser.post(f"/aanvraag/{draft}/{shown.step.key}/", sent)
        if response.status_code == 412:
            assert f"mila{number}@voorbeeld.nl" in response.content.decode(), "what was typed is still there"
        return response.status_code

    assert at_once(open_session(MILA, ""), fill) == {302: 1, 412: TIMES - 1}


def test_ten_files_at_once_stay_within_what_is_allowed(leiden: RegistersSay) -> None:
    draft = drafts.start_draft(MILA, "individuele-inkomenstoeslag")
    version = str(queries.draft_page(MILA, draft).version)

    def upload(browser: Client, number: int) -> int:
        files = [SimpleUploadedFile(f"{number}-{n}.pdf", PDF) for n in range(2)]
        sent = {"bankafschriften": files, "versie": version, "bewaar": "1"}
        return browser.post(f"/aanvraag/{draft}/stukken/", sent).status_code

    statuses = at_once(open_session(MILA, ""), upload)
    assert set(statuses) <= {302, 422}
    with scope(LEIDEN):
        assert DraftUpload.objects.count() == 10


def test_deciding_ten_times_at_once_gives_one_decision(leiden: RegistersSay) -> None:
    draft, version = filled_draft()
    zaak = drafts.submit(MILA, draft, version=version)
    tess = clerk("tess")
    seen = str(queries.case_page(tess, zaak).version)

    def decide(browser: Client, number: int) -> int:
        return browser.post(f"/werk/zaak/{zaak}/besluiten/", {"versie": seen, "doe": "besluiten"}).status_code

    statuses = at_once(open_session(tess, ""), decide)
    assert statuses[302] == 1, statuses
    assert statuses[412] + statuses[409] == TIMES - 1, statuses
    with scope(LEIDEN):
        assert Besluit.objects.count() == 1


def test_ten_notes_at_once_are_ten_notes(leiden: RegistersSay) -> None:
    """What does not exclude each other goes on side by side."""
    draft, version = filled_draft()
    zaak = drafts.submit(MILA, draft, version=version)
    tess = clerk("tess")
    seen = str(queries.case_page(tess, zaak).version)

    def write(browser: Client, number: int) -> int:
        sent = {"versie": seen, "notitie": f"Notitie {number}"}
        return browser.post(f"/werk/zaak/{zaak}/notitie/", sent).status_code

    assert at_once(open_session(tess, ""), write) == {302: TIMES}
    with scope(LEIDEN):
        assert Note.objects.count() == TIMES


def test_taking_on_a_case_at_once_gives_it_to_one(leiden: RegistersSay) -> None:
    draft, version = filled_draft()
    zaak = drafts.submit(MILA, draft, version=version)
    people = [clerk(f"k{n}") for n in range(TIMES)]
    cookies = [open_session(one, "") for one in people]
    seen = str(queries.case_page(people[0], zaak).version)

    def take(browser: Client, number: int) -> int:
        browser.cookies[session_cookie()] = cookies[number]
        return browser.post(f"/werk/zaak/{zaak}/oppakken/", {"versie": seen}).status_code

    statuses = at_once("", take)
    assert statuses == {302: 1, 412: TIMES - 1}
    assert queries.case_page(people[0], zaak).assignee in {one.subject for one in people}
