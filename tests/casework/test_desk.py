"""At the desk: open a case for somebody, do its tasks, and nothing hostile in a filter or a name makes a page stumble."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.casework.conftest import BSN, LEIDEN, LICENCE, PARKING, RegistersSay, clerk
from tests.casework.test_applying import PDF, apply
from tests.casework.test_deciding import complete_all, page, typed_for
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, decisions, documents, drafts, notes, tasks, views
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.deskpages import View, WorklistFilter
from vliegwiel.casework.timers import guard
from vliegwiel.registers.facts import Register
from vliegwiel.trust import processing
from vliegwiel.trust.identity import Citizen, Role, Staff, System

Clock = Callable[[date], object]


def test_a_clerk_opens_a_case_for_somebody_at_the_counter(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    offices.data["rijbewijs.foto_goedgekeurd"] = None
    zaak = cases.open_at_desk(tess, "rijbewijs-verlengen", BSN, LICENCE)
    seen = page(tess, zaak)
    assert seen.law is not None
    assert seen.law.outcome == "toekennen"
    assert seen.timeline[-1].text.startswith("Aangevraagd aan de balie")
    assert queries.status_page(mila, zaak).number == seen.number
    with pytest.raises(Invalid) as caught:
        cases.open_at_desk(tess, "rijbewijs-verlengen", BSN, {"email": ["geen adres"]})
    assert {param.name for param in caught.value.invalid} == {"email", "spoed"}
    with pytest.raises(Invalid):
        cases.open_at_desk(tess, "rijbewijs-verlengen", "123456789", LICENCE)
    with pytest.raises(Forbidden):
        cases.open_at_desk(clerk("ver", "GM0344"), "rijbewijs-verlengen", BSN, LICENCE, municipality=LEIDEN)
    with pytest.raises(NotFound):
        cases.open_at_desk(tess, "vliegbrevet", BSN, LICENCE)


def test_what_a_clerk_fills_in_counts_as_fact_for_the_law(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "bewonersparkeervergunning", PARKING)
    task = next(task for task in page(tess, zaak).tasks if task.fields and task.may)
    with pytest.raises(Invalid) as caught:
        tasks.complete(tess, task.id, version=page(tess, zaak).version, typed={})
    assert {param.name for param in caught.value.invalid} <= {field.key for field in task.fields}
    tasks.complete(tess, task.id, version=page(tess, zaak).version, typed=typed_for(task))
    seen = page(tess, zaak)
    own = next(group for group in seen.groups if group.title == "Ingevuld door de medewerker")
    assert {fact.datum for fact in own.facts} <= {field.key for field in task.fields}
    assert own.facts
    with pytest.raises(Conflict):
        tasks.complete(tess, task.id, version=seen.version, typed=typed_for(task))


def test_after_the_decision_what_comes_next_is_due_and_the_term_is_over(
    offices: RegistersSay, mila: Citizen, tess: Staff, clock: Clock
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    row = queries.worklist(tess, WorklistFilter(view=View.ALLES)).groups[0].rows[0]
    assert row.next_step == "Laten maken en klaarzetten"
    assert row.deadline == date(2026, 12, 1)
    assert page(tess, zaak).term.badge.text == "besloten"
    tasks.complete(tess, next(t.id for t in page(tess, zaak).tasks if t.may), version=page(tess, zaak).version)
    clock(date(2027, 2, 20))
    guard(System(LEIDEN, "termijnbewaking"))
    assert page(tess, zaak).closed is None
    clock(date(2027, 2, 26))
    guard(System(LEIDEN, "termijnbewaking"))
    seen = page(tess, zaak)
    assert seen.closed == date(2027, 2, 26)
    assert not any("zonder besluit" in event.text for event in seen.timeline)
    assert complete_all(tess, zaak) is None


def test_an_application_that_is_taken_up_later_asks_the_registers_again(
    offices: RegistersSay, mila: Citizen, clock: Clock
) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    asked = len(offices.asked)
    assert drafts.start_draft(mila, "rijbewijs-verlengen") == draft
    assert len(offices.asked) == asked
    clock(date(2026, 11, 28))
    offices.data["persoon.naam"] = "Mila Anders"
    assert drafts.start_draft(mila, "rijbewijs-verlengen") == draft
    facts = {f.datum: f.text for group in queries.draft_page(mila, draft).groups for f in group.facts}
    assert facts["persoon.naam"] == "Mila Anders"
    offices.silent = {Register.BRP, Register.RDW}
    clock(date(2026, 12, 4))
    assert drafts.start_draft(mila, "rijbewijs-verlengen") == draft
    facts = {f.datum: f.text for group in queries.draft_page(mila, draft).groups for f in group.facts}
    assert facts["persoon.naam"] == "Mila Anders"


def test_everybody_named_in_a_case_hears_that_it_was_opened(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    child = {"bsn": "999990020", "naam": "Sam", "relatie": "kind", "geboortedatum": date(2015, 2, 1), "leeftijd": 11}
    offices.data["persoon.gezin_op_adres"] = (child,)
    zaak = cases.open_at_desk(
        tess, "verhuizing-doorgeven", BSN,
        {"verhuisdatum": ["2026-11-23"], "nieuw_adres": ["2312HG", "14", "", ""], "nieuw_in_gemeente": ["ja"],
         "woonvorm": ["huur"], "email": ["mila@voorbeeld.nl"]},
    )  # fmt: skip
    queries.case_page(tess, zaak)
    told = processing.seen(Citizen(LEIDEN, "999990020", mila.level))
    assert any(line.reason == "om deze zaak te behandelen" and line.zaak_id == zaak for line in told)


def test_a_municipality_s_own_staff_may_do_what_their_role_allows(offices: RegistersSay, mila: Citizen) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    privacy = clerk("priv", LEIDEN, Role.PRIVACY_OFFICER)
    with pytest.raises((Forbidden, NotFound)):
        notes.add(privacy, zaak, "Gezien.")
    with pytest.raises((Forbidden, NotFound)):
        documents.add(privacy, zaak, "x", "x.pdf", io.BytesIO(PDF))


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_typed_in_a_filter_gives_a_page(offices: RegistersSay, tess: Staff, text: str) -> None:
    wanted = WorklistFilter(view=View.ALLES, text=text, product=text, municipality=text, phase=text, team=text, page=-7)
    assert queries.worklist(tess, wanted).total == 0
    assert list(queries.worklist_rows(tess, wanted)) == []
    with contextlib.suppress(Invalid, Conflict):
        views.remove(tess, views.save(tess, text, wanted))
