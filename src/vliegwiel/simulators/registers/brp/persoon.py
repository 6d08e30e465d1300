"""The fields of Persoon, PersoonBeperkt and GezagPersoonBeperkt (BRP API Personen 2.7.0), each with its elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .bouwstenen import datumveld, geboortegroep, landveld, naamgroep, plaatsveld, rij_van, tabelveld
from .datum import datum, leeftijd, voorbij
from .gezag import gezag
from .json import Json
from .tabellen import tabellen, waarde
from .velden import DATUM, TABEL, Bron, Groep, Veld
from .verblijf import ADRESSERING, IMMIGRATIE, VERBLIJFPLAATS
from .verwanten import KINDEREN, OUDERS, PARTNERS

_GEEN_TITEL = "98"


def _leeftijd(bron: Bron) -> Json:
    if bron.lijst.opschorting == "O" or "08.10" in bron.lijst.overlijden:
        return None
    jaren = leeftijd(bron.lijst.persoon.get("03.10"), bron.vandaag)
    return jaren if jaren is not None and jaren <= 150 else None


def _soort_nationaliteit(bron: Bron) -> Json:
    bijzonder, code = bron.rij.get("65.10"), bron.rij.get("05.10")
    if bijzonder == "B" or code == "0002":
        return "BehandeldAlsNederlander"
    if bijzonder == "V" or code == "0500":
        return "VastgesteldNietNederlander"
    return {"0499": "Staatloos", "0000": "NationaliteitOnbekend"}.get(code or "0000", "Nationaliteit")


def _nationaliteiten(bron: Bron) -> Sequence[Bron]:
    """Those that hold: not ended (64.10), and saying something."""
    rijen = (rij for rij in bron.lijst.nationaliteiten if "64.10" not in rij)
    return [bron.voor("04", rij) for rij in rijen if "05.10" in rij or "65.10" in rij]


NATIONALITEITEN = Groep(
    "nationaliteiten",
    (
        Veld("type", ("04.05.10", "04.65.10"), _soort_nationaliteit),
        replace(
            tabelveld("nationaliteit", "04", "05.10", tabellen().nationaliteiten),
            bij=lambda bron: _soort_nationaliteit(bron) == "Nationaliteit",
        ),
        tabelveld("redenOpname", "04", "63.10", tabellen().redenen_opname, ("000",)),
        Veld("datumIngangGeldigheid", (), lambda bron: datum(bron.rij.get("85.10")), DATUM),
    ),
    rijen=_nationaliteiten,
    veelvoud=True,
    altijd=("type",),
)


def _verblijfstitel(bron: Bron) -> Sequence[Bron]:
    rij = bron.lijst.verblijfstitel
    geldt = rij.get("39.10") not in {None, _GEEN_TITEL} and not voorbij(rij.get("39.20"), bron.vandaag)
    return (bron.voor("10", rij),) if geldt else ()


def _europees_kiesrecht(bron: Bron) -> Sequence[Bron]:
    rij = bron.lijst.kiesrecht
    return (bron.voor("13", rij),) if rij.get("31.10") and not voorbij(rij.get("31.30"), bron.vandaag) else ()


def _uitsluiting(bron: Bron) -> Sequence[Bron]:
    rij = bron.lijst.kiesrecht
    return (bron.voor("13", rij),) if rij.get("38.10") == "A" and not voorbij(rij.get("38.20"), bron.vandaag) else ()


_GEZAG_PADEN = (
    "type",
    "toelichting",
    "minderjarige",
    *(f"minderjarige.{naam}" for naam in ("burgerservicenummer", "naam", "naam.volledigeNaam", "leeftijd")),
    *(
        f"{wie}{onder}"
        for wie in ("ouder", "ouders", "derde", "derden")
        for onder in ("", ".burgerservicenummer", ".naam", ".naam.volledigeNaam")
    ),
    "derde.type",
    "derden.type",
)
GEZAG = Veld("gezag", (), gezag, _GEZAG_PADEN)

PERSOON = Groep(
    "persoon",
    (
        Veld("aNummer", ("01.01.10",), lambda bron: bron.rij.get("01.10"), meldt_onderzoek=False),
        Veld("burgerservicenummer", ("01.01.20",), lambda bron: bron.lijst.bsn),
        Veld(
            "datumEersteInschrijvingGBA",
            ("07.68.10",),
            lambda bron: datum(bron.lijst.inschrijving.get("68.10")),
            DATUM,
            meldt_onderzoek=False,
        ),
        tabelveld("geslacht", "01", "04.10", tabellen().geslacht),
        Veld("leeftijd", ("01.03.10",), _leeftijd),
        naamgroep("01", van_persoon=True),
        geboortegroep("01"),
        ADRESSERING,
        VERBLIJFPLAATS,
        IMMIGRATIE,
        Veld(
            "gemeenteVanInschrijving",
            ("08.09.10",),
            lambda bron: waarde(bron.lijst.verblijfplaats.get("09.10"), tabellen().gemeenten),
            TABEL,
        ),
        Veld(
            "datumInschrijvingInGemeente",
            ("08.09.20",),
            lambda bron: datum(bron.lijst.verblijfplaats.get("09.20")),
            DATUM,
        ),
        Veld("indicatieCurateleRegister", ("11.33.10",), lambda bron: bron.lijst.gezag.get("33.10") == "1"),
        Veld(
            "indicatieGezagMinderjarige",
            ("11.32.10",),
            lambda bron: waarde(bron.lijst.gezag.get("32.10"), tabellen().gezag),
            TABEL,
        ),
        GEZAG,
        Groep(
            "overlijden",
            (datumveld("datum", "06", "08.10"), landveld("land", "06", "08.30"), plaatsveld("plaats", "06", "08.20")),
            rijen=rij_van("06", lambda lijst: lijst.overlijden),
        ),
        NATIONALITEITEN,
        OUDERS,
        PARTNERS,
        KINDEREN,
        Groep(
            "verblijfstitel",
            (
                tabelveld("aanduiding", "10", "39.10", tabellen().verblijfstitels, ("00",)),
                datumveld("datumEinde", "10", "39.20"),
                datumveld("datumIngang", "10", "39.30"),
            ),
            rijen=_verblijfstitel,
        ),
        Groep(
            "europeesKiesrecht",
            (
                Veld(
                    "aanduiding", (), lambda bron: waarde(bron.rij.get("31.10"), tabellen().europees_kiesrecht), TABEL
                ),
                Veld("einddatumUitsluiting", (), lambda bron: datum(bron.rij.get("31.30")), DATUM),
            ),
            rijen=_europees_kiesrecht,
        ),
        Groep(
            "uitsluitingKiesrecht",
            (
                Veld("uitgeslotenVanKiesrecht", (), lambda bron: True),
                Veld("einddatum", (), lambda bron: datum(bron.rij.get("38.20")), DATUM),
            ),
            rijen=_uitsluiting,
        ),
    ),
    datumnamen={
        "01": "datumIngangOnderzoekPersoon",
        "08": "datumIngangOnderzoekGemeente",
        "11": "datumIngangOnderzoekGezag",
    },
)

_BEPERKT: dict[str, frozenset[str] | None] = {
    "burgerservicenummer": None,
    "geslacht": None,
    "leeftijd": None,
    "naam": frozenset(
        {"voornamen", "adellijkeTitelPredicaat", "voorvoegsel", "geslachtsnaam", "voorletters", "volledigeNaam"}
    ),
    "geboorte": frozenset({"datum"}),
    "adressering": frozenset(
        {"adresregel1", "adresregel2", "adresregel3", "land", "indicatieVastgesteldVerblijftNietOpAdres"}
    ),
}
PERSOON_BEPERKT = PERSOON.beperkt(_BEPERKT)
GEZAG_PERSOON_BEPERKT = PERSOON.beperkt({**_BEPERKT, "gezag": None})
