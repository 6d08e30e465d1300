"""An explanation is Dutch a citizen understands, names every article, and claims nothing that the trace does not show."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.law.conftest import LAW, ORDINANCE
from vliegwiel.law import Fact, LawBook, decide, explain

ON = date(2024, 6, 1)
BOOK = LawBook.loads(LAW, ORDINANCE)
FACTS: dict[str, object] = {
    "geboortedatum": date(1990, 1, 1),
    "woont_hier": True,
    "inkomen": Decimal("900.00"),
    "huishouden": "alleen",
    "bijzonder": False,
}


def test_a_grant_gives_the_conditions_that_hold_each_with_its_article_and_source() -> None:
    facts = {**FACTS, "woont_hier": Fact(True, "Basisregistratie Personen", True)}
    outcome = explain(decide(BOOK, "proefwet", ["recht"], facts, on=ON)).outcomes[0]
    assert outcome.sentence == "U hebt recht op de toeslag."
    assert [(reason.mark, reason.text, reason.article) for reason in outcome.reasons] == [
        ("✓", "U bent 18 of ouder.", "Proefwet, artikel 1 lid 1"),
        ("✓", "U woont hier.", "Proefwet, artikel 1 lid 1"),
        ("✓", "Uw inkomen (€ 900,00 per maand) is laag genoeg.", "Proefwet, artikel 1 lid 2"),
    ]
    assert outcome.reasons[1].facts[0].source == "Basisregistratie Personen"
    assert outcome.changes == ()


def test_a_refusal_gives_what_failed_first_and_what_would_change_it() -> None:
    outcome = explain(decide(BOOK, "proefwet", ["recht"], {**FACTS, "woont_hier": False}, on=ON)).outcomes[0]
    assert outcome.reasons[0].mark == "✗"
    assert outcome.reasons[0].text == "U woont hier niet."
    assert [(change.text, change.becomes, change.alone) for change in outcome.changes] == [
        ("U gaat hier wonen.", "ja", True)
    ]


def test_a_comparison_that_failed_says_limit_and_value() -> None:
    outcome = explain(
        decide(BOOK, "proefwet", ["recht"], {**FACTS, "geboortedatum": date(2010, 1, 1)}, on=ON)
    ).outcomes[0]
    assert outcome.changes[0].text == "Leeftijd: minstens 18 jaar. Nu is dat 14 jaar."


def test_an_amount_gives_the_line_of_the_table() -> None:
    explanation = explain(decide(BOOK, "proefwet", ["recht", "hoogte"], FACTS, on=ON))
    assert explanation.outcomes[1].sentence == "U krijgt € 400,00 per jaar."
    assert explanation.outcomes[1].reasons[0].text == "Dat is zo omdat u alleen woont."
    assert "U hebt recht op de toeslag." in [reason.text for reason in explanation.outcomes[1].reasons]


def test_what_is_open_missing_or_unverified_is_said() -> None:
    explanation = explain(
        decide(BOOK, "proefwet", ["totaal"], {"geboortedatum": date(1990, 1, 1)}, on=date(2026, 6, 1))
    )
    assert explanation.missing == ("Wij weten nog niet: huishouden, uw inkomen en woont hier.",)
    assert explanation.judgements[0] == "Een medewerker beoordeelt nog: Is er iets bijzonders?"
    known = explain(decide(BOOK, "proefwet", ["recht"], FACTS, on=date(2026, 6, 1)))
    assert known.unverified == (
        "Niet nagekeken: de inkomensgrens (Proefwet, artikel 1), van 2025; voor 2026 is geen waarde bekend. Bron: een krant.",
    )


_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "geboortedatum": st.dates(date(1940, 1, 1), date(2020, 1, 1)),
        "woont_hier": st.booleans(),
        "inkomen": st.decimals(0, 3000, places=2),
        "huishouden": st.sampled_from(["alleen", "paar"]),
        "bijzonder": st.booleans(),
    },
)


@given(_FACTS)
def test_an_explanation_never_contradicts_the_law(facts: dict[str, object]) -> None:
    decision = decide(BOOK, "proefwet", ["recht", "hoogte"], facts, on=ON)
    explanation = explain(decision)
    right = explanation.outcomes[0]
    marks = {reason.mark for reason in right.reasons}
    if decision.value("recht") is True:
        assert marks == {"✓"}
    elif decision.outcomes["recht"].state == "nee":
        assert "✗" in marks
    else:
        assert "?" in marks
        assert explanation.missing or explanation.judgements
    assert "…" not in explanation.text
    assert "None" not in explanation.text
    assert all(reason.article for reason in right.reasons)


@given(_FACTS)
def test_more_facts_never_turn_a_known_outcome_around(facts: dict[str, object]) -> None:
    known = decide(BOOK, "proefwet", ["recht"], facts, on=ON).outcomes["recht"]
    complete = decide(BOOK, "proefwet", ["recht"], {**FACTS, **facts}, on=ON).outcomes["recht"]
    if known.known:
        assert complete.state == known.state


def test_a_condition_that_rests_on_an_ordinance_names_its_article_too() -> None:
    outcome = explain(decide(BOOK, "proefwet", ["recht"], FACTS, on=ON, gemeente="GM0546")).outcomes[0]
    assert outcome.reasons[2].article == "Proefwet, artikel 1 lid 2; Verordening Leiden, artikel 4"


EITHER = LAW.replace(
    "  hoogte:\n",
    """\
  vrijgesteld:
    soort: ja/nee
    artikel: "1"
    omschrijving: vrijstelling
    een:
      - {als: huishouden = "paar", ja: U woont samen., nee: U woont niet samen.}
      - {als: inkomen < 1000, ja: Uw inkomen is lager dan 1.000 euro., nee: Uw inkomen is niet lager dan 1.000 euro.}
    uitleg: {ja: U bent vrijgesteld., nee: U bent niet vrijgesteld.}
  korting: {soort: geld, artikel: "2", formule: if vrijgesteld then 10 else 0, uitleg: {waarde: "De korting is {korting}."}}
  hoogte:
""",
    1,
)


def test_where_one_condition_is_enough_a_yes_names_the_one_that_holds_and_no_other() -> None:
    book = LawBook.loads(EITHER)
    granted = explain(decide(book, "proefwet", ["vrijgesteld"], FACTS, on=ON)).outcomes[0]
    assert [(reason.mark, reason.text) for reason in granted.reasons] == [("✓", "Uw inkomen is lager dan 1.000 euro.")]
    refused = explain(decide(book, "proefwet", ["vrijgesteld"], {**FACTS, "inkomen": 1200}, on=ON)).outcomes[0]
    assert [reason.mark for reason in refused.reasons] == ["✗", "✗"]


def test_only_the_branch_that_was_taken_is_a_reason() -> None:
    book = LawBook.loads(
        EITHER.replace(
            "if vrijgesteld then 10 else 0", 'if woont_hier then 10 else (if huishouden = "paar" then 5 else 0)'
        )
    )
    taken = decide(book, "proefwet", ["korting"], FACTS, on=ON)
    assert [node.name for node in taken.trace[0].children] == ["woont_hier"]
    other = decide(book, "proefwet", ["korting"], {**FACTS, "woont_hier": False}, on=ON)
    assert [node.name for node in other.trace[0].children] == ["woont_hier", "huishouden"]


def test_what_made_an_or_hold_is_what_it_rests_on() -> None:
    decision = decide(BOOK, "proefwet", ["recht"], {**FACTS, "bijzonder": True, "inkomen": 5000}, on=ON)
    assert [node.name for node in decision.trace[0].children[2].children] == ["bijzonder"]


def test_an_amount_of_nothing_tells_what_was_not_so_and_other_amounts_do_not() -> None:
    book = LawBook.loads(EITHER)
    nothing = explain(decide(book, "proefwet", ["korting"], {**FACTS, "inkomen": 1200}, on=ON)).outcomes[0]
    assert [reason.mark for reason in nothing.reasons] == ["✗", "✗"]
    assert [
        reason.mark for reason in explain(decide(book, "proefwet", ["korting"], FACTS, on=ON)).outcomes[0].reasons
    ] == ["✓"]


def test_what_was_not_verified_is_said_once_for_a_text() -> None:
    unsure = LAW.replace("geverifieerd: ja", "geverifieerd: nee")
    explanation = explain(decide(LawBook.loads(unsure), "proefwet", ["recht"], FACTS, on=ON))
    assert len(explanation.unverified) == 1
    assert explanation.unverified[0].startswith("Niet nagekeken: ")
    assert explanation.unverified[0].endswith("(Proefwet, artikelen 1, 1 lid 1 en 1 lid 2). Bron: de tekst.")


def test_the_special_law_that_decided_a_condition_is_named() -> None:
    general = """\
wet: algemeen
naam: Algemene wet
soort: wet
geldig: {van: 2000-01-01}
gelezen: 2000-01-01
geverifieerd: ja
bron: t
bronnen: {t: tekst}
artikelen: {"4": {titel: Iets}}
regels:
  geldt: {soort: ja/nee, artikel: "4", formule: ja, uitleg: {nee: Dit geldt niet.}}
  betaalt:
    soort: ja/nee
    artikel: "4"
    alle: [{als: geldt, ja: De regels gelden., nee: De regels gelden niet.}]
"""
    special = LAW.replace("bronnen: {tekst", "gebruikt: [algemeen]\nbronnen: {tekst").replace(
        "voorbeelden:", 'wijkt_af:\n  - {regel: algemeen.geldt, artikel: "2", waarde: nee}\nvoorbeelden:'
    )
    book = LawBook.loads(special, general)
    reason = explain(decide(book, "proefwet", ["algemeen.betaalt"], {}, on=ON)).outcomes[0].reasons[0]
    assert (reason.text, reason.article) == ("De regels gelden niet.", "Algemene wet, artikel 4")
    assert [(below.mark, below.text, below.article) for below in reason.because] == [
        ("✗", "Dit geldt niet.", "Proefwet, artikel 2")
    ]


def test_a_choice_is_told_how_to_get_better_and_never_how_to_get_worse() -> None:
    law = LAW.replace(
        "  hoogte:\n",
        """\
  klein:
    soort: ja/nee
    artikel: "1"
    alle: [{als: inkomen < 100, anders: uw inkomen is lager dan 100 euro}]
  groot:
    soort: ja/nee
    artikel: "1"
    alle: [{als: inkomen > 1000, anders: uw inkomen is hoger dan 1.000 euro}]
  soort_besluit:
    soort: keuze
    keuzes: {vrij: u mag het zo, vergunning: u hebt een vergunning nodig, verboden: het mag niet}
    artikel: "1"
    formule: if klein then "vrij" else if groot then "verboden" else "vergunning"
  hoogte:
""",
        1,
    )
    decision = decide(LawBook.loads(law), "proefwet", ["soort_besluit"], FACTS, on=ON)
    assert decision.value("soort_besluit") == "vergunning"
    assert [change.becomes for change in decision.changes["soort_besluit"]] == ["u mag het zo"]
