"""Products in the studio: found, read as one page, changed without YAML, published by two persons."""

from __future__ import annotations

import pytest

from tests.casework.conftest import LEIDEN, RegistersSay, clerk
from tests.web.desk.conftest import Desk, desk_of
from vliegwiel.base.clock import today
from vliegwiel.catalogue import upl
from vliegwiel.catalogue.editing.deviating import standing
from vliegwiel.catalogue.productshelf import Wanted, product_shelf
from vliegwiel.catalogue.queries import product_for
from vliegwiel.catalogue.versions import actions, queries
from vliegwiel.trust.identity import Role

pytestmark = pytest.mark.django_db

PERMIT = "bewonersparkeervergunning"
PAGE = f"/studio/producten/{PERMIT}/"
DRAFT = f"/studio/concepten/variant/{PERMIT}/"
WHY = {"reden": "Zo werken wij.", "reden_soort": "werkwijze"}


@pytest.fixture
def bas(offices: RegistersSay) -> Desk:
    """The colleague of the functional administrator."""
    return desk_of(clerk("bas", LEIDEN, Role.FUNCTIONEEL_BEHEERDER))


def seen(desk: Desk, address: str = DRAFT) -> str:
    """The mark of the text on a form."""
    html = desk.client.get(address).content.decode()
    return html.partition('name="gezien" value="')[2].partition('"')[0]


def change(desk: Desk, path: str, values: dict[str, str], **more: str) -> str:
    """Change a place of the draft; gives the text of the page that follows."""
    where = f"{DRAFT}?pad={path}" + ("&nieuw=1" if more.get("nieuw") else "")
    sent = {"pad": path, "gezien": seen(desk, where), "doe": "bewaar", **WHY, **more}
    sent.update({f"w.{name}": value for name, value in values.items()})
    return desk.post(DRAFT, sent).text


def test_every_product_of_the_upl_stands_on_the_shelf_and_can_be_searched_as_people_say_it(tess: Desk) -> None:
    shelf = product_shelf(LEIDEN, Wanted())
    assert {product.uri for product in upl.producten()} <= {row.upl_uri for row in shelf.rows}
    assert f"van {shelf.total} gevonden" in tess.get("/studio/producten/").text
    found = tess.get("/studio/producten/", q="auto voor de deur").text
    assert found.index("Parkeervergunning voor bewoners") < found.index("gevonden.")
    assert "Geen product past" in tess.get("/studio/producten/", q="xyzxyzxyz").text
    assert "Nog een concept" in tess.get("/studio/producten/", stand="concept").text


def test_a_product_is_one_page_with_law_steps_texts_process_retention_and_examples(tess: Desk) -> None:
    text = tess.get(PAGE).text
    definition = product_for(LEIDEN, PERMIT)
    for step in definition.steps:
        assert step.title in text
    for outcome in definition.outcomes:
        assert outcome.name in text
    for phase in definition.process.phases:
        assert phase.name in text
    for example in definition.examples:
        assert example.says in text
    assert "1 jaar vanaf de dag dat het recht vervalt" in text
    assert "Leiden wijkt op 10 punten af" in text
    national = tess.get(PAGE, zoals="landelijk").text
    assert "Zone A" not in national


def test_examples_run_and_say_which_outcome_has_none(tess: Desk) -> None:
    text = tess.get(f"{PAGE}voorbeelden/").text
    assert f"Alle {len(product_for(LEIDEN, PERMIT).examples)} voorbeelden komen uit" in text


def test_only_who_manages_definitions_may_change_them(tess: Desk) -> None:
    for address in (
        DRAFT,
        f"{DRAFT}yaml/",
        f"{DRAFT}publiceren/",
        "/studio/concepten/",
        f"{PAGE}aanbieden/",
        "/studio/nieuwe-versies/",
    ):
        tess.get(address)
        assert tess.status == 403, address
    tess.post(DRAFT, {"pad": "pagina", "doe": "bewaar"})
    assert tess.status == 403


def test_a_change_becomes_a_deviation_with_its_reason_and_live_stays(fien: Desk) -> None:
    text = change(fien, "pagina", {"samenvatting": "Parkeer bij u in de straat."})
    assert "Bewaard in het concept" in text
    draft = queries.draft(fien.staff, "variant", PERMIT)
    assert draft is not None
    (made,) = [one for one in standing(draft.text) if one.path == ("pagina", "samenvatting")]
    assert (made.why.kind, made.why.reason) == ("werkwijze", "Zo werken wij.")
    assert draft.text.startswith("# Aantallen, maten, houder en wachtlijst staan in wetten/parkeren/leiden.yaml.\n")
    assert product_for(LEIDEN, PERMIT).page.summary == "Parkeer in uw eigen buurt met een vergunning."
    assert "Parkeer bij u in de straat." in fien.get(f"{DRAFT}verschil/").text
    assert "Parkeer bij u in de straat." in fien.get(f"{DRAFT}voorbeeldpagina/").text
    fien.post(DRAFT, {"doe": "terug"})
    assert "Parkeer bij u in de straat." not in fien.get(f"{DRAFT}yaml/").text
    fien.post(DRAFT, {"doe": "opnieuw"})
    assert "Parkeer bij u in de straat." in fien.get(f"{DRAFT}yaml/").text
    fien.post(DRAFT, {"doe": "landelijk", "pad": "pagina.samenvatting"})
    assert "Parkeer bij u in de straat." not in fien.get(f"{DRAFT}yaml/").text


def test_a_change_without_a_reason_or_that_cannot_be_is_refused_and_nothing_typed_is_lost(fien: Desk) -> None:
    page = change(fien, "pagina", {"kosten": "Gratis, voor iedereen."}, reden="")
    assert fien.status == 422
    assert "Schrijf in een zin waarom u hier afwijkt" in page
    assert (
        "Gratis, voor iedereen."
        in fien.client.post(
            DRAFT,
            {
                "pad": "pagina",
                "gezien": seen(fien, f"{DRAFT}?pad=pagina"),
                "w.pagina.kosten": "x",
                "w.kosten": "Gratis, voor iedereen.",
            },
        ).content.decode()
    )
    change(fien, "uitkomst_als.1", {"als": "vergunning = "})
    assert fien.status == 422
    change(fien, "termijnen", {"beslissen.duur": "9 weken"})
    assert "9 weken" not in fien.get(f"{DRAFT}yaml/").text
    assert queries.draft(fien.staff, "variant", PERMIT) is None


def test_a_question_is_added_without_yaml_and_asked(fien: Desk) -> None:
    change(
        fien,
        "stappen",
        {
            "vraag": "Waarom vraagt u dit aan?",
            "velden.1.soort": "tekst",
            "velden.1.label": "Reden",
            "velden.1.verplicht": "false",
        },
        nieuw="1",
        na="auto",
    )
    assert fien.status == 200
    draft = queries.draft(fien.staff, "variant", PERMIT)
    assert draft is not None
    assert "  - pad: stappen.waarom_vraagt_u_dit_aan\n    na: auto\n" in draft.text
    assert queries.check_text(LEIDEN, "variant", PERMIT, draft.text).ok
    html = fien.client.get(f"{DRAFT}voorbeeldpagina/").content.decode()
    assert html.index("Voor welke auto") < html.index("Waarom vraagt u dit aan?") < html.index("Van wie is de auto")


def test_an_own_example_is_added_in_lines_and_must_come_out(fien: Desk) -> None:
    facts = "zone: A\nvergunningen_op_adres: 3"
    wrong = {
        "vertelt": "Te veel in zone A",
        "op": "2026-11-24",
        "zoals": "eerste",
        "feiten": facts,
        "verwacht.uitkomst": "toekennen",
    }
    page = change(fien, "voorbeelden", wrong, nieuw="1")
    assert fien.status == 422
    assert "de wet zegt 'weigeren'" in page
    change(fien, "voorbeelden", {**wrong, "verwacht.uitkomst": "weigeren"}, nieuw="1")
    assert fien.status == 200
    assert "sleutel: te_veel_in_zone_a" in fien.get(f"{DRAFT}yaml/").text


def test_while_typing_the_page_says_what_is_wrong_and_writes_nothing(fien: Desk) -> None:
    sent = {
        "pad": "stappen.auto.velden.kenteken",
        "gezien": seen(fien, f"{DRAFT}?pad=stappen.auto.velden.kenteken"),
        **WHY,
    }
    part = fien.post(f"{DRAFT}nakijken/", {**sent, "w.tonen_als": "zonnee = 1"}).text
    assert "De naam 'zonnee' bestaat hier niet. Bedoelt u 'zone'?" in part
    assert "Dit kan zo." in fien.post(f"{DRAFT}nakijken/", {**sent, "w.label": "Uw kenteken"}).text
    assert queries.draft(fien.staff, "variant", PERMIT) is None


def test_two_persons_publish_and_new_cases_get_it(fien: Desk, bas: Desk) -> None:
    change(fien, "pagina", {"kosten": "Bel ons."})
    sent = {"doe": "aanbieden", "samenvatting": "Kosten korter", "reden": "Leest sneller"}
    assert "Zeg wat er verandert" in fien.post(f"{DRAFT}publiceren/", {**sent, "reden": ""}).text
    fien.post(f"{DRAFT}publiceren/", sent)
    offered = queries.draft(fien.staff, "variant", PERMIT)
    assert offered is not None
    page = fien.get(f"{DRAFT}publiceren/").text
    assert "Een collega keurt dit goed" in page
    fien.post(f"{DRAFT}publiceren/", {"doe": "publiceren", "gezien": offered.hash})
    assert fien.status == 403
    page = bas.get(f"{DRAFT}publiceren/").text
    assert "Kijk na en publiceer" in page
    bas.post(f"{DRAFT}publiceren/", {"doe": "terugsturen", "waarom": "Nog een punt."})
    assert "Nog een punt." in fien.get(DRAFT).text
    fien.post(f"{DRAFT}publiceren/", sent)
    page = bas.post(f"{DRAFT}publiceren/", {"doe": "publiceren", "gezien": offered.hash}).text
    assert "Gepubliceerd." in page
    assert product_for(LEIDEN, PERMIT).page.cost == "Bel ons."
    history = bas.get(f"{PAGE}geschiedenis/").text
    assert "Kosten korter" in history
    versions = queries.history(LEIDEN, "variant", PERMIT, LEIDEN)
    page = bas.get(f"{PAGE}verschil/", van=versions[0].parents[0], naar=versions[0].hash).text
    assert "Bel ons" in page


def test_who_was_first_is_said_and_what_was_typed_stays(fien: Desk, bas: Desk) -> None:
    mark = seen(fien, f"{DRAFT}?pad=pagina")
    change(bas, "pagina", {"kosten": "Bel ons."})
    page = fien.post(DRAFT, {"pad": "pagina", "gezien": mark, "doe": "bewaar", "w.wat": "Anders gezegd.", **WHY})
    assert fien.status == 409
    assert "heeft dit concept intussen gewijzigd" in page.text
    assert "Anders gezegd." in page.text


def test_a_product_is_offered_from_a_day_and_stopped(fien: Desk) -> None:
    page = fien.get(f"{PAGE}aanbieden/").text
    assert "Proef met de voorbeelden" in page
    fien.post(f"{PAGE}aanbieden/", {"doe": "aanbieden", "vanaf": "2020-01-01"})
    assert fien.status == 422
    fien.post(f"{PAGE}aanbieden/", {"doe": "stoppen", "laatste": today().isoformat()})
    assert fien.status == 200
    assert "Parkeervergunning voor bewoners" in fien.get("/studio/wie-draait-wat/").text


def test_hostile_addresses_and_forms_are_refused_with_a_sentence(fien: Desk) -> None:
    for address in (
        f"{DRAFT}?pad=" + "a." * 300, f"{DRAFT}?pad=stappen.%2e%2e.x", f"{DRAFT}?pad=__class__.x", "/studio/concepten/wet/x/",
        "/studio/concepten/variant/niets/", "/studio/producten/niets/", f"{PAGE}verschil/?van=zzz&naar=" + "0" * 64,
    ):  # fmt: skip
        fien.client.get(address)
        assert fien.client.get(address).status_code in (400, 404), address
    for path in ("", "stappen", "niets.niets", "uitkomst_als.99", "sleutel"):
        fien.post(DRAFT, {"pad": path, "gezien": seen(fien, f"{DRAFT}?pad=pagina"), "doe": "weg", **WHY})
        assert fien.status in (404, 409, 422), path
    fien.post(f"{DRAFT}yaml/", {"tekst": "a: &b [*b]\n", "gezien": seen(fien, f"{DRAFT}yaml/")})
    assert "anker" in fien.get(f"{DRAFT}yaml/").text
    fien.get(DRAFT)
    assert fien.status == 200
    actions.discard(fien.staff, "variant", PERMIT)


def test_a_pattern_and_a_block_are_changed_in_their_own_text(fien: Desk) -> None:
    for kind, key, path, name in (
        ("patroon", "aanvraag", "omschrijving", ""),
        ("blok", "contact", "stappen.contact", "vraag"),
        ("blok", "behandelen", "statussen.ontvangen", "tekst"),
    ):
        address = f"/studio/concepten/{kind}/{key}/"
        fien.get(address)
        assert fien.status == 200, address
        fien.post(
            address,
            {"pad": path, "gezien": seen(fien, f"{address}?pad={path}"), "doe": "bewaar", f"w.{name}": "Anders"},
        )
        assert fien.status == 200, address
        draft = queries.draft(fien.staff, kind, key)
        assert draft is not None
        assert "Anders" in draft.text
