"""The work of this room that actions ask for and a worker does afterwards."""

from __future__ import annotations

import importlib
from uuid import UUID

from vliegwiel.base.jobs import job

ONE_AT_A_TIME = "catalogue.simulate"
"""Calculations share two processors with everything else: they queue for each other."""


@job("catalogue.simulate", attempts=2)
def simulate(municipality: str, simulation: str) -> None:
    """Do a calculation that somebody asked for."""
    # Every process knows this job; only the one that calculates pays for Polars.
    importlib.import_module("vliegwiel.catalogue.simulating").run(municipality, UUID(simulation))
