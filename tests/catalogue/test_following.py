"""A new version goes round: who can go along goes along, who must choose stays and is asked, and nothing of a variant is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.catalogue.publishing import keeper, publish, publish_text
from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound
from vliegwiel.base.jobs import run_waiting
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.adopting import actions, queries, spreading
from vliegwiel.catalogue.models import Adoption, AdoptionMode, Notice, NoticeState, Publication
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.resolve import library
from vliegwiel.catalogue.versions import actions as versions
from vliegwiel.catalogue.versions.queries import text_now, who_runs_what

pytestmark = pytest.mark.django_db

LEIDEN, LEIDERDORP, UTRECHT, SCHIEDAM = "GM0546", "GM0547", "GM0344", "GM0606"
KEY = "verhuizing-doorgeven"
TODAY = date(2026, 11, 24)
COST = "  kosten: Gratis."
VARIANT = """# Zo doet {name} het.
soort: variant
gemeente: {code}
product: verhuizing-doorgeven
vanaf: 2026-01-01
afwijkingen:
  # De kosten
  - pad: pagina.kosten
    waarde: {cost}
    soort: werkwijze
    reden: Bij ons vraagt iedereen ernaar.
  - pad: stappen.wanneer.velden.verhuisdatum.uitleg
    waarde: De dag dat u de sleutel krijgt.
    soort: huisstijl
    reden: Zo leggen wij het uit.
"""


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with set_to(TODAY):
        yield


def with_variant(code: str, cost: str = "U betaalt niets.") -> None:
    """A municipality follows Utrecht and has its own variant."""
    publish_text(code, "variant", KEY, VARIANT.format(name=code, code=code, cost=cost))
    actions.adopt(keeper("anna", code), code, KEY, publisher=UTRECHT)


def following() -> None:
    """Utrecht has published once, so that it can be followed."""
    publish_text(UTRECHT, "blok", "los", "stappen: []\n")


def follow(code: str) -> tuple[Notice, ...]:
    return spreading.follow_publisher(code, UTRECHT)


def test_a_change_beside_the_deviations_is_taken_along_by_itself_and_told() -> None:
    following()
    with_variant(LEIDEN)
    publish(UTRECHT, "product", KEY, old="  samenvatting: Geef", new="  samenvatting: Geef snel")
    assert "Geef snel" not in product_for(LEIDEN, KEY).page.summary
    (notice,) = follow(LEIDEN)
    assert follow(LEIDEN) == ()
    assert (notice.state, notice.effect) == (NoticeState.ACCEPTED, "automatisch")
    assert [one["path"] for one in notice.changes] == ["versie", "pagina.samenvatting"]
    assert {one["fate"] for one in notice.effects} == {"blijft"}
    assert notice.what[0]["reason"] == "Mensen begrepen het niet."
    now = product_for(LEIDEN, KEY)
    assert now.page.summary.startswith("Geef snel")
    assert now.page.cost == "U betaalt niets."


def test_what_both_changed_differently_waits_for_a_person_and_a_second_one() -> None:
    following()
    with_variant(LEIDEN)
    before = product_for(LEIDEN, KEY)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    assert (notice.state, notice.effect) == (NoticeState.NEW, "conflicten")
    (conflict,) = notice.conflicts
    assert (conflict["path"], conflict["base"], conflict["ours"], conflict["theirs"]) == (
        "pagina.kosten", "Gratis.", "U betaalt niets.", "Dit kost niets.",
    )  # fmt: skip
    assert (conflict["our_reason"], conflict["their_reason"]) == (
        "Bij ons vraagt iedereen ernaar.", "Mensen begrepen het niet.",
    )  # fmt: skip
    assert product_for(LEIDEN, KEY) == before
    anna, bart = keeper("anna"), keeper("bart")
    with pytest.raises(Invalid) as refused:
        actions.accept_notice(anna, notice.id)
    assert [one.name for one in refused.value.invalid] == ["pagina.kosten"]
    assert actions.accept_notice(anna, notice.id, {"pagina.kosten": "theirs"}) is NoticeState.CHOSEN
    assert product_for(LEIDEN, KEY) == before
    with pytest.raises(Forbidden):
        actions.confirm_notice(anna, notice.id)
    actions.confirm_notice(bart, notice.id)
    now = product_for(LEIDEN, KEY)
    assert now.page.cost == "Dit kost niets."
    text = text_now(LEIDEN, "variant", KEY).text
    assert "pagina.kosten" not in text
    assert text.startswith("# Zo doet GM0546 het.")
    assert [one.path for one in now.differences] == ["stappen.wanneer.velden.verhuisdatum.uitleg"]
    with scope(LEIDEN):
        variant = Publication.objects.filter(kind="variant").order_by("-number")[0]
    assert (variant.prepared_by_name, variant.approved_by_name) == ("Anna", "Bart")
    with pytest.raises(Conflict):
        actions.confirm_notice(bart, notice.id)


@pytest.mark.parametrize(
    ("choice", "cost"), [("ours", "U betaalt niets."), ("Wij rekenen niets.", "Wij rekenen niets.")]
)
def test_a_conflict_can_be_settled_with_the_own_or_with_other_words(choice: str, cost: str) -> None:
    following()
    with_variant(LEIDEN)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    actions.accept_notice(keeper("anna"), notice.id, {"pagina.kosten": choice})
    actions.confirm_notice(keeper("bart"), notice.id)
    now = product_for(LEIDEN, KEY)
    assert (now.page.cost, now.version) == (cost, "1.1.0")
    assert follow(LEIDEN) == ()


def test_a_deviation_that_the_country_takes_over_is_not_needed_any_more() -> None:
    following()
    with_variant(LEIDEN, cost="Dit kost niets.")
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    assert notice.state == NoticeState.ACCEPTED
    assert [one["fate"] for one in notice.effects] == ["niet meer nodig", "blijft"]
    assert len(product_for(LEIDEN, KEY).differences) == 1


def test_who_refuses_stays_and_is_asked_again_by_the_next_version() -> None:
    following()
    with_variant(LEIDEN)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    actions.refuse_notice(keeper("anna"), notice.id, "Wij vinden de onze duidelijker.")
    assert product_for(LEIDEN, KEY).version == "1.0.0"
    publish(UTRECHT, "product", KEY, old="  kosten: Dit kost niets.", new="  kosten: U hoeft niets te betalen.")
    (again,) = follow(LEIDEN)
    assert again.to_version == "1.2.0"
    assert [one.state for one in queries.notices(keeper("anna"), open_only=False)] == ["nieuw", "geweigerd"]


def test_a_newer_notice_replaces_one_that_was_not_decided() -> None:
    following()
    with_variant(LEIDEN)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    follow(LEIDEN)
    publish(UTRECHT, "product", KEY, old="  kosten: Dit kost niets.", new="  kosten: U hoeft niets te betalen.")
    follow(LEIDEN)
    assert [one.state for one in queries.notices(keeper("anna"), open_only=False)] == ["nieuw", "vervangen"]
    assert len(queries.notices(keeper("anna"))) == 1


def test_who_stays_on_a_version_is_told_and_not_moved() -> None:
    following()
    actions.adopt(keeper("anna"), LEIDEN, KEY, publisher=UTRECHT, mode=AdoptionMode.PIN)
    before = product_for(LEIDEN, KEY)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    assert notice.state == NoticeState.NEW
    assert product_for(LEIDEN, KEY) == before
    actions.accept_notice(keeper("anna"), notice.id)
    assert product_for(LEIDEN, KEY).page.cost == "Dit kost niets."


def test_what_does_not_touch_a_product_makes_no_notice() -> None:
    following()
    with_variant(LEIDEN)
    publish(UTRECHT, "product", "rijbewijs-verlengen", old="  samenvatting: ", new="  samenvatting: Nieuw. ")
    assert follow(LEIDEN) == ()
    with scope(LEIDEN):
        assert Adoption.objects.get().upto == Publication.everywhere.get(key="rijbewijs-verlengen").number


def test_a_publication_asks_every_follower_to_look() -> None:
    following()
    with_variant(LEIDEN)
    with_variant(LEIDERDORP)
    publish(UTRECHT, "product", KEY, old="  samenvatting: Geef", new="  samenvatting: Geef snel")
    run_waiting()
    for code in (LEIDEN, LEIDERDORP):
        assert product_for(code, KEY).page.summary.startswith("Geef snel")


def test_one_can_go_back_along_the_trail_and_stays_there() -> None:
    following()
    with_variant(LEIDEN)
    first = product_for(LEIDEN, KEY)
    publish(UTRECHT, "product", KEY, old="  samenvatting: Geef", new="  samenvatting: Geef snel")
    follow(LEIDEN)
    second = product_for(LEIDEN, KEY)
    anna = keeper("anna")
    with pytest.raises(NotFound):
        actions.roll_back(anna, KEY, to="0" * 64, why="Zomaar")
    with pytest.raises(Invalid):
        actions.roll_back(anna, KEY, why=" ")
    actions.roll_back(anna, KEY, why="De nieuwe zin klopt niet.")
    assert product_for(LEIDEN, KEY).hash == first.hash
    trail = queries.trail(LEIDEN, KEY)
    assert [one.definition for one in trail] == [first.hash, second.hash, first.hash]
    with set_to(TODAY + timedelta(days=3)):
        actions.roll_back(anna, KEY, to=second.hash, why="Toch goed.")
        assert product_for(LEIDEN, KEY).hash == second.hash
    assert product_for(LEIDEN, KEY, TODAY + timedelta(days=2)).hash == first.hash


def test_everybody_sees_who_runs_which_version() -> None:
    following()
    with_variant(LEIDEN)
    actions.adopt(keeper("anna", SCHIEDAM), SCHIEDAM, KEY)
    publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    follow(LEIDEN)
    rows = {one.municipality: one for one in who_runs_what(UTRECHT, KEY)}
    assert set(rows) == {LEIDEN, SCHIEDAM}
    assert (rows[LEIDEN].version, rows[LEIDEN].publisher, rows[LEIDEN].behind, rows[LEIDEN].own) == (
        "1.0.0",
        UTRECHT,
        True,
        1,
    )
    assert (rows[SCHIEDAM].version, rows[SCHIEDAM].behind) == ("1.0.0", False)


def test_a_product_can_be_tried_before_it_is_taken_over() -> None:
    following()
    own = "- {sleutel: eigen, zoals: op_tijd, vertelt: Zoals het hoort, op: 2026-11-24, verwacht: {uitkomst: weigeren}}"
    key = library().product(KEY)
    assert key is not None
    found = actions.trial(keeper("anna"), KEY, publisher=UTRECHT)
    assert found.ok
    first = found.definition.examples[0].key
    found = actions.trial(keeper("anna"), KEY, publisher=UTRECHT, examples=own.replace("op_tijd", first))
    assert [one.key for one in found.examples if not one.ok] == ["eigen"]
    assert not found.ok
    with scope(LEIDEN):
        assert not Adoption.objects.exists()


def test_nobody_follows_who_published_nothing() -> None:
    with pytest.raises(NotFound):
        actions.adopt(keeper("anna"), LEIDEN, KEY, publisher=SCHIEDAM)


def test_who_published_an_own_version_is_told_of_a_newer_one_and_takes_it_into_the_own() -> None:
    following()
    actions.adopt(keeper("anna"), LEIDEN, KEY, publisher=UTRECHT)
    publish(LEIDEN, "product", KEY, old="  samenvatting: Geef", new="  samenvatting: Geef in Leiden")
    theirs = publish(UTRECHT, "product", KEY, old=COST, new="  kosten: Dit kost niets.")
    (notice,) = follow(LEIDEN)
    assert notice.state == NoticeState.NEW
    assert "zelf een versie" in notice.findings[0]["message"]
    assert product_for(LEIDEN, KEY).page.cost == "Gratis."
    anna, bart = keeper("anna"), keeper("bart")
    draft = versions.take_in(anna, "product", KEY, theirs.hash)
    assert "kosten: Dit kost niets." in draft.text
    assert "Geef in Leiden" in draft.text
    offered = versions.offer_for_approval(anna, "product", KEY, summary="Mee met Utrecht.", reason="Duidelijker.")
    versions.approve_and_publish(bart, "product", KEY, seen=offered.hash)
    now = product_for(LEIDEN, KEY)
    assert now.page.cost == "Dit kost niets."
    assert now.page.summary.startswith("Geef in Leiden")


@pytest.mark.parametrize("key", ["../../x", "X", "", "a" * 81, "contact.yaml"])
def test_a_key_that_is_no_name_is_never_published(key: str) -> None:
    with pytest.raises(Invalid):
        versions.start_draft(keeper("anna"), "blok", key, text="stappen: []\n")
