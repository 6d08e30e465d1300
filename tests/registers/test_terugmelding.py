"""Telling a register that a datum is wrong: in its own words, once, and kept for later when it is down."""

from __future__ import annotations

import logging
from uuid import UUID

import pytest

from tests.fixtures_simulators import RegisterSimulator
from tests.registers.conftest import asked
from vliegwiel.base.errors import Invalid
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.errors import RegisterRefused, RegisterUnavailable
from vliegwiel.registers.facts import Register
from vliegwiel.registers.needs import needs
from vliegwiel.registers.terugmelding import MAX_TEXT, make_report, send_report

NOOR, LEIDEN = "999998365", "GM0546"
TEXT = "Ik woon sinds mei op nummer 14."


@pytest.mark.parametrize(
    ("name", "register", "elements"),
    [
        ("persoon.adres.postcode", Register.BRP, ("08.11.60",)),
        ("persoon.geboortedatum", Register.BRP, ("01.03.10",)),
        ("persoon.kinderen", Register.BRP, ("09.00.00",)),
        ("persoon.geheimhouding", Register.BRP, ("07.00.00",)),
        ("adres.bouwjaar", Register.BAG, ("adresuitgebreid",)),
        ("voertuig.soort", Register.RDW, ("voertuigsoort", "inrichting")),
    ],
)
def test_a_report_names_what_is_wrong_in_the_words_of_the_register(
    name: str, register: Register, elements: tuple[str, ...]
) -> None:
    report = make_report(name, NOOR, LEIDEN, f"  {TEXT}\n")
    assert (report.register, report.rubrieken, report.toelichting) == (register, elements, TEXT)
    assert UUID(report.kenmerk).version == 7


def test_every_datum_can_be_reported_and_every_report_is_taken(connected: Registers) -> None:
    for name in needs():
        receipt = send_report(make_report(name, NOOR, LEIDEN, TEXT), registers_=connected)
        assert receipt.dossiernummer
        assert receipt.status == "in onderzoek"


def test_sending_it_twice_makes_one_file(connected: Registers) -> None:
    report = make_report("persoon.adres", NOOR, LEIDEN, TEXT)
    first, second = send_report(report, registers_=connected), send_report(report, registers_=connected)
    assert first == second
    assert first.kenmerk == report.kenmerk
    assert connected.reports.status(Register.BRP, first.dossiernummer) == first


def test_a_report_of_which_the_answer_was_lost_can_be_sent_again(
    connected: Registers, register_simulator: RegisterSimulator
) -> None:
    report = make_report("persoon.adres", NOOR, LEIDEN, TEXT)
    register_simulator.fail("/terugmelding", "truncated")
    with pytest.raises(RegisterUnavailable) as wrong:
        send_report(report, registers_=connected)
    assert wrong.value.register is Register.BRP
    register_simulator.heal()
    assert send_report(report, registers_=connected).kenmerk == report.kenmerk


def test_the_desk_of_one_register_being_down_does_not_stop_the_others(
    connected: Registers, register_simulator: RegisterSimulator
) -> None:
    register_simulator.fail("/terugmelding", "status", status=503)
    for _ in range(5):
        with pytest.raises(RegisterUnavailable):
            send_report(make_report("persoon.adres", NOOR, LEIDEN, TEXT), registers_=connected)
    register_simulator.heal()
    register_simulator.forget()
    with pytest.raises(RegisterUnavailable):
        send_report(make_report("persoon.adres", NOOR, LEIDEN, TEXT), registers_=connected)
    assert asked(register_simulator) == [], "the BRP's desk is left alone for a while"
    assert send_report(make_report("adres.bouwjaar", NOOR, LEIDEN, TEXT), registers_=connected)


def test_a_refusal_is_told_apart(connected: Registers, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail("/terugmelding", "status", status=403)
    with pytest.raises(RegisterRefused):
        send_report(make_report("persoon.adres", NOOR, LEIDEN, TEXT), registers_=connected)
    register_simulator.heal()
    for number in ("T0000000000", "../../x"):
        with pytest.raises(RegisterRefused):
            connected.reports.status(Register.BRP, number)


@pytest.mark.parametrize(
    ("name", "bsn", "text", "wrong"),
    [
        ("persoon.adres", NOOR, "   ", "toelichting"),
        ("persoon.adres", NOOR, "x" * (MAX_TEXT + 1), "toelichting"),
        ("persoon.adres", "123456789", TEXT, "bsn"),
        ("persoon.schoenmaat", NOOR, TEXT, "persoon.schoenmaat"),
    ],
)
def test_what_cannot_be_reported_is_told(name: str, bsn: str, text: str, wrong: str) -> None:
    with pytest.raises(Invalid) as told:
        make_report(name, bsn, LEIDEN, text)
    assert [param.name for param in told.value.invalid] == [wrong]


def test_a_text_of_the_greatest_length_in_any_script_is_taken(connected: Registers) -> None:
    report = make_report("persoon.adres", NOOR, LEIDEN, "é🚲" * (MAX_TEXT // 2))
    assert send_report(report, registers_=connected)


def test_what_somebody_wrote_stays_out_of_the_log(
    connected: Registers, register_simulator: RegisterSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    send_report(make_report("persoon.adres", NOOR, LEIDEN, TEXT), registers_=connected)
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert NOOR not in said
    assert "nummer 14" not in said
