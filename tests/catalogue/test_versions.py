"""Versions of definitions: a draft beside what is live, two persons, published for good, deprecated with an end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from vliegwiel.base.clock import set_to
from vliegwiel.base.errors import Conflict, Forbidden, Invalid, NotFound, Stale, TooLarge
from vliegwiel.base.tenancy import scope
from vliegwiel.catalogue.actions import adopt
from vliegwiel.catalogue.adopting import actions as adopting
from vliegwiel.catalogue.canonical import text_hash
from vliegwiel.catalogue.models import Draft, Publication
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.resolve import library, resolve
from vliegwiel.catalogue.versions import actions, effects, queries
from vliegwiel.catalogue.versions.checking import users_of
from vliegwiel.trust.identity import Role, Staff

pytestmark = pytest.mark.django_db

LEIDEN, LEIDERDORP, UTRECHT = "GM0546", "GM0547", "GM0344"
KEY = "verhuizing-doorgeven"
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with set_to(TODAY):
        yield


def keeper(name: str = "anna", municipality: str = LEIDEN) -> Staff:
    return Staff(municipality, f"beheer-{name}", name.title(), frozenset({Role.FUNCTIONEEL_BEHEERDER}))


ANNA, BART = keeper("anna"), keeper("bart")


def changed(actor: Staff = ANNA, kind: str = "product", key: str = KEY, *, old: str, new: str) -> str:
    """Begin a draft of what is live with one change; gives its text."""
    text = actions.start_draft(actor, kind, key).text
    assert old in text
    actions.save_draft(actor, kind, key, text.replace(old, new, 1))
    return text.replace(old, new, 1)


def publish(kind: str = "product", key: str = KEY, *, old: str, new: str, municipality: str = LEIDEN) -> str:
    """A change, written, offered and published by two persons; gives its hash."""
    writer, approver = keeper("anna", municipality), keeper("bart", municipality)
    changed(writer, kind, key, old=old, new=new)
    offered = actions.offer_for_approval(
        writer, kind, key, summary="Andere woorden.", reason="Mensen begrepen het niet."
    )
    return actions.approve_and_publish(approver, kind, key, seen=offered.hash).hash


SUMMARY = "  samenvatting: "


def summary_line() -> str:
    text = library().text(f"producten/{KEY}.yaml") or ""
    return next(line for line in text.splitlines() if line.startswith(SUMMARY))


def test_a_draft_stands_beside_what_is_live_and_every_step_can_be_taken_back_and_done_again() -> None:
    before = actions.start_draft(ANNA, "product", KEY)
    assert before.text == library().text(f"producten/{KEY}.yaml")
    assert actions.start_draft(BART, "product", KEY) == before
    first = before.text.replace(summary_line(), SUMMARY + "Geef het door.")
    assert actions.save_draft(ANNA, "product", KEY, first) == ()
    actions.save_draft(BART, "product", KEY, first + "# meer\n")
    assert actions.undo(ANNA, "product", KEY).text == first
    assert actions.undo(ANNA, "product", KEY).text == before.text
    with pytest.raises(Conflict):
        actions.undo(ANNA, "product", KEY)
    assert actions.redo(ANNA, "product", KEY).text == first
    actions.save_draft(ANNA, "product", KEY, first + "# anders\n")
    with pytest.raises(Conflict):
        actions.redo(ANNA, "product", KEY)
    assert queries.current(LEIDEN, KEY).page.summary == resolve(LEIDEN, KEY, TODAY).page.summary
    actions.discard(ANNA, "product", KEY)
    assert queries.drafts(ANNA) == ()


def test_a_wrong_text_is_kept_and_told_with_its_line_but_never_offered() -> None:
    text = actions.start_draft(ANNA, "product", KEY).text
    wrong = text.replace("sleutel: melding", "sleutel: meldingen", 1)
    found = actions.save_draft(ANNA, "product", KEY, wrong)
    line = 1 + wrong[: wrong.index("sleutel: meldingen")].count("\n")
    assert (found[0].file, found[0].line) == (f"producten/{KEY}.yaml", line)
    draft = queries.draft(ANNA, "product", KEY)
    assert draft is not None
    assert draft.text == wrong
    with pytest.raises(Invalid) as refused:
        actions.offer_for_approval(ANNA, "product", KEY, summary="Iets", reason="Daarom")
    assert f"regel {line}" in refused.value.invalid[0].reason
    actions.save_draft(ANNA, "product", KEY, "soort: [")
    with pytest.raises(TooLarge):
        actions.save_draft(ANNA, "product", KEY, "x" * 1_000_001)


def test_history_of_a_draft_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_KEPT", 5)
    actions.start_draft(ANNA, "blok", "los", text="stappen: []\n")
    for number in range(8):
        actions.save_draft(ANNA, "blok", "los", f"stappen: []\n# {number}\n")
    with scope(LEIDEN):
        assert len(Draft.objects.get().history) == actions.MOST_KEPT


def test_who_wrote_or_offered_a_definition_does_not_publish_it() -> None:
    changed(old=summary_line(), new=SUMMARY + "Geef het door.")
    with pytest.raises(Conflict):
        actions.approve_and_publish(BART, "product", KEY, seen="")
    offered = actions.offer_for_approval(ANNA, "product", KEY, summary="Korter", reason="Leest beter")
    with pytest.raises(Forbidden):
        actions.approve_and_publish(ANNA, "product", KEY, seen=offered.hash)
    with pytest.raises(Stale):
        actions.approve_and_publish(BART, "product", KEY, seen=text_hash("a: b"))
    assert actions.send_back(BART, "product", KEY, "Zeg ook wanneer.").refusal == "Zeg ook wanneer."
    offered = actions.offer_for_approval(ANNA, "product", KEY, summary="Korter", reason="Leest beter")
    made = actions.approve_and_publish(BART, "product", KEY, seen=offered.hash)
    assert made.version == "1.1.0"
    assert queries.drafts(ANNA) == ()
    row = queries.history(LEIDEN, "product", KEY)[0]
    assert (row.publisher, row.prepared_by_name, row.approved_by_name) == (LEIDEN, "Anna", "Bart")
    assert row.parents == (text_hash(library().text(f"producten/{KEY}.yaml") or ""),)
    with pytest.raises(NotFound):
        actions.approve_and_publish(BART, "product", KEY, seen=offered.hash)


def test_changing_what_was_offered_takes_the_offer_back() -> None:
    changed(old=summary_line(), new=SUMMARY + "Geef het door.")
    offered = actions.offer_for_approval(ANNA, "product", KEY, summary="Korter", reason="Leest beter")
    actions.save_draft(ANNA, "product", KEY, offered.text + "# nog iets\n")
    with pytest.raises(Conflict):
        actions.approve_and_publish(BART, "product", KEY, seen=offered.hash)


def test_only_who_keeps_definitions_writes_them() -> None:
    clerk = Staff(LEIDEN, "m-1", "M. Edewerker", frozenset({Role.MEDEWERKER}))
    for call in (
        lambda: actions.start_draft(clerk, "product", KEY),
        lambda: actions.save_draft(clerk, "product", KEY, ""),
        lambda: actions.approve_and_publish(clerk, "product", KEY, seen=""),
        lambda: actions.deprecate(clerk, "product", KEY, "1.0.0", start=TODAY, reason="x"),
        lambda: queries.drafts(clerk),
    ):
        with pytest.raises(Forbidden):
            call()


def test_what_is_published_counts_for_its_publisher_and_for_nobody_else() -> None:
    adopt(ANNA, LEIDEN, KEY)
    adopt(keeper("carla", LEIDERDORP), LEIDERDORP, KEY)
    publish(old=summary_line(), new=SUMMARY + "Geef uw verhuizing snel door.")
    assert product_for(LEIDEN, KEY).page.summary == "Geef uw verhuizing snel door."
    assert product_for(LEIDEN, KEY).version == "1.1.0"
    assert product_for(LEIDERDORP, KEY).version == "1.0.0"
    assert queries.current(UTRECHT, KEY).version == "1.0.0"
    # Everybody may read it.
    assert queries.history(UTRECHT, "product", KEY)[0].publisher == LEIDEN
    assert queries.text_now(LEIDEN, "product", KEY).source == LEIDEN
    assert queries.text_now(UTRECHT, "product", KEY).source == "pakket"


def test_a_shared_block_reaches_every_product_that_uses_it() -> None:
    products = users_of(library(), "blok", "rijbewijs")
    assert len(products) > 1
    for key in products:
        adopt(ANNA, LEIDEN, key)
    publish("blok", "rijbewijs", old="Wanneer bent u geboren?", new="Op welke dag bent u geboren?")
    for key in products:
        assert "Op welke dag bent u geboren?" in [step.title for step in product_for(LEIDEN, key).steps]
    assert queries.text_now(LEIDEN, "blok", "rijbewijs").version == "1.0.0"


@pytest.mark.parametrize(
    "sql", ["SET text = 'anders'", "SET version = '9.9.9'", "SET approved_by = 'x'", "SET serial = 0"]
)
def test_the_database_itself_refuses_to_change_a_publication(sql: str) -> None:
    publish(old=summary_line(), new=SUMMARY + "Geef het door.")
    with scope(LEIDEN):
        for statement in (f"UPDATE catalogue_publication {sql}", "DELETE FROM catalogue_publication"):
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_another_municipality_reads_a_publication_and_cannot_write_it() -> None:
    publish(old=summary_line(), new=SUMMARY + "Geef het door.")
    with scope(UTRECHT):
        assert Publication.everywhere.count() == 1
        assert not Publication.objects.exists()
        with connection.cursor() as cursor:
            cursor.execute("UPDATE catalogue_publication SET deprecated_from = now()")
            assert cursor.rowcount == 0


def test_a_deprecated_version_counts_until_its_last_day_and_is_told_to_who_reads_on() -> None:
    adopt(ANNA, LEIDEN, KEY)
    publish(old=summary_line(), new=SUMMARY + "Geef het door.")
    with scope(LEIDEN):
        serial = Publication.objects.get().serial
    actions.deprecate(
        ANNA, "product", KEY, "1.1.0", start=TODAY, until=TODAY + timedelta(days=9), reason="Er zat een fout in."
    )
    with scope(LEIDEN):
        row = Publication.objects.get()
        assert row.serial > serial == row.number
    assert product_for(LEIDEN, KEY).version == "1.1.0"
    assert product_for(LEIDEN, KEY, TODAY + timedelta(days=10)).version == "1.0.0"
    with pytest.raises(Invalid):
        actions.deprecate(
            ANNA, "product", KEY, "1.1.0", start=TODAY, until=TODAY - timedelta(days=1), reason="Andersom"
        )


def test_a_draft_of_what_is_no_longer_live_is_not_published_over_it() -> None:
    publish(old=summary_line(), new=SUMMARY + "Eerste.")
    changed(old=SUMMARY + "Eerste.", new=SUMMARY + "Tweede.")
    with scope(LEIDEN):
        Draft.objects.update(base="0" * 64)
    with pytest.raises(Conflict, match="nieuwe versie gekomen"):
        actions.offer_for_approval(ANNA, "product", KEY, summary="Korter", reason="Leest beter")


def test_versions_only_go_up_and_lineage_leads_back_to_the_package() -> None:
    publish(old=summary_line(), new=SUMMARY + "Eerste.")
    changed(old=SUMMARY + "Eerste.", new=SUMMARY + "Tweede.")
    with pytest.raises(Conflict):
        actions.offer_for_approval(ANNA, "product", KEY, version="1.1.0", summary="x", reason="y")
    with pytest.raises(Invalid):
        actions.offer_for_approval(ANNA, "product", KEY, version="twee", summary="x", reason="y")
    offered = actions.offer_for_approval(ANNA, "product", KEY, version="2.0.0", summary="x", reason="y")
    made = actions.approve_and_publish(BART, "product", KEY, seen=offered.hash)
    assert [row.version for row in queries.lineage(LEIDEN, made.hash)][:2] == ["2.0.0", "1.1.0"]
    assert "versie: 2.0.0" in (queries.text_of(made.hash, UTRECHT) or "")
    assert [row.version for row in queries.history(LEIDEN, "product", KEY)] == ["2.0.0", "1.1.0", "1.0.0"]


def test_a_variant_that_varies_what_the_law_fixes_is_not_published() -> None:
    text = actions.start_draft(ANNA, "variant", KEY).text
    path = "stappen.wanneer.velden.verhuisdatum.tot"
    more = f"{{pad: {path}, waarde: vandaag + weken(6), soort: werkwijze, reden: Wij hebben langer nodig.}}"
    actions.save_draft(ANNA, "variant", KEY, f"{text}afwijkingen:\n  - {more}\n")
    with pytest.raises(Invalid) as refused:
        actions.offer_for_approval(ANNA, "variant", KEY, summary="Langer", reason="Druk")
    assert "ligt vast" in refused.value.invalid[0].reason


def test_a_definition_whose_examples_fail_is_not_published() -> None:
    text = actions.start_draft(ANNA, "product", KEY).text
    actions.save_draft(
        ANNA, "product", KEY, text.replace("verwacht: {uitkomst: verwerken}", "verwacht: {uitkomst: weigeren}", 1)
    )
    with pytest.raises(Invalid) as refused:
        actions.offer_for_approval(ANNA, "product", KEY, summary="x", reason="y")
    assert any(one.code == "voorbeeld" for one in refused.value.invalid)


def test_what_another_installation_made_is_published_once_and_with_its_examples() -> None:
    text = (library().text(f"producten/{KEY}.yaml") or "").replace("versie: 1.0.0", "versie: 1.4.0", 1)
    came = actions.CameIn("product", KEY, "", "1.4.0", text, UTRECHT, "Utrecht", parents=["0" * 64])
    made = actions.publish_received(ANNA, came)
    assert actions.publish_received(ANNA, came) == made
    other = text.replace(summary_line(), SUMMARY + "Anders.")
    with pytest.raises(Conflict):
        actions.publish_received(ANNA, replace(came, text=other))
    assert queries.current(LEIDEN, KEY).version == "1.4.0"


def test_before_publishing_it_is_shown_what_changes_here_and_at_who_follows() -> None:
    publish("product", "rijbewijs-verlengen", old="  samenvatting: ", new="  samenvatting: Nieuw. ")
    adopt(ANNA, LEIDEN, KEY)
    adopting.adopt(keeper("carla", UTRECHT), UTRECHT, KEY, publisher=LEIDEN)
    changed(old=summary_line(), new=SUMMARY + "Geef het door.")
    found = effects.effect_of(ANNA, "product", KEY)
    assert [one.path for one in found.changes] == [("pagina", "samenvatting")]
    (own,) = found.products
    assert (own.product, own.offered, own.same, own.running) == (KEY, True, False, 0)
    (follower,) = found.followers
    assert follower.municipality == UTRECHT
    assert follower.outlook is not None
    assert follower.outlook.clean
    assert product_for(LEIDEN, KEY).version == "1.0.0"


def test_what_became_live_while_somebody_wrote_is_taken_into_the_draft_or_asked() -> None:
    changed(old=summary_line(), new=SUMMARY + "Uit het concept.")
    text = (library().text(f"producten/{KEY}.yaml") or "").replace("versie: 1.0.0", "versie: 1.4.0", 1)
    came = actions.CameIn("product", KEY, "", "1.4.0", text, UTRECHT, "Utrecht")
    assert effects.meanwhile(ANNA, "product", KEY) is None
    actions.publish_received(ANNA, replace(came, text=text.replace("kosten: Gratis.", "kosten: Niets.", 1)))
    assert effects.meanwhile(ANNA, "product", KEY) == ()
    draft = actions.catch_up(ANNA, "product", KEY)
    assert "kosten: Niets." in draft.text
    assert "Uit het concept." in draft.text
    with pytest.raises(Conflict):
        actions.catch_up(ANNA, "product", KEY)
    again = text.replace("versie: 1.4.0", "versie: 1.5.0", 1).replace(summary_line(), SUMMARY + "Van elders.")
    actions.publish_received(ANNA, replace(came, text=again, version="1.5.0"))
    with pytest.raises(Invalid) as refused:
        actions.catch_up(ANNA, "product", KEY)
    assert [one.name for one in refused.value.invalid] == ["pagina.samenvatting"]
    assert "Van elders." in actions.catch_up(ANNA, "product", KEY, {"pagina.samenvatting": "theirs"}).text
    with pytest.raises(Conflict):
        actions.undo(ANNA, "product", KEY)
