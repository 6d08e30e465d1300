"""Deciding at the desk: the law's outcome, a person's judgement, the letter first, a second pair of eyes where needed."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.casework.conftest import LEIDEN, LEIDERDORP, clerk
from tests.web.desk.conftest import OTHER, Desk, desk_of
from tests.web.desk.forms import Page
from vliegwiel.base.jobs import run_waiting
from vliegwiel.trust.identity import Role

Applied = Callable[..., UUID]
WHY = "U hebt sinds 2021 geen werk. Meer inkomen is nu niet te verwachten."


@pytest.fixture
def allowance(applied: Applied, mandate: UUID) -> UUID:
    """The inkomenstoeslag of somebody in Leiderdorp, for Leiden to decide."""
    return applied("individuele-inkomenstoeslag", municipality=LEIDERDORP, bsn=OTHER)


def parking(desk: Desk, zaak: UUID) -> Page:
    """Do what must be done before the permit can be decided; the page of the case after it."""
    task = desk.get(desk.case(zaak).link("Aantal op het adres en wachtlijst nakijken"))
    return desk.send(task.form("/taak/"), "Taak afronden", wachtlijst_in_gebied="nee", tarief="42,00")


def preview(desk: Desk, zaak: UUID, **filled: str) -> Page:
    """The letter after filling in the panel."""
    return desk.send(desk.case(zaak).form("/besluiten/"), "Brief nakijken", **filled)


def test_a_clerk_decides_the_parking_permit(tess: Desk, applied: Applied) -> None:
    zaak = applied("bewonersparkeervergunning")
    page = tess.case(zaak)
    assert "Besluiten kan nog niet" in page.text
    assert not page.has_form("/besluiten/")
    page = parking(tess, zaak)
    assert "De taak is afgerond." in page.text
    letter = preview(tess, zaak)
    assert letter.title.startswith("Brief nakijken")
    assert "Er is nog niets besloten." in letter.text
    assert "U krijgt die vergunning." in letter.text
    page = tess.send(letter.form("/besluiten/"), "Besluiten:")
    assert "Het besluit is genomen. De brief gaat naar de inwoner." in page.text
    assert "Bezwaar kan tot en met dinsdag 5 januari 2027." in page.text
    assert not page.has_form("/besluiten/")
    assert "wordt gemaakt" in page.text
    assert "Waarom?" in page.text


def test_after_the_decision_the_page_asks_for_what_is_left_to_do(tess: Desk, allowance: UUID) -> None:
    letter = preview(tess, allowance, oordeel__uitzicht_op_inkomen="nee", reden__uitzicht_op_inkomen=WHY)
    page = tess.send(letter.form("/besluiten/"), "Besluiten:")
    assert "Besloten di 24 november" in page.text
    assert "Dit moet nog gebeuren Bedrag uitbetalen" in page.text
    assert "Besluiten kan nog niet" not in page.text
    page = tess.send(tess.get(page.link("Bedrag uitbetalen")).form("/taak/"), "Taak afronden")
    assert "Afgerond di 24 november" in page.text
    assert "afgerond" in tess.get(weergave="afgerond").text


def test_the_letter_of_the_decision_can_be_read_once_it_is_made(
    tess: Desk, applied: Applied, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    zaak = applied("bewonersparkeervergunning")
    parking(tess, zaak)
    tess.send(preview(tess, zaak).form("/besluiten/"), "Besluiten")
    run_waiting()
    page = tess.case(zaak)
    address = next(a for a in page.links.values() if "/document/" in a)
    response = tess.client.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert b"".join(response.streaming_content).startswith(b"%PDF-")


def test_leiden_decides_for_leiderdorp_by_its_own_sixty_months(tess: Desk, allowance: UUID) -> None:
    page = tess.case(allowance)
    assert "Leiderdorp, in mandaat" in page.text
    assert "60 maanden van de 60 maanden die nodig zijn" in page.text
    assert "Toegekend, hangt af van uw oordeel" in page.text
    letter = preview(tess, allowance, oordeel__uitzicht_op_inkomen="nee", reden__uitzicht_op_inkomen=WHY)
    assert WHY in letter.text
    assert "gemeente Leiderdorp" in letter.text.lower() or "Leiderdorp" in letter.text
    page = tess.send(letter.form("/besluiten/"), "Besluiten: toegekend")
    assert "Het besluit is genomen." in page.text
    assert "Toegekend" in page.text


def test_another_judgement_gives_another_outcome(tess: Desk, allowance: UUID) -> None:
    letter = preview(
        tess, allowance, oordeel__uitzicht_op_inkomen="ja", reden__uitzicht_op_inkomen="U begint op 1 december."
    )
    assert "Afgewezen" in letter.text
    assert letter.form("/besluiten/").buttons[0][2] == "Besluiten: afgewezen"


def test_what_is_missing_is_told_at_its_field_and_nothing_typed_is_lost(tess: Desk, allowance: UUID) -> None:
    page = preview(tess, allowance, reden__uitzicht_op_inkomen=WHY)
    assert tess.status == 422
    assert "Er is nog 1 ding dat niet klopt" in page.text
    assert page.links["Kies uw oordeel: Is er uitzicht op meer inkomen?"] == "#veld-oordeel:uitzicht_op_inkomen"
    assert page.form("/besluiten/").fields["reden:uitzicht_op_inkomen"] == [WHY]


def test_back_from_the_letter_everything_is_still_filled_in(tess: Desk, allowance: UUID) -> None:
    letter = preview(tess, allowance, oordeel__uitzicht_op_inkomen="nee", reden__uitzicht_op_inkomen=WHY)
    form = tess.send(letter.form("/besluiten/"), "Terug en aanpassen").form("/besluiten/")
    assert form.fields["oordeel:uitzicht_op_inkomen"] == ["nee"]
    assert form.fields["reden:uitzicht_op_inkomen"] == [WHY]


def test_the_letter_can_be_seen_as_pdf_before_anything_is_decided(tess: Desk, allowance: UUID) -> None:
    letter = preview(tess, allowance, oordeel__uitzicht_op_inkomen="nee", reden__uitzicht_op_inkomen=WHY)
    sent = letter.form("/besluiten/").filled()
    response = tess.client.post(f"/werk/zaak/{allowance}/brief/", sent)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert tess.case(allowance).has_form("/besluiten/"), "still to be decided"


def test_a_stale_decision_says_who_was_first_and_keeps_what_was_typed(tess: Desk, koen: Desk, allowance: UUID) -> None:
    letter = preview(tess, allowance, oordeel__uitzicht_op_inkomen="nee", reden__uitzicht_op_inkomen=WHY)
    koen.send(koen.case(allowance).form("/oppakken/"))
    page = tess.send(letter.form("/besluiten/"), "Besluiten")
    assert tess.status == 412
    assert "Iemand anders was eerder" in page.text
    assert "K. Koen was eerder: vandaag om 12.00 uur." in page.text
    form = page.form("/besluiten/")
    assert form.fields["reden:uitzicht_op_inkomen"] == [WHY]
    assert form.fields["oordeel:uitzicht_op_inkomen"] == ["nee"]
    page = tess.send(tess.send(form, "Brief nakijken").form("/besluiten/"), "Besluiten")
    assert "Het besluit is genomen." in page.text


def test_deviating_needs_a_reason_and_a_colleague(tess: Desk, koen: Desk, allowance: UUID) -> None:
    page = tess.get(tess.case(allowance).link("Afwijken van de wet"))
    form = page.form("/besluiten/")
    page = tess.send(form, "Brief nakijken", uitkomst="weigeren")
    assert tess.status == 422
    assert "Schrijf op waarom u afwijkt van de wet." in page.text
    assert page.form("/besluiten/").fields["uitkomst"] == ["weigeren"]
    reason = "De inwoner vroeg dit zelf: zij wil geen toeslag ontvangen."
    letter = tess.send(page.form("/besluiten/"), "Brief nakijken", uitkomst="weigeren", afwijking=reason)
    assert "Dit is anders dan de wet zegt" in letter.text
    assert reason in letter.text
    page = tess.send(letter.form("/besluiten/"), "Voorleggen aan een collega")
    assert "Uw voorstel staat klaar." in page.text
    assert "Een collega kijkt mee." in page.text
    assert "Brief nakijken" not in page.links, "one cannot confirm an own proposal"

    page = koen.get(koen.case(allowance).link("Brief nakijken"))
    assert "K. Tess stelt voor, vandaag, 12.00 uur: Afgewezen" in page.text
    assert reason in page.text
    page = koen.send(page.form("/meekijken/"), "Akkoord, besluit nemen")
    assert "Het besluit is genomen." in page.text
    assert reason in page.text


def test_back_from_the_letter_of_a_deviation_is_the_form_of_the_deviation(tess: Desk, allowance: UUID) -> None:
    form = tess.get(f"/werk/zaak/{allowance}/afwijken/").form("/besluiten/")
    letter = tess.send(form, uitkomst="weigeren", afwijking="Omdat het in deze zaak echt anders ligt.")
    page = tess.send(letter.form("/besluiten/"), "Terug en aanpassen")
    assert page.title.startswith("Afwijken van de wet")
    assert page.form("/besluiten/").fields["afwijking"] == ["Omdat het in deze zaak echt anders ligt."]


def test_a_proposal_is_given_back_with_a_reason(tess: Desk, koen: Desk, allowance: UUID) -> None:
    form = tess.get(f"/werk/zaak/{allowance}/afwijken/").form("/besluiten/")
    letter = tess.send(form, uitkomst="weigeren", afwijking="Omdat het in deze zaak echt anders ligt.")
    tess.send(letter.form("/besluiten/"), "Voorleggen")
    second = koen.get(f"/werk/zaak/{allowance}/meekijken/").form("/meekijken/")
    page = koen.send(second, "Teruggeven")
    assert koen.status == 422
    assert "Schrijf op wat er anders moet." in page.text
    page = koen.send(second, "Teruggeven", reden="Bel eerst met de inwoner.")
    assert "Het voorstel is teruggegeven." in page.text
    assert tess.case(allowance).has_form("/besluiten/")
    koen.get(f"/werk/zaak/{allowance}/meekijken/")
    assert koen.status == 409


def test_the_proposer_who_tries_to_confirm_is_refused_and_told_why(tess: Desk, allowance: UUID) -> None:
    form = tess.get(f"/werk/zaak/{allowance}/afwijken/").form("/besluiten/")
    letter = tess.send(form, uitkomst="weigeren", afwijking="Omdat het in deze zaak echt anders ligt.")
    tess.send(letter.form("/besluiten/"), "Voorleggen")
    page = tess.post(f"/werk/zaak/{allowance}/meekijken/", {"versie": "9", "doe": "bevestigen"})
    assert tess.status in {403, 412}
    page = tess.get(f"/werk/zaak/{allowance}/meekijken/")
    page = tess.send(page.form("/meekijken/"), "Akkoord")
    assert tess.status == 403
    assert "U hebt dit zelf voorgesteld. Een collega kijkt mee." in page.text


def test_an_outcome_that_does_not_exist_cannot_be_chosen(tess: Desk, allowance: UUID) -> None:
    form = tess.get(f"/werk/zaak/{allowance}/afwijken/").form("/besluiten/")
    page = tess.post(form.action, {**form.filled(), "uitkomst": "rijk_worden", "afwijking": "x" * 50})
    assert tess.status == 422
    assert "Kies een van de uitkomsten die er staan." in page.text


@pytest.mark.parametrize(
    ("role", "own"),
    [(Role.FUNCTIONEEL_BEHEERDER, "/werk/mandaten/"), (Role.PRIVACY_OFFICER, "/werk/wie-zag-wat/")],
)
def test_who_may_not_see_cases_is_refused_and_told_who_may(role: Role, own: str, applied: Applied) -> None:
    zaak = applied("rijbewijs-verlengen")
    desk = desk_of(clerk("ander", LEIDEN, role))
    assert "U mag geen zaken zien." in desk.get(weergave="alles").text
    assert desk.status == 403
    assert desk.client.get("/werk/")["Location"] == own, "and starts at a page that is theirs"
    page = desk.case(zaak)
    assert desk.status in {403, 404}
    assert page.link("Wie mag wat?") == "/werk/mandaten/"
