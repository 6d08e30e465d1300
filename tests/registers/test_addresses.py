"""Looking up an address that somebody types."""

from __future__ import annotations

import logging

import pytest

from tests.fixtures_simulators import RegisterSimulator
from tests.registers.conftest import asked
from vliegwiel.base.errors import Invalid
from vliegwiel.registers.addresses import Address, find_addresses
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.errors import RegisterUnavailable


def find(connected: Registers, postcode: str, number: int, letter: str = "", addition: str = "") -> tuple[Address, ...]:
    return find_addresses(
        postcode, number, letter, addition, purpose="verhuizen", gemeente="GM0546", registers_=connected
    )


@pytest.mark.parametrize("postcode", ["2313QD", "2313 QD", "2313 qd", " 2313qd "])
def test_an_address_is_found_however_the_postcode_is_written(connected: Registers, postcode: str) -> None:
    (home,) = find(connected, postcode, 41)
    assert home.line == "Nieuwe Blekerij 41, 2313 QD Leiden"
    assert (home.gemeente, home.gemeente_name, home.is_home) == ("GM0546", "Leiden", True)
    assert home.adresseerbaar_object
    assert home.nummeraanduiding


@pytest.mark.parametrize(
    ("postcode", "number", "letter", "addition", "line"),
    [
        ("2311QB", 9, "A", "", "Lakenwevershof 9 A, 2311 QB Leiden"),
        ("2311QB", 3, "", "2", "Lakenwevershof 3-2, 2311 QB Leiden"),
        ("3511QA", 2, "", "bis", "Kroonlampsteeg 2 bis, 3511 QA Utrecht"),
    ],
)
def test_letter_and_addition_pick_one_home(
    connected: Registers, postcode: str, number: int, letter: str, addition: str, line: str
) -> None:
    (home,) = find(connected, postcode, number, letter, addition)
    assert home.line == line
    assert find(connected, postcode, number, "Z") == ()


def test_a_village_belongs_to_its_municipality(connected: Registers) -> None:
    (home,) = find(connected, "5244QC", 9)
    assert (home.place, home.gemeente) == ("Rosmalen", "GM0796")


def test_an_office_is_no_home(connected: Registers) -> None:
    (office,) = find(connected, "2312QE", 5)
    assert office.is_home is False


def test_an_address_that_does_not_exist_gives_nothing(connected: Registers) -> None:
    assert find(connected, "9999ZZ", 1) == ()


@pytest.mark.parametrize(
    ("postcode", "number", "letter", "addition", "names"),
    [
        ("", 1, "", "", ["postcode"]),
        ("0123AB", 1, "", "", ["postcode"]),
        ("2313QD&x=1", 1, "", "", ["postcode"]),
        ("２３１３QD", 1, "", "", ["postcode"]),
        ("2313QD", 0, "", "", ["huisnummer"]),
        ("2313QD", 100_000, "", "", ["huisnummer"]),
        ("2313QD", 1, "AB", "", ["huisletter"]),
        ("2313QD", 1, "é", "", ["huisletter"]),
        ("x", -1, "?", "'; --", ["postcode", "huisnummer", "huisletter", "toevoeging"]),
    ],
)
def test_what_can_be_no_address_is_never_sent_and_all_of_it_is_told(
    connected: Registers,
    register_simulator: RegisterSimulator,
    postcode: str,
    number: int,
    letter: str,
    addition: str,
    names: list[str],
) -> None:
    with pytest.raises(Invalid) as wrong:
        find(connected, postcode, number, letter, addition)
    assert [param.name for param in wrong.value.invalid] == names
    assert asked(register_simulator) == []


def test_a_bag_that_is_down_is_told(connected: Registers, register_simulator: RegisterSimulator) -> None:
    register_simulator.fail("/lvbag", "status", status=503)
    with pytest.raises(RegisterUnavailable):
        find(connected, "2313QD", 41)


def test_the_address_stays_out_of_the_log(connected: Registers, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    find(connected, "2313QD", 41)
    said = " ".join(str(vars(record)) for record in caplog.records)
    assert "2313QD" not in said
    assert "Blekerij" not in said
