"""The municipal map: counts, who carries on whom, names fit for a host."""

from __future__ import annotations

import csv
import re
import subprocess
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import NotFound
from vliegwiel.base.municipalities import (
    Province,
    ReorganisationKind,
    all_municipalities,
    existing_on,
    municipality,
    reorganisation_sources,
    reorganisations,
    successors_on,
)

FIRST_DAY = date(2015, 1, 1)
REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "gemeenten.csv"

days = st.dates(min_value=FIRST_DAY, max_value=date(2030, 12, 31))
codes = st.sampled_from([fact.code for fact in all_municipalities()])


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2015, 1, 1), 393),
        (date(2016, 1, 1), 390),
        (date(2017, 1, 1), 388),
        (date(2018, 1, 1), 380),
        (date(2019, 1, 1), 355),
        (date(2020, 1, 1), 355),
        (date(2021, 1, 1), 352),
        (date(2022, 1, 1), 345),
        (date(2022, 3, 23), 345),
        (date(2022, 3, 24), 344),
        (date(2023, 1, 1), 342),
        (date(2025, 1, 1), 342),
    ],
)
def test_the_count_on_a_day_is_the_one_CBS_gives(day: date, count: int) -> None:
    assert len(existing_on(day)) == count


def test_every_ended_municipality_has_a_successor_that_exists_on_that_day() -> None:
    for fact in all_municipalities():
        if fact.end is None:
            assert fact.successors == (), fact
        else:
            assert fact.successors, fact
            assert len(set(fact.successors)) == len(fact.successors)
            assert all(municipality(code).exists_on(fact.end) for code in fact.successors), fact


def test_every_municipality_that_began_after_2015_succeeds_one_that_ended_that_day() -> None:
    for fact in all_municipalities():
        if fact.begin is not None and fact.begin > FIRST_DAY:
            assert any(old.end == fact.begin and fact.code in old.successors for old in all_municipalities()), fact


def test_a_municipality_ends_in_exactly_one_reorganisation_on_its_last_day() -> None:
    ended = Counter(code for change in reorganisations() for code in change.ended)
    assert ended == Counter(fact.code for fact in all_municipalities() if fact.end)
    for change in reorganisations():
        assert {municipality(code).end for code in change.ended} == {change.day}


def test_the_kind_of_reorganisation_fits_its_numbers() -> None:
    assert [change.day for change in reorganisations()] == sorted(change.day for change in reorganisations())
    for change in reorganisations():
        one_to_one = len(change.ended) == len(change.receivers) == 1
        if change.kind is ReorganisationKind.NAAMSWIJZIGING:
            assert one_to_one
            assert municipality(change.receivers[0]).begin == change.day
        elif change.kind is ReorganisationKind.SPLITSING:
            assert len(change.ended) == 1 < len(change.receivers)
        else:
            assert len(change.receivers) == 1
        if change.legal_successor:
            assert change.legal_successor.code in change.receivers
        assert not set(change.border_part) & set(change.receivers)


def test_what_is_called_certain_has_two_sources_and_every_source_is_explained() -> None:
    used: set[str] = set()
    for change in reorganisations():
        assert not change.certain or len(change.sources) >= 2, change
        used |= {*change.sources, *(change.legal_successor.sources if change.legal_successor else ())}
    assert used == set(reorganisation_sources())


def test_a_divided_municipality_names_all_receivers() -> None:
    names = {
        municipality(change.ended[0]).name: [municipality(code).name for code in change.receivers]
        for change in reorganisations()
        if change.kind is ReorganisationKind.SPLITSING
    }
    assert names == {
        "Littenseradiel": ["Súdwest-Fryslân", "Leeuwarden", "Waadhoeke"],
        "Winsum": ["Het Hogeland", "Westerkwartier"],
        "Haaren": ["Oisterwijk", "Vught", "Boxtel", "Tilburg"],
    }


@pytest.mark.parametrize(
    ("old", "day", "now"),
    [
        ("GM0457", date(2022, 3, 23), ["Weesp"]),
        ("GM0457", date(2022, 3, 24), ["Amsterdam"]),
        ("GM0053", date(2025, 1, 1), ["Het Hogeland", "Westerkwartier"]),
        ("GM1921", date(2015, 6, 30), ["De Friese Meren"]),
        ("GM1921", date(2015, 7, 1), ["De Fryske Marren"]),
        ("GM1961", date(2018, 12, 31), []),
        ("GM0546", date(2025, 1, 1), ["Leiden"]),
    ],
)
def test_successors_on_a_day(old: str, day: date, now: list[str]) -> None:
    assert [fact.name for fact in successors_on(old, day)] == now


@given(code=codes, day=days)
def test_somebody_carries_on_every_municipality_from_its_first_day_for_ever(code: str, day: date) -> None:
    carrying = successors_on(code, day)
    fact = municipality(code)
    assert bool(carrying) == (fact.begin is None or fact.begin <= day)
    assert all(one.exists_on(day) for one in carrying)


@given(code=codes, day=days, later=st.integers(min_value=0, max_value=5000))
def test_succession_is_transitive(code: str, day: date, later: int) -> None:
    then = day + timedelta(days=later)
    through = {last.code for middle in successors_on(code, day) for last in successors_on(middle.code, then)}
    if through:
        assert through == {fact.code for fact in successors_on(code, then)}


@given(day=days)
def test_a_slug_is_a_host_name_label_and_belongs_to_one_municipality(day: date) -> None:
    slugs = [fact.slug for fact in existing_on(day)]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", slug) and "--" not in slug for slug in slugs)


def test_a_slug_is_never_reused_so_that_an_old_host_name_keeps_its_meaning() -> None:
    assert len({fact.slug for fact in all_municipalities()}) == len(all_municipalities())


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("GM0796", "s-hertogenbosch"),
        ("GM0518", "s-gravenhage"),
        ("GM0893", "bergen-l"),
        ("GM0373", "bergen-nh"),
        ("GM0164", "hengelo"),
        ("GM1900", "sudwest-fryslan"),
        ("GM0820", "nuenen-gerwen-en-nederwetten"),
        ("GM0546", "leiden"),
    ],
)
def test_the_slug_is_the_name_as_people_type_it(code: str, slug: str) -> None:
    assert municipality(code).slug == slug


def test_every_province_has_municipalities_today() -> None:
    assert {fact.province for fact in existing_on(date(2025, 1, 1))} == set(Province)


@pytest.mark.parametrize("code", ["GM9999", "", "gm0546", "GM0546 ", "'; DROP TABLE"])
def test_an_unknown_code_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        municipality(code)
    with pytest.raises(NotFound):
        successors_on(code, FIRST_DAY)


def test_the_module_is_pure_and_reads_its_file_only_when_asked() -> None:
    program = (
        "import sys, vliegwiel.base.municipalities as m\n"
        "assert 'django' not in sys.modules\n"
        "assert m._file.cache_info().currsize == 0\n"
        "assert m.municipality('GM0546').name == 'Leiden'\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


@pytest.mark.skipif(not REFERENCE.exists(), reason="the reference list ../shared/reference/gemeenten.csv is not here")
def test_code_name_province_and_dates_equal_the_reference_list() -> None:
    with REFERENCE.open(encoding="utf-8", newline="") as file:
        expected = {
            row["code"]: (row["naam"], row["provincie"], row["begindatum"] or None, row["einddatum"] or None)
            for row in csv.DictReader(file)
        }
    found = {
        fact.code: (
            fact.name,
            str(fact.province),
            fact.begin.isoformat() if fact.begin else None,
            fact.end.isoformat() if fact.end else None,
        )
        for fact in all_municipalities()
    }
    assert found == expected
