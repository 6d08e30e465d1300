"""An application over the pages, without script: one question at a time, nothing lost, sent once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework.conftest import ALLOWANCE, LEIDEN, LICENCE, PARKING, RegistersSay
from tests.web.citizen.conftest import Browser, browser_of
from tests.web.desk.forms import Page
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.registers.facts import Register
from vliegwiel.trust.identity import Citizen, Level

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"
MOVE: Mapping[str, Sequence[str]] = {
    "verhuisdatum": ("20", "11", "2026"),
    "nieuw_adres": ("2312 HG", "14", "", ""),
    "nieuw_in_gemeente": ("ja",),
    "woonvorm": ("huur",),
    "email": ("mila@voorbeeld.nl",),
}


def answer_all(browser: Browser, page: Page, answers: Mapping[str, Sequence[str]]) -> Page:
    """Fill in step after step as a person would, until the page to check everything."""
    for _ in range(15):
        if "/controleren/" in browser.address:
            return page
        form = next(f for f in page.forms if any("Verder" in text for _, _, text in f.buttons))
        typed: dict[str, object] = {}
        for name in [*form.fields, *form.choices]:
            if name in answers:
                typed[name] = list(answers[name])
            elif name in form.choices and name not in typed:
                typed[name] = [form.choices[name][0]]
        sent = {**form.filled(), **typed}
        if "/stukken/" in browser.address:
            for name in ("leasebewijs", "inkomensspecificatie", "bankafschriften", "zoekbewijs", "toestemming"):
                sent[name] = SimpleUploadedFile(f"{name}.pdf", PDF, "application/pdf")
        before = browser.address
        page = browser.post(form.action, sent)
        assert browser.status == 200, f"{before}: {page.text}"
    raise AssertionError(f"the form never ended: {browser.address}")


@pytest.mark.parametrize(
    ("product", "answers"),
    [
        ("rijbewijs-verlengen", LICENCE),
        ("verhuizing-doorgeven", MOVE),
        ("bewonersparkeervergunning", PARKING),
        ("individuele-inkomenstoeslag", ALLOWANCE),
    ],
)
def test_each_product_can_be_applied_for_without_script(
    mila: Browser, product: str, answers: Mapping[str, Sequence[str]]
) -> None:
    mila.begin(product)
    check = answer_all(mila, mila.get(mila.address), answers)
    assert "Kijk uw antwoorden na" in check.text
    done = mila.press(check, "Versturen")
    assert mila.status == 200
    assert "Wij hebben het ontvangen" in done.text
    status = mila.get(done.link("Volg uw zaak"))
    assert "Waar staat het?" in status.text
    assert "Uiterlijk volgens de wet" in status.text
    assert "dinsdag" not in status.title


def test_sending_twice_gives_one_case(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    check = answer_all(mila, mila.get(mila.address), LICENCE)
    form = check.form("/controleren/")
    mila.send(form, "Versturen")
    first = mila.address
    mila.send(form, "Versturen")
    assert mila.address == first
    assert "Er loopt 1 zaak." in mila.get("/mijn/").text


def test_known_facts_come_with_their_source_and_a_way_to_object(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    assert "Kloppen uw gegevens?" in page.text
    assert "Mila Zonneveer" in page.text
    assert "Bron: BRP" in page.text
    assert "Dit hebben we u niet gevraagd" in page.text
    report = mila.get(page.link("Klopt dit niet? Naam"))
    assert "Wat klopt er niet?" in report.text
    refused = mila.press(report, "Doorgeven en")
    assert mila.status == 422
    assert "Schrijf op wat er niet klopt." in refused.text
    assert refused.title.startswith("Fout:")
    after = mila.press(refused, "Doorgeven en", toelichting="Ik heet Mila van Zonneveer.")
    assert mila.status == 200
    assert "Doorgegeven." in after.text
    assert "gemeld op di 24 nov" in after.text
    assert after.has_form("/contact/"), "a report never blocks"


def test_an_error_says_what_to_do_and_keeps_what_was_typed(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    again = mila.send(page.form("/contact/"), "Verder", email="mila(at)voorbeeld", telefoon="06 12345678")
    assert mila.status == 422
    assert again.title.startswith("Fout:")
    assert again.links["Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl."] == "#veld-email"
    assert again.form("/contact/").fields["email"] == ["mila(at)voorbeeld"]
    assert again.form("/contact/").fields["telefoon"] == ["06 12345678"]


def test_what_was_saved_is_taken_up_on_another_device(mila: Browser) -> None:
    draft = mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    kept = mila.send(page.form("/contact/"), "Bewaren", email="half af")
    assert mila.address.startswith("/mijn/")
    assert "Bewaard." in kept.text
    assert mila.who is not None
    telephone = browser_of(mila.who)
    cases = telephone.get("/mijn/")
    resumed = telephone.get(cases.link("Verder invullen"))
    assert str(draft) in telephone.address
    assert resumed.form("/contact/").fields["email"] == ["half af"]


def test_two_windows_say_who_was_first(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    mila.send(page.form("/contact/"), "Verder", email="mila@voorbeeld.nl")
    stale = mila.send(page.form("/contact/"), "Verder", email="anders@voorbeeld.nl")
    assert mila.status == 412
    assert "ander venster" in stale.text
    assert stale.form("/contact/").fields["email"] == ["anders@voorbeeld.nl"], "what was typed is there to send again"
    mila.send(stale.form("/contact/"), "Verder")
    assert mila.status == 200


def test_a_register_that_is_down_is_told_and_stops_nobody(mila: Browser, offices: RegistersSay) -> None:
    offices.silent = {Register.RDW}
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    assert "niet bereiken" in page.text
    still = mila.press(page, "Nu nog eens proberen")
    assert "niet bereiken" in still.text
    check = answer_all(mila, still, LICENCE)
    done = mila.press(check, "Versturen")
    assert "Wij hebben het ontvangen" in done.text


def test_a_register_that_answers_later_fills_the_form_after_all(mila: Browser, offices: RegistersSay) -> None:
    offices.silent = {Register.RDW}
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    assert "Over uw rijbewijs" not in page.text
    offices.silent = set()
    again = mila.press(page, "Nu nog eens proberen")
    assert "opnieuw opgehaald" in again.text
    assert "Over uw rijbewijs" in again.text


def test_files_are_added_shown_and_taken_away(mila: Browser) -> None:
    draft = mila.begin("individuele-inkomenstoeslag")
    page = mila.get(mila.address)
    for _ in range(12):
        if "/stukken/" in mila.address:
            break
        form = page.form("/aanvraag/")
        given = {
            n: list(ALLOWANCE.get(n, form.choices.get(n, [""])[:1]))
            for n in [*form.fields, *form.choices]
            if n in ALLOWANCE
        }
        extra = {n: c[:1] for n, c in form.choices.items() if n not in ALLOWANCE}
        page = mila.post(form.action, {**form.filled(), **extra, **given})
    wrong = mila.post(
        f"/aanvraag/{draft}/stukken/",
        {**page.form("/stukken/").filled(), "bankafschriften": SimpleUploadedFile("foto.jpg", PDF, "image/jpeg")},
    )
    assert mila.status == 422
    assert "foto.jpg klopt niet: het is een PDF-bestand" in wrong.text
    added = mila.post(
        f"/aanvraag/{draft}/stukken/",
        {
            **wrong.form("/stukken/").filled(),
            "bankafschriften": SimpleUploadedFile("rekening.pdf", PDF, "application/pdf"),
        },
    )
    assert "rekening.pdf" in added.text, "a good file stays although another one is missing"
    gone = mila.send(added.form("/stukken/"), "Weghalen")
    assert "rekening.pdf" not in gone.text
    assert "weggehaald" in gone.text


def test_an_application_is_thrown_away_after_asking_once(mila: Browser) -> None:
    mila.begin("rijbewijs-verlengen")
    page = mila.get(mila.address)
    sure = mila.get(page.link("Deze aanvraag weggooien"))
    assert "Wilt u deze aanvraag weggooien?" in sure.text
    gone = mila.press(sure, "Ja, weggooien")
    assert "weggegooid" in gone.text
    assert "Nog niet verstuurd" not in gone.text


def test_counter_only_offers_no_button_to_send(mila: Browser, offices: RegistersSay) -> None:
    offices.data["rijbewijs.foto_goedgekeurd"] = None
    mila.begin("rijbewijs-verlengen")
    check = answer_all(mila, mila.get(mila.address), LICENCE)
    assert not any(text == "Versturen" for form in check.forms for _, _, text in form.buttons)
    assert "balie" in check.text


def test_what_is_only_done_at_the_counter_says_so_and_sends_nobody_to_log_in(visitor: Browser) -> None:
    adopt_demo(("rijbewijs-vermist",))
    page = visitor.get("/product/rijbewijs-vermist/")
    assert "Dit kan alleen aan de balie." in page.text
    assert "/beginnen/" not in visitor.client.get("/product/rijbewijs-vermist/").content.decode()
    assert visitor.client.get("/product/rijbewijs-vermist/beginnen/").status_code in (404, 409)


def test_a_visitor_is_sent_to_log_in_at_the_level_of_the_product(visitor: Browser) -> None:
    response = visitor.client.get("/product/rijbewijs-verlengen/beginnen/")
    assert response.status_code == 302
    assert response["Location"] == "/inloggen/?naar=%2Fproduct%2Frijbewijs-verlengen%2Fbeginnen%2F&niveau=substantieel"


def test_a_weak_login_is_sent_to_log_in_again(offices: RegistersSay) -> None:
    weak = browser_of(Citizen(LEIDEN, "999990019", Level.BASIS, "Mila Zonneveer"))
    response = weak.client.get("/product/rijbewijs-verlengen/beginnen/")
    assert response.status_code == 302
    assert "niveau=substantieel" in response["Location"]


def test_the_check_before_login_keeps_nothing(visitor: Browser) -> None:
    page = visitor.get("/product/rijbewijs-verlengen/past-dit/")
    open_questions = visitor.send(page.form("past-dit"), "Kijk")
    assert visitor.status == 422
    assert open_questions.title.startswith("Fout:")
    answered = visitor.send(page.form("past-dit"), "Kijk", kwijt="nee", haast="nee", ouder="nee")
    assert "U kunt uw rijbewijs online verlengen." in answered.text
    assert visitor.headers["Cache-Control"] == "no-store"
    assert set(visitor.client.cookies) <= {"csrftoken"}
    lost = visitor.send(page.form("past-dit"), "Kijk", kwijt="ja", haast="nee", ouder="nee")
    assert "balie" in lost.text


def test_a_draft_of_another_is_not_there(mila: Browser, other: Browser) -> None:
    draft = mila.begin("rijbewijs-verlengen")
    step = mila.address
    for address in (step, f"/aanvraag/{draft}/", f"/aanvraag/{draft}/controleren/", f"/aanvraag/{draft}/weg/"):
        other.get(address)
        assert other.status == 404
    assert isinstance(draft, UUID)
