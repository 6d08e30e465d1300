"""General administrative law as it travels: what the fact sheets say, special law before general law, the same days everywhere.

Sheets: awb, woo, wmo, brp, gpk, huwelijk, lijkbezorging, subsidie (skipped where they are not).
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import vliegwiel
from vliegwiel.law import Decision, LawBook, decide, explain, values
from vliegwiel.law.feel.temporal import DaysDuration, MonthsDuration
from vliegwiel.law.feel.values import Value
from vliegwiel.law.model import Norm
from vliegwiel.law.termijnen import REASONABLE, Duration, Suspension, Unit, objection_term, term

DEFINITIONS = Path(vliegwiel.__file__).parent / "definitions"
FACTS = Path(__file__).parents[3] / "shared" / "reference" / "law-facts"
MINE = (
    "algemene_termijnenwet",
    "awb",
    "awb_bezwaar",
    "awb_geldschulden",
    "awb_subsidie",
    "babw",
    "burgerlijk_wetboek_huwelijk",
    "regeling_gehandicaptenparkeerkaart",
    "uitvoeringsbesluit_wmo",
    "wet_brp",
    "wet_lijkbezorging",
    "wmo",
    "woo",
)
BOOK = LawBook.load([DEFINITIONS / "wetten" / f"{name}.yaml" for name in MINE])
ON = date(2026, 11, 24)
NO_STOPS: dict[str, object] = {
    "wettelijke_termijn": None,
    "verkeerd_verzonden": False,
    "opschortingen": [],
    "uitgesteld_op": None,
    "zienswijze_gevraagd_op": None,
}


# --- what the fact sheets say ----------------------------------------------------------------------------------------


def facts(sheet: str, group: str, article: str, part: str | None = None) -> list[dict[str, object]]:
    """The facts of a sheet about an article."""
    path = FACTS / f"{sheet}.yaml"
    if not path.exists():
        pytest.skip(f"the sheet {path.name} with verified facts is not here")
    found = [
        fact
        for fact in yaml.safe_load(path.read_text())[group]
        if str(fact.get("art")) == article and (part is None or str(fact.get("part")) == part)
    ]
    assert found, (sheet, group, article)
    return found


def weeks(value: Value) -> int:
    """A duration in whole weeks."""
    assert isinstance(value, DaysDuration)
    count, rest = divmod(int(value.seconds), 7 * 86_400)
    assert rest == 0
    return count


def outcome(law: str, name: str, given_facts: dict[str, object] | None = None, on: date = ON) -> Value:
    """One outcome of a law."""
    return values(BOOK, law, [name], given_facts or {}, on=on)[name]


def norm(law: str, name: str) -> Norm:
    """A norm of the newest version of a law."""
    return BOOK.versions(law)[-1].norms[name]


@pytest.mark.parametrize(
    ("sheet", "group", "article", "part", "law", "rule", "given_facts"),
    [
        ("awb", "decision_term", "4:13", "2", "awb", "beslistermijn", {"wettelijke_termijn": None}),
        ("awb", "application", "4:5", "4", "awb", "termijn_buiten_behandeling", {}),
        ("awb", "late_decision", "4:18", None, "awb", "termijn_dwangsombesluit", {}),
        ("awb", "late_decision", "8:55d", None, "awb", "termijn_van_de_rechter", {}),
        ("awb", "objection", "6:7", None, "awb_bezwaar", "bezwaartermijn", {}),
        ("awb", "objection", "7:10", "1", "awb_bezwaar", "beslistermijn_bezwaar", {"commissie_ingesteld": False}),
        ("awb", "objection", "7:10", "3", "awb_bezwaar", "verdaging_bezwaar", {}),
        ("subsidie", "facts", "4:87", None, "awb_geldschulden", "betaaltermijn", {}),
        ("woo", "facts", "4.4(1)", None, "woo", "awb.beslistermijn", {}),
        ("woo", "facts", "4.1(6)", None, "woo", "awb.termijn_buiten_behandeling", {}),
        ("wmo", "steps", "2.3.5(2)", None, "wmo", "awb.beslistermijn", {}),
    ],
)
def test_terms_are_those_of_the_sheets(
    sheet: str, group: str, article: str, part: str | None, law: str, rule: str, given_facts: dict[str, object]
) -> None:
    (fact,) = (found for found in facts(sheet, group, article, part) if "value" in found)
    assert str(fact["unit"]).startswith("weeks")
    assert weeks(outcome(law, rule, given_facts)) == fact["value"]


@pytest.mark.parametrize(
    ("sheet", "group", "article", "law", "rule", "fact_name"),
    [
        ("brp", "information", "2.54", "wet_brp", "overzicht_uiterlijk", "inschrijving_op"),
        ("wmo", "steps", "2.3.2(1)", "wmo", "onderzoek_uiterlijk", "melding_op"),
        ("wmo", "steps", "2.3.2(2)", "wmo", "eigen_plan_tot", "melding_op"),
        ("woo", "facts", "4.1(5)", "woo", "preciseren_vragen_uiterlijk", "ontvangen_op"),
        ("subsidie", "facts", "4:34", "awb_subsidie", "begrotingsvoorbehoud_tot", "begroting_vast_op"),
        ("subsidie", "facts", "4:56", "awb_subsidie", "betaling_opgeschort_tot", "vermoeden_gemeld_op"),
        ("brp", "reports", "2.4, 2.38", "wet_brp", "vestiging_uiterlijk", "verblijf_begonnen_op"),
    ],
)
def test_last_days_are_those_of_the_sheets(
    sheet: str, group: str, article: str, law: str, rule: str, fact_name: str
) -> None:
    (fact,) = (found for found in facts(sheet, group, article) if "value" in found)
    count = Decimal(str(fact["value"]))
    days = int(count) * (7 if str(fact["unit"]).startswith("weeks") else 1)
    day = date(2026, 9, 9)  # no holiday or weekend at the end of any of these
    assert outcome(law, rule, {fact_name: day}) == day + timedelta(days=days)


def test_moving_is_reported_from_four_weeks_before_to_the_fifth_day_after() -> None:
    earliest, latest = (fact["value"] for fact in facts("brp", "reports", "2.39"))
    moved = date(2026, 11, 17)
    assert outcome("wet_brp", "eerste_dag", {"verhuisdatum": moved}) == moved - timedelta(weeks=int(str(earliest)))
    assert outcome("wet_brp", "laatste_dag", {"verhuisdatum": moved}) == date(2026, 11, 23)
    assert moved + timedelta(days=int(str(latest))) == date(2026, 11, 22)  # a Sunday: the Termijnenwet gives Monday


def test_leaving_is_reported_in_the_five_days_before() -> None:
    (fact,) = facts("brp", "reports", "2.43(1)")
    leaving = date(2026, 12, 1)
    first = outcome("wet_brp", "vertrek_melden_vanaf", {"vertrekdatum": leaving})
    assert first == leaving - timedelta(days=int(str(fact["value"])))


def test_the_penalty_is_that_of_the_sheet_and_its_sum() -> None:
    rates = [Decimal(str(fact["value"])) for fact in facts("awb", "late_decision", "4:17", "2")]
    for row in norm("awb", "dwangsom_per_dag").rows:
        assert isinstance(row.value, dict)
        assert list(row.value.values()) == rates
    (total,) = (fact["value"] for fact in facts("awb", "late_decision", "4:17") if fact.get("sure") == "D")
    assert 14 * sum(rates) == Decimal(str(total))
    (longest,) = (fact["value"] for fact in facts("awb", "late_decision", "4:17", "1"))
    assert norm("awb", "dwangsom_meeste_dagen").rows[-1].value == longest


def test_the_contribution_is_that_of_the_sheet_and_a_multiple_of_twenty_cents() -> None:
    (sheet,) = (fact for fact in facts_without_article("wmo", "contribution") if "rows" in fact)
    rows = sheet["rows"]
    assert isinstance(rows, dict)
    found = {row.start.year: row.value for row in norm("wmo", "bijdrage_maximum").rows}
    for year, amount in rows.items():
        latest = max(start for start in found if start <= int(year))
        assert found[latest] == Decimal(str(amount)), year
    for value in found.values():
        assert isinstance(value, Decimal)
        assert value % Decimal("0.20") == 0
    for earlier, later in pairwise(sorted(found)):
        assert str(found[earlier]) < str(found[later])


def facts_without_article(sheet: str, group: str) -> list[dict[str, object]]:
    """All facts of a group."""
    path = FACTS / f"{sheet}.yaml"
    if not path.exists():
        pytest.skip(f"the sheet {path.name} with verified facts is not here")
    found = yaml.safe_load(path.read_text())[group]
    assert isinstance(found, list)
    return found


def test_other_numbers_are_those_of_the_sheets() -> None:
    (fine,) = (fact["value"] for fact in facts("brp", "information", "4.17"))
    assert norm("wet_brp", "boete_hoogstens").rows[-1].value == Decimal(str(fine))
    (metres,) = (fact["value"] for fact in facts("gpk", "facts", "Regeling 1") if "value" in fact)
    assert norm("regeling_gehandicaptenparkeerkaart", "loopgrens").rows[-1].value == metres
    (years,) = (fact["value"] for fact in facts("gpk", "facts", "BABW 51"))
    assert norm("babw", "langste_geldigheid").rows[-1].value == MonthsDuration(12 * int(str(years)))
    (age,) = (fact["value"] for fact in facts("huwelijk", "conditions", "31"))
    assert norm("burgerlijk_wetboek_huwelijk", "leeftijd_trouwen").rows[-1].value == age
    (wait,) = (fact["value"] for fact in facts("huwelijk", "notice", "62") if "value" in fact)
    told: dict[str, object] = {"melding_huwelijk_op": ON, "officier_heft_wachttijd_op": False}
    first = outcome("burgerlijk_wetboek_huwelijk", "eerste_trouwdag", told)
    assert first == ON + timedelta(days=int(str(wait)))
    _, working_days = (fact["value"] for fact in facts("lijkbezorging", "facts", "16"))
    last = outcome("wet_lijkbezorging", "laatste_dag_lijkbezorging", {"overlijdensdag": date(2026, 11, 6)})
    assert last == date(2026, 11, 16)
    assert working_days == 6


def test_what_a_sheet_calls_memory_or_nobody_read_is_not_verified() -> None:
    card = BOOK.versions("regeling_gehandicaptenparkeerkaart")[-1]
    assert not any(rule.basis.verified for rule in card.rules.values())
    burial = BOOK.versions("wet_lijkbezorging")[-1].rules
    assert not burial["laatste_dag_lijkbezorging"].basis.verified
    money = BOOK.versions("awb_geldschulden")[-1].norms
    assert not any(row.basis.verified for name in ("aanmaning_kosten", "kleine_rente") for row in money[name].rows)


# --- special law before general law ----------------------------------------------------------------------------------


def told(law: str, name: str, more: dict[str, object]) -> Decision:
    """A decision about one outcome on an application of 2 November 2026."""
    return decide(BOOK, law, [name], {**NO_STOPS, "ontvangen_op": date(2026, 11, 2), **more}, on=ON)


@pytest.mark.parametrize(
    ("law", "article", "last_day", "more"),
    [
        ("awb", "4:13", date(2026, 12, 28), {}),
        ("woo", "4.4 lid 1", date(2026, 11, 30), {}),
        ("wmo", "2.3.5 lid 2", date(2026, 11, 16), {}),
        ("awb_subsidie", "4:13", date(2026, 12, 7), {"termijn_subsidie": DaysDuration(Decimal(35 * 86_400))}),
    ],
)
def test_the_term_of_a_special_law_replaces_the_general_one(
    law: str, article: str, last_day: date, more: dict[str, object]
) -> None:
    """In the decision, in what it rests on, and in what the citizen reads."""
    names = ["beslistermijn", "einde_beslistermijn"]
    if law != "awb":
        names = [f"awb.{name}" for name in names]
    length, end = names
    assert told(law, end, more).value(end) == last_day
    decision = told(law, length, more)
    assert decision.outcomes[length].ground.law == law
    assert decision.outcomes[length].ground.article == article
    text = explain(told(law, end, more)).text
    if law in ("woo", "wmo"):
        assert f"artikel {article}" in text
        assert "4:13 lid 2" not in text
        assert "8 weken" not in text


def test_the_woo_knows_no_penalty_and_says_so() -> None:
    late: dict[str, object] = {
        "ingebrekestelling_op": date(2026, 12, 2),
        "besluit_op": None,
        "ingebrekestelling_te_laat": False,
        "is_belanghebbende": True,
        "kennelijk_ongegrond": False,
        "wet_verleent_vanzelf": False,
    }
    everything = {**NO_STOPS, "ontvangen_op": date(2026, 11, 2), **late}
    on = date(2027, 3, 1)
    general = decide(BOOK, "awb", ["dwangsom"], {**everything, "ingebrekestelling_op": date(2027, 1, 4)}, on=on)
    special = decide(BOOK, "woo", ["awb.dwangsom_mogelijk", "awb.dwangsom"], everything, on=on)
    assert general.value("dwangsom") == Decimal("1442.00")
    assert special.value("awb.dwangsom") == 0
    text = explain(special).text
    assert "Wet open overheid, artikel 8.2" in text
    assert "sluit de dwangsom bij te laat beslissen uit" in text


def test_a_woo_term_stands_still_while_a_third_party_may_answer() -> None:
    waiting: dict[str, object] = {
        "zienswijze_gevraagd_op": date(2026, 11, 5),
        "zienswijze_gekomen_op": date(2026, 11, 12),
        "zienswijze_uiterlijk": date(2026, 11, 19),
    }
    asked = told("woo", "awb.einde_beslistermijn", waiting)
    assert asked.value("awb.einde_beslistermijn") == date(2026, 11, 30) + timedelta(days=7)


# --- the same days everywhere ----------------------------------------------------------------------------------------

days = st.dates(date(2024, 1, 1), date(2028, 12, 31))


@given(days, st.integers(0, 40), st.integers(1, 40), st.integers(0, 60), st.integers(0, 120))
def test_the_end_of_a_term_is_that_of_the_desk(
    received: date, asked_after: int, given_days: int, answered_after: int, later: int
) -> None:
    """Casework counts with `termijnen.term`; the law file must give the same last day, also while the term stands still."""
    asked = received + timedelta(days=asked_after)
    on = asked + timedelta(days=later)
    answer = asked + timedelta(days=answered_after)
    stop = Suspension(asked, asked + timedelta(days=given_days), answer if answer <= on else None)
    stops = [{"grond": "aanvulling", "begin": stop.asked, "einde": stop.answered, "uiterlijk": stop.due}]
    given_facts = {**NO_STOPS, "ontvangen_op": received, "opschortingen": stops}
    expected = term(received, REASONABLE, suspensions=[stop], on=on).end
    assert outcome("awb", "einde_beslistermijn", given_facts, on) == expected


@given(days, st.integers(0, 100))
def test_the_termijnenwet_file_counts_as_the_code_does(start: date, length: int) -> None:
    given_facts: dict[str, object] = {
        "dag_van_begin": start,
        "termijn": DaysDuration(Decimal(length * 86_400)),
        "termijn_staat_in": "wet",
        "terug_geteld": False,
        "in_uren_of_jaren": False,
        "inwerkingtreding_of_vrijheid": False,
    }
    count, odd = divmod(length, 7)
    duration = Duration(length, Unit.DAYS) if odd or not length else Duration(count, Unit.WEEKS)
    assert outcome("algemene_termijnenwet", "laatste_dag", given_facts) == term(start, duration, on=start).end


@given(days)
def test_the_last_day_to_object_is_that_of_the_letter(announced: date) -> None:
    given_facts: dict[str, object] = {"bekendgemaakt_op": announced}
    assert outcome("awb_bezwaar", "laatste_bezwaardag", given_facts) == objection_term(announced).end


def test_products_that_name_the_awb_have_its_term() -> None:
    """A product that says that no law gives a term decides within the eight weeks of the law file."""
    general = weeks(outcome("awb", "beslistermijn", {"wettelijke_termijn": None}))
    told = re.compile(r'beslissen: \{duur: ([^,]+), grondslag: \{[^}]*artikel: "4:13 lid 2"')
    found = [length for path in (DEFINITIONS / "producten").glob("*.yaml") for length in told.findall(path.read_text())]
    assert found
    assert set(found) == {f"{general} weken"}
