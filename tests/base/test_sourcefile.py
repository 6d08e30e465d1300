"""A definition file is read strictly, and every mistake is named with its place and what is allowed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.base.sourcedecode import load, loads
from vliegwiel.base.sourcefile import NOWHERE, Position, SourceInvalid, SourceText, parse_source
from vliegwiel.base.sourcemarks import Between, Key, NotEmpty, Pattern, Refused


class Soort(Enum):
    WET = "wet"
    VERORDENING = "verordening"


@dataclass(frozen=True)
class Formule:
    source_tag: ClassVar[str] = "formule"
    formule: SourceText


@dataclass(frozen=True)
class Tabel:
    source_tag: ClassVar[str] = "tabel"
    tabel: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Bron:
    source_short: ClassVar[str] = "naam"
    naam: str
    zeker: bool = True


@dataclass(frozen=True)
class Regel:
    naam: Annotated[str, NotEmpty()]
    doe: Formule | Tabel
    bron: Bron
    valid_from: Annotated[date | None, Key("van")] = None
    percentage: Annotated[Decimal | None, Between(0, 100)] = None
    at: Position = field(default=NOWHERE, compare=False)

    def __post_init__(self) -> None:
        if self.naam == "verboden":
            raise Refused("Deze naam mag niet.", key="naam")


@dataclass(frozen=True)
class Wet:
    soort: Soort
    bwb: Annotated[str, Pattern(r"BWBR\d{7}", "een BWB-nummer als BWBR0005537")]
    regels: tuple[Regel, ...] = ()
    tarieven: Mapping[date, Decimal] = field(default_factory=dict)
    hitpolicy: Literal["U", "A"] = "U"
    waarde: bool | Decimal | str | None = None


GOOD = """\
soort: wet
bwb: BWBR0005537
waarde: 12.50
tarieven:
  2026-01-01: 3.10
regels:
  - naam: eerste
    bron: Awb
    van: 2026-01-01
    doe:
      formule: |
        a + b
        and c
  - naam: tweede
    bron: {naam: Wet, zeker: nee}
    doe: {tabel: [[x, y]]}
"""


def test_a_good_file_becomes_typed_and_frozen() -> None:
    law = loads(GOOD, Wet)
    assert law.soort is Soort.WET
    assert law.waarde == Decimal("12.50")
    assert law.tarieven == {date(2026, 1, 1): Decimal("3.10")}
    first, second = law.regels
    assert first.valid_from == date(2026, 1, 1)
    assert first.bron == Bron("Awb")
    assert second.bron == Bron("Wet", zeker=False)
    assert second.doe == Tabel((("x", "y"),))
    assert first.at == Position(7, 5)


def test_text_inside_a_block_knows_where_its_first_character_stands() -> None:
    doe = loads(GOOD, Wet).regels[0].doe
    assert isinstance(doe, Formule)
    assert doe.formule.text == "a + b\nand c\n"
    assert doe.formule.at == Position(12, 9)


def test_all_mistakes_are_found_at_once_each_with_line_path_and_what_is_allowed() -> None:
    bad = GOOD.replace("bwb: BWBR0005537", "bwb: 12").replace("soort: wet", "soort: wett")
    bad = bad.replace("van: 2026-01-01", "vann: 2026-01-01").replace("zeker: nee", "zeker: no")
    with pytest.raises(SourceInvalid) as caught:
        loads(bad, Wet, "x.yaml")
    lines = [str(error) for error in caught.value.errors]
    assert lines == [
        "x.yaml:1:8: soort: Er staat 'wett'. Bedoelt u 'wet'? Toegestaan: 'wet', 'verordening'.",
        "x.yaml:2:6: bwb: '12' kan hier niet. Het moet een BWB-nummer als BWBR0005537 zijn.",
        (
            "x.yaml:9:5: regels.1.vann: De sleutel 'vann' bestaat hier niet. Bedoelt u 'van'? "
            "Toegestaan: naam, doe, bron, van, percentage."
        ),
        "x.yaml:15:30: regels.2.bron.zeker: Hier hoort 'ja' of 'nee'. Er staat 'no'.",
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("soort: wet\nsoort: wet\nbwb: BWBR0005537\n", "2:1: soort: De sleutel 'soort' staat er al (regel 1)."),
        ("soort:\n\twet\n", "2:1: Hier staat een tab. Spring in met spaties."),
        ("soort: &a wet\nbwb: *a\n", "1:8: soort: Een anker (&) mag niet."),
        ("soort: !!python/object:os.system x\n", "Een typeaanduiding (!) mag niet."),
        ("soort: wet\n---\nsoort: wet\n", "Er staat een tweede document"),
        ("", "Het bestand is leeg."),
        ("soort: wet\n  bwb: x\n", "2:6: Hier staat een dubbele punt die niet mag."),
        ("[" * 50 + "]" * 50, "te diep genest"),
        ("soort: 'wet\n", "open staat"),
        ("soort: wet\n", "1:1: Hier mist de sleutel 'bwb'."),
        ("- a\n", "Hier hoort een groep sleutels (soort, bwb"),
        ("soort: wet\nbwb: BWBR0005537\ntarieven: {2026-13-01: 1}\n", "Hier hoort een datum als 2026-01-31."),
        ("soort: wet\nbwb: BWBR0005537\ntarieven: {2026-01-01: 1,5}\n", "Hier hoort"),
        (
            "soort: wet\nbwb: BWBR0005537\nregels: [{naam: verboden, bron: x, doe: {formule: a}}]\n",
            "Deze naam mag niet.",
        ),
        ("soort: wet\nbwb: BWBR0005537\nregels: [{naam: a, bron: x, doe: {formul: a}}]\n", "Bedoelt u 'formule'?"),
        ("soort: wet\nbwb: BWBR0005537\nregels: [{naam: a, bron: x, doe: {formule: a, tabel: []}}]\n", "maar één"),
        ("soort: wet\nbwb: BWBR0005537\nregels: [{naam: '', bron: x, doe: {formule: a}}]\n", "Dit mag niet leeg zijn."),
        (
            "soort: wet\nbwb: BWBR0005537\nregels: [{naam: a, bron: x, doe: {formule: a}, percentage: 101}]\n",
            "tussen 0 en",
        ),
        ("x" * 1_000_001, "te groot"),
    ],
)
def test_what_is_not_allowed_is_refused_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(SourceInvalid) as caught:
        loads(text, Wet, "x.yaml")
    assert says in str(caught.value), str(caught.value)


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceInvalid, match="niet te lezen"):
        load(tmp_path / "weg.yaml", Wet)
    (tmp_path / "x.yaml").write_bytes(b"soort: wet\nbwb: \xff\xfe\n")
    with pytest.raises(SourceInvalid, match="geen UTF-8"):
        load(tmp_path / "x.yaml", Wet)


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_raise_anything_but_its_own_error(text: str) -> None:
    with suppress(SourceInvalid):
        parse_source(text, "x")


@given(st.recursive(st.sampled_from(["a", "'b'", "12", "~"]), lambda c: st.lists(c).map(lambda x: f"[{','.join(x)}]")))
def test_no_shape_makes_the_decoder_raise_anything_but_its_own_error(text: str) -> None:
    for key in ("soort", "bwb", "regels", "tarieven", "waarde"):
        with pytest.raises(SourceInvalid):
            loads(f"{key}: {text}\n", Wet)
