"""Assistance, its supplements and remission of taxes: amounts as found, sums that must hold, and what may never happen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import vliegwiel
from vliegwiel.law import LawBook, values
from vliegwiel.law.feel.values import Value
from vliegwiel.law.plain import read_node

FOLDER = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
FACTS = Path(__file__).parents[3] / "shared" / "reference"
BOOK = LawBook.load([FOLDER])
NOW = date(2026, 11, 24)
CENT = Decimal("0.01")
Sheet = Mapping[str, object]


def sheet(name: str) -> Sheet:
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the sheet {name} with verified facts is not here")
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def norm_rows(law: str, norm: str) -> dict[str, Value]:
    return {row.start.isoformat(): row.value for row in BOOK.versions(law)[-1].norms[norm].rows}


def facts_of(text: str, name: str, law: str | None = None) -> dict[str, object]:
    """The data of an example that travels with a text."""
    found = next(t for t in BOOK.texts if t.id == text)
    example = next(e for e in found.examples if e.naam == name)
    program = BOOK.program(law or text, example.op, found.gemeenten[0] if found.gemeenten else None)
    assert example.gegevens is not None
    units = {key.text: program.units[program.inputs[key.text]] for key, _ in example.gegevens.entries}
    return {key.text: read_node(units[key.text].type, node) for key, node in example.gegevens.entries}


def money(law: str, rule: str, facts: Mapping[str, object], on: date = NOW, gemeente: str | None = None) -> Decimal:
    found = values(BOOK, law, [rule], facts, on=on, gemeente=gemeente)[rule]
    assert isinstance(found, Decimal)
    return found


# --- assistance: amounts ---------------------------------------------------------------------------------------------

COLUMNS = {
    "a20_1a": ("norm_jong", "alleen"),
    "a20_1b": ("norm_jong", "paar"),
    "a20_1c": ("norm_jong", "gemengd"),
    "a20_2b": ("norm_jong", "paar_kinderen"),
    "a20_2c": ("norm_jong", "gemengd_kinderen"),
    "a22a": ("norm_pensioen", "alleen"),
    "a22b": ("norm_pensioen", "paar"),
    "a22a_3a": ("norm_jonge_partner", "met_kinderen"),
    "a22a_3b": ("norm_jonge_partner", "zonder_kinderen"),
    "a23_1a": ("norm_inrichting", "alleen"),
    "a23_1b": ("norm_inrichting", "paar"),
    "a23_2a": ("norm_inrichting", "verhoging_alleen"),
    "a23_2b": ("norm_inrichting", "verhoging_paar"),
}


def amount(norm: str, field: str, start: str, law: str = "bijstand") -> Decimal:
    row = norm_rows(law, norm)[start]
    assert isinstance(row, dict)
    found = row[field]
    assert isinstance(found, Decimal)
    return found


def test_every_norm_of_every_half_year_is_that_of_the_facts() -> None:
    amounts = sheet("law-facts/participatiewet.yaml")["amounts"]
    assert isinstance(amounts, dict)
    names = [next(iter(column)) for column in amounts["columns"]]
    for start, row in amounts["rows"].items():
        for name, value in zip(names, row, strict=True):
            if name in COLUMNS:
                assert amount(*COLUMNS[name], start) == Decimal(str(value)), (name, start)
    supplement = {start: Decimal(str(value)) for start, value in amounts["supplement_20_3"]["rows"].items()}
    assert {k: v for k, v in norm_rows("bijstand", "verhoging_zonder_ouders").items() if v} == supplement


@pytest.mark.parametrize("start", sorted(norm_rows("bijstand", "norm_jong")))
def test_the_norms_of_article_20_are_sums_of_other_norms(start: str) -> None:
    couple = amount("bijstandsnorm", "paar", start, "participatiewet")
    single, young_partner = amount("norm_jong", "alleen", start), amount("norm_jonge_partner", "met_kinderen", start)
    assert amount("norm_jong", "paar", start) == 2 * single
    assert amount("norm_jong", "gemengd", start) == (single + couple / 2).quantize(CENT, ROUND_HALF_UP)
    assert amount("norm_jong", "paar_kinderen", start) == single + young_partner
    assert amount("norm_jong", "gemengd_kinderen", start) == (young_partner + couple / 2).quantize(CENT, ROUND_HALF_UP)
    assert amount("norm_jonge_partner", "zonder_kinderen", start) == single


def test_wealth_limits_and_equity_in_the_home_are_those_of_the_facts() -> None:
    wealth = sheet("law-facts/participatiewet.yaml")["wealth"]
    assert isinstance(wealth, dict)
    for start, (single, family, home) in wealth["rows"].items():
        if start >= "2023":
            limit = norm_rows("participatiewet", "vermogensgrens")[start]
            assert limit == {"alleen": Decimal(single), "gezin": Decimal(family)}
            assert norm_rows("bijstand", "vrij_in_woning")[start] == Decimal(home)


def test_exemptions_of_income_are_those_of_the_facts() -> None:
    fields = {"n": "zes_maanden", "r": "alleenstaande_ouder", "y": "medisch"}
    exemptions = sheet("law-facts/participatiewet.yaml")["income_exemptions"]
    assert isinstance(exemptions, list)
    for exemption in exemptions:
        for start, value in exemption.get("rows", {}).items():
            if exemption["part"] in fields:
                found = amount("hoogste_vrijlating", fields[exemption["part"]], start)
            elif exemption["part"] == "j":
                found = norm_rows("bijstand", "hoogste_premie")[start]
            else:
                found = norm_rows("bijstand", "hoogste_vrijlating_loonkostensubsidie")[start]
            assert found == Decimal(str(value)), (exemption["part"], start)


# --- assistance: cost sharers ----------------------------------------------------------------------------------------


def housemate(age: int) -> dict[str, object]:
    return {"leeftijd": Decimal(age), "volgt_onderwijs": False, "contract": "geen", "naaste_familie": False}


SINGLE = facts_of("bijstand", "Alleenstaande zonder inkomen")
COUPLE = facts_of("bijstand", "Paar zonder inkomen")


def test_the_published_table_of_cost_sharing_comes_out() -> None:
    published = sheet("law-facts/participatiewet.yaml")["cost_sharing"]
    assert isinstance(published, list)
    table = next(item["value"] for item in published if str(item["fact"]).startswith("check"))
    for people, value in table.items():
        facts = {**SINGLE, "huisgenoten": [housemate(40)] * (people - 1)}
        assert money("bijstand", "norm", facts, date(2024, 7, 1)) == Decimal(str(value))


@given(st.integers(2, 30))
def test_the_norm_of_a_cost_sharer_is_the_exact_fraction_and_falls_with_more_people(people: int) -> None:
    facts = {**SINGLE, "huisgenoten": [housemate(40)] * (people - 1)}
    exact = Decimal(40 + 30 * people) * Decimal("2027.79") / (100 * people)
    norm = money("bijstand", "norm", facts)
    assert norm == exact.quantize(CENT, ROUND_HALF_UP)
    more = money("bijstand", "norm", {**facts, "huisgenoten": [housemate(40)] * people})
    assert more < norm


# --- assistance: what may never happen -------------------------------------------------------------------------------

HOUSEHOLDS = st.sampled_from(
    [
        "Alleenstaande zonder inkomen",
        "Alleenstaande ouder",
        "Paar zonder inkomen",
        "Alleenstaande van 19, ouders kunnen niet meebetalen",
        "Paar van 19 en 20 met een kind",
        "Paar van 38 en 20 zonder kinderen",
        "Paar, partner heeft geen recht",
        "Alleenstaande met een huisgenoot van 30",
        "In een instelling",
    ]
)
EUROS = st.decimals(0, 4000, places=2)


@given(HOUSEHOLDS, EUROS, EUROS)
def test_who_has_more_income_never_gets_more(household: str, income: Decimal, more: Decimal) -> None:
    facts = {**facts_of("bijstand", household), "ander_inkomen": income}
    low = money("bijstand", "hoogte", facts)
    high = money("bijstand", "hoogte", {**facts, "ander_inkomen": income + more})
    assert 0 <= high <= low <= money("bijstand", "norm", facts)
    # What comes in and assistance together do not fall by earning more.
    assert income + more + high >= income + low


@given(HOUSEHOLDS, st.decimals(0, 40_000, places=2))
def test_wealth_above_the_limit_ends_the_right_and_below_it_does_not(household: str, wealth: Decimal) -> None:
    facts = {**facts_of("bijstand", household), "bezittingen": wealth}
    found = values(BOOK, "bijstand", ["recht_op_bijstand", "vermogensgrens"], facts, on=NOW)
    limit = found["vermogensgrens"]
    assert isinstance(limit, Decimal)
    assert found["recht_op_bijstand"] is (wealth <= limit)


@given(EUROS)
def test_the_holiday_allowance_is_part_of_the_amount(income: Decimal) -> None:
    facts = {**COUPLE, "ander_inkomen": income}
    whole = money("bijstand", "hoogte", facts)
    part = money("bijstand", "vakantietoeslag", facts)
    assert part == (whole * Decimal("0.05")).quantize(CENT, ROUND_HALF_UP)
    assert money("bijstand", "per_maand_betaald", facts) == whole - part


# --- lowering --------------------------------------------------------------------------------------------------------


def test_diemen_lowers_by_category_as_its_ordinance_says() -> None:
    found = sheet("local-facts/afstemming.yaml")["gemeenten"]
    assert isinstance(found, dict)
    categories = found["diemen"]["artikel_9"]
    behaviour = {1: "niet_tijdig_ingeschreven", 2: "geen_tegenprestatie", 3: "niet_gezocht_naar_werk"}
    facts = facts_of("afstemming_diemen", "Diemen, niet op tijd ingeschreven bij UWV", "afstemming")
    for category, gedraging in behaviour.items():
        wanted = categories[category]
        given_facts = {**facts, "gedraging": gedraging}
        out = values(BOOK, "afstemming", ["procent_verlaging", "duur"], given_facts, on=NOW, gemeente="GM0384")
        assert out == {"procent_verlaging": Decimal(wanted["procent"]), "duur": Decimal(wanted["maanden"])}


# --- supplements -----------------------------------------------------------------------------------------------------


def test_local_amounts_of_the_income_supplement_are_those_of_the_facts() -> None:
    others = sheet("local-facts/inkomenstoeslag.yaml")["andere_gemeenten"]
    assert isinstance(others, list)
    ids = {text.id.removeprefix("inkomenstoeslag_").replace("_", "-"): text for text in BOOK.texts if text.fills}
    checked = 0
    for other in others:
        text = ids.get(str(other["g"]))
        three = re.fullmatch(r"([\d.]+) / ([\d.]+) / ([\d.]+)", str(other.get("bedragen")))
        if text is None or three is None:
            continue
        amounts = [Decimal(part) for part in three.groups()]
        row = next(iter(text.norms.values())).rows[0].value
        assert isinstance(row, dict)
        assert list(row.values()) == amounts
        facts = {**facts_of(text.id, text.examples[0].naam, "participatiewet")}
        terms = ["referteperiode", "inkomensgrens_procent"]
        found = values(BOOK, "participatiewet", terms, facts, on=text.examples[0].op, gemeente=text.gemeenten[0])
        assert found == {terms[0]: Decimal(other["maanden"]), terms[1]: Decimal(other["procent"])}
        checked += 1
    assert checked >= 5


def test_the_study_allowance_of_the_sheet() -> None:
    found = sheet("law-facts/participatiewet.yaml")["study_allowance"]
    assert isinstance(found, list)
    rows = next(item["rows"] for item in found if "rows" in item)
    adults = norm_rows("studietoeslag", "minimum_volwassen")
    for start, row in (("2024-07-01", rows["2024-07-01"]), ("2026-01-01", rows["2026 (page undated within year)"])):
        assert adults[start] == {
            "vanaf_21": Decimal(str(row[21])),
            "van_20": Decimal(str(row[20])),
            "van_19": Decimal(str(row[19])),
            "van_18": Decimal(str(row[18])),
        }


# --- remission -------------------------------------------------------------------------------------------------------

DEBTOR = facts_of("kwijtschelding", "Belasting die de gemeente kan kwijtschelden")


@given(EUROS, EUROS, st.integers(90, 100))
def test_remission_is_the_bill_less_wealth_and_four_fifths_of_a_year_of_room(
    income: Decimal, cash: Decimal, percentage: int
) -> None:
    facts = {**DEBTOR, "verwacht_inkomen": income, "geld": cash, "norm_procent": Decimal(percentage)}
    need = (Decimal("14.1946") * percentage).quantize(CENT, ROUND_HALF_UP)
    housing = Decimal("300.00") - Decimal("227.92")
    health = Decimal(160 - 47 - 100)
    room = 12 * max(Decimal(0), income - housing - health - need)
    free = need + (Decimal("650.00") - Decimal("227.92")) + Decimal(160 - 47)
    pays = max(Decimal(0), cash - free) + (room * Decimal("0.8")).quantize(CENT, ROUND_HALF_UP)
    assert money("kwijtschelding", "kwijt_te_schelden", facts) == max(Decimal(0), 400 - pays)


def test_a_higher_share_of_the_norm_never_means_less_remission() -> None:
    facts = {**DEBTOR, "verwacht_inkomen": Decimal(1400)}
    outcomes = [
        money("kwijtschelding", "kwijt_te_schelden", {**facts, "norm_procent": Decimal(share)})
        for share in range(90, 101)
    ]
    assert outcomes == sorted(outcomes)


def test_rotterdam_remits_what_its_page_says() -> None:
    found = sheet("local-facts/kwijtschelding-lokaal.yaml")["gemeenten"]
    assert isinstance(found, dict)
    bills = found["rotterdam"]["bedragen_eur"]
    facts = facts_of("kwijtschelding_rotterdam", "Rotterdam, afvalstoffenheffing, één persoon", "kwijtschelding")
    for key in ("personen_1", "personen_2", "personen_3_of_meer"):
        bill, remitted, own = (Decimal(str(value)) for value in bills[key])
        given_facts = {**facts, "openstaand": bill}
        out = values(
            BOOK, "kwijtschelding", ["kwijt_te_schelden", "zelf_te_betalen"], given_facts, on=NOW, gemeente="GM0599"
        )
        assert out == {"kwijt_te_schelden": remitted, "zelf_te_betalen": own}


# --- what is not certain ---------------------------------------------------------------------------------------------


def test_what_was_not_found_or_not_read_says_so() -> None:
    law = BOOK.versions("bijstand")[-1]
    late = law.norms["hoogste_vrijlating"].rows[-1]
    assert late.start == date(2026, 7, 1)
    assert not late.basis.verified
    assert not law.rules["inkomen_partner_zonder_recht"].basis.verified
    assert norm_rows("studietoeslag", "minimum_volwassen")["2025-01-01"] is None
    for name in ("kwijtschelding_zwartewaterland", "kwijtschelding_lingewaard"):
        text = next(text for text in BOOK.texts if text.id == name)
        assert not any(rule.basis.verified for rule in text.filled.values())


# --- no household falls between two lines ----------------------------------------------------------------------------

BORN = {"jong": date(2007, 5, 2), "midden": date(1988, 5, 2), "pensioen": date(1957, 5, 2)}


@pytest.mark.parametrize("household", ["alleenstaande", "alleenstaande_ouder", "paar"])
@pytest.mark.parametrize("own", BORN)
@pytest.mark.parametrize("on", [date(2023, 2, 1), date(2025, 8, 1), NOW])
def test_every_household_has_a_norm_that_is_an_amount(household: str, own: str, on: date) -> None:
    partners = list(BORN) if household == "paar" else [own]
    yes_no = (False, True)
    base = {**COUPLE, "huishouden": household, "geboortedatum": BORN[own], "aow_leeftijd_bereikt": own == "pensioen"}
    for partner, shares, without, children, parents, away, partner_away in product(
        partners, yes_no, yes_no, yes_no, yes_no, yes_no, yes_no
    ):
        facts = {
            **base,
            "partner_geboortedatum": BORN[partner],
            "partner_aow_leeftijd_bereikt": partner == "pensioen",
            "partner_zonder_recht": without,
            "kinderen_ten_laste": children or household == "alleenstaande_ouder",
            "toeslagpartner": True,
            "kan_beroep_op_ouders": parents,
            "huisgenoten": [housemate(40)] if shares else [],
            "in_inrichting": away,
            "partner_in_inrichting": partner_away,
        }
        norm = money("bijstand", "norm", facts, on)
        assert Decimal(250) < norm < Decimal(4000), facts
        assert norm == norm.quantize(CENT)
