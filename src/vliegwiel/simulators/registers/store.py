"""The simulator's own file: lists of persons, addresses, licences, vehicles and reports, in SQLite.

Processes may share the file (a loader while the simulator runs): SQLite locks, and every request reads what is there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from .brp import adres as adressen
from .brp.lijst import Persoonslijst
from .brp.namen import bekend
from .records import Adresobject, Melding, RijbewijsRecord, VoertuigRecord

_SCHEMA = """
CREATE TABLE IF NOT EXISTS feit (naam TEXT PRIMARY KEY, waarde TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS persoonslijst (
  sleutel TEXT PRIMARY KEY, bron TEXT NOT NULL, bsn TEXT, geslachtsnaam TEXT, geboortedatum TEXT, postcode TEXT,
  huisnummer INTEGER, straat TEXT, gemeente TEXT, nummeraanduiding TEXT, adresseerbaar TEXT, inhoud BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS pl_bsn ON persoonslijst (bsn);
CREATE INDEX IF NOT EXISTS pl_naam ON persoonslijst (geslachtsnaam);
CREATE INDEX IF NOT EXISTS pl_postcode ON persoonslijst (postcode, huisnummer);
CREATE INDEX IF NOT EXISTS pl_object ON persoonslijst (adresseerbaar);
CREATE INDEX IF NOT EXISTS pl_nummer ON persoonslijst (nummeraanduiding);
CREATE TABLE IF NOT EXISTS adres (
  nummeraanduiding TEXT PRIMARY KEY, adresseerbaar TEXT NOT NULL, pand TEXT, postcode TEXT NOT NULL,
  huisnummer INTEGER NOT NULL, straat TEXT NOT NULL, woonplaats TEXT NOT NULL, inhoud BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS adres_postcode ON adres (postcode, huisnummer);
CREATE INDEX IF NOT EXISTS adres_object ON adres (adresseerbaar);
CREATE TABLE IF NOT EXISTS rijbewijs (bsn TEXT PRIMARY KEY, inhoud BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS voertuig (kenteken TEXT PRIMARY KEY, inhoud BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS melding (kenmerk TEXT PRIMARY KEY, dossiernummer TEXT UNIQUE NOT NULL, inhoud BLOB NOT NULL);
"""
T = TypeVar("T")


class Store:
    """All registers in one file. Use it within `with Store(path) as store`."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=10, isolation_level=None, check_same_thread=False)
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    @contextmanager
    def changes(self) -> Iterator[None]:
        """All or nothing."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    # -- facts about the file itself -------------------------------------------------------------------------------

    def fact(self, naam: str) -> str | None:
        """What was noted under `naam`."""
        row = self._connection.execute("SELECT waarde FROM feit WHERE naam = ?", (naam,)).fetchone()
        return str(row[0]) if row else None

    def note(self, naam: str, waarde: str) -> None:
        """Note something."""
        self._connection.execute("INSERT OR REPLACE INTO feit VALUES (?, ?)", (naam, waarde))

    # -- persons ---------------------------------------------------------------------------------------------------

    def put_lijsten(self, bron: str, lijsten: Iterable[Persoonslijst]) -> None:
        """Add or replace lists of persons, by their key."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO persoonslijst VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            (_rij(bron, lijst) for lijst in lijsten),
        )

    def met_bsn(self, bsn: str) -> list[Persoonslijst]:
        """Lists with this number. Normally one; in the test set some numbers stand on two lists."""
        return self._lijsten("SELECT inhoud FROM persoonslijst WHERE bsn = ? ORDER BY sleutel", (bsn,))

    def met_naam(self, geslachtsnaam: str, geboortedatum: str | None) -> list[Persoonslijst]:
        """Lists by surname (which may end in `*`), case-insensitive, and date of birth."""
        gezocht = geslachtsnaam.casefold()
        # A prefix as a range: no pattern language, so nothing to escape.
        van, tot = (gezocht[:-1], gezocht[:-1] + "\U0010ffff") if gezocht.endswith("*") else (gezocht, gezocht)
        query = (
            "SELECT inhoud FROM persoonslijst WHERE geslachtsnaam BETWEEN ? AND ? AND (? IS NULL OR geboortedatum = ?)"
            " ORDER BY sleutel LIMIT 500"
        )
        return self._lijsten(query, (van, tot, geboortedatum, geboortedatum))

    def op_postcode(self, postcode: str, huisnummer: int) -> list[Persoonslijst]:
        """Lists of people at a postal code and number."""
        query = "SELECT inhoud FROM persoonslijst WHERE postcode = ? AND huisnummer = ? ORDER BY sleutel"
        return self._lijsten(query, (postcode.replace(" ", "").upper(), huisnummer))

    def op_huisnummer(self, gemeente: str, huisnummer: int) -> list[Persoonslijst]:
        """Lists of people registered in a municipality who live at a number."""
        query = "SELECT inhoud FROM persoonslijst WHERE gemeente = ? AND huisnummer = ? ORDER BY sleutel"
        return self._lijsten(query, (gemeente, huisnummer))

    def op_nummeraanduiding(self, identificatie: str) -> list[Persoonslijst]:
        """Lists of people at an address."""
        query = "SELECT inhoud FROM persoonslijst WHERE nummeraanduiding = ? ORDER BY sleutel"
        return self._lijsten(query, (identificatie,))

    def op_adresseerbaar_object(self, identificatie: str) -> list[Persoonslijst]:
        """Lists of people at an addressable object."""
        query = "SELECT inhoud FROM persoonslijst WHERE adresseerbaar = ? ORDER BY sleutel"
        return self._lijsten(query, (identificatie,))

    def count_lijsten(self) -> int:
        """How many lists there are."""
        return int(self._connection.execute("SELECT count(*) FROM persoonslijst").fetchone()[0])

    def _lijsten(self, query: str, waarden: Sequence[str | int | None]) -> list[Persoonslijst]:
        return [_decode(row[0], Persoonslijst) for row in self._connection.execute(query, waarden)]

    # -- addresses -------------------------------------------------------------------------------------------------

    def put_adressen(self, objecten: Iterable[Adresobject]) -> None:
        """Add or replace addresses."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO adres VALUES (?,?,?,?,?,?,?,?)",
            (
                (
                    o.nummeraanduiding,
                    o.adresseerbaar_object,
                    o.pand,
                    o.postcode,
                    o.huisnummer,
                    o.straat.casefold(),
                    o.woonplaats.casefold(),
                    msgspec.json.encode(o),
                )
                for o in objecten
            ),
        )

    def adressen_op_postcode(self, postcode: str, huisnummer: int) -> list[Adresobject]:
        """Addresses at a postal code and number."""
        query = "SELECT inhoud FROM adres WHERE postcode = ? AND huisnummer = ? ORDER BY nummeraanduiding"
        return self._adressen(query, (postcode.upper(), huisnummer))

    def adressen_in_straat(self, woonplaats: str, straat: str, huisnummer: int) -> list[Adresobject]:
        """Addresses by place, street and number."""
        query = "SELECT inhoud FROM adres WHERE woonplaats = ? AND straat = ? AND huisnummer = ?"
        return self._adressen(query, (woonplaats.casefold(), straat.casefold(), huisnummer))

    def adressen_van_object(self, identificatie: str) -> list[Adresobject]:
        """Addresses of an addressable object."""
        query = "SELECT inhoud FROM adres WHERE adresseerbaar = ? ORDER BY nummeraanduiding"
        return self._adressen(query, (identificatie,))

    def adres(self, nummeraanduiding: str) -> Adresobject | None:
        """The address with this number, if any."""
        query = "SELECT inhoud FROM adres WHERE nummeraanduiding = ?"
        return next(iter(self._adressen(query, (nummeraanduiding,))), None)

    def adres_in_woonplaats(self, code: str) -> Adresobject | None:
        """Any address in the residential core with this code."""
        query = "SELECT inhoud FROM adres WHERE json_extract(inhoud, '$.woonplaats_code') = ? LIMIT 1"
        row = self._connection.execute(query, (code,)).fetchone()
        return _decode(row[0], Adresobject) if row else None

    def _adressen(self, query: str, waarden: Sequence[str | int]) -> list[Adresobject]:
        return [_decode(row[0], Adresobject) for row in self._connection.execute(query, waarden)]

    # -- licences and vehicles -------------------------------------------------------------------------------------

    def put_rijbewijzen(self, records: Iterable[RijbewijsRecord]) -> None:
        """Add or replace licences."""
        rows = ((record.bsn, msgspec.json.encode(record)) for record in records)
        self._connection.executemany("INSERT OR REPLACE INTO rijbewijs VALUES (?, ?)", rows)

    def rijbewijs(self, bsn: str) -> RijbewijsRecord | None:
        """The licence of a person."""
        row = self._connection.execute("SELECT inhoud FROM rijbewijs WHERE bsn = ?", (bsn,)).fetchone()
        return _decode(row[0], RijbewijsRecord) if row else None

    def put_voertuigen(self, records: Iterable[VoertuigRecord]) -> None:
        """Add or replace vehicles."""
        rows = ((record.kenteken, msgspec.json.encode(record)) for record in records)
        self._connection.executemany("INSERT OR REPLACE INTO voertuig VALUES (?, ?)", rows)

    def voertuig(self, kenteken: str) -> VoertuigRecord | None:
        """The vehicle with this plate."""
        row = self._connection.execute("SELECT inhoud FROM voertuig WHERE kenteken = ?", (kenteken,)).fetchone()
        return _decode(row[0], VoertuigRecord) if row else None

    # -- reports of wrong data -------------------------------------------------------------------------------------

    def add_melding(self, melding: Melding) -> Melding:
        """Keep a report; the same one sent twice is the one that is there."""
        with self.changes():
            found = self._connection.execute(
                "SELECT inhoud FROM melding WHERE kenmerk = ?", (melding.kenmerk,)
            ).fetchone()
            if found:
                return _decode(found[0], Melding)
            row = (melding.kenmerk, melding.dossiernummer, msgspec.json.encode(melding))
            self._connection.execute("INSERT INTO melding VALUES (?, ?, ?)", row)
        return melding

    def melding(self, dossiernummer: str) -> Melding | None:
        """A report by its file number."""
        query = "SELECT inhoud FROM melding WHERE dossiernummer = ?"
        row = self._connection.execute(query, (dossiernummer,)).fetchone()
        return _decode(row[0], Melding) if row else None


def _rij(bron: str, lijst: Persoonslijst) -> tuple[str | int | bytes | None, ...]:
    woont = lijst.verblijfplaats
    naam = bekend(lijst.persoon.get("02.40"))
    straat = adressen.straat(woont)
    return (
        lijst.sleutel,
        bron,
        lijst.bsn,
        naam.casefold() if naam else None,
        lijst.persoon.get("03.10"),
        woont.get("11.60"),
        adressen.huisnummer(woont),
        straat.casefold() if straat else None,
        woont.get("09.10"),
        adressen.identificatie(woont, "11.90"),
        adressen.identificatie(woont, "11.80"),
        msgspec.json.encode(lijst),
    )


def _decode(inhoud: bytes, kind: type[T]) -> T:
    return msgspec.json.decode(inhoud, type=kind)
