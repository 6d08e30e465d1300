"""From a persoonslijst to an answer: the asked fields, and what always comes along when it applies."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from . import adres as adressen
from .datum import datum
from .json import Json
from .lijst import Persoonslijst
from .onderzoek import Onderzoek, onderzoek
from .tabellen import tabellen, waarde
from .velden import Bron, Groep, Keuze, elementen_van, vul

_RNI_CATEGORIEEN = {"01": "Persoon", "04": "Nationaliteit", "06": "Overlijden", "08": "Verblijfplaats"}
_BINNENLAND = {"verblijfplaatsBinnenland": "verblijfplaats", "adresseringBinnenland": "adressering"}


def lever(
    lijst: Persoonslijst, groep: Groep, keuze: Keuze, vandaag: date, zoek: Callable[[str], Persoonslijst | None]
) -> dict[str, Json]:
    """The answer about one person. `keuze` may use the aliases for residence in the Netherlands only."""
    bron = Bron(lijst.persoon, lijst, vandaag, zoek, _lopend(lijst))
    gevraagd = _zonder_buitenland(keuze, lijst)
    antwoord = vul(groep, bron, gevraagd) if gevraagd else {}
    if lijst.inschrijving.get("70.10", "0") not in {"0", ""}:
        antwoord["geheimhoudingPersoonsgegevens"] = True
    if lijst.opschorting:
        antwoord["opschortingBijhouding"] = _zonder_lege(
            {
                "reden": waarde(lijst.opschorting, tabellen().opschorting),
                "datum": datum(lijst.inschrijving.get("67.10")),
            }
        )
    if rni := _rni(lijst, groep, gevraagd):
        antwoord["rni"] = rni
    verificatie = _zonder_lege(
        {"datum": datum(lijst.inschrijving.get("71.10")), "omschrijving": lijst.inschrijving.get("71.20")}
    )
    if verificatie:
        antwoord["verificatie"] = verificatie
    return antwoord


def _lopend(lijst: Persoonslijst) -> Mapping[str, Onderzoek]:
    per_categorie = {"01": lijst.persoon, "08": lijst.verblijfplaats, "11": lijst.gezag}
    lopend = {categorie: onderzoek(rubrieken) for categorie, rubrieken in per_categorie.items()}
    return {categorie: loopt for categorie, loopt in lopend.items() if loopt}


def _zonder_buitenland(keuze: Keuze, lijst: Persoonslijst) -> Keuze:
    binnen = adressen.soort_verblijfplaats(lijst.verblijfplaats) in {"Adres", "Locatie"}
    gevraagd = {naam: onder for naam, onder in keuze.items() if naam not in _BINNENLAND}
    for alias, naam in _BINNENLAND.items():
        if alias in keuze and binnen and naam not in gevraagd:
            gevraagd[naam] = keuze[alias] or _ADRESREGELS_BINNENLAND if naam == "adressering" else keuze[alias]
    return gevraagd


_ADRESREGELS_BINNENLAND: Keuze = {"adresregel1": {}, "adresregel2": {}}


def _rni(lijst: Persoonslijst, groep: Groep, gevraagd: Keuze) -> list[Json]:
    """Which foreign-residents' registrar gave the data of the asked categories."""
    categorieen = {element[:2] for element in elementen_van(groep, gevraagd)} if gevraagd else set()
    rijen = {
        "01": [lijst.persoon],
        "04": list(lijst.nationaliteiten),
        "06": [lijst.overlijden],
        "08": [lijst.verblijfplaats],
    }
    deelnemers: list[Json] = []
    for categorie, naam in _RNI_CATEGORIEEN.items():
        for rij in rijen[categorie] if categorie in categorieen else ():
            code = rij.get("88.10", "")
            if len(code) == 4 and code.isdigit():
                deelnemer = {
                    "deelnemer": waarde(code, tabellen().rni_deelnemers),
                    "omschrijvingVerdrag": rij.get("88.20"),
                    "categorie": naam,
                }
                deelnemers.append(_zonder_lege(deelnemer))
    return deelnemers


def _zonder_lege(inhoud: dict[str, Json]) -> dict[str, Json]:
    return {naam: waarde for naam, waarde in inhoud.items() if waarde is not None}
