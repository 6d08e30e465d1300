"""The retention list: complete, equal to its source, and honest about what is open."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.errors import NotFound
from vliegwiel.base.sourcedecode import loads
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue.selectielijst import (
    Bewaartermijn,
    Procestermijn,
    Resultaat,
    Waardering,
    action_date,
    procestype,
    procestypen,
    resultaat,
    resultaten,
)

REFERENCE = Path(__file__).parents[3] / "shared" / "reference" / "selectielijst"
needs_reference = pytest.mark.skipif(
    not REFERENCE.exists(), reason="the reference list ../shared/reference/selectielijst is not here"
)
terms = st.builds(
    Bewaartermijn,
    st.integers(min_value=0, max_value=110),
    st.integers(min_value=0, max_value=11),
    st.integers(min_value=0, max_value=365),
)
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


def test_the_list_has_29_procestypen_and_346_results() -> None:
    everything = resultaten(met_vervallen=True)
    assert [one.nummer for one in procestypen()] == list(range(1, 30))
    assert len(everything) == len({one.nummer for one in everything}) == len({one.id for one in everything}) == 346
    assert Counter(one.waardering for one in everything) == {
        Waardering.VERNIETIGEN: 255,
        Waardering.BLIJVEND_BEWAREN: 89,
        None: 2,
    }
    assert {one.procestype for one in everything} == set(range(1, 30))


def test_every_specific_result_belongs_to_a_generic_one() -> None:
    for one in resultaten(met_vervallen=True):
        assert not resultaat(one.generiek).is_specifiek
        assert one.over or not one.is_specifiek or one.vervallen, one


def test_what_is_destroyed_has_a_term_and_what_is_kept_has_none() -> None:
    for one in resultaten():
        assert (one.termijn is not None) == (one.waardering is Waardering.VERNIETIGEN)
        assert one.herkomst


def test_what_is_open_in_the_sources_says_so_with_a_question() -> None:
    questions = {one.nummer: one.vraag for one in resultaten(met_vervallen=True) if not one.geverifieerd}
    assert sorted(questions) == ["12.1.4", "19.1.13", "19.1.17", "19.1.19", "19.2.1", "7.1.20"]
    assert all(questions.values())


def test_a_lapsed_result_names_what_replaced_it_and_cannot_be_chosen() -> None:
    lapsed = [one for one in resultaten(met_vervallen=True) if one.vervallen]
    assert [(one.nummer, one.nu) for one in lapsed] == [("7.1.20", "19.1.19"), ("19.1.13", "4.1.14")]
    for one in lapsed:
        assert not resultaat(one.nu).vervallen
        assert one not in resultaten()
        with pytest.raises(ValueError, match="lapsed"):
            action_date(one, date(2026, 1, 1))


def test_a_term_merged_with_the_process_says_where_it_counts_from() -> None:
    for one in resultaten():
        merged = one.procestermijn is Procestermijn.SAMENGEVOEGD_MET_BEWAARTERMIJN
        assert merged == (one.telt_vanaf == "geboortedatum"), one


@pytest.mark.parametrize(
    ("number", "start", "end"),
    [
        ("3.1", date(2026, 3, 1), date(2031, 3, 1)),
        ("5.1.6", date(2036, 2, 29), date(2037, 2, 28)),
        ("7.1.21", date(2026, 8, 31), date(2028, 2, 29)),
        ("6.1.13", date(2026, 11, 24), date(2027, 1, 5)),
        ("4.1.7", date(2010, 5, 5), date(2077, 5, 5)),
        ("1.2", date(2026, 1, 1), None),
    ],
)
def test_the_action_date_is_the_start_plus_the_term(number: str, start: date, end: date | None) -> None:
    assert action_date(resultaat(number), start) == end


@given(term=terms, day=days)
def test_a_term_reads_back_and_never_ends_before_it_starts(term: Bewaartermijn, day: date) -> None:
    assert Bewaartermijn.parse(str(term)) == term
    assert term.after(day) >= day


@given(term=terms, day=days, later=st.integers(min_value=0, max_value=400))
def test_what_starts_later_never_ends_earlier(term: Bewaartermijn, day: date, later: int) -> None:
    assert term.after(date.fromordinal(day.toordinal() + later)) >= term.after(day)


@pytest.mark.parametrize("text", ["", "P", "7Y", "P7", "P1W", "PT1H", "P1Y2", "P-1Y", "p1y", "P1M1Y", "P1Y "])
def test_anything_else_is_not_a_term(text: str) -> None:
    with pytest.raises(ValueError, match="not a term"):
        Bewaartermijn.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        "{nummer: '1.1', naam: X, id: a, waardering: vernietigen}",
        "{nummer: '1.1', naam: X, id: a, waardering: blijvend_bewaren, termijn: P1Y}",
        "{nummer: '1.1', naam: X, id: a}",
        "{nummer: '1.1', naam: X, id: a, waardering: blijvend_bewaren, geverifieerd: nee}",
        "{nummer: '1', naam: X, id: a, waardering: blijvend_bewaren}",
        "{nummer: '1.1', naam: X, id: a, waardering: vernietigen, termijn: 1 jaar}",
    ],
)
def test_a_result_that_contradicts_itself_is_refused(text: str) -> None:
    with pytest.raises(SourceInvalid):
        loads(text, Resultaat)


@pytest.mark.parametrize("number", ["", "3", "3.99", "3.1.1.1", "../..", "3.1 "])
def test_an_unknown_number_is_not_found(number: str) -> None:
    with pytest.raises(NotFound):
        resultaat(number)


@pytest.mark.parametrize("number", [0, 30, -1])
def test_an_unknown_procestype_is_not_found(number: int) -> None:
    with pytest.raises(NotFound):
        procestype(number)


def test_the_module_is_pure_and_reads_its_files_only_when_asked() -> None:
    program = (
        "import sys, vliegwiel.catalogue.selectielijst as s\n"
        "assert s._resultaten.cache_info().currsize == 0\n"
        "assert s.resultaat('5.1.6').over == 'Rijbewijs'\n"
        "assert 'django' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)


def _words(text: str) -> str:
    return " ".join(text.split())


@needs_reference
def test_the_procestypen_equal_the_reference() -> None:
    rows = json.loads((REFERENCE / "procestypen-2020.json").read_text(encoding="utf-8"))
    assert [(p.nummer, p.naam, p.omschrijving, p.procesobject, p.id) for p in procestypen()] == [
        (r["nummer"], _words(r["naam"]), _words(r["omschrijving"]), _words(r["procesobject"]), r["uuid"]) for r in rows
    ]


@needs_reference
def test_the_results_equal_the_reference() -> None:
    rows = json.loads((REFERENCE / "resultaten-2020.json").read_text(encoding="utf-8"))
    expected = {
        r["volledigNummer"]: (
            _words(r["naam"]),
            "" if r["omschrijving"].startswith("Vervallen") else _words(r["omschrijving"]),
            r["waardering"] or None,
            r["bewaartermijn"],
            r["procestermijn"] or None,
            re.sub(r"^Wet-? en regelgeving: ?", "", _words(r["herkomst"])).strip("()"),
            "of zoveel langer" in r["toelichting"],
            r["uuid"],
        )
        for r in rows
    }
    found = {
        one.nummer: (
            one.naam,
            one.over,
            one.waardering,
            str(one.termijn) if one.termijn else None,
            one.procestermijn,
            one.herkomst,
            one.minimum,
            one.id,
        )
        for one in resultaten(met_vervallen=True)
    }
    assert found == expected
