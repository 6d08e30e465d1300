"""BAG API Individuele Bevragingen v2: the operations that are needed to look up a home, field for field.

Coordinates are made up: nothing here lies anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TypeAlias

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .problems import Wrong, problem
from .records import Adresobject
from .store import Store

PREFIX = "/lvbag/individuelebevragingen/v2"
Inhoud: TypeAlias = "dict[str, object]"
_HAL = "application/hal+json"
_OBJECT = r"[0-9]{4}(01|02|03)[0-9]{10}"
_NUMMER = r"[0-9]{4}20[0-9]{10}"
_PATRONEN = {
    "postcode": r"[1-9][0-9]{3}[a-zA-Z]{2}",
    "huisletter": r"[a-zA-Z]",
    "huisnummertoevoeging": r"[0-9a-zA-Z]{1,4}",
    "adresseerbaarObjectIdentificatie": _OBJECT,
    "nummeraanduidingIdentificatie": _NUMMER,
    "woonplaatsIdentificatie": r"(?!0000)[0-9]{4}",
    "woonplaatsNaam": r".{1,80}",
    "openbareRuimteNaam": r".{1,80}",
    "exacteMatch": r"true|false",
    "geheleLvc": r"true|false",
    "expand": r"[a-zA-Z.,]{1,200}",
}


class Bag:
    """The endpoints, on a store."""

    def __init__(self, store: Store, base_url: str, gemeenten: Mapping[str, str]) -> None:
        self._store = store
        self._root = f"{base_url}{PREFIX}"
        self._gemeenten = gemeenten

    def routes(self) -> list[Route]:
        """All operations that are played."""
        return [
            Route(f"{PREFIX}/info", self.info),
            Route(f"{PREFIX}/adressen", self.adressen),
            Route(f"{PREFIX}/adressen/{{nummer}}", self.adres),
            Route(f"{PREFIX}/adressenuitgebreid", self.uitgebreid),
            Route(f"{PREFIX}/adressenuitgebreid/{{nummer}}", self.adres_uitgebreid),
            Route(f"{PREFIX}/adresseerbareobjecten/{{object}}", self.addressable_object),
            Route(f"{PREFIX}/adresseerbareobjecten/{{object}}/lvc", self.levenscyclus),
            Route(f"{PREFIX}/verblijfsobjecten/{{object}}", self.verblijfsobject),
            Route(f"{PREFIX}/nummeraanduidingen/{{nummer}}", self.nummeraanduiding),
            Route(f"{PREFIX}/bronhouders", self.bronhouders),
        ]

    async def info(self, request: Request) -> Response:
        """What answers."""
        return _hal({"naam": "BAG API Individuele Bevragingen (simulator)", "versie": "2.0.0", "status": "OK"})

    async def adressen(self, request: Request) -> Response:
        """Addresses by postal code, object, or street."""
        return self._zoek(request, uitgebreid=False)

    async def uitgebreid(self, request: Request) -> Response:
        """The same with the facts of the home."""
        return self._zoek(request, uitgebreid=True)

    async def adres(self, request: Request) -> Response:
        """One address."""
        return self._een_adres(request, uitgebreid=False)

    async def adres_uitgebreid(self, request: Request) -> Response:
        """One address with the facts of the home."""
        return self._een_adres(request, uitgebreid=True)

    async def addressable_object(self, request: Request) -> Response:
        """One addressable object as it is now."""
        gevonden = self._van_object(request)
        if isinstance(gevonden, Response):
            return gevonden
        return _hal(
            {"verblijfsobject": self._verblijfsobject(gevonden)} | self._links("adresseerbareobjecten", gevonden)
        )

    async def levenscyclus(self, request: Request) -> Response:
        """The versions of an addressable object; here one, from the day it came to be."""
        gevonden = self._van_object(request)
        if isinstance(gevonden, Response):
            return gevonden
        voorkomens = [{"verblijfsobject": self._verblijfsobject(gevonden)}]
        zelf = {"self": {"href": f"{self._root}/adresseerbareobjecten/{gevonden.adresseerbaar_object}/lvc"}}
        return _hal({"_embedded": {"voorkomens": voorkomens}, "_links": zelf})

    async def verblijfsobject(self, request: Request) -> Response:
        """One home."""
        gevonden = self._van_object(request)
        return gevonden if isinstance(gevonden, Response) else _hal(self._verblijfsobject(gevonden))

    async def nummeraanduiding(self, request: Request) -> Response:
        """One number of a home."""
        gevonden = self._van_nummer(request)
        if isinstance(gevonden, Response):
            return gevonden
        inhoud = _zonder_lege(
            {
                "identificatie": gevonden.nummeraanduiding,
                "domein": "NL.IMBAG.Nummeraanduiding",
                "huisnummer": gevonden.huisnummer,
                "huisletter": gevonden.huisletter,
                "huisnummertoevoeging": gevonden.toevoeging,
                "postcode": gevonden.postcode,
                "typeAdresseerbaarObject": gevonden.soort,
                "status": "Naamgeving uitgegeven",
                "geconstateerd": "N",
                "ligtAan": gevonden.openbare_ruimte,
                **_herkomst(gevonden),
            }
        )
        links = {
            "self": {"href": f"{self._root}/nummeraanduidingen/{gevonden.nummeraanduiding}"},
            "ligtAanOpenbareRuimte": {"href": f"{self._root}/openbareruimten/{gevonden.openbare_ruimte}"},
        }
        return _hal({"nummeraanduiding": inhoud, "_links": links})

    async def bronhouders(self, request: Request) -> Response:
        """Which municipality keeps an object."""
        fouten = _fouten(request, {"woonplaatsIdentificatie", "objectIdentificatie"})
        if fouten:
            return problem(400, str(request.url), api="bag", wrong=fouten)
        woonplaats = request.query_params.get("woonplaatsIdentificatie")
        if woonplaats is None:
            return problem(400, str(request.url), api="bag", code="paramsRequired", detail="Geef een identificatie op.")
        gevonden = self._store.adres_in_woonplaats(woonplaats)
        lijst = []
        if gevonden and gevonden.gemeente in self._gemeenten:
            bronhouder = {"code": gevonden.gemeente, "naam": self._gemeenten[gevonden.gemeente]}
            zelf = {"self": {"href": f"{self._root}/bronhouders/{gevonden.gemeente}"}}
            lijst.append({"bronhouder": bronhouder, "_links": zelf})
        return _hal({"_embedded": {"bronhouders": lijst}, "_links": {"self": {"href": str(request.url)}}})

    # -- inside ----------------------------------------------------------------------------------------------------

    def _zoek(self, request: Request, *, uitgebreid: bool) -> Response:
        toegestaan = {
            "postcode", "huisnummer", "huisletter", "huisnummertoevoeging", "exacteMatch", "woonplaatsNaam",
            "openbareRuimteNaam", "adresseerbaarObjectIdentificatie", "page", "pageSize", "expand",
        }  # fmt: skip
        fouten = _fouten(request, toegestaan)
        if fouten:
            return problem(400, str(request.url), api="bag", wrong=fouten)
        gevonden = self._kandidaten(request)
        if gevonden is None:
            detail = (
                "Combineer postcode en huisnummer, of woonplaats, straat en huisnummer, of geef een identificatie op."
            )
            return problem(400, str(request.url), api="bag", code="paramsCombination", detail=detail)
        maak = self._uitgebreid if uitgebreid else self._adres
        passend = [maak(object_) for object_ in _passend(request.query_params, gevonden)]
        antwoord: Inhoud = {"_links": {"self": {"href": str(request.url)}}}
        if passend:
            antwoord["_embedded"] = {"adressen": passend}
        return _hal(antwoord)

    def _kandidaten(self, request: Request) -> list[Adresobject] | None:
        vraag = request.query_params
        if "adresseerbaarObjectIdentificatie" in vraag:
            return self._store.adressen_van_object(vraag["adresseerbaarObjectIdentificatie"])
        if "postcode" in vraag and "huisnummer" in vraag:
            return self._store.adressen_op_postcode(vraag["postcode"], int(vraag["huisnummer"]))
        if {"woonplaatsNaam", "openbareRuimteNaam", "huisnummer"} <= vraag.keys():
            plaats, straat = vraag["woonplaatsNaam"], vraag["openbareRuimteNaam"]
            return self._store.adressen_in_straat(plaats, straat, int(vraag["huisnummer"]))
        return None

    def _een_adres(self, request: Request, *, uitgebreid: bool) -> Response:
        gevonden = self._van_nummer(request)
        if isinstance(gevonden, Response):
            return gevonden
        return _hal(self._uitgebreid(gevonden) if uitgebreid else self._adres(gevonden))

    def _van_nummer(self, request: Request) -> Adresobject | Response:
        nummer = request.path_params["nummer"]
        if not re.fullmatch(_NUMMER, nummer):
            wrong = Wrong("nummeraanduidingIdentificatie", "pattern", f"Waarde voldoet niet aan patroon ^{_NUMMER}$.")
            return problem(400, str(request.url), api="bag", wrong=(wrong,))
        return self._store.adres(nummer) or problem(404, str(request.url), api="bag")

    def _van_object(self, request: Request) -> Adresobject | Response:
        nummer = request.path_params["object"]
        if not re.fullmatch(_OBJECT, nummer):
            wrong = Wrong(
                "adresseerbaarObjectIdentificatie", "pattern", f"Waarde voldoet niet aan patroon ^{_OBJECT}$."
            )
            return problem(400, str(request.url), api="bag", wrong=(wrong,))
        gevonden = self._store.adressen_van_object(nummer)
        return gevonden[0] if gevonden else problem(404, str(request.url), api="bag")

    def _adres(self, object_: Adresobject) -> Inhoud:
        return _zonder_lege(
            {
                "openbareRuimteNaam": object_.straat,
                "korteNaam": object_.straat[:24],
                "huisnummer": object_.huisnummer,
                "huisletter": object_.huisletter,
                "huisnummertoevoeging": object_.toevoeging,
                "postcode": object_.postcode,
                "woonplaatsNaam": object_.woonplaats,
                "nummeraanduidingIdentificatie": object_.nummeraanduiding,
                "openbareRuimteIdentificatie": object_.openbare_ruimte,
                "woonplaatsIdentificatie": object_.woonplaats_code,
                "adresseerbaarObjectIdentificatie": object_.adresseerbaar_object,
                "pandIdentificaties": [object_.pand] if object_.pand else None,
                **self._links("adressen", object_),
            }
        )

    def _uitgebreid(self, object_: Adresobject) -> Inhoud:
        pand = object_.soort == "Verblijfsobject"
        meer = {
            "typeAdresseerbaarObject": object_.soort,
            "adresseerbaarObjectGeometrie": {"punt": _punt(object_)},
            "adresseerbaarObjectStatus": "Verblijfsobject in gebruik" if pand else "Plaats aangewezen",
            "gebruiksdoelen": list(object_.doelen) if pand else None,
            "oppervlakte": object_.oppervlakte if pand else None,
            "oorspronkelijkBouwjaar": [str(object_.bouwjaar)] if pand and object_.bouwjaar else None,
        }
        return self._adres(object_) | _zonder_lege(meer)

    def _verblijfsobject(self, object_: Adresobject) -> Inhoud:
        inhoud = {
            "identificatie": object_.adresseerbaar_object,
            "domein": "NL.IMBAG.Verblijfsobject",
            "type": object_.soort,
            "heeftAlsHoofdAdres": object_.nummeraanduiding,
            "geometrie": {"punt": _punt(object_)},
            "gebruiksdoelen": list(object_.doelen),
            "oppervlakte": object_.oppervlakte or 1,
            "status": "Verblijfsobject in gebruik",
            "geconstateerd": "N",
            "maaktDeelUitVan": [object_.pand],
            **_herkomst(object_),
        }
        links = {
            "self": {"href": f"{self._root}/verblijfsobjecten/{object_.adresseerbaar_object}"},
            "heeftAlsHoofdAdres": {"href": f"{self._root}/nummeraanduidingen/{object_.nummeraanduiding}"},
            "maaktDeelUitVan": [{"href": f"{self._root}/panden/{object_.pand}"}],
        }
        return {"verblijfsobject": inhoud, "_links": links}

    def _links(self, soort: str, object_: Adresobject) -> Inhoud:
        nummer = object_.nummeraanduiding if soort == "adressen" else object_.adresseerbaar_object
        return {"_links": {"self": {"href": f"{self._root}/{soort}/{nummer}"}}}


def _passend(vraag: Mapping[str, str], objecten: Iterable[Adresobject]) -> list[Adresobject]:
    letter, toevoeging = vraag.get("huisletter"), vraag.get("huisnummertoevoeging")
    precies = vraag.get("exacteMatch") == "true"

    def gelijk(gezocht: str | None, waarde: str | None) -> bool:
        if gezocht is None:
            return waarde is None or not precies
        return waarde is not None and gezocht.casefold() == waarde.casefold()

    return [o for o in objecten if gelijk(letter, o.huisletter) and gelijk(toevoeging, o.toevoeging)]


def _fouten(request: Request, toegestaan: set[str]) -> tuple[Wrong, ...]:
    fouten: list[Wrong] = []
    for naam, waarde in request.query_params.multi_items():
        if naam not in toegestaan:
            fouten.append(Wrong(naam[:30], "unknownParam", "Parameter is niet verwacht."))
        elif naam in {"huisnummer", "page", "pageSize"}:
            if not re.fullmatch(r"[0-9]{1,9}", waarde):
                fouten.append(Wrong(naam, "integer", "Waarde is geen geldige integer."))
            elif naam == "huisnummer" and not 1 <= int(waarde) <= 99999:
                fouten.append(Wrong(naam, "maximum", "Waarde valt buiten 1 tot en met 99999."))
        elif naam in _PATRONEN and not re.fullmatch(_PATRONEN[naam], waarde):
            fouten.append(Wrong(naam, "pattern", f"Waarde voldoet niet aan patroon ^{_PATRONEN[naam]}$."))
    return tuple(fouten)


def _punt(object_: Adresobject) -> Inhoud:
    uit = int(object_.nummeraanduiding[-5:])
    return {"type": "Point", "coordinates": [100000.0 + uit, 450000.0 + uit, 0.0]}


def _herkomst(object_: Adresobject) -> Inhoud:
    begin = object_.ontstaan or date(2010, 1, 1)
    moment = datetime(begin.year, begin.month, begin.day, 12, tzinfo=UTC).isoformat().replace("+00:00", "Z")
    return {
        "documentdatum": begin.isoformat(),
        "documentnummer": f"SIM-{object_.nummeraanduiding[-6:]}",
        "voorkomen": {
            "versie": 1,
            "beginGeldigheid": begin.isoformat(),
            "tijdstipRegistratie": moment,
            "tijdstipRegistratieLV": moment,
        },
    }


def _zonder_lege(inhoud: Mapping[str, object]) -> Inhoud:
    return {naam: waarde for naam, waarde in inhoud.items() if waarde is not None}


def _hal(inhoud: Mapping[str, object]) -> Response:
    return JSONResponse(dict(inhoud), media_type=_HAL, headers={"api-version": "2.0.0"})
