"""Who may decide what for whom: seen by all staff, given and withdrawn by who may, felt in the list at once."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.casework.conftest import LEIDEN, LEIDERDORP, RegistersSay, clerk
from tests.web.desk.conftest import OTHER, Desk, desk_of
from vliegwiel.trust.identity import Role

Applied = Callable[..., UUID]


@pytest.fixture
def boss(offices: RegistersSay) -> Desk:
    """The team leader of Leiderdorp."""
    return desk_of(clerk("boss", LEIDERDORP, Role.TEAMLEIDER))


def test_the_first_sentence_says_for_whom_one_works(tess: Desk, mandate: UUID) -> None:
    page = tess.get("/werk/mandaten/")
    assert "Leiden werkt ook voor Leiderdorp: Individuele inkomenstoeslag." in page.text
    assert "Mandaatbesluit Werk en Inkomen Leiderdorp 2026" in page.text
    assert "Medewerker deze rol hebt u" in page.text
    assert "Intrekken" not in page.links


def test_without_mandates_it_says_so(tess: Desk) -> None:
    text = tess.get("/werk/mandaten/").text
    assert "Leiden werkt nu alleen voor zichzelf." in text
    assert "Een teamleider of functioneel beheerder kan dat doen." in text


def test_a_mandate_is_given_and_the_other_side_works_with_it_at_once(boss: Desk, tess: Desk, applied: Applied) -> None:
    zaak = applied("individuele-inkomenstoeslag", municipality=LEIDERDORP, bsn=OTHER)
    tess.case(zaak)
    assert tess.status == 404
    form = boss.get(boss.get("/werk/mandaten/").link("Mandaat geven")).form("/geven/")
    assert set(form.fields["rights"]) == {"zaak_lezen", "zaak_behandelen", "zaak_besluiten"}
    page = boss.send(form, mandataris=LEIDEN, products=["individuele-inkomenstoeslag"], besluit="Mandaatbesluit 2026")
    assert "Het mandaat is vastgelegd." in page.text
    tess.case(zaak)
    assert tess.status == 200

    page = boss.get(page.link("Intrekken Leiden"))
    assert "Mandaat van Leiden intrekken" in page.text
    page = boss.send(page.form("/intrekken/"))
    assert "Het mandaat is ingetrokken." in page.text
    tess.case(zaak)
    assert tess.status == 404


def test_what_is_missing_stands_at_its_field_and_the_rest_is_kept(boss: Desk) -> None:
    form = boss.get("/werk/mandaten/geven/").form("/geven/")
    page = boss.send(form, mandataris=LEIDEN, valid_until="31-2-2027", besluit="Besluit")
    assert boss.status == 422
    assert "Deze datum bestaat niet." in page.text
    page = boss.send(page.form("/geven/"), valid_until="", besluit="")
    assert page.links["Kies ten minste 1 product."] == "#veld-products"
    kept = page.form("/geven/").fields
    assert kept["mandataris"] == [LEIDEN]


def test_who_may_not_give_or_withdraw_is_told_who_may(tess: Desk, boss: Desk, mandate: UUID) -> None:
    for address in ("/werk/mandaten/geven/", f"/werk/mandaten/{mandate}/intrekken/"):
        page = tess.get(address)
        assert tess.status == 403
        assert "Dit mag een teamleider of een functioneel beheerder van de gemeente zelf." in page.text
        tess.post(address, {})
        assert tess.status == 403


def test_a_mandate_can_only_be_withdrawn_by_who_gave_it(lead: Desk, mandate: UUID) -> None:
    lead.post(f"/werk/mandaten/{mandate}/intrekken/", {})
    assert lead.status == 404
    assert "geldig" in lead.get("/werk/mandaten/").text
