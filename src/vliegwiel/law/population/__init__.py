"""A law for a whole population: the same rules over columns, two versions compared, who gains and who loses. Pure.

    from vliegwiel.law import simulate

See `docs/population.md`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from vliegwiel.law.population.simulating import simulate


def __getattr__(name: str) -> object:
    """`simulate` is read when it is first asked for: whoever only checks a change needs no Polars."""
    if name == "simulate":
        return import_module("vliegwiel.law.population.simulating").simulate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


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
