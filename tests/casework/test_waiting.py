"""Asking for more stops the clock from the next day until the answer, or the end of the days given (Awb 4:5, 4:15)."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest

from tests.casework.conftest import ALLOWANCE, LEIDEN, LICENCE, PARKING, RegistersSay
from tests.casework.test_applying import PDF, apply
from tests.casework.test_deciding import complete_all, page
from vliegwiel.base.errors import Conflict, Invalid, NotFound
from vliegwiel.base.jobs import run_waiting
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, decisions, drafts, information, registers
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.lawpages import Turn
from vliegwiel.casework.timers import guard
from vliegwiel.registers.facts import Register
from vliegwiel.trust.identity import Citizen, Staff, System

Clock = Callable[[date], object]
GUARD = System(LEIDEN, "termijnbewaking")


def ask(who: Staff, zaak: object, days: int | None = 14) -> object:
    """Ask for a proof."""
    return information.ask(
        who, zaak, version=page(who, zaak).version, title="Een bewijs", text="Stuur een kopie.", days=days
    )  # type: ignore[arg-type]


def test_the_clock_stands_still_from_the_next_day_until_the_answer(
    offices: RegistersSay, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    zaak = apply(mila, "bewonersparkeervergunning", PARKING)
    before = queries.status_page(mila, zaak).term.deadline
    assert before is not None
    question = ask(tess, zaak)
    seen = queries.status_page(mila, zaak)
    assert seen.turn is Turn.INWONER
    assert [q.id for q in seen.questions] == [question]
    assert seen.term.suspended_since == date(2026, 11, 25)
    assert seen.term.stands_until == date(2026, 12, 8)
    assert seen.term.deadline is not None
    assert (seen.term.deadline - before).days >= 14
    clock(date(2026, 12, 2))
    information.give_information(mila, zaak, question, text="Hier is het.", files=[("bewijs.pdf", io.BytesIO(PDF))])  # type: ignore[arg-type]
    after = queries.status_page(mila, zaak)
    assert after.turn is Turn.GEMEENTE
    assert after.questions == ()
    # Still from 25 November until, not including, 2 December: 7 days; 26 January is a Tuesday.
    assert after.term.deadline == date(2027, 1, 26)
    assert after.term.sentence == "8 weken na de aanvraag plus 7 dagen stilstand"
    assert any("7 dagen stil" in line.text for line in after.term.lines)
    assert any(d.sender == "inwoner" for d in after.documents)
    assert any(task.title.startswith("Antwoord") and task.may for task in page(tess, zaak).tasks)
    with pytest.raises(Conflict):
        information.give_information(mila, zaak, question, text="Nog eens.")  # type: ignore[arg-type]


def test_nobody_else_can_answer_and_nothing_is_no_answer(
    offices: RegistersSay, mila: Citizen, other: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, "bewonersparkeervergunning", PARKING)
    question = ask(tess, zaak)
    with pytest.raises(NotFound):
        information.give_information(other, zaak, question, text="Ik ben het.")  # type: ignore[arg-type]
    with pytest.raises(Invalid):
        information.give_information(mila, zaak, question, text="  ")  # type: ignore[arg-type]
    with pytest.raises(Conflict):
        ask(tess, zaak)


def test_after_the_days_given_the_case_may_be_left_untreated(
    offices: RegistersSay, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    zaak = apply(mila, "bewonersparkeervergunning", PARKING)
    ask(tess, zaak)
    with pytest.raises(Conflict, match="4:5"):
        decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version, outcome="niet_behandelen"))
    clock(date(2026, 12, 5))
    guard(GUARD)
    assert any("Herinnering" in event.text for event in queries.timeline(mila, zaak))
    clock(date(2026, 12, 9))
    guard(GUARD)
    guard(GUARD)
    lines = [event.text for event in queries.timeline(mila, zaak)]
    assert lines.count("Er kwam geen antwoord. De termijn loopt weer.") == 1
    assert page(tess, zaak).term.suspended_since is None
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version, outcome="niet_behandelen"))
    decision = queries.status_page(mila, zaak).decision
    assert decision is not None
    assert decision.title == "Niet behandeld"


def test_a_term_is_extended_once_and_told(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "individuele-inkomenstoeslag", ALLOWANCE)
    before = page(tess, zaak).term
    assert before.may_extend
    version = page(tess, zaak).version
    cases.extend_term(tess, zaak, version=version, reason="wij wachten op een advies", days=20)
    after = page(tess, zaak).term
    assert after.extended
    assert not after.may_extend
    assert before.deadline is not None
    assert after.deadline is not None
    assert after.deadline > before.deadline
    with pytest.raises(Conflict):
        cases.extend_term(tess, zaak, version=page(tess, zaak).version, reason="nog eens")
    run_waiting()
    assert any(document.title == "Ons besluit komt later" for document in queries.status_page(mila, zaak).documents)


def test_a_deadline_that_passes_is_noted_once(offices: RegistersSay, mila: Citizen, tess: Staff, clock: Clock) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    clock(date(2027, 1, 12))
    guard(GUARD)
    clock(date(2027, 1, 21))
    guard(GUARD)
    guard(GUARD)
    lines = [event.text for event in queries.timeline(tess, zaak)]
    assert sum("loopt af" in line for line in lines) == 1
    assert sum("voorbij zonder besluit" in line for line in lines) == 1
    assert page(tess, zaak).badge.text


def test_the_applicant_withdraws_until_the_decision(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    cases.withdraw(mila, zaak, version=queries.status_page(mila, zaak).version, reason="niet meer nodig")
    seen = queries.status_page(mila, zaak)
    assert seen.closed == date(2026, 11, 24)
    assert seen.badge.text == "Ingetrokken"
    run_waiting()
    assert any("ingetrokken" in document.title for document in queries.status_page(mila, zaak).documents)
    second = apply(mila, "rijbewijs-verlengen", LICENCE)
    decisions.decide(tess, second, DecisionInput(page(tess, second).version))
    with pytest.raises(Conflict):
        cases.withdraw(mila, second, version=queries.status_page(mila, second).version)


def test_what_a_silent_register_owed_comes_later_and_nothing_was_lost(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    offices.silent = {Register.RDW}
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    seen = page(tess, zaak)
    assert next(task.title for task in seen.tasks if task.state == "open") == "Gegevens ophalen"
    assert seen.law is not None
    assert seen.law.missing
    assert not seen.decide.may
    offices.silent = set()
    run_waiting()
    after = page(tess, zaak)
    assert after.law is not None
    assert after.law.outcome == "toekennen"
    assert after.silent == ()
    assert "Gegevens ophalen" not in [task.title for task in after.tasks if task.state == "open"]
    assert after.decide.may


def test_saying_that_a_datum_is_wrong_stops_nothing_and_is_shown(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    registers.report_wrong_datum(mila, "persoon.adres", "Ik woon op nummer 14.", draft=draft)
    facts = {f.datum: f for g in queries.draft_page(mila, draft).groups for f in g.facts}
    assert facts["persoon.adres"].reported is not None
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    registers.report_wrong_datum(mila, "rijbewijs.geldig_tot", "Klopt niet.", zaak=zaak)
    assert [report.datum for report in page(tess, zaak).reports] == ["rijbewijs.geldig_tot"]
    with pytest.raises(NotFound):
        registers.report_wrong_datum(mila, "iets.anders", "Hm.", zaak=zaak)


def test_drafts_that_are_not_sent_are_thrown_away(offices: RegistersSay, mila: Citizen, clock: Clock) -> None:
    draft = drafts.start_draft(mila, "individuele-inkomenstoeslag")
    added = drafts.add_upload(mila, draft, "bankafschriften", "ok.pdf", io.BytesIO(PDF))
    clock(date(2026, 12, 25))
    guard(GUARD)
    with pytest.raises(NotFound):
        queries.upload(mila, draft, added.id)
    assert drafts.start_draft(mila, "individuele-inkomenstoeslag") != draft


def test_what_was_granted_expires_by_itself(offices: RegistersSay, mila: Citizen, tess: Staff, clock: Clock) -> None:
    zaak = apply(mila, "individuele-inkomenstoeslag", ALLOWANCE)
    complete_all(tess, zaak)
    judged = {"uitzicht_op_inkomen": decisions.Judgement("nee", "Geen werk sinds jaren.")}
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version, judged))
    assert queries.status_page(mila, zaak).entitlements[0].valid_until == date(2027, 11, 24)
    clock(date(2027, 11, 25))
    guard(GUARD)
    assert queries.status_page(mila, zaak).entitlements[0].badge.text == "verlopen"
