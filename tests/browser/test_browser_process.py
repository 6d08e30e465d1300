"""The drawing of a process in a real Chromium: bpmn-js reads it without a warning, and the table says the same."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Person, Room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PROCESS = "/studio/producten/individuele-inkomenstoeslag/proces/"
WARNINGS = """async xml => {
  const place = document.createElement("div"); document.body.append(place);
  const viewer = new BpmnJS({container: place});
  const read = await viewer.importXML(xml);
  const drawn = viewer.get("elementRegistry").getAll().length;
  viewer.destroy(); place.remove();
  return [read.warnings.map(String), drawn];
}"""


def administrator(room: Room, *, width: int = 1280, dark: bool = False, script: bool = True) -> Person:
    """The functional administrator of Leiden, on the page of a process."""
    person = room.person("leiden", width=width, dark=dark, script=script)
    person.go(PROCESS)
    person.log_in("lei-beheer")
    person.page.get_by_role("heading", name="Stap voor stap").wait_for()
    return person


def test_bpmn_js_draws_every_product_without_a_warning(room: Room) -> None:
    person = administrator(room)
    page = person.page
    page.locator("section[data-drawn=true]").wait_for()
    assert page.locator(".djs-element").count() > 20
    page.get_by_role("button", name="Groter").click()
    page.get_by_role("button", name="Alles").click()
    for product in ("individuele-inkomenstoeslag", "rijbewijs-verlengen", "bewonersparkeervergunning"):
        xml = page.evaluate("where => fetch(where).then(r => r.text())", f"/studio/producten/{product}/proces.bpmn")
        warnings, drawn = page.evaluate(WARNINGS, xml)
        assert warnings == []
        assert drawn > 20


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (320, True)])
def test_the_page_fits_and_axe_is_content(room: Room, width: int, dark: bool) -> None:
    person = administrator(room, width=width, dark=dark)
    person.page.locator("section[data-drawn=true]").wait_for()
    person.check("process")


def test_without_script_the_table_says_it_all(room: Room) -> None:
    page = administrator(room, script=False).page
    assert page.locator("#tekening").is_hidden()
    assert page.locator(".vw-steps tbody tr").count() > 5
    assert "Besluit nemen" in page.inner_text(".vw-steps")
