"""Small things every definition is made of: a span of time, a legal basis, a source, and the types of keys and texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar, TypeAlias

from vliegwiel.base.sourcefile import KeyPath, Node, SourceText, TextNode
from vliegwiel.base.sourcemarks import Doc, Key, NotEmpty, Pattern, Refused

Slug: TypeAlias = Annotated[
    str, Pattern(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", "een sleutel van kleine letters, cijfers en lage streepjes")
]
ProductKey: TypeAlias = Annotated[
    str, Pattern(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", "een sleutel van kleine letters, cijfers en koppeltekens")
]
MunicipalityCode: TypeAlias = Annotated[str, Pattern(r"GM[0-9]{4}", "een gemeentecode als GM0546")]
Version: TypeAlias = Annotated[str, Pattern(r"[0-9]+\.[0-9]+\.[0-9]+", "een versie als 1.0.0")]
Filled: TypeAlias = Annotated[str, NotEmpty()]
Condition: TypeAlias = SourceText
"""FEEL over the names that hold where it stands; empty is not allowed, absence means `true`."""


class Unit(StrEnum):
    """What a span counts."""

    WERKDAGEN = "werkdagen"
    DAGEN = "dagen"
    WEKEN = "weken"
    MAANDEN = "maanden"
    JAREN = "jaar"


_UNITS = {
    "werkdag": Unit.WERKDAGEN, "werkdagen": Unit.WERKDAGEN, "dag": Unit.DAGEN, "dagen": Unit.DAGEN,
    "week": Unit.WEKEN, "weken": Unit.WEKEN, "maand": Unit.MAANDEN, "maanden": Unit.MAANDEN,
    "jaar": Unit.JAREN, "jaren": Unit.JAREN,
}  # fmt: skip
_ONE = {Unit.WERKDAGEN: "werkdag", Unit.DAGEN: "dag", Unit.WEKEN: "week", Unit.MAANDEN: "maand", Unit.JAREN: "jaar"}


@dataclass(frozen=True, slots=True)
class Span:
    """A number of days, working days, weeks, months or years, written as people say it: `8 weken`."""

    number: int
    unit: Unit

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read `2 werkdagen`. Raises `Refused` with what is allowed."""
        match = re.fullmatch(r"([0-9]{1,4}) ([a-z]+)", text)
        if not match or match[2] not in _UNITS:
            raise Refused(f"Hier hoort een duur als '8 weken'. Toegestaan: {', '.join(Unit)}. Er staat '{text}'.")
        return cls(int(match[1]), _UNITS[match[2]])

    @classmethod
    def from_source(cls, node: Node, name: str, path: KeyPath) -> Span:
        """Decode from a definition file."""
        if not isinstance(node, TextNode):
            raise Refused("Hier hoort een duur als '8 weken'.")
        return cls.parse(node.text)

    def __str__(self) -> str:
        return f"{self.number} {_ONE[self.unit] if self.number == 1 else self.unit}"

    def iso(self) -> str:
        """ISO 8601 duration. Working days have no sign there; they are given as days, the nearest that ZGW can hold."""
        letter = {
            Unit.WERKDAGEN: "D", Unit.DAGEN: "D", Unit.WEKEN: "W", Unit.MAANDEN: "M", Unit.JAREN: "Y",
        }[self.unit]  # fmt: skip
        return f"P{self.number}{letter}"


@dataclass(frozen=True, slots=True)
class Basis:
    """A legal basis: law or ordinance, article, where it was read. A bare text fills the law.

    `verified` is false where nobody saw the text; pages and letters then say so.
    """

    source_short: ClassVar[str] = "wet"

    law: Annotated[Filled, Key("wet")]
    article: Annotated[str, Key("artikel")] = ""
    source: Annotated[str, Key("bron"), Doc("sleutel uit 'bronnen', of een bron in woorden")] = ""
    verified: Annotated[bool, Key("geverifieerd")] = True

    def __str__(self) -> str:
        return f"{self.law}, artikel {self.article}" if self.article else self.law


@dataclass(frozen=True, slots=True)
class Source:
    """Where facts of a definition come from."""

    key: Annotated[Slug, Key("sleutel")]
    name: Annotated[Filled, Key("naam")]
    bwb: Annotated[str, Pattern(r"BWB[RV][0-9]{7}", "een BWB-nummer als BWBR0005537")] = ""
    cvdr: Annotated[str, Pattern(r"CVDR[0-9]+(/[0-9]+)?", "een CVDR-nummer als CVDR676790")] = ""
    read: Annotated[date | None, Key("tekst_van"), Doc("datum van de tekst die gelezen is")] = None
    note: Annotated[str, Key("opmerking")] = ""
    verified: Annotated[bool, Key("geverifieerd")] = True


def path_keys(path: str) -> tuple[str, ...]:
    """The keys of a dotted path. A key that holds a dot stands between quotes: `gegevens."adres.ontstaan".label`."""
    return tuple(part.strip('"') for part in re.findall(r'"[^"]*"|[^.]+', path))


@dataclass(frozen=True, slots=True)
class Fixed:
    """A path that national law fixes: no variant may touch it. `*` in the path stands for any one key."""

    path: Annotated[Filled, Key("pad")]
    basis: Annotated[Basis, Key("grondslag")]

    @property
    def keys(self) -> tuple[str, ...]:
        """The path, in keys."""
        return path_keys(self.path)


@dataclass(frozen=True, slots=True)
class Text:
    """A block of text for pages, messages and letters: Dutch (B1), paragraphs parted by an empty line.

    Placeholders stand as `{naam}`; `vliegwiel.catalogue.wording` lists the names that may be used.
    """

    key: Annotated[Slug, Key("sleutel")]
    body: Annotated[Filled, Key("tekst")]
    title: Annotated[str, Key("kop")] = ""
    when: Annotated[Condition | None, Key("als"), Doc("FEEL over de uitkomst van de wet; leeg is altijd")] = None


@dataclass(frozen=True, slots=True)
class Term:
    """A legal or promised term with its basis."""

    span: Annotated[Span, Key("duur")]
    basis: Annotated[Basis | None, Key("grondslag")] = None
    note: Annotated[str, Key("uitleg")] = ""
