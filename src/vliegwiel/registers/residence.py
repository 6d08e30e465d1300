"""From a BRP answer to data: where somebody lives."""

from __future__ import annotations

from collections.abc import Mapping

from .answered import Answered, Reader
from .brpdata import (
    NO_DOUBT,
    Adres,
    Locatie,
    Persoon,
    Twijfel,
    VerblijfplaatsBuitenland,
    VerblijfplaatsOnbekend,
    full_date,
)
from .facts import Value
from .found import Found, a_date, a_text


def residence_doubt(person: Persoon) -> Twijfel:
    """What is under investigation about where somebody lives."""
    return person.verblijfplaats.in_onderzoek if person.verblijfplaats else NO_DOUBT


def _adres(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    if not isinstance(woont, Adres | Locatie):
        return Found(None, "verblijfplaats", known=woont is not None, doubt=residence_doubt(answered.person).type)
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
    return a_text(functie, "verblijfplaats.functieAdres", doubt=residence_doubt(answered.person).functie_adres)


def _adres_sinds(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    datum = woont.datum_van if isinstance(woont, Adres | Locatie) else None
    return a_date(datum, "verblijfplaats.datumVan", doubt=residence_doubt(answered.person).datum_van)


def _postcode(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    adres = woont.verblijfadres if isinstance(woont, Adres) else None
    doubt = adres is not None and (adres.in_onderzoek.postcode or residence_doubt(answered.person).type)
    return a_text(adres.postcode if adres else "", "verblijfplaats.verblijfadres.postcode", doubt=doubt)


def _buitenland(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    value = isinstance(woont, VerblijfplaatsBuitenland) if woont else None
    return Found(value, "verblijfplaats.type", known=woont is not None, doubt=residence_doubt(answered.person).type)


def _onbekend(answered: Answered) -> Found:
    woont = answered.person.verblijfplaats
    value = woont is None or isinstance(woont, VerblijfplaatsOnbekend)
    return Found(value, "verblijfplaats.type", doubt=residence_doubt(answered.person).type)


def home_of(person: Persoon) -> str:
    """The BAG number of the home somebody is registered at; empty when there is none."""
    woont = person.verblijfplaats
    return woont.adresseerbaar_object_identificatie if isinstance(woont, Adres) else ""


READERS: Mapping[str, Reader] = {
    "persoon.adres": _adres,
    "persoon.adres.functie": _adres_functie,
    "persoon.adres.sinds": _adres_sinds,
    "persoon.adres.postcode": _postcode,
    "persoon.verblijf_buitenland": _buitenland,
    "persoon.verblijf_onbekend": _onbekend,
}
