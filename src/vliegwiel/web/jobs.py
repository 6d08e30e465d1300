"""The jobs of this floor: what joins rooms that do not know each other."""

from __future__ import annotations

import importlib

from vliegwiel.base.jobs import every, job
from vliegwiel.base.queries import served


@job("web.settle_reports", attempts=3)
def settle_reports(municipality: str) -> None:
    """Close the cases of reported containers of which is known what became of the promise."""
    # Every process knows this job; only the one that does it needs the rounds.
    importlib.import_module("vliegwiel.web.rounds.reports").settle_reports(municipality)


@every(300, name="web.settle_reports")
def _settle_all() -> None:
    """Ask for it, municipality by municipality, so that one that fails does not stop the others."""
    for one in served():
        settle_reports.later(municipality=one.code, once=f"web.settle_reports:{one.code}")
