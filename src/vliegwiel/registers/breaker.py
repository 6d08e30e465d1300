"""A circuit breaker: a register that keeps failing is left alone for a while, so that nobody waits for it in vain."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import StrEnum


class State(StrEnum):
    """Closed lets through, open refuses, half-open lets one through to see."""

    CLOSED = "dicht"
    OPEN = "open"
    HALF_OPEN = "halfopen"


class CircuitBreaker:
    """Counts failures in a row. After `failures` of them it opens for `seconds`; then one call may try.

    When that one succeeds everything is let through again; when it fails the wait doubles, up to `longest`. Thread-safe.
    """

    def __init__(
        self,
        *,
        failures: int = 5,
        seconds: float = 5.0,
        longest: float = 60.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = failures
        self._first = seconds
        self._longest = longest
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._failed = 0
        self._wait = seconds
        self._opened_at: float | None = None
        self._trial_since: float | None = None

    @property
    def state(self) -> State:
        """As it is now."""
        with self._lock:
            return self._state()

    def _state(self) -> State:
        if self._opened_at is None:
            return State.CLOSED
        return State.OPEN if self._monotonic() - self._opened_at < self._wait else State.HALF_OPEN

    def retry_after(self) -> int:
        """Whole seconds until it is worth asking again; at least 1."""
        with self._lock:
            if self._opened_at is None:
                return 1
            return max(1, round(self._opened_at + self._wait - self._monotonic()))

    def allows(self) -> bool:
        """Whether a call may go out now. In half-open only one at a time may, and it must report how it went."""
        with self._lock:
            state = self._state()
            if state is State.CLOSED:
                return True
            if state is State.OPEN:
                return False
            now = self._monotonic()
            # A trial that never reported (its thread died) must not keep the door shut for ever.
            if self._trial_since is not None and now - self._trial_since < self._longest:
                return False
            self._trial_since = now
            return True

    def succeeded(self) -> None:
        """The register answered."""
        with self._lock:
            self._failed = 0
            self._wait = self._first
            self._opened_at = self._trial_since = None

    def failed(self) -> None:
        """The register did not answer, or answered nonsense."""
        with self._lock:
            was_trial = self._trial_since is not None
            self._trial_since = None
            self._failed += 1
            if was_trial:
                self._wait = min(self._wait * 2, self._longest)
                self._opened_at = self._monotonic()
            elif self._failed >= self._limit and self._opened_at is None:
                self._opened_at = self._monotonic()
