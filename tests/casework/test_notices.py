"""Who has a case hears that there is news; the e-mail says nothing about what the case is about."""

from __future__ import annotations

from uuid import UUID

from django.core.mail import EmailMessage
from pytest_django.fixtures import Settings

from tests.casework.conftest import LEIDEN, LICENCE, RegistersSay
from tests.casework.test_applying import apply
from tests.casework.test_deciding import complete_all, page
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.queries import address_of
from vliegwiel.base.tenancy import scope
from vliegwiel.casework import typesetting
from vliegwiel.casework.actions import cases, decisions, information, notes
from vliegwiel.casework.actions.decisions import DecisionInput
from vliegwiel.casework.models import PendingLetter
from vliegwiel.trust import processing
from vliegwiel.trust.identity import Citizen, Staff, System


def subjects(mailoutbox: list[EmailMessage]) -> list[str]:
    return [mail.subject.partition(" (")[0] for mail in mailoutbox]


def test_receipt_question_decision_and_withdrawal_are_told_and_notes_are_not(
    offices: RegistersSay, mila: Citizen, tess: Staff, mailoutbox: list[EmailMessage]
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    run_waiting()
    assert subjects(mailoutbox) == ["Wij hebben uw aanvraag ontvangen"]
    assert mailoutbox[0].to == list(LICENCE["email"])
    notes.add(tess, zaak, "Iets voor onszelf.")
    run_waiting()
    assert len(mailoutbox) == 1, "a note is not for the citizen"
    information.ask(tess, zaak, version=page(tess, zaak).version, title="Een bewijs", text="Stuur het.", days=14)
    run_waiting()
    assert "Wij hebben iets van u nodig" in mailoutbox[-1].body
    cases.withdraw(mila, zaak, version=page(tess, zaak).version)
    run_waiting()
    assert subjects(mailoutbox) == ["Wij hebben uw aanvraag ontvangen", *["Er is nieuws over uw zaak"] * 2]


def test_a_decision_is_told_once_its_letter_can_be_read(
    offices: RegistersSay, mila: Citizen, tess: Staff, mailoutbox: list[EmailMessage]
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    complete_all(tess, zaak)
    run_waiting()
    before = len(mailoutbox)
    decisions.decide(tess, zaak, DecisionInput(page(tess, zaak).version))
    run_waiting(limit=1)
    assert len(mailoutbox) == before
    run_waiting()
    assert len(mailoutbox) == before + 1
    with scope(LEIDEN):
        letter = PendingLetter.objects.get(zaak_id=zaak)
    assert letter.made is not None
    typesetting.make(System(LEIDEN, "brieven maken"), letter.id)
    run_waiting()
    assert len(mailoutbox) == before + 1, "a letter that is made again is no news"


def test_the_email_says_nothing_a_stranger_may_not_read(
    offices: RegistersSay, mila: Citizen, mailoutbox: list[EmailMessage]
) -> None:
    apply(mila, "rijbewijs-verlengen", LICENCE)
    run_waiting()
    text = mailoutbox[0].subject + mailoutbox[0].body
    for secret in ("rijbewijs", "Mila", "Zonneveer", "999990019", "Oude Rijn"):
        assert secret.lower() not in text.lower()
    assert address_of("leiden", "/mijn/") in text


def test_the_same_event_has_the_same_message_id_and_another_another(
    offices: RegistersSay, mila: Citizen, tess: Staff, mailoutbox: list[EmailMessage]
) -> None:
    zaak = apply(mila, "rijbewijs-verlengen", LICENCE)
    cases.withdraw(mila, zaak, version=page(tess, zaak).version)
    run_waiting()
    ids = [str(mail.message()["Message-ID"]) for mail in mailoutbox]
    assert len(set(ids)) == len(ids) == 2
    assert all(str(UUID(one[1:].partition("@")[0])) in one for one in ids)


def test_using_the_address_is_seen_by_whose_it_is(
    offices: RegistersSay, mila: Citizen, mailoutbox: list[EmailMessage]
) -> None:
    apply(mila, "rijbewijs-verlengen", LICENCE)
    run_waiting()
    assert mailoutbox
    assert any("e-mailadres" in seen.data and "berichten" in seen.reason for seen in processing.seen(mila))


def test_an_address_is_written_as_a_browser_needs_it(settings: Settings) -> None:
    settings.SECURE, settings.PORT, settings.BASE_DOMAIN = False, 8000, "localhost"
    assert address_of("leiden") == "http://leiden.localhost:8000/"
    settings.SECURE, settings.BASE_DOMAIN = True, "voorbeeld.nl"
    assert address_of("leiden", "/mijn/") == "https://leiden.voorbeeld.nl/mijn/"
