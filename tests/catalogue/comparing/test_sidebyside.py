"""Municipalities side by side: who has what, in what it differs, and whether somebody said why. Nothing is lost on the way."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vliegwiel.base.sourcedecode import decode_node
from vliegwiel.base.sourcefile import MapNode, parse_source
from vliegwiel.catalogue.comparing import costs
from vliegwiel.catalogue.comparing.aspects import Aspect
from vliegwiel.catalogue.comparing.gathering import all_roots, compare_product, product_root, towns_of
from vliegwiel.catalogue.comparing.placing import aspects_at, formula_aspects, role_of
from vliegwiel.catalogue.comparing.reasons import Grade, grade, says_something
from vliegwiel.catalogue.comparing.rules import compare_rules
from vliegwiel.catalogue.comparing.sidebyside import Comparison, Town, compare
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.merging.nodes import at_path
from vliegwiel.catalogue.model import Deviation
from vliegwiel.catalogue.resolve import library

ON = date(2026, 11, 24)
PARKING = "bewonersparkeervergunning"


def deviation(
    path: str,
    value: str,
    kind: str = "werkwijze",
    reason: str = "Onze balie heeft andere openingstijden.",
    extra: str = "",
) -> Deviation:
    text = f"pad: {path}\nwaarde: {value}\nsoort: {kind}\nreden: {reason}\n{extra}"
    return decode_node(parse_source(text, "proef").root, Deviation, "proef")


@pytest.fixture(scope="module")
def product() -> MapNode:
    return product_root(library(), PARKING)


def only(product: MapNode, *deviations: Deviation) -> Comparison:
    return compare(product, [Town("GM0001", deviations), Town("GM0002", ())], "parkeren")


ASPECTS = [
    ("termijnen.beslissen.duur", "6 weken", {Aspect.NUMBER}),
    ("termijnen.beslissen.duur", "8 werkdagen", {Aspect.UNIT}),
    ("termijnen.beslissen.duur", "56 dagen", {Aspect.WORDS}),
    ("termijnen.beslissen.grondslag.artikel", '"4:14"', {Aspect.BASIS}),
    ("leges.per", "kwartaal", {Aspect.PERIOD}),
    ("pagina.samenvatting", "Vraag een vergunning aan om bij uw huis te parkeren.", {Aspect.WORDS}),
    ("stukken.leasebewijs.verplicht", "nee", {Aspect.CONDITION}),
    ("uitkomsten.wachtlijst", None, {Aspect.SHAPE, Aspect.PART}),
    ("stappen.auto", None, {Aspect.PART}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "value", "aspects"), ASPECTS)
def test_a_difference_says_in_what(product: MapNode, path: str, value: str | None, aspects: set[Aspect]) -> None:
    keys = tuple(path.split("."))
    if value is None:
        found = aspects_at(keys, at_path(product, keys), None)
        if at_path(product, keys) is None:
            pytest.skip(f"{path} is not in this product")
    else:
        made = deviation(path, value)
        assert made.value is not None
        found = aspects_at(keys, at_path(product, keys), made.value.node)
    assert found == aspects


def test_formulas_differ_in_numbers_units_words_or_what_they_ask() -> None:
    assert formula_aspects("leeftijd >= 18", "leeftijd >= 21") == {Aspect.NUMBER}
    assert formula_aspects("vandaag + weken(4)", "vandaag + dagen(4)") == {Aspect.UNIT}
    assert formula_aspects('zone = "A"', 'zone = "B"') == {Aspect.CHOICE}
    assert formula_aspects("leeftijd >= 18", "not(ingezetene)") == {Aspect.CONDITION}
    assert formula_aspects("a and b", "a and b") == frozenset()


def test_a_reason_that_says_nothing_is_no_reason() -> None:
    nothing = (
        "Zo doen wij dat.",
        "Historisch gegroeid",
        "Eigen keuze van de gemeente",
        "n.v.t.",
        "Overgenomen uit het oude systeem.",
    )
    for reason in nothing:
        assert not says_something(reason) or "gemeente" in reason, reason
    for reason in ("De balie is alleen 's ochtends open.", "Leiden neemt geen spoedaanvragen online aan."):
        assert says_something(reason), reason


def test_a_house_style_that_changes_a_rule_is_not_founded(product: MapNode) -> None:
    found = only(product, deviation("termijnen.beslissen.duur", "6 weken", "huisstijl", "Wij willen korter."))
    reason = found.places[0].values[0].reasons[0]
    assert reason.grade is Grade.NONE
    assert "huisstijl, maar verandert meer dan woorden: getal" in reason.wrong


def test_grades(product: MapNode) -> None:
    number = frozenset({Aspect.NUMBER})
    by_law = "grondslag: {wet: Verordening, artikel: '2', bron: eigen}"
    assert grade(deviation("a.b", "1", "verordening", "Raad.", by_law), number) is Grade.ORDINANCE
    unseen = deviation("a.b", "1", "verordening", "Raad.", by_law + "\ngeverifieerd: nee")
    assert grade(unseen, number) is Grade.UNSEEN
    assert grade(deviation("a.b", "1"), number) is Grade.EXPLAINED
    assert grade(deviation("a.b", "1", reason="Zo werken wij."), number) is Grade.NONE
    assert grade(deviation("a.b", "1"), frozenset()) is Grade.NEEDLESS
    assert grade(deviation("a.b", "x", reason="Zo werken wij."), frozenset({Aspect.WORDS})) is Grade.WORDING


def test_a_deviation_that_says_what_is_shared_does_nothing(product: MapNode) -> None:
    found = only(product, deviation("termijnen.beslissen.duur", "8 weken"))
    assert found.places[0].values[0].reasons[0].grade is Grade.NEEDLESS


def test_deviations_inside_each_other_stand_side_by_side(product: MapNode) -> None:
    whole = deviation("termijnen.beslissen", "{duur: 6 weken}")
    part = deviation("termijnen.beslissen.duur", "6 weken")
    found = compare(product, [Town("GM0001", (whole,)), Town("GM0002", (part,)), Town("GM0003", ())])
    assert [place.key for place in found.places] == ["termijnen.beslissen"]
    assert {town for value in found.places[0].values for town in value.towns} == {"GM0001", "GM0002"}
    assert found.places[0].same == 1


def test_no_deviation_of_any_municipality_is_lost() -> None:
    for key, root in all_roots(library()).items():
        towns = towns_of(library(), key, ON)
        found = compare(root, towns)
        for town in towns:
            rows = {place.path for place in found.places if town.code in place.by_town}
            for one in town.deviations:
                assert any(one.keys[: len(row)] == row for row in rows), (key, town.code, one.path)


PATHS = ("termijnen.beslissen.duur", "pagina.kosten", "pagina.samenvatting", "leges.per", "naam", "zaaktype.doel")


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(st.sampled_from(PATHS), st.sampled_from(("8 weken", "jaar", "x", "€ 5 per maand")), max_size=4),
        max_size=30,
    )
)
def test_counts_add_up_for_any_deviations(product: MapNode, chosen: list[dict[str, str]]) -> None:
    towns = [
        Town(f"GM{n:04}", tuple(deviation(path, f'"{value}"') for path, value in one.items()))
        for n, one in enumerate(chosen)
    ]
    found = compare(product, towns)
    assert sum(place.differs for place in found.places) == sum(len(town.deviations) for town in towns)
    for place in found.places:
        assert place.same + place.differs == len(towns)
        assert len({value.text for value in place.values}) == len(place.values)
    assert all(0 <= found.alike(town.code) <= 1 for town in towns)


def test_342_municipalities_are_compared_in_a_moment(product: MapNode) -> None:
    own = towns_of(library(), PARKING, ON)
    many = [Town(f"GM{n:04}", own[n % len(own)].deviations) for n in range(342)]
    times = []
    for _ in range(3):
        began = perf_counter()
        found = compare(product, many, "parkeren")
        times.append(perf_counter() - began)
    # 0.05 s alone; the machine of a test may be busy.
    assert min(times) < 0.5
    assert sum(place.differs for place in found.places) == sum(len(town.deviations) for town in many)


def test_ordinances_differ_in_number_unit_measuring_and_shape() -> None:
    book = law_book()
    terms = {
        t.name: t
        for t in compare_rules(book, ("apv_evenementen",), book.ordinance_municipalities("apv_evenementen", ON), ON)
    }
    assert terms["meeste_bezoekers"].aspects == {Aspect.NUMBER}
    assert terms["meldtermijn_telt"].aspects == {Aspect.UNIT}
    assert terms["bezoekers_tellen"].aspects == {Aspect.MEASURE}
    assert Aspect.SHAPE in terms["zonder_melding"].aspects
    assert Aspect.MEASURE in terms["extra_eisen"].aspects
    assert {"75", "250"} <= {value.ruled.text for value in terms["meeste_bezoekers"].values}
    terraces = {
        t.name: t
        for t in compare_rules(book, ("apv_terrassen",), book.ordinance_municipalities("apv_terrassen", ON), ON)
    }
    assert terraces["regime"].aspects == {Aspect.SHAPE}


def test_every_municipality_with_an_ordinance_is_in_the_comparison() -> None:
    found = compare_product(library(), "individuele-inkomenstoeslag", ON)
    assert set(law_book().ordinance_municipalities("participatiewet", ON)) <= set(found.variants.towns)
    period = next(term for term in found.terms if term.name == "referteperiode")
    assert sum(len(value.towns) for value in period.values) + period.silent == len(found.variants.towns)


def test_costs_are_a_range_and_follow_what_is_filled_in(product: MapNode) -> None:
    asked = deviation(
        "stappen.reden",
        "{vraag: Waarom?, velden: [{sleutel: reden, soort: tekst, label: Reden}]}",
        reason="Zo werken wij.",
    )
    found = only(product, asked, deviation("termijnen.beslissen.duur", "6 weken", reason="Gewoonte."))
    ranges = costs.assumptions()
    listed = costs.unreasoned(PARKING, found, {}, ranges)
    assert [one.towns for one in listed] == [("GM0001",), ("GM0001",)]
    total = costs.together(listed)
    assert 0 < total.hours.low < total.hours.high
    # Without the number of cases nobody can say what a question costs; with it, only the question counts.
    with_cases = costs.unreasoned(PARKING, found, {"GM0001": 1200}, ranges)
    by_name = {one.place.path[0]: one.estimate for one in with_cases}
    assert by_name["stappen"].cases.low == 20
    assert by_name["stappen"].cases.high == 80
    assert by_name["termijnen"].cases == costs.NOTHING
    halved = costs.assumptions({"versies": costs.Range(ranges["versies"].low / 2, ranges["versies"].high / 2)})
    assert costs.together(costs.unreasoned(PARKING, found, {}, halved)).hours.high == total.hours.high / 2


def test_what_a_place_is_for_follows_from_its_path() -> None:
    assert role_of(("termijnen", "beslissen", "duur")).name == "SPAN"
    assert role_of(("wet", "naam")).name == "CODE"
    assert role_of(("uitkomst_als", "x", "als")).name == "FORMULA"
    assert role_of(("leges", "grondslag", "wet")).name == "BASIS"
