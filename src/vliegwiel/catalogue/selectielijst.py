"""The Selectielijst gemeenten en intergemeentelijke organen 2020: how long a municipality keeps what, and since when.

Pure facts, read once from `definitions/selectielijst/` (sources and comparison are named there; the legal source is
Staatscourant 2020, 11143). The list is valid for records made or received since 1 January 2020.

Where the list leaves something open, the result carries `geverifieerd` false and the `vraag`: it may be shown and chosen,
but nobody may destroy on the strength of it before an archivist has answered.
"""

from __future__ import annotations

import calendar
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcefile import KeyPath, Node, TextNode
from vliegwiel.base.sourcemarks import Between, Key, NotEmpty, Pattern, Refused

FOLDER = Path(__file__).parents[1] / "definitions" / "selectielijst"
GELDIG_VANAF = date(2020, 1, 1)
"""Records made or received before this day fall under an older list (2017 or earlier), which is not in this data."""


class Waardering(StrEnum):
    """What happens in the end (Archiefwet 1995, artikel 5)."""

    VERNIETIGEN = "vernietigen"
    BLIJVEND_BEWAREN = "blijvend_bewaren"


class Procestermijn(StrEnum):
    """Where the term of retention starts. Words and meaning are those of the list and of ZGW."""

    NIHIL = "nihil"
    """On the day the case is closed."""
    BESTAANSDUUR_PROCESOBJECT = "bestaansduur_procesobject"
    """When the process object (permit, contract, provision) ceases to exist or to be valid."""
    INGESCHATTE_BESTAANSDUUR_PROCESOBJECT = "ingeschatte_bestaansduur_procesobject"
    """At the end of the estimated longest life of the process object."""
    VAST_TE_LEGGEN_DATUM = "vast_te_leggen_datum"
    """On the day, recorded during the case, on which the validity of the process object ends."""
    SAMENGEVOEGD_MET_BEWAARTERMIJN = "samengevoegd_met_bewaartermijn"
    """The two are one term; `telt_vanaf` says from where."""


@dataclass(frozen=True, slots=True)
class Bewaartermijn:
    """A term of retention in calendar years, months and days. Text form: ISO 8601 (`P1Y6M`)."""

    years: int = 0
    months: int = 0
    days: int = 0

    @classmethod
    def parse(cls, text: str) -> Bewaartermijn:
        """Read `P7Y`, `P1Y6M`, `P42D`. Raises `ValueError` for anything else, also for weeks and times."""
        found = re.fullmatch(r"P(?=[0-9])(?:([0-9]{1,3})Y)?(?:([0-9]{1,4})M)?(?:([0-9]{1,5})D)?", text)
        if found is None:
            raise ValueError(f"not a term of retention: {text!r}")
        years, months, days = (int(part or 0) for part in found.groups())
        return cls(years, months, days)

    @classmethod
    def from_source(cls, node: Node, name: str, path: KeyPath) -> Bewaartermijn:
        """Decode it from a definition file."""
        try:
            return cls.parse(node.text if isinstance(node, TextNode) else "")
        except ValueError:
            raise Refused("Hier hoort een termijn als P7Y, P1Y6M of P42D.") from None

    def after(self, day: date) -> date:
        """The day this term ends when it starts on `day`: years and months first (to the last day of a shorter month)."""
        month = day.month - 1 + self.months + 12 * self.years
        year, month = day.year + month // 12, month % 12 + 1
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(days=self.days)

    def __str__(self) -> str:
        parts = ((self.years, "Y"), (self.months, "M"), (self.days, "D"))
        return "P" + ("".join(f"{number}{unit}" for number, unit in parts if number) or "0D")


@dataclass(frozen=True, slots=True)
class Procestype:
    """One of the 29 kinds of process. `id` is its UUID in the list, which ZGW uses in `selectielijstProcestype`."""

    nummer: Annotated[int, Between(1, 29)]
    naam: Annotated[str, NotEmpty()]
    omschrijving: str
    procesobject: str
    id: str


@dataclass(frozen=True, slots=True)
class Resultaat:
    """One of the 346 results with its retention.

    `nummer`: the volledigNummer, procestype.generiek or procestype.generiek.specifiek. `over`: what a specific result is
    for; a generic one holds where no specific one fits. `termijn`: present for all that is destroyed.
    `procestermijn`: where the term starts; None for what is kept for ever, and in one open case. `herkomst`: the analysis
    or the law behind it. `minimum`: the records are kept longer as long as they are needed. `telt_vanaf`: the day the term
    counts from where the list names one (`geboortedatum`). `let_op`: what else bears on the term. `vervallen`: no longer
    to be chosen; `nu` is what replaced it. `id`: its UUID in the list, which ZGW uses in `selectielijstklasse`.
    """

    nummer: Annotated[str, Pattern(r"[0-9]{1,2}\.[0-9]{1,2}(\.[0-9]{1,2})?", "een nummer als 11.1 of 11.1.2")]
    naam: Annotated[str, NotEmpty()]
    id: str
    over: str = ""
    waardering: Waardering | None = None
    termijn: Bewaartermijn | None = None
    procestermijn: Procestermijn | None = None
    herkomst: str = ""
    minimum: bool = False
    telt_vanaf: str = ""
    let_op: str = ""
    vervallen: bool = False
    nu: str = ""
    geverifieerd: bool = True
    vraag: str = ""

    def __post_init__(self) -> None:
        if self.vervallen != (self.waardering is None):
            raise Refused("Een resultaat heeft een waardering, of het is vervallen.")
        if (self.termijn is not None) != (self.waardering is Waardering.VERNIETIGEN):
            raise Refused("Een termijn hoort bij vernietigen, en alleen daarbij.", key="termijn")
        if self.geverifieerd == bool(self.vraag):
            raise Refused("Bij 'geverifieerd: nee' hoort een vraag, en alleen daarbij.", key="vraag")

    @property
    def procestype(self) -> int:
        """The number of its procestype."""
        return int(self.nummer.split(".")[0])

    @property
    def generiek(self) -> str:
        """The number of the generic result it belongs to (its own, when it is generic)."""
        return ".".join(self.nummer.split(".")[:2])

    @property
    def is_specifiek(self) -> bool:
        """Whether it holds for a named kind of record only."""
        return self.nummer != self.generiek

    @property
    def label(self) -> str:
        """Short text for a list: `Verleend: kappen`."""
        return f"{self.naam}: {self.over}" if self.over else self.naam


@dataclass(frozen=True, slots=True)
class _Procestypen:
    procestypen: tuple[Procestype, ...]


@dataclass(frozen=True, slots=True)
class _Resultaten:
    resultaten: Annotated[tuple[Resultaat, ...], Key("resultaten"), NotEmpty()]


@functools.cache
def _procestypen() -> Mapping[int, Procestype]:
    read = load(FOLDER / "procestypen.yaml", _Procestypen, "selectielijst/procestypen.yaml")
    return {one.nummer: one for one in read.procestypen}


@functools.cache
def _resultaten() -> Mapping[str, Resultaat]:
    read = load(FOLDER / "resultaten.yaml", _Resultaten, "selectielijst/resultaten.yaml")
    return {one.nummer: one for one in read.resultaten}


def procestypen() -> tuple[Procestype, ...]:
    """All procestypen, by number."""
    return tuple(_procestypen().values())


def procestype(nummer: int) -> Procestype:
    """The procestype with this number. Raises `NotFound`."""
    try:
        return _procestypen()[nummer]
    except KeyError:
        raise NotFound("Dit procestype staat niet in de selectielijst. De nummers lopen van 1 tot en met 29.") from None


def resultaten(procestype_nummer: int | None = None, *, met_vervallen: bool = False) -> tuple[Resultaat, ...]:
    """The results in the order of the list, of one procestype or of all; those that lapsed only when asked."""
    return tuple(
        one
        for one in _resultaten().values()
        if (procestype_nummer is None or one.procestype == procestype_nummer) and (met_vervallen or not one.vervallen)
    )


def resultaat(volledig_nummer: str) -> Resultaat:
    """The result with this volledigNummer (`3.1`, `11.1.2`), also a lapsed one. Raises `NotFound`."""
    try:
        return _resultaten()[volledig_nummer]
    except KeyError:
        raise NotFound(
            "Dit resultaat staat niet in de selectielijst. Een nummer ziet eruit als 3.1 of 11.1.2."
        ) from None


def action_date(result: Resultaat, brondatum: date) -> date | None:
    """The archiefactiedatum: the first day on which the records may be destroyed. None when they are kept for ever.

    `brondatum` is the day the term starts, found the way `result.procestermijn` and `result.telt_vanaf` say. With
    `result.minimum` the day is the earliest possible one. It is no permission: `result.geverifieerd` must hold too.
    Raises `ValueError` for a lapsed result, which has no retention.
    """
    if result.waardering is None:
        raise ValueError(f"result {result.nummer} of the selectielijst has lapsed; use {result.nu}")
    return result.termijn.after(brondatum) if result.termijn is not None else None
