"""Municipalities really differ, and every difference says why: the parking permits and the income supplement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from vliegwiel.base.sourcefile import SourceText
from vliegwiel.catalogue.assess import Assessment, Origin, assess, automatic
from vliegwiel.catalogue.check import example_findings, run_example
from vliegwiel.catalogue.examples import facts_of
from vliegwiel.catalogue.model import Automatic, Basis, DeviationKind, by_key
from vliegwiel.catalogue.pricing import fee
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.law import NotInForce
from vliegwiel.registers.facts import Value

TODAY = date(2026, 11, 24)
LEIDEN, LEIDERDORP, SCHIEDAM, EINDHOVEN, UTRECHT, ROTTERDAM, DEN_BOSCH = (
    "GM0546", "GM0547", "GM0606", "GM0772", "GM0344", "GM0599", "GM0796",
)  # fmt: skip
PERMIT, SUPPLEMENT, LICENCE, MOVE = (
    "bewonersparkeervergunning", "individuele-inkomenstoeslag", "rijbewijs-verlengen", "verhuizing-doorgeven",
)  # fmt: skip
ALL = [(m, k) for m in library().municipalities() for k in library().variants_of(m)]


def decide(
    municipality: str, key: str, example: str, changes: Mapping[str, Value] | None = None, **judged: bool
) -> Assessment:
    definition = resolve(municipality, key, TODAY)
    facts = facts_of(definition, by_key(definition.examples, example), municipality)
    return assess(definition, {**facts, **(changes or {})}, TODAY, judgements=judged)


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_example_of_every_product_comes_out_as_it_says(municipality: str, key: str) -> None:
    assert [str(finding) for finding in example_findings(resolve(municipality, key, TODAY))] == []


@pytest.mark.parametrize(("municipality", "key"), ALL)
def test_every_outcome_rests_on_articles(municipality: str, key: str) -> None:
    definition = resolve(municipality, key, TODAY)
    for example in definition.examples:
        got = run_example(definition, example)
        assert got.decision.trace
        assert all(outcome.ground.article for outcome in got.decision.outcomes.values())
        if got.outcome is not None and definition.outcome(got.outcome).kind in ("weigeren", "deels"):
            assert got.explanation.text
            assert "artikel" in got.explanation.text


# --- parking ------------------------------------------------------------------------------------------------------------


def test_the_number_per_address_differs_by_area() -> None:
    assert decide(LEIDEN, PERMIT, "eerste", {"zone": "A", "vergunningen_op_adres": Decimal(1)}).outcome == "weigeren"
    assert decide(LEIDEN, PERMIT, "eerste", {"zone": "B1", "vergunningen_op_adres": Decimal(1)}).outcome == "toekennen"
    assert decide(UTRECHT, PERMIT, "eerste", {"zone": "A1", "vergunningen_op_adres": Decimal(1)}).outcome == "weigeren"
    assert (
        decide(UTRECHT, PERMIT, "eerste", {"zone": "A2-klein", "vergunningen_op_adres": Decimal(1)}).outcome
        == "weigeren"
    )
    assert decide(UTRECHT, PERMIT, "eerste", {"zone": "A2", "vergunningen_op_adres": Decimal(1)}).outcome == "toekennen"
    assert decide(SCHIEDAM, PERMIT, "eerste", {"vergunningen_op_adres": Decimal(1)}).outcome == "toekennen"
    assert decide(DEN_BOSCH, PERMIT, "eerste", {"vergunningen_op_adres": Decimal(1)}).outcome == "weigeren"


def test_the_car_of_the_partner_counts_in_utrecht_but_not_in_leiden() -> None:
    partner: dict[str, Value] = {"voertuig.op_naam": False, "op_naam_van": "partner"}
    assert decide(UTRECHT, PERMIT, "eerste", partner).outcome == "toekennen"
    assert decide(LEIDEN, PERMIT, "eerste", partner).outcome == "weigeren"


def test_a_waiting_list_exists_in_leiden_and_utrecht_but_not_in_schiedam() -> None:
    full: dict[str, Value] = {"wachtlijst_in_gebied": True}
    assert decide(LEIDEN, PERMIT, "eerste", full).outcome == "wachtlijst"
    assert decide(UTRECHT, PERMIT, "eerste", full).outcome == "wachtlijst"
    assert decide(SCHIEDAM, PERMIT, "eerste", full).outcome == "toekennen"
    for municipality, asks in ((LEIDEN, True), (UTRECHT, True), (SCHIEDAM, False)):
        fields = resolve(municipality, PERMIT, TODAY).process.task("nakijken").fields
        assert ("wachtlijst_in_gebied" in {field.key for field in fields}) is asks


def test_the_tariff_and_its_rhythm_differ() -> None:
    assert decide(UTRECHT, PERMIT, "eerste").amounts["te_betalen"] == Decimal("158.40")
    assert decide(UTRECHT, PERMIT, "buiten_tweede").amounts["te_betalen"] == Decimal("395.88")
    assert decide(SCHIEDAM, PERMIT, "eerste").amounts["te_betalen"] == Decimal("89.80")
    assert decide(SCHIEDAM, PERMIT, "tweede").amounts["te_betalen"] == Decimal("380.40")
    utrecht, schiedam = resolve(UTRECHT, PERMIT, TODAY).fee, resolve(SCHIEDAM, PERMIT, TODAY).fee
    assert utrecht is not None
    assert schiedam is not None
    assert (utrecht.rhythm, schiedam.rhythm) == ("kwartaal", "jaar")


def test_a_tariff_that_was_not_found_is_not_made_up() -> None:
    got = decide(LEIDEN, PERMIT, "eerste")
    assert got.outcome == "toekennen"
    assert got.amounts == {}
    assert got.unfilled
    quote = fee(resolve(LEIDEN, PERMIT, TODAY), TODAY)
    assert quote.total is None
    assert not quote.text.startswith("€")


@pytest.mark.parametrize("municipality", [UTRECHT, LEIDEN, SCHIEDAM, ROTTERDAM, DEN_BOSCH])
def test_each_difference_has_its_kind_reason_and_article(municipality: str) -> None:
    definition = resolve(municipality, PERMIT, TODAY)
    assert len(definition.differences) >= 4
    for difference in definition.differences:
        assert difference.reason.endswith((".", ")"))
        if difference.kind is DeviationKind.VERORDENING:
            assert difference.basis is not None
            assert difference.basis.article
            read = bool(difference.basis.source or difference.source)
            assert read or not difference.verified, f"{difference.path} is called verified without a source"


def test_schiedam_says_that_its_ordinance_was_not_found() -> None:
    definition = resolve(SCHIEDAM, PERMIT, TODAY)
    zone = by_key([_Named(d.path, d) for d in definition.differences], "stappen.gebied.velden").difference
    assert zone.basis is not None
    assert "niet gevonden" in zone.basis.article
    assert not zone.verified


class _Named:
    def __init__(self, key: str, difference: object) -> None:
        self.key = key
        self.difference = difference


# --- individuele inkomenstoeslag ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "leiden", "leiderdorp"), [("een", False, False), ("drie", True, False), ("vijf", True, True)]
)
def test_one_office_two_municipalities_36_and_60_months(months: str, leiden: bool, leiderdorp: bool) -> None:
    for municipality, expected in ((LEIDEN, leiden), (LEIDERDORP, leiderdorp)):
        got = decide(municipality, SUPPLEMENT, "geen_uitzicht", {"hoe_lang": months}, uitzicht_op_inkomen=False)
        assert got.outcome == ("toekennen" if expected else "weigeren")


def test_rotterdam_looks_at_one_year_and_pays_one_amount() -> None:
    got = decide(ROTTERDAM, SUPPLEMENT, "geen_uitzicht", {"hoe_lang": "een"}, uitzicht_op_inkomen=False)
    assert (got.outcome, got.amounts["bedrag"]) == ("toekennen", Decimal("120.00"))


def test_a_judgement_is_shown_as_a_condition_with_what_each_answer_gives() -> None:
    got = decide(EINDHOVEN, SUPPLEMENT, "alleenstaande")
    assert got.outcome == "toekennen"
    assert got.conditional_on == ("uitzicht_op_inkomen",)
    told = {(branch.name, branch.answer): (branch.outcome, dict(branch.amounts)) for branch in got.branches}
    assert told == {
        ("uitzicht_op_inkomen", False): ("toekennen", {"bedrag": Decimal("532.00")}),
        ("uitzicht_op_inkomen", True): ("weigeren", {"bedrag": Decimal(0)}),
    }
    judged = decide(EINDHOVEN, SUPPLEMENT, "alleenstaande", uitzicht_op_inkomen=True)
    assert (judged.outcome, judged.conditional_on, judged.branches) == ("weigeren", (), ())


def test_an_amount_that_was_not_found_is_taken_from_the_ordinance_by_the_clerk() -> None:
    got = decide(LEIDEN, SUPPLEMENT, "geen_uitzicht", uitzicht_op_inkomen=False)
    assert (got.outcome, dict(got.amounts)) == ("toekennen", {})
    assert got.unfilled
    fields = {field.key for field in resolve(LEIDEN, SUPPLEMENT, TODAY).process.task("nakijken").fields}
    assert "hoogte_toeslag" in fields
    filled = decide(
        LEIDEN, SUPPLEMENT, "geen_uitzicht", {"hoogte_toeslag": Decimal("412.00")}, uitzicht_op_inkomen=False
    )
    assert filled.amounts["bedrag"] == Decimal("412.00")
    # Where the ordinance is known nobody fills it in, and what somebody says does not count.
    said = decide(EINDHOVEN, SUPPLEMENT, "geen_uitzicht", {"hoogte_toeslag": Decimal(9999)}, uitzicht_op_inkomen=False)
    assert said.amounts["bedrag"] == Decimal("532.00")


def test_only_what_a_municipality_needs_is_looked_up() -> None:
    needs = {m: {need.key for need in resolve(m, PERMIT, TODAY).needs} for m in (LEIDEN, SCHIEDAM, DEN_BOSCH)}
    assert {"adres.ontstaan", "voertuig.lengte", "voertuig.hoogte", "voertuig.soort"} <= needs[LEIDEN]
    assert not needs[SCHIEDAM] & {"adres.ontstaan", "voertuig.lengte", "voertuig.soort"}
    assert needs[DEN_BOSCH] & {"adres.ontstaan", "voertuig.lengte", "voertuig.soort"} == {"voertuig.soort"}


def test_who_fails_another_condition_needs_no_judgement() -> None:
    got = decide(EINDHOVEN, SUPPLEMENT, "alleenstaande", {"vermogen": Decimal(50_000)})
    assert (got.outcome, got.conditional_on) == ("weigeren", ())


def test_what_is_missing_is_named_as_the_form_and_the_registers_know_it() -> None:
    definition = resolve(LEIDEN, MOVE, TODAY)
    facts = facts_of(definition, by_key(definition.examples, "alleen"), LEIDEN)
    del facts["persoon.geboortedatum"], facts["verhuisdatum"]
    got = assess(definition, facts, TODAY)
    assert got.outcome is None
    assert set(got.missing) == {"persoon.geboortedatum", "verhuisdatum"}


def test_the_supplement_is_not_offered_where_nothing_was_found() -> None:
    assert SUPPLEMENT not in library().variants_of(DEN_BOSCH)
    assert PERMIT not in library().variants_of(EINDHOVEN)
    assert PERMIT not in library().variants_of(LEIDERDORP)


# --- rijbewijs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("municipality", [m for m, key in ALL if key == LICENCE])
def test_the_licence_never_costs_more_than_the_legal_maximum(municipality: str) -> None:
    quote = fee(resolve(municipality, LICENCE, TODAY), TODAY)
    lines = {line.key: line for line in quote.lines}
    assert quote.total == Decimal("53.65")
    amount = lines["gemeente"].amount
    assert amount is not None
    assert amount <= Decimal("39.30")
    assert lines["spoed"].extra
    assert not quote.verified
    assert not lines["rijk"].verified


def test_a_licence_for_lorries_only_is_valid_as_long_as_that_group() -> None:
    lorries: dict[str, Value] = {
        "rijbewijs.categorieen": ({"categorie": "D", "beperkt": False},),
        "rijbewijs.verklaring_geschiktheid": date(2026, 10, 2),
        "rijbewijs.verklaring_geschiktheid_tot": date(2028, 1, 1),
    }
    assert decide(LEIDEN, LICENCE, "alles", lorries).results["geldig_tot"] == date(2028, 1, 1)
    assert decide(LEIDEN, LICENCE, "alles").results["geldig_tot"] == date(2036, 11, 24)


def test_who_is_in_a_hurry_pays_the_extra_at_the_counter() -> None:
    got = decide(LEIDEN, LICENCE, "aan_de_balie", {"spoed": True})
    assert (got.outcome, got.amounts["kosten"]) == ("toekennen", Decimal("93.30"))
    definition = resolve(LEIDEN, LICENCE, TODAY)
    facts = facts_of(definition, by_key(definition.examples, "aan_de_balie"), LEIDEN)
    assert fee(definition, TODAY, {**facts, "spoed": True}).total == Decimal("93.30")


def test_nothing_is_decided_by_the_computer_alone_where_no_law_says_so() -> None:
    for municipality, key in ALL:
        definition = resolve(municipality, key, TODAY)
        assert definition.automatic is None
        got = run_example(definition, definition.examples[0])
        assert not automatic(definition, got, {})


def test_the_computer_decides_alone_only_what_is_allowed_certain_and_verified() -> None:
    definition = resolve(LEIDEN, LICENCE, TODAY)
    rule = Automatic(("toekennen",), Basis("Voorbeeldwet", "1", verified=False), SourceText("spoed = false"))
    allowed = replace(definition, automatic=rule)
    facts = facts_of(definition, definition.examples[0], LEIDEN)
    got = replace(assess(definition, facts, TODAY), verified=True)
    assert automatic(allowed, got, facts)
    assert not automatic(definition, got, facts)
    assert not automatic(allowed, got, {**facts, "spoed": True})
    for doubt in (
        {"verified": False},
        {"conditional_on": ("een_oordeel",)},
        {"doubtful": ("persoon.geboortedatum",)},
        {"unfilled": ("De gemeente regelde dit niet.",)},
        {"outcome": "weigeren"},
        {"outcome": None},
    ):
        assert not automatic(allowed, replace(got, **doubt), facts), doubt


def test_the_explanation_names_the_source_of_a_datum() -> None:
    definition = resolve(LEIDEN, LICENCE, TODAY)
    facts = facts_of(definition, by_key(definition.examples, "ouder"), LEIDEN)
    got = assess(definition, facts, TODAY, origins={"persoon.geboortedatum": Origin("BRP")})
    assert got.outcome == "weigeren"

    def sources(nodes: tuple[object, ...]) -> set[str]:
        found: set[str] = set()
        for node in nodes:
            found.add(getattr(node, "source", ""))
            found |= sources(getattr(node, "children", ()))
        return found

    assert "BRP" in sources(got.decision.trace)


def test_a_law_of_another_time_fails_loudly() -> None:
    definition = resolve(LEIDEN, LICENCE, TODAY)
    facts = facts_of(definition, definition.examples[0], LEIDEN)
    with pytest.raises(NotInForce, match="geldt niet op"):
        assess(definition, facts, date(2019, 1, 1))
