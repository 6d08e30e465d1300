"""The desk in a real Chromium: a clerk decides, asks, is late, works by keyboard alone, without script, on every width."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import ROOT, Answers, Person, Room
from tests.fixtures_site import Site

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTACT = {"email": "naam@voorbeeld.nl", "telefoon": ""}
PARKING: Answers = {**CONTACT, "kenteken": "QQ-102-Q", "adres_in_gebied": "ja", "vergunningen_op_adres": "0"}
ALLOWANCE: Answers = {
    **CONTACT,
    "huishouden": "alleenstaande_ouder",
    "inkomen": "1.000,50",
    "hoe_lang": "vijf",
    "vermogen": "0",
    "studeert": "nee",
    "eerder": "nee",
    "inspanning": "Ik zocht werk en volgde een cursus.",
    "rekening": "NL91 ABNA 0417 1643 00",
}
WILLEM, FATMA, JOOST = "999998407", "999998511", "999998420"
WHY = "U hebt sinds 2021 geen werk. Meer inkomen is nu niet te verwachten."
WIDTHS = (1280, 768, 320)


def applied(room: Room, slug: str, product: str, bsn: str, answers: Answers) -> str:
    """Somebody applies; the number of the case."""
    citizen = room.person(slug)
    citizen.apply(product, bsn, answers)
    found = re.search(r"[0-9]{4}(?:-[0-9]{3}){3}", citizen.page.inner_text("main"))
    assert found, citizen.page.inner_text("main")
    return found[0]


def clerk(
    room: Room, who: str, *, slug: str = "leiden", width: int = 1280, dark: bool = False, script: bool = True
) -> Person:
    """A member of staff, at the worklist."""
    person = room.person(slug, width=width, dark=dark, script=script)
    person.go("/werk/")
    person.log_in(who)
    return person


def open_case(person: Person, number: str) -> Page:
    """Search for the number and open the case."""
    page = person.page
    person.go("/werk/")
    page.get_by_label("Zoek in alle zaken").fill(number)
    person.follow(page.get_by_role("button", name="Toon"))
    person.follow(page.locator(".vw-worklist th a[href*='/zaak/']").first)
    page.get_by_role("heading", name="Wat zegt de wet?").wait_for()
    return page


FILL = """
from vliegwiel.base import bootstrap
bootstrap.configure()
from vliegwiel.casework.demo import fill_worklist
from vliegwiel.trust.identity import Role, Staff
with bootstrap.database():
    roles = frozenset({Role.MEDEWERKER, Role.TEAMLEIDER})
    clerks = [Staff("GM0546", sub, name, roles, frozenset({"Parkeren"}))
              for sub, name in (("lei-parkeren", "Ruud Hofman"), ("lei-teamleider", "Hamid Ouali"))]
    print(fill_worklist("GM0546", clerks, count=20))
"""


@pytest.fixture(scope="session")
def busy(site: Site) -> None:
    """Leiden has cases in all stages: late, waiting, proposed, decided."""
    done = subprocess.run(
        [sys.executable, "-c", FILL], env=site.environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def to_decide(person: Person) -> str:
    """The address of a case that can be decided now."""
    page = person.page
    person.go("/werk/?weergave=alles&aanzet=gemeente")
    found = [str(link.get_attribute("href")) for link in page.locator(".vw-worklist th a[href*='/zaak/']").all()]
    for address in found:
        person.go(address)
        if page.locator("form#besluiten").count():
            return address.split("?")[0]
    raise AssertionError("no case can be decided")


@pytest.fixture
def parking(room: Room) -> str:
    """The number of a parking permit that was asked for in Leiden."""
    return applied(room, "leiden", "bewonersparkeervergunning", WILLEM, PARKING)


@pytest.fixture
def allowance(room: Room) -> str:
    """The number of an inkomenstoeslag of Leiderdorp."""
    return applied(room, "leiderdorp", "individuele-inkomenstoeslag", FATMA, ALLOWANCE)


def test_a_clerk_decides_the_parking_permit(room: Room, parking: str) -> None:
    person = clerk(room, "lei-parkeren")
    page = open_case(person, parking)
    page.get_by_role("button", name="Ik pak dit op").click()
    assert page.get_by_role("status").inner_text() == "De zaak staat nu op uw naam."
    person.check("case, to be looked into")
    person.follow(page.get_by_role("link", name="Aantal op het adres en wachtlijst nakijken").first)
    person.check("task")
    page.get_by_role("button", name="Taak afronden").click()
    assert page.title().startswith("Fout:")
    assert page.evaluate("document.activeElement.id") == "fouten", "the summary has the focus"
    person.check("task with faults")
    page.locator("input[name=wachtlijst_in_gebied][value=nee]").check()
    if page.locator("input[name=tarief]").count():
        page.locator("input[name=tarief]").fill("42,00")
    page.get_by_role("button", name="Taak afronden").click()
    page.get_by_role("button", name="Brief nakijken").click()
    page.get_by_role("heading", name="Klopt deze brief?").wait_for()
    person.check("letter")
    page.get_by_role("button", name="Besluiten:").click()
    assert "Het besluit is genomen." in page.get_by_role("status").inner_text()
    person.check("decided")
    assert page.get_by_role("heading", name="Besluit", exact=True).is_visible()


def test_leiden_decides_the_allowance_of_leiderdorp_by_sixty_months_on_a_phone(room: Room, allowance: str) -> None:
    person = clerk(room, "lei-inkomen", width=320, dark=True)
    page = open_case(person, allowance)
    text = page.inner_text("main")
    assert "Leiderdorp, in mandaat" in text
    person.open_folds()
    assert "60 maanden van de 60 maanden die nodig zijn" in page.inner_text("main")
    person.check("case")
    person.follow(page.get_by_role("link", name="Naar besluiten"))
    page.get_by_role("button", name="Brief nakijken").click()
    assert page.get_by_role("link", name="Kies uw oordeel").is_visible()
    person.check("judgement missing")
    page.get_by_label("Nee", exact=False).check()
    page.get_by_label("Waarom?", exact=False).fill(WHY)
    page.get_by_role("button", name="Brief nakijken").click()
    assert WHY in page.get_by_role("article").inner_text()
    person.check("letter")
    page.get_by_role("button", name="Besluiten: toegekend").click()
    assert "Het besluit is genomen." in page.get_by_role("status").inner_text()


def test_who_asks_something_while_a_colleague_was_first_sees_who_it_was_and_loses_nothing(
    room: Room, parking: str
) -> None:
    first, second = clerk(room, "lei-parkeren"), clerk(room, "lei-teamleider", width=768)
    page = open_case(second, parking)
    second.follow(page.get_by_role("link", name="Informatie vragen aan de inwoner"))
    second.check("ask")
    open_case(first, parking).get_by_role("button", name="Ik pak dit op").click()
    page.get_by_label("Wat hebt u nodig?").fill("Een foto van uw kentekenbewijs")
    page.get_by_label("Uw bericht aan de inwoner").fill("Wij kunnen de eerste foto niet goed lezen.")
    page.get_by_role("button", name="Vraag versturen").click()
    alert = page.get_by_role("alert")
    assert "Ruud Hofman was eerder: vandaag om" in alert.inner_text()
    assert page.get_by_label("Uw bericht aan de inwoner").input_value() == "Wij kunnen de eerste foto niet goed lezen."
    second.check("stale")
    page.get_by_role("button", name="Vraag versturen").click()
    assert "De vraag is gesteld." in page.get_by_role("status").inner_text()
    assert "De termijn staat stil" in page.inner_text("aside")
    second.check("waiting for the citizen")


@pytest.mark.usefixtures("busy")
def test_the_keyboard_alone_walks_the_list_and_ticks_opens_and_searches(room: Room, parking: str) -> None:
    person = clerk(room, "lei-teamleider")
    page = person.page
    person.go("/werk/?weergave=alles")
    page.locator("body").press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    row = page.locator(".vw-worklist tbody tr:has(th a:focus)")
    assert row.count() == 1
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.keyboard.press("x")
    assert row.locator("input[type=checkbox]").is_checked()
    assert page.locator(".vw-bulk").is_visible()
    page.keyboard.press("x")
    assert not page.locator(".vw-bulk").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type(f"{parking[:4]} jkx", delay=5)
    assert page.get_by_label("Zoek in alle zaken").input_value() == f"{parking[:4]} jkx", "typing is typing"
    page.get_by_label("Zoek in alle zaken").fill(parking)
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")
    page.locator("body").press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Wat zegt de wet?").wait_for()
    page.keyboard.press("u")
    page.wait_for_url(re.compile(r"/werk/\?.*q="))
    page.keyboard.press("1")
    page.wait_for_url("**/werk/")
    page.keyboard.press("?")
    page.wait_for_url("**/werk/toetsen/")


def test_every_stop_of_the_tab_key_on_a_case_can_be_seen(room: Room, allowance: str) -> None:
    page = open_case(clerk(room, "lei-inkomen"), allowance)
    seen = set()
    for _ in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
                const e = document.activeElement;
                if (e === document.body) return null;
                const shown = e.closest('.vw-choice > label') || e;
                const box = shown.getBoundingClientRect();
                const style = getComputedStyle(shown);
                const middle = document.elementFromPoint(
                    Math.min(box.left + box.width / 2, innerWidth - 1), Math.min(box.top + box.height / 2, innerHeight - 1));
                return {what: e.outerHTML.slice(0, 120), outline: style.outlineStyle !== 'none' && style.outlineWidth !== '0px',
                        inside: box.bottom > 0 && box.top < innerHeight && box.width > 0,
                        uncovered: !!middle && (shown.contains(middle) || middle.contains(shown))};
            }"""
        )
        if stop is None:
            break
        assert stop["outline"], stop
        assert stop["inside"], stop
        assert stop["uncovered"], stop
        seen.add(stop["what"])
    assert len(seen) > 20


def test_without_script_a_team_leader_gives_a_case_to_a_colleague_and_sees_first_what_changes(
    room: Room, parking: str
) -> None:
    open_case(clerk(room, "lei-parkeren"), parking).get_by_role("button", name="Ik pak dit op").click()
    person = clerk(room, "lei-teamleider", script=False)
    page = person.page
    person.go("/werk/")
    page.get_by_label("Zoek in alle zaken").fill(parking)
    page.get_by_role("button", name="Toon").click()
    page.locator(".vw-worklist tbody input[type=checkbox]").first.check()
    page.get_by_role("button", name="Toewijzen").click()
    page.get_by_label("Aan mijzelf").check()
    page.get_by_role("button", name="Bekijk wat er verandert").click()
    assert "Ruud Hofman" in page.inner_text("table")
    assert "Hamid Ouali" in page.inner_text("table")
    page.get_by_role("button", name="Toewijzen aan Hamid Ouali").click()
    assert page.get_by_role("status").inner_text() == "1 zaak is toegewezen."


@pytest.mark.usefixtures("busy")
def test_text_twice_as_large_sticks_out_nowhere(room: Room) -> None:
    person = clerk(room, "lei-teamleider", width=1280)
    page = person.page
    case = to_decide(person)
    for path in ("/werk/?weergave=alles", case, f"{case}afwijken/", "/werk/mandaten/", "/werk/toetsen/"):
        person.go(path)
        person.open_folds()
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert not person.too_wide(), f"{path}: {person.too_wide()}"


@pytest.mark.usefixtures("busy")
def test_every_list_and_every_case_page_holds_on_every_width_light_and_dark(room: Room) -> None:
    person = clerk(room, "lei-teamleider")
    page = person.page
    person.check_everywhere("my work")
    person.go("/werk/?weergave=alles")
    page.locator(".vw-worklist tbody input[type=checkbox]").first.check()
    person.check_everywhere("worklist with the bar")
    person.follow(page.get_by_role("button", name="Toewijzen"))
    person.check_everywhere("assign")
    person.go("/werk/?q=ridderspoor")
    person.check_everywhere("nothing found")
    person.go("/werk/weergaven/?weergave=alles")
    person.follow(page.get_by_role("button", name="Weergave bewaren"))
    person.check_everywhere("view without a name")
    person.go("/werk/?weergave=wacht")
    person.follow(page.locator(".vw-worklist th a[href*='/zaak/']").first)
    person.check_everywhere("case that waits")
    case = to_decide(person)
    person.check_everywhere("case")
    for part in ("verloop", "document-toevoegen", "vragen", "intrekken", "afwijken"):
        person.go(f"{case}{part}/")
        person.check_everywhere(part)
    person.go(f"{case}notitie/")
    person.follow(page.get_by_role("button", name="Notitie bewaren"))
    person.check_everywhere("note with a fault")


def test_every_page_about_the_work_holds_on_every_width_light_and_dark(room: Room) -> None:
    person = clerk(room, "lei-teamleider")
    for path in ("/werk/mandaten/", "/werk/mandaten/geven/", "/werk/toetsen/", "/werk/handboek/", "/werk/wie-zag-wat/"):
        person.go(path)
        person.check_everywhere(path)
    officer = clerk(room, "lei-privacy")
    officer.go("/werk/wie-zag-wat/")
    officer.check_everywhere("who saw what")
    officer.page.get_by_label("Burgerservicenummer").fill("123456789")
    officer.follow(officer.page.get_by_role("button", name="Toon"))
    officer.check_everywhere("who saw what, with a fault")
