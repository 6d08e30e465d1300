"""A product: what a resident can get or must report, complete with its pattern; and the same for one municipality on a date."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Literal

from vliegwiel.base.sourcefile import NOWHERE, MapNode
from vliegwiel.base.sourcemarks import Doc, Key, NotEmpty, Pattern
from vliegwiel.trust.identity import Level

from .facts import (
    Basis,
    Condition,
    Filled,
    Fixed,
    MunicipalityCode,
    ProductKey,
    Slug,
    Source,
    Span,
    Term,
    Text,
    Version,
)
from .form import Document, Field, PreCheck, Step
from .keyed import by_key, find
from .process import Process
from .variant import DeviationKind


@dataclass(frozen=True, slots=True)
class UplName:
    """The name in the Uniforme Productnamenlijst."""

    name: Annotated[Filled, Key("naam")]
    uri: Annotated[str, Pattern(r"http://standaarden\.overheid\.nl/owms/terms/\S+", "een URI uit de UPL")]


@dataclass(frozen=True, slots=True)
class PatternUse:
    """Which pattern a product runs on, and which of its openings are open."""

    key: Annotated[Slug, Key("sleutel")]
    slots: Annotated[tuple[Slug, ...], Key("met")] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """The texts of the product page, before login."""

    summary: Annotated[Filled, Key("samenvatting")]
    what: Annotated[Filled, Key("wat")]
    cost: Annotated[Filled, Key("kosten")]
    duration: Annotated[Filled, Key("hoe_lang")]
    needed: Annotated[tuple[Filled, ...], Key("nodig")] = ()
    good_to_know: Annotated[tuple[Filled, ...], Key("goed_om_te_weten")] = ()


@dataclass(frozen=True, slots=True)
class Processing:
    """Why personal data may be used (Logboek Dataverwerkingen, AVG art. 6)."""

    activity: Annotated[Filled, Key("activiteit"), Doc("naam van de verwerkingsactiviteit")]
    purpose: Annotated[Filled, Key("doel")]
    basis: Annotated[Basis, Key("grondslag")]


@dataclass(frozen=True, slots=True)
class Need:
    """A datum that a register knows, so that nobody is asked.

    `key` is the name under which registers, law and conditions know it. `question` and `why_not` fill the list "dit hebben
    we u niet gevraagd". `shown` data stand on the page "kloppen uw gegevens" under `group`.
    """

    key: Annotated[Filled, Key("sleutel")]
    register: Annotated[Filled, Key("register")]
    label: Annotated[Filled, Key("label")]
    question: Annotated[str, Key("vraag"), Doc("de vraag die nu niet gesteld wordt")] = ""
    why_not: Annotated[str, Key("waarom_niet")] = ""
    group: Annotated[str, Key("groep")] = ""
    shown: Annotated[bool, Key("getoond")] = True
    required: Annotated[bool, Key("nodig"), Doc("kan de aanvraag niet verder zonder dit gegeven")] = True
    ask: Annotated[str, Key("anders_vragen"), Doc("veld dat dit vraagt als het register het niet weet")] = ""
    basis: Annotated[Basis | None, Key("grondslag")] = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A way to ask for the product."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    level: Annotated[Literal["basis", "midden", "substantieel", "hoog"] | None, Key("niveau")] = None
    basis: Annotated[Basis | None, Key("grondslag")] = None
    note: Annotated[str, Key("uitleg")] = ""


@dataclass(frozen=True, slots=True)
class LawFact:
    """A datum of the law and where it comes from: FEEL over the names of `needs` and of the fields of the form.

    As a derived result: FEEL over the results of the law as well.
    """

    key: Annotated[Filled, Key("sleutel"), Doc("naam van het gegeven in de wet")]
    is_: Annotated[Condition, Key("is")]


@dataclass(frozen=True, slots=True)
class WantedRule:
    """A rule of the law whose result the product needs, and the name it has here."""

    key: Annotated[Slug, Key("sleutel")]
    rule: Annotated[Filled, Key("regel"), Doc("naam van de regel in de wet")]
    label: Annotated[str, Key("label"), Doc("hoe het heet op pagina's en in brieven")] = ""
    amount: Annotated[bool, Key("bedrag"), Doc("telt als bedrag in de uitkomst")] = False


@dataclass(frozen=True, slots=True)
class LawUse:
    """The law that decides, and which of its results the product needs."""

    law: Annotated[Filled, Key("naam"), Doc("de naam van de wet in definitions/wetten")]
    rules: Annotated[tuple[WantedRule, ...], Key("regels"), NotEmpty()]
    facts: Annotated[tuple[LawFact, ...], Key("feiten"), Doc("alleen wat in de wet anders heet dan hier")] = ()
    derived: Annotated[tuple[LawFact, ...], Key("afgeleid"), Doc("resultaten die uit andere volgen")] = ()


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """A row of the table that turns results of the law into an outcome; the first that holds counts."""

    outcome: Annotated[Slug, Key("dan")]
    when: Annotated[Condition | None, Key("als"), Doc("FEEL over de sleutels van 'wet' en de feiten")] = None
    reason: Annotated[str, Key("omdat")] = ""
    basis: Annotated[Basis | None, Key("grondslag")] = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case can end (or be sent elsewhere). The result word and retention follow from `selectielijst`."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam"), Doc("het woord op het etiket")]
    kind: Annotated[
        Literal["toekennen", "deels", "wachtlijst", "weigeren", "elders", "niet_behandelen", "ingetrokken"],
        Key("soort"),
    ]
    sentence: Annotated[Filled, Key("zin")]
    selectielijst: Annotated[
        str, Pattern(r"[0-9]+(\.[0-9]+){1,2}", "een nummer uit de selectielijst als 5.1.6"), Key("selectielijst")
    ] = ""
    decision: Annotated[bool, Key("besluit"), Doc("is dit een besluit in de zin van de Awb")] = True
    change: Annotated[str, Key("wat_maakt_het_anders")] = ""
    letter: Annotated[tuple[Slug, ...], Key("brief"), Doc("de tekstblokken van de brief, in volgorde")] = ()
    grants: Annotated[bool, Key("verleent")] = False
    verified: Annotated[bool, Key("geverifieerd")] = True


@dataclass(frozen=True, slots=True)
class FeePart:
    """A part of the price. The amount is the result of a rule of the law; `when` tells for whom an extra part counts."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    rule: Annotated[Slug, Key("regel"), Doc("sleutel uit 'wet'")]
    when: Annotated[Condition | None, Key("als")] = None
    goes_to: Annotated[Literal["gemeente", "rijk"], Key("voor")] = "gemeente"


@dataclass(frozen=True, slots=True)
class Fee:
    """What it costs. `rhythm` says per what; `basis` is the ordinance."""

    parts: Annotated[tuple[FeePart, ...], Key("delen"), NotEmpty()]
    basis: Annotated[Basis, Key("grondslag")]
    rhythm: Annotated[Literal["eenmalig", "maand", "kwartaal", "halfjaar", "jaar"], Key("per")] = "eenmalig"
    pay: Annotated[Literal["bij_aanvraag", "bij_ophalen", "na_besluit"], Key("betalen")] = "bij_aanvraag"


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long it takes in practice along one channel (a promise, not the legal term)."""

    key: Annotated[Slug, Key("sleutel"), Doc("sleutel van het kanaal")]
    span: Annotated[Span, Key("duur")]
    source: Annotated[str, Key("bron")] = ""
    verified: Annotated[bool, Key("geverifieerd")] = True


@dataclass(frozen=True, slots=True)
class Terms:
    """The legal decision term, its extension, and what the municipality promises."""

    decide: Annotated[Term, Key("beslissen")]
    extend: Annotated[Term | None, Key("verdagen")] = None
    service: Annotated[tuple[LeadTime, ...], Key("levertijd")] = ()
    collect: Annotated[Term | None, Key("ophalen"), Doc("binnen hoe lang het opgehaald moet zijn")] = None
    begins: Annotated[
        str,
        Key("vanaf_regel"),
        Doc("sleutel uit 'wet' die de dag geeft waarna de beslistermijn telt; leeg: de ontvangst"),
    ] = ""


@dataclass(frozen=True, slots=True)
class Objection:
    """How to object (Awb 3:45), or to appeal to the court where objecting was what this is about."""

    term: Annotated[Term, Key("termijn")]
    text: Annotated[Slug, Key("tekst"), Doc("sleutel van het tekstblok")]
    kind: Annotated[Literal["bezwaar", "beroep"], Key("soort"), Doc("bij de gemeente, of bij de rechter")] = "bezwaar"


@dataclass(frozen=True, slots=True)
class Automatic:
    """Which outcomes may be decided without a human, and where that is allowed."""

    outcomes: Annotated[tuple[Slug, ...], Key("uitkomsten"), NotEmpty()]
    basis: Annotated[Basis, Key("grondslag")]
    condition: Annotated[Condition | None, Key("als")] = None


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a granted decision gives. `until` names a rule of the law, `span` a fixed length; neither means open-ended."""

    kind: Annotated[Literal["vergunning", "document", "uitkering", "inschrijving"], Key("soort")]
    name: Annotated[Filled, Key("naam")]
    until: Annotated[str, Key("tot_regel"), Doc("sleutel uit 'wet' (regels of afgeleid) die de einddatum geeft")] = ""
    span: Annotated[Span | None, Key("duur")] = None
    renewable: Annotated[bool, Key("verlengbaar")] = False


@dataclass(frozen=True, slots=True)
class Appointment:
    """When somebody has to come by."""

    reason: Annotated[Filled, Key("waarvoor")]
    when: Annotated[Condition | None, Key("als")] = None
    minutes: Annotated[int, Key("minuten")] = 10
    bring: Annotated[tuple[Filled, ...], Key("meenemen")] = ()


@dataclass(frozen=True, slots=True)
class CaseType:
    """The words of the ZGW zaaktype that do not follow from the rest (RGBZ/ImZTC)."""

    purpose: Annotated[Filled, Key("doel")]
    cause: Annotated[Filled, Key("aanleiding")]
    subject: Annotated[Filled, Key("onderwerp")]
    initiator_does: Annotated[Filled, Key("handeling_initiator")]
    handler_does: Annotated[Filled, Key("handeling_behandelaar")]
    process_type: Annotated[int, Key("procestype"), Doc("nummer in de selectielijst 2020")]
    confidentiality: Annotated[
        Literal["openbaar", "beperkt_openbaar", "intern", "zaakvertrouwelijk", "vertrouwelijk"],
        Key("vertrouwelijkheid"),
    ] = "zaakvertrouwelijk"
    responsible: Annotated[str, Key("verantwoordelijke")] = "college van burgemeester en wethouders"


@dataclass(frozen=True, slots=True)
class Expected:
    """What an example must give. Amounts by the key of the wanted rule, as the law writes them."""

    outcome: Annotated[Slug | None, Key("uitkomst"), Doc("weglaten: de wet kan nog niets zeggen")] = None
    amounts: Annotated[Mapping[str, str], Key("bedragen")] = field(default_factory=dict)
    conditional: Annotated[tuple[str, ...], Key("hangt_af_van"), Doc("oordelen die een mens nog moet geven")] = ()
    missing: Annotated[tuple[str, ...], Key("ontbreekt"), Doc("gegevens die nog gevraagd moeten worden")] = ()


NO_FACTS = MapNode((), NOWHERE)


@dataclass(frozen=True, slots=True)
class Example:
    """A worked case that always has to come out the same.

    `facts`: what registers and applicant say, by name; `like` takes over the facts of another example first, and a fact
    written as `onbekend` takes one away.
    """

    key: Annotated[Slug, Key("sleutel")]
    says: Annotated[Filled, Key("vertelt")]
    on: Annotated[date, Key("op")]
    expected: Annotated[Expected, Key("verwacht")]
    like: Annotated[str, Key("zoals")] = ""
    facts: Annotated[MapNode, Key("feiten")] = NO_FACTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """A product, complete: its own file laid over its pattern and shared blocks."""

    kind: Annotated[Literal["product"], Key("soort")]
    key: Annotated[ProductKey, Key("sleutel")]
    version: Annotated[Version, Key("versie")]
    name: Annotated[Filled, Key("naam")]
    upl: UplName
    pattern: Annotated[PatternUse, Key("patroon")]
    search_words: Annotated[tuple[Filled, ...], Key("zoekwoorden")] = ()
    sources: Annotated[tuple[Source, ...], Key("bronnen")]
    page: Annotated[Page, Key("pagina")]
    precheck: Annotated[PreCheck | None, Key("past_dit")] = None
    processing: Annotated[Processing, Key("verwerking")]
    needs: Annotated[tuple[Need, ...], Key("gegevens")]
    steps: Annotated[tuple[Step, ...], Key("stappen")]
    documents: Annotated[tuple[Document, ...], Key("stukken")] = ()
    channels: Annotated[tuple[Channel, ...], Key("kanalen"), NotEmpty()]
    law: Annotated[LawUse, Key("wet")]
    assessment: Annotated[tuple[OutcomeRow, ...], Key("uitkomst_als"), NotEmpty()]
    outcomes: Annotated[tuple[Outcome, ...], Key("uitkomsten")]
    fee: Annotated[Fee | None, Key("leges")] = None
    terms: Annotated[Terms, Key("termijnen")]
    entitlement: Annotated[Entitlement | None, Key("aanspraak")] = None
    appointment: Annotated[Appointment | None, Key("afspraak")] = None
    automatic: Annotated[Automatic | None, Key("automatisch")] = None
    four_eyes: Annotated[Condition | None, Key("vier_ogen"), Doc("FEEL: wanneer een tweede mens meekijkt")] = None
    process: Annotated[Process, Key("proces")]
    objection: Annotated[Objection, Key("bezwaar")]
    texts: Annotated[tuple[Text, ...], Key("teksten")]
    case_type: Annotated[CaseType, Key("zaaktype")]
    examples: Annotated[tuple[Example, ...], Key("voorbeelden"), NotEmpty()]
    fixed: Annotated[tuple[Fixed, ...], Key("vast")] = ()

    @property
    def upl_uri(self) -> str:
        """URI in the Uniforme Productnamenlijst."""
        return self.upl.uri

    @property
    def level(self) -> Level:
        """The lowest assurance level with which somebody may ask for this online."""
        levels = [Level[channel.level.upper()] for channel in self.channels if channel.level]
        return min(levels, default=Level.MIDDEN)

    def outcome(self, key: str) -> Outcome:
        """The outcome with this key. Raises `KeyError`."""
        return by_key(self.outcomes, key)

    def step(self, key: str) -> Step:
        """The step with this key. Raises `KeyError`."""
        return by_key(self.steps, key)

    def text(self, key: str) -> Text:
        """The text block with this key. Raises `KeyError`."""
        return by_key(self.texts, key)

    def document(self, key: str) -> Document:
        """The document with this key. Raises `KeyError`."""
        return by_key(self.documents, key)

    def need(self, key: str) -> Need:
        """The need for this datum. Raises `KeyError`."""
        return by_key(self.needs, key)

    def channel(self, key: str) -> Channel:
        """The channel with this key. Raises `KeyError`."""
        return by_key(self.channels, key)

    def source(self, key: str) -> Source | None:
        """The source with this key, or None (then the key is a source in words)."""
        return find(self.sources, key)

    def fields(self) -> Iterator[Field]:
        """All fields of the form, in order."""
        for step in self.steps:
            yield from step.fields


@dataclass(frozen=True, slots=True)
class Difference:
    """A deviation that is in force, as pages and letters show it."""

    path: Annotated[Filled, Key("pad")]
    kind: Annotated[DeviationKind, Key("soort")]
    reason: Annotated[Filled, Key("reden")]
    basis: Annotated[Basis | None, Key("grondslag")] = None
    source: Annotated[str, Key("bron")] = ""
    verified: Annotated[bool, Key("geverifieerd")] = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved(Product):
    """Pattern + product + variant: what one municipality runs. Immutable; a case keeps the `hash` it was opened under.

    `pattern_version` is the version of the pattern that flowed in. `hash` is the SHA-256 of the canonical JSON of all other
    fields (`vliegwiel.catalogue.canonical`).
    """

    municipality: Annotated[MunicipalityCode, Key("gemeente")]
    pattern_version: Annotated[Version, Key("patroonversie")]
    differences: Annotated[tuple[Difference, ...], Key("afwijkingen")] = ()
    hash: Annotated[str, Key("hash")] = ""
