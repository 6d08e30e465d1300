"""Properties of the expression language that hold for any input."""

from __future__ import annotations

import contextlib
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.law.feel import temporal
from vliegwiel.law.feel.errors import FeelError, FeelLimit
from vliegwiel.law.feel.evaluate import evaluate
from vliegwiel.law.feel.parser import parse_expression, parse_unary_tests
from vliegwiel.law.feel.values import Unknown, Value, both, either, equal, less, negation, show

_WORDS = st.sampled_from(
    ["1", "2.5", '"a"', "a", "b", "null", "true", "(", ")", "[", "]", "{", "}", "+", "-", "*", "/", "**", "<", "<=", "=", "!=",
     "..", ",", ":", ".", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "not",
     "between", "instance", "of", "function", "date", "?", "@", "list", "item", "day of week", "\n"]
)  # fmt: skip
_NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4)
_TRUTHS: st.SearchStrategy[Value] = st.sampled_from([True, False, None, Unknown(frozenset({"x"}))])


@given(st.text(max_size=120))
def test_any_text_gives_a_tree_or_the_error_of_the_parser(text: str) -> None:
    for parse in (parse_expression, parse_unary_tests):
        with contextlib.suppress(FeelError):
            parse(text)


@settings(max_examples=400)
@given(st.lists(_WORDS, max_size=25).map(" ".join))
def test_any_row_of_words_runs_or_is_refused(text: str) -> None:
    with contextlib.suppress(FeelError, FeelLimit):
        evaluate(text, {"a": Decimal(3), "b": [Decimal(1), {"a": "x"}]})


@given(_NUMBERS, _NUMBERS)
def test_arithmetic_is_exact(a: Decimal, b: Decimal) -> None:
    values: dict[str, Value] = {"a": a, "b": b}
    assert evaluate("a + b - b", values) == a
    assert evaluate("a * 3 / 3 = a", values) is True
    assert evaluate("a < b", values) is (a < b)


@given(_TRUTHS, _TRUTHS)
def test_three_valued_logic_obeys_de_morgan(a: Value, b: Value) -> None:
    left, right = negation(both(a, b)), either(negation(a), negation(b))
    assert show(left) == show(right) if not isinstance(left, Unknown) else isinstance(right, Unknown)


@given(_TRUTHS)
def test_what_settles_a_question_settles_it_whatever_is_unknown(a: Value) -> None:
    assert both(False, a) is False
    assert either(a, True) is True


@given(st.dates(), st.integers(-5000, 5000))
def test_months_are_added_as_the_calendar_does(day: date, months: int) -> None:
    moved = temporal.add_months(day, months)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, temporal.month_length(moved.year, moved.month))


@given(st.integers(-400_000_000, 400_000_000))
def test_day_numbers_and_dates_are_one_to_one(number: int) -> None:
    assert temporal.day_number(temporal.from_day_number(number)) == number


@given(st.dates(), st.dates())
def test_whole_years_are_birthdays_passed(born: date, on: date) -> None:
    if born > on:
        return
    birthdays = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    assert evaluate("hele_jaren(a, b)", {"a": born, "b": on}) == birthdays


@given(st.integers(-(10**9), 10**9), st.integers(0, 10**9 - 1))
def test_a_duration_reads_back_what_it_shows(seconds: int, nanos: int) -> None:
    duration = temporal.DaysDuration(temporal.seconds_of(seconds * temporal.NANOS + nanos))
    assert temporal.parse_duration(temporal.show_days(duration)) == duration


@given(
    st.one_of(_NUMBERS, st.text(max_size=5), st.dates(), st.booleans(), st.none()),
    st.one_of(_NUMBERS, st.text(max_size=5)),
)
def test_unknown_runs_through_comparison_and_equality(a: Value, b: Value) -> None:
    unknown = Unknown(frozenset({"x"}))
    for result in (equal(a, unknown), less(unknown, b), equal(unknown, unknown)):
        assert isinstance(result, Unknown)
        assert result.names == {"x"}
