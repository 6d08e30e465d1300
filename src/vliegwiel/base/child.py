"""A process that is kept running: started, found ready, restarted with growing pauses when it dies, stopped in order.

The child ends by itself when its parent is gone (`follow_parent`; its standard input closes too), so that a killed
supervisor leaves nobody behind.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

from .alive import lives

LONGEST_PAUSE = 30.0
HEALTHY_AFTER = 60.0
"""A child that lived so many seconds starts with a clean sheet."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What to run. `ready` is asked until it says yes; `grace` is how many seconds the child gets to stop."""

    name: str
    title: str
    command: Sequence[str]
    ready: Callable[[], bool]
    environment: Mapping[str, str] = field(default_factory=dict)
    grace: float = 10.0


class Child:
    """One process of the supervisor's. Not thread-safe: used by the supervisor's own loop only."""

    def __init__(self, spec: Spec, log: IO[bytes] | None = None) -> None:
        self.spec = spec
        self.restarts = 0
        self.started = 0.0
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None
        self._failures = 0
        self._not_before = 0.0

    @property
    def pid(self) -> int | None:
        """Process id, or None when it does not run."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self) -> None:
        """Start it, in a session of its own so that Ctrl-C reaches the supervisor first."""
        environment = {**os.environ, **self.spec.environment, "VLIEGWIEL_PARENT": str(os.getpid())}
        self._process = subprocess.Popen(  # noqa: S603  # our own programs, arguments as a list
            list(self.spec.command),
            env=environment,
            stdin=subprocess.PIPE,  # closes when this process ends, however it ends
            stdout=self._log or sys.stderr,
            stderr=self._log or sys.stderr,
            start_new_session=True,
        )
        self.started = time.monotonic()

    def exit_code(self) -> int | None:
        """How it ended (negative: by that signal), or None while it runs or when it was never started."""
        return self._process.poll() if self._process is not None else None

    def restart_if_dead(self) -> bool:
        """Start it again when it died and its pause is over; returns whether it was started."""
        if self.pid is not None:
            if self._failures and time.monotonic() - self.started > HEALTHY_AFTER:
                self._failures = 0
            return False
        now = time.monotonic()
        if not self._not_before:
            # The first time at once, then after 1, 2, 4 … seconds.
            self._not_before = now + (min(2.0 ** (self._failures - 1), LONGEST_PAUSE) if self._failures else 0.0)
            self._failures += 1
        if now < self._not_before:
            return False
        self._not_before = 0.0
        self._end_group(signal.SIGKILL)  # what a killed child left behind
        self.start()
        self.restarts += 1
        return True

    def ask_to_stop(self) -> None:
        """Ask it to end; `wait` sees to it that it does."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)

    def wait(self) -> bool:
        """Wait until it has ended; after its grace it is killed. Returns whether it went by itself."""
        if self._process is None:
            return True
        gentle = True
        try:
            self._process.wait(timeout=self.spec.grace)
        except subprocess.TimeoutExpired:
            gentle = False
        self._end_group(signal.SIGKILL)
        self._process.wait()
        return gentle

    def _end_group(self, number: int) -> None:
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def follow_parent() -> None:
    """End this process (politely) when the one that started it is gone. Call once, early, in a child."""
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(10)
        os._exit(1)

    threading.Thread(target=watch, name="follow-parent", daemon=True).start()


def end_leftovers(noted: Mapping[int, float]) -> int:
    """Kill processes (and what they started) that an earlier supervisor noted and that still live; returns how many."""
    ended = 0
    for pid, when in noted.items():
        if lives(pid, when):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(pid, signal.SIGKILL)
                ended += 1
    return ended
