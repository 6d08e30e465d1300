"""The jobs of this room: those that actions ask for, and what time brings."""

from __future__ import annotations

from vliegwiel.base.jobs import every, job
from vliegwiel.base.queries import served

from . import actions
from .exchange.proposing import waiting_for_answer
from .exchange.queries import heard
from .practice.counting import count
from .worklater import follow, follow_package, proposal_answer, pull_peer, send_proposal, simulate

__all__ = [
    "clear_simulations",
    "count_practice",
    "follow",
    "follow_package",
    "proposal_answer",
    "pull_peer",
    "send_proposal",
    "simulate",
]


@job("catalogue.clear_simulations", attempts=3)
def clear_simulations(municipality: str) -> None:
    """Throw away calculations that were kept long enough, and end those that nobody works on any more."""
    actions.clear_old_simulations(municipality)


@every(3600.0, name="catalogue.clear_simulations")
def _clear_all() -> None:
    """Ask for it, municipality by municipality, so that one that fails does not stop the others."""
    for one in served():
        clear_simulations.later(municipality=one.code, once=f"catalogue.clear_simulations:{one.code}")


@job("catalogue.count_practice", attempts=3)
def count_practice(municipality: str) -> None:
    """Count what happened to the cases of a municipality anew, for the figures between municipalities."""
    count(municipality)


@every(86_400.0, name="catalogue.count_practice")
def _count_all() -> None:
    """Ask for it, municipality by municipality: once a day is often enough for figures per quarter."""
    for one in served():
        count_practice.later(municipality=one.code, once=f"catalogue.count_practice:{one.code}")


@every(3600.0, name="catalogue.exchange")
def _hear_all() -> None:
    """Ask every municipality that somebody follows, and what became of proposals; each on its own."""
    for one in served():
        for peer in heard(one.code):
            pull_peer.later(municipality=one.code, peer=str(peer), once=f"catalogue.pull:{peer}")
        for proposal in waiting_for_answer(one.code):
            proposal_answer.later(municipality=one.code, proposal=str(proposal), once=f"catalogue.answer:{proposal}")
