"""The law gives the outcome, a person confirms it with reasons, deviates only with a reason and a second pair of eyes."""

from __future__ import annotations

import io
from datetime import date
from uuid import UUID

import pikepdf
import pytest

from tests.casework.conftest import ALLOWANCE, LEIDEN, LICENCE, RegistersSay, clerk
from tests.casework.test_applying import PDF, apply
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import queries
from vliegwiel.casework.actions import cases, decisions, documents, notes, tasks
from vliegwiel.casework.actions.decisions import DecisionInput, Judgement
from vliegwiel.casework.deskpages import CasePage, TaskView
from vliegwiel.casework.models import Besluit, Resultaat, Zaak
from vliegwiel.trust.identity import Citizen, Role, Staff

NO_PROSPECT = {"uitzicht_op_inkomen": Judgement("nee", "U hebt al lang geen werk en doet er genoeg aan.")}


def page(who: Staff, zaak: UUID) -> CasePage:
    """The case as the clerk sees it."""
    return queries.case_page(who, zaak)


def typed_for(task: TaskView) -> dict[str, tuple[str, ...]]:
    """Something good for each question of a task."""
    good = {"geld": "510", "getal": "1", "datum": "2026-11-24"}
    return {f.key: (f.choices[0].value if f.choices else good.get(f.kind, "nee"),) for f in task.fields}


def complete_all(who: Staff, zaak: UUID) -> None:
    """Tick off everything that is done by hand."""
    for task in page(who, zaak).tasks:
        if task.may and not task.optional:
            tasks.complete(
                who,
                task.id,
                version=page(who, zaak).version,
                typed={f.key: ("510" if f.kind == "geld" else "nee",) for f in task.fields},
            )


def test_the_clerk_sees_what_the_law_says_on_which_facts(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    seen = page(tess, zaak)
    assert seen.law is not None
    assert seen.law.outcome == "toekennen"
    assert seen.law.tree
    assert seen.law.reasons
    assert seen.decide.may, seen.decide.why_not
    assert seen.persons[0].name == "Mila Zonneveer"
    assert seen.open_tasks == 1


def test_a_confirmed_decision_gives_besluit_letter_right_and_next_phase(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    preview = queries.letter_preview(tess, zaak, DecisionInput(1))
    assert preview.objection_until == date(2027, 1, 5)
    taken = decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    assert taken.besluit is not None
    status = queries.status_page(mila, zaak)
    assert status.decision is not None
    assert status.decision.letter is None
    assert "wordt gemaakt" in status.decision.letter_sentence
    run_waiting()
    status = queries.status_page(mila, zaak)
    assert status.decision is not None
    assert status.decision.letter is not None
    assert status.decision.reasons
    assert status.decision.objection_until == date(2027, 1, 5)
    assert status.entitlements[0].title == "Rijbewijs"
    with queries.document(mila, status.decision.letter.id).open() as content:
        pdf = pikepdf.open(io.BytesIO(content.read()))
    with pdf.open_metadata() as meta:
        assert meta["pdfaid:part"] == "2"
    assert page(tess, zaak).phases[2].state == "current"


def test_the_case_ends_with_result_and_archive_date_when_all_is_done(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    complete_all(tess, zaak)
    assert queries.status_page(mila, zaak).todo[0].title == "Ligt klaar"
    complete_all(tess, zaak)
    with scope(LEIDEN):
        row = Zaak.objects.get(id=zaak)
        assert row.einddatum == date(2026, 11, 24)
        assert row.archiefnominatie == "vernietigen"
        assert Resultaat.objects.get(zaak_id=zaak).selectielijst == "5.1.6"
    with pytest.raises(Conflict):
        decisions.decide(tess, zaak, DecisionInput(row.version))


def test_a_judgement_needs_an_answer_and_a_reason(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "individuele-inkomenstoeslag", ALLOWANCE)
    complete_all(tess, zaak)
    seen = page(tess, zaak)
    assert [j.key for j in seen.decide.judgements] == ["uitzicht_op_inkomen"]
    assert seen.decide.judgements[0].choices[0].hint.startswith("Wet: afgewezen")
    with pytest.raises(Invalid) as caught:
        decisions.decide(tess, zaak, DecisionInput(seen.version))
    assert [p.name for p in caught.value.invalid] == ["oordeel:uitzicht_op_inkomen"]
    with pytest.raises(Invalid) as caught:
        decisions.decide(tess, zaak, DecisionInput(seen.version, {"uitzicht_op_inkomen": Judgement("nee", " ")}))
    assert [p.name for p in caught.value.invalid] == ["reden:uitzicht_op_inkomen"]
    decided = decisions.decide(tess, zaak, DecisionInput(seen.version, NO_PROSPECT))
    if decided.waits_for_second:
        decisions.confirm(clerk("berk"), zaak, version=page(tess, zaak).version)
    decision = queries.status_page(mila, zaak).decision
    assert decision is not None
    assert decision.title == "Toegekend"
    assert any("doet er genoeg aan" in reason.text for reason in decision.reasons)
    assert decision.amounts


def test_deviating_needs_a_reason_and_a_second_person(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    version = page(tess, zaak).version
    with pytest.raises(Invalid) as caught:
        decisions.decide(tess, zaak, DecisionInput(version, outcome="weigeren"))
    assert caught.value.invalid[0].name == "afwijking"
    reason = "De foto lijkt niet op de aanvrager; dat moet eerst worden uitgezocht."
    proposed = decisions.decide(tess, zaak, DecisionInput(version, outcome="weigeren", deviation=reason))
    assert proposed.waits_for_second
    assert queries.proposal_preview(clerk("berk"), zaak).deviation
    seen = page(tess, zaak)
    assert seen.decide.proposal is not None
    assert not seen.decide.proposal.may_confirm
    with pytest.raises(Forbidden):
        decisions.confirm(tess, zaak, version=seen.version)
    with pytest.raises(Conflict):
        decisions.decide(tess, zaak, DecisionInput(seen.version))
    decisions.send_back(clerk("berk"), zaak, version=seen.version, reason="Vraag eerst een nieuwe foto.")
    again = decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version, outcome="weigeren", deviation=reason))
    assert again.waits_for_second
    decisions.confirm(clerk("berk"), zaak, version=page(tess, zaak).version)
    with scope(LEIDEN):
        row = Besluit.objects.get(zaak_id=zaak)
        assert (row.decided_by, row.second_by, row.deviation) == ("tess", "berk", reason)
    decision = queries.status_page(mila, zaak).decision
    assert decision is not None
    assert decision.deviates == reason


def test_of_two_clerks_the_second_hears_who_was_first(offices: RegistersSay, mila: Citizen, tess: Staff) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    version = page(tess, zaak).version
    tasks.take_on(clerk("berk"), zaak, version=version)
    with pytest.raises(Stale, match=r"K\. Berk was eerder: vandaag om 12\.00 uur"):
        decisions.decide(tess, zaak, DecisionInput(version))


def test_staff_of_another_municipality_or_without_the_right_see_nothing(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    stranger = clerk("ver", "GM0344")
    keeper = clerk("beheer", LEIDEN, Role.FUNCTIONEEL_BEHEERDER)
    for who in (stranger, keeper):
        for act in (
            lambda who=who: queries.case_page(who, zaak),
            lambda who=who: decisions.decide(who, zaak, DecisionInput(1)),
            lambda who=who: notes.add(who, zaak, "hoi"),
            lambda who=who: cases.withdraw(who, zaak, version=1),
            lambda who=who: documents.add(who, zaak, "x", "x.pdf", io.BytesIO(PDF)),
            lambda who=who: tasks.take_on(who, zaak, version=1),
            lambda who=who: queries.timeline(who, zaak),
        ):
            with pytest.raises((NotFound, Forbidden)):
                act()
    assert page(tess, zaak).version == 1


def test_a_reopened_case_is_decided_anew_and_the_old_decision_is_replaced(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    offices.data["persoon.geboortedatum"] = date(1950, 2, 1)
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    assert page(tess, zaak).closed is not None
    cases.reopen(tess, zaak, version=page(tess, zaak).version, reason="Er kwam een verklaring van het CBR.")
    with scope(LEIDEN):
        assert not Resultaat.objects.filter(zaak_id=zaak).exists()
        assert Zaak.objects.get(id=zaak).archiefactiedatum is None
    offices.data["rijbewijs.verklaring_geschiktheid"] = date(2026, 11, 20)
    cases.refresh_facts(tess, zaak, version=page(tess, zaak).version)
    seen = page(tess, zaak)
    assert seen.law is not None
    assert seen.law.outcome == "toekennen"
    decisions.decide(tess, zaak, DecisionInput(seen.version))
    with scope(LEIDEN):
        rows = list(Besluit.objects.filter(zaak_id=zaak).order_by("decided_at"))
        assert [row.vervalreden for row in rows] == ["ingetrokken_overheid", ""]
    assert queries.status_page(mila, zaak).decision.title == "Verlengd"  # type: ignore[union-attr]


def test_what_the_register_doubts_is_shown_and_never_decided_by_the_computer(
    offices: RegistersSay, mila: Citizen, tess: Staff
) -> None:
    offices.doubt = {"persoon.adres"}
    offices.data["persoon.geheimhouding"] = True
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    seen = page(tess, zaak)
    assert any("kijkt deze gegevens na" in warning for warning in seen.persons[0].warnings)
    assert seen.persons[0].secret
    assert seen.closed is None
