"""A law for a whole population: the same rules over columns, two versions compared, who gains and who loses. Pure.

    from vliegwiel.law import simulate

See `docs/population.md`.
"""

from vliegwiel.law.population.errors import Cancelled, ChangeRefused, WrongData
from vliegwiel.law.population.results import (
    ComparedGroup,
    ComparedSplit,
    Comparison,
    Count,
    GroupSummary,
    Progress,
    Reason,
    Simulation,
    SlowRule,
    Split,
    Summary,
    Version,
    VersionResult,
)
from vliegwiel.law.population.simulating import simulate

__all__ = [
    "Cancelled",
    "ChangeRefused",
    "ComparedGroup",
    "ComparedSplit",
    "Comparison",
    "Count",
    "GroupSummary",
    "Progress",
    "Reason",
    "Simulation",
    "SlowRule",
    "Split",
    "Summary",
    "Version",
    "VersionResult",
    "WrongData",
    "simulate",
]
