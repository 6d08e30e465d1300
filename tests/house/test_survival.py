"""kill -9 of the server, the worker and the database amid 200 applications: what was confirmed is there, whole, and once."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import httpx
import pytest

from tests.fixtures_site import ROOT, LocalNames, Site

APPLICATIONS = 200
PATIENCE = 240.0
KILLS = ((20, "web"), (70, "database"), (120, "worker"), (150, "web"))
"""After how many confirmed applications which part is killed."""

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VERSION = re.compile(r'name="versie" value="(\d+)"')


def ask(site: Site, *arguments: str) -> object:
    """Run a command of `tests.house.applications` on the platform."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.house.applications", *arguments],
        env=site.environment(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=400,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def _text(page: str) -> str:
    """What a page says, for a message."""
    return re.sub(r"(?s)<[^>]*>|\s+", " ", page.partition("<main")[2])[:600]


@dataclass
class Storm:
    """Sends applications the way a browser does, again and again until each is confirmed, and kills meanwhile."""

    site: Site
    confirmed: dict[str, str] = field(default_factory=dict)
    failures: Counter[str] = field(default_factory=Counter)
    killed: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    ended: threading.Event = field(default_factory=threading.Event)

    def send(self, application: dict[str, str]) -> None:
        deadline = time.monotonic() + PATIENCE
        # A browser keeps its cookies over failures; a connection that broke is made anew.
        with httpx.Client(
            base_url=self.site.url(application["slug"]), transport=LocalNames(), timeout=20, trust_env=False,
            cookies={"sessie": application["token"]},
        ) as client:  # fmt: skip
            while time.monotonic() < deadline:
                if (zaak := self._once(client, application)) is not None:
                    self._confirm(application["draft"], zaak)
                    return
                self.ended.wait(0.5)  # a person does not press the button a hundred times a second either
        raise AssertionError(f"{application['draft']} was not confirmed in time")

    def _once(self, client: httpx.Client, application: dict[str, str]) -> str | None:
        path = f"/aanvraag/{application['draft']}/controleren/"
        try:
            page = client.get(path)
            if page.status_code in (301, 302, 303):  # it was taken in at an earlier try
                return page.headers["location"].split("/")[3]
            if page.status_code == 200:
                token, version = TOKEN.search(page.text), VERSION.search(page.text)
                assert token is not None, page.text[:500]
                assert version is not None, page.text[:500]
                sent = client.post(path, data={"csrfmiddlewaretoken": token[1], "versie": version[1]})
                if sent.status_code in (302, 303):
                    return str(sent.headers["location"].split("/")[3])
                page = sent
        except httpx.HTTPError as error:
            with self.lock:
                self.failures[type(error).__name__] += 1
            return None
        assert page.status_code >= 500, f"{page.status_code}: {_text(page.text)}"
        with self.lock:
            self.failures[str(page.status_code)] += 1
        return None

    def _confirm(self, draft: str, zaak: str) -> None:
        with self.lock:
            self.confirmed[draft] = zaak
            due = [part for number, part in KILLS if number == len(self.confirmed)]
        for part in due:
            self.site.kill(part)
            self.killed.append(part)


@pytest.mark.slow
def test_killing_any_part_loses_no_confirmed_application_and_leaves_no_half_case(own_site: Site) -> None:
    site = own_site
    prepared = ask(site, "prepare", str(APPLICATIONS))
    assert isinstance(prepared, list)
    assert len(prepared) == APPLICATIONS
    storm = Storm(site)
    with ThreadPoolExecutor(APPLICATIONS) as pool:
        list(pool.map(storm.send, prepared))
    # Two threads may pass two marks at the same moment.
    assert Counter(storm.killed) == Counter(part for _, part in KILLS)
    assert sum(storm.failures.values()) > 0, "nothing was in the middle of anything when parts were killed"
    site.until(site.ready, seconds=120, what="ready after the storm")

    found = ask(site, "count")
    assert isinstance(found, dict)
    cases = {case["zaak"]: case for case in found["cases"]}
    lost = {draft: zaak for draft, zaak in storm.confirmed.items() if zaak not in cases}
    assert lost == {}
    assert len(cases) == APPLICATIONS, "an application that was sent twice is still one case"
    assert {case["draft"]: case["zaak"] for case in cases.values()} == storm.confirmed
    half = [
        c
        for c in cases.values()
        if not (c["statuses"] and c["roles"] and c["facts"] and c["tasks"] and c["draft_ended"])
    ]
    assert half == []
    assert {case["opened"] for case in cases.values()} == {1}
    assert found["events_without_case"] == 0
    assert [zaak for draft, zaak in found["drafts"].items() if draft in storm.confirmed and zaak is None] == []

    answer = site.command("ledger", "seal")
    assert answer.returncode == 0, answer.stderr
    answer = site.command("ledger", "verify", "--json")
    assert answer.returncode == 0, answer.stdout[-2000:]
    assert sum(report["size"] for report in json.loads(answer.stdout)) >= APPLICATIONS
