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

# Keys that mean the same everywhere.
Source = Annotated[str | None, Doc("Waar dit is gelezen: een naam uit 'bronnen'.")]
Verified = Annotated[bool | None, Doc("nee: een jurist moet dit nog nakijken.")]
KindName = Annotated[SourceText, Doc("De soort: ja/nee, geld per maand, getal in jaar, datum, keuze ...")]
Options = Annotated[
    tuple[str, ...] | Mapping[str, str] | None, Doc("Bij soort keuze: een lijst, of naam en tekst voor mensen.")
]
Described = Annotated[str, Doc("Hoe dit heet in zinnen voor mensen.")]
FormulaText = Annotated[SourceText | None, Doc("Een FEEL-formule.")]


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

    van: Annotated[date, Doc("De eerste dag waarop dit geldt.")]
    tot: Annotated[date | None, Doc("De laatste dag waarop dit geldt. Weglaten: het geldt nog.")] = None

    def __post_init__(self) -> None:
        if self.tot is not None and self.tot < self.van:
            raise Refused("De laatste dag ligt voor de eerste.", key="tot")

    def holds(self, on: date) -> bool:
        """Whether a day lies within."""
        return self.van <= on and (self.tot is None or on <= self.tot)


@dataclass(frozen=True, slots=True)
class PartValidity:
    """From when or until when a part of a text holds; both days count. At least one of them."""

    source_any_of: ClassVar[tuple[str, ...]] = ("van", "tot")
    van: Annotated[date | None, Doc("De eerste dag waarop dit onderdeel geldt.")] = None
    tot: Annotated[date | None, Doc("De laatste dag waarop dit onderdeel geldt.")] = None

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
    naam: Annotated[
        str,
        Pattern(r"[A-Z][A-Za-z]{1,19}", "de naam van een register, zoals BRP"),
        Doc("Het register, zoals BRP of RDW."),
    ]
    veld: Annotated[str, Doc("Hoe het gegeven in dat register heet.")] = ""
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ArticleSpec:
    """An article that the file uses, or says it does not model."""

    titel: Annotated[str, Doc("Waar het artikel over gaat.")]
    gemodelleerd: Annotated[bool, Doc("nee: dit artikel is bewust niet in regels gezet.")] = True
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Kind:
    """The keys that say what kind of value something is."""

    soort: KindName
    keuzes: Options = None
    van: Annotated[SourceText | Kind | None, Doc("Bij soort lijst: waar het een lijst van is.")] = None
    velden: Annotated[Mapping[str, SourceText | Kind] | None, Doc("Bij groep: de onderdelen met hun soort.")] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class DatumSpec:
    """A datum that a person or a register gives."""

    soort: KindName
    vraag: Annotated[str, NotEmpty(), Doc("De vraag als niemand anders het weet.")]
    keuzes: Options = None
    van: Annotated[SourceText | Kind | None, Doc("Bij soort lijst: waar het een lijst van is.")] = None
    velden: Annotated[Mapping[str, SourceText | Kind] | None, Doc("Bij groep: de onderdelen met hun soort.")] = None
    uitleg: Annotated[str, Doc("Extra uitleg bij de vraag.")] = ""
    omschrijving: Described = ""
    artikel: Annotated[ArticleRef | None, Doc("Het artikel dat om dit gegeven vraagt.")] = None
    register: Annotated[RegisterSpec | None, Doc("Het register waar dit in staat.")] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NormRow:
    """The value of a norm from a date on."""

    source_short: ClassVar[str] = "waarde"
    waarde: Annotated[Node, Doc("De waarde vanaf deze dag; bij velden een lijst.")]
    bron: Source = None
    geverifieerd: Verified = None
    opmerking: Annotated[str, Doc("Wat een lezer van dit bedrag moet weten.")] = ""
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class IndexSpec:
    """A norm that follows another norm: each later value of that one gives a new value, by this formula.

    The formula knows `vorige` (the value until then), `index` (the new value of the norm that is followed) and
    `vorige_index` (its value until then).
    """

    volgt: Annotated[Id, Doc("De norm die wordt gevolgd.")]
    formule: Annotated[SourceText, Doc("De nieuwe waarde, met vorige, index en vorige_index.")]
    artikel: Annotated[ArticleRef, Doc("Het artikel dat zegt hoe wordt geïndexeerd.")]
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NormSpec:
    """An amount or number with a start date for each value."""

    soort: KindName
    artikel: Annotated[ArticleRef, Doc("Het artikel waar dit op rust.")]
    waarden: Annotated[Mapping[date, NormRow], NotEmpty(), Doc("De waarden: begindatum en bedrag of getal.")]
    velden: Annotated[tuple[Id, ...] | None, Doc("Namen van de onderdelen, als er per datum meer waarden zijn.")] = None
    houdbaar: Annotated[Shelf, Doc("Hoe lang een waarde geldt.")] = Shelf.UNTIL_NEXT
    daarna: Annotated[Afterwards, Doc("Wat geldt als er voor de datum geen waarde is.")] = Afterwards.UNKNOWN
    indexering: Annotated[IndexSpec | None, Doc("Hoe deze norm een andere norm volgt.")] = None
    omschrijving: Described = ""
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OpenTermSpec:
    """What the law leaves to the municipality. `standaard` is an expression."""

    soort: KindName
    artikel: Annotated[ArticleRef, Doc("Het artikel dat dit aan de gemeente overlaat.")]
    standaard: Annotated[SourceText | None, Doc("Een formule: wat geldt als geen verordening dit invult.")] = None
    keuzes: Options = None
    van: Annotated[SourceText | Kind | None, Doc("Bij soort lijst: waar het een lijst van is.")] = None
    velden: Annotated[Mapping[str, SourceText | Kind] | None, Doc("Bij groep: de onderdelen met hun soort.")] = None
    niet_geregeld: Annotated[str, Doc("De zin als geen verordening dit invult en er geen standaard is.")] = ""
    omschrijving: Described = ""
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Says:
    """Sentences for an outcome."""

    ja: Annotated[SourceText | None, Doc("De zin bij ja. {naam} wordt de waarde.")] = None
    nee: Annotated[SourceText | None, Doc("De zin bij nee.")] = None
    onbekend: Annotated[SourceText | None, Doc("De zin als het nog niet te zeggen is.")] = None
    waarde: Annotated[SourceText | None, Doc("De zin bij een andere uitkomst dan ja of nee.")] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class JudgementSpec:
    """A question that a person answers, with reasons."""

    artikel: Annotated[ArticleRef, Doc("Het artikel waar dit op rust.")]
    vraag: Annotated[str, NotEmpty(), Doc("De vraag die een medewerker beantwoordt, met reden.")]
    let_op: Annotated[tuple[str, ...], Doc("Waar de medewerker op let.")] = ()
    omschrijving: Described = ""
    uitleg: Annotated[Says, Doc("De zinnen bij de uitkomst.")] = Says()
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ConditionSpec:
    """One condition, with the sentence for each way it can go and what a person could change about it."""

    als: Annotated[SourceText, Doc("De voorwaarde: een formule die ja of nee geeft.")]
    ja: Annotated[SourceText | None, Doc("De zin als aan de voorwaarde is voldaan.")] = None
    nee: Annotated[SourceText | None, Doc("De zin als daar niet aan is voldaan.")] = None
    onbekend: Annotated[SourceText | None, Doc("De zin als dat nog niet te zeggen is.")] = None
    anders: Annotated[SourceText | None, Doc("Wat er anders moet zijn om hieraan te voldoen.")] = None
    geldig: Annotated[PartValidity | None, Doc("Wanneer deze voorwaarde geldt; weglaten is zo lang als de tekst.")] = (
        None
    )
    artikel: Annotated[ArticleRef | None, Doc("Het artikel waar dit op rust.")] = None
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LineSpec:
    """A line of a table. A column that is not named is `-`: anything."""

    dan: Annotated[SourceText | TextNode, Doc("De uitkomst van deze regel: een formule.")]
    als: Annotated[
        Mapping[str, SourceText | TextNode],
        Doc("Per kolom wat er moet gelden. Een kolom die ontbreekt, telt niet mee."),
    ] = field(default_factory=dict)
    omdat: Annotated[SourceText | None, Doc("De reden, als vervolg op 'omdat'.")] = None
    geldig: Annotated[PartValidity | None, Doc("Wanneer deze regel geldt; weglaten is zo lang als de tekst.")] = None
    artikel: Annotated[ArticleRef | None, Doc("Het artikel waar dit op rust.")] = None
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A decision table. `volgorde` orders the outputs for P and O, best first."""

    treffer: Annotated[
        HitPolicy, Doc("Hoe regels die passen samen een uitkomst geven: U, A, P, F, C, R, O, C+, C<, C> of C#.")
    ]
    invoer: Annotated[tuple[SourceText, ...], NotEmpty(), Doc("De kolommen: formules.")]
    regels: Annotated[tuple[LineSpec, ...], NotEmpty(), Doc("De regels van de tabel.")]
    volgorde: Annotated[tuple[SourceText, ...] | None, Doc("Bij P en O: de uitkomsten van best naar slechtst.")] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """A rule: exactly one of `formule`, `alle`, `een` or `tabel`."""

    source_one_of: ClassVar[tuple[str, ...]] = ("formule", "alle", "een", "tabel")
    soort: KindName
    artikel: Annotated[ArticleRef, Doc("Het artikel waar dit op rust.")]
    formule: FormulaText = None
    alle: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden die alle moeten gelden.")] = None
    een: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden waarvan er minstens één moet gelden.")] = None
    tabel: Annotated[TableSpec | None, Doc("Een beslistabel.")] = None
    keuzes: Options = None
    van: Annotated[SourceText | Kind | None, Doc("Bij soort lijst: waar het een lijst van is.")] = None
    velden: Annotated[Mapping[str, SourceText | Kind] | None, Doc("Bij groep: de onderdelen met hun soort.")] = None
    omschrijving: Described = ""
    uitleg: Annotated[Says, Doc("De zinnen bij de uitkomst.")] = Says()
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self)


@dataclass(frozen=True, slots=True)
class FillSpec:
    """How an ordinance fills an open term: exactly one of `waarde`, `formule`, `alle`, `een` or `tabel`."""

    source_one_of: ClassVar[tuple[str, ...]] = ("waarde", "formule", "alle", "een", "tabel")
    artikel: Annotated[ArticleRef, Doc("Het artikel van de verordening.")]
    waarde: Annotated[Node | None, Doc("Een vaste waarde.")] = None
    formule: FormulaText = None
    alle: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden die alle moeten gelden.")] = None
    een: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden waarvan er minstens één moet gelden.")] = None
    tabel: Annotated[TableSpec | None, Doc("Een beslistabel.")] = None
    uitleg: Annotated[Says, Doc("De zinnen bij de uitkomst.")] = Says()
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self)


def _one_of(spec: RuleSpec | FillSpec | DeviationSpec) -> None:
    keys = spec.source_one_of
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

    source_one_of: ClassVar[tuple[str, ...]] = ("waarde", "formule", "alle", "een", "tabel")
    regel: Annotated[
        SourceText,
        Pattern(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*", "een regel van een andere wet: wet.regel"),
        Doc("De regel waarvan wordt afgeweken: wet.regel."),
    ]
    artikel: Annotated[ArticleRef, Doc("Het artikel waar dit op rust.")]
    waarde: Annotated[Node | None, Doc("Een vaste waarde.")] = None
    formule: FormulaText = None
    alle: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden die alle moeten gelden.")] = None
    een: Annotated[tuple[ConditionSpec, ...] | None, Doc("Voorwaarden waarvan er minstens één moet gelden.")] = None
    tabel: Annotated[TableSpec | None, Doc("Een beslistabel.")] = None
    uitleg: Annotated[Says, Doc("De zinnen bij de uitkomst.")] = Says()
    bron: Source = None
    geverifieerd: Verified = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    def __post_init__(self) -> None:
        _one_of(self)


@dataclass(frozen=True, slots=True)
class ExampleSpec:
    """A case with the outcome it must have."""

    naam: Annotated[str, NotEmpty(), Doc("Wat dit geval laat zien.")]
    op: Annotated[date, Doc("De dag waarop wordt beslist.")]
    verwacht: Annotated[MapNode, Doc("Per regel, open term of norm wat eruit moet komen; onbekend mag ook.")]
    gegevens: Annotated[
        MapNode | None, Doc("De gegevens, oordelen en open termen van dit geval. Wat er niet staat, is onbekend.")
    ] = None
    vraagt: Annotated[tuple[SourceText, ...] | None, Doc("Precies wat er nog gevraagd moet worden.")] = None
    gemeente: Annotated[Gemeente | None, Doc("De gemeente van dit geval.")] = None
    zoals: Annotated[
        str | None, Doc("Een eerder voorbeeld uit dit bestand: zijn gegevens gelden hier ook, behalve wat anders is.")
    ] = None
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class LawSpec:
    """A law file."""

    source_tag: ClassVar[str] = "wet"
    id: Annotated[Id, Key("wet"), Doc("De naam voor de machine, ook in verwijzingen.")]
    naam: Annotated[str, NotEmpty(), Doc("Hoe de wet heet.")]
    soort: Annotated[LawKind, Doc("Wat voor tekst dit is.")]
    geldig: Annotated[Validity, Doc("Wanneer deze versie geldt.")]
    gelezen: Annotated[date, Doc("De geldigheidsdatum van de tekst die is gelezen.")]
    geverifieerd: Annotated[bool, Doc("Of alles in dit bestand is nagekeken, tenzij iets anders zegt.")]
    bron: Annotated[str, Doc("De bron van alles dat niets anders zegt.")]
    bronnen: Annotated[Mapping[str, str], NotEmpty(), Doc("Per korte naam waar het staat.")]
    artikelen: Annotated[
        Mapping[str, ArticleSpec], NotEmpty(), Doc("De artikelen die dit bestand gebruikt of bewust niet uitwerkt.")
    ]
    onderdeel: Annotated[str, Doc("Welk deel van de wet, als die in meer bestanden staat.")] = ""
    bwb: Annotated[str | None, Pattern(r"BWB[RV]\d{7}", "een BWB-nummer als BWBR0005537"), Doc("Het BWB-nummer.")] = (
        None
    )
    gebruikt: Annotated[tuple[Id, ...], Doc("Andere wetten waar regels naar verwijzen.")] = ()
    gegevens: Annotated[Mapping[Id, DatumSpec], Doc("Wat iemand of een register moet leveren.")] = field(
        default_factory=dict
    )
    normen: Annotated[Mapping[Id, NormSpec], Doc("Bedragen en getallen met een begindatum.")] = field(
        default_factory=dict
    )
    open_termen: Annotated[Mapping[Id, OpenTermSpec], Doc("Wat de wet aan de gemeente overlaat.")] = field(
        default_factory=dict
    )
    oordelen: Annotated[Mapping[Id, JudgementSpec], Doc("Wat een medewerker beoordeelt.")] = field(default_factory=dict)
    regels: Annotated[Mapping[Id, RuleSpec], Doc("De regels van de wet.")] = field(default_factory=dict)
    uitkomsten: Annotated[
        tuple[Id, ...],
        Doc("De regels waar iemand naar vraagt, de belangrijkste eerst; zonder: wat geen regel gebruikt."),
    ] = ()
    openstaand: Annotated[tuple[str, ...], Doc("Wat een jurist nog moet nagaan, een zin per punt.")] = ()
    wijkt_af: Annotated[tuple[DeviationSpec, ...], Doc("Regels van een algemene wet die hier anders zijn.")] = ()
    voorbeelden: Annotated[tuple[ExampleSpec, ...], Doc("Gevallen met de uitkomst die zij moeten hebben.")] = ()
    at: Position = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class OrdinanceSpec:
    """A file of a municipal ordinance."""

    source_tag: ClassVar[str] = "verordening"
    id: Annotated[Id, Key("verordening"), Doc("De naam voor de machine.")]
    naam: Annotated[str, NotEmpty(), Doc("Hoe de verordening heet.")]
    soort: Annotated[LawKind, Doc("Wat voor tekst dit is.")]
    vult: Annotated[Id, Doc("De wet waarvan deze verordening open termen invult.")]
    gemeente: Annotated[Gemeente | tuple[Gemeente, ...], Doc("De gemeentecode, of een lijst.")]
    grondslag: Annotated[ArticleRef, Doc("Het artikel van die wet dat dit toestaat.")]
    geldig: Annotated[Validity, Doc("Wanneer deze versie geldt.")]
    geverifieerd: Annotated[bool, Doc("Of alles in dit bestand is nagekeken, tenzij iets anders zegt.")]
    bron: Annotated[str, Doc("De bron van alles dat niets anders zegt.")]
    bronnen: Annotated[Mapping[str, str], NotEmpty(), Doc("Per korte naam waar het staat.")]
    artikelen: Annotated[Mapping[str, ArticleSpec], NotEmpty(), Doc("De artikelen van de verordening.")]
    cvdr: Annotated[
        str | None,
        Pattern(r"CVDR\d+(/\d+)?", "een CVDR-nummer als CVDR676790"),
        Doc("Het CVDR-nummer, als het bekend is."),
    ] = None
    gelezen: Annotated[date | None, Doc("Wanneer de tekst is gelezen.")] = None
    invulling: Annotated[Mapping[Id, FillSpec], Doc("Per open term van de wet een waarde, formule of tabel.")] = field(
        default_factory=dict
    )
    gegevens: Annotated[Mapping[Id, DatumSpec], Doc("Wat deze verordening extra nodig heeft.")] = field(
        default_factory=dict
    )
    normen: Annotated[Mapping[Id, NormSpec], Doc("Eigen bedragen en getallen.")] = field(default_factory=dict)
    oordelen: Annotated[Mapping[Id, JudgementSpec], Doc("Wat een medewerker beoordeelt.")] = field(default_factory=dict)
    regels: Annotated[Mapping[Id, RuleSpec], Doc("Eigen hulpregels.")] = field(default_factory=dict)
    openstaand: Annotated[tuple[str, ...], Doc("Wat een jurist nog moet nagaan, een zin per punt.")] = ()
    wijkt_af: Annotated[tuple[DeviationSpec, ...], Doc("Regels van een algemene wet die hier anders zijn.")] = ()
    voorbeelden: Annotated[tuple[ExampleSpec, ...], Doc("Gevallen met de uitkomst die zij moeten hebben.")] = ()
    at: Position = field(default=NOWHERE, compare=False, repr=False)

    @property
    def gemeenten(self) -> tuple[str, ...]:
        """The codes it holds for."""
        return (self.gemeente,) if isinstance(self.gemeente, str) else self.gemeente
