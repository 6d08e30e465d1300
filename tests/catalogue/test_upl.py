"""The standard product names: complete, equal to their source, unambiguous."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from vliegwiel.base.errors import NotFound
from vliegwiel.catalogue.upl import (
    NOG_GEEN_NAAM,
    NOG_GEEN_NAAM_URI,
    Kenmerk,
    geverifieerd,
    product,
    product_by_uri,
    producten,
    stand,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "upl.csv"

COLUMNS = {
    "Burger": Kenmerk.BURGER,
    "Bedrijf": Kenmerk.BEDRIJF,
    "Aanvraag": Kenmerk.AANVRAAG,
    "Melding": Kenmerk.MELDING,
    "Subsidie": Kenmerk.SUBSIDIE,
    "Verplichting": Kenmerk.VERPLICHTING,
    "Autonomie": Kenmerk.AUTONOMIE,
    "Medebewind": Kenmerk.MEDEBEWIND,
    "Dienstenwet": Kenmerk.DIENSTENWET,
    "DigiDMacht": Kenmerk.DIGID_MACHTIGEN,
    "Rijk": Kenmerk.RIJK,
    "Provincie": Kenmerk.PROVINCIE,
    "Waterschap": Kenmerk.WATERSCHAP,
}


def test_the_list_names_452_of_which_one_stands_for_no_name_yet() -> None:
    assert len(producten()) + 1 == 452
    assert NOG_GEEN_NAAM not in {one.naam for one in producten()}
    with pytest.raises(NotFound):
        product_by_uri(NOG_GEEN_NAAM_URI)


def test_names_and_uris_are_unique_and_sorted() -> None:
    names = [one.naam for one in producten()]
    assert names == sorted(set(names))
    assert all(product(one.naam) is one is product_by_uri(one.uri) for one in producten())


def test_every_legal_basis_is_a_law_or_says_what_else_it_is() -> None:
    for one in producten():
        for basis in one.grondslagen:
            assert basis.label
            assert (basis.link is None) == (basis.bwb_id is None), basis
            assert basis.link is None or re.fullmatch(
                r"https://wetten\.overheid\.nl/jci1\.3:c:BWB[RV]\d{7}[\w.&=:\- ]*", basis.link
            )


def test_the_driving_licence_is_national_law_for_citizens() -> None:
    licence = product("rijbewijs")
    assert licence.uri == "http://standaarden.overheid.nl/owms/terms/rijbewijs"
    assert licence.voor_burger
    assert not licence.voor_bedrijf
    assert {Kenmerk.MEDEBEWIND, Kenmerk.AANVRAAG} <= licence.kenmerken
    assert [(basis.label, basis.bwb_id) for basis in licence.grondslagen] == [
        ("Artikel 107 Wegenverkeerswet 1994", "BWBR0006622")
    ]


def test_the_list_says_how_old_it_is_and_that_nobody_checked_it_with_the_publisher() -> None:
    assert stand() == date(2023, 7, 31)
    assert not geverifieerd()


@pytest.mark.parametrize("name", ["", "Rijbewijs", "rijbewijs ", NOG_GEEN_NAAM, "<script>"])
def test_an_unknown_name_is_not_found(name: str) -> None:
    with pytest.raises(NotFound):
        product(name)


def test_the_module_is_pure_and_reads_its_file_only_when_asked() -> None:
    program = (
        "import sys, vliegwiel.catalogue.upl as u\n"
        "assert u._file.cache_info().currsize == 0\n"
        "assert u.product('rijbewijs').voor_burger\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference list ../shared/reference/upl.csv is not here")
def test_every_fact_equals_the_reference_list() -> None:
    with REFERENCE.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["Gemeente"] == "X"]
    heads = {row["UniformeProductnaam"]: row for row in rows}
    assert len(heads) == 452
    bases: dict[str, set[tuple[str, str]]] = defaultdict(set)
    links: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["Grondslag"]:
            bases[row["UniformeProductnaam"]].add((row["Grondslag"], row["Grondslaglabel"]))
            links[row["Grondslag"]].add(row["Grondslaglink"].rstrip(";").replace("http://", "https://"))
    for one in producten():
        head = heads.pop(one.naam)
        assert one.uri == head["URI"]
        assert one.kenmerken == {mark for column, mark in COLUMNS.items() if head[column] == "X"}
        assert ";".join(one.sdg) == head["SDG"]
        assert {(basis.uri, basis.label) for basis in one.grondslagen} == bases[one.naam]
        for basis in one.grondslagen:
            assert links[basis.uri] - {""} == ({basis.link} if basis.link else set())
    assert set(heads) == {NOG_GEEN_NAAM}
