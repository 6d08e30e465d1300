"""The registers as the settings say: one set of connections for each process."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django.fixtures import Settings

from tests.fixtures_simulators import RegisterSimulator
from vliegwiel.registers.configured import registers
from vliegwiel.registers.facts import Register
from vliegwiel.registers.gather import gather

NOOR = "999998365"


@pytest.fixture
def fresh() -> Iterator[None]:
    registers.cache_clear()
    yield
    registers().close()
    registers.cache_clear()


def test_the_settings_say_where_the_registers_are(
    fresh: None, settings: Settings, register_simulator: RegisterSimulator
) -> None:
    settings.BRP_URL = register_simulator.brp_url + "/"
    settings.BAG_URL = register_simulator.bag_url
    settings.RDW_URL = settings.TERUGMELDING_URL = ""
    settings.REGISTER_KEY = register_simulator.key
    settings.REGISTER_OIN = "00000001234567890000"
    gathered = gather(["persoon.naam", "adres.bouwjaar", "rijbewijs.status"], NOOR, "proef", "GM0546")
    assert list(gathered.data) == ["persoon.naam", "adres.bouwjaar"]
    assert gathered.unavailable == (Register.RDW,)
    assert registers() is registers()
    headers = [dict(request["headers"]) for request in register_simulator.requests()]
    assert {h["x-origin-oin"] for h in headers} == {"00000001234567890000"}


def test_forgetting_makes_the_next_look_a_new_one(
    fresh: None, settings: Settings, register_simulator: RegisterSimulator
) -> None:
    settings.BRP_URL, settings.REGISTER_KEY = register_simulator.brp_url, register_simulator.key
    for _ in range(2):
        gather(["persoon.naam"], NOOR, "proef", "GM0546")
        registers().forget()
    assert len(register_simulator.requests()) == 2
