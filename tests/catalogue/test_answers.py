"""Answers: what people type is read kindly, what cannot be is refused with what to do, nothing crashes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.sourcedecode import loads
from vliegwiel.catalogue.answers import (
    AnswerWrong,
    answer_from_json,
    answer_to_json,
    as_fact,
    askable,
    options,
    read,
    to_text,
)
from vliegwiel.catalogue.model import Field, FieldKind
from vliegwiel.catalogue.typing_in import Address, plate_text

TODAY = date(2026, 11, 24)
FAMILY = {
    "persoon.gezin_op_adres": (
        {
            "bsn": "999990019",
            "naam": "Sam Jansen",
            "relatie": "partner",
            "geboortedatum": date(1986, 5, 1),
            "leeftijd": 40,
        },
        {
            "bsn": "999990020",
            "naam": "Noor Jansen",
            "relatie": "kind",
            "geboortedatum": date(2015, 2, 1),
            "leeftijd": 11,
        },
    )
}


def field(kind: str, extra: str = "") -> Field:
    needs = {
        "keuze": "keuzes: [{sleutel: a, naam: Eerste}, {sleutel: b, naam: Tweede}]",
        "meerkeuze": "keuzes: [{sleutel: a, naam: Eerste}, {sleutel: b, naam: Tweede}]",
        "personen": "keuzes_uit: persoon.gezin_op_adres",
    }.get(kind, "")
    lines = [f"sleutel: x\nsoort: {kind}\nlabel: Een vraag", needs, extra]
    return loads("\n".join(line for line in lines if line), Field)


def answer(kind: str, *typed: str, extra: str = "") -> object:
    return read(field(kind, extra), typed, known=FAMILY, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("ja_nee", ("ja",), True),
        ("ja_nee", (" Nee ",), False),
        ("keuze", ("b",), "b"),
        ("meerkeuze", ("b", "a", "b"), ("b", "a")),
        ("tekst", ("  Jan\u00a0  de  Vries ",), "Jan de Vries"),
        ("lange_tekst", ("een\r\ntwee\r",), "een\ntwee"),
        ("getal", ("1.234",), Decimal(1234)),
        ("getal", ("-0",), Decimal(0)),
        ("geld", ("€ 1.234,50",), Decimal("1234.50")),
        ("geld", ("1234,5",), Decimal("1234.50")),
        ("geld", ("12,-",), Decimal("12.00")),
        ("geld", ("1234.50",), Decimal("1234.50")),
        ("geld", ("1 234",), Decimal("1234.00")),
        ("datum", ("2026-11-24",), TODAY),
        ("datum", ("24-11-2026",), TODAY),
        ("datum", ("24/11/2026",), TODAY),
        ("datum", ("24 november 2026",), TODAY),
        ("datum", ("24", "11", "2026"), TODAY),
        ("datum", ("24", "november", "2026"), TODAY),
        ("email", (" Naam.Achter+x@voorbeeld.nl ",), "Naam.Achter+x@voorbeeld.nl"),
        ("telefoon", ("06 - 12 34 56 78",), "+31612345678"),
        ("telefoon", ("0031 (0)10 123 45 67",), "+31101234567"),
        ("telefoon", ("+44 20 7946 0000",), "+442079460000"),
        ("tijd", ("9",), "09:00"),
        ("tijd", ("14.30 uur",), "14:30"),
        ("tijd", ("23u59",), "23:59"),
        ("kenteken", ("16-rsl-9",), "16RSL9"),
        ("kenteken", ("GV 000 b",), "GV000B"),
        ("iban", ("nl91 abna 0417 1643 00",), "NL91ABNA0417164300"),
        ("iban", ("DE89370400440532013000",), "DE89370400440532013000"),
        ("adres", ("2312 ab", "12", "a", ""), Address("2312AB", 12, "A")),
        ("adres", ("2312AB", "12"), Address("2312AB", 12)),
    ],
)
def test_what_people_type_is_read(kind: str, typed: tuple[str, ...], expected: object) -> None:
    assert answer(kind, *typed) == expected


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("ja_nee", ("misschien",)),
        ("keuze", ("c",)),
        ("keuze", ("a", "b")),
        ("meerkeuze", ("a", "c")),
        ("tekst", ("a\x00b",)),
        ("tekst", ("\u202egnp.exe",)),
        ("tekst", ("\ud800",)),
        ("tekst", ("a" * 201,)),
        ("getal", ("1,5",)),
        ("getal", ("1e3",)),
        ("getal", ("\u0661\u0662",)),
        ("getal", ("9" * 400,)),
        ("geld", ("12,345",)),
        ("geld", ("vijf",)),
        ("datum", ("31-2-2026",)),
        ("datum", ("24-11-26",)),
        ("datum", ("24", "", "2026")),
        ("datum", ("0001-01-01",)),
        ("datum", ("1", "2", "3", "4")),
        ("email", ("naam@",)),
        ("email", ("a@b",)),
        ("email", ("a..b@voorbeeld.nl",)),
        ("email", ("a\nBcc:x@voorbeeld.nl",)),
        ("telefoon", ("112",)),
        ("telefoon", ("0" * 40,)),
        ("tijd", ("24:00",)),
        ("tijd", ("12:60",)),
        ("tijd", ("drie uur",)),
        ("kenteken", ("1234567",)),
        ("kenteken", ("ABCDEF",)),
        ("iban", ("NL91ABNA0417164301",)),
        ("iban", ("NL00",)),
        ("adres", ("0312AB", "1")),
        ("adres", ("2312SS", "1")),
        ("adres", ("2312AB", "0")),
        ("adres", ("2312AB", "1", "ab")),
        ("personen", ("999990019",)),
        ("bestand", ("iets",)),
    ],
)
def test_what_cannot_be_is_refused_with_what_to_do(kind: str, typed: tuple[str, ...]) -> None:
    with pytest.raises(AnswerWrong) as refused:
        answer(kind, *typed)
    assert refused.value.code in ("wrong", "choice")
    assert refused.value.sentence.endswith(".")
    assert "ongeldig" not in refused.value.sentence


def test_nothing_is_asked_again_only_when_it_was_needed() -> None:
    with pytest.raises(AnswerWrong, match="Vul een bedrag in"):
        answer("geld", "  ")
    with pytest.raises(AnswerWrong, match="Hoeveel dan"):
        answer("geld", extra="leeg: Hoeveel dan.")
    assert answer("geld", "", extra="verplicht: nee") is None
    assert answer("geld", "", extra="verplicht: y = 1") is None
    needed = field("geld", 'verplicht: y = "ja hoor"')
    with pytest.raises(AnswerWrong):
        read(needed, (), known={"y": "ja hoor"}, today=TODAY)


@pytest.mark.parametrize(
    ("kind", "extra", "typed", "sentence"),
    [
        ("getal", "min: 1\nmax: 5", "0", "Vul 1 of meer in."),
        ("getal", "min: 1\nmax: 5\neenheid: auto's", "6", "Vul 5 auto's of minder in."),
        ("geld", "max: 1000", "1000,01", "Vul €\u00a01.000,00 of minder in."),
        ("lange_tekst", "min: 10", "kort", "Schrijf iets meer: minstens 10 tekens."),
        ("datum", "tot: vandaag", "2026-11-25", "Vul een datum in tot en met 24 november 2026."),
        ("datum", "vanaf: vandaag - weken(4)", "2026-10-26", "Vul een datum in vanaf 27 oktober 2026."),
    ],
)
def test_bounds_say_what_is_allowed(kind: str, extra: str, typed: str, sentence: str) -> None:
    with pytest.raises(AnswerWrong) as refused:
        answer(kind, typed, extra=extra)
    assert (refused.value.sentence, refused.value.code) == (sentence, "bounds")


def test_persons_are_chosen_without_a_bsn_on_the_page_and_stand_in_full_as_a_fact() -> None:
    family = field("personen", "verplicht: nee")
    offered = options(family, FAMILY)
    assert [option.name for option in offered] == ["Sam Jansen", "Noor Jansen"]
    assert offered[1].hint == "kind, geboren 1 februari 2015"
    assert not any("99999" in option.value for option in offered)
    chosen = read(family, [offered[1].value], known=FAMILY, today=TODAY)
    assert chosen is not None
    assert as_fact(family, chosen, FAMILY) == (FAMILY["persoon.gezin_op_adres"][1],)
    assert to_text(family, chosen, FAMILY) == "Noor Jansen"
    assert to_text(family, chosen, {}) == "niet meer te kiezen"


@pytest.mark.parametrize(
    ("plate", "shown"),
    [
        ("16RSL9", "16-RSL-9"),
        ("GV000B", "GV-000-B"),
        ("1234AB", "12-34-AB"),
        ("AB12CD", "AB-12-CD"),
        ("12ABCD", "12-AB-CD"),
    ],
)
def test_a_plate_is_shown_with_its_dashes(plate: str, shown: str) -> None:
    assert plate_text(plate) == shown


hostile = st.one_of(
    st.text(max_size=300),
    st.text(alphabet="0123456789.,-€ e+", max_size=40),
    st.text(alphabet="\x00\u202e\ud800\u0661'\"<>%{}();-/\\ \n\t", max_size=60),
    st.sampled_from(
        ["' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "../../etc/passwd", "9" * 5000, "NaN", "inf"]
    ),
    st.dates(max_value=date(9999, 12, 31)).map(str),
)


@settings(max_examples=500, deadline=None)
@given(kind=st.sampled_from(sorted(FieldKind)), typed=st.lists(hostile, max_size=5))
def test_hostile_input_gives_an_answer_or_a_sentence_and_survives_storage(kind: FieldKind, typed: list[str]) -> None:
    asked = field(kind.value)
    try:
        found = read(asked, typed, known=FAMILY, today=TODAY)
    except AnswerWrong as refused:
        sentence = refused.sentence
        found = None
    else:
        sentence = ""
    assert found is None or not sentence
    if found is not None:
        assert answer_from_json(asked, answer_to_json(found)) == found
        assert isinstance(to_text(asked, found, FAMILY), str)
        as_fact(asked, found, FAMILY)


@given(value=st.decimals(min_value=0, max_value=10**9, places=2))
def test_an_amount_reads_back_as_it_is_shown(value: Decimal) -> None:
    asked = field("geld", "max: 10000000000")
    shown = to_text(asked, value)
    assert read(asked, [shown], known={}, today=TODAY) == value


@given(days=st.integers(-9000, 9000))
def test_a_date_reads_back_as_it_is_shown(days: int) -> None:
    asked = field("datum")
    day = TODAY + timedelta(days=days)
    assert read(asked, [to_text(asked, day)], known={}, today=TODAY) == day


def test_a_page_asks_what_an_answer_on_it_may_bring_up_and_nothing_else() -> None:
    def asked(key: str, when: str = "") -> Field:
        return loads(f"sleutel: {key}\nsoort: ja_nee\nlabel: Een vraag\n{when}", Field)

    first, second = asked("is_er"), asked("welk", "tonen_als: is_er")
    fields = (first, second, asked("gezag", "tonen_als: 'voor_wie = \"kind\"'"))
    assert askable(fields, {"voor_wie": "zelf"}) == (first, second)
    assert askable(fields, {"voor_wie": "kind"}) == fields
