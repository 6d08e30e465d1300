"""The pages of rounds as people use them, without a script: planner, driver, resident, and who has no business there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client

from tests.rounds.operations import town
from tests.rounds.operations.town import CLERK, DRIVER, PLANNER, THURSDAY, TODAY, again, codes, stops
from vliegwiel.rounds.actions.plans import fix
from vliegwiel.trust.identity import Staff
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

pytestmark = pytest.mark.django_db
DAY = {"dag": TODAY.isoformat(), "soort": "rest"}
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 64


@pytest.fixture(autouse=True)
def morning(clock: Callable[..., object]) -> None:
    clock(town.MOMENT)


def browser(staff: Staff | None = None) -> Client:
    client = Client(HTTP_HOST="leiden.localhost")
    if staff is not None:
        client.cookies[session_cookie()] = open_session(staff, "")
    return client


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content[:500]
    return answer.content.decode()


def test_the_day_says_first_what_to_do_and_shows_every_container_on_map_and_in_the_list() -> None:
    town.build()
    plan = town.planned()
    page = text(browser(PLANNER), "/rondes/")
    count = len(codes(plan))
    assert f"Leeg {count} van de 12 containers." in page
    assert page.count('data-code="C') == 12 + count
    for code in (f"C{n:02d}" for n in range(1, 13)):
        assert f"/rondes/container/{code}/" in page
    assert "Kans dat er één overloopt vóór donderdag" in page
    assert "hemelsbreed" in page


def test_a_day_without_a_plan_offers_to_make_one_and_it_is_made() -> None:
    town.build()
    planner = browser(PLANNER)
    assert "Plan maken" in text(planner, "/rondes/?dag=2026-11-26")
    answer = planner.post("/rondes/plannen/", {**DAY, "dag": THURSDAY.isoformat()}, follow=True)
    assert "Het plan is gemaakt." in answer.content.decode()
    assert "Naar de chauffeurs sturen" in answer.content.decode()


def test_a_change_is_first_shown_then_done_and_told_to_programs_at_once() -> None:
    town.build()
    plan = town.planned()
    planner, code = browser(PLANNER), codes(plan)[0]
    sent = {**DAY, "versie": str(plan.version), "container": code, "wat": "overslaan", "doe": "bekijk"}
    shown = planner.post(f"/rondes/plan/{plan.id}/wijzigen/", sent).content.decode()
    assert "Wat verandert er?" in shown
    assert "Doorvoeren" in shown
    answer = planner.post(f"/rondes/plan/{plan.id}/wijzigen/", sent, headers={"accept": "application/json"})
    assert json.loads(answer.content)["kan"] is True
    assert code in codes(again(plan.id))
    done = planner.post(f"/rondes/plan/{plan.id}/wijzigen/", {**sent, "doe": ""}, follow=True)
    assert "Het plan is gewijzigd." in done.content.decode()
    assert code not in codes(again(plan.id))
    late = planner.post(f"/rondes/plan/{plan.id}/wijzigen/", sent)
    assert late.status_code == 412


def test_moving_works_without_dragging() -> None:
    town.build()
    plan = town.planned()
    code = codes(plan)[0]
    page = text(browser(PLANNER), f"/rondes/plan/{plan.id}/verplaatsen/{code}/")
    assert "Wagen 3" in page
    assert "Wagen 7" in page
    text(browser(PLANNER), f"/rondes/plan/{plan.id}/verplaatsen/C04/", 404)


def test_the_plan_goes_to_the_drivers_and_a_driver_reports_from_the_phone() -> None:
    town.build()
    plan = town.planned()
    planner, driver = browser(PLANNER), browser(DRIVER)
    sent = {**DAY, "versie": str(plan.version), "nu": "voorstel", "plan": "voorstel", "doe": "vaststellen"}
    assert "Het plan is vastgesteld." in planner.post(f"/rondes/plan/{plan.id}/", sent, follow=True).content.decode()
    stop = stops(plan)[0]
    truck = stop.route.truck.code
    page = text(driver, f"/rondes/wagen/{truck}/")
    assert "Volgende:" in page
    report = f"/rondes/stop/{stop.id}/"
    answer = driver.post(report, {"wat": "geleegd", "terug": f"/rondes/wagen/{truck}/"}, follow=True)
    assert "Genoteerd: geleegd." in answer.content.decode()
    again_ = driver.post(report, {"wat": "geleegd"}, headers={"accept": "application/json"})
    assert json.loads(again_.content) == {"nieuw": False}
    refused = driver.post(f"/rondes/stop/{stops(plan)[1].id}/", {"wat": "kon-niet", "reden": "Anders"})
    assert refused.status_code == 400


def test_a_photo_is_shown_as_a_picture_and_can_run_nothing() -> None:
    town.build()
    stop = stops(town.driving())[0]
    from django.core.files.uploadedfile import SimpleUploadedFile

    driver = browser(DRIVER)
    photo = SimpleUploadedFile("x.html", JPEG, "text/html")
    driver.post(f"/rondes/stop/{stop.id}/", {"wat": "geleegd", "foto": photo})
    answer = browser(PLANNER).get(f"/rondes/stop/{stop.id}/foto/")
    assert (answer["Content-Type"], answer.content) == ("image/jpeg", JPEG)
    assert "sandbox" in answer["Content-Security-Policy"]


def test_a_resident_reports_without_logging_in_and_reads_the_day() -> None:
    town.build()
    street = browser()
    assert "Dorpsstraat 4" in text(street, "/container/?q=dorpsstraat")
    assert "Meld wat u ziet" in text(street, "/container/C04/")
    assert street.post("/container/C04/", {}).status_code == 422
    answer = street.post("/container/C04/", {"wat": "vol"}, follow=True)
    page = answer.content.decode()
    assert "Wij legen hem donderdag" in page
    plan = town.planned(THURSDAY)
    assert "C04" in codes(plan)
    fix(PLANNER, plan.id, version=plan.version)
    again_ = text(street, answer.redirect_chain[-1][0])
    assert "gaat mee in de ronde van donderdag 26 november" in again_
    assert "wordt nog vastgesteld" not in again_
    text(street, f"/container/melding/{uuid4()}/", 404)
    text(street, "/container/nergens/", 404)


@pytest.mark.parametrize(
    "address",
    [
        "/rondes/",
        "/rondes/containers/",
        "/rondes/container/C01/",
        "/rondes/alarmen/",
        "/rondes/besparing/",
        "/rondes/dag.csv",
    ],
)
def test_who_has_no_business_in_rounds_sees_nothing_of_them(address: str) -> None:
    town.build()
    assert browser(CLERK).get(address).status_code == 403
    answer = browser().get(address)
    assert (answer.status_code, "/inloggen/medewerker/" in answer["Location"]) == (302, True)
    if address == "/rondes/":
        assert browser(DRIVER).get(address)["Location"] == "/rondes/wagens/"
    else:
        assert browser(DRIVER).get(address).status_code == 403


def test_every_figure_can_be_downloaded_and_says_where_it_came_from() -> None:
    town.build()
    town.planned()
    planner = browser(PLANNER)
    day = planner.get("/rondes/dag.csv").content.decode("utf-8-sig")
    assert len(day.splitlines()) == 13
    assert "hemelsbreed" in day
    history = planner.get("/rondes/container/C01/verloop.csv").content.decode("utf-8-sig")
    assert "verwacht" in history


def test_pages_of_containers_and_alarms_stand() -> None:
    town.build()
    town.planned()
    planner = browser(PLANNER)
    assert "Welke containers zijn het volst?" in text(planner, "/rondes/containers/")
    assert "Geen container gevonden" in text(planner, "/rondes/containers/?q=zzz")
    page = text(planner, "/rondes/container/C01/?dagen=7")
    assert re.search(r"Nu naar verwachting 97.% vol", page)
    text(planner, "/rondes/container/nergens/", 404)
    assert "Waar moet iemand nu naar kijken?" in text(planner, "/rondes/alarmen/")
    assert "nog niet berekend" in text(planner, "/rondes/besparing/")
    text(planner, "/rondes/besparing.pdf", 404)


@pytest.mark.parametrize("dag", ["2026-02-31", "9999-99-99", "0001-01-01", "x" * 500, "2026-11-24'--", "\x00"])
def test_a_strange_address_is_today(dag: str) -> None:
    town.build()
    answer = browser(PLANNER).get("/rondes/", {"dag": dag, "soort": "plutonium", "alles": "?"})
    assert answer.status_code == 200


def test_only_the_map_page_may_fetch_tiles_and_only_from_the_base_map() -> None:
    town.build()
    planner = browser(PLANNER)
    assert "img-src 'self' data: https://service.pdok.nl;" in planner.get("/rondes/")["Content-Security-Policy"]
    assert "pdok" not in planner.get("/rondes/containers/")["Content-Security-Policy"]
