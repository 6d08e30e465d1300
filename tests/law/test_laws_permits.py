"""Permits and local rules: numbers are those of the verified facts, sums come out, and less never needs more."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import vliegwiel
from vliegwiel.law import LawBook, values
from vliegwiel.law.feel.temporal import parse_time

FOLDER = Path(vliegwiel.__file__).parent / "definitions" / "wetten"
FACTS = Path(__file__).parents[3] / "shared" / "reference"
ON = date(2026, 11, 24)
SCHOOL_YEAR = date(2024, 9, 10)

ROTTERDAM, LEIDEN, LEIDERDORP, SCHIEDAM = "GM0599", "GM0546", "GM0547", "GM0606"
BORNE, LINGEWAARD, NOORDENVELD, WIJK = "GM0147", "GM1705", "GM1699", "GM0352"


@cache
def book(*names: str) -> LawBook:
    """A few laws of those that travel along, with the general one."""
    return LawBook.load([FOLDER / "awb.yaml", *(FOLDER / name for name in names)])


def licence() -> LawBook:
    return book("reglement_rijbewijzen.yaml", "wegenverkeerswet.yaml", "rijbewijs")


def events() -> LawBook:
    return book("apv_evenementen.yaml", "evenementen")


def terraces() -> LawBook:
    return book("apv_terrassen.yaml", "terrassen")


def transport() -> LawBook:
    return book("wet_primair_onderwijs.yaml", "leerlingenvervoer", "wet_expertisecentra.yaml")


def sheet(name: str) -> dict[str, object]:
    """A sheet with verified facts."""
    path = FACTS / name
    if not path.exists():
        pytest.skip(f"the sheet {name} with verified facts is not here")
    found = yaml.safe_load(path.read_text())
    assert isinstance(found, dict)
    return found


def norm(laws: LawBook, law: str, name: str, on: date) -> Decimal:
    """A norm without fields, on a day."""
    found = values(laws, law, [name], {}, on=on)[name]
    assert isinstance(found, Decimal)
    return found


def rows(laws: LawBook, text: str, name: str) -> dict[str, object]:
    """The values of a norm by their first day."""
    norms = next(item for item in laws.texts if item.id == text).norms
    return {row.start.isoformat(): row.value for row in norms[name].rows}


# --- Alcoholwet --------------------------------------------------------------------------------------------------------


def test_ages_and_terms_of_the_alcoholwet_are_those_of_the_facts() -> None:
    facts = sheet("law-facts/alcoholwet.yaml")
    stated: dict[str, object] = {}
    for part in ("permit", "changes", "end", "exemption"):
        items = facts[part]
        assert isinstance(items, list)
        stated |= {str(item["art"]): item.get("value") for item in items}
    laws = book("alcoholwet.yaml")
    for name, article in {
        "minimumleeftijd": "8",
        "langste_weigertermijn": "27(2)",
        "wachttijd_na_intrekking": "31(4)",
        "langste_schorsing": "32",
        "meldtermijn_verandering": "30",
        "langste_ontheffing": "35(1)",
    }.items():
        assert norm(laws, "alcoholwet", name, ON) == stated[article], name


@given(st.integers(0, 60), st.integers(0, 3))
def test_a_larger_room_is_never_refused_where_a_smaller_one_was_granted(area: int, more: int) -> None:
    facts: dict[str, object] = {"in_rijksmonument": False, "afwijken_voor_monument": False}
    small, large = (
        values(
            book("alcoholwet.yaml"), "alcoholwet", ["horecaruimte_in_orde"], facts | {"oppervlakte_horeca": a}, on=ON
        )
        for a in (area, area + more)
    )
    assert not (small["horecaruimte_in_orde"] is True and large["horecaruimte_in_orde"] is False)


# --- events ------------------------------------------------------------------------------------------------------------

# What a municipality's page says, by its name in the sheet; 'under 200' is at most 199.
_VISITORS = {
    "rotterdam": (ROTTERDAM, 250),
    "leiden": (LEIDEN, 75),
    "borne": (BORNE, 200),
    "lingewaard": (LINGEWAARD, "150 at the same time"),
    "noordenveld": (NOORDENVELD, "250 with organisers"),
    "wijk-bij-duurstede": (WIJK, "under 200 at the busiest moment"),
}
EVENT: Mapping[str, object] = {
    "soort_activiteit": "straatfeest",
    "openbaar": True,
    "organisatoren": 0,
    "eerste_dag": date(2027, 6, 12),
    "laatste_dag": date(2027, 6, 12),
    "begintijd": parse_time("14:00:00"),
    "eindtijd": parse_time("19:00:00"),
    "na_middernacht": False,
    "muziek": "geen",
    "grootste_object": 4,
    "op_weg_of_parkeerplek": False,
    "doorgaande_weg_dicht": False,
    "organisator": True,
    "gemeld_op": date(2027, 5, 3),
    "extra_eisen": True,
}


@pytest.mark.parametrize("place", _VISITORS)
def test_visitors_of_a_small_event_are_as_many_as_the_municipality_says(place: str) -> None:
    code, said = _VISITORS[place]
    gemeenten = sheet("local-facts/evenementen.yaml")["gemeenten"]
    assert isinstance(gemeenten, dict)
    assert gemeenten[place]["max_bezoekers"] == said
    found = values(events(), "apv_evenementen", ["meeste_bezoekers"], {}, on=ON, gemeente=code)["meeste_bezoekers"]
    number = Decimal("".join(c for c in str(said) if c.isdigit()))
    assert found == (number - 1 if str(said).startswith("under") else number)


def test_where_two_pages_differ_the_lower_number_stands_and_is_not_verified() -> None:
    text = next(item for item in events().texts if item.id == "evenementen_leiderdorp")
    assert not text.filled["meeste_bezoekers"].basis.verified


@given(
    st.sampled_from([ROTTERDAM, LEIDEN, LEIDERDORP, BORNE, LINGEWAARD, NOORDENVELD]),
    st.integers(0, 400),
    st.integers(0, 50),
    st.integers(0, 40),
)
def test_fewer_visitors_or_more_notice_never_needs_more(code: str, visitors: int, fewer: int, days: int) -> None:
    def shape(number: int, notice: int) -> object:
        facts = {
            **EVENT,
            "bezoekers_totaal": number,
            "bezoekers_tegelijk": number,
            "gemeld_op": date(2027, 6, 12) - timedelta(days=notice),
            "zonder_melding": False,
            "zon_of_feestdag": False,
        }
        return values(events(), "apv_evenementen", ["vorm"], facts, on=ON, gemeente=code)["vorm"]

    before = shape(visitors, days)
    assert before in ("melding", "vergunning")
    if before == "melding":
        assert shape(max(0, visitors - fewer), days + fewer) == "melding"


# --- terraces ----------------------------------------------------------------------------------------------------------


def test_free_passage_of_a_terrace_is_that_of_the_facts() -> None:
    gemeenten = sheet("local-facts/terras.yaml")["gemeenten"]
    assert isinstance(gemeenten, dict)
    for place, code in {"overbetuwe": "GM1734", "bergeijk": "GM1724"}.items():
        found = values(terraces(), "apv_terrassen", ["kleinste_doorgang"], {}, on=ON, gemeente=code)
        assert found["kleinste_doorgang"] == Decimal(str(gemeenten[place]["doorgang_m"])), place


@given(st.integers(0, 300))
def test_tax_for_the_ground_is_nothing_up_to_the_free_area_and_the_rate_above_it(area: int) -> None:
    found = values(terraces(), "apv_terrassen", ["precario"], {"oppervlakte": area}, on=ON, gemeente=ROTTERDAM)
    assert found["precario"] == Decimal("36.10") * max(0, area - 50)


# --- school transport --------------------------------------------------------------------------------------------------


def test_income_limits_are_those_of_the_facts() -> None:
    limits = sheet("law-facts/leerlingenvervoer.yaml")["threshold"]
    assert isinstance(limits, dict)
    found = rows(transport(), "wet_primair_onderwijs", "inkomensgrens")
    for year in ("2022-2023", "2023-2024", "2024-2025"):
        assert found[f"{year[:4]}-08-01"] == limits["rows"][year], year


def test_the_income_limit_of_2024_follows_the_wage_index_in_whole_steps_of_450() -> None:
    indexed = Decimal(17700) * Decimal("128.3") / Decimal("76.2")
    steps = (indexed / 450).quantize(Decimal(1), ROUND_DOWN)
    assert steps * 450 == norm(transport(), "wet_primair_onderwijs", "inkomensgrens", SCHOOL_YEAR)


def test_amounts_after_the_last_year_that_was_found_are_not_verified() -> None:
    text = next(item for item in transport().texts if item.id == "wet_primair_onderwijs")
    assert [row.basis.verified for row in text.norms["inkomensgrens"].rows] == [True, True, True, False, False]


def test_contributions_by_means_are_those_of_the_facts() -> None:
    table = sheet("law-facts/leerlingenvervoer.yaml")["means_table_4_11"]
    assert isinstance(table, dict)
    stated = list(table["2024-2025 (Ooststellingwerf)"].values())[1:]
    for text in ("leerlingenvervoer_ooststellingwerf", "leerlingenvervoer_rogplus"):
        first = next(iter(rows(transport(), text, "bijdragen").values()))
        assert isinstance(first, dict)
        assert list(first.values()) == stated, text


@given(st.sampled_from([SCHIEDAM, "GM0085"]), st.integers(20_000, 200_000), st.integers(0, 20_000))
def test_more_income_never_pays_less(code: str, income: int, more: int) -> None:
    low, high = (
        values(
            transport(),
            "wet_primair_onderwijs",
            ["draagkrachtbijdrage"],
            {"inkomen_ouders": Decimal(amount)},
            on=SCHOOL_YEAR,
            gemeente=code,
        )["draagkrachtbijdrage"]
        for amount in (income, income + more)
    )
    assert isinstance(low, Decimal)
    assert isinstance(high, Decimal)
    assert low <= high


@pytest.mark.parametrize(
    ("code", "school", "kilometres"),
    [
        ("GM0153", "basis", 6),
        ("GM0153", "sbo", 3),
        ("GM0228", "basis", 6),
        ("GM0228", "sbo", 4),
        ("GM0965", "basis", 4),
    ],
)
def test_distance_limits_are_those_of_the_municipality(code: str, school: str, kilometres: int) -> None:
    found = values(
        transport(), "wet_primair_onderwijs", ["afstandsgrens"], {"schoolsoort": school}, on=SCHOOL_YEAR, gemeente=code
    )
    assert found["afstandsgrens"] == kilometres


# --- driving licence ---------------------------------------------------------------------------------------------------


def test_municipal_and_state_part_make_the_total_that_people_paid() -> None:
    fees = sheet("law-facts/rijbewijs.yaml")["fees"]
    assert isinstance(fees, list)
    totals = next(fee["rows"] for fee in fees if "highest total" in fee["fact"])
    wanted = {"2023": totals["2023"], "2024": 51.10, "2025": 52.10, "2026": totals["2026"]}
    parts = [rows(licence(), "reglement_rijbewijzen", name) for name in ("maximum_gemeentedeel", "rijksdeel")]
    for year, total in wanted.items():
        found = [
            next(value for start, value in sorted(part.items(), reverse=True) if start <= f"{year}-01-01")
            for part in parts
        ]
        assert sum(Decimal(str(value)) for value in found) == Decimal(str(total)), year


def test_who_renews_is_not_asked_how_long_he_lives_here() -> None:
    facts: dict[str, object] = {"overleden": False, "ingeschreven": True, "in_nederland_sinds": date(2026, 10, 1)}
    assert values(licence(), "reglement_rijbewijzen", ["hier_aanvragen"], facts, on=ON)["hier_aanvragen"] is True


@given(st.integers(0, 366))
def test_a_new_category_asks_184_days(days: int) -> None:
    facts: dict[str, object] = {"in_nederland_sinds": ON - timedelta(days=days), "op_school_sinds": None}
    found = values(licence(), "reglement_rijbewijzen", ["lang_genoeg_in_nederland"], facts, on=ON)
    assert found["lang_genoeg_in_nederland"] is (days >= 184)


def test_a_replacement_keeps_the_old_last_day_and_asks_no_statement_of_fitness() -> None:
    facts: dict[str, object] = {
        "soort_aanvraag": "kwijt_vervangen",
        "geboortedatum": date(1940, 1, 1),
        "overleden": False,
        "ingeschreven": True,
        "rijbewijs_status": "vermist",
        "huidig_geldig_tot": date(2028, 1, 1),
        "vermissing_aangetoond": True,
        "verklaring_datum": None,
    }
    found = values(licence(), "reglement_rijbewijzen", ["aanvraag_mogelijk", "geldig_tot_vervangend"], facts, on=ON)
    assert found == {"aanvraag_mogelijk": True, "geldig_tot_vervangend": date(2028, 1, 1)}


# --- parking -----------------------------------------------------------------------------------------------------------


def test_highest_cost_of_an_additional_assessment_is_that_of_the_facts() -> None:
    stated = sheet("law-facts/parkeren.yaml")["cost_max"]
    assert isinstance(stated, dict)
    found = rows(book("gemeentewet.yaml", "parkeren"), "gemeentewet", "hoogste_kosten_naheffing")
    assert {start[:4]: value for start, value in found.items()} == {
        year: Decimal(str(amount)) for year, amount in stated["rows"].items()
    }
