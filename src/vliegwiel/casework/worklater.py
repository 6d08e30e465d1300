"""Work after the answer: letters, reports to registers, and data that did not come. Actions ask for it in their transaction."""

from __future__ import annotations

from uuid import UUID

from vliegwiel.base.jobs import job
from vliegwiel.trust.identity import System

from . import refetching, reporting, typesetting


@job("casework.letter")
def make_letter(municipality: str, letter: str) -> None:
    """Typeset a letter and store it. Twice gives the same letter."""
    typesetting.make(System(municipality, "brieven maken"), UUID(letter))


@job("casework.fetch_facts", attempts=20)
def fetch_facts(municipality: str, zaak: str) -> None:
    """Ask the registers that did not answer again. Fails, and so is tried again later, while they are still silent."""
    refetching.fetch(System(municipality, "gegevens ophalen"), UUID(zaak))


@job("casework.register_report", attempts=20)
def send_report(municipality: str, report: str) -> None:
    """Pass a report on to its register. Twice is harmless: it goes under the same number."""
    reporting.send(System(municipality, "terugmelden"), UUID(report))
