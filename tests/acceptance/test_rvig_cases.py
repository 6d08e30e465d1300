"""Sixty RvIG test persons of every kind, from the start of the form to a decision or to the desk, through the actions and
the register over HTTP: what is asked, what is said, what staff see and what the letter holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import pytest
from django.test import Client

from tests.acceptance.rvig import LEIDEN, LIVE, PRODUCT, TODAY, Person, Registry
from tests.casework.conftest import LICENCE, clerk
from vliegwiel.base.errors import Conflict
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import clerks, gathering, looking, queries
from vliegwiel.casework.actions import cases, decisions, drafts
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.deskpages import CasePage, View, WorklistFilter
from vliegwiel.casework.models import PendingLetter
from vliegwiel.catalogue.actions import adopt_demo
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.facts import Gathered, Value
from vliegwiel.registers.gather import gather
from vliegwiel.trust.identity import Citizen, Level, Staff
from vliegwiel.trust.processing import seen
from vliegwiel.trust.sessions import open_session
from vliegwiel.web.request import session_cookie

# All in one process, so that the persons are loaded and asked once.
pytestmark = [pytest.mark.shared, pytest.mark.xdist_group("rvig")]
ANSWERS: Mapping[str, Sequence[str]] = {**LICENCE, "geboortedatum": ("04-05-1970",)}
DEVIATION = "De registers geven geen antwoord. Wij keken zelf naar het rijbewijs en de akte."
HOST = {"GM0546": "leiden.localhost", "GM0344": "utrecht.localhost", "GM0599": "rotterdam.localhost"}


def sample(registry: Registry) -> dict[str, tuple[Person, ...]]:
    """Persons by kind, each in one kind only."""
    taken: set[str] = set()

    def some(many: int, wanted: Callable[[Person], bool]) -> tuple[Person, ...]:
        found: list[Person] = []
        for person in registry.with_bsn:
            if len(found) < many and person.bsn not in taken and wanted(person):
                found.append(person)
                taken.add(person.bsn)
        assert found
        return tuple(found)

    return {
        "twice": some(4, lambda p: p.bsn in registry.twice),
        "dead": some(4, lambda p: p.dead),
        "minister": some(1, lambda p: p.suspended == "M"),
        "never_here": some(4, lambda p: p.suspended == "R"),
        "left": some(6, lambda p: p.suspended == "E"),
        "birth": some(6, lambda p: not p.birth_known),
        "secret_here": some(5, lambda p: p.secret and p.town in LIVE),
        "secret": some(3, lambda p: p.secret),
        "doubt": some(6, lambda p: p.in_doubt),
        "here": some(18, lambda p: p.lives_here and p.town in LIVE),
        "elsewhere": some(5, lambda p: p.lives_here and p.town not in LIVE),
    }


@dataclass
class Ran:
    """How it went for one person."""

    person: Person
    who: Citizen
    clerk: Staff
    asked: list[str] = field(default_factory=list)
    silent: tuple[str, ...] = ()
    outcome: str | None = None
    counter: str = ""
    zaak: UUID | None = None
    page: CasePage | None = None
    deviated: bool = False


@pytest.fixture(scope="module")
def connections(rvig: Registry) -> Iterator[Registers]:
    """The platform's connections to the register that holds the test persons."""
    made = rvig.registers()
    yield made
    made.close()


@pytest.fixture
def offices(db: None, clock: Callable[..., object], monkeypatch: pytest.MonkeyPatch, connections: Registers) -> None:
    """The seven municipalities at work, on the register of the test persons."""

    def ask(wanted: Sequence[str], bsn: str, purpose: str, gemeente: str, *, kenteken: str | None = None) -> Gathered:
        return gather(wanted, bsn, purpose, gemeente, kenteken=kenteken, registers_=connections)

    clock(TODAY)
    adopt_demo((PRODUCT,))
    clerks._noted.clear()
    looking._seen.clear()
    monkeypatch.setattr(gathering, "gather", ask)


def run(person: Person) -> Ran:
    """Apply as the person would, then decide as a clerk would."""
    code = person.town if person.town in LIVE else LEIDEN
    ran = Ran(person, Citizen(code, person.bsn, Level.SUBSTANTIEEL), clerk("rv", code))
    draft = drafts.start_draft(ran.who, PRODUCT)
    fill(ran, draft)
    check = queries.check_answers(ran.who, draft)
    assert check.missing == (), (person.key, check.missing)
    ran.silent = tuple(one.sentence for one in check.silent)
    ran.outcome = check.indication.outcome if check.indication else None
    try:
        ran.zaak = drafts.submit(ran.who, draft, version=check.version)
    except Conflict as error:
        ran.counter = error.sentence
        ran.zaak = cases.open_at_desk(ran.clerk, PRODUCT, person.bsn, dict(ANSWERS), channel="balie")
    if not person.birth_known and not ran.silent:
        # Asking the register again, which still does not know it, does not take away what the person said.
        cases.refresh_facts(ran.clerk, ran.zaak, version=queries.case_page(ran.clerk, ran.zaak).version)
        page = queries.case_page(ran.clerk, ran.zaak)
        (said,) = [f for group in page.groups for f in group.facts if f.datum == "persoon.geboortedatum"]
        assert (said.text, said.origin.label) == ("4 mei 1970", "eigen opgave")
    ran.page = queries.case_page(ran.clerk, ran.zaak)
    decide(ran, ran.zaak)
    return ran


def fill(ran: Ran, draft: UUID) -> None:
    """Answer every step that asks something, and note what was asked."""
    step: str | None = queries.draft_page(ran.who, draft).step.key
    while step is not None:
        shown = queries.draft_page(ran.who, draft, step)
        ran.asked += [one.key for one in shown.fields]
        typed = {one.key: ANSWERS[one.key] for one in shown.fields if one.key in ANSWERS}
        step = drafts.answer(ran.who, draft, step, typed, version=shown.version)


def decide(ran: Ran, zaak: UUID) -> None:
    """What the law says, or a reasoned deviation with a second pair of eyes where it says nothing."""
    page = queries.case_page(ran.clerk, zaak)
    choice = DecisionInput(page.version)
    if page.law is None or not page.law.outcome:
        ran.deviated = True
        with pytest.raises(Conflict):
            decisions.decide(ran.clerk, zaak, choice)
        choice = DecisionInput(page.version, outcome="weigeren", deviation=DEVIATION)
    if decisions.decide(ran.clerk, zaak, choice).waits_for_second:
        other = clerk("rv2", ran.clerk.municipality)
        decisions.confirm(other, zaak, version=queries.case_page(other, zaak).version)


def test_every_kind_of_person_comes_to_a_decision_and_is_treated_as_who_they_are(rvig: Registry, offices: None) -> None:
    kinds = sample(rvig)
    assert sum(map(len, kinds.values())) == 60, {kind: len(those) for kind, those in kinds.items()}
    ran = {kind: [run(person) for person in persons] for kind, persons in kinds.items()}
    run_waiting()
    for kind, those in ran.items():
        for one in those:
            assert one.zaak is not None
            assert one.page is not None
            status = queries.status_page(one.who, one.zaak)
            assert status.decision is not None, (kind, one.person.key)
            assert status.decision.letter is not None, (kind, one.person.key)
            if not one.deviated:
                assert any(reason.article for reason in status.decision.reasons), (kind, one.person.key)
            check_kind(kind, one)
            check_secret(one)
            assert any(not look.by_self for look in seen(one.who)), "who looked is there to be seen"
    letters_hold_what_is_right([one for those in ran.values() for one in those])
    nothing_on_the_lists_tells_where_a_secret_person_lives([*ran["secret_here"], *ran["secret"]])


def check_kind(kind: str, one: Ran) -> None:
    """What is special about each kind."""
    page = one.page
    assert page is not None
    warnings = " ".join(warning for person in page.persons for warning in person.warnings)
    texts = [reason.text for reason in page.law.reasons] if page.law else []
    if kind == "dead":
        assert one.outcome == "weigeren"
        assert "Deze persoon is overleden." in warnings
    if kind in ("left", "never_here", "minister"):
        assert one.outcome == "weigeren"
        assert any("bij de RDW (artikel 28)" in text for text in texts)
    if kind in ("left", "minister"):
        assert "niet" in warnings
    if kind != "twice":
        assert ("geboortedatum" in one.asked) == (not one.person.birth_known), one.person.key
    if kind == "twice":
        assert one.deviated
        assert "meer dan een keer" in one.silent[0]
        assert page.persons[0].name == "naam niet bekend"
        assert any("meer dan een keer" in item.sentence and item.answers for item in page.silent)
    if kind == "elsewhere":
        assert one.outcome == "weigeren"
    if kind == "doubt" and any(not fact.origin.verified for group in page.groups for fact in group.facts):
        assert "Besluit niet zonder zelf te kijken" in warnings


def check_secret(one: Ran) -> None:
    """Staff see that it is secret; the case is not found by the address."""
    assert one.page is not None
    if one.person.bsn and not one.silent:
        assert [person.secret for person in one.page.persons] == [one.person.secret], one.person.key
    warned = any("Geheimhouding" in warning for person in one.page.persons for warning in person.warnings)
    assert warned == (one.person.secret and not one.silent)


def letters_hold_what_is_right(those: Sequence[Ran]) -> None:
    """An address under investigation is on no envelope; a refusal names the article; the person's own is the only address."""
    doubtful = 0
    for one in those:
        assert one.page is not None
        with scope(one.who.municipality):
            letters: list[Mapping[str, Value]] = [
                row.letter for row in PendingLetter.objects.filter(zaak_id=one.zaak).order_by("asked")
            ]
        assert letters, one.person.key
        last = str(letters[-1])
        if not one.deviated and one.outcome == "weigeren":
            assert re.search(r"Reglement rijbewijzen, artikel \d", last), one.person.key
        assert one.person.bsn not in last, "no bsn in a letter"
        doubted = any("adres" in w for p in one.page.persons for w in p.warnings if "kijkt deze gegevens na" in w)
        envelope = letters[-1]["addressee"]
        assert isinstance(envelope, Sequence)
        if doubted:
            assert len(envelope) == 1, "nobody is written to where they may not live"
            doubtful += 1
    assert doubtful >= 2


def nothing_on_the_lists_tells_where_a_secret_person_lives(those: Sequence[Ran]) -> None:
    """Worklist, CSV and search: a name with a mark, no address."""
    for one in those:
        assert one.page is not None
        desk = Client(HTTP_HOST=HOST[one.who.municipality])
        desk.cookies[session_cookie()] = open_session(one.clerk, "")
        listed, download = "", ""
        for view in (View.ALLES, View.AFGEROND):
            listed += desk.get("/werk/", {"weergave": view.value}).content.decode()
            download += desk.get("/werk/werk.csv", {"weergave": view.value}).content.decode()
        assert "geheim" in listed
        (line,) = [line for line in download.splitlines() if line.startswith(f"{one.page.number};")]
        assert line.split(";")[3] == "ja", "the mark goes along in what is downloaded"
        for word in one.person.address_words:
            assert word not in listed
            assert word not in download
            for view in (View.ALLES, View.AFGEROND):
                found = queries.worklist(one.clerk, WorklistFilter(view=view, text=word))
                assert one.zaak not in [row.id for group in found.groups for row in group.rows], word
        page = desk.get(f"/werk/zaak/{one.zaak}/").content.decode()
        assert "geheimhouding" in page
