"""A case waits for an adviser, a period or another organisation: by itself, until the answer or the end of the term."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.casework.conftest import LEIDEN, LICENCE, RegistersSay
from tests.casework.test_applying import apply
from tests.casework.test_deciding import page
from vliegwiel.base.errors import Conflict
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import citizenqueries, queries
from vliegwiel.casework.actions import decisions, drafts, information, tasks
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.lawpages import Turn
from vliegwiel.casework.models import Suspension, Zaak
from vliegwiel.casework.timers import guard
from vliegwiel.catalogue.canonical import sealed
from vliegwiel.catalogue.check.patterns import opened
from vliegwiel.catalogue.model import Basis, Resolved, Span, Timer, Unit, Wait
from vliegwiel.catalogue.resolve import pattern_of, resolve
from vliegwiel.trust.identity import Citizen, Staff, System

Clock = Callable[[date], object]
Offer = Callable[..., Resolved]
TODAY = date(2026, 11, 24)
GUARD = System(LEIDEN, "termijnbewaking")
KEY = "rijbewijs-verlengen"


@pytest.fixture
def offer(offices: RegistersSay, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Leiden offers the driving licence on the pattern `vergunning` with these openings, and with these changes to its waits."""

    def make(*slots: str, change: Callable[[Wait], Wait] = lambda wait: wait) -> Resolved:
        process = opened(pattern_of("vergunning")[0].process, slots)
        process = replace(process, waits=tuple(change(wait) for wait in process.waits))
        definition = sealed(replace(resolve(LEIDEN, KEY, TODAY), process=process, hash=""))
        for module in (drafts, citizenqueries):
            monkeypatch.setattr(module, "product_for", lambda *_, **__: definition)
        return definition

    return make


@pytest.fixture
def timed(offer: Offer, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Leiden offers the licence with more timers."""

    def make(timers: Sequence[Timer], *slots: str) -> None:
        definition = offer(*slots)
        process = replace(definition.process, timers=(*definition.process.timers, *timers))
        definition = sealed(replace(definition, process=process, hash=""))
        for module in (drafts, citizenqueries):
            monkeypatch.setattr(module, "product_for", lambda *_, **__: definition)

    return make


def tick(who: Staff, zaak: UUID, key: str) -> None:
    """Tick off the open task with this key."""
    seen = page(who, zaak)
    task = next(task for task in seen.tasks if task.key == key and task.state == "open")
    tasks.complete(who, task.id, version=seen.version)


def open_tasks(who: Staff, zaak: UUID) -> list[str]:
    return [task.key for task in page(who, zaak).tasks if task.state == "open" and not task.optional]


def decide(who: Staff, zaak: UUID, outcome: str = "") -> None:
    decisions.decide(who, zaak, DecisionInput(page(who, zaak).version, outcome=outcome))


def row(zaak: UUID) -> Zaak:
    with scope(LEIDEN):
        return Zaak.objects.get(id=zaak)


def test_a_case_waits_for_advice_and_goes_on_when_it_came(offer: Offer, mila: Citizen, tess: Staff) -> None:
    offer("advies")
    zaak = apply(mila, KEY, LICENCE)
    assert open_tasks(tess, zaak) == ["advies_vragen"]
    with pytest.raises(Conflict):
        decide(tess, zaak)
    tick(tess, zaak, "advies_vragen")
    seen = queries.status_page(mila, zaak)
    assert (seen.turn, seen.badge.text) == (Turn.DERDE, "Wachten op advies")
    assert seen.term.suspended_since is None, "the law does not let the term stand still for advice"
    assert row(zaak).next_step == "Wachten op advies"
    tick(tess, zaak, "advies")
    assert queries.status_page(mila, zaak).turn is Turn.GEMEENTE
    decide(tess, zaak)
    assert row(zaak).einddatum == TODAY


def test_advice_that_does_not_come_holds_nobody_up_and_what_then_may_be_decided_can_be(
    offer: Offer, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    offer("advies", change=lambda wait: replace(wait, after="niet_behandelen") if wait.key == "advies" else wait)
    zaak = apply(mila, KEY, LICENCE)
    tick(tess, zaak, "advies_vragen")
    clock(TODAY + timedelta(weeks=3))
    guard(GUARD)
    assert "advies" in open_tasks(tess, zaak), "the last day still counts"
    clock(TODAY + timedelta(weeks=3, days=1))
    guard(GUARD)
    guard(GUARD)
    assert open_tasks(tess, zaak) == ["besluiten"]
    lines = [event.text for event in queries.timeline(mila, zaak)]
    assert lines.count("Er kwam geen antwoord (Advies ontvangen). Wij gaan verder.") == 1
    decide(tess, zaak, "niet_behandelen")
    assert row(zaak).outcome == "niet_behandelen"


def test_what_was_granted_ends_after_the_time_to_object_and_nobody_can_shorten_it(
    offer: Offer, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    offer("bezwaartermijn")
    zaak = apply(mila, KEY, LICENCE)
    decide(tess, zaak)
    assert row(zaak).status == "bezwaar_kan_nog"
    task = next(task for task in page(tess, zaak).tasks if task.key == "bezwaartermijn")
    assert not task.may
    assert task.blocked == "Deze tijd loopt tot en met 5 januari 2027."
    with pytest.raises(Conflict, match="moet voorbijgaan"):
        tasks.complete(tess, task.id, version=page(tess, zaak).version)
    clock(TODAY + timedelta(weeks=6, days=1))
    guard(GUARD)
    assert row(zaak).einddatum == TODAY + timedelta(weeks=6, days=1)
    assert "Voorbij: Tijd voor bezwaar." in [event.text for event in queries.timeline(mila, zaak)]


def test_the_term_stands_still_only_under_an_article_and_runs_again_with_the_answer(
    offer: Offer, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    abroad = Basis("Algemene wet bestuursrecht", "4:15 lid 1, onder b", "awb")
    offer("advies", change=lambda wait: replace(wait, suspends=abroad) if wait.key == "advies" else wait)
    zaak = apply(mila, KEY, LICENCE)
    before = row(zaak).uiterlijke_einddatum_afdoening
    tick(tess, zaak, "advies_vragen")
    assert row(zaak).opschorting_indicatie
    clock(TODAY + timedelta(days=8))
    tick(tess, zaak, "advies")
    after = row(zaak)
    assert not after.opschorting_indicatie
    assert before is not None
    assert after.uiterlijke_einddatum_afdoening == before + timedelta(days=7)
    with scope(LEIDEN):
        assert Suspension.objects.get(zaak_id=zaak).ground == "4:15-1b"


def test_where_no_article_stops_the_term_a_question_does_not(offer: Offer, mila: Citizen, tess: Staff) -> None:
    offer("advies", change=lambda wait: replace(wait, suspends=None))
    zaak = apply(mila, KEY, LICENCE)
    before = row(zaak).uiterlijke_einddatum_afdoening
    question = information.ask(
        tess, zaak, version=page(tess, zaak).version, title="Een bewijs", text="Graag een kopie."
    )
    assert row(zaak).uiterlijke_einddatum_afdoening == before
    assert queries.status_page(mila, zaak).turn is Turn.INWONER
    information.give_information(mila, zaak, question, text="Hier is het.")
    lines = [event.text for event in queries.timeline(mila, zaak)]
    assert "Gevraagd: Een bewijs." in lines
    assert "Informatie ontvangen." in lines


# --- timers ------------------------------------------------------------------------------------------------------------------


def test_late_advice_is_laid_before_the_clerk_once_and_lapses_with_the_answer(
    offer: Offer, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    offer("advies")
    zaak = apply(mila, KEY, LICENCE)
    tick(tess, zaak, "advies_vragen")
    assert row(zaak).rings_on == TODAY + timedelta(weeks=2)
    clock(TODAY + timedelta(weeks=2))
    guard(GUARD)
    guard(GUARD)
    laid = [task.title for task in page(tess, zaak).tasks if task.key == "klok_advies_laat"]
    assert laid == ["Het advies is er nog niet"]
    tick(tess, zaak, "advies")
    assert open_tasks(tess, zaak) == ["besluiten"]
    assert row(zaak).rings_on is None


def test_a_timer_goes_off_on_its_day_and_not_before_and_the_applicant_gets_a_letter(
    timed: Callable[..., None], mila: Citizen, tess: Staff, clock: Clock
) -> None:
    days = Unit.DAGEN
    timed(
        (
            Timer("bel", "Bel even", "status", Span(2, days), "herinneren", "behandelaar", what="in_behandeling"),
            Timer("traag", "Er gebeurt niets", "ontvangst", Span(3, days), "escaleren", "behandelaar"),
            Timer("nog", "Herinnering", "ontvangst", Span(5, days), "herinneren", "aanvrager", text="herinnering"),
            Timer("bijna", "Bijna te laat", "beslistermijn", Span(50, days), "escaleren", "beslisser"),
        )
    )
    zaak = apply(mila, KEY, LICENCE)
    for day, laid in (
        (1, set()), (2, {"klok_bel"}), (3, {"klok_bel", "klok_traag"}), (6, {"klok_bel", "klok_traag"}),
        (49, {"klok_bel", "klok_traag"}), (50, {"klok_bel", "klok_traag", "klok_bijna"}),
    ):  # fmt: skip
        clock(TODAY + timedelta(days=day))
        guard(GUARD)
        guard(GUARD)
        assert {key for key in open_tasks(tess, zaak) if key.startswith("klok_")} == laid, day
    lines = [event.text for event in queries.timeline(mila, zaak)]
    assert lines.count("Herinnering gestuurd.") == 1
    assert len(row(zaak).rung) == 4


def test_a_timer_closes_a_decided_case_and_what_was_laid_before_the_clerk_goes_with_it(
    timed: Callable[..., None], mila: Citizen, tess: Staff, clock: Clock
) -> None:
    timed(
        [Timer("dicht", "Niemand kwam", "besluit", Span(2, Unit.WEKEN), "afsluiten", "behandelaar")], "bezwaartermijn"
    )
    zaak = apply(mila, KEY, LICENCE)
    decide(tess, zaak)
    clock(TODAY + timedelta(weeks=2))
    guard(GUARD)
    assert row(zaak).einddatum == TODAY + timedelta(weeks=2)
    assert open_tasks(tess, zaak) == []


def test_a_term_counts_from_the_day_that_the_law_gives(
    offer: Offer, mila: Citizen, tess: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = offer()
    terms = replace(definition.terms, begins="geldig_tot")
    definition = sealed(replace(definition, terms=terms, hash=""))
    for module in (drafts, citizenqueries):
        monkeypatch.setattr(module, "product_for", lambda *_, **__: definition)
    zaak = apply(mila, KEY, LICENCE)
    seen = row(zaak)
    assert seen.term_from is not None
    assert seen.term_from > TODAY + timedelta(days=3000)
    assert seen.uiterlijke_einddatum_afdoening is not None
    assert timedelta(weeks=8) <= seen.uiterlijke_einddatum_afdoening - seen.term_from < timedelta(weeks=9)
    assert "De termijn begint na" in queries.status_page(mila, zaak).term.lines[0].text
