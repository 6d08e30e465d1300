"""The list of what can be looked up: complete, readable, minimal, and in words for people."""

from __future__ import annotations

import re
from importlib import resources

import pytest
import yaml

from tests.fixtures_simulators import RegisterSimulator
from vliegwiel.base.errors import Invalid
from vliegwiel.registers.facts import Register
from vliegwiel.registers.gather import readable
from vliegwiel.registers.needs import find_needs, needs, register_texts

RDW = yaml.safe_load(resources.files("vliegwiel.simulators.registers.rdw").joinpath("openapi.yaml").read_text())


def test_the_list_holds_exactly_what_can_be_read() -> None:
    assert set(needs()) == set(readable())


def test_every_field_that_is_asked_is_one_the_brp_gives(register_simulator: RegisterSimulator) -> None:
    def refused(kind: str, fields: tuple[str, ...], **subject: object) -> bool:
        answer = register_simulator.client.post(
            f"{register_simulator.brp_url}/personen",
            json={"type": kind, "fields": list(fields), **subject},
            headers={"X-API-KEY": register_simulator.key},
        )
        return answer.status_code != 200

    of_brp = [need for need in needs().values() if need.register is Register.BRP]
    wrong = [
        need.name
        for need in of_brp
        if (need.asks and refused("RaadpleegMetBurgerservicenummer", need.asks, burgerservicenummer=["999998365"]))
        or (
            need.asks_residents
            and refused(
                "ZoekMetAdresseerbaarObjectIdentificatie",
                need.asks_residents,
                adresseerbaarObjectIdentificatie="0546010000000001",
            )
        )
    ]
    assert wrong == []


@pytest.mark.parametrize(("question", "vehicle"), [("RijbewijsVraag", False), ("VoertuigVraag", True)])
def test_every_field_that_is_asked_is_one_the_rdw_gives(question: str, vehicle: bool) -> None:
    allowed = set(RDW["components"]["schemas"][question]["properties"]["velden"]["items"]["enum"])
    asked = {f for n in needs().values() if n.register is Register.RDW and n.of_vehicle is vehicle for f in n.asks}
    assert asked <= allowed


@pytest.mark.parametrize("need", needs().values(), ids=lambda need: need.name)
def test_every_datum_says_for_people_what_it_is_and_when_it_is_right_to_ask(need: object) -> None:
    (found,) = find_needs([need.name])
    assert re.fullmatch(r"[A-Z][^.?!]{3,70}", found.label), "a short phrase that starts with a capital"
    assert re.fullmatch(r"[a-z].{10,110}", found.purpose_note)
    assert re.fullmatch(r"(persoon|adres|rijbewijs|voertuig)(\.[a-z][a-z0-9_]*)+", found.name)
    assert bool(found.options) == (found.kind == "keuze")
    assert bool(found.parts) == (found.kind in {"groep", "lijst"})


def test_every_register_has_a_name_that_fits_in_a_sentence() -> None:
    assert set(register_texts()) == set(Register)
    for text in register_texts().values():
        assert text.popular.startswith(("het ", "de "))
        assert text.not_asked.startswith("Staat al ")


def test_names_come_back_in_the_order_asked_and_once() -> None:
    found = find_needs(["rijbewijs.status", "persoon.naam", "rijbewijs.status"])
    assert [need.name for need in found] == ["rijbewijs.status", "persoon.naam"]


def test_an_unknown_name_is_told_with_what_there_is() -> None:
    with pytest.raises(Invalid) as wrong:
        find_needs(["persoon.schoenmaat"])
    (param,) = wrong.value.invalid
    assert param.name == "persoon.schoenmaat"
    assert "persoon.naam" in param.reason
