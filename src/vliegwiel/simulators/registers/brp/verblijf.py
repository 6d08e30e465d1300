"""Where somebody lives and how to write to them (BRP API: verblijfplaats, immigratie, adressering)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import adres as adressen
from . import namen
from .bouwstenen import datumveld, landveld, rij_van
from .datum import datum
from .json import Json
from .onderzoek import VERBLIJFT_NIET_OP_ADRES
from .tabellen import tabellen, waarde
from .velden import DATUM, TABEL, Bron, Groep, Veld


def _soort(bron: Bron) -> Json:
    return adressen.soort_verblijfplaats(bron.rij)


def _bij(*soorten: str) -> Callable[[Bron], bool]:
    return lambda bron: adressen.soort_verblijfplaats(bron.rij) in soorten


_ADRES = _bij("Adres")
_LOCATIE = _bij("Locatie")
_BINNENLAND = _bij("Adres", "Locatie")
_BUITENLAND = _bij("VerblijfplaatsBuitenland")
_NIET_BINNENLAND = _bij("VerblijfplaatsBuitenland", "VerblijfplaatsOnbekend")


def _niet_op_adres(bron: Bron) -> Json:
    loopt = bron.lopend.get("08")
    return _BINNENLAND(bron) and loopt is not None and loopt.code == VERBLIJFT_NIET_OP_ADRES


def _tekst(naam: str, element: str, bij: Callable[[Bron], bool], lengte: int = 80) -> Veld:
    def lees(bron: Bron) -> Json:
        tekst = namen.bekend(bron.rij.get(element))
        return tekst[:lengte] if tekst else None

    return Veld(naam, (f"08.{element}",), lees, bij=bij)


def _bag(naam: str, element: str) -> Veld:
    return Veld(naam, (f"08.{element}",), lambda bron: adressen.identificatie(bron.rij, element), bij=_ADRES)


_VERBLIJFADRES = Groep(
    "verblijfadres",
    (
        _tekst("officieleStraatnaam", "11.15", _ADRES),
        _tekst("korteStraatnaam", "11.10", _ADRES, 24),
        Veld("huisnummer", ("08.11.20",), lambda bron: adressen.huisnummer(bron.rij), bij=_ADRES),
        _tekst("huisletter", "11.30", _ADRES),
        _tekst("huisnummertoevoeging", "11.40", _ADRES),
        Veld(
            "aanduidingBijHuisnummer",
            ("08.11.50",),
            lambda bron: waarde(bron.rij.get("11.50"), tabellen().aanduiding_bij_huisnummer),
            TABEL,
            bij=_ADRES,
        ),
        _tekst("postcode", "11.60", _ADRES),
        Veld("woonplaats", ("08.11.70",), lambda bron: adressen.woonplaats(bron.rij), bij=_ADRES),
        _tekst("locatiebeschrijving", "12.10", _LOCATIE, 35),
        Veld("land", ("08.13.10",), lambda bron: adressen.land(bron.rij), TABEL, bij=_BUITENLAND),
        _tekst("regel1", "13.30", _BUITENLAND, 40),
        _tekst("regel2", "13.40", _BUITENLAND, 50),
        _tekst("regel3", "13.50", _BUITENLAND, 35),
    ),
)


def _verblijfplaats(bron: Bron) -> Sequence[Bron]:
    rij = bron.lijst.verblijfplaats
    return (bron.voor("08", rij),) if adressen.soort_verblijfplaats(rij) else ()


VERBLIJFPLAATS = Groep(
    "verblijfplaats",
    (
        Veld("type", ("08.11.10",), _soort, bij=_ADRES),
        Veld("type", ("08.12.10",), _soort, bij=_LOCATIE),
        Veld("type", ("08.13.10",), _soort, bij=_NIET_BINNENLAND),
        Veld("indicatieVastgesteldVerblijftNietOpAdres", (), _niet_op_adres),
        Veld("datumVan", ("08.10.30",), lambda bron: datum(bron.rij.get("10.30")), DATUM, bij=_BINNENLAND),
        Veld("datumVan", ("08.13.20",), lambda bron: datum(bron.rij.get("13.20")), DATUM, bij=_NIET_BINNENLAND),
        Veld("datumIngangGeldigheid", ("08.85.10",), lambda bron: datum(bron.rij.get("85.10")), DATUM),
        Veld(
            "functieAdres",
            ("08.10.10",),
            lambda bron: waarde(bron.rij.get("10.10"), tabellen().functie_adres),
            TABEL,
            bij=_BINNENLAND,
        ),
        _bag("adresseerbaarObjectIdentificatie", "11.80"),
        _bag("nummeraanduidingIdentificatie", "11.90"),
        _VERBLIJFADRES,
    ),
    rijen=_verblijfplaats,
    altijd=("type", "indicatieVastgesteldVerblijftNietOpAdres"),
)

IMMIGRATIE = Groep(
    "immigratie",
    (
        landveld("landVanwaarIngeschreven", "08", "14.10"),
        datumveld("datumVestigingInNederland", "08", "14.20"),
        Veld("vanuitVerblijfplaatsOnbekend", ("08.14.10",), lambda bron: bron.rij.get("14.10") == "0000"),
        Veld(
            "indicatieVestigingVanuitBuitenland", ("08.14.20",), lambda bron: datum(bron.rij.get("14.20")) is not None
        ),
    ),
    rijen=rij_van("08", lambda lijst: lijst.verblijfplaats),
)

# -- adressering -------------------------------------------------------------------------------------------------------

_VAN_PERSOON = ("01.02.10", "01.02.20", "01.02.30", "01.02.40", "01.04.10", "01.61.10")
_VAN_PARTNER = ("05.02.10", "05.02.20", "05.02.30", "05.02.40", "05.04.10")
_NAAMGEBRUIK = (*_VAN_PERSOON, *_VAN_PARTNER)


def _met_partner(bron: Bron) -> Sequence[Bron]:
    # The investigations on the partner that is used in the name, and on the address, count here too.
    metpartner = bron.voor("05", bron.lijst.partner or {})
    return (metpartner.voor("08", bron.lijst.verblijfplaats).voor("01", bron.lijst.persoon),)


def _aanschrijfwijze(bron: Bron) -> Json:
    naam = namen.aanschrijfnaam(bron.lijst.persoon, bron.lijst.partner)
    return {"naam": naam} if naam else None


def _adresregel_niet_op_adres(bron: Bron) -> Json:
    return _niet_op_adres(bron.voor("08", bron.lijst.verblijfplaats))


ADRESSERING = Groep(
    "adressering",
    (
        Veld("aanhef", _NAAMGEBRUIK, lambda bron: namen.aanhef(bron.lijst.persoon, bron.lijst.partner)),
        Veld("aanschrijfwijze", _NAAMGEBRUIK, _aanschrijfwijze, ("naam", "aanspreekvorm")),
        Veld(
            "gebruikInLopendeTekst",
            _NAAMGEBRUIK,
            lambda bron: namen.in_lopende_tekst(bron.lijst.persoon, bron.lijst.partner),
        ),
        Veld(
            "adresregel1",
            ("08.11.10", "08.11.20", "08.11.30", "08.11.40", "08.11.50", "08.12.10", "08.13.30"),
            lambda bron: adressen.adresregel1(bron.lijst.verblijfplaats),
        ),
        Veld(
            "adresregel2",
            ("08.09.10", "08.11.60", "08.11.70", "08.13.40"),
            lambda bron: adressen.adresregel2(bron.lijst.verblijfplaats),
        ),
        Veld("adresregel3", ("08.13.50",), lambda bron: adressen.adresregel3(bron.lijst.verblijfplaats)),
        Veld("land", ("08.13.10",), lambda bron: adressen.land(bron.lijst.verblijfplaats), TABEL),
        Veld("indicatieVastgesteldVerblijftNietOpAdres", (), _adresregel_niet_op_adres),
    ),
    rijen=_met_partner,
    datumnamen={
        "01": "datumIngangOnderzoekPersoon",
        "05": "datumIngangOnderzoekPartner",
        "08": "datumIngangOnderzoekVerblijfplaats",
    },
)
