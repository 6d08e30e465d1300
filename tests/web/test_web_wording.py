"""Dates carry their weekday, money its no-break space and two decimals, whatever the number."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base import clock
from vliegwiel.web import wording

NBSP = "\u00a0"


def test_a_date_carries_its_weekday_and_the_year_only_when_it_is_another(clock: object) -> None:
    clock(date(2026, 11, 24))  # type: ignore[operator]
    assert wording.day(date(2026, 11, 26)) == "donderdag 26 november"
    assert wording.day(date(2027, 1, 18)) == "maandag 18 januari 2027"
    assert wording.figure_day(date(2026, 11, 26)) == "do 26 november"
    assert wording.day(date(2026, 11, 26), "en") == "Thursday 26 November"


def test_a_moment_is_told_on_the_dutch_clock() -> None:
    with clock.set_to(date(2026, 11, 24)):
        assert wording.time_of_day(datetime(2026, 11, 23, 19, 14, tzinfo=UTC)) == f"20.14{NBSP}uur"
        assert wording.time_of_day(datetime(2026, 7, 23, 7, 5, tzinfo=UTC)) == f"9.05{NBSP}uur"
        # half past eleven at night in UTC is already the next day here
        assert wording.day(datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == "dinsdag 24 november"
        assert wording.moment_near(datetime(2026, 11, 24, 9, 42, tzinfo=UTC)) == f"vandaag, 10.42{NBSP}uur"
        assert wording.moment_near(datetime(2026, 11, 23, 9, 42, tzinfo=UTC)) == f"gisteren, 10.42{NBSP}uur"


@pytest.mark.parametrize(
    ("distance", "words"),
    [(0, "vandaag"), (1, "morgen"), (-1, "gisteren"), (3, "over 3 dagen"), (-40, "40 dagen geleden")],
)
def test_distance_in_days_reads_as_people_say_it(distance: int, words: str) -> None:
    with clock.set_to(date(2026, 11, 24)):
        assert wording.from_today(date(2026, 11, 24) + timedelta(days=distance)) == words


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (Decimal("53.65"), "€ 53,65"),
        (Decimal("0"), "€ 0,00"),
        (Decimal("1234567.5"), "€ 1.234.567,50"),
        (Decimal("-12.005"), "-€ 12,01"),
        (5, "€ 5,00"),
    ],
)
def test_money_has_a_no_break_space_two_decimals_and_a_comma(amount: Decimal, text: str) -> None:
    assert wording.euro(amount) == text.replace(" ", NBSP)


def test_english_money_and_numbers_use_their_own_separators() -> None:
    assert wording.euro(Decimal("1234.5"), "en") == "€1,234.50"
    assert wording.number(Decimal("1234.5"), "en") == "1,234.5"
    assert wording.number(Decimal("1234.5")) == "1.234,5"


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_no_number_breaks_a_page(amount: Decimal) -> None:
    assert 0 < len(wording.euro(amount)) < 60


def test_lists_read_as_a_sentence() -> None:
    assert wording.listing([]) == ""
    assert wording.listing(["AM"]) == "AM"
    assert wording.listing(["AM", "B", "C"]) == "AM, B en C"
    assert wording.listing(["AM", "B"], "en") == "AM and B"


def test_sizes_are_in_round_units() -> None:
    assert wording.size(84_123) == f"84{NBSP}kB"
    assert wording.size(1_230_000) == f"1,2{NBSP}MB"
    assert wording.size(12) == f"12{NBSP}bytes"
