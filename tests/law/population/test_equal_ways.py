"""The two ways to run a law are equal: same values, to the cent, and unknown for want of the same data."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import vliegwiel
from tests.law.population.grammar import Grammar
from tests.law.population.households import by_columns, case_of, differences, frame_of, rows_for, wrong_answers
from vliegwiel.law import LawBook
from vliegwiel.law.population.plan import Plan

LAWS = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
ON = date(2026, 11, 24)

# How many random households per law: the suite looks at some, `make equal` at 100,000 (see CONTRIBUTING.md).
HOUSEHOLDS = int(os.environ.get("VLIEGWIEL_HOUSEHOLDS", "0"))
SECONDS = float(os.environ.get("VLIEGWIEL_HOUSEHOLD_SECONDS", "0"))
PROGRAMS = int(os.environ.get("VLIEGWIEL_PROGRAMS", "40"))


def book() -> LawBook:
    return LawBook.load([LAWS])


@pytest.fixture(scope="module")
def laws() -> LawBook:
    return book()


def _cases() -> list[tuple[str, str | None]]:
    """Each law without a municipality and, where there are ordinances, with each of them."""
    found: list[tuple[str, str | None]] = []
    shelf = book()
    for law in sorted(shelf.law_ids):
        found.append((law, None))
        found += [(law, code) for code in shelf.ordinance_municipalities(law, ON)]
    return found


@pytest.mark.parametrize(("law", "gemeente"), _cases())
def test_a_law_of_the_catalogue_says_the_same_in_a_decision_and_in_a_population(
    laws: LawBook, law: str, gemeente: str | None
) -> None:
    """In rounds, until the number is reached or (in the suite) the time is up."""
    case = case_of(laws, law, ON, gemeente)
    # The national text gets all the households; each ordinance a tenth.
    wanted = HOUSEHOLDS if gemeente is None else HOUSEHOLDS // 10
    began, done, seed = time.monotonic(), 0, 1
    size = 25 if not HOUSEHOLDS else 2_000
    while True:
        wrong, _ = differences(case, size, seed)
        assert not wrong, f"{law} {gemeente}, seed {seed}: " + "\n".join(wrong[:3])
        done, seed = done + size, seed + 1
        if done >= wanted and (HOUSEHOLDS or time.monotonic() - began > SECONDS):
            break


@settings(max_examples=PROGRAMS, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False)
@given(st.integers(0, 10**9))
def test_random_laws_from_the_grammar_say_the_same_both_ways(seed: int) -> None:
    text = Grammar(seed).law()
    case = case_of(LawBook.loads(text), "proef", ON, None)
    wrong, _ = differences(case, 40, seed)
    assert not wrong, text + "\n".join(wrong[:3])


def test_most_of_the_grammar_runs_over_columns() -> None:
    """A rule that falls back is right but slow; that must stay the exception."""
    slow = rules = 0
    for seed in range(25):
        case = case_of(LawBook.loads(Grammar(seed).law()), "proef", ON, None)
        rows, _ = rows_for(case, 20, seed)
        plan: Plan = by_columns(case, frame_of(case.types, rows))[1]
        slow += len(plan.slow)
        rules += len(case.wanted)
    assert slow < rules * 0.15, f"{slow} van {rules} regels"


def test_the_comparison_itself_notices_a_difference(laws: LawBook) -> None:
    """A test that cannot fail proves nothing."""
    case = case_of(laws, "participatiewet", ON, "GM0344")
    rows, answers = rows_for(case, 200, 3)
    found, _ = by_columns(case, frame_of(case.types, rows))
    found[7]["bedrag"] = not found[7]["bedrag"]
    assert len(wrong_answers(case, rows, answers, found)) == 1


def test_a_fixed_range_without_an_end_says_nothing_both_ways() -> None:
    """`[0..(1 / 0)]` is no range: in a decision nothing can be said, so over columns neither."""
    case = case_of(LawBook.loads(Grammar(57265).law()), "proef", ON, None)
    wrong, _ = differences(case, 40, 57265)
    assert not wrong, "\n".join(wrong)
