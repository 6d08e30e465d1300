"""The citizen in a real Chromium: four products, by keyboard alone, without script, on every width, light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import Answers, Person, Room

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CONTACT = {"email": "naam@voorbeeld.nl", "telefoon": ""}
LICENCE: Answers = {**CONTACT, "spoed": "nee"}
MOVE: Answers = {
    **CONTACT,
    "verhuisdatum": ("20", "11", "2026"),
    "nieuw_adres": ("2312 QA", "12", "", ""),
    "nieuw_in_gemeente": "ja",
    "woonvorm": "huur",
}
PARKING: Answers = {
    **CONTACT,
    "kenteken": "GB-001-B",
    "adres_in_gebied": "ja",
    "op_naam_van": "partner",
    "vergunningen_op_adres": "0",
}
ALLOWANCE: Answers = {
    **CONTACT,
    "huishouden": "alleenstaande",
    "inkomen": "1.000,50",
    "hoe_lang": "vijf",
    "vermogen": "0",
    "studeert": "nee",
    "eerder": "nee",
    "inspanning": "Ik zocht werk en volgde een cursus.",
    "rekening": "NL91 ABNA 0417 1643 00",
}
SCHIEDAM, UTRECHT, LEIDEN, LEIDERDORP = "999998584", "999998778", "999998420", "999998481"


@pytest.mark.parametrize(
    ("slug", "bsn", "product", "answers", "width", "dark"),
    [
        ("schiedam", SCHIEDAM, "rijbewijs-verlengen", LICENCE, 1280, False),
        ("leiden", "999998365", "verhuizing-doorgeven", MOVE, 320, False),
        ("utrecht", UTRECHT, "bewonersparkeervergunning", PARKING, 768, True),
        ("leiden", LEIDEN, "individuele-inkomenstoeslag", ALLOWANCE, 320, True),
    ],
)
def test_a_product_from_the_first_page_to_the_status(
    room: Room, slug: str, bsn: str, product: str, answers: Answers, width: int, dark: bool
) -> None:
    person = room.person(slug, width=width, dark=dark)
    page = person.page
    person.go("/")
    person.check("home")
    person.go(f"/product/{product}/")
    person.check("product")
    person.begin(product, bsn)
    for _ in range(15):
        if person.at_the_end:
            break
        person.check(page.title())
        person.answer(answers)
    person.check("check answers")
    page.get_by_role("button", name="Versturen").click()
    page.get_by_role("heading", name="Wij hebben het ontvangen").wait_for()
    person.check("received")
    person.follow(page.get_by_role("link", name="Volg uw zaak"))
    assert page.get_by_role("heading", name="Waar staat het?").is_visible()
    person.check("status")
    person.go("/mijn/")
    person.check("my cases")
    person.go("/mijn/gezien/?ook=zelf")
    assert page.get_by_role("table").is_visible()
    person.check("seen")


def focus(page: Page) -> dict[str, object]:
    """What has the focus: its words, whether it shows an outline, and whether it can be seen."""
    found = page.evaluate(
        """() => {
            const e = document.activeElement, label = e.labels && e.labels[0];
            const shown = e.closest('.vw-choice > label') || e;
            const box = shown.getBoundingClientRect(), style = getComputedStyle(shown);
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20));
            return {
                words: ((label ? label.innerText : '') || e.innerText || e.getAttribute('aria-label') || '').trim(),
                name: e.getAttribute('name') || '', value: e.value || '', tag: e.tagName,
                outlined: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
                visible: box.width > 0 && box.bottom > 0 && box.top < innerHeight
                    && (!top || shown.contains(top) || top.contains(shown)),
            };
        }"""
    )
    assert isinstance(found, dict)
    return found


def tab_to(page: Page, words: str) -> None:
    """Press Tab until what has these words has the focus; every stop on the way must be visible and outlined."""
    for _ in range(80):
        page.keyboard.press("Tab")
        stop = focus(page)
        if stop["tag"] == "BODY":
            continue
        assert stop["outlined"], f"no outline on {stop}"
        assert stop["visible"], f"covered or out of sight: {stop}"
        if words in str(stop["words"]) or words == stop["name"]:
            return
    raise AssertionError(f"{words!r} cannot be reached by keyboard")


def enter(page: Page) -> None:
    """Press Enter and wait for the page it leads to."""
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_licence_is_renewed_by_keyboard_alone(room: Room) -> None:
    person = room.person("rotterdam")
    page, keys = person.page, person.page.keyboard
    person.go("/")
    keys.press("Tab")
    assert "Naar de inhoud" in str(focus(page)["words"])
    keys.press("Enter")
    assert page.url.endswith("#inhoud")
    tab_to(page, "q")
    keys.type("rijbewjs")
    enter(page)
    assert "q=rijbewjs" in page.url
    tab_to(page, "Rijbewijs verlengen")
    enter(page)
    tab_to(page, "Aanvragen met DigiD")
    enter(page)
    # The provider is not ours; choosing a person there is done with the mouse.
    person.log_in("999998912")
    tab_to(page, "Beginnen")
    enter(page)
    page.wait_for_url("**/contact/")
    tab_to(page, "Verder")
    enter(page)
    assert page.evaluate("document.activeElement.id") == "fouten", "the summary has the focus"
    tab_to(page, "Vul uw e-mailadres in")
    keys.press("Enter")
    assert page.evaluate("document.activeElement.name") == "email", "a line of the summary leads to its field"
    keys.type("naam@voorbeeld.nl")
    enter(page)
    page.wait_for_url("**/spoed/")
    tab_to(page, "spoed")
    keys.press("ArrowRight")
    assert focus(page)["value"] == "nee"
    tab_to(page, "Verder")
    enter(page)
    page.wait_for_url("**/controleren/")
    tab_to(page, "Dit hebben we u niet gevraagd")
    keys.press("Enter")
    assert page.get_by_text("Waarom niet gevraagd").is_visible()
    keys.press("Shift+Tab")
    while str(focus(page)["words"]) != "Versturen":
        keys.press("Shift+Tab")
    enter(page)
    page.get_by_role("heading", name="Wij hebben het ontvangen").wait_for()


def test_a_parking_permit_is_asked_for_without_script(room: Room) -> None:
    person = room.person("schiedam", script=False)
    page = person.page
    person.go("/?q=parkeren")
    person.follow(page.get_by_role("link", name="Parkeervergunning").first)
    person.apply("bewonersparkeervergunning", SCHIEDAM, PARKING)
    person.follow(page.get_by_role("link", name="Volg uw zaak"))
    page.get_by_text("Wilt u deze aanvraag niet meer?").click()
    person.follow(page.get_by_role("link", name="Aanvraag intrekken"))
    page.get_by_role("button", name="Ja, aanvraag intrekken").click()
    assert page.get_by_text("Uw aanvraag is ingetrokken.").is_visible()
    page.get_by_role("button", name="Uitloggen").click()
    assert page.get_by_role("heading", name="U bent uitgelogd").is_visible()
    page.go_back()
    assert not page.get_by_text("ingetrokken").is_visible(), "nothing is left in the browser after logging out"


PAGES = [
    "/",
    "/?q=xqzw",
    "/product/verhuizing-doorgeven/",
    "/product/verhuizing-doorgeven/past-dit/",
    "/product/rijbewijs-verlengen/beginnen/",
    "/mijn/",
    "/mijn/gezien/",
    "/privacy/",
    "/toegankelijkheid/",
    "/bestaat-niet/",
    "/uitgelogd/",
]


def every_way(person: Person, where: str) -> None:
    """At 320, 768 and 1280 pixels, light and dark, folds closed (once) and open, and with text twice as large."""
    assert not person.faults(), f"{where}, folds closed: {person.faults()}"
    person.check_everywhere(where)
    person.page.set_viewport_size({"width": 640, "height": 900})
    person.page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert not person.too_wide(), f"{where} with large text: {person.too_wide()}"
    person.page.evaluate("document.documentElement.style.fontSize = ''")


def test_every_page_is_fit_for_all(room: Room) -> None:
    person = room.person("leiderdorp")
    person.go("/inloggen/")
    person.log_in(LEIDERDORP)
    for path in PAGES:
        person.go(path)
        every_way(person, path)


def test_a_step_with_errors_and_its_neighbours_are_fit_for_all(room: Room) -> None:
    person = room.person("eindhoven")
    page = person.page
    person.begin("rijbewijs-verlengen", "999998687")
    person.answer({"email": "geen adres"})
    assert page.title().startswith("Fout:")
    every_way(person, "a step with an error")
    person.follow(page.get_by_role("link", name="Klopt dit niet? Naam"))
    every_way(person, "a report")
    person.follow(page.get_by_role("link", name="Toch niet"))
    person.follow(page.get_by_role("link", name="Deze aanvraag weggooien"))
    every_way(person, "throwing away")
    person.follow(page.get_by_role("link", name="Nee, verder invullen"))
    person.answer(LICENCE)
    person.answer(LICENCE)
    every_way(person, "check answers")


def test_the_first_page_of_the_platform_is_fit_for_all(room: Room) -> None:
    person = room.person("")
    person.page.goto(person.site.address)
    assert person.page.get_by_role("heading", name="Bij welke gemeente").is_visible()
    every_way(person, "landing")


def test_suggestions_come_while_typing_and_the_page_says_so(room: Room) -> None:
    person = room.person("utrecht")
    person.go("/")
    person.page.locator("#zoek").press_sequentially("verhuz", delay=20)
    found = person.page.locator("#gevonden")
    found.get_by_role("link", name="Verhuizing doorgeven").wait_for()
    assert found.get_attribute("aria-live") == "polite"
    assert person.page.locator("#zoek").evaluate("e => e === document.activeElement")


def test_what_was_typed_goes_on_on_a_telephone(room: Room) -> None:
    desk = room.person("s-hertogenbosch")
    desk.begin("rijbewijs-verlengen", "999999047")
    desk.page.locator("#veld-email").fill("half@af")
    desk.page.get_by_role("button", name="Bewaren en later verder").click()
    telephone = room.person("s-hertogenbosch", width=320)
    telephone.go("/mijn/")
    telephone.log_in("999999047")
    telephone.follow(telephone.page.get_by_role("link", name="Verder invullen").first)
    assert telephone.page.locator("#veld-email").input_value() == "half@af"
