"""Terms end on the day the Awb and the Algemene termijnenwet say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.law.termijnen import (
    Duration,
    Suspension,
    Unit,
    easter,
    holidays,
    is_rest_day,
    objection_term,
    penalty,
    term,
    working_days_after,
    working_days_between,
)

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
EIGHT_WEEKS = Duration(8, Unit.WEEKS)


@pytest.mark.parametrize(
    "day",
    [date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25), date(2000, 4, 23)],
)
def test_easter(day: date) -> None:
    assert easter(day.year) == day


def test_the_kings_birthday_moves_from_a_sunday_to_saturday() -> None:
    assert date(2025, 4, 26) in holidays(2025)
    assert date(2025, 4, 27) not in holidays(2025)
    assert date(2026, 4, 27) in holidays(2026)
    assert date(2013, 4, 30) in holidays(2013)


def test_good_friday_counts_as_a_rest_day() -> None:
    assert is_rest_day(date(2026, 4, 3))


def test_days_that_the_crown_equates_are_rest_days() -> None:
    """The decree for 2026-2028 names these; each lies beside a holiday (Termijnenwet 3(3))."""
    equated = [date(2026, 1, 2), date(2026, 5, 15), date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)]
    for day in equated:
        assert is_rest_day(day)
        assert is_rest_day(day - timedelta(days=1))
    assert not is_rest_day(date(2029, 5, 11))


def test_eight_weeks_after_receipt() -> None:
    """Received on Monday 23 November 2026: the last day is Monday 18 January 2027."""
    assert term(date(2026, 11, 23), EIGHT_WEEKS, on=date(2026, 11, 23)).end == date(2027, 1, 18)


def test_a_term_that_ends_on_a_holiday_runs_on() -> None:
    """Eight weeks after Friday 30 October 2026 is Christmas: it runs on past the second day and Sunday to Monday."""
    worked_out = term(date(2026, 10, 30), EIGHT_WEEKS, on=date(2026, 10, 30))
    assert worked_out.plain_end == date(2026, 12, 25)
    assert worked_out.end == date(2026, 12, 28)
    assert worked_out.rest_days == 3


def test_thirteen_weeks_are_not_lengthened() -> None:
    thirteen = Duration(13, Unit.WEEKS)
    assert term(date(2026, 9, 25), thirteen, on=date(2026, 9, 25)).end == date(2026, 12, 25)


def test_a_term_of_three_days_holds_two_working_days() -> None:
    """Three days from Thursday before Easter: Friday to Monday are rest days, so Tuesday and Wednesday are the two."""
    assert term(date(2026, 4, 2), Duration(3, Unit.DAYS), on=date(2026, 4, 2)).end == date(2026, 4, 8)


def test_the_term_stands_still_from_the_day_after_the_question_until_the_answer() -> None:
    stop = Suspension(asked=date(2026, 10, 8), due=date(2026, 10, 22), answered=date(2026, 10, 20))
    worked_out = term(date(2026, 9, 17), EIGHT_WEEKS, suspensions=[stop], on=date(2026, 11, 1))
    assert worked_out.suspended_days == 11, "9 up to and including 19 October"
    assert worked_out.end == date(2026, 11, 23)
    assert worked_out.running


def test_the_term_stands_still_through_the_last_day_when_no_answer_comes() -> None:
    stop = Suspension(asked=date(2026, 10, 8), due=date(2026, 10, 22))
    assert term(date(2026, 9, 17), EIGHT_WEEKS, suspensions=[stop], on=date(2026, 12, 1)).suspended_days == 14
    while_waiting = term(date(2026, 9, 17), EIGHT_WEEKS, suspensions=[stop], on=date(2026, 10, 10))
    assert while_waiting.suspended_days == 2
    assert not while_waiting.running


def test_objection_within_six_weeks_of_the_announcement() -> None:
    assert objection_term(date(2026, 11, 24)).end == date(2027, 1, 5)


def test_penalty_of_a_late_decision() -> None:
    end, notice = date(2026, 9, 1), date(2026, 9, 10)
    assert penalty(end, notice, on=date(2026, 9, 24)).amount == 0
    assert penalty(end, notice, on=date(2026, 9, 25)).amount == Decimal("23.00")
    assert penalty(end, notice, on=date(2026, 12, 31)).amount == Decimal("1442.00")
    assert penalty(end, notice, on=date(2026, 12, 31)).days == 42


@given(days, st.integers(0, 60))
def test_working_days_count_back(day: date, number: int) -> None:
    end = working_days_after(day, number)
    assert working_days_between(day, end) == number
    assert number == 0 or not is_rest_day(end)


@given(days, st.sampled_from([Duration(3, Unit.DAYS), EIGHT_WEEKS, Duration(12, Unit.WEEKS), Duration(3, Unit.MONTHS)]))
def test_a_short_term_never_ends_on_a_rest_day(day: date, duration: Duration) -> None:
    assert not is_rest_day(term(day, duration, on=day).end)


@given(days, st.lists(st.tuples(st.integers(0, 80), st.integers(1, 30), st.integers(1, 40)), max_size=4))
def test_standing_still_never_shortens_a_term_and_never_counts_a_day_twice(
    received: date, raw: list[tuple[int, int, int]]
) -> None:
    stops = [
        Suspension(received + timedelta(a), received + timedelta(a + due), received + timedelta(a + answered))
        for a, due, answered in raw
    ]
    on = received + timedelta(200)
    without = term(received, EIGHT_WEEKS, on=on)
    with_stops = term(received, EIGHT_WEEKS, suspensions=stops, on=on)
    assert with_stops.end >= without.end
    all_days = frozenset().union(*(s.days(on) for s in stops)) if stops else frozenset()
    assert with_stops.suspended_days <= len(all_days)
    twice = term(received, EIGHT_WEEKS, suspensions=stops + stops, on=on)
    assert twice == with_stops


@given(days, st.integers(-20, 1500))
def test_working_days_between_are_the_days_that_are_no_rest_day(day: date, number: int) -> None:
    between = [day + timedelta(days=n) for n in range(1, number + 1)]
    assert working_days_between(day, day + timedelta(days=number)) == sum(not is_rest_day(one) for one in between)
