"""The jobs of this room: those that actions ask for, and what time brings."""

from __future__ import annotations

from vliegwiel.base.jobs import every
from vliegwiel.base.queries import served

from .watching import make_months_ahead, watch_all
from .worklater import look_ahead, plan_again, renew

__all__ = ["look_ahead", "plan_again", "renew"]


@every(3600, name="rounds.look_ahead")
def _look_ahead_all() -> None:
    """Ask for it, municipality by municipality, so that one that fails does not stop the others."""
    for one in served():
        look_ahead.later(municipality=one.code, once=f"rounds.look_ahead:{one.code}")


@every(900.0, name="rounds.sensors")
def _watch_sensors() -> None:
    """Find sensors that fell silent."""
    watch_all()


@every(6 * 3600.0, name="rounds.months")
def _months_ahead() -> None:
    """Have the partitions of the coming months ready."""
    make_months_ahead()
