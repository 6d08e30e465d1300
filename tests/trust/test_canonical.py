"""Equal content has equal bytes (RFC 8785), and what has no exact form is refused instead of rounded."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.trust.canonical import LARGEST, encode

text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_what_goes_in_comes_out_and_has_one_spelling(value: object) -> None:
    once = encode(value)
    assert json.loads(once) == value
    assert encode(json.loads(once)) == once


@given(st.dictionaries(text, st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_of_keys_does_not_matter(value: dict[str, int]) -> None:
    assert encode(dict(reversed(value.items()))) == encode(value)


def test_keys_are_sorted_by_utf16_code_units() -> None:
    # The example of RFC 8785, 3.2.3: a character outside the basic plane sorts before U+FB33.
    value = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\x80": 6, "\u00f6": 7}
    assert list(json.loads(encode(value))) == ["\r", "1", "\x80", "\u00f6", "\u20ac", "\U0001f600", "\ufb33"]


def test_text_is_escaped_as_little_as_possible() -> None:
    assert encode("\u20ac$\x0f\nA'\"\\/") == '"€$\\u000f\\nA\'\\"\\\\/"'.encode()


@pytest.mark.parametrize("value", [1.5, Decimal("1.50"), date(2026, 1, 1), b"x", object(), {1: 2}])
def test_what_has_no_exact_form_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        encode({"x": value})  # type: ignore[dict-item]


@pytest.mark.parametrize("value", [LARGEST + 1, -LARGEST - 1, "a\x00b", "\ud800"])
def test_what_a_reader_could_not_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"number|NUL"):
        encode([value])  # type: ignore[list-item]


def test_nesting_has_an_end() -> None:
    value: object = 1
    for _ in range(40):
        value = [value]
    with pytest.raises(ValueError, match="nested"):
        encode(value)  # type: ignore[arg-type]
