"""Where somebody lives: which of four kinds it is, and the lines on an envelope (NEN 5825, BRP API: adressering)."""

from __future__ import annotations

from typing import Literal, TypeAlias

from .json import Json
from .lijst import Rubrieken
from .namen import bekend
from .tabellen import tabellen, waarde

Soort: TypeAlias = Literal["Adres", "Locatie", "VerblijfplaatsBuitenland", "VerblijfplaatsOnbekend"]
_GROEP_ADRES = ("11.10", "11.15", "11.20", "11.30", "11.40", "11.50", "11.60", "11.70", "11.80", "11.90")


def soort_verblijfplaats(rubrieken: Rubrieken) -> Soort | None:
    """Kind of residence (BRP API, verblijfplaats): abroad, unknown, a described location, or an address."""
    land = rubrieken.get("13.10")
    if land == "0000":
        return "VerblijfplaatsOnbekend"
    if land is not None:
        return "VerblijfplaatsBuitenland"
    if bekend(rubrieken.get("12.10")):
        return "Locatie"
    if any(rubrieken.get(element) for element in _GROEP_ADRES):
        return "Adres"
    return None


def straat(rubrieken: Rubrieken) -> str | None:
    """The official street name, else the short one."""
    return bekend(rubrieken.get("11.15")) or bekend(rubrieken.get("11.10"))


def huisnummer(rubrieken: Rubrieken) -> int | None:
    """11.20; 0 means unknown."""
    nummer = rubrieken.get("11.20", "")
    return int(nummer) if nummer.isdigit() and int(nummer) > 0 else None


def identificatie(rubrieken: Rubrieken, element: str) -> str | None:
    """A BAG number; sixteen zeros mean unknown."""
    nummer = rubrieken.get(element, "")
    return nummer if len(nummer) == 16 and nummer.isdigit() and int(nummer) > 0 else None


def woonplaats(rubrieken: Rubrieken) -> str | None:
    """The residential core; without one the municipality's name."""
    gegeven = bekend(rubrieken.get("11.70"))
    if gegeven:
        return gegeven
    if straat(rubrieken) or bekend(rubrieken.get("12.10")):
        return tabellen().gemeenten.get(rubrieken.get("09.10", ""))
    return None


def _hooguit(text: str | None, lengte: int) -> str | None:
    regel = bekend(text)
    return regel[:lengte] if regel else None


def adresregel1(rubrieken: Rubrieken) -> str | None:
    """Street and number, a location, or the first line abroad."""
    match soort_verblijfplaats(rubrieken):
        case "Locatie":
            return bekend(rubrieken.get("12.10"))
        case "VerblijfplaatsBuitenland":
            return _hooguit(rubrieken.get("13.30"), 40)
        case "Adres":
            return _binnenland(rubrieken)
        case _:
            return None


def _binnenland(rubrieken: Rubrieken) -> str | None:
    naam, nummer = bekend(rubrieken.get("11.10")) or straat(rubrieken), huisnummer(rubrieken)
    if naam is None or nummer is None:
        return None
    letter, toevoeging = rubrieken.get("11.30", ""), rubrieken.get("11.40", "")
    bij = {"by": "bij ", "to": "t/o "}.get(rubrieken.get("11.50", ""), "")
    if letter:
        einde = f" {letter}{toevoeging}"
    elif toevoeging:
        einde = f"-{toevoeging}" if toevoeging[0].isdigit() else f" {toevoeging}"
    else:
        einde = ""
    return f"{naam} {bij}{nummer}{einde}"[:40]


def adresregel2(rubrieken: Rubrieken) -> str | None:
    """Postal code and place, or the second line abroad."""
    match soort_verblijfplaats(rubrieken):
        case "VerblijfplaatsBuitenland":
            return _hooguit(rubrieken.get("13.40"), 50)
        case "Locatie":
            plaats = tabellen().gemeenten.get(rubrieken.get("09.10", ""))
            return plaats.upper() if plaats else None
        case "Adres":
            plaats, postcode = woonplaats(rubrieken), rubrieken.get("11.60")
            if plaats is None or _binnenland(rubrieken) is None:
                return None
            return f"{postcode[:4]} {postcode[4:]}  {plaats.upper()}"[:50] if postcode else plaats.upper()
        case _:
            return None


def adresregel3(rubrieken: Rubrieken) -> str | None:
    """The third line abroad."""
    abroad = soort_verblijfplaats(rubrieken) == "VerblijfplaatsBuitenland"
    return _hooguit(rubrieken.get("13.50"), 35) if abroad else None


def land(rubrieken: Rubrieken) -> Json:
    """The country, for who lives abroad."""
    if soort_verblijfplaats(rubrieken) != "VerblijfplaatsBuitenland":
        return None
    return waarde(rubrieken.get("13.10"), tabellen().landen)
