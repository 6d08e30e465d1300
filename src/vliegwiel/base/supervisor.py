"""Keeps the platform running on one machine: the database, the web server, the worker and what else it is given.

One supervisor a data folder: a lock file says so, and `run.json` tells others where it runs and with which processes.
A child that dies is started again; a database that was killed is recovered; everything stops in order on a signal.
"""

from __future__ import annotations

import fcntl
import json
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from .alive import born, lives
from .child import Child, Spec, end_leftovers
from .postgres import DatabaseWillNotStart, EmbeddedPostgres

START_TIMEOUT = 120.0
LOG_LIMIT = 20 << 20

_log = logging.getLogger(__name__)


class AlreadyRunning(RuntimeError):
    """Another supervisor has this data folder. `address` is where it serves (may be empty while it starts)."""

    def __init__(self, address: str, pid: int) -> None:
        super().__init__(address)
        self.address = address
        self.pid = pid


class DidNotStart(RuntimeError):
    """A child was not ready in time, or kept ending. The message says which and how."""


@dataclass(frozen=True, slots=True)
class Running:
    """What `run.json` says of a running platform."""

    pid: int
    address: str
    children: dict[str, int]
    outside: dict[str, str]
    """Addresses (environment variables) of the simulated outside world that it started."""


def running(folder: Path) -> Running | None:
    """The platform that runs on this data folder, or None."""
    noted = _read(folder)
    if not noted or not lives(int(noted["pid"]), float(noted["born"])):
        return None
    return Running(
        pid=int(noted["pid"]),
        address=str(noted["address"]),
        children={name: int(row[0]) for name, row in noted["children"].items()},
        outside={str(k): str(v) for k, v in noted.get("outside", {}).items()},
    )


class Supervisor:
    """Runs children until it is told to stop. Signals and the loop live in the main thread."""

    def __init__(self, folder: Path, database: EmbeddedPostgres | None, *, log: IO[bytes] | None = None) -> None:
        self.folder = folder
        self.database = database
        self.address = ""
        self.outside: dict[str, str] = {}
        self.children: list[Child] = []
        self._log = log
        self._stop = threading.Event()
        self._signals = 0

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Be the only one on this data folder within the block. Raises `AlreadyRunning`."""
        with (self.folder / "run.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                other = running(self.folder)
                raise AlreadyRunning(other.address if other else "", other.pid if other else 0) from None
            noted = _read(self.folder)
            if noted:
                end_leftovers({int(pid): float(when) for pid, when in noted["children"].values() if when})
            before = {n: signal.signal(n, self._on_signal) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)
                (self.folder / "run.json").unlink(missing_ok=True)

    @property
    def stopping(self) -> bool:
        """Whether someone asked to stop."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stop.set()

    def add(self, spec: Spec) -> Child:
        """Start a child and keep it from now on."""
        child = Child(spec, self._log)
        child.start()
        self.children.append(child)
        self.note()
        return child

    def wait_until_ready(self, child: Child, timeout: float = START_TIMEOUT) -> None:
        """Wait until the child is ready. Raises `DidNotStart` when it ends three times, or takes too long."""
        deadline = time.monotonic() + timeout
        while not self.stopping:
            if child.spec.ready():
                return
            if child.exit_code() is not None and child.restarts >= 2:
                raise DidNotStart(f"{child.spec.title} stopt steeds direct (code {child.exit_code()})")
            if time.monotonic() > deadline:
                raise DidNotStart(f"{child.spec.title} was na {timeout:.0f} seconden nog niet klaar")
            if child.restart_if_dead():
                self.note()
            self._stop.wait(0.08)

    def watch(self, on_event: Callable[[str], None]) -> None:
        """Keep everything running until asked to stop. `on_event` gets a Dutch line for each thing that was set right."""
        while not self.stopping:
            if self.database is not None and not self.database.running():
                self._restart_database(on_event)
            changed = False
            for child in self.children:
                code = child.exit_code()
                if child.restart_if_dead():
                    changed = True
                    on_event(f"{child.spec.title} was gestopt ({_ending(code)}) en is opnieuw gestart.")
            if changed:
                self.note()
            self._stop.wait(0.1)

    def shut_down(self) -> None:
        """Stop all children, the last started first, each after its work; a second signal makes it quick."""
        for child in reversed(self.children):
            child.ask_to_stop()
        for child in reversed(self.children):
            if not child.wait():
                _log.warning("did not stop by itself", extra={"child": child.spec.name})

    def note(self) -> None:
        """Write down where we run and with which processes."""
        rows = {c.spec.name: (c.pid, born(c.pid)) for c in self.children if c.pid is not None}
        text = json.dumps(
            {
                "pid": os.getpid(),
                "born": born(os.getpid()),
                "address": self.address,
                "children": rows,
                "outside": self.outside,
            },
            indent=1,
        )
        fresh = self.folder / "run.json.new"
        fresh.write_text(text)
        fresh.replace(self.folder / "run.json")

    def _restart_database(self, on_event: Callable[[str], None]) -> None:
        assert self.database is not None
        began = time.monotonic()
        try:
            self.database.start()
        except DatabaseWillNotStart as error:
            _log.error("the database does not start: %s", error)
            self._stop.wait(2.0)
        else:
            on_event(f"De database was gestopt en is in {time.monotonic() - began:.1f} s hersteld.")

    def _on_signal(self, number: int, frame: object) -> None:
        self._signals += 1
        self._stop.set()
        if self._signals > 1:
            for child in self.children:
                if child.pid is not None:
                    os.kill(child.pid, signal.SIGKILL)


def open_log(folder: Path) -> IO[bytes]:
    """The log file of the children, for when the terminal is for people. One older generation is kept."""
    path = folder / "log" / "vliegwiel.log"
    path.parent.mkdir(exist_ok=True)
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return path.open("ab")


def _read(folder: Path) -> dict[str, Any]:
    try:
        noted = json.loads((folder / "run.json").read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return noted if isinstance(noted, dict) and {"pid", "born", "address", "children"} <= noted.keys() else {}


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signaal {signal.Signals(-code).name}"
    return f"code {code}"
