"""A difference in what holds is told from other words for the same: both kinds as municipalities really have them."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from vliegwiel.catalogue.comparing.aspects import Aspect, in_substance, text_aspects
from vliegwiel.catalogue.comparing.saying import said
from vliegwiel.catalogue.comparing.words import subjects, word_file

FACTS = Path(__file__).resolve().parents[4] / "shared/reference/local-facts"

# What municipalities really differ in (or not), in sentences of our own: subject, one, other, in what.
SENTENCES = [
    ("evenementen", "hoogstens 250 bezoekers", "maximaal 75 aanwezigen", {Aspect.NUMBER}),
    ("evenementen", "hoogstens 250 bezoekers", "ten hoogste 250 mensen", {Aspect.WORDS}),
    ("evenementen", "hoogstens 150 personen", "hoogstens 150 personen tegelijk", {Aspect.MEASURE}),
    ("evenementen", "hoogstens 250 bezoekers", "hoogstens 250 bezoekers, organisatoren meegeteld", {Aspect.MEASURE}),
    ("evenementen", "80 dB(A) op 10 meter van elke geluidsbron", "80 dB(A) op de gevel van woningen", {Aspect.MEASURE}),
    ("evenementen", "75 dB(A) op de gevel", "75 dB(C) op de gevel", {Aspect.MEASURE}),
    ("evenementen", "meld het 10 werkdagen vooraf", "meld het 10 dagen vooraf", {Aspect.UNIT}),
    ("evenementen", "meld het 2 weken vooraf", "meld het veertien dagen vooraf", {Aspect.WORDS}),
    ("evenementen", "een melding is genoeg", "een kennisgeving is genoeg", {Aspect.WORDS}),
    ("evenementen", "een melding is genoeg", "u hebt een vergunning nodig", {Aspect.SHAPE}),
    ("evenementen", "voor een klein evenement", "voor een 0-evenement", {Aspect.WORDS}),
    ("evenementen", "muziek tot 23.00 uur", "muziek tot 24.00 uur", {Aspect.NUMBER}),
    ("evenementen", "op grond van artikel 2:25", "op grond van artikel 5:22", {Aspect.BASIS}),
    ("terras", "een vrije doorgang van 1,5 meter", "een doorloopruimte van 1,50 m", {Aspect.WORDS}),
    ("terras", "een vrije doorgang van 1,5 meter", "een vrije doorgang van 1,8 meter", {Aspect.NUMBER}),
    ("terras", "niet breder dan de gevelbreedte", "niet breder dan de voorkant", {Aspect.WORDS}),
    ("parkeren", "2 vergunningen per adres", "2 vergunningen per huishouden", {Aspect.MEASURE}),
    ("parkeren", "1 vergunning per adres", "2 vergunningen per adres", {Aspect.NUMBER}),
    ("parkeren", "het adres ligt in een zone", "het adres ligt in een rayon", {Aspect.WORDS}),
    ("parkeren", "€ 39,60 per kwartaal", "€ 158,40 per jaar", {Aspect.NUMBER, Aspect.PERIOD}),
    ("parkeren", "U betaalt per kwartaal", "U betaalt per jaar", {Aspect.PERIOD}),
    ("inkomenstoeslag", "36 maanden een laag inkomen", "drie jaar een laag inkomen", {Aspect.WORDS}),
    ("inkomenstoeslag", "36 maanden een laag inkomen", "60 maanden een laag inkomen", {Aspect.NUMBER}),
    ("inkomenstoeslag", "elke maand onder 110 procent", "gemiddeld onder 110%", {Aspect.MEASURE}),
    ("inkomenstoeslag", "110 % van de bijstandsnorm", "110 % van het minimumloon", {Aspect.MEASURE}),
    ("leerlingenvervoer", "verder dan 6 kilometer", "verder dan 4 km", {Aspect.NUMBER}),
    ("leerlingenvervoer", "verder dan 6 kilometer", "verder dan 6000 meter", {Aspect.WORDS}),
    ("leerlingenvervoer", "gemeten langs de kortste weg", "gemeten met de routeplanner", {Aspect.MEASURE}),
    ("standplaats", "hoogstens 3 jaar", "hoogstens 5 jaar", {Aspect.NUMBER}),
    ("standplaats", "een vaste standplaats", "een permanente standplaats", {Aspect.WORDS}),
]  # fmt: skip


@pytest.mark.parametrize(("about", "one", "other", "aspects"), SENTENCES)
def test_sentences_are_told_apart_by_what_they_rule(about: str, one: str, other: str, aspects: set[Aspect]) -> None:
    assert text_aspects(one, other, about) == aspects
    assert text_aspects(other, one, about) == aspects


def test_what_shares_no_words_is_left_to_a_person() -> None:
    assert text_aspects("alleen voor bewoners", "voor ondernemers met een winkel") == {Aspect.UNSURE}


def test_a_bound_that_turns_around_is_no_other_wording() -> None:
    assert text_aspects("hoogstens 3 meter", "minstens 3 meter") == {Aspect.CONDITION}
    assert text_aspects("camper mag in zone C", "camper mag niet in zone C") == {Aspect.CONDITION}


def test_a_word_holds_for_its_own_subject_only() -> None:
    assert not in_substance(text_aspects("adres in zone", "adres in sector", "parkeren"))
    assert in_substance(text_aspects("zone", "sector", "evenementen"))


@pytest.fixture(scope="module")
def facts() -> dict[str, dict[str, object]]:
    if not FACTS.is_dir():
        pytest.skip("the reference data (../shared/reference/local-facts) is not here")
    return {
        path.stem.removesuffix("-lokaal"): yaml.safe_load(path.read_text()) for path in sorted(FACTS.glob("*.yaml"))
    }


# In these groups of the reference data a word stands beside its value, or beside an English explanation.
NO_WORD = ("36 maanden", "drie jaar", "referteperiode", "vaste / jaar", "incidentele / dag", "huur / precario")


def test_every_other_word_in_the_reference_data_is_known_as_a_word(facts: dict[str, dict[str, object]]) -> None:
    looked = 0
    for name, file in facts.items():
        about = next((subject for subject in subjects() if subject[:5] == name[:5]), "")
        for group in file.get("zelfde_met_ander_woord", ()):  # type: ignore[attr-defined]
            if any(no in group for no in NO_WORD):
                continue
            words = [word.strip() for word in re.split(r" / |, ", group)]
            for one, other in itertools.combinations(words, 2):
                found = text_aspects(f"Dit is de {one} van de gemeente", f"Dit is de {other} van de gemeente", about)
                assert found == {Aspect.WORDS}, (about, one, other, found)
                looked += 1
    assert looked >= 20


def test_real_differences_in_the_reference_data_are_never_called_other_words(
    facts: dict[str, dict[str, object]],
) -> None:
    looked = 0
    for about, sentence, numbers in _numbers(facts):
        for one, other in itertools.combinations(sorted(numbers), 2):
            found = text_aspects(sentence.format(one), sentence.format(other), about)
            assert Aspect.NUMBER in found, (sentence, one, other)
            looked += 1
    assert looked >= 40


def _numbers(facts: dict[str, dict[str, object]]):  # type: ignore[no-untyped-def]
    events = facts["evenementen"]["gemeenten"].values()  # type: ignore[attr-defined]
    yield (
        "evenementen",
        "hoogstens {} bezoekers",
        {e["max_bezoekers"] for e in events if isinstance(e.get("max_bezoekers"), int)},
    )
    yield (
        "evenementen",
        "elk object kleiner dan {} m²",
        {e["objecten_m2"] for e in events if isinstance(e.get("objecten_m2"), int)},
    )
    days = {e["melden_werkdagen"] for e in events if isinstance(e.get("melden_werkdagen"), int)}
    yield "evenementen", "{} werkdagen vooraf melden", days
    periods = {t["maanden"] for t in facts["inkomenstoeslag"]["andere_gemeenten"] if "maanden" in t}  # type: ignore[attr-defined]
    yield "inkomenstoeslag", "{} maanden een laag inkomen", periods
    shares = {t["procent"] for t in facts["inkomenstoeslag"]["andere_gemeenten"] if "procent" in t}  # type: ignore[attr-defined]
    yield "inkomenstoeslag", "onder {} procent van de bijstandsnorm", shares
    ways = {t["doorgang_m"] for t in facts["terras"]["gemeenten"].values() if "doorgang_m" in t}  # type: ignore[attr-defined]
    yield "terras", "een vrije doorgang van {} meter", {str(way).replace(".", ",") for way in ways}


def test_the_word_file_gives_no_word_to_two_groups_of_one_subject() -> None:
    for about in ("", *subjects()):
        words = [word.lower() for same in word_file().same if same.about in ("", about) for word in same.words]
        doubled = {word for word in words if words.count(word) > 1}
        assert not doubled, (about, doubled)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_can_be_read_and_compared_both_ways(one: str, other: str) -> None:
    said(one)
    assert text_aspects(one, one) == frozenset()
    assert text_aspects(one, other) == text_aspects(other, one)


def test_a_hostile_text_is_read_in_no_time() -> None:
    for text in ("1." * 50_000, "€ " * 50_000, "9" * 100_000, "a:" * 50_000, "artikel 1:" * 20_000):
        said(text)
