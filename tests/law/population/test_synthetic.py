"""The made-up population: the same for the same seed, sensible, and with every column three laws ask."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

import vliegwiel
from vliegwiel.law import LawBook, simulate
from vliegwiel.law.population import WrongData
from vliegwiel.law.population.synthetic import ASSUMPTIONS, generate

ON = date(2026, 7, 1)
LAWS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
SMALL = generate("GM0344", 4_000, seed=7, on=ON)


def test_the_same_seed_gives_the_same_people_and_another_seed_others() -> None:
    assert SMALL.equals(generate("GM0344", 4_000, seed=7, on=ON))
    assert not SMALL.equals(generate("GM0344", 4_000, seed=8, on=ON))
    assert not SMALL.drop("gemeente").equals(generate("GM0599", 4_000, seed=7, on=ON).drop("gemeente"))


def test_what_hangs_together_hangs_together() -> None:
    alone = SMALL.filter(pl.col("huishouden") == "alleenstaande")
    assert alone["partner_geboortedatum"].null_count() == alone.height
    assert alone["partner_loon"].sum() == 0
    assert SMALL.filter(~pl.col("kinderen_ten_laste"))["jongste_kind"].null_count() > 0
    assert (SMALL["inkomen"] - SMALL["loon"] - SMALL["ander_inkomen"] - SMALL["partner_loon"] >= -0.02).all()
    assert SMALL.filter(pl.col("aow_leeftijd_bereikt"))["geboortedatum"].max() < date(1960, 7, 1)


@pytest.mark.parametrize(
    ("law", "wanted", "gemeente"),
    [
        ("bijstand", ["recht_op_bijstand", "hoogte"], None),
        ("participatiewet", ["recht_inkomenstoeslag", "bedrag"], "GM0344"),
        ("kwijtschelding", ["recht_op_kwijtschelding", "kwijt_te_schelden"], "GM0599"),
    ],
)
def test_three_laws_know_everything_they_ask(law: str, wanted: list[str], gemeente: str | None) -> None:
    found = simulate(LawBook.load([LAWS]), law, wanted, SMALL, on=ON, gemeente=gemeente)
    assert found.absent == ()
    assert found.slow == ()
    for name in wanted:
        outcome = found.summary(name)
        assert outcome.unknown.rows == 0, outcome.missing
        assert outcome.yes.rows or outcome.total


def test_every_assumption_says_that_it_is_one() -> None:
    assert all(line.startswith("Aanname: ") and line.endswith(".") for line in ASSUMPTIONS)


def test_a_number_that_cannot_be_is_refused() -> None:
    for number in (0, -1, 10**9):
        with pytest.raises(WrongData):
            generate("GM0344", number)
