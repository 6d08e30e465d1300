"""The parts of the page of a law: what stands under each article, ready to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .shelf import LawCard, Town


@dataclass(frozen=True, slots=True)
class Standing:
    """Where something stands and who vouches for it."""

    article: str
    url: str | None
    source: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Expressed:
    """An expression: in words (empty where FEEL is clearer) and as it is written."""

    words: str
    feel: str

    @property
    def text(self) -> str:
        """The words where there are any."""
        return self.words or self.feel


@dataclass(frozen=True, slots=True)
class ConditionPart:
    """A condition with its sentences."""

    said: Expressed
    yes: str
    no: str
    change: str
    standing: Standing
    own: bool
    """Whether its article, source or standing differs from that of its rule."""
    period: str
    """When it holds, in words; empty when as long as the text."""


@dataclass(frozen=True, slots=True)
class RowPart:
    """A line of a table."""

    cells: tuple[Expressed, ...]
    output: Expressed
    because: str
    standing: Standing
    own: bool
    period: str


@dataclass(frozen=True, slots=True)
class TablePart:
    """A decision table. `policy` says in words which lines count."""

    policy: str
    columns: tuple[Expressed, ...]
    rows: tuple[RowPart, ...]

    @property
    def has_reasons(self) -> bool:
        """Whether any line says why."""
        return any(row.because or row.period for row in self.rows)

    @property
    def has_own(self) -> bool:
        """Whether any line stands on its own article or source."""
        return any(row.own for row in self.rows)


@dataclass(frozen=True, slots=True)
class BodyPart:
    """How a rule works: exactly one of these is filled."""

    formula: Expressed | None = None
    fixed: str = ""
    every: bool = True
    conditions: tuple[ConditionPart, ...] = ()
    table: TablePart | None = None

    @property
    def short(self) -> str:
        """In one line, where that is possible."""
        if self.formula is not None:
            return self.formula.text
        return self.fixed


@dataclass(frozen=True, slots=True)
class RulePart:
    """A rule, or an open term that an ordinance fills. `says` are its sentences with the state they are for."""

    name: str
    label: str
    kind: str
    standing: Standing
    body: BodyPart
    says: tuple[tuple[str, str], ...]
    line: int


@dataclass(frozen=True, slots=True)
class NormRowPart:
    """The value of a norm from a date on; `current` when it counts on the date of the page."""

    start: date
    values: tuple[str, ...]
    standing: Standing
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class NormPart:
    """An amount or number with its dates. `fields` are the heads when it has several values."""

    name: str
    label: str
    kind: str
    standing: Standing
    fields: tuple[str, ...]
    rows: tuple[NormRowPart, ...]
    shelf: str


@dataclass(frozen=True, slots=True)
class FillPart:
    """How a municipality fills an open term."""

    towns: tuple[Town, ...]
    text: str
    text_name: str
    rule: RulePart


@dataclass(frozen=True, slots=True)
class OpenTermPart:
    """What the law leaves to municipalities. `default` is what counts elsewhere, None where nothing does."""

    name: str
    label: str
    kind: str
    standing: Standing
    default: Expressed | None
    not_ruled: str
    fills: tuple[FillPart, ...]


@dataclass(frozen=True, slots=True)
class JudgementPart:
    """What a person judges."""

    name: str
    label: str
    question: str
    attention: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True, slots=True)
class DeviationPart:
    """A rule of a general law that this one replaces."""

    law: str
    law_name: str
    rule: RulePart


@dataclass(frozen=True, slots=True)
class ArticlePart:
    """An article with all that the file says about it."""

    number: str
    title: str
    standing: Standing
    modelled: bool
    rules: tuple[RulePart, ...]
    norms: tuple[NormPart, ...]
    open_terms: tuple[OpenTermPart, ...]
    judgements: tuple[JudgementPart, ...]
    deviations: tuple[DeviationPart, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing stands under it."""
        return not (self.rules or self.norms or self.open_terms or self.judgements or self.deviations)


@dataclass(frozen=True, slots=True)
class DatumPart:
    """A datum that must be given."""

    name: str
    label: str
    kind: str
    question: str
    help: str
    register: str


@dataclass(frozen=True, slots=True)
class ExamplePart:
    """An example: what is given, what must come out, and whether it does. `problems` are sentences; `number` counts from 1."""

    number: int
    name: str
    on: date
    town: Town | None
    given: tuple[tuple[str, str], ...]
    expected: tuple[tuple[str, str], ...]
    asks: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VersionLink:
    """A version of the text, or a day on which an amount changes."""

    start: date
    end: date | None
    current: bool


@dataclass(frozen=True, slots=True)
class TextLink:
    """Another law or ordinance."""

    id: str
    name: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class ProductLink:
    """A product that stands on this law."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class LawPage:
    """A law or ordinance as a page. `changes` are days on which something in it changes; `law` is what is tried on its page;
    `questions` is what a lawyer still has to settle."""

    card: LawCard
    on: date
    law: str
    file: str
    part: str
    allowed_by: str
    versions: tuple[VersionLink, ...]
    changes: tuple[date, ...]
    articles: tuple[ArticlePart, ...]
    data: tuple[DatumPart, ...]
    examples: tuple[ExamplePart, ...]
    sources: tuple[str, ...]
    questions: tuple[str, ...]
    uses: tuple[TextLink, ...]
    used_by: tuple[TextLink, ...]
    ordinances: tuple[TextLink, ...]
    products: tuple[ProductLink, ...]

    @property
    def modelled(self) -> tuple[ArticlePart, ...]:
        """Articles that the file works out."""
        return tuple(article for article in self.articles if article.modelled)

    @property
    def not_modelled(self) -> tuple[ArticlePart, ...]:
        """Articles that the file leaves out, and says so."""
        return tuple(article for article in self.articles if not article.modelled)

    @property
    def wrong_examples(self) -> int:
        """How many examples do not come out as they say."""
        return sum(bool(example.problems) for example in self.examples)
