"""What a municipality offers: adoption with a right, definitions kept by hash, search that forgives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from time import perf_counter

import pytest

from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.base.sourcefile import SourceError, SourceInvalid
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue import actions, queries
from vliegwiel.catalogue.adopting import actions as adopting
from vliegwiel.catalogue.canonical import hash_of, sealed
from vliegwiel.catalogue.models import Adoption, AdoptionMode, ResolvedDefinition
from vliegwiel.catalogue.pricing import fee
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.trust.identity import Anonymous, Role, Staff

pytestmark = pytest.mark.django_db

LEIDEN, LEIDERDORP, DEN_BOSCH = "GM0546", "GM0547", "GM0796"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with set_to(TODAY):
        yield


def administrator(municipality: str = LEIDEN) -> Staff:
    return Staff(municipality, "beheer-1", "B. Heerder", frozenset({Role.FUNCTIONEEL_BEHEERDER}))


def test_the_demo_offers_what_has_a_variant_and_doing_it_twice_changes_nothing() -> None:
    first = actions.adopt_demo()
    assert first == actions.adopt_demo()
    names = [card.key for card in queries.offered(LEIDEN)]
    assert sorted(names) == library().variants_of(LEIDEN)
    assert {"bewonersparkeervergunning", "verhuizing-doorgeven"} <= set(names)
    assert "individuele-inkomenstoeslag" not in {card.key for card in queries.offered(DEN_BOSCH)}
    assert "bewonersparkeervergunning" not in {card.key for card in queries.offered(LEIDERDORP)}


def test_only_who_manages_definitions_may_offer_a_product() -> None:
    clerk = Staff(LEIDEN, "m-1", "M. Edewerker", frozenset({Role.MEDEWERKER}))
    for actor in (clerk, Anonymous(LEIDEN), administrator(LEIDERDORP)):
        with pytest.raises((Forbidden, NotFound, Exception)) as refused:
            actions.adopt(actor, LEIDEN, "rijbewijs-verlengen")
        assert getattr(refused.value, "status", 500) in (401, 403, 404), refused.value
    with scope(LEIDEN):
        assert not Adoption.objects.exists()


def test_offering_again_from_a_later_day_ends_the_earlier_agreement_the_day_before() -> None:
    actions.adopt(administrator(), LEIDEN, "rijbewijs-verlengen", begin=TODAY)
    later = TODAY + timedelta(days=30)
    actions.adopt(administrator(), LEIDEN, "rijbewijs-verlengen", begin=later, mode=AdoptionMode.PIN)
    with pytest.raises(Conflict):
        actions.adopt(administrator(), LEIDEN, "rijbewijs-verlengen", begin=TODAY)
    with scope(LEIDEN):
        rows = list(Adoption.objects.order_by("begin").values_list("begin", "end", "mode"))
    assert rows == [(TODAY, later - timedelta(days=1), "volgen"), (later, None, "vastzetten")]
    pinned = queries.product_for(LEIDEN, "rijbewijs-verlengen", later)
    assert pinned.hash == resolve(LEIDEN, "rijbewijs-verlengen", later).hash


def test_a_product_that_is_not_offered_is_not_found() -> None:
    with pytest.raises(NotFound):
        queries.product_for(LEIDEN, "rijbewijs-verlengen")
    actions.adopt(administrator(), LEIDEN, "rijbewijs-verlengen")
    assert queries.product_for(LEIDEN, "rijbewijs-verlengen").municipality == LEIDEN
    actions.stop_offering(administrator(), LEIDEN, "rijbewijs-verlengen", last=TODAY)
    assert queries.product_for(LEIDEN, "rijbewijs-verlengen", TODAY)
    with pytest.raises(NotFound):
        queries.product_for(LEIDEN, "rijbewijs-verlengen", TODAY + timedelta(days=1))


def test_an_adoption_whose_examples_fail_cannot_go_live(monkeypatch: pytest.MonkeyPatch) -> None:
    definition = resolve(LEIDEN, "rijbewijs-verlengen", TODAY)
    example = definition.examples[0]
    wrong = replace(example, expected=replace(example.expected, outcome="weigeren"))
    broken = sealed(replace(definition, examples=(wrong, *definition.examples[1:])))
    monkeypatch.setattr(adopting, "resolve", lambda *_, among: broken)
    with pytest.raises(Invalid) as refused:
        actions.adopt(administrator(), LEIDEN, "rijbewijs-verlengen")
    assert "alles in orde" in refused.value.invalid[0].reason
    with scope(LEIDEN):
        assert not Adoption.objects.exists()


def test_a_case_keeps_its_definition_by_hash_and_only_its_municipality_finds_it() -> None:
    definition = resolve(LEIDEN, "bewonersparkeervergunning", TODAY)
    with scope(LEIDEN):
        assert actions.keep(definition) == actions.keep(definition) == definition.hash
        assert ResolvedDefinition.objects.count() == 1
    queries._by_hash.clear()
    found = queries.by_hash(LEIDEN, definition.hash)
    assert hash_of(found) == found.hash == definition.hash
    assert found.step("gebied").field("zone").choices == definition.step("gebied").field("zone").choices
    with pytest.raises(NotFound):
        queries.by_hash(LEIDERDORP, definition.hash)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("rijbewijs", "rijbewijs-verlengen"),
        ("rybewijs", "rijbewijs-verlengen"),
        ("rijbewjis verlegen", "rijbewijs-verlengen"),
        ("verhuizen", "verhuizing-doorgeven"),
        ("verhuising", "verhuizing-doorgeven"),
        ("ik wil mijn nieuwe adres doorgeven", "verhuizing-doorgeven"),
        ("parkeren vergunning", "bewonersparkeervergunning"),
        ("parkeervergunnig", "bewonersparkeervergunning"),
        ("laag inkomen", "individuele-inkomenstoeslag"),
        ("Lääg   INKOMEN?!", "individuele-inkomenstoeslag"),
    ],
)
def test_search_forgives_typos_and_knows_everyday_words(typed: str, expected: str) -> None:
    actions.adopt_demo()
    assert queries.search(LEIDEN, typed)[0].key == expected


@pytest.mark.parametrize(
    ("typed", "upl_name"),
    [
        ("boom kappen", "omgevingsvergunning kap"),
        ("trouwen", "huwelijksaangifte"),
        ("paspoort", "paspoort"),
        ("grof vuil", "afvalinzameling grofvuil"),
        ("parkeervergunning", "parkeervergunning"),
    ],
)
def test_search_also_finds_what_is_not_online_yet_and_says_so(typed: str, upl_name: str) -> None:
    actions.adopt_demo()
    card = queries.search(LEIDERDORP, typed)[0]
    assert (card.upl_name, card.online, card.key) == (upl_name, False, "")
    assert "Bel" in card.note


@pytest.mark.parametrize(
    "typed", ["", "  ", "de het een", "xyzzyqw", "\x00\ud800", "a" * 100_000, "' OR 1=1 --", "%_%"]
)
def test_search_takes_anything(typed: str) -> None:
    actions.adopt_demo()
    assert isinstance(queries.search(LEIDEN, typed), list)


def test_search_is_quick() -> None:
    actions.adopt_demo()
    queries.search(LEIDEN, "warm")
    begin = perf_counter()
    for typed in ("rybewijs", "vergunning", "ik wil graag mijn hele huis verbouwen", "laag inkomen"):
        queries.search(LEIDEN, typed)
    assert (perf_counter() - begin) / 4 < 0.1  # the aim is 20 ms on a quiet machine; bench/ measures that


def test_the_product_page_tells_the_price_and_what_is_not_verified() -> None:
    actions.adopt_demo()
    page = queries.product_page(LEIDEN, "rijbewijs-verlengen")
    assert page.cost == "U betaalt €\u00a053,65. U betaalt bij de aanvraag."
    assert page.card.duration == "klaar in 2 werkdagen"
    assert not page.card.verified
    assert any("Deel voor het Rijk" in text for text in page.unverified)
    assert not any("{" in text for text in (page.cost, page.duration, *page.needed, *page.good_to_know))


def test_every_municipality_of_the_demo_has_a_theme_that_can_be_read() -> None:
    for municipality in (LEIDEN, LEIDERDORP, DEN_BOSCH, "GM0606", "GM0772", "GM0344", "GM0599"):
        assert queries.theme(municipality).municipality == municipality
    assert "--theme-accent" in queries.theme("GM9999").css()


def test_a_moment_is_kept_with_a_definition() -> None:
    definition = resolve(LEIDEN, "verhuizing-doorgeven", TODAY)
    with scope(LEIDEN):
        actions.keep(definition)
        row = ResolvedDefinition.objects.get()
    assert isinstance(row.created_at, datetime)
    assert (row.key, row.version) == ("verhuizing-doorgeven", "1.0.0")


def test_one_broken_definition_does_not_take_the_others_along(monkeypatch: pytest.MonkeyPatch) -> None:
    actions.adopt_demo()
    whole = queries.resolve

    def broken(municipality: str, key: str, on: date, *, among: object = None) -> object:
        if key == "rijbewijs-verlengen":
            raise SourceInvalid([SourceError("producten/rijbewijs-verlengen.yaml", 1, 1, (), "Stuk.")])
        assert among in (None, library())
        return whole(municipality, key, on)

    monkeypatch.setattr(queries, "resolve", broken)
    whole_ones = {key for key in library().variants_of(LEIDEN) if key != "rijbewijs-verlengen"}
    assert {card.key for card in queries.offered(LEIDEN)} == whole_ones
    assert queries.search(LEIDEN, "verhuizen")[0].key == "verhuizing-doorgeven"
    assert all(card.key != "rijbewijs-verlengen" for card in queries.search(LEIDEN, "rijbewijs"))


def test_a_price_of_before_the_law_is_not_known_rather_than_wrong() -> None:
    quote = fee(resolve(LEIDEN, "rijbewijs-verlengen", TODAY), date(2019, 1, 1))
    assert (quote.total, quote.text, quote.verified) == (None, "niet bekend", False)
