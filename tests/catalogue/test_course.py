"""The course of a case follows from its state and its definition, and from nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.catalogue.course import CaseState, course
from vliegwiel.catalogue.model import STATE, Process
from vliegwiel.catalogue.paths import paths
from vliegwiel.catalogue.resolve import library, resolve

TODAY = date(2026, 11, 24)
LICENCE = resolve("GM0546", "rijbewijs-verlengen", TODAY).process
SUPPLEMENT = resolve("GM0546", "individuele-inkomenstoeslag", TODAY).process
PERMIT = resolve("GM0546", "bewonersparkeervergunning", TODAY).process
MOVE = resolve("GM0546", "verhuizing-doorgeven", TODAY).process


def test_the_state_holds_exactly_the_names_that_conditions_may_use() -> None:
    assert set(CaseState().names()) == set(STATE)


def test_a_licence_runs_from_receipt_to_the_counter() -> None:
    state = CaseState(uitkomst="toekennen")
    at = course(LICENCE, state)
    assert (at.phase, at.status, at.tasks, at.passed) == (
        "behandeling",
        "in_behandeling",
        ("besluiten",),
        ("ontvangst",),
    )
    state = replace(state, besluit="toekennen", toegekend=True)
    at = course(LICENCE, state)
    assert (at.phase, at.status, at.tasks) == ("uitreiking", "wordt_gemaakt", ("klaarzetten",))
    state = replace(state, gedaan=("klaarzetten",))
    at = course(LICENCE, state)
    assert (at.status, at.tasks, at.finished) == ("ligt_klaar", ("uitreiken",), ("klaarzetten",))
    at = course(LICENCE, replace(state, gedaan=("klaarzetten", "uitreiken")))
    assert (at.phase, at.status, at.ended, at.tasks) == ("einde", "afgehandeld", True, ())
    assert at.passed == ("ontvangst", "behandeling", "uitreiking")


def test_a_refusal_or_withdrawal_skips_making_and_handing_out() -> None:
    for state in (CaseState(besluit="weigeren"), CaseState(ingetrokken=True)):
        at = course(LICENCE, state)
        assert at.ended
        assert "uitreiking" not in at.passed


def test_waiting_for_the_citizen_shows_as_a_status_and_ends_with_the_answer() -> None:
    at = course(SUPPLEMENT, CaseState(compleet=False, wacht="aanvulling"))
    assert (at.status, at.tasks) == ("meer_informatie", ("aanvullen", "besluiten"))
    at = course(SUPPLEMENT, CaseState())
    assert at.status == "in_behandeling"
    assert "nakijken" in at.tasks
    assert at.optional == ("gesprek",)


def test_an_optional_task_may_be_repeated() -> None:
    at = course(SUPPLEMENT, CaseState(gedaan=("nakijken", "gesprek")))
    assert at.optional == ("gesprek",)
    assert at.tasks == ("besluiten",)


def test_a_granted_supplement_is_paid_before_it_ends() -> None:
    at = course(SUPPLEMENT, CaseState(besluit="toekennen", toegekend=True))
    assert (at.phase, at.tasks) == ("betaling", ("uitbetalen",))


@pytest.mark.parametrize(
    "process", [LICENCE, SUPPLEMENT, PERMIT, MOVE], ids=["licence", "supplement", "permit", "move"]
)
def test_every_task_can_come_up_and_every_path_ends(process: Process) -> None:
    found = paths(process, (("toekennen", True), ("weigeren", False)), ("internet", "balie"))
    assert found.whole
    assert found.stuck is None
    assert found.tasks == {task.key for task in process.tasks}
    assert found.phases == {phase.key for phase in process.phases}


states = st.builds(
    CaseState,
    kanaal=st.sampled_from(["internet", "balie", "fax"]),
    uitkomst=st.sampled_from([None, "toekennen", "weigeren"]),
    oordeel_nodig=st.booleans(),
    automatisch=st.booleans(),
    compleet=st.booleans(),
    wacht=st.sampled_from([None, "aanvulling", "x"]),
    besluit=st.sampled_from([None, "toekennen", "weigeren", "niet_behandelen"]),
    toegekend=st.booleans(),
    gedaan=st.lists(st.sampled_from(["klaarzetten", "uitreiken", "nakijken", "uitbetalen", "y"])).map(tuple),
    verlopen=st.lists(st.sampled_from(["advies", "y"]), max_size=2).map(tuple),
    ingetrokken=st.booleans(),
)


@given(state=states)
def test_every_state_has_a_phase_and_a_status(state: CaseState) -> None:
    for process in (LICENCE, SUPPLEMENT, PERMIT, MOVE):
        at = course(process, state)
        assert at.status in {status.key for status in process.statuses}
        assert at.ended == (at.phase == process.phases[-1].key)
        assert not set(at.tasks) & set(at.optional)


def test_all_products_of_all_municipalities_have_a_final_status() -> None:
    for municipality in library().municipalities():
        for key in library().variants_of(municipality):
            process = resolve(municipality, key, TODAY).process
            assert process.statuses[-1].final
