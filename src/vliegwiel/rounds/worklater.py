"""The work of this room that is asked for now and done by a worker afterwards."""

from __future__ import annotations

import importlib
from datetime import date

from vliegwiel.base.jobs import job


@job("rounds.plan_again", attempts=3)
def plan_again(municipality: str, day: str, fraction: str) -> None:
    """Make the draft plan of a day anew with what is known by now."""
    # Every process knows this job; only the one that plans pays for the solver.
    importlib.import_module("vliegwiel.rounds.daily").plan_again(municipality, date.fromisoformat(day), fraction)


@job("rounds.look_ahead", attempts=3)
def look_ahead(municipality: str) -> None:
    """Forecasts, alarms, promises, and the draft plans of the coming day, with what is known by now."""
    importlib.import_module("vliegwiel.rounds.daily").look_ahead(municipality)


@job("rounds.renew", attempts=3)
def renew(municipality: str) -> None:
    """Forecasts and alarms with what is known by now: containers were emptied."""
    importlib.import_module("vliegwiel.rounds.daily").renew(municipality)
