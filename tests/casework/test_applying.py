"""From draft to case: nothing asked that is known, nothing typed is lost, sending twice gives one case."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from uuid import UUID

import pytest

from tests.casework.conftest import ALLOWANCE, LEIDEN, LICENCE, PARKING, RegistersSay, person
from vliegwiel.base.errors import Conflict, Invalid, NotFound, Stale
from vliegwiel.casework import queries
from vliegwiel.casework.actions import drafts
from vliegwiel.casework.lawpages import Kind, Turn
from vliegwiel.registers.facts import Register
from vliegwiel.trust.identity import Citizen, Level
from vliegwiel.trust.rights import LoginNeeded

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"


def fill_in(who: Citizen, draft: UUID, answers: Mapping[str, Sequence[str]]) -> None:
    """Answer every step that asks something, as a person would."""
    step: str | None = queries.draft_page(who, draft).step.key
    while step is not None:
        page = queries.draft_page(who, draft, step)
        # A town may ask more than the national form does: there the first choice is as good as any.
        first = {f.key: (f.choices[0].value if f.choices else "nee",) for f in page.fields if f.required}
        typed = {field.key: answers.get(field.key, first.get(field.key, ())) for field in page.fields}
        for field in page.fields:
            if field.kind == "bestand" and not field.uploads:
                drafts.add_upload(who, draft, field.key, "bewijs.pdf", io.BytesIO(PDF))
        step = drafts.answer(who, draft, step, typed, version=page.version)


def apply(who: Citizen, product: str, answers: Mapping[str, Sequence[str]]) -> UUID:
    """A whole application; the id of the case."""
    draft = drafts.start_draft(who, product)
    fill_in(who, draft, answers)
    return drafts.submit(who, draft, version=queries.check_answers(who, draft).version)


def test_what_registers_know_is_shown_and_not_asked(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    page = queries.draft_page(mila, draft)
    facts = {fact.datum: fact for group in page.groups for fact in group.facts}
    assert facts["persoon.naam"].text == "Mila Zonneveer"
    assert facts["persoon.adres"].text == "Oude Rijn 12a, 2312 HG Leiden"
    assert facts["rijbewijs.categorieen"].text == "AM, B"
    assert facts["rijbewijs.geldig_tot"].origin.label == "RDW"
    assert {item.question for item in page.not_asked} >= {"Uw naam", "Een pasfoto"}
    asked = {field.key for step in page.steps[:-1] for field in queries.draft_page(mila, draft, step.key).fields}
    assert asked == {"email", "telefoon", "spoed"}


def test_the_same_draft_is_taken_up_again(offices: RegistersSay, mila: Citizen, other: Citizen) -> None:
    first = drafts.start_draft(mila, "rijbewijs-verlengen")
    assert drafts.start_draft(mila, "rijbewijs-verlengen") == first
    assert drafts.start_draft(other, "rijbewijs-verlengen") != first
    assert [card.id for card in queries.my_cases(mila).drafts] == [first]


def test_a_weak_login_is_asked_for_a_stronger_one(offices: RegistersSay) -> None:
    with pytest.raises(LoginNeeded) as caught:
        drafts.start_draft(Citizen(LEIDEN, "999990019", Level.MIDDEN), "rijbewijs-verlengen")
    assert caught.value.needed is Level.SUBSTANTIEEL


def test_a_wrong_answer_is_refused_with_what_to_do_and_later_keeps_it(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    page = queries.draft_page(mila, draft)
    typed = {"email": ["geen adres\0"], "telefoon": [""]}
    with pytest.raises(Invalid) as caught:
        drafts.answer(mila, draft, page.step.key, typed, version=page.version)
    assert [(p.name, p.reason) for p in caught.value.invalid] == [
        ("email", "Vul een e-mailadres in, bijvoorbeeld naam@voorbeeld.nl.")
    ]
    again = queries.draft_page(mila, draft, page.step.key, typed=typed, invalid=caught.value.invalid)
    assert again.fields[0].value == "geen adres\0"
    assert again.fields[0].error
    drafts.answer(mila, draft, page.step.key, typed, version=page.version, later=True)
    assert queries.draft_page(mila, draft).fields[0].value == "geen adres"


def test_another_window_is_noticed(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    page = queries.draft_page(mila, draft)
    good = {"email": ["mila@voorbeeld.nl"], "telefoon": [""]}
    drafts.answer(mila, draft, page.step.key, good, version=page.version)
    with pytest.raises(Stale):
        drafts.answer(mila, draft, page.step.key, good, version=page.version)


def test_an_incomplete_application_cannot_be_sent(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    check = queries.check_answers(mila, draft)
    assert {m.field for m in check.missing} == {"email", "spoed"}
    with pytest.raises(Invalid):
        drafts.submit(mila, draft, version=check.version)


def test_sending_gives_a_case_and_sending_again_the_same_one(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    fill_in(mila, draft, LICENCE)
    check = queries.check_answers(mila, draft)
    assert check.missing == ()
    assert check.indication is not None
    assert check.indication.outcome == "toekennen"
    zaak = drafts.submit(mila, draft, version=check.version)
    assert drafts.submit(mila, draft, version=check.version) == zaak
    assert queries.draft_page(mila, draft).submitted_zaak == zaak
    with pytest.raises(Conflict):
        drafts.answer(mila, draft, "contact", {}, version=check.version)
    status = queries.status_page(mila, zaak)
    assert status.number.startswith("2026-")
    assert status.turn is Turn.GEMEENTE
    assert [m.state for m in status.milestones][:2] == ["done", "current"]
    assert status.term.deadline is not None
    assert status.term.deadline.isoformat() == "2027-01-19"
    assert [card.id for card in queries.my_cases(mila).running] == [zaak]


def test_nobody_reaches_the_draft_or_case_of_another(offices: RegistersSay, mila: Citizen, other: Citizen) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    draft = drafts.start_draft(mila, "bewonersparkeervergunning")
    same_bsn_elsewhere = Citizen("GM0344", mila.bsn, Level.SUBSTANTIEEL)
    for stranger in (other, same_bsn_elsewhere):
        for look in (
            lambda who=stranger: queries.status_page(who, zaak),
            lambda who=stranger: queries.draft_page(who, draft),
            lambda who=stranger: drafts.discard(who, draft),
            lambda who=stranger: drafts.submit(who, draft, version=1),
            lambda who=stranger: queries.timeline(who, zaak),
        ):
            with pytest.raises(NotFound):
                look()


def test_counter_only_is_said_before_and_cannot_be_sent(offices: RegistersSay, mila: Citizen) -> None:
    offices.data["rijbewijs.foto_goedgekeurd"] = None
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    fill_in(mila, draft, LICENCE)
    check = queries.check_answers(mila, draft)
    assert check.indication is not None
    assert check.indication.kind is Kind.WARN
    assert check.button == ""
    with pytest.raises(Conflict, match="balie"):
        drafts.submit(mila, draft, version=check.version)


def test_a_silent_register_never_stops_an_application(offices: RegistersSay, mila: Citizen) -> None:
    offices.silent = {Register.RDW}
    draft = drafts.start_draft(mila, "rijbewijs-verlengen")
    page = queries.draft_page(mila, draft)
    assert [s.register for s in page.silent] == ["RDW"]
    fill_in(mila, draft, LICENCE)
    zaak = drafts.submit(mila, draft, version=queries.check_answers(mila, draft).version)
    status = queries.status_page(mila, zaak)
    assert "RDW" in status.messages[0] or "rdw" in status.messages[0].lower()


def test_a_file_that_is_no_use_is_refused_and_others_can_be_taken_back(offices: RegistersSay, mila: Citizen) -> None:
    draft = drafts.start_draft(mila, "individuele-inkomenstoeslag")
    with pytest.raises(Invalid):
        drafts.add_upload(mila, draft, "bankafschriften", "virus.pdf", io.BytesIO(b"MZ" + b"\0" * 100))
    with pytest.raises(NotFound):
        drafts.add_upload(mila, draft, "iets_anders", "ok.pdf", io.BytesIO(PDF))
    added = drafts.add_upload(mila, draft, "bankafschriften", "ok.pdf", io.BytesIO(PDF))
    with queries.upload(mila, draft, added.id).open() as content:
        assert content.read() == PDF
    drafts.remove_upload(mila, draft, added.id)
    drafts.remove_upload(mila, draft, added.id)
    with pytest.raises(NotFound):
        queries.upload(mila, draft, added.id)


@pytest.mark.parametrize(
    ("product", "answers"),
    [
        ("rijbewijs-verlengen", LICENCE),
        ("bewonersparkeervergunning", PARKING),
        ("individuele-inkomenstoeslag", ALLOWANCE),
    ],
)
def test_each_product_can_be_applied_for(
    offices: RegistersSay, mila: Citizen, product: str, answers: Mapping[str, Sequence[str]]
) -> None:
    offices.data = person()
    zaak = apply(mila, product, answers)
    status = queries.status_page(mila, zaak)
    assert status.product == product
    assert status.answers
    assert status.timeline
