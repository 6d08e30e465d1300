"""Fixtures of the acceptance tests: what the project promised, tried as it will be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.rvig import Registry, running_registry
from tests.fixtures_simulators import register_simulator, register_simulator_process

__all__ = ["register_simulator", "register_simulator_process"]


@pytest.fixture(scope="session")
def rvig(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """The 687 test persons of RvIG in a register of their own."""
    with running_registry(shared, tmp_path_factory.mktemp("rvig")) as registry:
        yield registry
