"""Reading lists of persons from a CSV export of the trial environment (RvIG): one column for each element, `01.02.10`.

A list fills one or more rows; the first carries its name in the first column. Within a category the rows run from new to
old, and the column `CC.H` of a row says what the *next* row of that category is: history (`51` … `61`), or another
nationality (`04`), marriage (`05`) or child (`09`). Only what holds now is kept.

The test set has rows that were shifted by a column. What cannot be what it says (a date that is none) is left out and
counted; nothing is guessed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .brp.datum import is_datum
from .brp.lijst import Persoonslijst, Rubrieken

_MEERVOUD = ("04", "05", "09")
_DATUMS = {
    "01": ("03.10",),
    "02": ("03.10", "62.10"),
    "03": ("03.10", "62.10"),
    "04": (),
    "05": ("03.10", "06.10", "07.10"),
    "06": ("08.10",),
    "07": ("67.10", "68.10", "71.10"),
    "08": ("09.20", "10.30", "13.20", "14.20"),
    "09": ("03.10",),
    "10": ("39.20", "39.30"),
    "11": (),
    "13": ("31.30", "38.20"),
}
# What a category is about: without any of these it only tells about documents and dates of entry.
_INHOUD = {
    "04": ("05.10", "65.10"),
    "05": ("01.20", "02.10", "02.40", "06.10", "07.10"),
    "09": ("01.20", "02.10", "02.40", "03.10"),
}
_LEVENLOOS = "L"


@dataclass(frozen=True, slots=True)
class Overgeslagen:
    """A value that was left out, and why. Holds no personal data."""

    lijst: str
    element: str


@dataclass(frozen=True, slots=True)
class Lo3Bestand:
    """The lists in a file, and what was left out."""

    lijsten: tuple[Persoonslijst, ...]
    overgeslagen: tuple[Overgeslagen, ...]


def load_lo3_csv(path: Path) -> Lo3Bestand:
    """Read a file. Raises `ValueError` when it is no such export; never for a value in it."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        rijen = list(csv.reader(handle, delimiter=";"))
    if not rijen or "01.01.20" not in rijen[0] or "08.09.10" not in rijen[0]:
        raise ValueError(f"{path.name} is no LO3 export: its first row must name elements such as 01.01.20")
    kolommen = _kolommen(rijen[0])
    lijsten: list[Persoonslijst] = []
    overgeslagen: list[Overgeslagen] = []
    for groep in _groepen(rijen[1:]):
        lijst, weg = _lees(groep, kolommen)
        lijsten.append(lijst)
        overgeslagen.extend(weg)
    return Lo3Bestand(tuple(lijsten), tuple(overgeslagen))


def _kolommen(kop: Sequence[str]) -> dict[str, list[tuple[int, str]]]:
    """Category to (column, element). A name that stands twice (06.88.10) is the next element the second time."""
    kolommen: dict[str, list[tuple[int, str]]] = {}
    gezien: set[str] = set()
    for nummer, naam in enumerate(kop):
        if len(naam) < 4 or naam[2] != ".":
            continue
        if naam in gezien:
            naam = f"{naam[:-2]}20"
        gezien.add(naam)
        kolommen.setdefault(naam[:2], []).append((nummer, naam[3:]))
    return kolommen


def _groepen(rijen: Iterable[Sequence[str]]) -> Iterator[list[Sequence[str]]]:
    huidig: list[Sequence[str]] = []
    for rij in rijen:
        if rij and rij[0].strip():
            if huidig:
                yield huidig
            huidig = [rij]
        elif huidig:
            huidig.append(rij)
    if huidig:
        yield huidig


def _lees(
    groep: Sequence[Sequence[str]], kolommen: dict[str, list[tuple[int, str]]]
) -> tuple[Persoonslijst, list[Overgeslagen]]:
    naam = groep[0][0].strip()
    overgeslagen: list[Overgeslagen] = []
    actueel: dict[str, list[Rubrieken]] = {}
    for categorie, plaatsen in kolommen.items():
        if categorie in _DATUMS:
            actueel[categorie] = _stapels(categorie, groep, plaatsen)
            for rubrieken in actueel[categorie]:
                overgeslagen.extend(_zonder_onzin(naam, categorie, rubrieken))

    def een(categorie: str) -> Rubrieken:
        return actueel[categorie][0] if actueel.get(categorie) else {}

    def veel(categorie: str) -> tuple[Rubrieken, ...]:
        wat = _INHOUD[categorie]
        return tuple(r for r in actueel.get(categorie, []) if r.keys() & set(wat) and r.get("89.10") != _LEVENLOOS)

    lijst = Persoonslijst(
        sleutel=naam,
        persoon=een("01"),
        ouder1=een("02"),
        ouder2=een("03"),
        nationaliteiten=veel("04"),
        partners=veel("05"),
        overlijden=een("06"),
        inschrijving=een("07"),
        verblijfplaats=een("08"),
        kinderen=veel("09"),
        verblijfstitel=een("10"),
        gezag=een("11"),
        kiesrecht=een("13"),
    )
    return lijst, overgeslagen


def _stapels(categorie: str, groep: Sequence[Sequence[str]], plaatsen: list[tuple[int, str]]) -> list[Rubrieken]:
    """The newest row of each stack of a category: one, or one for each nationality, marriage or child."""
    stapels: list[Rubrieken] = []
    soort_volgende = categorie
    for rij in groep:
        rubrieken = {
            element: rij[plaats].strip() for plaats, element in plaatsen if element != "H" and rij[plaats].strip()
        }
        if rubrieken and (not stapels or _begint_stapel(categorie, soort_volgende, rubrieken, stapels[-1])):
            stapels.append(rubrieken)
        soort_volgende = next((rij[plaats].strip() for plaats, element in plaatsen if element == "H"), "")
    return stapels


def _begint_stapel(categorie: str, soort: str, rubrieken: Rubrieken, vorige: Rubrieken) -> bool:
    if categorie not in _MEERVOUD:
        return False
    if soort == categorie:
        return True
    # Where the mark is missing, the row is history when it is about the same one.
    return not soort and any(
        rubrieken.get(element) != vorige.get(element) for element in ("01.20", "03.10") if element in rubrieken
    )


def _zonder_onzin(lijst: str, categorie: str, rubrieken: Rubrieken) -> Iterator[Overgeslagen]:
    for element in _DATUMS[categorie]:
        if element in rubrieken and not is_datum(rubrieken[element]):
            del rubrieken[element]
            yield Overgeslagen(lijst, f"{categorie}.{element}")
