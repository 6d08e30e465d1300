"""From a BRP answer to data: for each name of `gegevens.yaml` how its value is taken out.

Here who somebody is and how they are registered; where they live is in `residence`, and with whom in `family`.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import family, residence
from .answered import Answered, Reader, doubted
from .brpdata import (
    Adres,
    BehandeldAlsNederlander,
    Locatie,
    Nationaliteit,
    NationaliteitOnbekend,
    Persoon,
    VerblijfplaatsBuitenland,
    VerblijfplaatsOnbekend,
    full_date,
)
from .facts import Value
from .found import Found, a_date, a_number, a_text
from .residence import residence_doubt

_OPSCHORTING = {
    "O": "overlijden",
    "E": "emigratie",
    "M": "ministerieel_besluit",
    "R": "niet_ingezetene",
    "F": "fout",
}
NEDERLANDSE = "0001"


def _naam(answered: Answered) -> Found:
    naam = answered.person.naam
    return a_text(naam.volledige_naam, "naam.volledigeNaam", doubt=naam.in_onderzoek.volledige_naam)


def _aanschrijfnaam(answered: Answered) -> Found:
    adressering = answered.person.adressering
    naam = adressering.aanschrijfwijze.naam if adressering.aanschrijfwijze else ""
    return a_text(naam, "adressering.aanschrijfwijze.naam", doubt=adressering.in_onderzoek.aanschrijfwijze)


def _aanhef(answered: Answered) -> Found:
    adressering = answered.person.adressering
    return a_text(adressering.aanhef, "adressering.aanhef", doubt=adressering.in_onderzoek.aanhef)


def _voornamen(answered: Answered) -> Found:
    naam = answered.person.naam
    return a_text(naam.voornamen, "naam.voornamen", doubt=naam.in_onderzoek.voornamen)


def _achternaam(answered: Answered) -> Found:
    naam = answered.person.naam
    achternaam = " ".join(part for part in (naam.voorvoegsel, naam.geslachtsnaam) if part)
    doubt = naam.in_onderzoek.geslachtsnaam or naam.in_onderzoek.voorvoegsel
    return a_text(achternaam, "naam.geslachtsnaam", doubt=doubt)


def _geboortedatum(answered: Answered) -> Found:
    geboorte = answered.person.geboorte
    return a_date(geboorte.datum, "geboorte.datum", doubt=geboorte.in_onderzoek.datum)


def _geboorteplaats(answered: Answered) -> Found:
    geboorte = answered.person.geboorte
    plaats = geboorte.plaats.omschrijving if geboorte.plaats else ""
    return a_text(plaats, "geboorte.plaats", doubt=geboorte.in_onderzoek.plaats)


def _leeftijd(answered: Answered) -> Found:
    return a_number(answered.person.leeftijd, "leeftijd", doubt=answered.person.in_onderzoek.leeftijd)


def _geslacht(answered: Answered) -> Found:
    code = answered.person.geslacht.code if answered.person.geslacht else ""
    value = {"M": "man", "V": "vrouw"}.get(code, "onbekend")
    return Found(value, "geslacht", doubt=answered.person.in_onderzoek.geslacht)


def _dood(person: Persoon) -> bool:
    opgeschort = person.opschorting_bijhouding
    return person.overlijden is not None or (opgeschort is not None and opgeschort.reden.code == "O")


def _overleden(answered: Answered) -> Found:
    overlijden = answered.person.overlijden
    doubt = overlijden.in_onderzoek.datum if overlijden else False
    return Found(_dood(answered.person), "overlijden.datum", doubt=doubt)


def _overlijdensdatum(answered: Answered) -> Found:
    overlijden = answered.person.overlijden
    if overlijden is None or overlijden.datum is None:
        # Somebody alive has no such date: that is known.
        return Found(None, "overlijden.datum", known=not _dood(answered.person))
    return a_date(overlijden.datum, "overlijden.datum", doubt=overlijden.in_onderzoek.datum)


def _geheimhouding(answered: Answered) -> Found:
    return Found(answered.person.geheimhouding_persoonsgegevens, "geheimhoudingPersoonsgegevens")


def _opschorting(answered: Answered) -> Found:
    opgeschort = answered.person.opschorting_bijhouding
    value = _OPSCHORTING.get(opgeschort.reden.code, "onbekend") if opgeschort else "geen"
    return Found(value, "opschortingBijhouding.reden", known=value != "onbekend")


def _ingezetene(answered: Answered) -> Found:
    person = answered.person
    opgeschort = person.opschorting_bijhouding
    in_nederland = isinstance(person.verblijfplaats, Adres | Locatie)
    if opgeschort is not None or isinstance(person.verblijfplaats, VerblijfplaatsBuitenland | VerblijfplaatsOnbekend):
        return Found(False, "opschortingBijhouding.reden", doubt=residence_doubt(person).type)
    return Found(
        True if in_nederland else None, "verblijfplaats.type", known=in_nederland, doubt=residence_doubt(person).type
    )


def _gemeente(answered: Answered) -> Found:
    waarde = answered.person.gemeente_van_inschrijving
    doubt = answered.person.in_onderzoek.gemeente_van_inschrijving
    code = waarde.code if waarde else ""
    ok = len(code) == 4 and code.isdigit() and code != "0000"
    return a_text(f"GM{code}" if ok else "", "gemeenteVanInschrijving", doubt=doubt)


def _in_gemeente_sinds(answered: Answered) -> Found:
    person = answered.person
    doubt = person.in_onderzoek.datum_inschrijving_in_gemeente
    return a_date(person.datum_inschrijving_in_gemeente, "datumInschrijvingInGemeente", doubt=doubt)


def _curatele(answered: Answered) -> Found:
    person = answered.person
    doubt = person.in_onderzoek.indicatie_curatele_register
    return Found(person.indicatie_curatele_register, "indicatieCurateleRegister", doubt=doubt)


# -- nationality and stay ----------------------------------------------------------------------------------------------


def _nationaliteiten(answered: Answered) -> Found:
    alle = answered.person.nationaliteiten
    value: tuple[Value, ...] = tuple(
        {"code": n.nationaliteit.code, "omschrijving": n.nationaliteit.omschrijving or None}
        for n in alle
        if isinstance(n, Nationaliteit) and n.nationaliteit
    )
    return Found(value, "nationaliteiten", known=bool(alle), doubt=any(doubted(n.in_onderzoek) for n in alle))


def _nederlander(answered: Answered) -> Found:
    alle = answered.person.nationaliteiten
    doubt = any(doubted(n.in_onderzoek) for n in alle)
    if any(
        isinstance(n, BehandeldAlsNederlander)
        or (isinstance(n, Nationaliteit) and n.nationaliteit is not None and n.nationaliteit.code == NEDERLANDSE)
        for n in alle
    ):
        return Found(True, "nationaliteiten", doubt=doubt)
    known = bool(alle) and not any(isinstance(n, NationaliteitOnbekend) for n in alle)
    return Found(False if known else None, "nationaliteiten", known=known, doubt=doubt)


def _verblijfstitel(answered: Answered) -> Found:
    titel = answered.person.verblijfstitel
    if titel is None:
        return Found(None, "verblijfstitel")
    value: dict[str, Value] = {
        "code": titel.aanduiding.code if titel.aanduiding else None,
        "omschrijving": (titel.aanduiding.omschrijving or None) if titel.aanduiding else None,
        "geldig_tot": full_date(titel.datum_einde),
    }
    return Found(value, "verblijfstitel", doubt=doubted(titel.in_onderzoek))


def _in_nederland_sinds(answered: Answered) -> Found:
    immigratie = answered.person.immigratie
    path = "immigratie.datumVestigingInNederland"
    if immigratie is None:
        # Never came from abroad: there is no such date, and that is known.
        return Found(None, path)
    doubt = immigratie.in_onderzoek.datum_vestiging_in_nederland
    return a_date(immigratie.datum_vestiging_in_nederland, path, doubt=doubt)


READERS: Mapping[str, Reader] = {
    **residence.READERS,
    **family.READERS,
    "persoon.naam": _naam,
    "persoon.aanschrijfnaam": _aanschrijfnaam,
    "persoon.aanhef": _aanhef,
    "persoon.voornamen": _voornamen,
    "persoon.achternaam": _achternaam,
    "persoon.geboortedatum": _geboortedatum,
    "persoon.geboorteplaats": _geboorteplaats,
    "persoon.leeftijd": _leeftijd,
    "persoon.geslacht": _geslacht,
    "persoon.overleden": _overleden,
    "persoon.overlijdensdatum": _overlijdensdatum,
    "persoon.geheimhouding": _geheimhouding,
    "persoon.opschorting": _opschorting,
    "persoon.ingezetene": _ingezetene,
    "persoon.gemeente": _gemeente,
    "persoon.in_gemeente_sinds": _in_gemeente_sinds,
    "persoon.curatele": _curatele,
    "persoon.nationaliteiten": _nationaliteiten,
    "persoon.nederlander": _nederlander,
    "persoon.verblijfstitel": _verblijfstitel,
    "persoon.in_nederland_sinds": _in_nederland_sinds,
}
