"""A law that was read: names have a type, expressions a tree, and everything knows its article and its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from vliegwiel.base.sourcefile import Position
from vliegwiel.law.decision import Ground
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.values import Value
from vliegwiel.law.lawfile import Afterwards, ExampleSpec, HitPolicy, LawKind, PartValidity, Shelf, Validity
from vliegwiel.law.types import Type


@dataclass(frozen=True, slots=True)
class Basis:
    """What vouches for a piece of law: the article, where it was read, and whether that was verified."""

    ground: Ground
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read and checked. `type` is what it gives."""

    tree: tree.Node
    text: str
    type: Type
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table."""

    tests: tree.UnaryTests
    text: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with placeholders: plain text and names (`grens`, `bedrag.alleen`) in turn. `fixed` is the sentence itself
    where it has no placeholder."""

    parts: tuple[tuple[str, str | None], ...]
    fixed: str | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        plain = all(name is None for _, name in self.parts)
        object.__setattr__(self, "fixed", "".join(text for text, _ in self.parts) if plain else None)

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders."""
        return tuple(name for _, name in self.parts if name is not None)


@dataclass(frozen=True, slots=True)
class Sayings:
    """The sentences for an outcome; None where the file gives none."""

    yes: Template | None = None
    no: Template | None = None
    unknown: Template | None = None
    value: Template | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A rule that is one expression."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Fixed:
    """A fixed value (an ordinance fills an open term)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of a rule. `validity` is None when it holds as long as the text."""

    expression: Expression
    basis: Basis
    says: Sayings
    change: Template | None
    at: Position = field(compare=False)
    validity: PartValidity | None = None


@dataclass(frozen=True, slots=True)
class Conditions:
    """A rule that is a list of conditions: all of them, or at least one."""

    every: bool
    items: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: a cell per column (None: anything). `validity` is None when it holds as long as the text."""

    cells: tuple[Cell | None, ...]
    output: Expression
    because: Template | None
    basis: Basis
    at: Position = field(compare=False)
    validity: PartValidity | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A decision table. `order` ranks outputs for the policies P and O."""

    policy: HitPolicy
    columns: tuple[Expression, ...]
    lines: tuple[Line, ...]
    order: tuple[Value, ...]


Body: TypeAlias = Formula | Fixed | Conditions | Table


@dataclass(frozen=True, slots=True)
class Datum:
    """What must be given. `register` and `register_field` say which register holds it, where the text says so."""

    name: str
    label: str
    type: Type
    question: str
    help: str
    ground: Ground | None
    file: str
    at: Position = field(compare=False)
    register: str = ""
    register_field: str = ""


@dataclass(frozen=True, slots=True)
class NormValue:
    """The value of a norm from a date on. None: the file says that the value from this date on was not found."""

    start: date
    value: Value
    basis: Basis
    note: str


@dataclass(frozen=True, slots=True)
class Norm:
    """A dated amount or number. `rows` are in order of date."""

    name: str
    label: str
    type: Type
    ground: Ground
    shelf: Shelf
    afterwards: Afterwards
    rows: tuple[NormValue, ...]
    file: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class OpenTerm:
    """What an ordinance may fill. `fallback` is the default of the law."""

    name: str
    label: str
    type: Type
    basis: Basis
    fallback: Expression | None
    not_ruled: str
    file: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class JudgementQuestion:
    """What a person must judge."""

    name: str
    label: str
    question: str
    attention: tuple[str, ...]
    ground: Ground
    says: Sayings
    file: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """What the law says about one thing. A filled open term is one too (`fills`)."""

    name: str
    label: str
    type: Type
    basis: Basis
    body: Body
    says: Sayings
    file: str
    at: Position = field(compare=False)
    fills: bool = False


@dataclass(frozen=True, slots=True)
class Deviation:
    """A rule of a general law that this text replaces for its own decisions.

    `says` has only the sentences that this text gives anew; the others stay those of the general rule.
    """

    law: str
    rule: str
    type: Type
    basis: Basis
    body: Body
    says: Sayings
    file: str
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Article:
    """An article that a file names, in the order of the file. `modelled` is false where the file says that it leaves it out."""

    number: str
    basis: Basis
    modelled: bool
    at: Position = field(compare=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A law or an ordinance that was read. `fills` names the law of an ordinance, `allowed_by` the article of it that lets it;
    `open_questions` is what a lawyer still has to settle and is no single fact; `outcomes` the rules that people ask for."""

    id: str
    name: str
    kind: LawKind
    validity: Validity
    read: date | None
    bwb: str | None
    cvdr: str | None
    file: str
    uses: tuple[str, ...]
    fills: str | None
    gemeenten: tuple[str, ...]
    data: Mapping[str, Datum]
    norms: Mapping[str, Norm]
    open_terms: Mapping[str, OpenTerm]
    judgements: Mapping[str, JudgementQuestion]
    rules: Mapping[str, Rule]
    filled: Mapping[str, Rule]
    deviations: tuple[Deviation, ...]
    examples: tuple[ExampleSpec, ...]
    articles: tuple[Article, ...]
    allowed_by: str = ""
    part: str = ""
    open_questions: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()

    @property
    def not_modelled(self) -> tuple[str, ...]:
        """The numbers of the articles that the file leaves out."""
        return tuple(article.number for article in self.articles if not article.modelled)

    def type_of(self, name: str) -> Type | None:
        """The type of a name of this text, or None."""
        for group in (self.data, self.norms, self.open_terms, self.rules):
            found = group.get(name)
            if found is not None:
                return found.type
        return None
