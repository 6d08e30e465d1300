"""One list over products and municipalities: found, filtered, counted, saved, downloaded, given to colleagues."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from uuid import UUID

import pytest

from tests.casework.conftest import LEIDERDORP, RegistersSay, clerk
from tests.web.desk.conftest import OTHER, Desk, desk_of

Applied = Callable[..., UUID]


@pytest.fixture
def four(applied: Applied, mandate: UUID) -> list[UUID]:
    """Three products in Leiden and the inkomenstoeslag of Leiderdorp."""
    return [
        applied("bewonersparkeervergunning"),
        applied("rijbewijs-verlengen"),
        applied("individuele-inkomenstoeslag"),
        applied("individuele-inkomenstoeslag", municipality=LEIDERDORP, bsn=OTHER),
    ]


def everything(desk: Desk) -> str:
    return desk.get(weergave="alles").text


def test_all_products_and_by_mandate_municipalities_stand_in_one_list(tess: Desk, four: list[UUID]) -> None:
    text = everything(tess)
    assert "U werkt voor Leiden, en met mandaat voor Leiderdorp (Individuele inkomenstoeslag)." in text
    assert "Alle 4 getoond" in text
    for word in ("Parkeervergunning voor bewoners", "Rijbewijs verlengen", "Leiderdorp", "nog 56 dagen", "Later 4"):
        assert word in text


def test_without_a_mandate_another_municipality_is_not_there(tess: Desk, applied: Applied) -> None:
    zaak = applied("individuele-inkomenstoeslag", municipality=LEIDERDORP, bsn=OTHER)
    assert "Hier staat nu niets" in everything(tess)
    tess.case(zaak)
    assert tess.status == 404


def test_my_work_is_empty_and_says_where_to_find_work(tess: Desk, four: list[UUID]) -> None:
    page = tess.get()
    assert "Er staat geen zaak op uw naam." in page.text
    assert page.link("Kijk wat niemand nog doet") == "/werk/?weergave=niemand"


def test_the_first_sentence_says_what_must_be_done_first(
    tess: Desk, four: list[UUID], clock: Callable[..., object]
) -> None:
    from datetime import date

    assert "Niets is te laat en niets hoeft vandaag of morgen klaar." in everything(tess)
    clock(date(2027, 1, 19))
    assert "4 moeten vandaag of morgen klaar. Begin daar." in everything(desk_of(tess.staff))
    clock(date(2027, 1, 21))
    text = everything(desk_of(tess.staff))
    assert "4 zaken zijn te laat. Begin daar." in text
    assert "2 dagen te laat" in text


def test_filters_narrow_and_can_be_dropped(tess: Desk, four: list[UUID]) -> None:
    page = tess.get(weergave="alles", gemeente=LEIDERDORP)
    assert "1 zaak." in page.text
    assert page.link("Alles tonen") == "/werk/?weergave=alles"
    assert "Geen zaken met deze filters." in tess.get(weergave="alles", gemeente="GM0599").text
    assert (
        "Parkeervergunning" not in tess.get(weergave="alles", product="rijbewijs-verlengen").text.split("Loopt al")[1]
    )


@pytest.mark.parametrize("words", ["zonnev", "oude rijn", "2312 HG", "2312hg mila"])
def test_search_finds_by_the_beginning_of_name_address_and_postcode(tess: Desk, four: list[UUID], words: str) -> None:
    assert "Alle 4 getoond" in tess.get(q=words).text


def test_search_finds_a_number_and_says_so_when_nothing_is_found(tess: Desk, four: list[UUID]) -> None:
    number = tess.case(four[1]).title.split(", ")[1].split(" ")[0]
    assert "1 zaak." in tess.get(q=number).text
    assert "Geen zaak gevonden met “ridderspoor”." in tess.get(q="ridderspoor").text


def test_pages_follow_each_other(tess: Desk, four: list[UUID], monkeypatch: pytest.MonkeyPatch) -> None:
    from vliegwiel.casework import deskqueries, worklist

    monkeypatch.setattr(deskqueries, "PAGE", 3)
    monkeypatch.setattr(worklist.rows, "__kwdefaults__", {**(worklist.rows.__kwdefaults__ or {}), "limit": 3})
    first = tess.get(weergave="alles")
    assert "3 van 4 getoond, pagina 1 van 2." in first.text
    second = tess.get(first.link("Volgende"))
    assert "1 van 4 getoond, pagina 2 van 2." in second.text
    assert second.link("Vorige") == "/werk/?weergave=alles"
    assert "pagina 2 van 2" in tess.get(weergave="alles", pagina="9999").text


def test_the_file_holds_what_is_shown_with_source_and_moment(tess: Desk, four: list[UUID]) -> None:
    response = tess.client.get("/werk/werk.csv", {"weergave": "alles", "gemeente": LEIDERDORP})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 1
    assert rows[0]["Gemeente"] == "Leiderdorp"
    assert rows[0]["Uiterlijk"] == "2027-01-19"
    assert rows[0]["Bron"] == "Vliegwiel, werkvoorraad"
    assert rows[0]["Gelezen op"] == "2026-11-24 12:00"


def test_a_name_in_the_file_never_runs_as_a_formula(tess: Desk, applied: Applied, offices: RegistersSay) -> None:
    from tests.casework import conftest
    from tests.casework.test_applying import apply
    from vliegwiel.trust.identity import Citizen, Level

    offices.data = conftest.person(persoon__naam='=HYPERLINK("http://elders")')
    apply(Citizen(conftest.LEIDEN, OTHER, Level.HOOG, ""), "rijbewijs-verlengen", {**conftest.LICENCE})
    text = tess.client.get("/werk/werk.csv", {"weergave": "alles"}).content.decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text), delimiter=";"))["Naam"].startswith("'=")


# -- saved views --------------------------------------------------------------------------------------------------------


def test_a_view_is_saved_renamed_and_removed(tess: Desk, koen: Desk, four: list[UUID]) -> None:
    page = tess.get("/werk/weergaven/", weergave="alles", gemeente=LEIDERDORP)
    assert "Deze lijst heeft nu 1 zaak: Alles en Leiderdorp." in page.text
    page = tess.send(page.form("/werk/weergaven/?"), "Weergave bewaren", titel="Toeslag Leiderdorp")
    assert "De weergave is bewaard." in page.text
    assert page.link("Toeslag Leiderdorp 1") == f"/werk/?weergave=alles&gemeente={LEIDERDORP}"
    assert "Toeslag Leiderdorp" not in koen.get().text, "another clerk does not see it"

    kept = tess.get("/werk/weergaven/")
    page = tess.send(kept.form("/naam/"), "Hernoemen", titel="Leiderdorp")
    assert "De weergave heeft een nieuwe naam." in page.text
    page = tess.send(page.form("/weg/"), "Verwijderen")
    assert "De weergave is verwijderd." in page.text
    assert "U hebt nog geen weergaven bewaard." in page.text


def test_a_name_that_is_taken_or_empty_says_what_to_do_and_keeps_what_was_typed(tess: Desk) -> None:
    page = tess.get("/werk/weergaven/", weergave="alles")
    tess.send(page.form("/werk/weergaven/?"), "Weergave bewaren", titel="Mijn lijst")
    page = tess.send(page.form("/werk/weergaven/?"), "Weergave bewaren", titel="Mijn lijst")
    assert tess.status == 422
    assert "U hebt al een weergave met deze naam." in page.text
    assert page.title.startswith("Fout:")
    assert page.form("/werk/weergaven/?").fields["titel"] == ["Mijn lijst"]
    assert "Geef de weergave een naam." in tess.send(page.form("/werk/weergaven/?"), titel=" ").text


# -- giving cases to somebody -------------------------------------------------------------------------------------------


def tick(desk: Desk, *zaken: UUID) -> dict[str, list[str]]:
    """The boxes of these cases in the list."""
    boxes = desk.get(weergave="alles").form("/toewijzen/").choices["zaak"]
    return {"zaak": [box for box in boxes if any(str(zaak) in box for zaak in zaken)]}


def test_a_team_leader_gives_cases_away_and_first_sees_what_changes(lead: Desk, tess: Desk, four: list[UUID]) -> None:
    tess.send(tess.case(four[0]).form("/oppakken/"))  # now the desk knows Tess
    page = lead.post("/werk/toewijzen/?weergave=alles", tick(lead, *four[:2]))
    assert "Aan wie geeft u deze 2 zaken?" in page.text
    page = lead.send(page.form("/toewijzen/"), "Bekijk", naar="tess")
    assert "1 zaak verandert" in page.text
    assert "blijft zoals het is: dat is al zo" in page.text
    page = lead.send(page.form("/toewijzen/"), "Toewijzen aan K. Tess")
    assert "1 zaak is toegewezen." in page.text
    assert lead.address.startswith("/werk/?weergave=alles&gedaan=")
    assert "2 zaken" in tess.get().text


def test_a_clerk_takes_cases_but_does_not_give_away_those_of_others(tess: Desk, koen: Desk, four: list[UUID]) -> None:
    koen.send(koen.case(four[0]).form("/oppakken/"))
    page = tess.post("/werk/toewijzen/", tick(tess, *four[:2]))
    form = page.form("/toewijzen/")
    assert form.choices["naar"] == ["tess", "niemand"]
    page = tess.send(form, "Bekijk", naar="tess")
    assert "2 zaken veranderen" in page.text
    page = tess.send(form, "Bekijk", naar="niemand")
    assert "een teamleider mag deze zaak toewijzen" in page.text


def test_somebody_who_was_not_offered_cannot_be_chosen(tess: Desk, four: list[UUID]) -> None:
    form = tess.post("/werk/toewijzen/", tick(tess, four[0])).form("/toewijzen/")
    page = tess.post("/werk/toewijzen/", {**form.filled("Bekijk"), "naar": "iemand-anders"})
    assert tess.status == 422
    assert "Kies naar wie de zaken gaan." in page.text


def test_when_a_case_changed_meanwhile_nothing_is_given_and_who_was_first_is_told(
    lead: Desk, tess: Desk, koen: Desk, four: list[UUID]
) -> None:
    tess.send(tess.case(four[1]).form("/oppakken/"))
    preview = lead.send(lead.post("/werk/toewijzen/", tick(lead, *four[:2])).form("/toewijzen/"), "Bekijk", naar="tess")
    koen.send(koen.case(four[0]).form("/oppakken/"))
    page = lead.send(preview.form("/toewijzen/"), "Toewijzen aan")
    assert lead.status == 412
    assert "K. Koen was eerder: vandaag om 12.00 uur." in page.text
    assert "Aan wie geeft u deze 2 zaken?" in page.text, "the clerk chooses again, on what is true now"
    assert "K. Koen" in page.text


def test_without_a_tick_it_says_what_to_do(tess: Desk) -> None:
    assert "U hebt geen zaak gekozen." in tess.post("/werk/toewijzen/", {"zaak": ["x", "1.2"]}).text


def test_a_case_of_another_municipality_cannot_be_ticked(applied: Applied, tess: Desk) -> None:
    zaak = applied("rijbewijs-verlengen")
    stranger = desk_of(clerk("piet", LEIDERDORP))
    page = stranger.post("/werk/toewijzen/", {"zaak": f"{zaak}.1"})
    assert "U hebt geen zaak gekozen." in page.text
