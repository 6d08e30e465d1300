"""Following a case: where it stands, what to do, why this decision, who looked."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework.conftest import LICENCE, PARKING, RegistersSay, clerk
from tests.casework.test_applying import apply
from tests.web.citizen.conftest import Browser, browser_of
from vliegwiel.base.jobs import run_waiting
from vliegwiel.casework import queries
from vliegwiel.casework.actions import decisions, documents, information
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.trust.identity import Citizen, Level

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


@pytest.fixture
def case(mila: Browser) -> UUID:
    assert mila.who is not None
    return apply(mila.who, "bewonersparkeervergunning", PARKING)


def ask(zaak: UUID) -> UUID:
    tess = clerk("tess")
    version = queries.case_page(tess, zaak).version
    return information.ask(
        tess,
        zaak,
        version=version,
        title="Een foto van uw kentekenbewijs",
        text="Wij kunnen het niet lezen.",
        wants_files=True,
    )


def test_the_first_sentence_says_where_it_stands(mila: Browser, case: UUID) -> None:
    page = mila.get(f"/mijn/zaak/{case}/")
    assert "Wij behandelen uw aanvraag." in page.text
    assert "De gemeente" in page.text.split("Wie is aan zet?")[1][:30]
    assert "di 19 januari 2027" in page.text


def test_a_decision_is_read_with_its_reasons_letter_and_way_to_object(mila: Browser) -> None:
    assert mila.who is not None
    zaak = apply(mila.who, "rijbewijs-verlengen", LICENCE)
    tess = clerk("tess")
    decisions.decide(tess, zaak, DecisionInput(queries.case_page(tess, zaak).version))
    waiting = mila.get(f"/mijn/zaak/{zaak}/")
    assert "Het besluit" in waiting.text
    assert "wordt gemaakt" in waiting.text
    run_waiting()
    page = mila.get(f"/mijn/zaak/{zaak}/")
    assert "Verlengd" in page.text
    assert "Waarom?" in page.text
    assert "Reglement rijbewijzen, artikel" in page.text
    assert "Bezwaar maken kan tot en met dinsdag 5 januari 2027" in page.text
    letter = mila.client.get(page.link("Brief (PDF"))
    assert letter["Content-Type"] == "application/pdf"
    assert b"".join(letter.streaming_content).startswith(b"%PDF-")
    assert "Aanvraag intrekken" not in page.links


def test_a_refusal_says_why_and_what_would_change_it(mila: Browser, offices: RegistersSay) -> None:
    assert mila.who is not None
    offices.data.update({"persoon.geboortedatum": date(1948, 3, 12), "rijbewijs.geldig_tot": date(2027, 1, 18)})
    zaak = apply(mila.who, "rijbewijs-verlengen", LICENCE)
    tess = clerk("tess")
    decisions.decide(tess, zaak, DecisionInput(queries.case_page(tess, zaak).version))
    page = mila.get(f"/mijn/zaak/{zaak}/")
    assert "Niet verlengd" in page.text
    assert "Wat maakt het anders?" in page.text
    assert "Bezwaar maken kan tot en met" in page.text
    assert "artikel" in page.text.split("Waarom?")[1][:400]


def test_a_question_is_answered_with_text_and_a_file(mila: Browser, case: UUID) -> None:
    question = ask(case)
    listed = mila.get("/mijn/")
    assert "Bij 1 zaak moet u iets doen." in listed.text
    page = mila.get(f"/mijn/zaak/{case}/")
    assert "Dit moet u nog doen" in page.text
    assert "Een foto van uw kentekenbewijs" in page.text
    empty = mila.press(page, "Antwoord versturen")
    assert mila.status == 422
    assert "Schrijf uw antwoord op, of voeg een bestand toe." in empty.text
    answer = {
        **empty.form(f"/vraag/{question}/").filled(),
        "antwoord": "Hierbij een nieuwe foto.",
        "bestand": SimpleUploadedFile("kenteken.pdf", PDF, "application/pdf"),
    }
    after = mila.post(f"/mijn/zaak/{case}/vraag/{question}/", answer)
    assert "Wij hebben uw antwoord ontvangen" in after.text
    assert "Antwoord versturen" not in after.text


def test_a_bad_file_keeps_the_answer_that_was_typed(mila: Browser, case: UUID) -> None:
    question = ask(case)
    page = mila.get(f"/mijn/zaak/{case}/")
    answer = {
        **page.form(f"/vraag/{question}/").filled(),
        "antwoord": "Mijn verhaal <b>met haken</b>.",
        "bestand": SimpleUploadedFile("x.pdf", b"MZ\x00\x00", "application/pdf"),
    }
    again = mila.post(f"/mijn/zaak/{case}/vraag/{question}/", answer)
    assert mila.status == 422
    assert again.form(f"/vraag/{question}/").fields["antwoord"] == ["Mijn verhaal <b>met haken</b>."]


def test_an_application_is_withdrawn_after_asking_once(mila: Browser, case: UUID) -> None:
    page = mila.get(f"/mijn/zaak/{case}/")
    sure = mila.get(page.link("Aanvraag intrekken"))
    assert "Wilt u uw aanvraag intrekken?" in sure.text
    after = mila.press(sure, "Ja, aanvraag intrekken", reden="Ik verhuis.")
    assert "Uw aanvraag is ingetrokken." in after.text
    assert "Aanvraag intrekken" not in after.links


def test_who_looked_is_told_and_downloaded(mila: Browser, case: UUID) -> None:
    queries.case_page(clerk("tess"), case)
    mila.get(f"/mijn/zaak/{case}/")
    page = mila.get("/mijn/gezien/")
    assert "Een medewerker van de gemeente Leiden" in page.text
    assert "uzelf" not in page.text.split("Wanneer")[1]
    own = mila.get("/mijn/gezien/", ook="zelf")
    assert "Uzelf" in own.text
    response = mila.client.get("/mijn/gezien.csv")
    rows = response.content.decode("utf-8-sig").splitlines()
    assert rows[0].startswith("wanneer;wie;welke gegevens;waarom;zaak")
    assert any("een medewerker van de gemeente Leiden" in row for row in rows)


@pytest.mark.parametrize("blad", ["0", "-1", "x", "9" * 5000, "2", "1e3", "٢"])
def test_any_page_number_gives_a_page(mila: Browser, case: UUID, blad: str) -> None:
    mila.get("/mijn/gezien/", blad=blad, zaak="geen-uuid")
    assert mila.status == 200


def test_a_file_is_handed_out_as_a_download_that_runs_nothing(mila: Browser, other: Browser, case: UUID) -> None:
    tess = clerk("tess")
    document = documents.add(tess, case, "Foto van de straat", "straat.pdf", io.BytesIO(PDF))
    address = f"/mijn/zaak/{case}/stuk/{document}/"
    response = mila.client.get(address)
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"
    assert b"".join(response.streaming_content) == PDF
    other.get(address)
    assert other.status == 404


def test_a_case_of_another_person_or_municipality_is_not_there(mila: Browser, other: Browser, case: UUID) -> None:
    elsewhere = browser_of(Citizen("GM0344", "999990019", Level.SUBSTANTIEEL, "Mila Zonneveer"))
    for stranger in (other, elsewhere):
        for path in ("", "ontvangen/", "intrekken/", "klopt-niet/?gegeven=persoon.naam"):
            stranger.get(f"/mijn/zaak/{case}/{path}")
            assert stranger.status == 404
        page = stranger.get("/mijn/")
        assert str(case) not in str(page.links)


def test_a_visitor_must_log_in_and_comes_back_here(visitor: Browser, mila: Browser, case: UUID) -> None:
    for path in (f"/mijn/zaak/{case}/", "/mijn/", "/mijn/gezien/", "/mijn/gezien.csv"):
        response = visitor.client.get(path)
        assert response.status_code == 302
        assert response["Location"].startswith("/inloggen/?naar=%2Fmijn%2F")


def test_the_home_page_greets_who_is_logged_in_with_what_runs(mila: Browser, case: UUID) -> None:
    page = mila.get("/")
    assert "Dag Mila Zonneveer, dit loopt voor u" in page.text
    assert page.link("Parkeervergunning voor bewoners").startswith("/mijn/zaak/")


def test_search_forgives_typing_errors_and_says_when_there_is_nothing(visitor: Browser) -> None:
    found = visitor.get("/", q="rijbewjs verlegnen")
    assert "Rijbewijs verlengen" in found.links or any("Rijbewijs verlengen" in text for text in found.links)
    nothing = visitor.get("/", q="xqzwvk")
    assert "Wij vonden niets" in nothing.text
    strange = visitor.get("/", q="<script>\x00\u202e" + "a" * 5000)
    assert visitor.status == 200
    assert "<script>" in strange.text


def test_a_product_shows_what_was_not_verified(visitor: Browser) -> None:
    page = visitor.get("/product/rijbewijs-verlengen/")
    assert "€ 53,65" in page.text
    assert "niet nagekeken" in page.text
    assert "Wat hebt u nodig?" in page.text
    assert page.link("Reglement rijbewijzen") == "https://wetten.overheid.nl/BWBR0008074"
    visitor.get("/product/bestaat-niet/")
    assert visitor.status == 404


def test_the_pages_speak_english_and_mark_what_stays_dutch(mila: Browser, case: UUID) -> None:
    mila.get("/taal/en/", naar=f"/mijn/zaak/{case}/")
    response = mila.client.get(f"/mijn/zaak/{case}/")
    html = response.content.decode()
    assert '<html lang="en">' in html
    assert "Where is it?" in html
    assert '<h1 lang="nl">Parkeervergunning voor bewoners</h1>' in html
    assert response["Content-Language"] == "en"


def test_dates_are_those_of_the_dutch_clock(mila: Browser, case: UUID) -> None:
    page = mila.get(f"/mijn/zaak/{case}/")
    assert "dinsdag 24 november, 12.00 uur" in page.text
