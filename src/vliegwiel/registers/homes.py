"""From a BAG answer to data: for each name of `gegevens.yaml` how its value is taken out (register BAG)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from .bag import BagAdres
from .facts import Value
from .found import Found, a_date, a_number, a_text

_SOORT = {"Verblijfsobject": "verblijfsobject", "Standplaats": "standplaats", "Ligplaats": "ligplaats"}
_PATH = "adressenuitgebreid"


@dataclass(frozen=True, slots=True)
class HomeAnswered:
    """What the BAG said about a home; `since` only when it was asked."""

    home: BagAdres
    since: date | None = None


Reader = Callable[[HomeAnswered], Found]


def _doelen(answered: HomeAnswered) -> Found:
    value: tuple[Value, ...] = tuple({"doel": doel} for doel in answered.home.gebruiksdoelen)
    return Found(value, f"{_PATH}.gebruiksdoelen", known=bool(value))


def _woning(answered: HomeAnswered) -> Found:
    home = answered.home
    if home.type_adresseerbaar_object in {"Standplaats", "Ligplaats"}:
        return Found(True, f"{_PATH}.typeAdresseerbaarObject")
    known = bool(home.gebruiksdoelen)
    return Found("woonfunctie" in home.gebruiksdoelen if known else None, f"{_PATH}.gebruiksdoelen", known=known)


READERS: Mapping[str, Reader] = {
    "adres.bouwjaar": lambda a: a_number(a.home.year_built, f"{_PATH}.oorspronkelijkBouwjaar"),
    "adres.gebruiksdoelen": _doelen,
    "adres.woning": _woning,
    "adres.oppervlakte": lambda a: a_number(a.home.oppervlakte, f"{_PATH}.oppervlakte"),
    "adres.soort": lambda a: a_text(_SOORT.get(a.home.type_adresseerbaar_object), f"{_PATH}.typeAdresseerbaarObject"),
    "adres.status": lambda a: a_text(a.home.adresseerbaar_object_status, f"{_PATH}.adresseerbaarObjectStatus"),
    "adres.ontstaan": lambda a: a_date(a.since, "lvc.voorkomen.beginGeldigheid"),
}
