"""What the BRP said about somebody, and how a datum is taken out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from .brpdata import NO_DOUBT, Persoon, Twijfel
from .found import Found


@dataclass(frozen=True, slots=True)
class Answered:
    """What the BRP said: the person, and the people at the address when they were asked (None: it could not say)."""

    person: Persoon
    residents: tuple[Persoon, ...] | None = None


Reader = Callable[[Answered], Found]


def doubted(*doubts: Twijfel) -> bool:
    """Whether anything in these groups is under investigation."""
    return any(doubt != NO_DOUBT for doubt in doubts)
