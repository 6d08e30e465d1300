"""The chapter `docs/handboek/variant.md`, done to the letter in Chromium; and axe on the pages of products and drafts."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.browser.conftest import Person, Room

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAPTER = Path(__file__).resolve().parents[2] / "docs" / "handboek" / "variant.md"
LONGEST = 5 * 60
"""Seconds that a newcomer may need. Typing goes faster here than by hand, so the number of acts is bounded too."""
MOST_ACTS = 45
PAGES = {
    320: (
        "/studio/producten/", "{permit}", "{permit}geschiedenis/", "{permit}yaml/", "{draft}", "{draft}?pad=stappen&nieuw=1",
        "{draft}yaml/", "/studio/concepten/", "/studio/wie-draait-wat/",
    ),
    1280: ("{permit}aanbieden/", "{draft}?pad=stappen", "{draft}verschil/", "/studio/nieuwe-versies/"),
}  # fmt: skip
"""Pages that are looked at by width; where somebody chooses or types it is every width."""
_ACT = re.compile(
    r"gaa?t? naar `(?P<go>[^`]+)`|logt? in als `(?P<login>[^`]+)`"
    r"|vul bij \*\*(?P<field>[^*]+)\*\* in: `(?P<text>[^`]+)`|kies bij \*\*(?P<select>[^*]+)\*\*: `(?P<option>[^`]+)`"
    r"|(?:klik op|en op) de knop \*\*(?P<button>[^*]+)\*\*|(?:klik op|en op) \*\*(?P<link>[^*]+)\*\*"
    r"|u ziet: \"(?P<seen>[^\"]+)\"",
    re.I,
)


def acts() -> list[dict[str, str]]:
    """What the numbered lines of the chapter say to do, in order."""
    part = CHAPTER.read_text().partition("## Stap voor stap")[2].partition("## Goed om te weten")[0]
    lines = re.findall(r"^[0-9]+\. (.*(?:\n   .*)*)", part, re.M)
    return [
        {k: v for k, v in one.groupdict().items() if v}
        for line in lines
        for one in _ACT.finditer(" ".join(line.split()))
    ]


@dataclass
class Reader:
    """Somebody who does what a chapter says."""

    room: Room
    person: Person

    def do(self, act: dict[str, str]) -> None:
        page = self.person.page
        match act:
            case {"go": path}:
                self.person = self.room.person("schiedam")
                self.person.go(path)
            case {"login": who}:
                self.person.log_in(who)
            case {"field": label, "text": text}:
                page.get_by_label(label, exact=True).or_(page.get_by_label(f"{label} (hoeft niet)", exact=True)).fill(
                    text
                )
            case {"select": label, "option": option}:
                page.get_by_label(label, exact=True).select_option(option)
            case {"button": name}:
                self.person.follow(page.get_by_role("button", name=name, exact=True))
            case {"link": name}:
                fold = page.locator("summary", has_text=name)
                if fold.count():
                    fold.first.click()
                else:
                    inside = page.get_by_role("main").get_by_role("link", name=name)
                    self.person.follow((inside if inside.count() else page.get_by_role("link", name=name)).first)
            case {"seen": words}:
                assert words in page.inner_text("main"), words


def test_a_newcomer_makes_and_publishes_a_variant_within_five_minutes_by_the_handbook(room: Room) -> None:
    todo = acts()
    assert 25 < len(todo) <= MOST_ACTS
    reader = Reader(room, room.person("schiedam"))
    start = time.monotonic()
    for act in todo:
        reader.do(act)
    assert time.monotonic() - start < LONGEST
    person = reader.person
    person.go("/product/bewonersparkeervergunning/")
    assert "Bij ons meestal binnen 5 dagen." in person.page.inner_text("main")


def test_every_page_of_products_and_drafts_fits_and_axe_is_content(room: Room) -> None:
    person = room.person("utrecht")
    person.go("/studio/producten/")
    person.log_in("utr-beheer")
    permit, draft = (
        "/studio/producten/bewonersparkeervergunning/",
        "/studio/concepten/variant/bewonersparkeervergunning/",
    )
    page = person.page
    person.go(f"{draft}?pad=pagina.samenvatting")
    page.get_by_label("Samenvatting").fill("Parkeer in uw straat.")
    page.get_by_label("Reden").fill("Korter.")
    page.locator("#nagekeken", has_text="Dit kan zo.").wait_for()
    person.follow(page.get_by_role("button", name="Bewaren in het concept"))
    for where in (f"{draft}?pad=pagina", f"{draft}publiceren/"):
        person.go(where)
        person.check_everywhere(where)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        for where in PAGES[width]:
            person.go(where.format(permit=permit, draft=draft))
            person.check(f"{where} at {width}")
    person.go(draft)
    person.open_folds()
    person.follow(page.get_by_role("button", name="Gooi dit concept weg"))
