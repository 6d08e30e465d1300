"""A report of a resident is a case: opened without saying who, promised a day, and closed by what became of that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from tests.rounds.operations import town
from tests.rounds.operations.town import CLERK, DRIVER, LEIDEN, PLATFORM, codes, stops
from vliegwiel.base.errors import Conflict, NotFound
from vliegwiel.casework import queries
from vliegwiel.casework.actions import anonymous, decisions, information, tasks
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.models import Besluit, Fact, PendingLetter, Resultaat, Rol, Zaak
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.rounds.actions.driving import Report, report_stop
from vliegwiel.rounds.models import Evidence, PromiseTo
from vliegwiel.trust.identity import Anonymous, Citizen, Level, System
from vliegwiel.trust.models import ProcessingRecord
from vliegwiel.trust.rights import scope_of
from vliegwiel.web.jobs import settle_reports as job
from vliegwiel.web.rounds.reports import report_container, settle_reports

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def morning(clock: Callable[..., object]) -> Callable[..., object]:
    clock(town.MOMENT)
    adopt_demo(("container-vol", "verhuizing-doorgeven"))
    return clock


def zaak_of(id_: UUID) -> Zaak:
    with scope_of(PLATFORM):
        return Zaak.objects.get(id=id_)


def test_a_report_is_a_case_that_says_when_we_come_and_holds_nothing_about_a_person() -> None:
    town.build()
    zaak = zaak_of(report_container(LEIDEN, "C04", "vol"))
    assert (zaak.zaaktype, zaak.status, zaak.communicatiekanaal) == (
        "container-vol",
        "in_behandeling",
        "zonder_inloggen",
    )
    assert (zaak.bsn, zaak.person, zaak.secret) == ("", "Dorpsstraat 4, C04", False)
    assert zaak.next_step == "Legen op 26 november 2026"
    assert zaak.einddatum_gepland == town.THURSDAY
    assert zaak.toelichting == (
        "Wij legen de container donderdag 26 november 2026. De ronde van die dag wordt nog vastgesteld."
    )
    with scope_of(PLATFORM):
        assert {row.datum: row.value for row in Fact.objects.filter(zaak=zaak)} == {
            "container": "C04", "plek": "Dorpsstraat 4", "in_lijst": True, "gezien": "vol",
        }  # fmt: skip
        assert not Rol.objects.filter(zaak=zaak, omschrijving_generiek="initiator").exists()
        assert not PendingLetter.objects.exists()
        assert not ProcessingRecord.objects.exists()
        assert PromiseTo.objects.get().zaak == Evidence.objects.get().zaak == zaak.id


def test_many_reports_of_one_container_join_one_case_and_later_ones_do_not(morning: Callable[..., object]) -> None:
    town.build()
    first = report_container(LEIDEN, "C04", "vol")
    assert {report_container(LEIDEN, "C04", "ernaast") for _ in range(5)} == {first}
    assert report_container(LEIDEN, "C01", "vol") != first
    morning(town.MOMENT + timedelta(minutes=16))
    assert report_container(LEIDEN, "C04", "vol") != first
    with scope_of(PLATFORM):
        assert Zaak.objects.count() == Evidence.objects.count() == 3


def test_what_cannot_be_reported_leaves_no_case_behind() -> None:
    town.build()
    with pytest.raises(NotFound):
        report_container(LEIDEN, "nergens", "vol")
    with scope_of(PLATFORM):
        assert not Zaak.objects.exists()


def test_emptying_closes_the_case_with_the_result_carried_out(morning: Callable[..., object]) -> None:
    town.build()
    plan = town.driving()
    code = codes(plan)[0]
    id_ = report_container(LEIDEN, code, "vol")
    assert zaak_of(id_).toelichting == "Wij legen de container dinsdag 24 november 2026."
    assert settle_reports(LEIDEN) == 0
    morning(town.MOMENT + timedelta(hours=3))
    report_stop(DRIVER, stops(plan)[0].id, Report(done=True))
    assert settle_reports(LEIDEN) == 1
    assert settle_reports(LEIDEN) == 0
    zaak = zaak_of(id_)
    assert (zaak.outcome, zaak.status, zaak.einddatum) == ("verwerken", "afgehandeld", town.TODAY)
    assert zaak.toelichting == "De container is dinsdag 24 november 2026 geleegd."
    with scope_of(PLATFORM):
        assert Resultaat.objects.get(zaak=zaak).selectielijst == "15.1"
        assert not Besluit.objects.exists(), "the computer decided nothing: it wrote down what happened"
        assert not PendingLetter.objects.exists()
    assert (zaak.archiefnominatie, zaak.archiefactiedatum and zaak.archiefactiedatum.year) == ("vernietigen", 2031)
    page = Client(HTTP_HOST="leiden.localhost").get(f"/container/melding/{id_}/").content.decode()
    assert zaak.identificatie in page
    assert "Afgehandeld" in page
    assert "is geleegd" in page


def test_a_day_that_passes_closes_the_case_as_not_carried_out(morning: Callable[..., object]) -> None:
    town.build()
    id_ = report_container(LEIDEN, "C04", "klep")
    morning(town.MOMENT + timedelta(days=3))
    job(municipality=LEIDEN)
    zaak = zaak_of(id_)
    assert (zaak.outcome, zaak.status) == ("niet_op_tijd", "afgehandeld")
    assert "Hij gaat voor in de volgende ronde." in zaak.toelichting
    with scope_of(PLATFORM):
        assert Resultaat.objects.get(zaak=zaak).selectielijst == "15.2"


def test_the_desk_sees_what_was_promised_and_may_finish_it_by_hand() -> None:
    town.build()
    id_ = report_container(LEIDEN, "C04", "vol")
    page = queries.case_page(CLERK, id_)
    told = [event.text for event in page.timeline]
    assert any(text.startswith("Toegezegd: Wij legen de container donderdag 26 november") for text in told)
    todo = next(task for task in page.tasks if task.key == "legen")
    assert todo.title == "Legen op 26 november 2026"
    tasks.complete(CLERK, todo.id, version=zaak_of(id_).version, typed={"geleegd": ["ja"]})
    decisions.decide(CLERK, id_, DecisionInput(zaak_of(id_).version))
    assert zaak_of(id_).einddatum == town.TODAY
    assert settle_reports(LEIDEN) == 0
    assert queries.case_page(CLERK, id_).decisions[0].title == "Geleegd"
    with scope_of(PLATFORM):
        assert not PendingLetter.objects.exists()


def test_nobody_can_be_asked_and_no_register_is_looked_at() -> None:
    town.build()
    id_ = report_container(LEIDEN, "C04", "vol")
    with pytest.raises(Conflict, match="Wij weten niet wie dit meldde"):
        information.ask(CLERK, id_, version=zaak_of(id_).version, title="Wie bent u", text="Zeg het ons.")


def test_only_what_asks_no_login_is_opened_so_and_only_such_a_case_is_public() -> None:
    town.build()
    street = Anonymous(LEIDEN)
    with pytest.raises(NotFound):
        anonymous.open_anonymous(street, "verhuizing-doorgeven", {}, about="")
    with pytest.raises(NotFound):
        anonymous.open_anonymous(Anonymous(town.UTRECHT), "container-vol", {}, about="")
    id_ = report_container(LEIDEN, "C04", "vol")
    assert anonymous.public_case(street, id_).status == "In behandeling"
    with pytest.raises(NotFound):
        anonymous.public_case(Anonymous(town.UTRECHT), id_)
    with pytest.raises(NotFound):
        anonymous.promise(System(town.UTRECHT, "proef"), id_, "legen", day=town.TODAY, said="Nee.")
    with pytest.raises(NotFound):
        anonymous.fulfil(System(town.UTRECHT, "proef"), id_, "legen", field="geleegd", done=True, said="Nee.")
    citizen = Citizen(LEIDEN, "999990019", Level.SUBSTANTIEEL)
    with pytest.raises(NotFound):
        queries.status_page(citizen, id_)


def test_the_page_of_the_product_leads_to_the_street_and_not_to_a_login() -> None:
    browser = Client(HTTP_HOST="leiden.localhost")
    page = browser.get("/product/container-vol/").content.decode()
    assert 'href="/container/"' in page
    assert "DigiD" not in page.partition("<main")[2].partition("</main>")[0]
