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


@job("catalogue.follow", attempts=5)
def follow(municipality: str, publisher: str) -> None:
    """Look at what a publisher brought out, for one municipality that follows it."""
    importlib.import_module("vliegwiel.catalogue.adopting.spreading").follow_publisher(municipality, publisher)


@job("catalogue.follow_package", attempts=5)
def follow_package(municipality: str, release: int) -> None:
    """Look at what came with a new release of the package, for one municipality."""
    importlib.import_module("vliegwiel.catalogue.adopting.spreading").follow_package(municipality, release)


@job("catalogue.pull_peer", attempts=1)
def pull_peer(municipality: str, peer: str) -> None:
    """Hear what another installation published. The next hour tries again by itself."""
    importlib.import_module("vliegwiel.catalogue.exchange.hearing").pull_by_clock(municipality, UUID(peer))


@job("catalogue.send_proposal", attempts=8)
def send_proposal(municipality: str, proposal: str) -> None:
    """Send a proposal to another installation."""
    importlib.import_module("vliegwiel.catalogue.exchange.proposing").send(municipality, UUID(proposal))


@job("catalogue.proposal_answer", attempts=1)
def proposal_answer(municipality: str, proposal: str) -> None:
    """Ask what became of a proposal."""
    importlib.import_module("vliegwiel.catalogue.exchange.proposing").look_for_answer(municipality, UUID(proposal))
