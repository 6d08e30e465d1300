"""The shape of a law file and of an ordinance file: what `docs/wetformaat.md` describes, as types.

Nothing is interpreted here: names may still be wrong and expressions unreadable. `vliegwiel.law.reading` checks that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar

from vliegwiel.base.sourcefile import NOWHERE, MapNode, Node, Position, SourceText, TextNode
from vliegwiel.base.sourcemarks import Doc, Key, NotEmpty, Pattern, Refused

Id = Annotated[str, Pattern(r"[a-z][a-z0-9_]*", "een naam van kleine letters, cijfers en lage streepjes")]
Gemeente = Annotated[str, Pattern(r"GM\d{4}", "een gemeentecode als GM0546")]
ArticleRef = Annotated[str, NotEmpty(), Pattern(r"\S+( .*)?", "een artikel, zoals '2.39' of '36 lid 1'")]


class LawKind(StrEnum):
    """What kind of text it is."""

    WET = "wet"
    AMVB = "algemene maatregel van bestuur"
    REGELING = "ministeriële regeling"
    BELEIDSREGEL = "beleidsregel"
    VERORDENING = "verordening"
    NADERE_REGEL = "nadere regel"
    BESLUIT = "besluit"


class HitPolicy(StrEnum):
    """How the lines of a table that match are combined (DMN 1.5, section 8.2.8)."""

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    COLLECT = "C"
    COLLECT_SUM = "C+"
    COLLECT_MIN = "C<"
    COLLECT_MAX = "C>"
    COLLECT_COUNT = "C#"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"


class Shelf(StrEnum):
    """How long the amounts of a row hold."""

    UNTIL_NEXT = "tot de volgende"
    CALENDAR_YEAR = "kalenderjaar"


class Afterwards(StrEnum):
    """What holds when no row is known for the date."""

    UNKNOWN = "onbekend"
    LAST_KNOWN = "laatste bekende"


@dataclass(frozen=True, slots=True)
class Validity:
    """From the first up to and including the last day; no last day means still in force."""

    van: date
    tot: date | None = None

    def __post_init__(self) -> None:
        if self.tot is not None and self.tot < self.van:
            raise Refused("De laatste dag ligt voor de eerste.", key="tot")

    def holds(self, on: date) -> bool:
        """Whether a day lies within."""
        return self.van <= on and (self.tot is None or on <= self.tot)


@dataclass(frozen=True, slots=True)
class PartValidity:
    """From when or until when a part of a text holds; both days count. At least one of them."""

    van: date | None = None
    tot: date | None = None

    def __post_init__(self) -> None:
        if self.van is None and self.tot is None:
            raise Refused("Hier hoort 'van', 'tot' of allebei.")
        if self.van is not None and self.tot is not None and self.tot < self.van:
            raise Refused("De laatste dag ligt voor de eerste.", key="tot")

    def holds(self, on: date) -> bool:
        """Whether a day lies within."""
        return (self.van is None or self.van <= on) and (self.tot is None or on <= self.tot)


@dataclass(frozen=True, slots=True)
class RegisterSpec:
    """The register that holds a datum, and its field there."""

    source_short: ClassVar[str] = "naam"
    naam: Annotated[str, Pattern(r"[A-Z][A-Za-z]{1,19}", "de naam van een register, zoals BRP")]
    veld: str = ""
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ArticleSpec:
    """An article that the file uses, or says it does not model."""

    titel: str
    gemodelleerd: bool = True
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """The keys that say what kind of value something is."""

    soort: SourceText
    keuzes: tuple[str, ...] | Mapping[str, str] | None = None
    van: SourceText | Kind | None = None
    velden: Mapping[str, SourceText | Kind] | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DatumSpec:
    """A datum that a person or a register gives."""

    soort: SourceText
    vraag: Annotated[str, NotEmpty(), Doc("De vraag als niemand anders het weet.")]
    keuzes: tuple[str, ...] | Mapping[str, str] | None = None
    van: SourceText | Kind | None = None
    velden: Mapping[str, SourceText | Kind] | None = None
    uitleg: str = ""
    omschrijving: str = ""
    artikel: ArticleRef | None = None
    register: Annotated[RegisterSpec | None, Doc("Het register waar dit in staat.")] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NormRow:
    """The value of a norm from a date on."""

    source_short: ClassVar[str] = "waarde"
    waarde: Node
    bron: str | None = None
    geverifieerd: bool | None = None
    opmerking: str = ""
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """A norm that follows another norm: each later value of that one gives a new value, by this formula.

    The formula knows `vorige` (the value until then), `index` (the new value of the norm that is followed) and
    `vorige_index` (its value until then).
    """

    volgt: Id
    formule: SourceText
    artikel: ArticleRef
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NormSpec:
    """An amount or number with a start date for each value."""

    soort: SourceText
    artikel: ArticleRef
    waarden: Annotated[Mapping[date, NormRow], NotEmpty()]
    velden: tuple[Id, ...] | None = None
    houdbaar: Shelf = Shelf.UNTIL_NEXT
    daarna: Afterwards = Afterwards.UNKNOWN
    indexering: IndexSpec | None = None
    omschrijving: str = ""
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenTermSpec:
    """What the law leaves to the municipality. `standaard` is an expression."""

    soort: SourceText
    artikel: ArticleRef
    standaard: SourceText | None = None
    keuzes: tuple[str, ...] | Mapping[str, str] | None = None
    van: SourceText | Kind | None = None
    velden: Mapping[str, SourceText | Kind] | None = None
    niet_geregeld: Annotated[str, Doc("De zin als geen verordening dit invult en er geen standaard is.")] = ""
    omschrijving: str = ""
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Says:
    """Sentences for an outcome."""

    ja: SourceText | None = None
    nee: SourceText | None = None
    onbekend: SourceText | None = None
    waarde: SourceText | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JudgementSpec:
    """A question that a person answers, with reasons."""

    artikel: ArticleRef
    vraag: Annotated[str, NotEmpty()]
    let_op: tuple[str, ...] = ()
    omschrijving: str = ""
    uitleg: Says = Says()
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """One condition, with the sentence for each way it can go and what a person could change about it."""

    als: SourceText
    ja: SourceText | None = None
    nee: SourceText | None = None
    onbekend: SourceText | None = None
    anders: Annotated[SourceText | None, Doc("Wat er anders moet zijn om hieraan te voldoen.")] = None
    geldig: Annotated[PartValidity | None, Doc("Wanneer deze voorwaarde geldt; weglaten is zo lang als de tekst.")] = (
        None
    )
    artikel: ArticleRef | None = None
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A line of a table. A column that is not named is `-`: anything."""

    dan: SourceText | TextNode
    als: Mapping[str, SourceText | TextNode] = field(default_factory=dict)
    omdat: SourceText | None = None
    geldig: Annotated[PartValidity | None, Doc("Wanneer deze regel geldt; weglaten is zo lang als de tekst.")] = None
    artikel: ArticleRef | None = None
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A decision table. `volgorde` orders the outputs for P and O, best first."""

    treffer: HitPolicy
    invoer: Annotated[tuple[SourceText, ...], NotEmpty()]
    regels: Annotated[tuple[LineSpec, ...], NotEmpty()]
    volgorde: tuple[SourceText, ...] | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule: exactly one of `formule`, `alle`, `een` or `tabel`."""

    soort: SourceText
    artikel: ArticleRef
    formule: SourceText | None = None
    alle: tuple[ConditionSpec, ...] | None = None
    een: tuple[ConditionSpec, ...] | None = None
    tabel: TableSpec | None = None
    keuzes: tuple[str, ...] | Mapping[str, str] | None = None
    van: SourceText | Kind | None = None
    velden: Mapping[str, SourceText | Kind] | None = None
    omschrijving: str = ""
    uitleg: Says = Says()
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self, ("formule", "alle", "een", "tabel"))


@dataclass(frozen=True, slots=True)
class FillSpec:
    """How an ordinance fills an open term: exactly one of `waarde`, `formule`, `alle`, `een` or `tabel`."""

    artikel: ArticleRef
    waarde: Node | None = None
    formule: SourceText | None = None
    alle: tuple[ConditionSpec, ...] | None = None
    een: tuple[ConditionSpec, ...] | None = None
    tabel: TableSpec | None = None
    uitleg: Says = Says()
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self, ("waarde", "formule", "alle", "een", "tabel"))


def _one_of(spec: RuleSpec | FillSpec | DeviationSpec, keys: tuple[str, ...]) -> None:
    present = [key for key in keys if getattr(spec, key) is not None]
    names = ", ".join(f"'{key}'" for key in keys)
    if not present:
        raise Refused(f"Hier mist een van deze sleutels: {names}.")
    if len(present) > 1:
        raise Refused(f"Hier mag maar één van deze sleutels staan: {names}.", key=present[1])


@dataclass(frozen=True, slots=True)
class DeviationSpec:
    """A special law or ordinance that departs from a rule of a general law (`awb.beslistermijn`).

    Exactly one of `waarde`, `formule`, `alle`, `een` or `tabel`.
    """

    regel: Annotated[
        SourceText, Pattern(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "een regel van een andere wet: wet.regel")
    ]
    artikel: ArticleRef
    waarde: Node | None = None
    formule: SourceText | None = None
    alle: tuple[ConditionSpec, ...] | None = None
    een: tuple[ConditionSpec, ...] | None = None
    tabel: TableSpec | None = None
    uitleg: Says = Says()
    bron: str | None = None
    geverifieerd: bool | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self, ("waarde", "formule", "alle", "een", "tabel"))


@dataclass(frozen=True, slots=True)
class ExampleSpec:
    """A case with the outcome it must have."""

    naam: Annotated[str, NotEmpty()]
    op: date
    verwacht: MapNode
    gegevens: MapNode | None = None
    vraagt: tuple[SourceText, ...] | None = None
    gemeente: Gemeente | None = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LawSpec:
    """A law file."""

    source_tag: ClassVar[str] = "wet"
    id: Annotated[Id, Key("wet")]
    naam: Annotated[str, NotEmpty()]
    soort: LawKind
    geldig: Validity
    gelezen: Annotated[date, Doc("De geldigheidsdatum van de tekst die is gelezen.")]
    geverifieerd: bool
    bron: str
    bronnen: Annotated[Mapping[str, str], NotEmpty()]
    artikelen: Annotated[Mapping[str, ArticleSpec], NotEmpty()]
    onderdeel: Annotated[str, Doc("Welk deel van de wet, als die in meer bestanden staat.")] = ""
    bwb: Annotated[str | None, Pattern(r"BWB[RV]\d{7}", "een BWB-nummer als BWBR0005537")] = None
    gebruikt: tuple[Id, ...] = ()
    gegevens: Mapping[Id, DatumSpec] = field(default_factory=dict)
    normen: Mapping[Id, NormSpec] = field(default_factory=dict)
    open_termen: Mapping[Id, OpenTermSpec] = field(default_factory=dict)
    oordelen: Mapping[Id, JudgementSpec] = field(default_factory=dict)
    regels: Mapping[Id, RuleSpec] = field(default_factory=dict)
    wijkt_af: tuple[DeviationSpec, ...] = ()
    voorbeelden: tuple[ExampleSpec, ...] = ()
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OrdinanceSpec:
    """A file of a municipal ordinance."""

    source_tag: ClassVar[str] = "verordening"
    id: Annotated[Id, Key("verordening")]
    naam: Annotated[str, NotEmpty()]
    soort: LawKind
    vult: Annotated[Id, Doc("De wet waarvan deze verordening open termen invult.")]
    gemeente: Gemeente | tuple[Gemeente, ...]
    grondslag: Annotated[ArticleRef, Doc("Het artikel van die wet dat dit toestaat.")]
    geldig: Validity
    geverifieerd: bool
    bron: str
    bronnen: Annotated[Mapping[str, str], NotEmpty()]
    artikelen: Annotated[Mapping[str, ArticleSpec], NotEmpty()]
    cvdr: Annotated[str | None, Pattern(r"CVDR\d+(/\d+)?", "een CVDR-nummer als CVDR676790")] = None
    gelezen: date | None = None
    invulling: Mapping[Id, FillSpec] = field(default_factory=dict)
    gegevens: Mapping[Id, DatumSpec] = field(default_factory=dict)
    normen: Mapping[Id, NormSpec] = field(default_factory=dict)
    oordelen: Mapping[Id, JudgementSpec] = field(default_factory=dict)
    regels: Mapping[Id, RuleSpec] = field(default_factory=dict)
    wijkt_af: tuple[DeviationSpec, ...] = ()
    voorbeelden: tuple[ExampleSpec, ...] = ()
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """The codes it holds for."""
        return (self.gemeente,) if isinstance(self.gemeente, str) else self.gemeente
