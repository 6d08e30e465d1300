"""A short memory for answers, so that five pages of one form do not ask the register five times.

The key holds the municipality and the purpose: what was asked for one purpose is never used for another (AVG art. 5(1)(b)).
Kept in memory only, for seconds, and bounded.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Key:
    """What was asked, for whom, about whom, and why."""

    gemeente: str
    purpose: str
    operation: str
    subject: str = field(repr=False)
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """An answer with the moment it was given."""

    value: T = field(repr=False)
    at: datetime
    from_cache: bool = False


class AnswerCache(Generic[T]):
    """Answers by key, each for `seconds`, at most `size`; the one not used for longest goes first. Thread-safe."""

    def __init__(
        self, *, seconds: float = 60.0, size: int = 2048, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds = seconds
        self._size = size
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._held: OrderedDict[Key, tuple[float, Answer[T]]] = OrderedDict()

    def get(self, key: Key) -> Answer[T] | None:
        """The answer to exactly this question, while it is fresh."""
        with self._lock:
            held = self._held.get(key)
            if held is None:
                return None
            if held[0] <= self._monotonic():
                del self._held[key]
                return None
            self._held.move_to_end(key)
            return Answer(held[1].value, held[1].at, from_cache=True)

    def put(self, key: Key, answer: Answer[T]) -> None:
        """Keep an answer. With no seconds or no size nothing is kept."""
        if self._seconds <= 0 or self._size <= 0:
            return
        with self._lock:
            self._held[key] = (self._monotonic() + self._seconds, answer)
            self._held.move_to_end(key)
            while len(self._held) > self._size:
                self._held.popitem(last=False)

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._held.clear()

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)
