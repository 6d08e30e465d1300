"""The national tables behind coded values: `tabellen.yaml`, read strictly."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec

from .json import Json


class Titel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A noble title or predicate."""

    omschrijving: str
    soort: str


class Tabellen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Code to description, per table."""

    geslacht: dict[str, str]
    naamgebruik: dict[str, str]
    opschorting: dict[str, str]
    verbintenis: dict[str, str]
    functie_adres: dict[str, str]
    europees_kiesrecht: dict[str, str]
    aanduiding_bij_huisnummer: dict[str, str]
    landen: dict[str, str]
    nationaliteiten: dict[str, str]
    gemeenten: dict[str, str]
    verblijfstitels: dict[str, str]
    redenen_opname: dict[str, str]
    rni_deelnemers: dict[str, str]
    gezag: dict[str, str]
    adellijke_titels: dict[str, Titel]


@cache
def tabellen() -> Tabellen:
    """All tables."""
    return msgspec.yaml.decode(resources.files(__package__).joinpath("tabellen.yaml").read_bytes(), type=Tabellen)


def waarde(code: str | None, tabel: dict[str, str]) -> Json:
    """A coded value as the API gives it: with its description when the table has one."""
    if code is None:
        return None
    omschrijving = tabel.get(code)
    return {"code": code, "omschrijving": omschrijving} if omschrijving else {"code": code}
