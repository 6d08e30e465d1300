"""Comparing and practice in a real Chromium: pages fit, light and dark, axe is content, and who has what is one click away."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Person, Room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PARKING = "/studio/vergelijken/bewonersparkeervergunning/"
PAGES = (
    "/studio/vergelijken/", PARKING, "/studio/vergelijken/zonder-reden/?wie=alle", "/studio/vergelijken/lijken/",
    "/studio/vergelijken/producten/?een=rijbewijs-verlengen&ander=individuele-inkomenstoeslag", "/studio/vergelijken/dubbel/",
    "/studio/praktijk/", "/studio/praktijk/bewonersparkeervergunning/",
)  # fmt: skip


def administrator(room: Room, *, width: int = 1280) -> Person:
    """The functional administrator of Leiden."""
    person = room.person("leiden", width=width)
    person.go("/studio/vergelijken/")
    person.log_in("lei-beheer")
    person.page.get_by_role("heading", name="Waar verschillen gemeenten").wait_for()
    return person


def test_every_page_fits_and_axe_is_content(room: Room) -> None:
    person = administrator(room)
    for where in PAGES:
        person.go(where)
        person.check_everywhere(where)


def test_who_has_what_is_one_click_away(room: Room) -> None:
    person = administrator(room, width=320)
    person.go(f"{PARKING}?anders=periode")
    page = person.page
    row = page.get_by_role("row", name="Kosten: per hoe lang")
    row.locator("summary").click()
    assert "kwartaal" in row.inner_text()
    assert "Utrecht" in row.inner_text()
    person.check("a fold that is open")
