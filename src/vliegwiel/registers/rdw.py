"""The RDW: driving licences by person, vehicles by plate."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from vliegwiel.base.typed import prepare

from .connection import Ask, Connection
from .errors import RegisterRefused
from .facts import Register

PLATE = re.compile(r"[A-Z0-9]{6}")


class RdwStruct(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """Base: names as in the API."""


class Categorie(RdwStruct, frozen=True):
    """A category on a licence. `beperkingen` are codes such as 01 (glasses)."""

    categorie: str
    datum_eerste_afgifte: date
    datum_geldig_tot: date
    beperkingen: tuple[str, ...] = ()


class Pasfoto(RdwStruct, frozen=True):
    """The photo."""

    datum_goedgekeurd: date | None = None


class Verklaring(RdwStruct, frozen=True):
    """A statement of fitness to drive."""

    datum_registratie: date
    categorieen: tuple[str, ...]
    geldig_tot: date | None = None


class Ontzegging(RdwStruct, frozen=True):
    """A driving ban."""

    van: date
    tot: date


class Rijbewijs(RdwStruct, frozen=True):
    """A licence, as far as asked."""

    nummer: str = ""
    status: Literal["geldig", "verlopen", "verloren", "gestolen", "ingevorderd", "ongeldig"] | None = None
    datum_afgifte: date | None = None
    datum_geldig_tot: date | None = None
    categorieen: tuple[Categorie, ...] = ()
    pasfoto: Pasfoto | None = None
    verklaring_geschiktheid: Verklaring | None = None
    rijontzegging: Ontzegging | None = None


class Voertuig(RdwStruct, frozen=True):
    """A vehicle, as far as asked."""

    kenteken: str = ""
    voertuigsoort: str = ""
    inrichting: str = ""
    brandstoffen: tuple[str, ...] = ()
    emissieklasse: int | None = None
    lengte_cm: int | None = None
    hoogte_cm: int | None = None
    datum_eerste_toelating: date | None = None
    houder: Literal["natuurlijk_persoon", "rechtspersoon"] | None = None
    op_naam_van_persoon: bool | None = None


class _RijbewijsAntwoord(RdwStruct, frozen=True):
    rijbewijs: Rijbewijs | None


class _VoertuigAntwoord(RdwStruct, frozen=True):
    voertuig: Voertuig | None


class _RijbewijsVraag(RdwStruct, frozen=True):
    burgerservicenummer: str
    velden: list[str]


class _VoertuigVraag(RdwStruct, frozen=True):
    kenteken: str
    velden: list[str]
    burgerservicenummer: str


def plate_from(text: str) -> str | None:
    """A plate as people write it ("12-abc-3") in the form of the register; None when it can be none."""
    plate = re.sub(r"[\s-]", "", text).upper()
    return plate if PLATE.fullmatch(plate) else None


class RdwClient:
    """Typed questions. Both raise `RegisterUnavailable` and `RegisterRefused`."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def licence(self, bsn: str, fields: Iterable[str], purpose: str) -> Rijbewijs | None:
        """A person's licence with only `fields`; None when there is none."""
        body = msgspec.json.encode(_RijbewijsVraag(burgerservicenummer=bsn, velden=sorted(fields)))
        ask = Ask("POST", "/rijbewijzen/raadpleeg", "rijbewijs", purpose, body=body)
        answer = self.connection.ask(ask, _RijbewijsAntwoord)
        if answer is None:
            raise RegisterRefused(Register.RDW, "status404")
        return answer.rijbewijs

    def vehicle(self, plate: str, bsn: str, fields: Iterable[str], purpose: str) -> Voertuig | None:
        """The vehicle with `plate` (six characters) with only `fields`; None when no vehicle has it."""
        question = _VoertuigVraag(kenteken=plate, velden=sorted(fields), burgerservicenummer=bsn)
        ask = Ask("POST", "/voertuigen/raadpleeg", "voertuig", purpose, body=msgspec.json.encode(question))
        answer = self.connection.ask(ask, _VoertuigAntwoord)
        if answer is None:
            raise RegisterRefused(Register.RDW, "status404")
        return answer.voertuig


prepare(_RijbewijsAntwoord, _VoertuigAntwoord)
