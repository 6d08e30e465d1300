"""Rounds in a real Chromium: a planner drags, a driver goes through a tunnel, a resident reports, and axe looks along."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest

from tests.browser.conftest import ROOT, Person, Room
from tests.fixtures_site import Site

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FILL = """
from vliegwiel.base import bootstrap
bootstrap.configure()
from tests.rounds.operations import town
from vliegwiel.base import clock
from vliegwiel.rounds.models import Container
from vliegwiel.rounds.actions.alarms import renew_alarms
from vliegwiel.rounds.actions import plans
from vliegwiel.rounds.operations.changing import Change, Doing
from vliegwiel.rounds.operations.situation import following
from vliegwiel.trust.rights import scope_of
with bootstrap.database():
    with scope_of(town.PLATFORM):
        there = Container.objects.exists()
    if not there:
        town.build(days=tuple(range(1, 8)))
        renew_alarms(town.PLATFORM)
        town.driving(clock.today())
        draft = town.planned(following(clock.today(), frozenset(range(1, 8))))
        for version, code in enumerate(("C04", "C07", "C08", "C12"), start=draft.version):
            plans.change(town.PLANNER, draft.id, Change(Doing.EMPTY, code), version=version)
"""


@pytest.fixture(scope="module")
def rounds(site: Site) -> Site:
    """The shared platform with a small town of containers, a round on the road and a draft for tomorrow."""
    done = subprocess.run(
        [sys.executable, "-c", FILL], env={**site.environment(), "PYTHONPATH": str(ROOT)}, cwd=ROOT, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return site


def at(room: Room, who: str, path: str, *, width: int = 1280, dark: bool = False) -> Person:
    """Somebody who logged in and is at a page of the rounds."""
    person = room.person("leiden", width=width, dark=dark)
    person.go(path)
    person.log_in(who)
    return person


def tomorrow(person: Person) -> None:
    """Go to the draft of the next day."""
    person.go("/rondes/")
    person.follow(person.page.locator(".vw-dayform p a").last)


def test_every_page_can_be_used_by_everybody(room: Room, rounds: Site) -> None:
    person = at(room, "lei-rondes", "/rondes/")
    person.check_everywhere("vandaag")
    tomorrow(person)
    person.check_everywhere("morgen")
    for path in ("containers/", "container/C01/", "alarmen/", "besparing/", "wagens/", "wagen/3/"):
        person.go(f"/rondes/{path}")
        person.check_everywhere(path)
    for path in ("/container/?q=dorp", "/container/C04/"):
        person.go(path)
        person.check_everywhere(path)


def test_a_planner_moves_a_container_with_the_keys_and_hears_the_effect_at_once(room: Room, rounds: Site) -> None:
    person = at(room, "lei-rondes", "/rondes/")
    tomorrow(person)
    page = person.page
    first = page.locator(".vw-lane .vw-stopline[data-code]").first
    code = first.get_attribute("data-code")
    first.focus()
    page.keyboard.press("Alt+ArrowRight")
    said = page.locator("[data-said]")
    said.filter(has_text=re.compile(r"Dat is .* De kans op overloop")).wait_for()
    assert page.evaluate("document.activeElement.dataset.code") == code
    person.check("met effect")
    person.follow(page.locator("[data-apply]"))
    page.get_by_text("Het plan is gewijzigd.").wait_for()
    assert page.locator("[data-truck]", has=page.locator(f'[data-code="{code}"]')).get_attribute("data-truck") == "7"


def test_dragging_can_be_undone(room: Room, rounds: Site) -> None:
    person = at(room, "lei-rondes", "/rondes/")
    tomorrow(person)
    page = person.page
    lines = page.locator(".vw-lane .vw-stopline[data-code]")
    before = [line.get_attribute("data-code") for line in lines.all()]
    lines.nth(0).drag_to(lines.nth(2))
    page.locator("[data-undo]").click()
    assert [line.get_attribute("data-code") for line in lines.all()] == before


def test_a_driver_reports_in_a_tunnel_and_nothing_is_lost(room: Room, rounds: Site) -> None:
    person = at(room, "lei-chauffeur", "/rondes/wagens/", width=320)
    page = person.page
    person.follow(page.locator(".vw-truckcard").first)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    name = page.locator("#volgende").inner_text().removeprefix("Volgende: ")
    before = int(page.locator("progress").get_attribute("value") or 0)
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("^Geleegd")).first.click()
    page.locator("[data-queue]", has_text="1 melding wacht op netwerk").wait_for()
    page.reload()
    page.locator("[data-queue]", has_text="1 melding wacht op netwerk").wait_for()
    person.check("zonder netwerk")
    page.context.set_offline(False)
    page.locator(f'progress[value="{before + 1}"]').wait_for()
    assert page.locator(".vw-stopline.is-done", has_text=name).count() == 1


def test_a_resident_reports_at_the_container_and_reads_when_it_is_emptied(room: Room, rounds: Site) -> None:
    person = room.person("leiden", width=320)
    person.go("/container/C10/")
    person.page.get_by_label("Er ligt afval naast").check()
    person.follow(person.page.get_by_role("button", name="Melden"))
    person.page.get_by_role("heading", name="Wij legen hem").wait_for()
    person.check("melding")
