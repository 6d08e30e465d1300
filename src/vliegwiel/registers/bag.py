"""The BAG: addresses and homes (BAG API Individuele Bevragingen v2)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import msgspec

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.base.typed import prepare

from .connection import Ask, Connection, T

_OBJECT = re.compile(r"[0-9]{4}(01|02|03)[0-9]{10}")
_POSTCODE = re.compile(r"([1-9][0-9]{3}) ?([A-Za-z]{2})")
_LETTER = re.compile(r"[a-zA-Z]")
_ADDITION = re.compile(r"[0-9a-zA-Z]{1,4}")
_CORE = re.compile(r"[0-9]{4}")


class BagStruct(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Base: names as in the API."""


class BagAdres(BagStruct, frozen=True):
    """An address with the facts of the home ("adres uitgebreid")."""

    openbare_ruimte_naam: str
    huisnummer: int
    nummeraanduiding_identificatie: str
    woonplaats_naam: str
    woonplaats_identificatie: str
    huisletter: str = ""
    huisnummertoevoeging: str = ""
    postcode: str = ""
    adresseerbaar_object_identificatie: str = ""
    type_adresseerbaar_object: str = ""
    adresseerbaar_object_status: str = ""
    gebruiksdoelen: tuple[str, ...] = ()
    oppervlakte: int | None = None
    oorspronkelijk_bouwjaar: tuple[str, ...] = ()
    indicatie_nevenadres: bool = False

    @property
    def year_built(self) -> int | None:
        """The year of building; the latest when a home lies in more than one building."""
        years = [int(year) for year in self.oorspronkelijk_bouwjaar if year.isdigit()]
        return max(years, default=None)


class _Adressen(BagStruct, frozen=True):
    adressen: tuple[BagAdres, ...] = ()


class _AdresLijst(msgspec.Struct, frozen=True, rename={"embedded": "_embedded"}):
    embedded: _Adressen = _Adressen()


class _Voorkomen(BagStruct, frozen=True):
    begin_geldigheid: date


class _Object(BagStruct, frozen=True):
    voorkomen: _Voorkomen


class _Verblijfsobject(BagStruct, frozen=True):
    verblijfsobject: _Object


class _Ligplaats(BagStruct, frozen=True):
    ligplaats: _Object


class _Standplaats(BagStruct, frozen=True):
    standplaats: _Object


class _Versie(BagStruct, frozen=True):
    verblijfsobject: _Verblijfsobject | None = None
    ligplaats: _Ligplaats | None = None
    standplaats: _Standplaats | None = None

    @property
    def begin(self) -> date | None:
        if self.verblijfsobject:
            return self.verblijfsobject.verblijfsobject.voorkomen.begin_geldigheid
        if self.ligplaats:
            return self.ligplaats.ligplaats.voorkomen.begin_geldigheid
        return self.standplaats.standplaats.voorkomen.begin_geldigheid if self.standplaats else None


class _Versies(BagStruct, frozen=True):
    voorkomens: tuple[_Versie, ...] = ()


class _Levenscyclus(msgspec.Struct, frozen=True, rename={"embedded": "_embedded"}):
    embedded: _Versies = _Versies()


class _Bronhouder(BagStruct, frozen=True):
    code: str
    naam: str


class _BronhouderHal(BagStruct, frozen=True):
    bronhouder: _Bronhouder


class _Bronhouders(BagStruct, frozen=True):
    bronhouders: tuple[_BronhouderHal, ...] = ()


class _BronhouderLijst(msgspec.Struct, frozen=True, rename={"embedded": "_embedded"}):
    embedded: _Bronhouders = _Bronhouders()


@dataclass(frozen=True, slots=True)
class Gemeente:
    """A municipality by its CBS code (GM….)."""

    code: str
    name: str


class BagClient:
    """Typed questions. All raise `RegisterUnavailable` and `RegisterRefused`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def home(self, adresseerbaar_object: str, purpose: str) -> BagAdres | None:
        """The (main) address of a home with its facts; None when the BAG does not know it."""
        if not _OBJECT.fullmatch(adresseerbaar_object):
            return None
        found = self._addresses({"adresseerbaarObjectIdentificatie": adresseerbaar_object}, purpose)
        return next((a for a in found if not a.indicatie_nevenadres), None)

    def since(self, adresseerbaar_object: str, purpose: str) -> date | None:
        """The day from which the home exists as such: its first version."""
        if not _OBJECT.fullmatch(adresseerbaar_object):
            return None
        path = f"/adresseerbareobjecten/{adresseerbaar_object}/lvc"
        answer = self._get(path, "levenscyclus", {}, purpose, _Levenscyclus)
        begins = [version.begin for version in answer.embedded.voorkomens if version.begin] if answer else []
        return min(begins, default=None)

    def find(
        self, postcode: str, huisnummer: int, *, huisletter: str = "", toevoeging: str = "", purpose: str
    ) -> tuple[BagAdres, ...]:
        """Addresses at a postal code and number; with a letter or addition only that one. Raises `Invalid`."""
        found = _POSTCODE.fullmatch(postcode.strip())
        wrong: list[InvalidParam] = []
        if found is None:
            wrong.append(InvalidParam("postcode", "pattern", "Vul een postcode in, zoals 2312 AB."))
        if not 1 <= huisnummer <= 99999:
            wrong.append(InvalidParam("huisnummer", "range", "Vul een huisnummer in van 1 tot en met 99999."))
        if huisletter and not _LETTER.fullmatch(huisletter):
            wrong.append(InvalidParam("huisletter", "pattern", "Vul een enkele letter in."))
        if toevoeging and not _ADDITION.fullmatch(toevoeging):
            wrong.append(InvalidParam("toevoeging", "pattern", "Vul hooguit 4 letters of cijfers in."))
        if wrong or found is None:
            raise Invalid("Dit adres is niet goed ingevuld.", invalid=wrong)
        query = {"postcode": f"{found[1]}{found[2].upper()}", "huisnummer": str(huisnummer)}
        if huisletter:
            query["huisletter"] = huisletter
        if toevoeging:
            query["huisnummertoevoeging"] = toevoeging
        return self._addresses(query, purpose)

    def gemeente_of(self, woonplaats: str, purpose: str) -> Gemeente | None:
        """The municipality that a residential core lies in. The first digits of a BAG number do not tell: they stay as
        they were when municipalities merge."""
        if not _CORE.fullmatch(woonplaats):
            return None
        query = {"woonplaatsIdentificatie": woonplaats}
        answer = self._get("/bronhouders", "bronhouder", query, purpose, _BronhouderLijst)
        found = answer.embedded.bronhouders if answer else ()
        if not found or not _CORE.fullmatch(found[0].bronhouder.code):
            return None
        return Gemeente(f"GM{found[0].bronhouder.code}", found[0].bronhouder.naam)

    def _addresses(self, query: dict[str, str], purpose: str) -> tuple[BagAdres, ...]:
        answer = self._get("/adressenuitgebreid", "adres", query, purpose, _AdresLijst)
        return answer.embedded.adressen if answer else ()

    def _get(self, path: str, operation: str, query: dict[str, str], purpose: str, kind: type[T]) -> T | None:
        return self.connection.ask(Ask("GET", path, operation, purpose, query=query), kind)


prepare(_AdresLijst, _Levenscyclus, _BronhouderLijst)
