"""A case is found by the beginning of any of its words, whatever accents or signs somebody types."""

from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.casework.numbers import number
from vliegwiel.casework.words import asked, end_of_range, words_of


def test_names_addresses_and_numbers_become_words() -> None:
    found = words_of(["Zoë van den Ørsted-Müller", "Oude Rijn 12a, 2312 HG Leiden"], number(2026, 4172))
    assert found[:5] == ["zoe", "orsted", "muller", "oude", "rijn"]
    assert "2312hg" in found
    assert number(2026, 4172).replace("-", "") in found


def test_short_words_match_whole_and_longer_ones_by_their_beginning() -> None:
    typed = "2026-000-041-72" + number(2026, 4172)[-1]
    assert [first for first, _ in asked(typed)] == [number(2026, 4172).replace("-", "")]
    assert asked("jan 2312 hg") == [("jan", "jao"), ("2312hg", "2312hh")]
    assert asked("li 23") == [("li", "li "), ("23", "23 ")]
    assert [first for first, _ in asked("  '; drop table --  \0")] == ["drop", "table"]
    assert asked("van der") == asked(" ? ") == asked("") == []


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"])))
def test_the_range_of_a_beginning_holds_exactly_what_begins_with_it(head: str, other: str) -> None:
    end = end_of_range(head)
    assert head <= head + other < end
    assert other.startswith(head) == (head <= other < end)
