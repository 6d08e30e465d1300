"""Who saw what: for the privacy officer only, filtered, downloaded, and no bsn in any address."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.casework.conftest import BSN, LEIDEN
from tests.web.desk.conftest import Desk
from vliegwiel.casework import queries
from vliegwiel.trust.identity import Citizen, Level

Applied = Callable[..., UUID]


@pytest.fixture
def zaak(applied: Applied, tess: Desk) -> UUID:
    """A case that the citizen and then Tess looked at."""
    made = applied("rijbewijs-verlengen")
    queries.status_page(Citizen(LEIDEN, BSN, Level.SUBSTANTIEEL, ""), made)
    tess.send(tess.case(made).form("/oppakken/"))
    return made


def test_the_officer_sees_who_looked_at_what_and_why(privacy: Desk, zaak: UUID) -> None:
    page = privacy.get("/werk/wie-zag-wat/")
    assert "Van woensdag 18 november tot en met dinsdag 24 november is" in page.text
    assert "een medewerker van de gemeente Leiden" in page.text
    assert "K. Tess" in page.text
    assert "om deze zaak te behandelen" in page.text
    assert "de inwoner zelf" in page.text
    assert "Wie zag wat" in page.links


def test_a_clerk_is_refused_told_who_may_and_has_no_link_to_it(tess: Desk, zaak: UUID) -> None:
    page = tess.get("/werk/wie-zag-wat/")
    assert tess.status == 403
    assert "Dit mag een privacy officer van de gemeente zelf." in page.text
    assert "Wie zag wat" not in tess.get().links
    tess.post("/werk/wie-zag-wat.csv", {"van": "2026-11-01", "tot": "2026-11-30"})
    assert tess.status == 403


def test_one_person_is_found_by_a_bsn_that_is_posted(privacy: Desk, zaak: UUID) -> None:
    form = privacy.get("/werk/wie-zag-wat/").form("/wie-zag-wat/")
    assert form.method == "post"
    found = privacy.send(form, bsn=BSN)
    assert "keer gekeken" in found.text
    assert all(BSN not in address for address in found.links.values())
    assert "keek niemand naar deze gegevens." in privacy.send(form, bsn="999990020").text
    page = privacy.send(form, bsn="123456789")
    assert privacy.status == 422
    assert "Vul een burgerservicenummer van 9 cijfers in." in page.text
    assert page.form("/wie-zag-wat/").fields["bsn"] == ["123456789"]


def test_one_case_is_found_from_its_page(privacy: Desk, zaak: UUID) -> None:
    page = privacy.get("/werk/wie-zag-wat/", zaak=str(zaak))
    assert page.form("/wie-zag-wat/").fields["zaak"] == [str(zaak)]
    assert "om deze zaak te behandelen" in page.text
    page = privacy.get("/werk/wie-zag-wat/", zaak="geen-zaak")
    assert privacy.status == 422


def test_a_colleague_and_a_time_narrow_the_list(privacy: Desk, zaak: UUID) -> None:
    form = privacy.get("/werk/wie-zag-wat/").form("/wie-zag-wat/")
    assert "om deze zaak te behandelen" in privacy.send(form, wie="tess").text
    assert "keek niemand" in privacy.send(form, wie="koen").text
    assert "keek niemand" in privacy.send(form, van="2026-01-01", tot="2026-02-01").text
    page = privacy.send(form, van="2026-12-01", tot="2026-11-01")
    assert "De laatste dag ligt voor de eerste dag." in page.text


def test_the_lines_come_as_a_file_with_source_and_moment(privacy: Desk, zaak: UUID) -> None:
    form = privacy.get("/werk/wie-zag-wat/").form("/wie-zag-wat/")
    response = privacy.client.post("/werk/wie-zag-wat.csv", form.filled())
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert {row["Bron"] for row in rows} == {"Vliegwiel, verwerkingenlogboek"}
    assert any(row["Medewerker"] == "tess" and row["Zaak"] == str(zaak) for row in rows)
    assert BSN not in response.content.decode()
