"""A theme that cannot be read is refused; seven themes can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.sourcefile import SourceInvalid, parse_source, read_source
from vliegwiel.catalogue.library import DEFINITIONS
from vliegwiel.catalogue.theme import DARK_GROUND, DEFAULT, LEAST, contrast, contrast_problems, read_theme

FILES = sorted((DEFINITIONS / "huisstijl").glob("*.yaml"))
colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_theme_can_be_read_in_light_and_dark(path: object) -> None:
    theme = read_theme(read_source(path))  # type: ignore[arg-type]
    assert theme.stand_in
    assert contrast(theme.accent, "#ffffff") >= LEAST
    assert contrast(theme.accent_dark, DARK_GROUND) >= LEAST
    assert theme.css().count("--theme-") == 5


def test_there_is_a_theme_for_each_municipality_of_the_demo_and_the_default_can_be_read() -> None:
    assert len(FILES) == 7
    assert contrast_problems(DEFAULT) == ()


def test_a_theme_without_contrast_is_refused_with_what_to_do() -> None:
    text = FILES[0].read_text().replace('accent_donker: "#', 'accent_donker: "#2a2a2a" # ')
    with pytest.raises(SourceInvalid, match="Maak het lichter"):
        read_theme(parse_source(text, "thema.yaml"))


@pytest.mark.parametrize("colour", ["rood", "#FFF", "#12345g", "red;}body{display:none", "url(x)"])
def test_a_token_cannot_carry_anything_but_a_colour(colour: str) -> None:
    text = FILES[0].read_text().replace('op_accent: "#ffffff"', f'op_accent: "{colour}"')
    with pytest.raises(SourceInvalid, match="een kleur als"):
        read_theme(parse_source(text, "thema.yaml"))


@given(colours, colours)
def test_contrast_is_symmetric_and_within_bounds(one: str, other: str) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
