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


def _alleen(*soorten: str) -> Callable[[Callable[[Bron], Json]], Callable[[Bron], Json]]:
    def beperk(lees: Callable[[Bron], Json]) -> Callable[[Bron], Json]:
        return lambda bron: lees(bron) if adressen.soort_verblijfplaats(bron.rij) in soorten else None

    return beperk


_in_adres = _alleen("Adres")
_in_nederland = _alleen("Adres", "Locatie")


def _niet_op_adres(bron: Bron) -> Json:
    loopt = bron.lopend.get("08")
    return (
        adressen.soort_verblijfplaats(bron.rij) in {"Adres", "Locatie"}
        and loopt is not None
        and loopt.code == VERBLIJFT_NIET_OP_ADRES
    )


def _datum_van(bron: Bron) -> Json:
    binnenland = adressen.soort_verblijfplaats(bron.rij) in {"Adres", "Locatie"}
    return datum(bron.rij.get("10.30" if binnenland else "13.20"))


def _adresveld(naam: str, element: str) -> Veld:
    return Veld(naam, (f"08.{element}",), _in_adres(lambda bron: namen.bekend(bron.rij.get(element))))


def _regel(nummer: int, element: str) -> Veld:
    def lees(bron: Bron) -> Json:
        return namen.bekend(bron.rij.get(element))

    return Veld(f"regel{nummer}", (f"08.{element}",), _alleen("VerblijfplaatsBuitenland")(lees))


_VERBLIJFADRES = Groep(
    "verblijfadres",
    (
        Veld("officieleStraatnaam", ("08.11.15",), _in_adres(lambda bron: namen.bekend(bron.rij.get("11.15")))),
        Veld("korteStraatnaam", ("08.11.10",), _in_adres(lambda bron: namen.bekend(bron.rij.get("11.10")))),
        Veld("huisnummer", ("08.11.20",), _in_adres(lambda bron: adressen.huisnummer(bron.rij))),
        _adresveld("huisletter", "11.30"),
        _adresveld("huisnummertoevoeging", "11.40"),
        Veld(
            "aanduidingBijHuisnummer",
            ("08.11.50",),
            _in_adres(lambda bron: waarde(bron.rij.get("11.50"), tabellen().aanduiding_bij_huisnummer)),
            TABEL,
        ),
        _adresveld("postcode", "11.60"),
        Veld("woonplaats", ("08.11.70",), _in_adres(lambda bron: adressen.woonplaats(bron.rij))),
        Veld(
            "locatiebeschrijving",
            ("08.12.10",),
            _alleen("Locatie")(lambda bron: namen.bekend(bron.rij.get("12.10"))),
        ),
        Veld("land", ("08.13.10",), lambda bron: adressen.land(bron.rij), TABEL),
        _regel(1, "13.30"),
        _regel(2, "13.40"),
        _regel(3, "13.50"),
    ),
)


def _verblijfplaats(bron: Bron) -> Sequence[Bron]:
    rij = bron.lijst.verblijfplaats
    return (bron.voor("08", rij),) if adressen.soort_verblijfplaats(rij) else ()


VERBLIJFPLAATS = Groep(
    "verblijfplaats",
    (
        Veld("type", ("08.11.10", "08.12.10", "08.13.10"), _soort),
        Veld("indicatieVastgesteldVerblijftNietOpAdres", (), _niet_op_adres),
        Veld("datumVan", ("08.10.30", "08.13.20"), _datum_van, DATUM),
        Veld("datumIngangGeldigheid", ("08.85.10",), lambda bron: datum(bron.rij.get("85.10")), DATUM),
        Veld(
            "functieAdres",
            ("08.10.10",),
            _in_nederland(lambda bron: waarde(bron.rij.get("10.10"), tabellen().functie_adres)),
            TABEL,
        ),
        Veld(
            "adresseerbaarObjectIdentificatie",
            ("08.11.80",),
            _in_adres(lambda bron: adressen.identificatie(bron.rij, "11.80")),
        ),
        Veld(
            "nummeraanduidingIdentificatie",
            ("08.11.90",),
            _in_adres(lambda bron: adressen.identificatie(bron.rij, "11.90")),
        ),
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
