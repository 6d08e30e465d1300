"""The products of municipalities in the Uniforme Productnamenlijst (UPL): standard names, URIs and legal bases.

Pure facts, read once from `definitions/upl.yaml`, which names their source and age. They serve to name a product and to
see what a municipality does not offer yet. What the law says about a product stands in its own definition: the legal
bases here are of July 2023, before the Omgevingswet, and are not verified (`geverifieerd()` is false).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import load
from vliegwiel.base.sourcemarks import Key, NotEmpty

DATA = Path(__file__).parents[1] / "definitions" / "upl.yaml"

_TERMS = "http://standaarden.overheid.nl/owms/terms/"
_LAWS = "https://wetten.overheid.nl/jci1.3:c:"

NOG_GEEN_NAAM = "UPL-naam nog niet beschikbaar"
"""The name the list gives to a product that has none yet. It is no product, so `producten()` leaves it out."""
NOG_GEEN_NAAM_URI = _TERMS + "UPL-naam_nog_niet_beschikbaar"


class Kenmerk(StrEnum):
    """What the list marks with a cross."""

    BURGER = "burger"
    """For citizens."""
    BEDRIJF = "bedrijf"
    """For businesses."""
    AANVRAAG = "aanvraag"
    MELDING = "melding"
    SUBSIDIE = "subsidie"
    VERPLICHTING = "verplichting"
    AUTONOMIE = "autonomie"
    """The municipality's own power."""
    MEDEBEWIND = "medebewind"
    """Executing national law."""
    DIENSTENWET = "dienstenwet"
    DIGID_MACHTIGEN = "digid_machtigen"
    """Somebody else may be authorised through DigiD Machtigen."""
    RIJK = "rijk"
    """Also offered by the state."""
    PROVINCIE = "provincie"
    """Also offered by provinces."""
    WATERSCHAP = "waterschap"
    """Also offered by water boards."""


@dataclass(frozen=True, slots=True)
class Grondslag:
    """A legal basis. `link` is a juriconnect address at wetten.overheid.nl; None for ordinances and models of them."""

    uri: str
    label: str
    link: str | None

    @property
    def bwb_id(self) -> str | None:
        """The id of the law (`BWBR0006622`) or treaty (`BWBV…`), or None."""
        found = re.search(r"BWB[RV][0-9]{7}", self.link or "")
        return found[0] if found else None


@dataclass(frozen=True, slots=True)
class UplProduct:
    """A product by its standard name. `sdg`: codes of the annexes of the Single Digital Gateway regulation."""

    naam: str
    uri: str
    kenmerken: frozenset[Kenmerk]
    sdg: tuple[str, ...]
    grondslagen: tuple[Grondslag, ...]

    @property
    def voor_burger(self) -> bool:
        """Whether citizens can use it."""
        return Kenmerk.BURGER in self.kenmerken

    @property
    def voor_bedrijf(self) -> bool:
        """Whether businesses can use it."""
        return Kenmerk.BEDRIJF in self.kenmerken


@dataclass(frozen=True, slots=True)
class _Row:
    id: Annotated[str, Key("uri")]
    marks: Annotated[tuple[Kenmerk, ...], Key("kenmerken"), NotEmpty()]
    sdg: tuple[str, ...] = ()
    bases: Annotated[tuple[str, ...], Key("grondslagen")] = ()


@dataclass(frozen=True, slots=True)
class _File:
    as_of: Annotated[date, Key("stand")]
    verified: Annotated[bool, Key("geverifieerd")]
    bases: Annotated[Mapping[str, tuple[str, ...]], Key("grondslagen")]
    products: Annotated[Mapping[str, _Row], Key("producten")]


@functools.cache
def _file() -> _File:
    return load(DATA, _File, DATA.name)


@functools.cache
def _by_name() -> Mapping[str, UplProduct]:
    file = _file()
    bases = {
        key: Grondslag(_TERMS + key, row[0], _LAWS + row[1] if len(row) > 1 else None)
        for key, row in file.bases.items()
    }
    return {
        name: UplProduct(
            naam=name,
            uri=_TERMS + row.id,
            kenmerken=frozenset(row.marks),
            sdg=row.sdg,
            grondslagen=tuple(bases[key] for key in row.bases),
        )
        for name, row in file.products.items()
    }


@functools.cache
def _by_uri() -> Mapping[str, UplProduct]:
    return {one.uri: one for one in _by_name().values()}


def stand() -> date:
    """The day the copy of the list was made; the list itself is of about that time."""
    return _file().as_of


def geverifieerd() -> bool:
    """Whether the facts were compared with the publisher's own, current list."""
    return _file().verified


def producten() -> tuple[UplProduct, ...]:
    """Every product that municipalities offer, by name."""
    return tuple(_by_name().values())


def product(naam: str) -> UplProduct:
    """The product with exactly this standard name. Raises `NotFound`."""
    try:
        return _by_name()[naam]
    except KeyError:
        raise NotFound("Deze productnaam staat niet bij de gemeentelijke producten in de UPL.") from None


def product_by_uri(uri: str) -> UplProduct:
    """The product with exactly this URI. Raises `NotFound`."""
    try:
        return _by_uri()[uri]
    except KeyError:
        raise NotFound("Deze URI hoort niet bij een gemeentelijk product in de UPL.") from None
