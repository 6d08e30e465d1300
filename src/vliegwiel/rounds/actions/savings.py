"""Keeping what a simulation of savings came to, so that everybody reads the same figures."""

from __future__ import annotations

from uuid import UUID

import msgspec

from vliegwiel.base.clock import now
from vliegwiel.rounds.models import SavingsReport
from vliegwiel.rounds.simulation.measures import Measure
from vliegwiel.rounds.simulation.report import MEASURE_TITLES, Savings
from vliegwiel.trust import ledger
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of


def keep_report(actor: Actor, savings: Savings) -> UUID:
    """Keep a report; the newest is shown. Figures never change afterwards. Needs `RONDE_PLANNEN`."""
    with scope_of(actor):
        require(actor, Right.RONDE_PLANNEN, municipality=actor.municipality)
        row = SavingsReport(
            municipality_id=actor.municipality, made_at=now(),
            settings={"measures": [[one.value, *MEASURE_TITLES[one]] for one in Measure]},
            figures=msgspec.to_builtins(savings),
        )  # fmt: skip
        row.save()
        ledger.append(
            actor,
            municipality=actor.municipality,
            kind="besparing.bewaard",
            zaak_id=None,
            payload={"verslag": str(row.id)},
        )
    return row.id
