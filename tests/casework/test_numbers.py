"""A number read out wrong is refused, never taken for another case."""

from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.casework.numbers import check_digit, number, read_number


def test_a_number_has_the_year_a_sequence_number_and_a_check_digit() -> None:
    assert number(2026, 4172) == f"2026-000-041-72{check_digit('202600004172')}"
    assert number(2026, 1234567890).count("-") == 4


@given(st.integers(1, 10**10), st.sampled_from(["", " ", "-", "."]))
def test_a_number_is_read_back_however_it_is_written(sequence: int, separator: str) -> None:
    known = number(2026, sequence)
    assert read_number(known.replace("-", separator)) == known


@given(st.integers(1, 10**8 - 1), st.data())
def test_one_wrong_digit_or_two_swapped_neighbours_are_noticed(sequence: int, data: st.DataObject) -> None:
    digits = list(number(2026, sequence).replace("-", ""))
    place = data.draw(st.integers(0, len(digits) - 1))
    wrong = [*digits]
    wrong[place] = data.draw(st.sampled_from([d for d in "0123456789" if d != digits[place]]))
    assert read_number("".join(wrong)) is None
    if place + 1 < len(digits) and digits[place] != digits[place + 1]:
        swapped = [*digits]
        swapped[place], swapped[place + 1] = swapped[place + 1], swapped[place]
        assert read_number("".join(swapped)) is None


@given(st.text())
def test_anything_else_is_no_number(text: str) -> None:
    assert read_number(text) is None or read_number(text) == number(
        int(read_number(text)[:4]),
        int(read_number(text).replace("-", "")[4:-1]),  # type: ignore[index,union-attr]
    )
