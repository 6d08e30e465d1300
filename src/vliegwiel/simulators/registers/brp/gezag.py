"""Who has authority over a minor, as far as it follows from the lists at hand (BRP API: gezag).

The real service decides along a long table (BW Boek 1, titel 14); here only two sources count: a court's ruling in
category 11 (element 32.10), and two parents who are married or registered partners of each other. Everything else is
not answered: the field is absent, which means "not known".
"""

from __future__ import annotations

from collections.abc import Iterator

from .datum import leeftijd
from .json import Json
from .lijst import Persoonslijst, Rubrieken
from .namen import volledige_naam
from .velden import Bron

MEERDERJARIG = 18  # BW art. 1:233


def gezag(bron: Bron) -> Json:
    """The authority relations of a minor, or those of a grown-up over minor children."""
    relaties: list[Json] = []
    if _minderjarig(bron.lijst, bron):
        eigen = _relatie(bron.lijst, bron)
        if eigen:
            relaties.append(eigen)
        return relaties
    for kind in bron.lijst.kinderen:
        lijst = bron.zoek(kind.get("01.20", ""))
        if lijst and _minderjarig(lijst, bron):
            relatie = _relatie(lijst, bron)
            if relatie and bron.lijst.bsn in _gezagsdragers(relatie):
                relaties.append(relatie)
    return relaties


def _minderjarig(lijst: Persoonslijst, bron: Bron) -> bool:
    jaren = leeftijd(lijst.persoon.get("03.10"), bron.vandaag)
    return jaren is not None and jaren < MEERDERJARIG and lijst.opschorting is None


def _relatie(lijst: Persoonslijst, bron: Bron) -> dict[str, Json] | None:
    minderjarige: dict[str, Json] = {
        "burgerservicenummer": lijst.bsn,
        "naam": {"volledigeNaam": volledige_naam(lijst.persoon)},
        "leeftijd": leeftijd(lijst.persoon.get("03.10"), bron.vandaag),
    }
    if lijst.bsn is None:
        return None
    ouders = [_ouder(ouder) for ouder in (lijst.ouder1, lijst.ouder2)]
    uitspraak = lijst.gezag.get("32.10")
    soort, inhoud = _naar_uitspraak(uitspraak, ouders) if uitspraak else _van_rechtswege(lijst, ouders, bron)
    if soort is None:
        return None
    return {"type": soort, "minderjarige": minderjarige, **inhoud}


def _naar_uitspraak(code: str, ouders: list[dict[str, Json] | None]) -> tuple[str | None, dict[str, Json]]:
    eerste, tweede = ouders
    if code == "12" and eerste and tweede:
        return "GezamenlijkOuderlijkGezag", {"ouders": [eerste, tweede]}
    if code in {"1", "2"} and (ouder := eerste if code == "1" else tweede):
        return "EenhoofdigOuderlijkGezag", {"ouder": ouder}
    if code in {"1D", "2D"} and (ouder := eerste if code == "1D" else tweede):
        return "GezamenlijkGezag", {"ouder": ouder, "derde": {"type": "OnbekendeDerde"}}
    if code == "D":
        return "Voogdij", {"derden": []}
    return None, {}


def _van_rechtswege(
    lijst: Persoonslijst, ouders: list[dict[str, Json] | None], bron: Bron
) -> tuple[str | None, dict[str, Json]]:
    eerste, tweede = ouders
    nummers = (lijst.ouder1.get("01.20"), lijst.ouder2.get("01.20"))
    if not eerste or not tweede or nummers[0] is None or nummers[1] is None:
        return None, {}
    ouder = bron.zoek(nummers[0])
    partner = ouder.partner if ouder else None
    samen = partner is not None and "07.10" not in partner and partner.get("01.20") == nummers[1]
    return ("GezamenlijkOuderlijkGezag", {"ouders": [eerste, tweede]}) if samen else (None, {})


def _ouder(rubrieken: Rubrieken) -> dict[str, Json] | None:
    naam = volledige_naam(rubrieken)
    if naam is None:
        return None
    ouder: dict[str, Json] = {"naam": {"volledigeNaam": naam}}
    if bsn := rubrieken.get("01.20"):
        ouder["burgerservicenummer"] = bsn
    return ouder


def _gezagsdragers(relatie: dict[str, Json]) -> Iterator[Json]:
    ouder, ouders = relatie.get("ouder"), relatie.get("ouders")
    for een in (*(ouders if isinstance(ouders, list) else ()), ouder):
        if isinstance(een, dict):
            yield een.get("burgerservicenummer")
