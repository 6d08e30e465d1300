"""The jobs of this room: those that actions ask for, and what time brings."""

from __future__ import annotations

from vliegwiel.base.jobs import every, job
from vliegwiel.base.queries import served

from . import actions
from .worklater import follow, follow_package, simulate

__all__ = ["clear_simulations", "follow", "follow_package", "simulate"]


@job("catalogue.clear_simulations", attempts=3)
def clear_simulations(municipality: str) -> None:
    """Throw away calculations that were kept long enough, and end those that nobody works on any more."""
    actions.clear_old_simulations(municipality)


@every(3600.0, name="catalogue.clear_simulations")
def _clear_all() -> None:
    """Ask for it, municipality by municipality, so that one that fails does not stop the others."""
    for one in served():
        clear_simulations.later(municipality=one.code, once=f"catalogue.clear_simulations:{one.code}")
