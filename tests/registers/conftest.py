"""Fixtures of the register clients' tests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.fixtures_simulators import RegisterSimulator, oidc_provider, register_simulator, register_simulator_process
from vliegwiel.registers.configured import Registers
from vliegwiel.registers.connection import ConnectionSettings

__all__ = ["oidc_provider", "register_simulator", "register_simulator_process"]


def reach(simulator: RegisterSimulator, **settings: Any) -> Registers:
    """Connections to a running simulator; `settings` are those of a connection, `cache_seconds` and `cache_size`."""
    memory = {name: settings.pop(name) for name in ("cache_seconds", "cache_size") if name in settings}

    def one(url: str) -> ConnectionSettings:
        return ConnectionSettings(url, **{"api_key": simulator.key, **settings})

    urls = (simulator.brp_url, simulator.bag_url, simulator.rdw_url, simulator.terugmelding_url)
    return Registers(*(one(url) for url in urls), **memory)


def asked(simulator: RegisterSimulator) -> list[tuple[str, Any]]:
    """Path and question (the body, or the query) of everything that was asked, oldest first."""
    return [(str(r["path"]), json.loads(str(r["body"])) if r["body"] else r["query"]) for r in simulator.requests()]


@pytest.fixture
def connected(register_simulator: RegisterSimulator) -> Iterator[Registers]:
    """The registers of the simulator, with nothing remembered."""
    registers = reach(register_simulator)
    yield registers
    registers.close()
