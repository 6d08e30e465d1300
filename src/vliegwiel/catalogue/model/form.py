"""The form: only what no register knows, one question a page; the questions before login; the documents.

Conditions in a form are FEEL over what the citizen answered so far (by field key) and what the registers said (by the
name of the datum).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from vliegwiel.base.sourcemarks import Between, Doc, Key, NotEmpty, Refused

from .facts import Basis, Condition, Filled, Slug
from .keyed import by_key


class FieldKind(StrEnum):
    """What kind of answer a field takes. `vliegwiel.catalogue.answers` reads and checks each."""

    JA_NEE = "ja_nee"
    KEUZE = "keuze"
    MEERKEUZE = "meerkeuze"
    TEKST = "tekst"
    LANGE_TEKST = "lange_tekst"
    GETAL = "getal"
    GELD = "geld"
    DATUM = "datum"
    TIJD = "tijd"
    EMAIL = "email"
    TELEFOON = "telefoon"
    KENTEKEN = "kenteken"
    IBAN = "iban"
    ADRES = "adres"
    BESTAND = "bestand"
    PERSONEN = "personen"


@dataclass(frozen=True, slots=True)
class Choice:
    """One option of a choice."""

    value: Annotated[Filled, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    hint: Annotated[str, Key("uitleg")] = ""
    when: Annotated[Condition | None, Key("als")] = None
    basis: Annotated[Basis | None, Key("grondslag")] = None

    @property
    def key(self) -> str:
        """The value is the key."""
        return self.value


@dataclass(frozen=True, slots=True)
class Field:
    """One question.

    - `required`: absent means yes; `nee`, or FEEL, may make it optional.
    - `low`/`high`: bounds of a number or amount (euro), of the length of a text, of the number of choices.
    - `earliest`/`latest` (dates): FEEL that gives a date, in which `vandaag` is known.
    - `fact`: the name under which the law and the conditions know the answer (default: the key).
    - `options_from`: name of a datum whose values are the options (persons of the household, plates in one's name).
    - `empty`/`wrong`: the sentence that says what to do when nothing, or something that cannot be, was given.
    """

    key: Annotated[Slug, Key("sleutel")]
    kind: Annotated[FieldKind, Key("soort")]
    label: Annotated[Filled, Key("label")]
    empty: Annotated[str, Key("leeg"), Doc("wat te doen als er niets is ingevuld")] = ""
    wrong: Annotated[str, Key("fout"), Doc("wat te doen als het antwoord niet kan")] = ""
    hint: Annotated[str, Key("uitleg")] = ""
    required: Annotated[Condition | None, Key("verplicht")] = None
    when: Annotated[Condition | None, Key("tonen_als")] = None
    choices: Annotated[tuple[Choice, ...], Key("keuzes")] = ()
    lookup: Annotated[
        bool, Key("opzoeken"), Doc("adres: zoek het op in de BAG; gemeente, straat en woonplaats komen erbij")
    ] = False
    options_from: Annotated[str, Key("keuzes_uit")] = ""
    low: Annotated[Decimal | None, Key("min")] = None
    high: Annotated[Decimal | None, Key("max")] = None
    decimals: Annotated[int, Key("decimalen"), Between(0, 4)] = 0
    earliest: Annotated[Condition | None, Key("vanaf")] = None
    latest: Annotated[Condition | None, Key("tot")] = None
    unit: Annotated[str, Key("eenheid")] = ""
    fact: Annotated[str, Key("feit"), Doc("naam waaronder de wet dit antwoord kent")] = ""
    basis: Annotated[Basis | None, Key("grondslag"), Doc("waarom dit gevraagd mag worden")] = None
    documents: Annotated[tuple[str, ...], Key("soorten"), Doc("bestand: toegestane soorten")] = ("pdf", "jpg", "png")
    megabytes: Annotated[int, Key("megabytes"), Between(1, 50)] = 10

    def __post_init__(self) -> None:
        chooses = self.kind in (FieldKind.KEUZE, FieldKind.MEERKEUZE)
        if chooses and not self.choices and not self.options_from:
            raise Refused("Een keuze heeft 'keuzes' of 'keuzes_uit' nodig.")
        if self.choices and not chooses:
            raise Refused("Alleen 'keuze' en 'meerkeuze' hebben keuzes.", key="keuzes")
        if self.kind is FieldKind.PERSONEN and not self.options_from:
            raise Refused("Een personenlijst heeft 'keuzes_uit' nodig: het gegeven met de personen.")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise Refused(f"'min' ({self.low}) is groter dan 'max' ({self.high}).", key="min")

    @property
    def datum(self) -> str:
        """The name under which the law knows the answer."""
        return self.fact or self.key


@dataclass(frozen=True, slots=True)
class Step:
    """One page of the form: a title that is the question, and the fields that belong to it."""

    key: Annotated[Slug, Key("sleutel")]
    title: Annotated[Filled, Key("vraag")]
    fields: Annotated[tuple[Field, ...], Key("velden"), NotEmpty()]
    explanation: Annotated[str, Key("uitleg")] = ""
    when: Annotated[Condition | None, Key("tonen_als")] = None

    def field(self, key: str) -> Field:
        """The field with this key. Raises `KeyError`."""
        return by_key(self.fields, key)


@dataclass(frozen=True, slots=True)
class Advice:
    """What the check before login says. The first whose `when` holds is shown; without `when` it always holds."""

    key: Annotated[Slug, Key("sleutel")]
    kind: Annotated[Literal["ja", "nee", "let_op", "balie"], Key("soort")]
    sentence: Annotated[Filled, Key("zin")]
    when: Annotated[Condition | None, Key("als")] = None
    do: Annotated[str, Key("doe"), Doc("wat iemand dan het beste doet")] = ""
    basis: Annotated[Basis | None, Key("grondslag")] = None


@dataclass(frozen=True, slots=True)
class PreCheck:
    """ "Past dit bij u?": a few questions before login, and the advice that follows. Nothing is kept."""

    questions: Annotated[tuple[Field, ...], Key("vragen")]
    advices: Annotated[tuple[Advice, ...], Key("adviezen"), NotEmpty()]


@dataclass(frozen=True, slots=True)
class Document:
    """A document that is asked when `when` holds. `type` is the ZGW informatieobjecttype."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    type: Annotated[Filled, Key("soort"), Doc("omschrijving van het informatieobjecttype")]
    why: Annotated[Filled, Key("waarom")]
    when: Annotated[Condition | None, Key("als")] = None
    required: Annotated[bool, Key("verplicht")] = True
    many: Annotated[bool, Key("meer"), Doc("mogen het er meer zijn")] = False
    basis: Annotated[Basis | None, Key("grondslag")] = None
    verified: Annotated[bool, Key("geverifieerd")] = True
