"""The studio in a real Chromium: read, try, compare and calculate, without script, on every width, light and dark."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Person, Room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LAW = "/studio/wet/participatiewet/"
TRY = f"{LAW}proberen/"
EXAMPLE = f"{TRY}?voorbeeld=participatiewet:2023-01-01:1"


def administrator(room: Room, *, width: int = 1280, dark: bool = False, script: bool = True) -> Person:
    """The functional administrator of Leiden, in the studio."""
    person = room.person("leiden", width=width, dark=dark, script=script)
    person.go("/studio/")
    person.log_in("lei-beheer")
    person.page.get_by_role("heading", name="Welke wetten kent Vliegwiel?").wait_for()
    return person


def calculated(person: Person, *, script: bool = True) -> str:
    """Ask for a calculation, wait for it (without script by asking for the page again), and give its path."""
    page = person.page
    person.go("/studio/wat-als/nieuw/?wet=participatiewet")
    page.locator("select[name=change-name]").first.select_option("inkomensgrens_procent")
    page.locator("input[name=change-text]").first.fill("130")
    page.locator("input[name=wanted][value=recht_inkomenstoeslag]").check()
    page.locator("input[name=households]").fill("2000")
    person.follow(page.get_by_role("button", name="Reken door"))
    for _turn in range(0 if script else 60):
        if page.get_by_role("heading", name="De berekening loopt").count() == 0:
            break
        page.wait_for_timeout(250)
        person.follow(page.get_by_role("link", name="Ververs"))
    page.get_by_role("link", name="Download als CSV").wait_for()
    page.get_by_role("heading", name="Recht op de individuele inkomenstoeslag").wait_for()
    return urlsplit(page.url).path


def test_without_script_a_law_is_read_tried_compared_and_calculated(room: Room) -> None:
    person = administrator(room, script=False)
    page = person.page
    person.follow(page.locator(f'.vw-shelf a[href="{LAW}"]'))
    assert page.get_by_role("heading", name="Artikel 36. Individuele inkomenstoeslag").count() == 1
    person.follow(page.get_by_role("link", name="Proberen"))
    person.follow(page.get_by_role("link", name="Alleenstaande met drie jaar een laag inkomen"))
    assert page.get_by_role("heading", name="Wat zegt de wet?").count() == 1
    assert page.locator(".vw-tree details").count() > 3
    page.locator("summary", has_text="Vergelijk met").click()
    page.get_by_label("Andere gemeente").select_option(label="Utrecht")
    person.follow(page.get_by_role("button", name="Reken uit"))
    assert page.get_by_role("heading", name="Naast elkaar").count() == 1
    calculated(person, script=False)
    assert "keer ja en" in page.inner_text("main")


def test_with_script_the_page_follows_the_calculation_by_itself(room: Room) -> None:
    person = administrator(room)
    calculated(person)
    assert "gedaan=" not in person.page.url


def test_every_page_fits_and_axe_is_content(room: Room) -> None:
    person = administrator(room)
    person.check_everywhere("laws")
    run = calculated(person)
    for where in (
        LAW, "/studio/wet/parkeren_utrecht/", TRY, f"{TRY}?g.inkomen=veel&toon=1", EXAMPLE, "/studio/nakijken/",
        "/studio/nakijken/?wet=parkeren_utrecht", "/studio/wat-als/", "/studio/wat-als/nieuw/?wet=participatiewet",
        run, f"{run}weg/",
    ):  # fmt: skip
        person.go(where)
        person.check_everywhere(where)


def test_a_mistake_in_an_expression_is_said_where_it_stands(room: Room) -> None:
    person = administrator(room, width=320)
    page = person.page
    person.go("/studio/wat-als/nieuw/?wet=participatiewet")
    page.locator("select[name=change-name]").first.select_option("inkomensgrens_procent")
    page.locator("input[name=change-text]").first.fill("130 + + 1")
    person.follow(page.get_by_role("button", name="Reken door"))
    assert page.title().startswith("Fout:")
    page.get_by_role("alert").get_by_role("link", name="Regel 1, teken 7").click()
    assert page.evaluate("document.activeElement.value") == "130 + + 1"
    person.check("a mistake")
