"""Trying a law: every example comes out as the law says, whatever is typed gives a sentence, and a link carries the values."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from tests.web.desk.conftest import Desk
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.trying import example_of, trial
from vliegwiel.law.feel.values import Unknown
from vliegwiel.law.plain import read_node

pytestmark = pytest.mark.django_db

LAW = "/studio/wet/participatiewet/proberen/"
FILLED = {
    "op": "2026-11-24", "gemeente": "GM0344", "g.geboortedatum": "2 mei 1988", "g.aow_leeftijd_bereikt": "nee",
    "g.woont_in_gemeente": "ja", "g.huishouden": "alleenstaande", "g.maanden_laag_inkomen": "36", "g.inkomen": "1.389,60",
    "g.vermogen": "2115", "g.laatste_toeslag": "geen", "g.studeert": "nee", "g.uitzicht_op_inkomen": "nee",
    "g.leeftijd_oudste_kind": "geen", "toon": "1",
}  # fmt: skip


def test_every_example_of_every_law_can_be_tried_and_gives_what_it_says() -> None:
    book = law_book()
    for text in book.texts:
        for spec in text.examples:
            asked = example_of(book, text, spec)
            found = trial(book, asked, run=True)
            assert not found.problem, (text.id, spec.naam, found.problem)
            assert not found.invalid, (text.id, spec.naam, found.invalid)
            assert found.first is not None
            expected = {key.text: node for key, node in spec.verwacht.entries}
            for name, outcome in found.first.decision.outcomes.items():
                node = expected.get(name)
                if node is None:
                    continue
                if getattr(node, "text", "") == "onbekend":
                    assert outcome.state == "onbekend", (text.id, spec.naam, name)
                    continue
                value = read_node(outcome.type, node, name)
                assert not isinstance(value, Unknown)
                assert outcome.value == value, (text.id, spec.naam, name)


def test_the_outcome_comes_with_its_reasons_and_the_whole_proof(tess: Desk) -> None:
    page = tess.get(LAW, **FILLED)
    assert tess.status == 200
    assert "Bedrag van de toeslag" in page.text
    assert "U woont in deze gemeente." in page.text
    assert "Het hele bewijs" in page.text
    assert "Regels individuele inkomenstoeslag Utrecht" in page.text


def test_what_is_missing_is_told_with_a_link_to_its_field(tess: Desk) -> None:
    sent = {name: value for name, value in FILLED.items() if name not in ("g.inkomen", "g.uitzicht_op_inkomen")}
    page = tess.get(LAW, **sent)
    assert "Om alles te weten ontbreekt nog" in page.text
    assert page.links["Netto inkomen per maand"] == "#veld-inkomen"
    assert page.links["Is er uitzicht op meer inkomen?"] == "#veld-uitzicht_op_inkomen"


def test_the_link_on_the_page_gives_the_same_page_and_carries_nothing_empty(tess: Desk) -> None:
    first = tess.get(LAW, **FILLED, **{"g.bestaat_niet": "x"})
    address = next(form for form in first.forms if "proberen" in form.action)
    assert address
    json_link = first.link("Download als JSON")
    query = json_link.partition("?")[2]
    assert "bestaat_niet" not in query
    assert "=&" not in query
    again = tess.get(f"{LAW}?{query}")
    assert again.text == first.text


def test_two_municipalities_side_by_side(tess: Desk) -> None:
    page = tess.get(LAW, **FILLED, gemeente2="GM0772")
    assert "Naast elkaar" in page.text
    assert "Utrecht" in page.text
    assert "Eindhoven" in page.text
    assert "anders" in page.text
    dates = tess.get(LAW, **FILLED, op2="2024-01-01")
    assert "1 januari 2024" in dates.text


def test_the_decision_can_be_downloaded_as_data(tess: Desk) -> None:
    response = tess.client.get("/studio/wet/participatiewet/proberen.json", FILLED)
    assert response["Content-Type"] == "application/json"
    found = json.loads(response.content)
    assert found["besluit"]["law"] == "participatiewet"
    assert found["uitleg"]["outcomes"]
    both = tess.client.get("/studio/wet/participatiewet/proberen.json", {**FILLED, "gemeente2": "GM0772"})
    assert len(json.loads(both.content)) == 2


WRONG = (
    ("g.inkomen", "veel"),
    ("g.inkomen", "9" * 400),
    ("g.geboortedatum", "31-02-2020"),
    ("g.huishouden", "commune"),
    ("g.studeert", "misschien"),
    ("g.maanden_laag_inkomen", "1e999"),
    ("g.hoogte_toeslag", "NaN"),
)


def test_a_value_that_does_not_fit_is_told_at_its_field(tess: Desk) -> None:
    for name, value in WRONG:
        page = tess.get(LAW, **{**FILLED, name: value})
        assert tess.status == 422, name
        assert page.title.startswith("Fout:")
        assert f"#veld-{name[2:]}" in page.links.values(), name
        if name not in ("g.huishouden", "g.studeert"):
            assert any(form.fields.get(name) == [value] for form in page.forms), name


ADDRESSES = (
    "op=1900-01-01&toon=1",
    "op=geen&gemeente=GM9999&toon=1",
    "uitkomst=bestaat_niet&uitkomst=../../x&toon=1",
    "g.%00=1&g.=2&g..x=3&g.a.b.c.d.e=4&toon=1",
    "op2=x&gemeente2=y&toon=1",
    urlencode([(f"g.veld{n}", "1") for n in range(900)]),
    "g.inkomen=" + "1" * 6000,
    "g.vermogen=%E2%80%AE1&g.studeert=%FF&toon=1",
)


def test_no_address_gives_an_error_of_ours(tess: Desk) -> None:
    for query in ADDRESSES:
        for path in (LAW, "/studio/wet/bijstand/proberen/", "/studio/wet/participatiewet/proberen.json"):
            assert tess.client.get(f"{path}?{query}").status_code < 500, (path, query[:80])


def test_nothing_typed_is_kept_or_logged(tess: Desk, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        tess.get(LAW, **{**FILLED, "g.vermogen": "8127"})
    assert "8127" not in "\n".join(record.getMessage() + str(record.__dict__.get("route")) for record in caplog.records)


def test_lists_of_groups_get_a_row_more_than_is_filled(tess: Desk) -> None:
    book = law_book()
    if "bijstand" not in book.law_ids:
        pytest.skip("this law is not there")
    page = tess.get("/studio/wet/bijstand/proberen/", **{"g.huisgenoten.0.leeftijd": "30", "toon": "1"})
    names = {name for form in page.forms for name in (*form.fields, *form.choices)}
    assert "g.huisgenoten.1.leeftijd" in names
    assert "g.huisgenoten.2.leeftijd" not in names


def test_an_example_on_the_page_fills_the_form(tess: Desk) -> None:
    first = tess.get(LAW)
    address = first.link("Alleenstaande met drie jaar een laag inkomen")
    response = tess.client.get(address)
    assert response.status_code == 302
    page = tess.get(response["Location"])
    assert page.form("proberen").fields["g.inkomen"] == ["1389,60"]
    for strange in ("x", "participatiewet:2023-01-01:999", "participatiewet:ooit:1", "awb:2024-01-01:1", "::"):
        assert tess.client.get(LAW, {"voorbeeld": strange}).status_code == 404
