"""What a decision says, fixed at the moment of deciding: the source of the letter and of the decision on the status page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import msgspec

from vliegwiel.base.typed import prepare
from vliegwiel.catalogue.model import Outcome

from .lawpages import OutcomePart, Pair, Reason


@dataclass(frozen=True, slots=True)
class DecisionContent:
    """`kind` is the kind of outcome in the definition. `facts` are label, value and source of what it rests on."""

    outcome: str
    title: str
    kind: str
    sentence: str
    parts: tuple[OutcomePart, ...]
    amounts: tuple[Pair, ...]
    reasons: tuple[Reason, ...]
    change: str
    deviation: str
    facts: tuple[tuple[str, str, str], ...]
    unverified: tuple[str, ...]
    objection_until: date | None
    objection: tuple[str, ...]

    def as_json(self) -> object:
        """As it is kept with the decision."""
        return msgspec.to_builtins(self)

    @classmethod
    def from_json(cls, data: object) -> DecisionContent:
        """Read what `as_json` wrote. Raises `msgspec.ValidationError` for anything else."""
        return msgspec.convert(data, cls)


@dataclass(frozen=True, slots=True)
class DecisionChoice:
    """What was chosen: an outcome of the product; the answers to judgements with their reasons; why it deviates from the
    law, when it does; who decided (subject and name, empty for the computer) and who looked along (subject)."""

    outcome: Outcome
    judgements: Mapping[str, tuple[bool, str]]
    deviation: str = ""
    by: str = ""
    by_name: str = ""
    second: str = ""


prepare(DecisionContent)
