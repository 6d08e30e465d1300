"""A question to the BRP API, checked as the API checks it: parameters per kind of search, and which fields may be asked.

Source: BRP API Personen 2.7.0 and its feature files ("fout-cases"). Patterns and messages are those of the specification.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ..problems import Wrong
from .json import Json
from .persoon import GEZAG_PERSOON_BEPERKT, PERSOON, PERSOON_BEPERKT
from .velden import Groep, Keuze, keuze_van

MAX_FIELDS = 130
MAX_BSN = 20
_VELDPAD = r"^[a-zA-Z0-9\._]{1,200}$"
_BSN = r"^[0-9]{9}$"
_AUTOMATISCH = re.compile(
    r"(geheimhoudingPersoonsgegevens|opschortingBijhouding|rni|verificatie)(\..+)?"
    r"|(.+\.)?inOnderzoek(\..+)?"
    r"|(.+\.)?indicatieVastgesteldVerblijftNietOpAdres"
)

Controle = Callable[[str, Json], Iterator[Wrong]]


@dataclass(frozen=True, slots=True)
class Vraag:
    """A checked question: the kind of search, its parameters, and the fields that were asked."""

    type: str
    parameters: Mapping[str, Json]
    groep: Groep
    keuze: Keuze
    velden: tuple[str, ...]

    def tekst(self, naam: str) -> str | None:
        """A parameter that is text."""
        waarde = self.parameters.get(naam)
        return waarde if isinstance(waarde, str) else None

    def getal(self, naam: str) -> int:
        """A parameter that is a number (or digits)."""
        waarde = self.parameters.get(naam)
        return int(waarde) if isinstance(waarde, int | str) else 0


def _patroon(patroon: str) -> Controle:
    gecompileerd = re.compile(patroon)

    def controleer(naam: str, waarde: Json) -> Iterator[Wrong]:
        if not isinstance(waarde, str) or not gecompileerd.search(waarde) or waarde.endswith("\n"):
            yield Wrong(naam, "pattern", f"Waarde voldoet niet aan patroon {patroon}.")

    return controleer


def _getal(naam: str, waarde: Json) -> Iterator[Wrong]:
    # A number written as text is taken, as the API does.
    if isinstance(waarde, bool) or not isinstance(waarde, int | str) or not re.fullmatch(r"-?[0-9]{1,9}", str(waarde)):
        yield Wrong(naam, "integer", "Waarde is geen geldig getal.")
    elif int(waarde) < 1:
        yield Wrong(naam, "minimum", "Waarde is lager dan minimum 1.")
    elif int(waarde) > 99999:
        yield Wrong(naam, "maximum", "Waarde is hoger dan maximum 99999.")


def _datum(naam: str, waarde: Json) -> Iterator[Wrong]:
    try:
        goed = isinstance(waarde, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", waarde) is not None
        goed = goed and bool(date.fromisoformat(str(waarde)))
    except ValueError:
        goed = False
    if not goed:
        yield Wrong(naam, "date", "Waarde is geen geldige datum.")


def _boolean(naam: str, waarde: Json) -> Iterator[Wrong]:
    if not isinstance(waarde, bool):
        yield Wrong(naam, "boolean", "Waarde is geen boolean.")


def _bsns(naam: str, waarde: Json) -> Iterator[Wrong]:
    yield from _lijst(naam, waarde, MAX_BSN, _patroon(_BSN))


def _lijst(naam: str, waarde: Json, meest: int, elk: Controle) -> Iterator[Wrong]:
    if not isinstance(waarde, list):
        yield Wrong(naam, "array", "Parameter is geen array.")
    elif not waarde:
        yield Wrong(naam, "minItems", "Array bevat minder dan 1 items.")
    elif len(waarde) > meest:
        yield Wrong(naam, "maxItems", f"Array bevat meer dan {meest} items.")
    else:
        for nummer, deel in enumerate(waarde):
            yield from elk(f"{naam}[{nummer}]", deel)


_NAAM = r"^[a-zA-Z0-9À-ž \.\-\']{1,200}$|^[a-zA-Z0-9À-ž \.\-\']{3,199}\*{1}$"
_STRAAT = r"^[a-zA-Z0-9À-ž \-\'\.]{1,80}$|^[a-zA-Z0-9À-ž \-\'\.]{7,79}\*{1}$|^\*{1}[a-zA-Z0-9À-ž \-\'\.]{7,79}$"
_BAG = r"^(?!0{16})[0-9]{16}$"
_CONTROLES: dict[str, Controle] = {
    "burgerservicenummer": _bsns,
    "gemeenteVanInschrijving": _patroon(r"^[0-9]{4}$"),
    "inclusiefOverledenPersonen": _boolean,
    "geboortedatum": _datum,
    "geslachtsnaam": _patroon(_NAAM),
    "geslacht": _patroon(r"^([Mm]|[Vv]|[Oo])$"),
    "voorvoegsel": _patroon(r"^[a-zA-Z \']{1,10}$"),
    "huisletter": _patroon(r"^[a-zA-Z]{1}$"),
    "huisnummer": _getal,
    "huisnummertoevoeging": _patroon(r"^[a-zA-Z0-9 \-]{1,4}$"),
    "postcode": _patroon(r"^[1-9]{1}[0-9]{3}[ ]?[A-Za-z]{2}$"),
    "straat": _patroon(_STRAAT),
    "nummeraanduidingIdentificatie": _patroon(_BAG),
    "adresseerbaarObjectIdentificatie": _patroon(_BAG),
}
_VOORNAMEN = {
    "ZoekMetGeslachtsnaamEnGeboortedatum": _patroon(r"^[a-zA-Z0-9À-ž \.\-\']{1,199}\*{0,1}$"),
    "ZoekMetNaamEnGemeenteVanInschrijving": _patroon(_NAAM),
}


@dataclass(frozen=True, slots=True)
class _Soort:
    verplicht: tuple[str, ...]
    toegestaan: tuple[str, ...]
    groep: Groep


_OPTIONEEL = ("inclusiefOverledenPersonen", "gemeenteVanInschrijving")
_HUISNUMMER = ("huisletter", "huisnummertoevoeging")
SOORTEN = {
    "RaadpleegMetBurgerservicenummer": _Soort(("burgerservicenummer",), ("gemeenteVanInschrijving",), PERSOON),
    "ZoekMetGeslachtsnaamEnGeboortedatum": _Soort(
        ("geslachtsnaam", "geboortedatum"), (*_OPTIONEEL, "geslacht", "voorvoegsel", "voornamen"), PERSOON_BEPERKT
    ),
    "ZoekMetNaamEnGemeenteVanInschrijving": _Soort(
        ("geslachtsnaam", "voornamen", "gemeenteVanInschrijving"),
        ("inclusiefOverledenPersonen", "geslacht", "voorvoegsel"),
        PERSOON_BEPERKT,
    ),
    "ZoekMetPostcodeEnHuisnummer": _Soort(
        ("postcode", "huisnummer"), (*_OPTIONEEL, *_HUISNUMMER, "geboortedatum", "geslachtsnaam"), PERSOON_BEPERKT
    ),
    "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving": _Soort(
        ("straat", "huisnummer", "gemeenteVanInschrijving"),
        ("inclusiefOverledenPersonen", *_HUISNUMMER),
        PERSOON_BEPERKT,
    ),
    "ZoekMetNummeraanduidingIdentificatie": _Soort(("nummeraanduidingIdentificatie",), _OPTIONEEL, PERSOON_BEPERKT),
    "ZoekMetAdresseerbaarObjectIdentificatie": _Soort(
        ("adresseerbaarObjectIdentificatie",), _OPTIONEEL, GEZAG_PERSOON_BEPERKT
    ),
}


def toegestane_velden(type_: str) -> frozenset[str]:
    """Every path that may be asked in this kind of search."""
    groep = SOORTEN[type_].groep
    paden = {pad for pad in groep.paden() if not _AUTOMATISCH.fullmatch(pad)}
    paden |= {"adresseringBinnenland", "adresseringBinnenland.adresregel1", "adresseringBinnenland.adresregel2"}
    if groep is PERSOON:
        binnenland = {pad for pad in paden if pad.partition(".")[0] == "verblijfplaats"}
        weg = {"land", "regel1", "regel2", "regel3"}
        binnenland = {pad for pad in binnenland if not weg & set(pad.split("."))}
        paden |= {pad.replace("verblijfplaats", "verblijfplaatsBinnenland", 1) for pad in binnenland}
    return frozenset(paden)


_TOEGESTAAN = {type_: toegestane_velden(type_) for type_ in SOORTEN}


def _velden(type_: str, waarde: Json) -> Iterator[Wrong]:
    if isinstance(waarde, list) and 0 < len(waarde) <= MAX_FIELDS:
        patroon = _patroon(_VELDPAD)
        for nummer, pad in enumerate(waarde):
            naam = f"fields[{nummer}]"
            fouten = list(patroon(naam, pad))
            if fouten:
                yield from fouten
            elif _AUTOMATISCH.fullmatch(str(pad)):
                yield Wrong(naam, "fields", "Parameter bevat een niet toegestane veldnaam.")
            elif pad not in _TOEGESTAAN[type_]:
                yield Wrong(naam, "fields", "Parameter bevat een niet bestaande veldnaam.")
    else:
        yield from _lijst("fields", waarde, MAX_FIELDS, _patroon(_VELDPAD))


def lees_vraag(body: Mapping[str, Json]) -> Vraag | tuple[Wrong, ...]:
    """The question in a request body, or everything that is wrong with it."""
    type_ = body.get("type")
    if type_ is None:
        return (Wrong("type", "required", "Parameter is verplicht."),)
    if not isinstance(type_, str) or type_ not in SOORTEN:
        return (Wrong("type", "value", "Waarde is geen geldig zoek type."),)
    fouten = tuple(_fouten(type_, body))
    if fouten:
        return fouten
    gevraagd = body["fields"]
    velden = tuple(str(pad) for pad in gevraagd) if isinstance(gevraagd, list) else ()
    return Vraag(type_, body, SOORTEN[type_].groep, keuze_van(velden), velden)


def _fouten(type_: str, body: Mapping[str, Json]) -> Iterator[Wrong]:
    soort = SOORTEN[type_]
    for naam in soort.verplicht:
        if body.get(naam) is None or body[naam] == "":
            yield Wrong(naam, "required", "Parameter is verplicht.")
        else:
            yield from _controle(type_, naam)(naam, body[naam])
    for naam in soort.toegestaan:
        if naam in body and body[naam] is not None:
            yield from _controle(type_, naam)(naam, body[naam])
    if body.get("fields") is None:
        yield Wrong("fields", "required", "Parameter is verplicht.")
    else:
        yield from _velden(type_, body["fields"])
    for naam in body:
        if naam not in {"type", "fields", *soort.verplicht, *soort.toegestaan}:
            yield Wrong(naam[:30], "unknownParam", "Parameter is niet verwacht.")


def _controle(type_: str, naam: str) -> Controle:
    return _VOORNAMEN[type_] if naam == "voornamen" else _CONTROLES[naam]
