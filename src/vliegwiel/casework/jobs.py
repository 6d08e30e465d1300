"""The jobs of this room: those that actions ask for, and what time brings."""

from __future__ import annotations

from vliegwiel.base.jobs import every, job
from vliegwiel.base.queries import served
from vliegwiel.trust.identity import System

from . import timers
from .notices import send_notice
from .worklater import fetch_facts, make_letter, send_report

__all__ = ["fetch_facts", "guard_terms", "make_letter", "send_notice", "send_report"]


@job("casework.guard_terms", attempts=3)
def guard_terms(municipality: str) -> None:
    """Everything that time brings to the cases of a municipality."""
    timers.guard(System(municipality, "termijnbewaking"))


@every(3600, name="casework.guard_terms")
def _guard_all() -> None:
    """Ask for it, municipality by municipality, so that one that fails does not stop the others."""
    for one in served():
        guard_terms.later(municipality=one.code, once=f"casework.guard_terms:{one.code}")
