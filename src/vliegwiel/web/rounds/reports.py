"""A report of a resident is a case and evidence at once. Cases and rounds do not know each other: this floor joins them.

The report opens a case in which nothing stands about a person; the rounds promise a day, which the case then says; and what
became of that promise closes the case.
"""

from __future__ import annotations

import logging
from typing import Final
from uuid import UUID

from vliegwiel.base import clock
from vliegwiel.base.errors import NotFound, VliegwielError
from vliegwiel.casework.actions.anonymous import PublicCase, fulfil, open_anonymous, promise, public_case, waiting
from vliegwiel.catalogue.queries import adoptions
from vliegwiel.rounds.actions.evidence import (
    Outcome,
    Promise,
    judge_promises,
    outcomes,
    report_by_resident,
    report_full,
    report_of_now,
    seen,
)
from vliegwiel.rounds.operations.publicpage import public_container
from vliegwiel.trust.identity import Actor, Anonymous, System
from vliegwiel.trust.rights import scope_of
from vliegwiel.web.wording import day as day_of

PRODUCT: Final = "container-vol"
TASK: Final = "legen"
EMPTIED: Final = "geleegd"
JOB: Final = "meldingen"
_log = logging.getLogger(__name__)


def report_container(municipality: str, code: str, what: str) -> UUID:
    """Report what is seen at a container; gives the id of its case, by which its page is found.

    It is nobody's report, also of who is logged in. Where the municipality does not offer the product it is evidence only,
    with an id of its own. All of it, or nothing. Raises `NotFound`, `Invalid`.
    """
    teller, words = Anonymous(municipality), seen(what)
    if all(adopted.product != PRODUCT for adopted in adoptions(municipality)):
        return report_by_resident(teller, code, what)
    with scope_of(teller):
        known = report_of_now(teller, code)
        if known is not None:
            return known
        place = public_container(teller, code).name
        typed = {"container": [code], "plek": [place], "in_lijst": ["ja"], "gezien": [what]}
        zaak = open_anonymous(teller, PRODUCT, typed, about=f"{place}, {code}")
        promised = report_full(teller, code, zaak=zaak, at=clock.now(), remark=words)
        promise(System(municipality, JOB), zaak, TASK, day=promised.day, said=_said(promised))
    return zaak


def case_of_report(actor: Actor, report: UUID) -> PublicCase | None:
    """The case of a report; None for one that is evidence only."""
    try:
        return public_case(actor, report)
    except NotFound:
        return None


def settle_reports(municipality: str) -> int:
    """Close the cases of which is known what became of the promise; returns how many. One that fails does not hold up the
    rest, and comes again next time."""
    actor = System(municipality, JOB)
    judge_promises(actor)
    closed = 0
    for told in outcomes(actor, waiting(actor, PRODUCT)):
        try:
            closed += fulfil(actor, told.zaak, TASK, field=EMPTIED, done=told.kept, said=_became(told))
        except VliegwielError as error:
            _log.warning("a report could not be closed: %s", error.code, extra={"zaak": str(told.zaak)})
    return closed


def _said(promised: Promise) -> str:
    sentence = f"Wij legen de container {day_of(promised.day, year=True)}."
    return sentence if promised.firm else f"{sentence} De ronde van die dag wordt nog vastgesteld."


def _became(told: Outcome) -> str:
    if told.kept and told.at is not None:
        return f"De container is {day_of(clock.local(told.at).date(), year=True)} geleegd."
    return f"De container is niet geleegd op {day_of(told.day, year=True)}. Hij gaat voor in de volgende ronde."
