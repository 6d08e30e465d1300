"""The report of savings as it was kept: its headline for the page of a day, and all of it for its own page.

Read as it was stored, without the simulation that made it: a page must not load what calculates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from vliegwiel.base.typed import prepare
from vliegwiel.rounds.models import SavingsReport
from vliegwiel.rounds.simulation.figures import Gains, Pair, Row
from vliegwiel.trust.identity import Actor
from vliegwiel.trust.rights import Right, require, scope_of

from .pages import SavingsLine

COLLECTING: Final = "prize_collecting"
FIXED: Final = "fixed"
TUNED: Final = "fixed_tuned"
KILOMETRES: Final = "km"


class Facts(msgspec.Struct, frozen=True):
    """What it is about."""

    district: str
    locations: int
    containers: int
    train: tuple[str, str]
    plan: tuple[str, str]
    trucks: int
    truck_m3: float
    seeds: int


class Savings(msgspec.Struct, frozen=True):
    """The whole report (`rounds.simulation.report.Savings`, what the pages show of it)."""

    facts: Facts
    rows: tuple[Row, ...]
    pairs: tuple[Pair, ...]
    gains: Gains
    stress: tuple[Row, ...]
    stress_pairs: tuple[Pair, ...]
    notes: tuple[str, ...]

    def pair(self, policy: str, against: str) -> Pair:
        """How one policy does against another."""
        return next(pair for pair in self.pairs if (pair.policy, pair.against) == (policy, against))


class Settings(msgspec.Struct, frozen=True):
    """What is kept beside the figures: the Dutch name and unit of each measure, in their order."""

    measures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class SavingsPage:
    """A report and when it was made. `measures`: key, name and unit."""

    made_at: datetime
    savings: Savings
    measures: tuple[tuple[str, str, str], ...]

    def title(self, key: str) -> tuple[str, str]:
        """Name and unit of a measure."""
        return next((name, unit) for known, name, unit in self.measures if known == key)


def savings_page(actor: Actor) -> SavingsPage | None:
    """The newest report; None where none was kept. Needs `RONDE_LEZEN`."""
    with scope_of(actor):
        require(actor, Right.RONDE_LEZEN, municipality=actor.municipality)
        row = SavingsReport.objects.order_by("-made_at").first()
    if row is None:
        return None
    settings = msgspec.convert(row.settings, Settings)
    return SavingsPage(row.made_at, msgspec.convert(row.figures, Savings), settings.measures)


def headline(row: SavingsReport) -> SavingsLine:
    """Kilometres of the forecast with sensors against the fixed schedule, and the difference in overflow beside it."""
    pair = msgspec.convert(row.figures, Savings).pair(COLLECTING, FIXED)
    far = pair.percent[KILOMETRES]
    return SavingsLine(-far.mean / 100, -far.high / 100, -far.low / 100, pair.overflow_points.mean / 100, row.made_at)


prepare(Savings, Settings)
