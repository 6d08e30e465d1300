"""Reading the laws: the list, a law as a page, and what a lawyer still has to check."""

from __future__ import annotations

import pytest

from tests.web.desk.conftest import Desk
from vliegwiel.base.clock import today
from vliegwiel.catalogue.lawbook import law_book
from vliegwiel.catalogue.laws.open_points import Why, open_points
from vliegwiel.catalogue.laws.page import law_page
from vliegwiel.catalogue.laws.shelf import Wanted, shelf

pytestmark = pytest.mark.django_db


def test_every_law_and_ordinance_stands_in_the_list_and_can_be_read(tess: Desk) -> None:
    page = tess.get("/studio/")
    for text in law_book().texts:
        assert text.name in page.text
    ids = sorted({text.id for text in law_book().texts})
    for law in ids:
        made = law_page(law_book(), law, today())
        assert made.articles, law
        assert not made.wrong_examples, law
    # Every sixth is also shown: what a page can hold is the same for all.
    for law in ids[::6]:
        tess.get(f"/studio/wet/{law}/")
        assert tess.status == 200, law


def test_a_law_shows_each_rule_each_amount_and_each_example_with_its_article(tess: Desk) -> None:
    page = tess.get("/studio/wet/participatiewet/")
    (text,) = law_book().versions("participatiewet")
    for rule in text.rules.values():
        assert rule.label[:1].upper() + rule.label[1:] in page.text
    for norm in text.norms.values():
        assert norm.label[:1].upper() + norm.label[1:] in page.text
    for example in text.examples:
        assert example.naam in page.text
    for article in text.articles:
        assert f"Artikel {article.number}. {article.basis.ground.title}" in page.text
    assert "€ 1.419,46" in page.text
    assert "Utrecht" in page.text
    assert "inkomen <= inkomensgrens" in page.text


def test_another_date_shows_the_amount_that_counted_then(tess: Desk) -> None:
    now = tess.get("/studio/wet/participatiewet/", op="2026-11-24").text
    then = tess.get("/studio/wet/participatiewet/", op="2023-02-01").text
    assert "1 juli 2026 € 1.419,46 € 2.027,79 telt nu" in now
    assert "1 januari 2023 € 1.195,66 € 1.708,08 telt nu" in then


def test_a_filter_leaves_what_fits_and_says_how_many(tess: Desk) -> None:
    found = shelf(law_book(), today(), Wanted(text="parkeer utrecht"))
    page = tess.get("/studio/", q="parkeer utrecht")
    assert len(found.cards) >= 1
    assert f"{len(found.cards)} van {found.total} getoond" in page.text
    assert "Geen wet of verordening past" in tess.get("/studio/", q="zzzz").text


def test_the_list_and_the_open_points_can_be_downloaded(tess: Desk) -> None:
    laws = tess.client.get("/studio/wetten.csv").content.decode("utf-8-sig").splitlines()
    assert len(laws) == 1 + shelf(law_book(), today(), Wanted()).total
    points = tess.client.get("/studio/nakijken.csv").content.decode("utf-8-sig")
    assert points.count("\n") >= len(open_points(law_book(), today()))


def test_every_fact_that_was_not_verified_is_on_the_page_of_the_lawyer(tess: Desk) -> None:
    points = open_points(law_book(), today())
    file = tess.client.get("/studio/nakijken.csv").content.decode("utf-8-sig")
    for point in points:
        assert f";{point.file};{point.line};" in file
    overview = tess.get("/studio/nakijken/").text
    for text in sorted({point.text for point in points})[::8]:
        page = tess.get("/studio/nakijken/", wet=text)
        for point in points:
            if point.text == text:
                assert point.text_name in overview
                assert " ".join(point.what.split())[1:] in page.text, point
                assert f"{point.file}:{point.line}" in page.text
    for why in Why:
        assert why.value in overview


def test_an_open_point_names_what_rests_on_it() -> None:
    found = [one for one in open_points(law_book(), today()) if one.text == "inkomenstoeslag_schiedam"]
    assert found
    assert all("Individuele inkomenstoeslag" in one.products for one in found)
    assert all("recht op de individuele inkomenstoeslag" in one.outcomes for one in found if one.why is Why.UNVERIFIED)


ADDRESSES = (
    "/studio/wet/participatiewet/?op=ooit",
    "/studio/wet/participatiewet/?op=0001-01-01",
    "/studio/wet/participatiewet/?op=9999-99-99",
    "/studio/?q=%00%ff&soort=x&gemeente=GM9999&geldig=%22%3E&nagekeken=misschien",
    "/studio/nakijken/?wet=../../etc&wat=%27&gemeente=x&q=" + "a" * 5000,
    "/studio/wet/participatiewet/?op=" + "9" * 3000,
)


def test_anything_in_the_address_gives_a_page(tess: Desk) -> None:
    for path in ADDRESSES:
        assert tess.client.get(path).status_code == 200, path[:80]


def test_a_law_that_is_not_there_is_told(tess: Desk) -> None:
    for path in ("/studio/wet/bestaat-niet/", "/studio/wet/bestaat_niet/proberen/"):
        response = tess.client.get(path)
        assert response.status_code == 404
        assert "is er niet" in response.content.decode()


def test_who_is_not_staff_is_asked_to_log_in(tess: Desk) -> None:
    tess.client.cookies.clear()
    for path in ("/studio/", "/studio/nakijken/", "/studio/wet/awb/", "/studio/wat-als/"):
        assert tess.client.get(path)["Location"].startswith("/inloggen/medewerker/")
