"""A register that is down, slow or talking nonsense delays a form no longer than was set, is told, loses nothing, and is asked
again until it answers. The real registers of the demonstration, over HTTP, broken on purpose."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.test import Client

from tests.casework.conftest import LEIDEN, clerk
from tests.fixtures_simulators import RegisterSimulator
from tests.web.desk.forms import Page
from vliegwiel.base.errors import Unavailable
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import clerks, looking, queries
from vliegwiel.casework.actions import decisions
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.deskpages import View, WorklistFilter
from vliegwiel.casework.models import Draft, Rol, Zaak
from vliegwiel.casework.worklater import fetch_facts
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.registers import gather as gathering_module
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.connection import Connection, ConnectionSettings
from vliegwiel.simulators.cast.people import read_cast
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

PRODUCT = "rijbewijs-verlengen"
LIMIT = 0.6  # the most that everything together may take to ask one register, in this test
SLACK = 1.2  # what a page costs besides, on a busy machine
TYPED = {"email": "mila@voorbeeld.nl", "telefoon": "0612345678"}

TROUBLE: Sequence[tuple[str, dict[str, float]]] = (
    ("slow", {"seconds": 3.0}),
    ("timeout", {"seconds": 3.0}),
    ("drip", {"seconds": 0.3}),
    ("status", {"status": 500}),
    ("status", {"status": 503}),
    ("status", {"status": 401}),
    ("garbage", {}),
    ("truncated", {}),
    ("oversized", {}),
    ("redirect", {}),
    ("reset", {}),
)


@dataclass
class Someone:
    """A resident of Leiden at home, with the registers as they are now."""

    who: Citizen
    client: Client
    simulator: RegisterSimulator
    spent: float = 0.0

    def post(self, address: str, sent: dict[str, str] | None = None) -> Page:
        """Send a form, follow where it leads, and note how long the answer took."""
        begun = time.monotonic()
        response = self.client.post(address, sent or {})
        self.spent = time.monotonic() - begun
        assert response.status_code == 302, response.status_code
        return self.get(response["Location"])

    def get(self, address: str) -> Page:
        """A page."""
        return Page(self.client.get(address, follow=True).content.decode())

    def begin(self) -> UUID:
        """Start the application."""
        response_page = self.post(f"/product/{PRODUCT}/beginnen/")
        assert response_page.forms
        with scope(LEIDEN):
            return Draft.objects.get(bsn=self.who.bsn, zaak__isnull=True).id

    def answer(self, draft: UUID) -> None:
        """Fill in all that is asked."""
        for _ in range(8):
            where = self.client.get(f"/aanvraag/{draft}/")["Location"]
            if where.endswith("/controleren/"):
                return
            page = queries.draft_page(self.who, draft, where.split("/")[3])
            typed = {**TYPED, "spoed": "nee", "geboortedatum": "12-3-1984", "versie": str(page.version)}
            self.post(where, typed)
        raise AssertionError("the form has no end")

    def send(self, draft: UUID) -> UUID:
        """Send the application; the id of the case."""
        version = queries.check_answers(self.who, draft).version
        self.post(f"/aanvraag/{draft}/controleren/", {"versie": str(version)})
        zaak = queries.draft_page(self.who, draft).submitted_zaak
        assert zaak is not None
        return zaak


def connections(simulator: RegisterSimulator) -> Registers:
    """The platform's connections, with little patience."""

    def to(url: str) -> ConnectionSettings:
        return ConnectionSettings(
            url, api_key=simulator.key, connect_seconds=0.3, read_seconds=0.4, total_seconds=LIMIT, breaker_seconds=0.05
        )

    return Registers(
        to(simulator.brp_url), to(simulator.bag_url), to(simulator.rdw_url), to(simulator.terugmelding_url), cache_seconds=0
    )  # fmt: skip


@pytest.fixture
def somebody(db: None, register_simulator: RegisterSimulator, monkeypatch: pytest.MonkeyPatch) -> Iterator[Someone]:
    """Noor of the cast, who lives in Leiden and can renew online. The cast is told from today, so the clock is left alone."""
    adopt_demo((PRODUCT,))
    clerks._noted.clear()
    looking._seen.clear()
    made = connections(register_simulator)
    monkeypatch.setattr(gathering_module, "registers", lambda: made)
    who = Citizen(LEIDEN, "999998365", Level.SUBSTANTIEEL, "Noor van Duinkerk")
    client = Client(HTTP_HOST="leiden.localhost")
    client.cookies[session_cookie()] = open_session(who, "")
    yield Someone(who, client, register_simulator)
    made.close()


@pytest.mark.parametrize("register", ["BRP", "RDW"])
@pytest.mark.parametrize(("kind", "how"), TROUBLE, ids=lambda v: v if isinstance(v, str) else str(v.get("status", "")))
def test_a_register_in_trouble_stops_nobody_and_loses_nothing(
    somebody: Someone, register: str, kind: str, how: dict[str, float]
) -> None:
    simulator = somebody.simulator
    path = "/haalcentraal" if register == "BRP" else "/rdw"
    simulator.fail(path, kind, **how)  # type: ignore[arg-type]
    draft = somebody.begin()
    assert somebody.spent < LIMIT + SLACK, "no longer than was set"
    page = somebody.get(f"/aanvraag/{draft}/")
    assert f"Wij kunnen de {register} nu niet bereiken" in page.text
    assert "U kunt gewoon verder" in page.text
    somebody.answer(draft)
    check = queries.check_answers(somebody.who, draft)
    assert check.missing == ()
    given = {one.field: one.text for group in check.answers for one in group.answers}
    assert given["email"] == TYPED["email"]
    zaak = somebody.send(draft)
    assert somebody.spent < LIMIT + SLACK
    status = queries.status_page(somebody.who, zaak)
    assert any("geen antwoord" in message for message in status.messages)
    assert {one.text for group in status.answers for one in group.answers} >= {TYPED["email"]}
    tess = clerk("tess")
    case = queries.case_page(tess, zaak)
    assert "Gegevens ophalen" in [task.title for task in case.tasks if task.state == "open"]
    assert case.silent[0].register == register
    assert not case.decide.may
    with pytest.raises(Unavailable):
        run_waiting()  # still down: the job fails, and so is tried again
    simulator.heal()
    time_passes(somebody)
    fetch(zaak)
    done(somebody, zaak)


def time_passes(somebody: Someone) -> None:
    """The breaker lets somebody try again after a moment."""
    deadline = time.monotonic() + 5
    while not all(c.breaker.allows() for c in _connections()):
        assert time.monotonic() < deadline
    for connection in _connections():
        connection.breaker.succeeded()


def _connections() -> Sequence[Connection]:
    made = gathering_module.registers()
    return (made.brp.connection, made.rdw.connection, made.bag.connection)


def fetch(zaak: UUID) -> None:
    """What the worker does when it tries again."""
    fetch_facts(municipality=LEIDEN, zaak=str(zaak))


def done(somebody: Someone, zaak: UUID) -> None:
    """The data are there, the task is done, and it can be decided as any other."""
    tess = clerk("tess")
    case = queries.case_page(tess, zaak)
    assert case.silent == ()
    assert "Gegevens ophalen" not in [task.title for task in case.tasks if task.state == "open"]
    assert case.persons[0].name != "naam niet bekend"
    facts = {fact.datum: fact for group in case.groups for fact in group.facts}
    assert facts["persoon.geboortedatum"].origin.label == "BRP", "what the register knows counts above what was said"
    assert facts["rijbewijs.categorieen"].origin.label == "RDW"
    with scope(LEIDEN):
        row = Zaak.objects.get(id=zaak)
        assert row.person == case.persons[0].name
        assert row.complete
        role = Rol.objects.get(zaak_id=zaak, omschrijving_generiek="initiator")
        assert role.betrokkene_identificatie["geslachtsnaam"]
    surname = row.person.split()[-1]
    found = queries.worklist(tess, WorklistFilter(view=View.ALLES, text=surname))
    assert zaak in [one.id for group in found.groups for one in group.rows], "found by the name that came later"
    assert queries.status_page(somebody.who, zaak).messages == ()
    assert case.law is not None
    assert case.law.outcome
    decisions.decide(tess, zaak, DecisionInput(case.version))


def test_both_registers_down_cost_no_more_than_one(somebody: Someone) -> None:
    """They are asked at the same time."""
    somebody.simulator.fail("/", "timeout", seconds=3.0)
    draft = somebody.begin()
    assert somebody.spent < LIMIT + SLACK
    somebody.answer(draft)
    zaak = somebody.send(draft)
    assert somebody.spent < LIMIT + SLACK
    assert len(queries.case_page(clerk("tess"), zaak).silent) == 2


def test_a_register_that_answers_while_one_fills_in_is_asked_again_on_sending(somebody: Someone) -> None:
    somebody.simulator.fail("/haalcentraal", "status", status=500)
    draft = somebody.begin()
    somebody.answer(draft)
    somebody.simulator.heal()
    time_passes(somebody)
    zaak = somebody.send(draft)
    case = queries.case_page(clerk("tess"), zaak)
    assert case.silent == ()
    assert case.law is not None
    assert case.law.outcome
    done(somebody, zaak)


def test_after_a_few_failures_nobody_waits_any_more(somebody: Someone) -> None:
    """The breaker: a register that keeps failing is left alone for a while."""
    somebody.simulator.fail("/rdw", "timeout", seconds=3.0)
    registers = gathering_module.registers()
    registers.rdw.connection.breaker._first = registers.rdw.connection.breaker._wait = 60.0
    for _ in range(5):
        gathering_module.gather(["rijbewijs.status"], somebody.who.bsn, "proef", LEIDEN)
    somebody.simulator.forget()
    somebody.begin()
    assert not [seen for seen in somebody.simulator.requests() if str(seen["path"]).startswith("/rdw")]


def test_a_secret_address_that_comes_later_is_secret_at_once(somebody: Someone) -> None:
    secret = next(one for one in read_cast().personen if one.geheim)
    somebody.who = Citizen(LEIDEN, secret.bsn, Level.SUBSTANTIEEL, "x")
    somebody.client.cookies[session_cookie()] = open_session(somebody.who, "")
    somebody.simulator.fail("/haalcentraal", "status", status=500)
    draft = somebody.begin()
    somebody.answer(draft)
    zaak = somebody.send(draft)
    assert not queries.case_page(clerk("tess"), zaak).persons[0].secret, "nobody knows yet"
    somebody.simulator.heal()
    time_passes(somebody)
    fetch(zaak)
    case = queries.case_page(clerk("tess"), zaak)
    assert case.persons[0].secret
    assert any("Geheimhouding" in warning for warning in case.persons[0].warnings)
    found = queries.worklist(clerk("tess"), WorklistFilter(view=View.ALLES))
    assert [row.secret for group in found.groups for row in group.rows if row.id == zaak] == [True]
