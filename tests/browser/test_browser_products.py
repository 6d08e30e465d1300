"""Products in a real Chromium from application to the end: a resident applies, a clerk does what there is to do and decides.

What is typed comes from the product's own first example in Leiden (`tests.catalogue.from_example`), moved to today. Two
products by default; `VLIEGWIEL_BROWSER_PRODUCTS=all` takes all ten.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import PDF, Person, Room
from tests.browser.test_browser_desk import clerk, open_case
from tests.catalogue.from_example import Told
from vliegwiel.base.clock import today
from vliegwiel.catalogue.model import Field as Question
from vliegwiel.catalogue.model import FieldKind, Resolved
from vliegwiel.catalogue.resolve import resolve
from vliegwiel.registers.facts import Value

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LEIDEN, RESIDENT, LEADER, COLLEAGUE = "GM0546", "999998420", "lei-teamleider", "lei-burgerzaken"
FEW = ("huwelijk-melden", "kiezerspas")
MORE = (
    "adresonderzoek-melden", "belastingaanslag-bezwaar", "briefadres", "geheimhouding-persoonsgegevens", "grafuitgifte",
    "subsidie", "uittreksel-brp", "verlof-tot-begraven",
)  # fmt: skip
ALL = os.environ.get("VLIEGWIEL_BROWSER_PRODUCTS") == "all"
MOST_STEPS = 40
WHY = "Dat blijkt uit wat u ons vertelde en wat wij hebben gezien."


class Script:
    """What everybody types in this story."""

    def __init__(self, definition: Resolved) -> None:
        self.told = Told(definition, next(one for one in definition.examples if one.expected.outcome))
        self.later = today() - self.told.example.on
        tasks = [question for task in definition.process.tasks for question in task.fields]
        self.questions = {question.key: question for question in (*definition.fields(), *tasks)}

    def typed(self, name: str) -> tuple[str, ...]:
        """The parts that are typed into the boxes with this name."""
        question = self.questions[name]
        if question.kind is FieldKind.ADRES:
            return ("2312 QA", "12", "", "")
        if question.kind is FieldKind.DATUM:
            return self._day(question)
        return self.told.typed(question, self.told.facts)

    def _day(self, question: Question) -> tuple[str, ...]:
        value: Value = self.told.facts.get(question.key, self.told.example.on)
        if not isinstance(value, date):
            return ("", "", "")
        day = value + self.later
        return (str(day.day), str(day.month), str(day.year))


def fill(form: Locator, script: Script) -> None:
    """Answer every question of a form."""
    boxes = form.locator("input:not([type=hidden]), textarea, select")
    names = dict.fromkeys(name for box in boxes.all() if (name := box.get_attribute("name")))
    for name in names:
        named = form.locator(f'[name="{name}"]')
        kind = named.first.get_attribute("type")
        if kind == "file":
            named.first.set_input_files([{"name": f"{name}.pdf", "mimeType": "application/pdf", "buffer": PDF}])
        elif name in script.questions:
            enter(named, kind or "", script.typed(name))


def enter(named: Locator, kind: str, parts: tuple[str, ...]) -> None:
    """Type or choose."""
    if kind in ("radio", "checkbox"):
        for part in filter(None, parts):
            named.and_(named.page.locator(f'[value="{part}"]')).check()
    elif named.count() == 1:
        named.fill("-".join(parts) if len(parts) == 3 else parts[0])
    else:
        for number, part in enumerate(parts):
            named.nth(number).fill(part)


def apply(person: Person, product: str, script: Script) -> str:
    """Apply; the number of the case."""
    person.begin(product, RESIDENT)
    page = person.page
    for _ in range(MOST_STEPS):
        if person.at_the_end:
            break
        form = page.locator("main form", has=page.get_by_role("button", name="Verder"))
        fill(form, script)
        with page.expect_navigation():
            form.get_by_role("button", name="Verder").first.click()
    person.check("check answers")
    page.get_by_role("button", name="Versturen").click()
    page.get_by_role("heading", name="Wij hebben het ontvangen").wait_for()
    found = re.search(r"[0-9]{4}(?:-[0-9]{3}){3}", page.inner_text("main"))
    assert found, page.inner_text("main")
    return found[0]


def work(leader: Person, colleague: Person, number: str, script: Script) -> None:
    """Do all there is to do at the desk, until the case is over."""
    page = open_case(leader, number)
    address = page.url
    for _ in range(MOST_STEPS):
        page.goto(address)
        if not page.locator("#besluiten").count():
            return
        task = page.locator("#besluiten a.nl-button--primary[href*='/taak/']")
        if page.locator("form#besluiten").count():
            decide(page, script)
        elif task.count():
            leader.follow(task.first)
            form = page.locator("main form", has=page.get_by_role("button", name="Taak afronden"))
            fill(form, script)
            page.get_by_role("button", name="Taak afronden").click()
            assert not page.title().startswith("Fout"), page.inner_text("main")
        else:
            confirm(colleague, address)
    raise AssertionError(f"{number} is not over: {page.inner_text('#besluiten')}")


def decide(page: Page, script: Script) -> None:
    """Answer what the law leaves to a person, read the letter, and decide."""
    form = page.locator("form#besluiten")
    for box in form.locator("textarea[name^='reden:']").all():
        name = str(box.get_attribute("name")).partition(":")[2]
        said = script.told.facts.get(name, script.told.judged.get(name, False))
        form.locator(f'[name="oordeel:{name}"][value="{"ja" if said else "nee"}"]').check()
        box.fill(WHY)
    form.locator("button[type=submit]").first.click()
    page.get_by_role("heading", name="Klopt deze brief?").wait_for()
    page.locator("main form button[type=submit].nl-button--primary").first.click()
    page.get_by_role("status").wait_for()


def confirm(colleague: Person, address: str) -> None:
    """A colleague looks along."""
    page = colleague.page
    page.goto(address)
    colleague.follow(page.locator("#besluiten a.nl-button--primary").first)
    page.locator("main form button[type=submit].nl-button--primary").first.click()
    page.get_by_role("status").wait_for()


@pytest.mark.parametrize("product", [*FEW, *(MORE if ALL else ())])
def test_a_product_from_application_to_the_end(room: Room, product: str) -> None:
    script = Script(resolve(LEIDEN, product, today()))
    resident = room.person("leiden", width=320)
    number = apply(resident, product, script)
    work(clerk(room, LEADER), clerk(room, COLLEAGUE), number, script)
    resident.go("/mijn/")
    seen: Mapping[str, str] = {"case": resident.page.inner_text("main")}
    assert number in seen["case"], seen["case"]
    resident.follow(resident.page.locator("main a", has_text=script.told.definition.name).first)
    resident.check("status at the end")
    assert resident.page.get_by_text("Afgehandeld").count(), resident.page.inner_text("main")
