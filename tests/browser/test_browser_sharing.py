"""Sharing and reading case types in a real Chromium: at every width, light and dark, axe content."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.browser.conftest import Person, Room
from tests.catalogue.zgwimport.disguises import disguise

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def administrator(room: Room, address: str, heading: str) -> Person:
    """The functional administrator of Leiden on a page."""
    person = room.person("leiden", width=1280)
    person.go(address)
    person.log_in("lei-beheer")
    person.page.get_by_role("heading", name=heading).first.wait_for()
    return person


def pictured(person: Person, name: str) -> None:
    """A picture to look at, where `VLIEGWIEL_PICTURES` names a folder."""
    folder = os.environ.get("VLIEGWIEL_PICTURES", "")
    if folder:
        person.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_the_page_of_sharing_fits_and_says_what_is_wrong_with_an_address(room: Room) -> None:
    person = administrator(room, "/studio/delen/", "Delen met andere gemeenten")
    person.check_everywhere("sharing")
    pictured(person, "sharing")
    person.page.get_by_label("Adres").fill("http://10.0.0.1/uitwisseling/v1")
    person.page.get_by_role("button", name="Kijk wie daar antwoordt").click()
    person.page.get_by_text("niet beveiligd").first.wait_for()
    person.check_everywhere("sharing, wrong address")
    pictured(person, "sharing-wrong")


def test_an_export_becomes_a_report_and_a_draft(room: Room, tmp_path: Path) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(disguise(40, 12).archive())
    person = administrator(room, "/studio/inlezen/", "Zaaktypen inlezen")
    person.check_everywhere("case types")
    pictured(person, "casetypes")
    person.page.get_by_label("Zip-bestand uit Open Zaak").set_input_files(str(file))
    person.page.get_by_role("button", name="Lees in").click()
    person.page.get_by_role("heading", name="40 zaaktypen").wait_for()
    pictured(person, "report")
    person.open_folds()
    person.check_everywhere("report of case types")
    pictured(person, "report-open")
    person.page.set_viewport_size({"width": 320, "height": 700})
    pictured(person, "report-320")
    person.page.locator("button", has_text="Begin").first.click()
    person.page.wait_for_url("**/studio/concepten/**")
