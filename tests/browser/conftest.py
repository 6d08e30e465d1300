"""People in a real browser, on the real platform: they read, type and click, and axe looks along."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fixtures_site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
WIDTHS = (320, 768, 1280)
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\n%%EOF\n"

Answers = Mapping[str, str | Sequence[str]]


@dataclass
class Person:
    """Somebody in front of a screen."""

    page: Page
    site: Site
    slug: str

    def go(self, path: str) -> None:
        self.page.goto(self.site.url(self.slug, path))

    def follow(self, link: Locator) -> None:
        """Click what leads to another page, and be there: a click alone returns while the old page is being taken away."""
        with self.page.expect_navigation():
            link.click()

    def log_in(self, bsn: str) -> None:
        """Choose a person at the provider of the demonstration; ends where the login was asked for."""
        persona = self.page.locator(f'input[name="persoon"][value="{bsn}"]')
        # The page must be there before one can see whether its group is folded.
        persona.wait_for(state="attached")
        if not persona.is_visible():
            self.page.locator("details", has=persona).locator("summary").click()
        persona.check()
        self.page.locator('form button[value="inloggen"], form button').first.click()
        self.page.wait_for_url(f"**://{self.slug}.localhost:*/**")

    def begin(self, product: str, bsn: str) -> None:
        """From the product page to the first step, by way of logging in."""
        self.go(f"/product/{product}/")
        self.follow(self.page.get_by_role("link", name="met DigiD").first)
        self.log_in(bsn)
        self.page.get_by_role("button", name="Beginnen").click()

    @property
    def at_the_end(self) -> bool:
        return "/controleren/" in self.page.url

    def answer(self, answers: Answers) -> None:
        """Fill in the questions of this step, and go on."""
        form = self.page.locator("main form", has=self.page.get_by_role("button", name="Verder"))
        names = dict.fromkeys(
            str(box.get_attribute("name"))
            for box in form.locator("input:not([type=hidden]), textarea").all()
            if box.get_attribute("name")
        )
        for name in names:
            self._fill(name, answers.get(name))
        with self.page.expect_navigation():
            form.get_by_role("button", name="Verder").first.click()

    def _fill(self, name: str, value: str | Sequence[str] | None) -> None:
        boxes = self.page.locator(f'main form [name="{name}"]')
        kind = boxes.first.get_attribute("type")
        if kind == "file":
            boxes.first.set_input_files([{"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF}])
        elif kind in {"radio", "checkbox"}:
            wanted = [value] if isinstance(value, str) else list(value or ())
            for one in wanted:
                self.page.locator(f'main form [name="{name}"][value="{one}"]').check()
            if not wanted:
                boxes.first.check()
        else:
            parts = [value] if isinstance(value, str) else list(value or ())
            for number, part in enumerate(parts):
                boxes.nth(number).fill(part)

    def apply(self, product: str, bsn: str, answers: Answers) -> None:
        """A whole application, up to the page that says it was received."""
        self.begin(product, bsn)
        for _ in range(15):
            if self.at_the_end:
                break
            self.answer(answers)
        self.page.get_by_role("button", name="Versturen").click()
        self.page.get_by_role("heading", name="Wij hebben het ontvangen").wait_for()

    # -- what must hold for every page -----------------------------------------------------------------------------

    def open_folds(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")

    def faults(self, only: Sequence[str] = RULES) -> list[str]:
        """What axe has against this page."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(f"axe.run({{runOnly: {json.dumps(only)}}})")
        return [f"{v['id']}: {[node['target'] for node in v['nodes']]}" for v in found["violations"]]

    def too_wide(self) -> str:
        """What sticks out sideways; empty when nothing does."""
        return str(
            self.page.evaluate(
                """() => {
                    const width = document.documentElement.clientWidth;
                    if (document.documentElement.scrollWidth <= width) return '';
                    const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1);
                    return out.slice(0, 5).map(e => e.tagName + '.' + e.className).join(' ') || 'something';
                }"""
            )
        )

    def check(self, where: str) -> None:
        """Nothing sticks out and axe has nothing to say, with all folds open."""
        self.page.wait_for_load_state()
        self.open_folds()
        wide, faults = self.too_wide(), self.faults()
        assert not wide, f"{where}: {wide}"
        assert not faults, f"{where}: {faults}"

    def check_everywhere(self, where: str) -> None:
        """The page as it stands holds at each width, light and dark, with all folds open. Dark changes colours only, and those
        do not depend on the width."""
        self.page.wait_for_load_state()
        self.open_folds()
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme="light", reduced_motion="reduce")
            assert not self.too_wide(), f"{where}, {width}: {self.too_wide()}"
            assert not self.faults(), f"{where}, {width}, light: {self.faults()}"
        self.page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        assert not self.faults(COLOURS), f"{where}, dark: {self.faults(COLOURS)}"


@dataclass
class Room:
    """Gives people a browser of their own."""

    browser: Browser
    site: Site
    contexts: list[BrowserContext]

    def person(self, slug: str, *, width: int = 1280, dark: bool = False, script: bool = True) -> Person:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale="nl-NL",
            reduced_motion="reduce",
        )
        context.set_default_timeout(20_000)
        self.contexts.append(context)
        return Person(context.new_page(), self.site, slug)


@pytest.fixture
def room(browser: Browser, site: Site) -> Iterator[Room]:
    """Where people sit down; the browsers are closed afterwards."""
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    made = Room(browser, site, [])
    yield made
    for context in made.contexts:
        context.close()
