"""Wat als: asked for, calculated in the background, stopped, read, downloaded and thrown away, by who may."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.casework.conftest import LEIDEN, UTRECHT, RegistersSay, clerk
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.base import clock
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue import actions
from vliegwiel.catalogue.models import Simulation, SimulationState
from vliegwiel.catalogue.simulations import KEPT_DAYS
from vliegwiel.law.population.synthetic import generate
from vliegwiel.trust.identity import Role

pytestmark = pytest.mark.django_db

NEW = "/studio/wat-als/nieuw/"
ASKED: dict[str, Any] = {
    "law": "participatiewet", "on": "2026-11-24", "population": "verzonnen", "households": "400", "seed": "7",
    "wanted": ["recht_inkomenstoeslag"], "by": ["huishouden"], "change-name": ["inkomensgrens_procent", ""],
    "change-text": ["150", ""], "title": "Ruimere grens", "empty": "niets",
}  # fmt: skip
HEAD = (
    "geboortedatum,aow_leeftijd_bereikt,woont_in_gemeente,huishouden,leeftijd_oudste_kind,maanden_laag_inkomen,inkomen,"
    "vermogen,laatste_toeslag,studeert,uitzicht_op_inkomen"
)
Callbacks = Callable[..., AbstractContextManager[Any]]


def rows(count: int, head: str = HEAD, extra: str = "") -> bytes:
    line = "1990-01-01,false,true,alleenstaande,4,40,1600.00,100.00,2020-01-01,false,false"
    return "\n".join([head, *([line + extra] * count)]).encode()


@pytest.fixture
def ursa(offices: RegistersSay) -> Desk:
    """Another functional administrator of Leiden."""
    return desk_of(clerk("ursa", LEIDEN, Role.FUNCTIONEEL_BEHEERDER))


def started(desk: Desk, **other: Any) -> str:
    """Ask for a calculation; its address."""
    desk.post(NEW, {**ASKED, **other})
    assert desk.status == 200, desk.status
    return desk.address.partition("?")[0]


def test_a_calculation_runs_in_the_background_and_says_who_gains(fien: Desk) -> None:
    address = started(fien)
    assert "wacht op haar beurt" in fien.get(address).text
    run_waiting()
    page = fien.get(address)
    assert "Bij 400 huishoudens wordt “recht op de individuele inkomenstoeslag”" in page.text
    assert "Naar huishouden" in page.text
    assert "alleenstaande ouder" in page.text
    assert "verzonnen huishoudens, begingetal 7" in page.text
    assert "Waar deze cijfers op rusten" in page.text
    assert "Ruimere grens" in fien.get("/studio/wat-als/").text
    csv = fien.client.get(f"{address}uitkomst.csv").content.decode("utf-8-sig")
    assert "recht op de individuele inkomenstoeslag;huishouden;alleenstaand;" in csv


def test_the_norm_of_bijstand_can_be_changed_and_households_are_grouped_by_how_they_live(fien: Desk) -> None:
    offered = fien.client.get(f"{NEW}?wet=bijstand").content.decode()
    assert 'value="participatiewet.bijstandsnorm.alleen"' in offered
    address = started(
        fien,
        law="bijstand",
        on="2026-07-01",
        wanted=["hoogte"],
        by=["huishouden"],
        **{"change-name": ["participatiewet.bijstandsnorm.alleen"], "change-text": ["1500"]},
    )
    run_waiting()
    told = fien.get(address).text
    assert "1500" in told
    assert "alleenstaand" in told


def test_the_same_seed_gives_the_same_figures(fien: Desk) -> None:
    first, second = started(fien), started(fien)
    run_waiting()
    one, other = (
        fien.client.get(f"{address}uitkomst.csv").content.decode().splitlines() for address in (first, second)
    )
    assert [line.rsplit(";", 2)[0] for line in one] == [line.rsplit(";", 2)[0] for line in other]


def test_a_law_on_another_date_or_with_the_ordinance_of_another_can_be_compared(fien: Desk) -> None:
    nothing = {"change-name": [""], "change-text": [""]}
    dates = started(fien, **nothing, other_on="2024-02-01")
    towns = started(fien, **nothing, other_town=UTRECHT)
    run_waiting()
    assert "1 februari 2024" in fien.get(dates).text
    assert "Verordening van Utrecht" in fien.get(towns).text


def test_progress_is_told_without_script_and_the_page_comes_when_it_is_done(fien: Desk) -> None:
    address = started(fien)
    waiting = fien.client.get(f"{address}voortgang/")
    assert "HX-Redirect" not in waiting.headers
    assert "<progress" in waiting.content.decode()
    run_waiting()
    assert fien.client.get(f"{address}voortgang/")["HX-Redirect"] == address


def test_a_calculation_that_waits_can_be_stopped_and_is_then_not_done(fien: Desk) -> None:
    address = started(fien)
    fien.post(f"{address}afbreken/", {})
    run_waiting()
    page = fien.get(address)
    assert "Deze berekening is afgebroken" in page.text
    assert fien.client.get(f"{address}uitkomst.csv").status_code == 409


def test_a_calculation_that_runs_hears_that_it_must_stop(fien: Desk) -> None:
    address = started(fien)
    with scope(LEIDEN):
        row = Simulation.objects.get()
    assert actions.begin_simulation(LEIDEN, row.id) is not None
    assert actions.note_progress(LEIDEN, row.id, done=1, total=10)
    fien.post(f"{address}afbreken/", {})
    assert "stopt" in fien.get(address).text
    assert not actions.note_progress(LEIDEN, row.id, done=2, total=10)


def test_a_population_that_was_uploaded_is_gone_afterwards(
    fien: Desk, django_capture_on_commit_callbacks: Callbacks, tmp_path: Any, settings: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        address = started(
            fien, population="bestand", file=SimpleUploadedFile("huishoudens.csv", rows(60)), by=["huishouden"]
        )
        with scope(LEIDEN):
            assert Simulation.objects.get().file
        run_waiting()
        with scope(LEIDEN):
            row = Simulation.objects.get()
            assert (row.state, row.sentence, row.file) == (SimulationState.DONE, "", "")
    page = fien.get(address)
    assert "uit het bestand huishoudens.csv" in page.text
    assert "60 keer ja en 0 keer nee" in page.text


def test_a_population_may_be_parquet_too(fien: Desk) -> None:
    content = BytesIO()
    generate(LEIDEN, 50, 3, date(2026, 11, 24)).select(HEAD.split(",")).write_parquet(content)
    address = started(fien, population="bestand", file=SimpleUploadedFile("h.parquet", content.getvalue()))
    run_waiting()
    assert "uit het bestand h.parquet" in fien.get(address).text
    assert " 50 huishoudens" in fien.get(address).text


def test_small_groups_of_an_uploaded_population_are_not_shown(fien: Desk) -> None:
    few = "2005-01-01,false,true,paar,4,40,1600.00,100.00,2020-01-01,false,false"
    content = rows(60) + b"\n" + few.encode()
    address = started(fien, population="bestand", file=SimpleUploadedFile("h.csv", content), by=["huishouden"])
    run_waiting()
    assert "minder dan 10, te weinig om te tonen" in fien.get(address).text
    csv = fien.client.get(f"{address}uitkomst.csv").content.decode()
    assert "te weinig om te tonen" in csv


def test_a_file_with_columns_the_law_does_not_ask_is_refused_by_name(fien: Desk) -> None:
    content = rows(20, HEAD + ",bsn", ",999990019")
    address = started(fien, population="bestand", file=SimpleUploadedFile("h.csv", content))
    run_waiting()
    page = fien.get(address)
    assert "De berekening is niet gelukt" in page.text
    assert "'bsn'" in page.text
    assert "999990019" not in page.text


def test_no_file_gives_an_error_of_ours(fien: Desk) -> None:
    broken = (b"\x00\x01\x02", b"", b"a;b\n1;2", b"PAR1 maar niet heus PAR1", "é€\n".encode("utf-16"))
    for content in broken:
        for name in ("h.csv", "h.parquet", "h.exe", "../../x.csv"):
            fien.post(NEW, {**ASKED, "population": "bestand", "file": SimpleUploadedFile(name, content)})
            assert fien.status in (200, 422), (name, content)
            run_waiting()
            if "/nieuw/" not in fien.address:
                assert "niet gelukt" in fien.get(fien.address.partition("?")[0]).text, (name, content)


REFUSED: tuple[tuple[dict[str, Any], str], ...] = (
    ({"change-text": ["150 * * 2", ""]}, "Regel 1, teken 7"),
    ({"change-text": ["onbekende_naam", ""]}, "Regel 1, teken 1"),
    ({"change-text": ['"tekst"', ""]}, "Regel 1, teken 1"),
    ({"change-text": ["(" * 900, ""]}, "te diep"),
    ({"change-text": ["1" * 1500, ""]}, "Maak het korter"),
    ({"change-text": ["", ""]}, "Vul in wat het moet worden"),
    ({"change-name": ["bestaat_niet", ""]}, "Kies uit de lijst"),
    ({"change-name": ["inkomensgrens_procent"] * 2, "change-text": ["1", "2"]}, "Dit verandert u al"),
    ({"change-name": ["", ""], "change-text": ["", ""]}, "Verander iets"),
    ({"households": "9999999999"}, "Kies een aantal"),
    ({"households": "veel"}, "Vul een getal in"),
    ({"seed": "-1"}, "Kies een heel getal"),
    ({"on": "ooit"}, "Vul een datum in"),
    ({"on": "1900-01-01"}, "geldt niet op 1 januari 1900"),
    ({"other_town": "GM9999"}, "Kies een gemeente"),
    ({"population": "bestand"}, "Kies een bestand"),
)


def test_what_cannot_be_asked_is_told_and_nothing_typed_is_lost(fien: Desk) -> None:
    for changed, said in REFUSED:
        page = fien.post(NEW, {**ASKED, **changed})
        assert fien.status == 422, changed
        assert said in page.text, changed
        if "1900" not in str(changed):
            assert page.form(NEW).fields["title"] == ["Ruimere grens"]
    with scope(LEIDEN):
        assert not Simulation.objects.exists()


def test_an_expression_that_costs_too_much_ends_with_a_sentence(fien: Desk) -> None:
    slow = "sum(for a in 1..900, b in 1..900, c in 1..900 return a * b * c)"
    address = started(fien, **{"change-name": ["inkomensgrens_procent"], "change-text": [slow]})
    run_waiting()
    text = fien.get(address).text
    assert "De berekening is niet gelukt" in text


def test_a_clerk_without_the_right_sees_nothing_of_it(tess: Desk, fien: Desk) -> None:
    address = started(fien)
    for path in ("/studio/wat-als/", NEW, address, f"{address}voortgang/", f"{address}uitkomst.csv", f"{address}weg/"):
        assert tess.client.get(path).status_code == 403, path
    for what in ("afbreken", "weg"):
        assert tess.client.post(f"{address}{what}/").status_code == 403
    assert "Wat als?" not in tess.get("/studio/").text


def test_only_who_started_it_throws_it_away(fien: Desk, ursa: Desk) -> None:
    address = started(fien)
    assert ursa.client.get(address).status_code == 200
    assert ursa.client.post(f"{address}weg/").status_code == 403
    fien.post(f"{address}weg/", {})
    assert "De berekening is verwijderd." in fien.get("/studio/wat-als/?gedaan=weg").text
    assert fien.client.get(address).status_code == 404


def test_no_more_than_a_few_at_once(fien: Desk) -> None:
    for _number in range(actions.MOST_AT_ONCE):
        started(fien)
    page = fien.post(NEW, ASKED)
    assert fien.status == 409
    assert "Er lopen al 3 berekeningen" in page.text


def test_after_half_a_year_it_is_gone(fien: Desk) -> None:
    started(fien)
    actions.clear_old_simulations(LEIDEN)
    with scope(LEIDEN):
        assert Simulation.objects.count() == 1
        Simulation.objects.update(created_at=clock.now() - timedelta(days=KEPT_DAYS + 1))
    actions.clear_old_simulations(LEIDEN)
    with scope(LEIDEN):
        assert not Simulation.objects.exists()


def test_a_calculation_whose_worker_died_does_not_stand_in_the_way_for_ever(fien: Desk) -> None:
    address = started(fien)
    with scope(LEIDEN):
        Simulation.objects.update(created_at=clock.now() - actions.GIVEN_UP - timedelta(minutes=1))
    actions.clear_old_simulations(LEIDEN)
    assert "De berekening is niet afgemaakt" in fien.get(address).text
    run_waiting()
    assert "De berekening is niet afgemaakt" in fien.get(address).text
