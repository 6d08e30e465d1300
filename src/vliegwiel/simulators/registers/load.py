"""Loading lists of persons from a file into the simulator (`vliegwiel registers load-brp FILE`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeAlias

from vliegwiel.base.clock import today

from .brp import adres as adressen
from .brp.datum import leeftijd, volledig
from .brp.lijst import Persoonslijst
from .lo3 import load_lo3_csv
from .records import Adresobject, Categorie, Ontzegging, RijbewijsRecord
from .store import Store

Soort: TypeAlias = Literal["Verblijfsobject", "Standplaats", "Ligplaats"]
Status: TypeAlias = Literal["geldig", "verlopen", "verloren", "gestolen", "ingevorderd", "ongeldig"]
_SOORTEN: dict[str, Soort] = {"01": "Verblijfsobject", "02": "Ligplaats", "03": "Standplaats"}
_STATUSSEN: dict[int, Status] = {0: "verloren", 1: "gestolen", 2: "ingevorderd", 3: "ongeldig"}


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What was loaded. Counts only, no personal data; `skipped` names element numbers that could not be read."""

    lists: int
    with_bsn: int
    without_bsn: int
    shared_bsn: int
    not_delivered: int
    suspended: dict[str, int]
    deceased: int
    secret: int
    abroad: int
    unknown_residence: int
    under_investigation: int
    addresses: int
    licences: int
    skipped: tuple[str, ...]

    def lines(self) -> list[str]:
        """For a terminal, in Dutch."""
        redenen = ", ".join(f"{reden} {aantal}" for reden, aantal in sorted(self.suspended.items()))
        return [
            f"{self.lists} persoonslijsten geladen: {self.with_bsn} met bsn, {self.without_bsn} zonder",
            f"bsn's op meer dan een lijst: {self.shared_bsn}; lijsten die nooit worden geleverd (F, W): {self.not_delivered}",
            f"opgeschort: {redenen or 'geen'}; overleden {self.deceased}, geheim {self.secret}",
            f"in het buitenland {self.abroad}, verblijf onbekend {self.unknown_residence}",
            f"gegevens in onderzoek {self.under_investigation}",
            f"{self.addresses} adressen en {self.licences} verzonnen rijbewijzen toegevoegd",
            f"waarden die niet leesbaar zijn ({len(self.skipped)}): {', '.join(self.skipped) or 'geen'}",
        ]


def load_brp(file: Path, simulator_data_path: Path, *, licences: bool = True) -> LoadReport:
    """Load an LO3 export into the simulator's file, beside what is there; lists with the same key are replaced.

    Addresses with BAG numbers get a home with a made-up year of building, and (with `licences`) grown-ups a made-up
    driving licence: always the same one for the same number. Raises `ValueError` when the file is no LO3 export,
    `OSError` when it cannot be read.
    """
    bestand = load_lo3_csv(file)
    vandaag = today()
    objecten = {o.nummeraanduiding: o for o in _adressen(bestand.lijsten)}
    rijbewijzen = list(_rijbewijzen(bestand.lijsten, vandaag)) if licences else []
    with Store(simulator_data_path) as store, store.changes():
        store.put_lijsten("lo3", bestand.lijsten)
        store.put_adressen(objecten.values())
        store.put_rijbewijzen(rijbewijzen)
    return _report(
        bestand.lijsten, len(objecten), len(rijbewijzen), [f"{o.lijst} {o.element}" for o in bestand.overgeslagen]
    )


def _report(lijsten: tuple[Persoonslijst, ...], addresses: int, licences: int, skipped: list[str]) -> LoadReport:
    nummers = [lijst.bsn for lijst in lijsten if lijst.bsn]
    suspended: dict[str, int] = {}
    for lijst in lijsten:
        if lijst.opschorting:
            suspended[lijst.opschorting] = suspended.get(lijst.opschorting, 0) + 1
    soorten = [adressen.soort_verblijfplaats(lijst.verblijfplaats) for lijst in lijsten]
    return LoadReport(
        lists=len(lijsten),
        with_bsn=len(nummers),
        without_bsn=len(lijsten) - len(nummers),
        shared_bsn=len(nummers) - len(set(nummers)),
        not_delivered=sum(lijst.levering_verboden for lijst in lijsten),
        suspended=suspended,
        deceased=sum(lijst.opschorting == "O" or "08.10" in lijst.overlijden for lijst in lijsten),
        secret=sum(lijst.inschrijving.get("70.10", "0") != "0" for lijst in lijsten),
        abroad=soorten.count("VerblijfplaatsBuitenland"),
        unknown_residence=soorten.count("VerblijfplaatsOnbekend"),
        under_investigation=sum(_in_onderzoek(lijst) for lijst in lijsten),
        addresses=addresses,
        licences=licences,
        skipped=tuple(skipped),
    )


def _in_onderzoek(lijst: Persoonslijst) -> bool:
    rijen = (
        lijst.persoon, lijst.ouder1, lijst.ouder2, *lijst.nationaliteiten, *lijst.partners, lijst.overlijden,
        lijst.verblijfplaats, *lijst.kinderen, lijst.verblijfstitel, lijst.gezag,
    )  # fmt: skip
    return any("83.10" in rij and "83.30" not in rij for rij in rijen)


def _adressen(lijsten: Iterable[Persoonslijst]) -> Iterator[Adresobject]:
    for lijst in lijsten:
        woont = lijst.verblijfplaats
        nummer, object_ = adressen.identificatie(woont, "11.90"), adressen.identificatie(woont, "11.80")
        straat, huisnummer, plaats = adressen.straat(woont), adressen.huisnummer(woont), adressen.woonplaats(woont)
        postcode = woont.get("11.60", "")
        if not (nummer and object_ and straat and huisnummer and plaats and len(postcode) == 6):
            continue
        if nummer[4:6] != "20" or object_[4:6] not in _SOORTEN:
            continue
        lot = _lot(object_)
        yield Adresobject(
            nummeraanduiding=nummer,
            adresseerbaar_object=object_,
            openbare_ruimte=f"{nummer[:4]}30{nummer[6:]}",
            pand=f"{nummer[:4]}10{nummer[6:]}",
            straat=straat,
            huisnummer=huisnummer,
            huisletter=_letter(woont.get("11.30")),
            toevoeging=_toevoeging(woont.get("11.40")),
            postcode=postcode,
            woonplaats=plaats,
            woonplaats_code=f"8{_lot(plaats) % 1000:03d}",
            gemeente=woont.get("09.10", "0000"),
            bouwjaar=1900 + lot % 122,
            oppervlakte=40 + lot % 160,
            ontstaan=date(1900 + lot % 122, 1 + lot % 12, 1),
            soort=_SOORTEN[object_[4:6]],
        )


def _letter(text: str | None) -> str | None:
    return text if text and len(text) == 1 and text.isalpha() and text.isascii() else None


def _toevoeging(text: str | None) -> str | None:
    return text if text and len(text) <= 4 and text.isalnum() and text.isascii() else None


def _lot(text: str) -> int:
    """A number that always comes out the same for the same text."""
    return int.from_bytes(hashlib.sha256(f"vliegwiel {text}".encode()).digest()[:4])


def _rijbewijzen(lijsten: Iterable[Persoonslijst], vandaag: date) -> Iterator[RijbewijsRecord]:
    for lijst in lijsten:
        geboren, bsn = lijst.persoon.get("03.10"), lijst.bsn
        if bsn is None or not 18 <= _jaren(geboren, vandaag) <= 100 or lijst.levering_verboden:
            continue
        lot = _lot(bsn)
        if lot % 10 == 0:
            continue
        yield _rijbewijs(lijst, bsn, lot, volledig(geboren) or vandaag, vandaag)


def _jaren(geboren: str | None, vandaag: date) -> int:
    """The age; the lowest that can be when the date of birth is not complete, and just grown up when it is not known."""
    jaren = leeftijd(geboren, vandaag)
    if jaren is not None:
        return jaren
    jaar = int(geboren[:4]) if geboren and geboren[:4].isdigit() else 0
    return vandaag.year - jaar - 1 if jaar else 18


def _rijbewijs(lijst: Persoonslijst, bsn: str, lot: int, geboren: date, vandaag: date) -> RijbewijsRecord:
    """One in ten has none; of the others most are valid, some expired, lost, seized or invalid, one in ten has C."""
    dagen = (lot // 10) % 3650 - 200
    tot = date.fromordinal(vandaag.toordinal() + (dagen if lot % 3 else 30 + lot % 90))
    afgifte = min(date(tot.year - 10, tot.month, min(tot.day, 28)), vandaag)
    soort = (lot // 100) % 20
    gewoon: Status = "verlopen" if tot < vandaag else "geldig"
    eerste = min(date(min(geboren.year + 18, vandaag.year), geboren.month, min(geboren.day, 28)), afgifte)
    categorieen = ["AM", "B"] + (["C"] if (lot // 1000) % 10 == 0 else [])
    return RijbewijsRecord(
        bsn=bsn,
        nummer=f"8{lot % 10**9:09d}",
        status=_STATUSSEN.get(soort, gewoon),
        datum_afgifte=afgifte,
        afgegeven_door=lijst.verblijfplaats.get("09.10", "0000"),
        categorieen=tuple(Categorie(categorie, eerste, tot) for categorie in categorieen),
        pasfoto_goedgekeurd=date.fromordinal(vandaag.toordinal() - lot % 60) if lot % 4 else None,
        ontzegging=Ontzegging(vandaag, date(vandaag.year + 1, 1, 1)) if soort == 2 else None,
    )
