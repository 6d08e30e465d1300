"""What a decision is: outcomes with their reasons, what is still missing, and the trace that proves it.

Everything here is frozen and has one JSON form (sorted keys), because it is stored with the case and hashed.
Values are stored in plain form (`vliegwiel.law.plain.Plain`: text for numbers and dates, so that nothing is rounded) beside
their type. The fields say `object` because a recursive type cannot be decoded.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias, cast

import msgspec
from msgspec import Struct

from vliegwiel.base.typed import prepare
from vliegwiel.law.feel.values import Value
from vliegwiel.law.plain import Plain, from_plain
from vliegwiel.law.types import Type

State: TypeAlias = Literal["ja", "nee", "waarde", "niets", "onbekend"]
Kind: TypeAlias = Literal["regel", "voorwaarde", "tabelregel", "gegeven", "norm", "open term", "oordeel"]


class Fact(Struct, frozen=True, gc=False):
    """A datum that goes in, with where it came from.

    `source` is a label for people ("Basisregistratie Personen", "uw opgave"); `verified` says whether a register or a
    clerk vouches for it; `note` is the reason of a clerk with a judgement. `value` is checked against the type of the datum
    when the law is applied.
    """

    value: object
    source: str = "uw opgave"
    verified: bool = False
    moment: datetime | None = None
    note: str = ""


class Ground(Struct, frozen=True, gc=False):
    """Where something stands in the law. `url` is None where the law has no BWB id (ordinances)."""

    law: str
    law_name: str
    article: str
    bwb: str | None = None
    url: str | None = None
    title: str = ""


class TraceNode(Struct, frozen=True, gc=False):
    """One step: a rule, a condition, a line of a table, or a fact it rests on.

    `text` is the value for people; `say` the sentence the law file gives for this state (or ""). `verified` is false when
    the fact behind it was not verified. `note` says what is special: of a norm of an earlier year that year, of a judgement
    the reason the clerk gave, of a condition that did not hold what would have to be so.
    """

    kind: Kind
    name: str
    label: str
    state: State
    text: str
    plain: object
    ground: Ground | None
    say: str = ""
    source: str = ""
    verified: bool = True
    note: str = ""
    children: tuple[TraceNode, ...] = ()


class Outcome(Struct, frozen=True, gc=False):
    """One result that was asked for. `verified` is false when anything it rests on in the law is not verified."""

    name: str
    label: str
    type: Type
    state: State
    plain: object
    text: str
    ground: Ground
    verified: bool
    missing: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether the law could decide."""
        return self.state != "onbekend"

    @property
    def value(self) -> Value:
        """The exact value; None when unknown or when the law says there is none."""
        return from_plain(self.type, cast(Plain, self.plain))


class Missing(Struct, frozen=True, gc=False):
    """A datum that must be asked before the law can decide (Awb 4:2, 4:5)."""

    name: str
    label: str
    type: Type
    question: str
    help: str
    ground: Ground | None


class OpenJudgement(Struct, frozen=True, gc=False):
    """A human judgement the outcome waits for."""

    name: str
    label: str
    question: str
    attention: tuple[str, ...]
    ground: Ground


class Scenario(Struct, frozen=True, gc=False):
    """What the outcomes are under these answers to the open judgements."""

    answers: dict[str, bool]
    outcomes: dict[str, Outcome]


class Unfilled(Struct, frozen=True, gc=False):
    """An open term that this municipality has not filled (or whose content was not found) and that has no default."""

    name: str
    label: str
    ground: Ground
    sentence: str


class Unverified(Struct, frozen=True, gc=False):
    """A legal fact the decision rests on that was not verified: shown on pages and in letters."""

    label: str
    ground: Ground
    source: str
    note: str


class LawVersion(Struct, frozen=True, gc=False):
    """A text that was applied."""

    id: str
    name: str
    valid_from: date
    valid_to: date | None
    read: date | None
    bwb: str | None = None
    cvdr: str | None = None
    gemeenten: tuple[str, ...] = ()


class Wish(Struct, frozen=True, gc=False):
    """A condition that did not hold, as what would have to be so."""

    text: str
    ground: Ground


class Change(Struct, frozen=True, gc=False):
    """Another outcome that was within reach: if all `wishes` were so, it would be `becomes`.

    `certain` is false when other conditions of the same rule are not known yet.
    """

    wishes: tuple[Wish, ...]
    becomes: str
    certain: bool


class Decision(Struct, frozen=True, gc=False):
    """The answer of the law to one set of facts on one date. `trace` has one node for each of `wanted`, in that order."""

    law: str
    on: date
    gemeente: str | None
    wanted: tuple[str, ...]
    outcomes: dict[str, Outcome]
    changes: dict[str, tuple[Change, ...]]
    missing: tuple[Missing, ...]
    judgements: tuple[OpenJudgement, ...]
    scenarios: tuple[Scenario, ...]
    unfilled: tuple[Unfilled, ...]
    unverified: tuple[Unverified, ...]
    trace: tuple[TraceNode, ...]
    texts: tuple[LawVersion, ...]

    @property
    def complete(self) -> bool:
        """Whether everything that was asked is decided: no datum, judgement or open term is missing."""
        return all(outcome.known for outcome in self.outcomes.values())

    def value(self, name: str) -> Value:
        """The exact value of an outcome."""
        return self.outcomes[name].value

    def to_json(self) -> bytes:
        """The one JSON form of this decision: same decision, same bytes."""
        return msgspec.json.encode(self, order="deterministic")

    @staticmethod
    def from_json(data: bytes | str) -> Decision:
        """Read what `to_json` wrote. Raises `msgspec.ValidationError` on anything else."""
        return msgspec.json.decode(data, type=Decision)


prepare(Decision)
