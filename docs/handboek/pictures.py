"""The pictures of the handbook: real pages of the demo, taken in a real Chromium. `make handboek`.

Starts a platform of its own in a throw-away folder, does what the chapters tell, and saves what is on the screen in `beeld/`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext, Page, sync_playwright

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PICTURES = HERE / "beeld"
WIDTH, HEIGHT = 1100, 760
CITIZEN = "999998365"
"""Noor: her licence ends in two months, and the photo is approved."""
CLERK, PARKING, ADMINISTRATOR = "lei-teamleider", "lei-parkeren", "lei-beheer"


@contextmanager
def platform() -> Iterator[str]:
    """A demo platform on free ports; gives the port of its pages."""
    with tempfile.TemporaryDirectory(prefix="vliegwiel-handboek-", ignore_cleanup_errors=True) as folder:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DATABASE_", "VLIEGWIEL_"))}
        environment = {**kept, "VLIEGWIEL_DATA": folder, "VLIEGWIEL_VENDOR": str(ROOT / "var" / "vendor")}
        process = subprocess.Popen(
            [sys.executable, "-m", "vliegwiel", "run", "--port", "0", "--json"],
            env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert process.stdout is not None
        text = b""
        for line in process.stdout:
            text += line
            if line.rstrip() == b"}":
                break
        try:
            yield str(json.loads(text)["address"]).rstrip("/").rpartition(":")[2]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()


class Camera:
    """Takes pictures of one platform."""

    def __init__(self, port: str) -> None:
        self.port = port

    def url(self, path: str, place: str = "leiden") -> str:
        return f"http://{place + '.' if place else ''}localhost:{self.port}{path}"

    def take(self, page: Page, name: str, *, height: int = HEIGHT) -> None:
        """Save what is on the screen, with few colours so that it stays small."""
        page.set_viewport_size({"width": WIDTH, "height": height})
        page.evaluate("document.activeElement && document.activeElement.blur()")
        picture = Image.open(BytesIO(page.screenshot(animations="disabled")))
        picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=128).save(PICTURES / f"{name}.png", optimize=True)
        print(f"  {name}: {page.title()}")


def log_in(page: Page, key: str) -> None:
    """Choose a person on the login page of the demo."""
    page.locator(f'input[value="{key}"]').check(force=True)
    page.get_by_role("button", name="Inloggen").first.click()


def citizen_pages(camera: Camera, context: BrowserContext) -> None:
    """What an inhabitant sees, from the front door to the status of the case."""
    page = context.new_page()
    page.goto(camera.url("/", ""))
    camera.take(page, "start")
    page.goto(camera.url("/?zoek=rijbeweis"))
    camera.take(page, "zoeken")
    page.goto(camera.url("/product/rijbewijs-verlengen/"))
    camera.take(page, "product", height=900)
    page.goto(camera.url("/inloggen/?niveau=substantieel&naar=/product/rijbewijs-verlengen/beginnen/"))
    camera.take(page, "inloggen")
    log_in(page, CITIZEN)
    if "/beginnen/" in page.url:
        page.locator("main form button[type=submit]").first.click()
    camera.take(page, "stap", height=1000)
    page.get_by_label("E-mailadres").fill("noor@voorbeeld.nl")
    page.get_by_role("button", name="Verder").first.click()
    page.get_by_label("Nee", exact=True).check()
    page.get_by_role("button", name=re.compile("^Verder")).first.click()
    camera.take(page, "nakijken", height=1100)
    page.locator("main form button[type=submit]").last.click()
    zaak = re.search(r"/mijn/zaak/([^/]+)/", page.url)
    assert zaak, page.url
    page.goto(camera.url(f"/mijn/zaak/{zaak[1]}/"))
    camera.take(page, "status", height=1100)
    page.goto(camera.url("/mijn/gezien/"))
    camera.take(page, "gezien")
    page.close()


def desk_pages(camera: Camera, context: BrowserContext) -> None:
    """What a member of staff sees: the worklist, a case, and deciding."""
    page = context.new_page()
    page.goto(camera.url("/werk/"))
    log_in(page, CLERK)
    page.goto(camera.url("/werk/?weergave=alles"))
    camera.take(page, "werkvoorraad", height=1000)
    page.get_by_role("link", name="Individuele inkomenstoeslag").nth(2).click()
    camera.take(page, "zaak", height=1200)
    page.close()


def studio_pages(camera: Camera, context: BrowserContext) -> None:
    """What a functional administrator sees: the laws, one of them read and tried, a calculation, and what is still to check."""
    page = context.new_page()
    page.goto(camera.url("/studio/"))
    log_in(page, ADMINISTRATOR)
    page.goto(camera.url("/studio/"))
    camera.take(page, "studio-wetten", height=900)
    page.goto(camera.url("/studio/wet/participatiewet/#regel-recht_inkomenstoeslag"))
    camera.take(page, "studio-wet", height=1000)
    page.goto(camera.url("/studio/wet/participatiewet/proberen/?voorbeeld=participatiewet:2023-01-01:1"))
    camera.take(page, "studio-proberen", height=1100)
    page.goto(camera.url("/studio/nakijken/?wet=parkeren_utrecht"))
    camera.take(page, "studio-nakijken", height=800)
    page.goto(camera.url("/studio/wat-als/nieuw/?wet=participatiewet"))
    page.locator("select[name=change-name]").first.select_option("inkomensgrens_procent")
    page.locator("input[name=change-text]").first.fill("120")
    page.locator("input[name=wanted][value=bedrag]").uncheck()
    page.locator("input[name=wanted][value=recht_inkomenstoeslag]").check()
    page.locator("input[name=title]").fill("Laag inkomen tot 120 procent")
    page.get_by_role("button", name="Reken door").click()
    page.get_by_role("link", name="Download als CSV").wait_for()
    camera.take(page, "studio-watals", height=1100)
    page.close()


def catalogue_pages(camera: Camera, context: BrowserContext) -> None:
    """What a functional administrator sees of products: finding, adapting, comparing and sharing them."""
    page = context.new_page()
    page.goto(camera.url("/studio/producten/", "schiedam"))
    log_in(page, "sdm-beheer")
    page.goto(camera.url("/studio/producten/bewonersparkeervergunning/", "schiedam"))
    camera.take(page, "studio-product", height=1000)
    page.goto(camera.url("/studio/producten/bewonersparkeervergunning/proces/", "schiedam"))
    page.locator("section[data-drawn=true]").wait_for()
    camera.take(page, "studio-proces", height=1100)
    page.goto(camera.url("/studio/producten/bewonersparkeervergunning/", "schiedam"))
    page.get_by_role("button", name="Aanpassen voor Schiedam").or_(
        page.get_by_role("link", name="Aanpassen voor Schiedam")
    ).first.click()
    page.get_by_role("link", name="Productpagina").first.click()
    page.get_by_label("Hoe lang duurt het").fill("U krijgt binnen 8 weken een besluit. Bij ons meestal binnen 5 dagen.")
    page.get_by_label("Reden").first.fill("Wij zeggen erbij hoe snel het meestal gaat.")
    camera.take(page, "studio-afwijking", height=1250)
    page.goto(camera.url("/studio/vergelijken/bewonersparkeervergunning/", "schiedam"))
    camera.take(page, "studio-vergelijken", height=1000)
    page.goto(camera.url("/studio/delen/", "schiedam"))
    camera.take(page, "studio-delen", height=760)
    page.close()


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    chromium = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)
    if chromium is None:
        print("Er is geen Chromium op deze machine (apt-get install chromium).", file=sys.stderr)
        return 4
    options = ["--disable-gpu", "--disable-background-networking"] + (["--no-sandbox"] if os.geteuid() == 0 else [])
    with platform() as port, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        camera = Camera(port)
        for take in (citizen_pages, desk_pages, studio_pages, catalogue_pages):
            with browser.new_context(locale="nl-NL", viewport={"width": WIDTH, "height": HEIGHT}) as context:
                take(camera, context)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
