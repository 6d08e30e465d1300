"""The report of savings as it was kept: its headline for the page of a day, and all of it for its own page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec

from vliegwiel.base.typed import prepare
from vliegwiel.rounds.models import SavingsReport
from vliegwiel.rounds.simulation.policies import Kind
from vliegwiel.rounds.simulation.report import Savings
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .pages import SavingsLine


@dataclass(frozen=True, slots=True)
class SavingsPage:
    """A report and when it was made."""

    made_at: datetime
    savings: Savings


def savings_page(actor: Actor) -> SavingsPage | None:
    """The newest report; None where none was kept. Needs `RONDE_LEZEN`."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        row = SavingsReport.objects.order_by("-made_at").first()
    return SavingsPage(row.made_at, msgspec.convert(row.figures, Savings)) if row is not None else None


def headline(row: SavingsReport) -> SavingsLine:
    """Kilometres of the forecast with sensors against the fixed schedule, and the difference in overflow beside it."""
    pair = msgspec.convert(row.figures, Savings).pair(Kind.COLLECTING, Kind.FIXED)
    far = pair.percent["km"]
    return SavingsLine(-far.mean / 100, -far.high / 100, -far.low / 100, pair.overflow_points.mean / 100, row.made_at)


prepare(Savings)
