"""Which reasons a person reads first. All of them are there; the rest is one click away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from vliegwiel.casework.lawpages import Kind, Mark, Reason

FIRST = 4


@dataclass(frozen=True, slots=True)
class Weighed:
    """The reasons that tell most, and the others in the order of the law."""

    first: tuple[Reason, ...]
    rest: tuple[Reason, ...]


def weigh(reasons: Sequence[Reason], kind: Kind) -> Weighed:
    """Where something was refused, what stood in the way comes first; where it was granted, what spoke for it."""
    if len(reasons) <= FIRST + 1:
        return Weighed(tuple(reasons), ())
    against = kind in {Kind.NO, Kind.ERR, Kind.WARN}
    decisive = [reason for reason in reasons if (reason.mark in {Mark.NO, Mark.ASK}) == against]
    first = tuple((decisive or list(reasons))[:FIRST])
    return Weighed(first, tuple(reason for reason in reasons if reason not in first))
