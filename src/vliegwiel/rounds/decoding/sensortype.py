"""A type of sensor as data: how the bytes of its messages are laid out. The schema of the files in `definitions/sensoren`.

The format can say less than a program, and that is meant: numbers at a place, bits of a number, a scale, blocks behind a
mark. So a file from a stranger can be wrong but can do no harm, and a person can read it beside the manual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from vliegwiel.base.sourcefile import NOWHERE, Position
from vliegwiel.base.sourcemarks import Between, Doc, Key, NotEmpty, Pattern, Refused

from .quantities import Quantity

LONGEST = 255
"""Bytes in a payload. LoRaWAN takes 242 at most (regional parameters RP002); cellular sensors seldom more."""

Filled = Annotated[str, NotEmpty()]
TypeKey = Annotated[str, Pattern(r"[a-z0-9]+(-[a-z0-9]+)*", "kleine letters, cijfers en streepjes")]
Hex = Annotated[str, Pattern(r"([0-9A-Fa-f]{2})*", "bytes als hexadecimale cijfers, twee per byte")]
Place = Annotated[int, Between(0, LONGEST - 1)]
Length = Annotated[int, Between(1, LONGEST)]
Port = Annotated[int, Between(0, 255)]


class Kind(StrEnum):
    """How a number is written: whole without or with sign, or floating (IEEE 754), and how many bits."""

    U8 = "u8"
    U16 = "u16"
    U24 = "u24"
    U32 = "u32"
    I8 = "i8"
    I16 = "i16"
    I32 = "i32"
    F32 = "f32"

    @property
    def size(self) -> int:
        """How many bytes."""
        return int(self.value[1:]) // 8


@dataclass(frozen=True, slots=True)
class Field:
    """One number in the bytes and what it means: (number × `scale`) + `plus`, in the unit of its quantity."""

    quantity: Annotated[Quantity, Key("grootheid")]
    place: Annotated[Place, Key("plaats"), Doc("Byte waar het getal begint; de eerste is 0")]
    kind: Annotated[Kind, Key("soort")]
    order: Annotated[Literal["groot", "klein"], Key("volgorde"), Doc("Hoogste of laagste byte voorop")] = "groot"
    bits: Annotated[tuple[Annotated[int, Between(0, 31)], ...], Doc("Eerste en laatste bit; bit 0 is de laagste")] = ()
    flag: Annotated[bool, Key("nul_of_een"), Doc("Alles behalve nul is 1")] = False
    scale: Annotated[Decimal, Key("maal")] = Decimal(1)
    plus: Decimal = Decimal(0)
    no_reading: Annotated[
        tuple[int, ...], Key("geen_meting"), Doc("Getallen waarmee de sensor zegt: niet gemeten")
    ] = ()

    def __post_init__(self) -> None:
        if self.bits and (len(self.bits) != 2 or self.bits[0] > self.bits[1] or self.bits[1] >= self.kind.size * 8):
            raise Refused("Geef twee bits: de eerste en de laatste, binnen het getal.", key="bits")
        if self.kind in {Kind.F32, Kind.I8, Kind.I16, Kind.I32} and self.bits:
            raise Refused("Bits kiezen kan alleen uit een getal zonder teken (u8, u16, u24, u32).", key="bits")

    @property
    def end(self) -> int:
        """The first byte behind it."""
        return self.place + self.kind.size


@dataclass(frozen=True, slots=True)
class FixedLayout:
    """Every number has its own place."""

    source_tag: ClassVar[str] = "velden"

    fields: Annotated[tuple[Field, ...], Key("velden"), NotEmpty()]


@dataclass(frozen=True, slots=True)
class Block:
    """A block behind a mark. `length` is its content; it may be left out where the message says it itself."""

    length: Annotated[Length | None, Key("lengte")] = None
    fields: Annotated[tuple[Field, ...], Key("velden")] = ()

    def __post_init__(self) -> None:
        if self.length is not None and any(field.end > self.length for field in self.fields):
            raise Refused("Een veld steekt uit het blok.", key="velden")


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """Blocks one behind another, each with a mark of `mark` bytes; with `length_first` a byte before the mark tells how
    many bytes follow it, so that unknown blocks can be passed over."""

    source_tag: ClassVar[str] = "blokken"

    blocks: Annotated[Mapping[Hex, Block], Key("blokken"), NotEmpty()]
    mark: Annotated[int, Between(1, 4), Key("merkbytes")] = 1
    length_first: Annotated[bool, Key("lengte_voorop")] = False

    def __post_init__(self) -> None:
        for mark, block in self.blocks.items():
            if len(mark) != 2 * self.mark:
                raise Refused(f"Het merk '{mark}' heeft geen {self.mark} bytes.", key="blokken")
            if block.length is None and not self.length_first:
                raise Refused(f"Het blok '{mark}' heeft een lengte nodig.", key="blokken")


@dataclass(frozen=True, slots=True)
class FlagLayout:
    """A number whose bits tell which groups follow: bit 0 the first group, and so on. Groups stand from byte `begin`."""

    source_tag: ClassVar[str] = "groepen"

    groups: Annotated[tuple[Block, ...], Key("groepen"), NotEmpty()]
    flags: Annotated[Place, Key("vlaggen"), Doc("Byte waar de twee bytes met vlaggen beginnen")]
    begin: Place

    def __post_init__(self) -> None:
        if len(self.groups) > 16 or any(group.length is None for group in self.groups):
            raise Refused("Er zijn hoogstens zestien groepen, elk met een lengte.", key="groepen")
        if self.begin < self.flags + 2:
            raise Refused("De groepen beginnen na de vlaggen.", key="begin")


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message. Ports, length and marks say which; without a layout it holds nothing to measure."""

    name: Annotated[Filled, Key("naam")]
    ports: Annotated[tuple[Port, ...], Key("poorten")] = ()
    length: Annotated[Length | None, Key("lengte")] = None
    marks: Annotated[Mapping[Place, Hex] | None, Key("kenmerk"), Doc("Bytes die op een plaats moeten staan")] = None
    layout: Annotated[FixedLayout | BlockLayout | FlagLayout | None, Key("opbouw")] = None

    def __post_init__(self) -> None:
        if not isinstance(self.layout, FixedLayout) or self.length is None:
            return
        if any(field.end > self.length for field in self.layout.fields):
            raise Refused("Een veld steekt uit het bericht.", key="opbouw")


@dataclass(frozen=True, slots=True)
class Made:
    """Where a quantity stands in what a decoder of the network made. A network may leave out a zero (The Things Stack
    does); `zero_beside` names values that are always sent with it, so that its absence beside them means zero."""

    name: Annotated[Filled, Key("naam"), Doc("Naam in de uitgepakte inhoud; met punten naar binnen")]
    scale: Annotated[Decimal, Key("maal")] = Decimal(1)
    plus: Decimal = Decimal(0)
    zero_beside: Annotated[tuple[Filled, ...], Key("nul_naast")] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where the layout was read."""

    title: Annotated[Filled, Key("titel")]
    address: Annotated[Filled, Key("adres")]


@dataclass(frozen=True, slots=True)
class Example:
    """A message and what must come out; `published` when the maker or the source gives it."""

    about: Annotated[Filled, Key("omschrijving")]
    payload: Annotated[Hex, Key("bytes")]
    gives: Annotated[Mapping[Quantity, Decimal], Key("geeft")]
    port: Annotated[Port, Key("poort")] = 1
    published: Annotated[bool, Key("uit_bron")] = False


@dataclass(frozen=True, slots=True)
class SensorType:
    """A type of sensor. `verified` when examples of the source itself come out as it says."""

    key: Annotated[TypeKey, Key("sensor")]
    name: Annotated[Filled, Key("naam")]
    maker: Annotated[Filled, Key("fabrikant")]
    sources: Annotated[tuple[Source, ...], Key("bron"), NotEmpty()]
    verified: Annotated[bool, Key("geverifieerd")]
    messages: Annotated[tuple[Message, ...], Key("berichten"), NotEmpty()]
    examples: Annotated[tuple[Example, ...], Key("voorbeelden"), NotEmpty()]
    made: Annotated[Mapping[Quantity, Made] | None, Key("uitgepakt")] = None
    explanation: Annotated[str, Key("toelichting")] = ""
    at: Position = NOWHERE

    def __post_init__(self) -> None:
        if self.verified and not any(example.published for example in self.examples):
            raise Refused("Geverifieerd kan alleen met een voorbeeld uit de bron (uit_bron: ja).", key="geverifieerd")

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What it can measure, in the order of the file."""
        found: dict[Quantity, None] = {}
        for message in self.messages:
            match message.layout:
                case FixedLayout(fields=fields):
                    found |= dict.fromkeys(field.quantity for field in fields)
                case BlockLayout(blocks=blocks):
                    found |= dict.fromkeys(field.quantity for block in blocks.values() for field in block.fields)
                case FlagLayout(groups=groups):
                    found |= dict.fromkeys(field.quantity for group in groups for field in group.fields)
                case None:
                    pass
        return tuple(found)
