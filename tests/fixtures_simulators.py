"""The outside world for tests: the real simulator processes, on a free port, with their faults under control.

`tests/conftest.py` makes the fixtures known: `from tests.fixtures_simulators import oidc_provider, register_simulator`.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx
import pytest

START_SECONDS = 30.0


def _first_line(stream: IO[str], process: subprocess.Popen[str], errors: IO[str]) -> dict[str, str]:
    """The line a simulator prints when it accepts connections."""
    with selectors.DefaultSelector() as selector:
        selector.register(stream, selectors.EVENT_READ)
        if not selector.select(START_SECONDS):
            process.kill()
            raise RuntimeError(f"a simulator was not ready within {START_SECONDS:.0f} s")
    line = stream.readline()
    if not line:
        raise RuntimeError(
            f"a simulator stopped at once (exit {process.wait()}): {process.stderr.read() if process.stderr else ''}"
        )
    return {str(k): str(v) for k, v in json.loads(line).items()}


@contextmanager
def simulator(
    module: str, arguments: Sequence[str], environment: dict[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """Run `python -m module` until the block ends. It also stops when this process dies: its standard input closes then."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(
            [sys.executable, "-m", module, "--port", "0", "--stop-with-stdin", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        assert process.stdin
        assert process.stdout
        try:
            yield _first_line(process.stdout, process, errors)
        finally:
            process.stdin.close()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stdout.close()


@dataclass(frozen=True)
class OidcProvider:
    """A running login provider. `redirect` is an address it may answer to."""

    base_url: str
    citizen_issuer: str
    staff_issuer: str
    folder: Path
    client_id: str = "vliegwiel"
    redirect: str = "http://leiden.localhost:8000/inloggen/terug/"


@contextmanager
def running_oidc_provider(
    folder: Path, *arguments: str, environment: dict[str, str] | None = None
) -> Iterator[OidcProvider]:
    """A provider with its key in `folder`."""
    patterns = ["--redirect", "http://*.localhost:8000/*", "--redirect", "http://localhost:8000/*"]
    with simulator("vliegwiel.simulators.oidc", ["--data", str(folder), *patterns, *arguments], environment) as ready:
        yield OidcProvider(ready["url"], ready["burger"], ready["medewerker"], folder)


@pytest.fixture(scope="session")
def oidc_provider() -> Iterator[OidcProvider]:
    """The login provider of the demonstration, for the whole session."""
    with (
        tempfile.TemporaryDirectory(prefix="vliegwiel-oidc-") as folder,
        running_oidc_provider(Path(folder)) as provider,
    ):
        yield provider


@dataclass(frozen=True)
class RegisterSimulator:
    """Running registers: BRP, BAG and RDW, filled with the cast. What a test breaks it must `heal`; the fixture does too."""

    base_url: str
    brp_url: str
    bag_url: str
    rdw_url: str
    terugmelding_url: str
    data: Path
    key: str = "sleutel-voor-tests"
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10), repr=False)

    def fail(self, path: str, kind: str, *, status: int = 500, seconds: float = 0.0, times: int | None = None) -> None:
        """Break requests whose path starts with `path`: kind is slow, status, timeout, garbage, truncated, oversized,
        redirect, drip or reset. `times` limits how often."""
        body = {"path": path, "kind": kind, "status": status, "seconds": seconds, "times": times}
        self.client.post(f"{self.base_url}/_control/faults", json=body).raise_for_status()

    def heal(self) -> None:
        """Everything works again."""
        self.client.delete(f"{self.base_url}/_control/faults").raise_for_status()

    def requests(self) -> list[dict[str, object]]:
        """What was asked since the last `forget`: method, path, query, headers, body."""
        seen = self.client.get(f"{self.base_url}/_control/requests").raise_for_status().json()
        assert isinstance(seen, list)
        return seen

    def forget(self) -> None:
        """Forget what was asked."""
        self.client.delete(f"{self.base_url}/_control/requests").raise_for_status()


@contextmanager
def running_register_simulator(data: Path, *arguments: str) -> Iterator[RegisterSimulator]:
    """Registers with their data in the file `data`."""
    key = "sleutel-voor-tests"
    environment = {"VLIEGWIEL_REGISTER_KEY": key}
    with simulator(
        "vliegwiel.simulators.registers", ["--data", str(data), "--control", *arguments], environment
    ) as ready:
        running = RegisterSimulator(
            ready["url"], ready["brp"], ready["bag"], ready["rdw"], ready["terugmelding"], data, key
        )
        with running.client:
            yield running


@pytest.fixture(scope="session")
def register_simulator_process() -> Iterator[RegisterSimulator]:
    """One process for the session; tests use `register_simulator`, which leaves it whole."""
    with (
        tempfile.TemporaryDirectory(prefix="vliegwiel-registers-") as folder,
        running_register_simulator(Path(folder) / "registers.sqlite3") as running,
    ):
        yield running


@pytest.fixture
def register_simulator(register_simulator_process: RegisterSimulator) -> Iterator[RegisterSimulator]:
    """The registers, healed and forgetful at the start and the end of a test."""
    register_simulator_process.heal()
    register_simulator_process.forget()
    yield register_simulator_process
    register_simulator_process.heal()
