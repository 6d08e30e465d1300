"""Law as data: read laws and ordinances, let them decide, and say why. Pure: no Django, no network.

    from vliegwiel.law import Fact, LawBook, decide, explain

See `docs/wetformaat.md` for the format of the files.
"""

from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from vliegwiel.law.book import LawBook
from vliegwiel.law.checking import check, check_definitions
from vliegwiel.law.deciding import decide, needs, values
from vliegwiel.law.decision import (
    Decision,
    Fact,
    Ground,
    LawVersion,
    Missing,
    OpenJudgement,
    Outcome,
    Scenario,
    TraceNode,
    Unfilled,
    Unverified,
)
from vliegwiel.law.errors import LawFault, LawNotFound, NotInForce, WrongFact
from vliegwiel.law.examples import ExampleResult, ExamplesReport, run_examples
from vliegwiel.law.explaining import Change, Explanation, OutcomeExplanation, Reason, explain
from vliegwiel.law.findings import Finding


def load(source: str | Path | Iterable[Path]) -> LawBook:
    """A law book from a file, a folder, several of them, or the text of one law. Raises `SourceInvalid`."""
    if isinstance(source, str) and "\n" in source:
        return LawBook.loads(source)
    if isinstance(source, (str, Path)):
        return LawBook.load([Path(source)])
    return LawBook.load(source)


def __getattr__(name: str) -> object:
    """`simulate` is read when it is first asked for: the libraries for populations take time to start."""
    if name == "simulate":
        return import_module("vliegwiel.law.population").simulate
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


if TYPE_CHECKING:
    from vliegwiel.law.population import simulate

__all__ = [
    "Change",
    "Decision",
    "ExampleResult",
    "ExamplesReport",
    "Explanation",
    "Fact",
    "Finding",
    "Ground",
    "LawBook",
    "LawFault",
    "LawNotFound",
    "LawVersion",
    "Missing",
    "NotInForce",
    "OpenJudgement",
    "Outcome",
    "OutcomeExplanation",
    "Reason",
    "Scenario",
    "TraceNode",
    "Unfilled",
    "Unverified",
    "WrongFact",
    "check",
    "check_definitions",
    "decide",
    "explain",
    "load",
    "needs",
    "run_examples",
    "simulate",
    "values",
]
