"""Finding the lists that answer a question (BRP API Personen 2.7.0, the seven kinds of search)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from . import adres as adressen
from .lijst import Persoonslijst
from .namen import bekend, naam_past
from .vraag import Vraag

MEEST = {
    "ZoekMetGeslachtsnaamEnGeboortedatum": 10,
    "ZoekMetNaamEnGemeenteVanInschrijving": 10,
    "ZoekMetPostcodeEnHuisnummer": 30,
    "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving": 30,
    "ZoekMetNummeraanduidingIdentificatie": 30,
    "ZoekMetAdresseerbaarObjectIdentificatie": 10,
}


class TeVeel(Exception):
    """More people than the kind of search may give. `meest` is how many that is."""

    def __init__(self, meest: int) -> None:
        super().__init__(f"more than {meest}")
        self.meest = meest


class Bestand(Protocol):
    """Where lists are kept."""

    def met_bsn(self, bsn: str) -> list[Persoonslijst]: ...
    def met_naam(self, geslachtsnaam: str, geboortedatum: str | None) -> list[Persoonslijst]: ...
    def op_postcode(self, postcode: str, huisnummer: int) -> list[Persoonslijst]: ...
    def op_huisnummer(self, gemeente: str, huisnummer: int) -> list[Persoonslijst]: ...
    def op_nummeraanduiding(self, identificatie: str) -> list[Persoonslijst]: ...
    def op_adresseerbaar_object(self, identificatie: str) -> list[Persoonslijst]: ...


def zoek(vraag: Vraag, bestand: Bestand) -> list[Persoonslijst]:
    """The lists, in the order of the file. Raises `TeVeel`. Wiped and mistaken lists are never found."""
    gevonden = [
        lijst
        for lijst in _kandidaten(vraag, bestand)
        if not lijst.levering_verboden and _in_gemeente(vraag, lijst) and _in_leven(vraag, lijst)
    ]
    meest = MEEST.get(vraag.type)
    if meest is not None and len(gevonden) > meest:
        raise TeVeel(meest)
    return gevonden


def _kandidaten(vraag: Vraag, bestand: Bestand) -> Iterator[Persoonslijst]:
    match vraag.type:
        case "RaadpleegMetBurgerservicenummer":
            nummers = vraag.parameters["burgerservicenummer"]
            for bsn in dict.fromkeys(str(bsn) for bsn in nummers) if isinstance(nummers, list) else ():
                yield from bestand.met_bsn(bsn)
        case "ZoekMetGeslachtsnaamEnGeboortedatum":
            geboren = (vraag.tekst("geboortedatum") or "").replace("-", "")
            yield from _met_naam(vraag, bestand.met_naam(vraag.tekst("geslachtsnaam") or "", geboren))
        case "ZoekMetNaamEnGemeenteVanInschrijving":
            yield from _met_naam(vraag, bestand.met_naam(vraag.tekst("geslachtsnaam") or "", None))
        case "ZoekMetPostcodeEnHuisnummer":
            gevonden = bestand.op_postcode(vraag.tekst("postcode") or "", vraag.getal("huisnummer"))
            yield from _met_naam(vraag, _op_adres(vraag, gevonden))
        case "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving":
            gemeente = vraag.tekst("gemeenteVanInschrijving") or ""
            yield from _op_adres(vraag, bestand.op_huisnummer(gemeente, vraag.getal("huisnummer")))
        case "ZoekMetNummeraanduidingIdentificatie":
            yield from bestand.op_nummeraanduiding(vraag.tekst("nummeraanduidingIdentificatie") or "")
        case _:
            yield from bestand.op_adresseerbaar_object(vraag.tekst("adresseerbaarObjectIdentificatie") or "")


def _met_naam(vraag: Vraag, lijsten: list[Persoonslijst] | Iterator[Persoonslijst]) -> Iterator[Persoonslijst]:
    for lijst in lijsten:
        persoon = lijst.persoon
        gezocht = (
            (vraag.tekst("geslachtsnaam"), bekend(persoon.get("02.40"))),
            (vraag.tekst("voornamen"), bekend(persoon.get("02.10"))),
            (vraag.tekst("voorvoegsel"), persoon.get("02.30")),
            (vraag.tekst("geslacht"), persoon.get("04.10")),
        )
        geboren = vraag.tekst("geboortedatum")
        if geboren is not None and persoon.get("03.10") != geboren.replace("-", ""):
            continue
        if all(wens is None or naam_past(wens, waarde) for wens, waarde in gezocht):
            yield lijst


def _op_adres(vraag: Vraag, lijsten: list[Persoonslijst]) -> Iterator[Persoonslijst]:
    for lijst in lijsten:
        woont = lijst.verblijfplaats
        gezocht = (
            (vraag.tekst("huisletter"), woont.get("11.30")),
            (vraag.tekst("huisnummertoevoeging"), woont.get("11.40")),
        )
        straat = vraag.tekst("straat")
        namen = (adressen.straat(woont), bekend(woont.get("11.10")))
        if straat is not None and not any(naam_past(straat, naam) for naam in namen):
            continue
        if all(wens is None or naam_past(wens, waarde) for wens, waarde in gezocht):
            yield lijst


def _in_gemeente(vraag: Vraag, lijst: Persoonslijst) -> bool:
    gemeente = vraag.tekst("gemeenteVanInschrijving")
    return gemeente is None or lijst.verblijfplaats.get("09.10") == gemeente


def _in_leven(vraag: Vraag, lijst: Persoonslijst) -> bool:
    if vraag.type == "RaadpleegMetBurgerservicenummer" or lijst.opschorting != "O":
        return True
    return vraag.parameters.get("inclusiefOverledenPersonen") is True
