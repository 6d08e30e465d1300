"""From a BRP answer to data: for each name of `gegevens.yaml` how its value is taken out (register BRP)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .brpdata import (
    NO_DOUBT,
    Adres,
    BehandeldAlsNederlander,
    Locatie,
    Nationaliteit,
    NationaliteitOnbekend,
    Partner,
    Persoon,
    Twijfel,
    VerblijfplaatsBuitenland,
    VerblijfplaatsOnbekend,
    Verwant,
    full_date,
)
from .facts import Value
from .found import Found, a_date, a_number, a_text

_OPSCHORTING = {
    "O": "overlijden",
    "E": "emigratie",
    "M": "ministerieel_besluit",
    "R": "niet_ingezetene",
    "F": "fout",
}
_GEZAG = {
    "GezamenlijkOuderlijkGezag": "gezamenlijk_ouderlijk_gezag",
    "EenhoofdigOuderlijkGezag": "eenhoofdig_ouderlijk_gezag",
    "GezamenlijkGezag": "gezamenlijk_gezag",
    "Voogdij": "voogdij",
    "TijdelijkGeenGezag": "tijdelijk_geen_gezag",
    "GezagNietTeBepalen": "niet_te_bepalen",
}
NEDERLANDSE = "0001"


@dataclass(frozen=True, slots=True)
class Answered:
    """What the BRP said: the person, and the people at the address when they were asked (None: it could not say)."""

    person: Persoon
    residents: tuple[Persoon, ...] | None = None


Reader = Callable[[Answered], Found]


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
        return Found(False, "opschortingBijhouding.reden", doubt=_twijfel_verblijf(person).type)
    return Found(
        True if in_nederland else None, "verblijfplaats.type", known=in_nederland, doubt=_twijfel_verblijf(person).type
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


# -- where -------------------------------------------------------------------------------------------------------------


def _twijfel_verblijf(person: Persoon) -> Twijfel:
    return person.verblijfplaats.in_onderzoek if person.verblijfplaats else NO_DOUBT


def _adres(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    if not isinstance(woont, Adres | Locatie):
        return Found(None, "verblijfplaats", known=woont is not None, doubt=_twijfel_verblijf(answered.person).type)
    twijfel = woont.in_onderzoek
    niet_meer = woont.indicatie_vastgesteld_verblijft_niet_op_adres
    anders: dict[str, Value] = {
        "functie": _functie(woont),
        "sinds": full_date(woont.datum_van),
        "niet_meer_daar": niet_meer,
    }
    if isinstance(woont, Locatie):
        regel = woont.verblijfadres.locatiebeschrijving if woont.verblijfadres else ""
        leeg = dict.fromkeys(("straat", "huisnummer", "huisletter", "toevoeging", "postcode", "woonplaats"))
        nummers = {"adresseerbaar_object": None, "nummeraanduiding": None}
        value: dict[str, Value] = {**leeg, "regel": regel or None, **anders, **nummers}
        return Found(value, "verblijfplaats", known=bool(regel), doubt=twijfel.type or niet_meer)
    return Found(
        {**_adresdelen(woont), **anders},
        "verblijfplaats",
        known=woont.verblijfadres is not None,
        doubt=_adres_twijfel(woont),
    )


def _adresdelen(woont: Adres) -> dict[str, Value]:
    adres = woont.verblijfadres
    nummers: dict[str, Value] = {
        "adresseerbaar_object": woont.adresseerbaar_object_identificatie or None,
        "nummeraanduiding": woont.nummeraanduiding_identificatie or None,
    }
    if adres is None:
        return nummers
    straat = adres.officiele_straatnaam or adres.korte_straatnaam
    return {
        "straat": straat or None,
        "huisnummer": adres.huisnummer,
        "huisletter": adres.huisletter or None,
        "toevoeging": adres.huisnummertoevoeging or None,
        "postcode": adres.postcode or None,
        "woonplaats": adres.woonplaats or None,
        "regel": address_line(
            straat, adres.huisnummer, adres.huisletter, adres.huisnummertoevoeging, adres.postcode, adres.woonplaats
        ),
        **nummers,
    }


def address_line(straat: str, nummer: int | None, letter: str, toevoeging: str, postcode: str, woonplaats: str) -> str:
    """An address as people read it: `Touwslagerspad 12 A-2, 2312 QA Leiden`."""
    extra = f" {letter}" if letter else ""
    if toevoeging:
        extra += f"-{toevoeging}" if toevoeging[0].isdigit() else f" {toevoeging}"
    first = f"{straat} {nummer or ''}{extra}".strip()
    second = f"{postcode[:4]} {postcode[4:]} {woonplaats}".strip() if postcode else woonplaats
    return f"{first}, {second}" if first and second else first or second


def _adres_twijfel(woont: Adres) -> bool:
    binnen = woont.verblijfadres.in_onderzoek if woont.verblijfadres else NO_DOUBT
    delen = (
        woont.in_onderzoek.type,
        woont.in_onderzoek.adresseerbaar_object_identificatie,
        woont.in_onderzoek.nummeraanduiding_identificatie,
        binnen.huisnummer,
        binnen.huisletter,
        binnen.huisnummertoevoeging,
        binnen.korte_straatnaam,
        binnen.officiele_straatnaam,
        binnen.postcode,
        binnen.woonplaats,
    )
    return any(delen) or woont.indicatie_vastgesteld_verblijft_niet_op_adres


def _functie(woont: Adres | Locatie) -> str | None:
    code = woont.functie_adres.code if woont.functie_adres else ""
    return {"W": "woonadres", "B": "briefadres"}.get(code)


def _adres_functie(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    functie = _functie(woont) if isinstance(woont, Adres | Locatie) else None
    return a_text(functie, "verblijfplaats.functieAdres", doubt=_twijfel_verblijf(answered.person).functie_adres)


def _adres_sinds(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    datum = woont.datum_van if isinstance(woont, Adres | Locatie) else None
    return a_date(datum, "verblijfplaats.datumVan", doubt=_twijfel_verblijf(answered.person).datum_van)


def _postcode(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    adres = woont.verblijfadres if isinstance(woont, Adres) else None
    doubt = adres is not None and (adres.in_onderzoek.postcode or _twijfel_verblijf(answered.person).type)
    return a_text(adres.postcode if adres else "", "verblijfplaats.verblijfadres.postcode", doubt=doubt)


def _buitenland(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    value = isinstance(woont, VerblijfplaatsBuitenland) if woont else None
    return Found(value, "verblijfplaats.type", known=woont is not None, doubt=_twijfel_verblijf(answered.person).type)


def _onbekend(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    value = woont is None or isinstance(woont, VerblijfplaatsOnbekend)
    return Found(value, "verblijfplaats.type", doubt=_twijfel_verblijf(answered.person).type)


def home_of(person: Persoon) -> str:
    """The BAG number of the home somebody is registered at; empty when there is none."""
    woont = person.verblijfplaats
    return woont.adresseerbaar_object_identificatie if isinstance(woont, Adres) else ""


def _anderen(answered: Answered) -> tuple[Persoon, ...]:
    """The others at the address."""
    zelf = answered.person.burgerservicenummer
    return tuple(p for p in answered.residents or () if p.burgerservicenummer != zelf)


_BEWONERS = "ZoekMetAdresseerbaarObjectIdentificatie"


def _medebewoners(answered: Answered) -> Found:
    if answered.residents is None:
        return Found(None, _BEWONERS, known=False)
    value: tuple[Value, ...] = tuple(
        {
            "bsn": p.burgerservicenummer or None,
            "naam": p.naam.full or None,
            "geboortedatum": full_date(p.geboorte.datum),
            "leeftijd": p.leeftijd,
            "geheimhouding": p.geheimhouding_persoonsgegevens,
        }
        for p in _anderen(answered)
    )
    return Found(value, _BEWONERS)


def _aantal_op_adres(answered: Answered) -> Found:
    return a_number(None if answered.residents is None else len(answered.residents), _BEWONERS)


def _gezin_op_adres(answered: Answered) -> Found:
    if answered.residents is None:
        return Found(None, _BEWONERS, known=False)
    person = answered.person
    partner = _actuele_partner(person)
    relaties: dict[str, str] = {ouder.burgerservicenummer: "ouder" for ouder in person.ouders}
    relaties |= {kind.burgerservicenummer: "kind" for kind in person.kinderen}
    if partner:
        relaties[partner.burgerservicenummer] = "partner"
    value: tuple[Value, ...] = tuple(
        {
            "bsn": p.burgerservicenummer,
            "naam": p.naam.full or None,
            "relatie": relaties[p.burgerservicenummer],
            "geboortedatum": full_date(p.geboorte.datum),
            "leeftijd": p.leeftijd,
        }
        for p in _anderen(answered)
        if p.burgerservicenummer and p.burgerservicenummer in relaties
    )
    return Found(value, _BEWONERS)


# -- family ------------------------------------------------------------------------------------------------------------


def _actuele_partner(person: Persoon) -> Partner | None:
    return next((p for p in person.partners if p.ontbinding_huwelijk_partnerschap is None), None)


def _partner(answered: Answered) -> Found:
    partner = _actuele_partner(answered.person)
    if partner is None:
        return Found(None, "partners")
    soort = partner.soort_verbintenis.code if partner.soort_verbintenis else ""
    aangegaan = partner.aangaan_huwelijk_partnerschap
    value: dict[str, Value] = {
        "bsn": partner.burgerservicenummer or None,
        "naam": partner.naam.full or None,
        "geboortedatum": full_date(partner.geboorte.datum),
        "verbintenis": {"H": "huwelijk", "P": "geregistreerd_partnerschap"}.get(soort, "onbekend"),
        "sinds": full_date(aangegaan.datum) if aangegaan else None,
    }
    return Found(value, "partners", doubt=_twijfelt(partner.in_onderzoek, partner.naam.in_onderzoek))


def _twijfelt(*twijfels: Twijfel) -> bool:
    return any(twijfel != NO_DOUBT for twijfel in twijfels)


def _heeft_partner(answered: Answered) -> Found:
    partner = _actuele_partner(answered.person)
    doubt = any(_twijfelt(p.in_onderzoek) for p in answered.person.partners)
    return Found(partner is not None, "partners", doubt=doubt)


def _verwant(verwant: Verwant) -> dict[str, Value]:
    return {
        "bsn": verwant.burgerservicenummer or None,
        "naam": verwant.naam.full or None,
        "geboortedatum": full_date(verwant.geboorte.datum),
    }


def _verwanten(verwanten: tuple[Verwant, ...], path: str) -> Found:
    doubt = any(_twijfelt(v.in_onderzoek, v.naam.in_onderzoek, v.geboorte.in_onderzoek) for v in verwanten)
    return Found(tuple(_verwant(v) for v in verwanten), path, doubt=doubt)


def _kinderen(answered: Answered) -> Found:
    return _verwanten(answered.person.kinderen, "kinderen")


def _ouders(answered: Answered) -> Found:
    # A list with no name is how the BRP says that there is, in law, no such parent.
    return _verwanten(tuple(o for o in answered.person.ouders if o.naam.full or o.burgerservicenummer), "ouders")


def _gezag(answered: Answered) -> Found:
    relaties = answered.person.gezag
    value: tuple[Value, ...] = tuple(
        {
            "soort": _GEZAG.get(relatie.type, "niet_te_bepalen"),
            "minderjarige": relatie.minderjarige.burgerservicenummer or None,
            "gezagsdragers": tuple(
                wie.burgerservicenummer
                for wie in (*relatie.ouders, relatie.ouder, relatie.derde, *relatie.derden)
                if wie is not None and wie.burgerservicenummer
            ),
        }
        for relatie in relaties
    )
    return Found(value, "gezag", known=bool(relaties), doubt=any(relatie.in_onderzoek for relatie in relaties))


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
    return Found(value, "nationaliteiten", known=bool(alle), doubt=any(_twijfelt(n.in_onderzoek) for n in alle))


def _nederlander(answered: Answered) -> Found:
    alle = answered.person.nationaliteiten
    doubt = any(_twijfelt(n.in_onderzoek) for n in alle)
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
    return Found(value, "verblijfstitel", doubt=_twijfelt(titel.in_onderzoek))


def _in_nederland_sinds(answered: Answered) -> Found:
    immigratie = answered.person.immigratie
    path = "immigratie.datumVestigingInNederland"
    if immigratie is None:
        # Never came from abroad: there is no such date, and that is known.
        return Found(None, path)
    doubt = immigratie.in_onderzoek.datum_vestiging_in_nederland
    return a_date(immigratie.datum_vestiging_in_nederland, path, doubt=doubt)


READERS: Mapping[str, Reader] = {
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
    "persoon.adres": _adres,
    "persoon.adres.functie": _adres_functie,
    "persoon.adres.sinds": _adres_sinds,
    "persoon.adres.postcode": _postcode,
    "persoon.verblijf_buitenland": _buitenland,
    "persoon.verblijf_onbekend": _onbekend,
    "persoon.medebewoners": _medebewoners,
    "persoon.aantal_op_adres": _aantal_op_adres,
    "persoon.gezin_op_adres": _gezin_op_adres,
    "persoon.partner": _partner,
    "persoon.heeft_partner": _heeft_partner,
    "persoon.kinderen": _kinderen,
    "persoon.ouders": _ouders,
    "persoon.gezag": _gezag,
    "persoon.curatele": _curatele,
    "persoon.nationaliteiten": _nationaliteiten,
    "persoon.nederlander": _nederlander,
    "persoon.verblijfstitel": _verblijfstitel,
    "persoon.in_nederland_sinds": _in_nederland_sinds,
}
