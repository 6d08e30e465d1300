"""What a law can say beyond plain rules: indexed amounts, rounding, parts with their own dates, special law, working days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.law.conftest import LAW, ORDINANCE
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.law import LawBook, LawFault, decide, run_examples, values
from vliegwiel.law.feel.evaluate import evaluate
from vliegwiel.law.feel.values import Value

ON = date(2024, 6, 1)
FACTS: dict[str, object] = {
    "geboortedatum": date(1990, 1, 1),
    "woont_hier": True,
    "inkomen": Decimal("900.00"),
    "huishouden": "alleen",
    "bijzonder": False,
}

# --- indexation ------------------------------------------------------------------------------------------------------

INDEXED = LAW.replace(
    "open_termen:",
    """\
  prijsindex:
    soort: getal in procent
    artikel: "2"
    omschrijving: de stijging van de prijzen
    waarden: {2024-01-01: 2.0, 2025-01-01: 3.3, 2026-01-01: {waarde: 1.5, bron: krant, geverifieerd: nee}}
  vrij_bedrag:
    soort: geld
    artikel: "1"
    omschrijving: het vrije bedrag
    waarden: {2023-01-01: 7000.00, 2024-01-01: 7140.00}
    indexering:
      volgt: prijsindex
      artikel: "2 lid 3"
      formule: afronden_op(vorige + procent(index, vorige), 5)
open_termen:""",
).replace(
    "  totaal: {",
    '  vrij: {soort: geld, artikel: "1", formule: vrij_bedrag}\n  totaal: {',
)


def test_an_indexed_norm_follows_its_index_by_the_rounding_of_the_law() -> None:
    book = LawBook.loads(INDEXED)

    def amount(on: date) -> Value:
        return values(book, "proefwet", ["vrij"], {}, on=on)["vrij"]

    assert amount(date(2024, 12, 31)) == Decimal("7140.00")
    # 7140 + 3.3 % = 7375.62, on a multiple of 5; the next year goes on from what was rounded
    assert amount(date(2025, 1, 1)) == Decimal(7375)
    assert amount(date(2026, 1, 1)) == Decimal(7485)


def test_an_indexed_amount_names_the_article_and_is_as_sure_as_its_index() -> None:
    book = LawBook.loads(INDEXED)
    sure = decide(book, "proefwet", ["vrij"], {}, on=date(2025, 6, 1))
    norm = sure.trace[0].children[0]
    assert (norm.name, norm.text, norm.note) == (
        "vrij_bedrag",
        "€ 7.375,00",
        "berekend, niet overgenomen uit een tekst",
    )
    assert norm.source == "berekend met de stijging van de prijzen (de tekst)"
    assert sure.unverified == ()
    unsure = decide(book, "proefwet", ["vrij"], {}, on=date(2026, 6, 1))
    assert [item.label for item in unsure.unverified] == ["het vrije bedrag"]
    assert unsure.unverified[0].ground.article == "2 lid 3"


def test_a_given_amount_that_the_indexation_contradicts_is_noted() -> None:
    wrong = LawBook.loads(INDEXED.replace("2024-01-01: 7140.00", "2024-01-01: 7145.00"))
    messages = [note.message for note in wrong.notes if note.code == "indexering"]
    assert messages == ["Op 1 januari 2024 staat hier € 7.145,00, maar de indexering geeft € 7.140,00."]
    assert [note for note in LawBook.loads(INDEXED).notes if note.code == "indexering"] == []


def test_a_norm_with_fields_is_indexed_field_by_field_and_may_follow_index_figures() -> None:
    law = INDEXED.replace(
        "    waarden: {2023-01-01: 7000.00, 2024-01-01: 7140.00}",
        "    velden: [een, twee]\n    waarden: {2024-01-01: [100.00, 250.00]}",
    )
    law = law.replace(
        'getal in procent\n    artikel: "2"\n    omschrijving: de stijging',
        'getal\n    artikel: "2"\n    omschrijving: de stijging',
    )
    law = law.replace("2024-01-01: 2.0, 2025-01-01: 3.3", "2024-01-01: 110.0, 2025-01-01: 121.0")
    law = law.replace("afronden_op(vorige + procent(index, vorige), 5)", "afronden(vorige * index / vorige_index, 2)")
    book = LawBook.loads(law.replace("formule: vrij_bedrag", "formule: vrij_bedrag.twee"))
    assert values(book, "proefwet", ["vrij"], {}, on=date(2025, 1, 1))["vrij"] == Decimal("275.00")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("volgt: prijsindex", "volgt: prijsindeks", "'prijsindeks' is geen norm van deze tekst. Normen: grens, bedrag,"),
        ("volgt: prijsindex", "volgt: vrij_bedrag", "De norm 'vrij_bedrag' volgt via andere normen zichzelf."),
        ("procent(index, vorige)", "procent(indx, vorige)", "De naam 'indx' is hier niet bekend. Bedoelt u 'index'?"),
        ("procent(index, vorige)", "inkomen", "De naam 'inkomen' is hier niet bekend."),
        ("afronden_op(vorige + procent(index, vorige), 5)", "per_jaar(vorige)", "rekent om per maand, kwartaal of jaar"),
        ("afronden_op(vorige + procent(index, vorige), 5)", "vorige / 0", "De indexering geeft op 1 januari 2024 geen"),
    ],
)  # fmt: skip
def test_an_indexation_that_cannot_be_is_found(old: str, new: str, says: str) -> None:
    with pytest.raises(SourceInvalid) as caught:
        LawBook.loads(INDEXED.replace(old, new, 1))
    assert says in str(caught.value)


def test_a_norm_may_say_that_its_value_was_not_found_from_a_day_on() -> None:
    book = LawBook.loads(
        LAW.replace(
            "waarden: {2024-01-01: [400.00, 600.00]}", "waarden: {2024-01-01: [400.00, 600.00], 2025-01-01: onbekend}"
        )
    )
    assert values(book, "proefwet", ["hoogte"], FACTS, on=ON)["hoogte"] == 400
    later = decide(book, "proefwet", ["hoogte"], FACTS, on=date(2025, 6, 1))
    assert not later.outcomes["hoogte"].known
    assert [item.name for item in later.unfilled] == ["bedrag"]
    assert later.unfilled[0].sentence == "Voor 1 juni 2025 is geen bedrag bekend."


# --- rounding --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ("afronden(2.345, 2)", "2.35"),
        ("afronden(-2.345, 2)", "-2.35"),
        ("afronden_op(12.5, 1)", "13"),
        ("afronden_op(7572.50, 5)", "7575"),
        ("afronden_op(0.024, 0.05)", "0"),
        ("afronden_omlaag(12.999, 1)", "12"),
        ("afronden_omlaag(-12.999, 1)", "-12"),
        ("afronden_omlaag(199.99, 10)", "190"),
        ("afronden_omhoog(12.001, 0.01)", "12.01"),
        ("afronden_omhoog(12.00, 1)", "12"),
    ],
)
def test_rounding_is_that_of_the_law(text: str, gives: str) -> None:
    assert evaluate(text) == Decimal(gives)


def test_nothing_is_rounded_unless_a_rule_says_so() -> None:
    thirds = LAW.replace("formule: hoogte + extra", "formule: hoogte / 3")
    decision = decide(LawBook.loads(thirds), "proefwet", ["totaal"], FACTS, on=ON)
    assert decision.value("totaal") == Decimal("133.3333333333333333333333333333333")
    assert decision.outcomes["totaal"].text == "€ 133,3333333333333333333333333333333 per jaar"


# --- parts with their own dates --------------------------------------------------------------------------------------

DATED = LAW.replace(
    "- {als: woont_hier, artikel",
    "- {als: woont_hier, geldig: {van: 2025-01-01}, artikel",
).replace(
    "- {als: {recht: ja, huishouden: paar}, dan: bedrag.paar, omdat: u samenwoont}",
    "- {als: {recht: ja, huishouden: paar}, geldig: {tot: 2024-12-31}, dan: bedrag.paar, omdat: u samenwoont}\n"
    "        - {als: {recht: ja, huishouden: paar}, geldig: {van: 2025-01-01}, dan: 700, omdat: u samenwoont}",
)


def test_a_condition_counts_only_while_it_holds() -> None:
    book = LawBook.loads(DATED)
    away = {**FACTS, "woont_hier": False}
    before = decide(book, "proefwet", ["recht"], away, on=date(2024, 12, 31))
    assert before.value("recht") is True
    assert [node.name for node in before.trace[0].children] == [
        "leeftijd >= 18",
        "inkomen <= procent(percentage, grens) or bijzonder",
    ]
    assert decide(book, "proefwet", ["recht"], away, on=date(2025, 1, 1)).value("recht") is False


def test_a_line_of_a_table_counts_only_while_it_holds() -> None:
    book = LawBook.loads(DATED)
    couple = {**FACTS, "huishouden": "paar"}
    assert values(book, "proefwet", ["hoogte"], couple, on=date(2024, 12, 31))["hoogte"] == 600
    assert values(book, "proefwet", ["hoogte"], couple, on=date(2025, 1, 1))["hoogte"] == 700


def test_a_rule_of_which_nothing_holds_on_the_date_is_a_fault() -> None:
    law = LAW.replace("      - {als: leeftijd >= 18, ", "      - {als: leeftijd >= 18, geldig: {tot: 2024-12-31}, ")
    law = law.replace("      - {als: woont_hier, ", "      - {als: woont_hier, geldig: {tot: 2024-12-31}, ")
    law = law.replace("      - als: inkomen <=", "      - geldig: {tot: 2024-12-31}\n        als: inkomen <=")
    book = LawBook.loads(law)
    assert values(book, "proefwet", ["recht"], FACTS, on=date(2024, 12, 31))["recht"] is True
    with pytest.raises(LawFault, match=r"'recht' .* geldt op 1 januari 2025 niets"):
        values(book, "proefwet", ["recht"], FACTS, on=date(2025, 1, 1))


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ("{van: 2025-01-01, tot: 2024-01-01}", "De laatste dag ligt voor de eerste."),
        ("{}", "Hier hoort 'van', 'tot' of allebei."),
    ],
)
def test_dates_of_a_part_that_cannot_be_are_found(dates: str, says: str) -> None:
    with pytest.raises(SourceInvalid, match=says):
        LawBook.loads(DATED.replace("{van: 2025-01-01}, artikel", f"{dates}, artikel", 1))


# --- special law before general law ----------------------------------------------------------------------------------

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
  termijn: {soort: duur in dagen, artikel: "4:13", formule: weken(8), uitleg: {waarde: "Wij beslissen binnen {termijn}."}}
  uiterlijk: {soort: datum, artikel: "4:13", formule: "einde_termijn(peildatum, termijn)"}
  streng: {soort: ja/nee, artikel: "4:13", formule: ja}
"""
USING = LAW.replace("bronnen: {tekst", "gebruikt: [algemeen]\nbronnen: {tekst")


def _deviating(deviation: str) -> LawBook:
    return LawBook.loads(USING.replace("voorbeelden:", f"wijkt_af:\n  - {deviation}\nvoorbeelden:"), GENERAL)


def test_a_special_law_may_deviate_by_a_value_a_table_or_conditions_and_with_its_own_sentence() -> None:
    fixed = _deviating('{regel: algemeen.termijn, artikel: "1", waarde: 4 weken}')
    decision = decide(fixed, "proefwet", ["algemeen.termijn", "algemeen.uiterlijk"], {}, on=ON)
    assert decision.outcomes["algemeen.uiterlijk"].value == date(2024, 7, 1)  # 29 June is a Saturday
    assert decision.trace[0].say == "Wij beslissen binnen 4 weken."
    table = _deviating(
        '{regel: algemeen.termijn, artikel: "1", tabel: {treffer: U, invoer: [huishouden], regels: '
        "[{als: {huishouden: alleen}, dan: weken(1)}, {als: {huishouden: paar}, dan: weken(2)}]}, "
        'uitleg: {waarde: "Omdat u {huishouden} bent: {algemeen.termijn}."}}'
    )
    decision = decide(table, "proefwet", ["algemeen.termijn"], FACTS, on=ON)
    assert decision.trace[0].say == "Omdat u alleenstaand bent: 1 week."
    mild = _deviating('{regel: algemeen.streng, artikel: "1", alle: [{als: not(woont_hier)}]}')
    assert decide(mild, "proefwet", ["algemeen.streng"], FACTS, on=ON).value("algemeen.streng") is False


def test_an_ordinance_may_deviate_and_goes_before_its_law() -> None:
    law = USING.replace(
        "voorbeelden:", 'wijkt_af:\n  - {regel: algemeen.termijn, artikel: "1", waarde: 4 weken}\nvoorbeelden:'
    )
    local = ORDINANCE.replace(
        "voorbeelden:", 'wijkt_af:\n  - {regel: algemeen.termijn, artikel: "4", waarde: 6 weken}\nvoorbeelden:'
    )
    book = LawBook.loads(law, local, GENERAL)
    there = decide(book, "proefwet", ["algemeen.termijn"], {}, on=ON, gemeente="GM0546")
    assert there.outcomes["algemeen.termijn"].text == "6 weken"
    assert there.outcomes["algemeen.termijn"].ground.law_name == "Verordening Leiden"
    elsewhere = decide(book, "proefwet", ["algemeen.termijn"], {}, on=ON)
    assert elsewhere.outcomes["algemeen.termijn"].text == "4 weken"


def test_a_deviation_must_fire_in_an_example_of_its_own() -> None:
    book = _deviating('{regel: algemeen.termijn, artikel: "1", formule: weken(4)}')
    messages = [finding.message for finding in run_examples(book, ["proefwet"]).uncovered]
    assert "Geen voorbeeld raakt 'algemeen.termijn': de formule." in messages


@pytest.mark.parametrize(
    ("deviation", "says"),
    [
        ('{regel: algemeen.termijnen, artikel: "1", waarde: 4 weken}', "De regel 'algemeen.termijnen' bestaat niet"),
        ('{regel: algemeen.termijn, artikel: "1", waarde: 4 euro}', "een duur, zoals '5 dagen' of '4 weken'"),
        ('{regel: algemeen.termijn, artikel: "1", formule: "28"}', "hier hoort 'duur in dagen'"),
        ('{regel: algemeen.termijn, artikel: "1"}', "Hier mist een van deze sleutels"),
    ],
)
def test_a_deviation_that_does_not_fit_is_found(deviation: str, says: str) -> None:
    with pytest.raises(SourceInvalid, match=says):
        _deviating(deviation)


# --- working days and times ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "gives"),
    [
        ('is_werkdag(@"2026-12-25")', False),
        ('is_werkdag(@"2026-12-28")', True),
        ('eerstvolgende_werkdag(@"2026-12-25")', date(2026, 12, 28)),
        ('eerstvolgende_werkdag(@"2026-12-24")', date(2026, 12, 24)),
        ('werkdagen_na(@"2026-12-24", 2)', date(2026, 12, 29)),
        ('werkdagen_tussen(@"2026-12-24", @"2027-01-04")', Decimal(5)),
        ('werkdagen_na(@"2026-12-24", -1)', None),
        # a term ends on a working day, and longer ones than the Termijnenwet lengthens do not
        ('einde_termijn(@"2026-10-31", weken(8))', date(2026, 12, 28)),
        ('einde_termijn(@"2026-06-25", maanden(6))', date(2026, 12, 25)),
        ('einde_termijn(@"2026-11-24", weken(8), [{van: @"2026-12-01", tot: @"2026-12-10"}])', date(2027, 1, 29)),
        ('einde_termijn(@"2026-11-24", weken(8), [])', date(2027, 1, 19)),
        ('einde_termijn(@"2026-11-24", duration("PT36H"))', None),
        ('laatste_dag_van_maand(@"2028-02-10")', date(2028, 2, 29)),
        ('@"08:30:00" >= @"08:00:00"', True),
    ],
)  # fmt: skip
def test_working_days_and_terms_follow_the_termijnenwet(text: str, gives: Value) -> None:
    assert evaluate(text) == gives


def test_a_time_of_day_is_written_as_the_clock_shows_it() -> None:
    law = LAW.replace(
        "  woont_hier: {soort: ja/nee",
        "  begin: {soort: tijd, vraag: Hoe laat begint het?}\n  woont_hier: {soort: ja/nee",
    )
    law = law.replace("als: woont_hier,", 'als: begin >= time("08:00:00"),').replace(
        "woont_hier: ja, inkomen", "begin: 14:00, inkomen"
    )
    law = law.replace("ja: U woont hier.", 'ja: "Het begint om {begin}."')
    book = LawBook.loads(law)
    assert [result.problems for result in run_examples(book).results] == [()]
    facts = {**FACTS, "begin": evaluate('@"14:00:00"')}
    assert decide(book, "proefwet", ["recht"], facts, on=ON).trace[0].children[1].say == "Het begint om 14.00 uur."


@pytest.mark.parametrize(
    ("formula", "says"),
    [
        ("hele_jaren(inkomen, peildatum)", "Bij 'hele_jaren' hoort hier een datum. Dit geeft 'geld per maand'."),
        ("dagen_tussen(geboortedatum, woont_hier)", "Bij 'dagen_tussen' hoort hier een datum. Dit geeft 'ja/nee'."),
        ("string length(inkomen)", "Bij 'string length' hoort hier tekst of een keuze."),
        ("count(geboortedatum) + afronden_op(inkomen, hoogte)", "mogen niet samen"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_found_before_it_becomes_nothing(formula: str, says: str) -> None:
    with pytest.raises(SourceInvalid) as caught:
        LawBook.loads(LAW.replace('"hele_jaren(geboortedatum, peildatum)"', f'"{formula}"'))
    assert says in str(caught.value)


def test_a_datum_names_the_register_that_holds_it() -> None:
    law = LAW.replace("geboortedatum?}", "geboortedatum?, register: {naam: BRP, veld: geboorte.datum}}", 1)
    datum = LawBook.loads(law).law("proefwet", ON).data["geboortedatum"]
    assert (datum.register, datum.register_field) == ("BRP", "geboorte.datum")
    with pytest.raises(SourceInvalid, match="de naam van een register, zoals BRP"):
        LawBook.loads(law.replace("naam: BRP", "naam: de brp"))
