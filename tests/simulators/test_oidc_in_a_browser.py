"""The login page as people meet it: by keyboard, without JavaScript, on a small screen, for everybody."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.fixtures_simulators import OidcProvider
from vliegwiel.simulators.oidc.grants import challenge_of

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BACK = "http://leiden.localhost:8000/inloggen/terug/"


def address(issuer: str) -> str:
    asked = {
        "response_type": "code",
        "client_id": "vliegwiel",
        "redirect_uri": BACK,
        "scope": "openid",
        "state": "toestand",
        "nonce": "eenmalig",
        "code_challenge": challenge_of("v" * 43),
        "code_challenge_method": "S256",
    }
    return f"{issuer}/authorize?{urlencode(asked)}"


def problems(page: Page) -> list[str]:
    page.evaluate(AXE.read_text())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{wrong['id']}: {node['html'][:100]}" for wrong in found["violations"] for node in wrong["nodes"]]


def wider_than_the_screen(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


@pytest.mark.parametrize("kind", ["burger", "medewerker"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_shut_out(
    browser: Browser, oidc_provider: OidcProvider, kind: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    if not AXE.is_file():
        pytest.skip("axe-core is not installed (npm ci)")
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True, locale="nl-NL"
    )
    page = context.new_page()
    page.goto(address(f"{oidc_provider.base_url}/{kind}"))
    assert problems(page) == []
    assert not wider_than_the_screen(page)
    page.get_by_role("button", name="Inloggen als").click()
    assert page.title().startswith("Fout:")
    assert problems(page) == []
    assert not wider_than_the_screen(page)
    context.close()


def test_text_twice_as_large_still_fits(browser: Browser, oidc_provider: OidcProvider) -> None:
    context = browser.new_context(viewport={"width": 640, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto(address(oidc_provider.citizen_issuer))
    page.add_style_tag(content="html { font-size: 200% }")
    assert not wider_than_the_screen(page)
    context.close()


def test_somebody_logs_in_with_the_keyboard_alone_and_without_javascript(
    browser: Browser, oidc_provider: OidcProvider
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 640}, java_script_enabled=False)
    page = context.new_page()
    page.goto(address(oidc_provider.citizen_issuer))
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.get_attribute("type") == "radio":
            break
    page.keyboard.press("Space")
    assert page.get_by_role("radio", name="Noor Elisabeth van Duinkerk").is_checked()
    # Nothing has to answer there: that the browser goes back is enough.
    with page.expect_request(f"{BACK}**") as back:
        page.keyboard.press("Enter")
    answer = back.value.url
    given = parse_qs(urlsplit(answer).query)
    assert given["state"] == ["toestand"]
    assert given["code"]
    context.close()
