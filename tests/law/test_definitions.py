"""The laws that travel with the platform are whole: no finding, every rule fired, every amount as it was found."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import vliegwiel
from vliegwiel.law import LawBook, check, values
from vliegwiel.law.termijnen import REASONABLE, penalty, term

FOLDER = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
FACTS = Path(__file__).parents[3] / "shared" / "reference"


DAY = date(2026, 11, 24)
BOOK = LawBook.load([FOLDER])


@pytest.fixture(scope="module")
def laws() -> LawBook:
    return BOOK


def test_every_law_and_ordinance_is_without_mistakes() -> None:
    assert [str(finding) for finding in check([FOLDER], on=DAY).wrong] == []


def test_every_law_has_at_least_eight_examples(laws: LawBook) -> None:
    few = {text.id: len(text.examples) for text in laws.texts if text.fills is None and len(text.examples) < 8}
    assert few == {}


def _facts(name: str) -> dict[str, object]:
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the sheet {name} with verified facts is not here")
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def test_the_norms_of_the_participatiewet_are_those_of_the_facts(laws: LawBook) -> None:
    amounts = _facts("law-facts/participatiewet.yaml")["amounts"]
    assert isinstance(amounts, dict)
    columns = [next(iter(column)) for column in amounts["columns"]]
    rows = {
        row.start.isoformat(): row.value for row in laws.versions("participatiewet")[-1].norms["bijstandsnorm"].rows
    }
    for start, row in amounts["rows"].items():
        found = rows[start]
        assert isinstance(found, dict)
        single, couple = (Decimal(str(row[columns.index(name)])) for name in ("a21a", "a21b"))
        assert (found["alleen"], found["paar"]) == (single, couple)


def test_single_norm_is_seventy_percent_of_the_couple_norm(laws: LawBook) -> None:
    for row in laws.versions("participatiewet")[-1].norms["bijstandsnorm"].rows:
        assert isinstance(row.value, dict)
        single, couple = row.value["alleen"], row.value["paar"]
        assert isinstance(single, Decimal)
        assert isinstance(couple, Decimal)
        assert abs(single - couple * Decimal("0.7")) <= Decimal("0.01")


def test_the_maximum_fee_of_the_licence_is_that_of_the_facts(laws: LawBook) -> None:
    fees = _facts("law-facts/rijbewijs.yaml")["fees"]
    assert isinstance(fees, list)
    wanted = next(fee["rows"] for fee in fees if fee.get("art") == "104b")
    found = {
        str(row.start.year): row.value
        for row in laws.versions("reglement_rijbewijzen")[-1].norms["maximum_gemeentedeel"].rows
    }
    assert found == {year: Decimal(str(amount)) for year, amount in wanted.items()}


@given(st.dates(date(2025, 1, 1), date(2027, 12, 31)), st.integers(1, 200), st.integers(0, 120))
def test_the_penalty_of_the_law_file_is_that_of_the_terms(received: date, notice_after: int, later: int) -> None:
    end = term(received, REASONABLE, on=received).end
    notice = end + timedelta(days=notice_after)
    on = notice + timedelta(days=later)
    facts = {
        "wettelijke_termijn": None,
        "ontvangen_op": received,
        "verkeerd_verzonden": False,
        "opschortingen": [],
        "uitgesteld_op": None,
        "wet_verleent_vanzelf": False,
        "ingebrekestelling_op": notice,
        "besluit_op": None,
        "ingebrekestelling_te_laat": False,
        "is_belanghebbende": True,
        "kennelijk_ongegrond": False,
    }
    found = values(BOOK, "awb", ["einde_beslistermijn", "dwangsom", "eerste_dwangsomdag"], facts, on=on)
    due = penalty(end, notice, on=on)
    assert found == {"einde_beslistermijn": end, "dwangsom": due.amount, "eerste_dwangsomdag": due.first_day}


def test_what_was_not_verified_says_so(laws: LawBook) -> None:
    licence = laws.versions("reglement_rijbewijzen")[-1]
    assert not any(row.basis.verified for row in licence.norms["rijksdeel"].rows)
    schiedam = next(text for text in laws.texts if text.id == "inkomenstoeslag_schiedam")
    assert not any(rule.basis.verified for rule in schiedam.filled.values())
