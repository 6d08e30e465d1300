"""One case: what a clerk can do with it besides deciding, and what happens when two clerks do it at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework.conftest import LEIDERDORP, RegistersSay, clerk
from tests.casework.test_applying import PDF
from tests.web.desk.conftest import OTHER, Desk, desk_of
from tests.web.desk.forms import Page
from vliegwiel.registers.facts import Register
from vliegwiel.trust.casechain import CaseChain
from vliegwiel.web.desk.casepage import ChainWords, chain_words

Applied = Callable[..., UUID]


def open_form(desk: Desk, zaak: UUID, part: str) -> Page:
    return desk.get(f"/werk/zaak/{zaak}/{part}/")


@pytest.fixture
def zaak(applied: Applied) -> UUID:
    """An inkomenstoeslag in Leiden."""
    return applied("individuele-inkomenstoeslag")


def test_the_page_shows_law_facts_with_sources_tasks_and_what_happened(tess: Desk, zaak: UUID) -> None:
    text = tess.case(zaak).text
    for words in (
        "Wat zegt de wet?", "Participatiewet, artikel 36", "Bron: BRP", "Bron: eigen opgave", "Oude Rijn 12a, 2312 HG Leiden",
        "Taken 2 open", "1 gebeurtenis", "Aangevraagd via internet", "Uiterlijk besluiten",
        "Algemene wet bestuursrecht, artikel 4:13", "Nog niemand. Wij zijn aan zet.",
    ):  # fmt: skip
        assert words in text, words


def test_a_refusal_says_what_would_change_it(tess: Desk, applied: Applied) -> None:
    text = tess.case(applied("individuele-inkomenstoeslag", vermogen=("9.000",))).text
    assert "Wat zou de uitkomst veranderen?" in text
    assert "Uw vermogen" in text
    assert "niet voldaan" in text


def test_a_clerk_takes_a_case(tess: Desk, zaak: UUID) -> None:
    page = tess.send(tess.case(zaak).form("/oppakken/"))
    assert "De zaak staat nu op uw naam." in page.text
    assert not page.has_form("/oppakken/")
    assert "1 zaak" in tess.get().text


def test_the_list_one_came_from_stays_on_the_way_through_a_case(tess: Desk, zaak: UUID) -> None:
    page = tess.get(tess.get(weergave="alles").link("Individuele inkomenstoeslag"))
    assert page.link("Werk") == "/werk/"  # the menu
    assert "?weergave=alles" in page.form("/oppakken/").action
    tess.send(page.form("/oppakken/"))
    assert tess.address.endswith("?weergave=alles&gedaan=opgepakt")


def test_previous_and_next_are_the_neighbours_in_that_list(tess: Desk, applied: Applied, mandate: UUID) -> None:
    first = applied("rijbewijs-verlengen")
    second = applied("individuele-inkomenstoeslag", municipality=LEIDERDORP, bsn=OTHER)
    page = tess.get(f"/werk/zaak/{first}/", weergave="alles")
    assert page.link("Volgende zaak").startswith(f"/werk/zaak/{second}/?weergave=alles")
    assert tess.get(page.link("Volgende zaak")).link("Vorige zaak").startswith(f"/werk/zaak/{first}/")


def test_a_note_is_written_and_read(tess: Desk, koen: Desk, zaak: UUID) -> None:
    page = tess.send(open_form(tess, zaak, "notitie").form("/notitie/"), notitie="Gebeld.\nBelt terug <b>morgen</b>.")
    assert "De notitie is bewaard." in page.text
    assert "Gebeld.Belt terug <b>morgen</b>." in koen.case(zaak).text.replace(" Belt", "Belt")


def test_an_empty_note_says_what_to_do(tess: Desk, zaak: UUID) -> None:
    page = tess.send(open_form(tess, zaak, "notitie").form("/notitie/"), notitie="  ")
    assert tess.status == 422
    assert page.title.startswith("Fout:")
    assert page.links["Schrijf de notitie op."] == "#veld-notitie"


def test_a_document_is_added_and_comes_back_whole(tess: Desk, zaak: UUID) -> None:
    form = open_form(tess, zaak, "document-toevoegen").form("/document-toevoegen/")
    file = SimpleUploadedFile("verslag.pdf", PDF, "application/pdf")
    page = tess.post(form.action, {**form.filled(titel="Verslag gesprek"), "bestand": file})
    assert "Het document is toegevoegd." in page.text
    response = tess.client.get(page.link("Verslag gesprek"))
    assert b"".join(response.streaming_content) == PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [("", b"", "Kies één bestand."), ("verslag.pdf", b"MZ\x90\x00", "bestand"), ("x.html", b"<script>", "bestand")],
)
def test_a_file_that_is_none_or_disguised_is_refused_and_the_title_is_kept(
    tess: Desk, zaak: UUID, name: str, content: bytes, words: str
) -> None:
    form = open_form(tess, zaak, "document-toevoegen").form("/document-toevoegen/")
    files = {"bestand": SimpleUploadedFile(name, content, "application/pdf")} if name else {}
    page = tess.post(form.action, {**form.filled(titel="Verslag"), **files})
    assert tess.status == 422
    assert words in page.text
    assert page.form("/document-toevoegen/").fields["titel"] == ["Verslag"]


def test_asking_the_citizen_stops_the_clock_and_going_on_starts_it(
    tess: Desk, zaak: UUID, clock: Callable[..., object]
) -> None:
    form = open_form(tess, zaak, "vragen").form("/vragen/")
    assert form.fields["dagen"] == ["14"]
    page = tess.send(
        form, titel="Een kopie van uw huurcontract", tekst="Wilt u die sturen? Dan zien wij wat u betaalt."
    )
    assert "De vraag is gesteld." in page.text
    assert "De termijn staat stil" in page.text
    assert "De inwoner is aan zet." in page.text
    assert "Een kopie van uw huurcontract" in page.text
    assert not page.has_form("/besluiten/")
    clock(date(2026, 12, 1))
    tess = desk_of(tess.staff)
    page = tess.get(tess.case(zaak).link("Verder zonder antwoord"))
    page = tess.send(page.form("/vraag/"), reden="Het antwoord kwam per telefoon.")
    assert "De termijn loopt weer." in page.text
    assert page.has_form("/besluiten/")
    assert "Uiterlijk besluiten" in page.text


def test_a_question_without_words_is_not_sent_and_keeps_what_was_typed(tess: Desk, zaak: UUID) -> None:
    form = open_form(tess, zaak, "vragen").form("/vragen/")
    page = tess.send(form, titel="Huurcontract", dagen="veertien", bestanden="nee")
    assert "Vul een heel aantal dagen in" in page.text
    page = tess.send(page.form("/vragen/"), dagen="7")
    assert "Schrijf op wat u nodig hebt, en waarom." in page.text
    kept = page.form("/vragen/").fields
    assert (kept["titel"], kept["dagen"], kept["bestanden"]) == (["Huurcontract"], ["7"], ["nee"])


def test_the_term_is_extended_once_and_says_until_when(tess: Desk, zaak: UUID) -> None:
    form = open_form(tess, zaak, "verlengen").form("/verlengen/")
    page = tess.send(form, dagen="999", reden="Wij wachten op advies.")
    assert "Verlengen kan met hoogstens 8 weken." in page.text
    page = tess.send(page.form("/verlengen/"), dagen="14")
    assert "De termijn is verlengd." in page.text
    assert "Dinsdag 2 februari 2027" in page.text
    assert "Verlengen" not in page.links
    open_form(tess, zaak, "verlengen")
    assert tess.status == 409


def test_a_case_is_withdrawn_on_request_and_opened_again(tess: Desk, zaak: UUID) -> None:
    form = open_form(tess, zaak, "intrekken").form("/intrekken/")
    assert "Kies waarom de zaak stopt." in tess.send(form).text
    page = tess.send(form, waarom="gevraagd", reden="Belde vanochtend.")
    assert "De zaak is ingetrokken." in page.text
    assert "Afgerond" in page.text
    assert not page.has_form("/oppakken/")
    page = tess.send(tess.get(page.link("Heropenen")).form("/heropenen/"), reden="De inwoner bedacht zich.")
    assert "De zaak is weer open." in page.text
    assert page.has_form("/besluiten/")


def test_a_task_of_ones_own_choice_is_added_and_done(tess: Desk, zaak: UUID) -> None:
    page = tess.send(tess.case(zaak).form("/taak-erbij/"))
    assert "De taak staat erbij." in page.text
    page = tess.send(tess.get(page.link("Gesprek voeren")).form("/taak/"), "Taak afronden")
    assert "De taak is afgerond." in page.text
    assert "klaar: Gesprek voeren" in page.text


def test_a_wrong_datum_is_reported_to_its_register(tess: Desk, zaak: UUID) -> None:
    page = tess.get(tess.case(zaak).link("Klopt niet? Geboren"))
    assert "Geboren: 12 maart 1984 (BRP)" in page.text
    page = tess.send(page.form("/klopt-niet/"), toelichting="Op het paspoort staat 21 maart.")
    assert "De melding gaat naar de beheerder van het register." in page.text
    assert "gemeld di 24 nov" in page.text
    tess.get(f"/werk/zaak/{zaak}/klopt-niet/", gegeven="persoon.verzonnen")
    assert tess.status == 404


def test_facts_are_fetched_again_also_when_a_register_is_silent(tess: Desk, zaak: UUID, offices: RegistersSay) -> None:
    page = tess.send(tess.case(zaak).form("/gegevens/"))
    assert "De gegevens zijn opnieuw opgehaald." in page.text
    offices.silent = {Register.BRP}
    page = tess.send(page.form("/gegevens/"))
    assert tess.status == 200
    assert "Oude Rijn 12a" in page.text, "what was known stays"


def test_everything_that_happened_has_its_own_page(tess: Desk, zaak: UUID) -> None:
    page = tess.get(tess.case(zaak).link("Alles"))
    assert page.title.startswith("Wat er gebeurde")
    assert "Aangevraagd via internet" in page.text


def test_a_stale_form_says_who_was_first_what_happened_and_keeps_what_was_typed(
    tess: Desk, koen: Desk, zaak: UUID
) -> None:
    form = open_form(tess, zaak, "vragen").form("/vragen/")
    koen.send(koen.case(zaak).form("/oppakken/"))
    page = tess.send(form, titel="Huurcontract", tekst="Wilt u het sturen?")
    assert tess.status == 412
    assert "Iemand anders was eerder" in page.text
    assert "K. Koen was eerder: vandaag om 12.00 uur." in page.text
    assert page.form("/vragen/").fields["tekst"] == ["Wilt u het sturen?"]
    assert "De vraag is gesteld." in tess.send(page.form("/vragen/")).text, "sent again it goes through"


def test_a_stale_button_shows_the_case_as_it_is_now(tess: Desk, koen: Desk, zaak: UUID) -> None:
    form = tess.case(zaak).form("/oppakken/")
    koen.send(koen.case(zaak).form("/oppakken/"))
    page = tess.send(form)
    assert tess.status == 412
    assert "K. Koen was eerder" in page.text
    assert "K. Koen (team" in page.text or "K. Koen. Wij zijn aan zet." in page.text


def test_a_secret_address_is_warned_about(tess: Desk, applied: Applied, offices: RegistersSay) -> None:
    from tests.casework import conftest
    from tests.casework.test_applying import apply
    from vliegwiel.trust.identity import Citizen, Level

    offices.data = conftest.person(persoon__geheimhouding=True)
    zaak = apply(
        Citizen(conftest.LEIDEN, OTHER, Level.HOOG, ""),
        "individuele-inkomenstoeslag",
        {**conftest.ALLOWANCE, "telefoon": ("",)},
    )
    assert "Geheimhouding: geef deze gegevens aan niemand door." in tess.case(zaak).text
    assert "geheim" in tess.get(weergave="alles").text


def test_a_clerk_of_another_municipality_finds_nothing_at_any_address(zaak: UUID, tess: Desk) -> None:
    stranger = desk_of(clerk("piet", LEIDERDORP))
    parts = [
        "",
        "verloop/",
        "notitie/",
        "vragen/",
        "verlengen/",
        "intrekken/",
        "heropenen/",
        "afwijken/",
        "meekijken/",
        "document-toevoegen/",
    ]
    for part in parts:
        stranger.get(f"/werk/zaak/{zaak}/{part}")
        assert stranger.status == 404, part
    for part in ("oppakken/", "gegevens/", "taak-erbij/", "besluiten/", "brief/", "notitie/", "sluiten/"):
        stranger.post(f"/werk/zaak/{zaak}/{part}", {"versie": "1"})
        assert stranger.status == 404, part


def test_what_happened_is_proven_against_the_signed_log(tess: Desk, zaak: UUID) -> None:
    assert "wordt nu verzegeld" in tess.case(zaak).text


@pytest.mark.parametrize(
    ("chain", "words", "alarm"),
    [
        (CaseChain(4, 0, ()), "keten klopt", False),
        (CaseChain(4, 1, ()), "keten klopt", False),
        (CaseChain(0, 2, ()), "wordt nu verzegeld", False),
        (CaseChain(3, 0, (UUID(int=1),)), "1 gebeurtenis is veranderd nadat zij was vastgelegd", True),
    ],
)
def test_the_state_of_the_chain_is_said_in_words(chain: CaseChain, words: str, alarm: bool) -> None:
    assert chain_words(chain) == ChainWords(words, alarm)
