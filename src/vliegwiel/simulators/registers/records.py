"""What the simulator holds beside persons: addresses (BAG), driving licences and vehicles (RDW), and reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base: unknown fields are errors."""


class Adresobject(Record, frozen=True):
    """An address and the home behind it, with its numbers in the BAG. `gemeente` is the CBS code without GM."""

    nummeraanduiding: str
    adresseerbaar_object: str
    openbare_ruimte: str
    pand: str | None
    straat: str
    huisnummer: int
    postcode: str
    woonplaats: str
    woonplaats_code: str
    gemeente: str
    huisletter: str | None = None
    toevoeging: str | None = None
    bouwjaar: int | None = None
    doelen: tuple[str, ...] = ("woonfunctie",)
    oppervlakte: int | None = None
    ontstaan: date | None = None
    soort: Literal["Verblijfsobject", "Standplaats", "Ligplaats"] = "Verblijfsobject"


class Categorie(Record, frozen=True):
    """One category on a licence."""

    categorie: str
    datum_eerste_afgifte: date
    datum_geldig_tot: date
    beperkingen: tuple[str, ...] = ()


class Verklaring(Record, frozen=True):
    """A statement of fitness; `geldig_tot` where the doctor set an end."""

    datum_registratie: date
    categorieen: tuple[str, ...]
    geldig_tot: date | None = None


class Ontzegging(Record, frozen=True):
    """A driving ban."""

    van: date
    tot: date


class RijbewijsRecord(Record, frozen=True):
    """A person's licence."""

    bsn: str
    nummer: str
    status: Literal["geldig", "verlopen", "verloren", "gestolen", "ingevorderd", "ongeldig"]
    datum_afgifte: date
    afgegeven_door: str
    categorieen: tuple[Categorie, ...]
    pasfoto_goedgekeurd: date | None = None
    verklaring: Verklaring | None = None
    ontzegging: Ontzegging | None = None


class VoertuigRecord(Record, frozen=True):
    """A vehicle. `bsn` is the holder, for a natural person."""

    kenteken: str
    voertuigsoort: str
    inrichting: str
    merk: str
    brandstoffen: tuple[str, ...]
    lengte_cm: int
    hoogte_cm: int
    datum_eerste_toelating: date
    houder: Literal["natuurlijk_persoon", "rechtspersoon"]
    bsn: str | None = None
    emissieklasse: int | None = None


class Melding(Record, frozen=True):
    """A report that a datum is wrong. `kenmerk` is the sender's own number; sending it again changes nothing."""

    kenmerk: str
    dossiernummer: str
    register: str
    gemeente: str
    bsn: str
    gegevens: tuple[str, ...]
    toelichting: str
    ontvangen: datetime
    status: Literal["in onderzoek"] = "in onderzoek"
