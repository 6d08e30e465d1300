"""The headline of a report of savings, from the figures the simulation left."""

from __future__ import annotations

from vliegwiel.rounds.models import SavingsReport

from .pages import SavingsLine


def headline(row: SavingsReport) -> SavingsLine | None:
    """Kilometres saved against the fixed round with its interval, and the difference in overflow; None where it has none."""
    found = row.figures.get("headline") if isinstance(row.figures, dict) else None
    if not isinstance(found, dict):
        return None
    return SavingsLine(
        float(found["kilometres"]), float(found["low"]), float(found["high"]), float(found["overflow"]), row.made_at
    )
