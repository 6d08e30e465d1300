"""The law decides exactly, asks what is missing and never guesses."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.law.conftest import LAW, ORDINANCE
from vliegwiel.law import (
    Decision,
    Fact,
    LawBook,
    LawFault,
    LawNotFound,
    NotInForce,
    TraceNode,
    WrongFact,
    decide,
    explain,
    needs,
    values,
)
from vliegwiel.law.feel.values import Unknown

ON = date(2024, 6, 1)
FACTS: dict[str, object] = {
    "geboortedatum": date(1990, 1, 1),
    "woont_hier": True,
    "inkomen": Decimal("900.00"),
    "huishouden": "alleen",
}


def test_a_decision_is_exact_and_names_its_article(book: LawBook) -> None:
    decision = decide(book, "proefwet", ["recht", "hoogte"], FACTS, on=ON)
    assert decision.value("recht") is True
    assert decision.value("hoogte") == Decimal("400.00")
    assert decision.outcomes["hoogte"].text == "€ 400,00 per jaar"
    assert decision.outcomes["hoogte"].ground.article == "2"
    assert decision.outcomes["hoogte"].ground.bwb == "BWBR0000001"
    assert decision.complete
    assert decision.texts[0].valid_from == date(2024, 1, 1)


def test_a_missing_datum_is_asked_and_not_guessed(book: LawBook) -> None:
    decision = decide(
        book, "proefwet", ["recht", "hoogte"], {**FACTS, "woont_hier": Fact(True)} | {"bijzonder": False}, on=ON
    )
    assert decision.complete
    without = {name: value for name, value in FACTS.items() if name != "inkomen"} | {"bijzonder": False}
    decision = decide(book, "proefwet", ["recht", "hoogte"], without, on=ON)
    assert not decision.outcomes["recht"].known
    assert [item.name for item in decision.missing] == ["inkomen"]
    assert decision.missing[0].question == "Wat verdient u?"


def test_what_does_not_matter_is_not_asked(book: LawBook) -> None:
    decision = decide(book, "proefwet", ["recht", "hoogte"], {"geboortedatum": date(2015, 1, 1)}, on=ON)
    assert decision.value("recht") is False
    assert decision.value("hoogte") == 0
    assert decision.missing == ()


def test_null_is_known_to_be_nothing_and_differs_from_unknown(book: LawBook) -> None:
    decision = decide(book, "proefwet", ["hoogte"], {**FACTS, "huishouden": None}, on=ON)
    assert decision.outcomes["hoogte"].state == "niets"
    assert decision.missing == ()


def test_a_table_line_for_yes_does_not_match_null(book: LawBook) -> None:
    cell = LAW.replace("invoer: [recht, huishouden]", "invoer: [woont_hier, huishouden]").replace(
        "{recht: ", "{woont_hier: "
    )
    other = LawBook.loads(cell.replace("verwacht: {recht", "verwacht: {woont_hier"))
    decision = decide(other, "proefwet", ["hoogte"], {**FACTS, "woont_hier": None}, on=ON)
    assert decision.outcomes["hoogte"].state == "niets"


def test_an_ordinance_fills_what_the_law_leaves_open_and_without_one_the_default_holds(book: LawBook) -> None:
    rich = {**FACTS, "inkomen": Decimal("1150.00"), "bijzonder": False}
    assert decide(book, "proefwet", ["recht"], rich, on=ON).value("recht") is False
    leiden = decide(book, "proefwet", ["recht", "totaal"], rich, on=ON, gemeente="GM0546")
    assert leiden.value("recht") is True
    assert leiden.value("totaal") == Decimal("425.00")
    assert [text.id for text in leiden.texts] == ["proefwet", "proef_leiden"]


def test_an_open_term_that_nobody_filled_is_said_not_invented(book: LawBook) -> None:
    decision = decide(book, "proefwet", ["totaal"], FACTS, on=ON)
    assert decision.missing == ()
    assert [item.name for item in decision.unfilled] == ["extra"]
    assert "het extra bedrag" in decision.unfilled[0].sentence
    given = decide(book, "proefwet", ["totaal"], {**FACTS, "extra": Fact(10, "medewerker", True)}, on=ON)
    assert given.value("totaal") == Decimal("410.00")


def test_a_judgement_leaves_the_outcome_open_and_shows_it_under_each_answer(book: LawBook) -> None:
    decision = decide(book, "proefwet", ["recht"], {**FACTS, "inkomen": 2000}, on=ON)
    assert [item.name for item in decision.judgements] == ["bijzonder"]
    assert {scenario.answers["bijzonder"]: scenario.outcomes["recht"].value for scenario in decision.scenarios} == {
        True: True,
        False: False,
    }
    answer = Fact(True, "medewerker", True, note="ziek")
    judged = decide(book, "proefwet", ["recht"], {**FACTS, "inkomen": 2000, "bijzonder": answer}, on=ON)
    assert judged.value("recht") is True


def test_the_norm_of_the_date_counts_and_an_old_one_is_marked(book: LawBook) -> None:
    facts = {**FACTS, "inkomen": Decimal("1050.00"), "bijzonder": False}
    assert decide(book, "proefwet", ["recht"], facts, on=date(2024, 12, 31)).value("recht") is False
    new_year = decide(book, "proefwet", ["recht"], facts, on=date(2025, 1, 1))
    assert new_year.value("recht") is True
    assert not new_year.outcomes["recht"].verified
    assert [item.source for item in new_year.unverified] == ["een krant"]
    later = decide(book, "proefwet", ["recht"], facts, on=date(2027, 3, 1))
    assert later.unverified[0].note == "van 2025; voor 2027 is geen waarde bekend"


def test_a_law_outside_its_dates_fails_loudly(book: LawBook) -> None:
    with pytest.raises(NotInForce, match=r"geldt niet op 31 december 2023.* Wij kennen deze wet van 1 januari 2024"):
        decide(book, "proefwet", ["recht"], FACTS, on=date(2023, 12, 31))


def test_a_name_that_does_not_exist_gets_the_nearest(book: LawBook) -> None:
    with pytest.raises(LawNotFound, match=r"Bedoelt u 'hoogte'"):
        decide(book, "proefwet", ["hogte"], FACTS, on=ON)
    with pytest.raises(LawNotFound, match="Bedoelt u 'proefwet'"):
        decide(book, "proefwt", ["recht"], FACTS, on=ON)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("inkomen", "veel"),
        ("inkomen", True),
        ("inkomen", Decimal("NaN")),
        ("inkomen", 1.5),
        ("woont_hier", 1),
        ("huishouden", "samen"),
        ("geboortedatum", "1990-01-01"),
        ("geboortedatum", [date(1990, 1, 1)]),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_by_name(book: LawBook, name: str, value: object) -> None:
    with pytest.raises(WrongFact) as caught:
        decide(book, "proefwet", ["recht"], {**FACTS, name: value}, on=ON)
    assert [item.name for item in caught.value.invalid] == [name]


def test_values_alone_are_the_same_as_in_the_decision(book: LawBook) -> None:
    found = values(book, "proefwet", ["recht", "hoogte", "totaal"], FACTS, on=ON, gemeente="GM0546")
    decision = decide(book, "proefwet", ["recht", "hoogte", "totaal"], FACTS, on=ON, gemeente="GM0546")
    assert {name: decision.value(name) for name in found} == found
    assert isinstance(values(book, "proefwet", ["recht"], {}, on=ON)["recht"], Unknown)


def test_needs_are_all_data_an_outcome_may_take(book: LawBook) -> None:
    assert [item.name for item in needs(book, "proefwet", ["leeftijd"], on=ON)] == ["geboortedatum"]
    everything = [item.name for item in needs(book, "proefwet", ["hoogte"], on=ON)]
    assert everything == ["geboortedatum", "woont_hier", "inkomen", "huishouden"]


def test_a_decision_reads_back_from_json_to_the_same_bytes(book: LawBook) -> None:
    for facts in (FACTS, {}, {**FACTS, "inkomen": 5000}):
        decision = decide(book, "proefwet", ["totaal", "recht", "hoogte"], facts, on=ON, gemeente="GM0546")
        data = decision.to_json()
        again = Decision.from_json(data)
        assert again == decision
        assert again.to_json() == data
        assert explain(again).to_json() == explain(decision).to_json()


def test_the_trace_leads_from_the_outcome_to_facts_with_their_source(book: LawBook) -> None:
    facts = {**FACTS, "inkomen": Fact(Decimal("900.00"), "Belastingdienst", True)}
    decision = decide(book, "proefwet", ["hoogte"], facts, on=ON)
    leaves = {node.name: node for node in _walk(decision.trace) if node.kind == "gegeven"}
    assert leaves["inkomen"].source == "Belastingdienst"
    assert leaves["inkomen"].verified
    assert leaves["woont_hier"].source == "uw opgave"
    line = next(node for node in _walk(decision.trace) if node.kind == "tabelregel")
    assert line.say == "u alleen woont"


def _walk(nodes: tuple[TraceNode, ...]) -> list[TraceNode]:
    return [found for node in nodes for found in (node, *_walk(node.children))]


def test_lines_that_contradict_each_other_are_a_fault() -> None:
    clashing = LAW.replace("- {als: {recht: nee}, dan: 0}", "- {dan: 0}")
    with pytest.raises(LawFault, match="passen twee regels tegelijk"):
        decide(LawBook.loads(clashing), "proefwet", ["hoogte"], FACTS, on=ON)


def test_rules_in_a_ring_are_a_fault() -> None:
    ring = LAW.replace('formule: "hele_jaren(geboortedatum, peildatum)"', "formule: if recht then 1 else 2")
    with pytest.raises(LawFault, match="leeftijd → recht → leeftijd"):
        decide(LawBook.loads(ring), "proefwet", ["recht"], FACTS, on=ON)


def test_two_ordinances_for_one_open_term_are_a_fault() -> None:
    second = ORDINANCE.replace("proef_leiden", "proef_leiden_2")
    with pytest.raises(LawFault, match="Twee verordeningen vullen 'percentage' in"):
        decide(LawBook.loads(LAW, ORDINANCE, second), "proefwet", ["recht"], FACTS, on=ON, gemeente="GM0546")


GENERAL = """\
wet: algemeen
naam: Algemene wet
soort: wet
geldig: {van: 2000-01-01}
gelezen: 2000-01-01
geverifieerd: ja
bron: t
bronnen: {t: tekst}
artikelen: {"4:13": {titel: Termijn}}
regels:
  termijn: {soort: duur in dagen, artikel: "4:13", formule: weken(8)}
  uiterlijk: {soort: datum, artikel: "4:13", formule: peildatum + termijn}
"""


def test_a_special_law_goes_before_the_general_one() -> None:
    special = LAW.replace("bronnen: {tekst", "gebruikt: [algemeen]\nbronnen: {tekst").replace(
        "voorbeelden:", 'wijkt_af:\n  - {regel: algemeen.termijn, artikel: "1", formule: weken(4)}\nvoorbeelden:'
    )
    both = LawBook.loads(special, GENERAL)
    assert decide(both, "algemeen", ["uiterlijk"], {}, on=ON).value("uiterlijk") == date(2024, 7, 27)
    deviating = decide(both, "proefwet", ["algemeen.uiterlijk", "algemeen.termijn"], {}, on=ON)
    assert deviating.value("algemeen.uiterlijk") == date(2024, 6, 29)
    assert deviating.outcomes["algemeen.termijn"].ground.law == "proefwet"
