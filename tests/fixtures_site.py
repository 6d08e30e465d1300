"""The whole platform as real processes, for tests that use it as people do: over HTTP, in a browser, with things killed.

- `site`: one platform for the whole session, on free ports, with its own data folder and the voorbeeldgegevens. Tests
  must not kill its parts; they make their own cases and leave the shared ones alone.
- `own_site`: a platform of this test alone, for tests that kill parts of it.
- `browser`: a real Chromium. Absent, the test is skipped, or fails where VLIEGWIEL_BROWSER_TESTS=required.

The database of both is durable: what is confirmed must survive anything.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]
FIRST_START = 120.0
OWN = ("DATABASE_", "VLIEGWIEL_", "DJANGO_")


class LocalNames(httpx.HTTPTransport):
    """Finds `leiden.localhost` on this machine, as browsers do and most resolvers do not."""

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not request.url.host.endswith("localhost"):
            return super().handle_request(request)
        # The Host header keeps the name, and so does the request itself: cookies belong to the name.
        here = httpx.Request(
            request.method,
            request.url.copy_with(host="127.0.0.1"),
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        return super().handle_request(here)


@dataclass
class Site:
    """A running platform."""

    process: subprocess.Popen[bytes]
    folder: Path
    address: str
    welcome: dict[str, object]
    clients: list[httpx.Client] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(httpx.URL(self.address).port or 80)

    def url(self, slug: str, path: str = "/") -> str:
        """The address of a page of a municipality: `site.url("leiden", "/werk/")`."""
        return f"http://{slug}.localhost:{self.port}{path}"

    def client(self, slug: str = "", **options: object) -> httpx.Client:
        """A browser without a screen: follows redirects, keeps cookies. Closed with the site."""
        base = self.url(slug) if slug else self.address
        client = httpx.Client(
            base_url=base, transport=LocalNames(), follow_redirects=True, timeout=30, trust_env=False, **options
        )
        self.clients.append(client)
        return client

    def children(self) -> dict[str, int]:
        """Process ids by name (web, worker, registers, oidc), as the supervisor wrote them down last."""
        try:
            noted = json.loads((self.folder / "run.json").read_text())
        except (FileNotFoundError, ValueError):
            return {}
        return {name: row[0] for name, row in noted["children"].items()}

    def database_pid(self) -> int:
        return int((self.folder / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[0])

    def kill(self, name: str) -> int:
        """kill -9 a part (`web` takes its workers along, as when a machine drops it); returns the pid that died."""
        if name == "database":
            pid = self.database_pid()
            victims = [pid]
        else:
            pid = self.children()[name]
            victims = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
        for victim in victims:
            try:
                os.kill(victim, signal.SIGKILL)
            except ProcessLookupError:
                continue
        return pid

    def until(self, condition: Callable[[], bool], seconds: float = 60, what: str = "") -> None:
        """Wait for something to become true."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, f"{what or 'it'} did not happen in {seconds} s\n{self.log()[-4000:]}"
            time.sleep(0.05)

    def ready(self) -> bool:
        """Whether pages are served and the worker lives."""
        try:
            answer = httpx.get(f"http://127.0.0.1:{self.port}/health/ready", timeout=5, trust_env=False)
            checks = {check["name"]: check["ok"] for check in answer.json()["checks"]}
        except (httpx.HTTPError, ValueError):
            return False
        return answer.status_code == 200 and bool(checks.get("taken"))

    def log(self) -> str:
        return (self.folder / "site.log").read_text(errors="replace")

    def environment(self) -> dict[str, str]:
        """For commands on this platform (`python -m vliegwiel …`) and for scripts that call its actions."""
        noted = json.loads((self.folder / "run.json").read_text())
        keys = {"VLIEGWIEL_REGISTER_KEY": "registers.key", "VLIEGWIEL_OIDC_CLIENT_SECRET": "oidc.key"}
        secrets = {setting: (self.folder / "simulators" / name).read_text() for setting, name in keys.items()}
        return {**environment(self.folder), **noted["outside"], **secrets}

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run `vliegwiel …` on this platform."""
        return subprocess.run(
            [sys.executable, "-m", "vliegwiel", *arguments],
            env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip

    def start_again(self) -> None:
        """Start on the same data folder, after it was stopped or killed."""
        self.process = _start(self.folder)
        self.welcome = _answer(self.process, self.folder)
        self.address = str(self.welcome["address"])

    def stop(self) -> int:
        for client in self.clients:
            client.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=90)
        finally:
            self.process.kill()


def environment(folder: Path) -> dict[str, str]:
    """A clean environment for a platform in this data folder: nothing of the test process's own settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    vendor = ROOT / "var" / "vendor"
    return {
        **kept,
        "VLIEGWIEL_DATA": str(folder),
        "VLIEGWIEL_MODE": "demo",
        "VLIEGWIEL_LOG": "json",
        "VLIEGWIEL_SIMULATOR_CONTROL": "1",
        "VLIEGWIEL_DEMO_CASES": "0",
        "VLIEGWIEL_DEMO_ROUNDS": "0",
        **({"VLIEGWIEL_VENDOR": str(vendor)} if vendor.is_dir() else {}),
    }


@contextmanager
def running_site(*options: str, like: Path | None = None) -> Iterator[Site]:
    """Start a platform in a data folder of its own, and stop it after the block. `like`: begin with a copy of this one."""
    with tempfile.TemporaryDirectory(prefix="vliegwiel-site-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        if like is not None:
            _copy(like, folder)
        process = _start(folder, *options)
        site = None
        try:
            welcome = _answer(process, folder)
            site = Site(process, folder, str(welcome["address"]), welcome)
            yield site
        finally:
            if site is not None:
                site.stop()
            else:
                process.terminate()
                process.wait(timeout=60)


def _copy(folder: Path, to: Path) -> None:
    """All of a data folder with its owners: the database does not run as root."""
    to.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{folder}/.", str(to)], check=True)


def _start(folder: Path, *options: str) -> subprocess.Popen[bytes]:
    with (folder / "site.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "vliegwiel", "run", "--port", "0", "--json", *options],
            env=environment(folder), cwd=ROOT, stdout=subprocess.PIPE, stderr=log, start_new_session=True,
        )  # fmt: skip


def _answer(process: subprocess.Popen[bytes], folder: Path) -> dict[str, object]:
    """The JSON that `run` prints when everything is ready."""
    assert process.stdout is not None
    text = b""
    for line in process.stdout:
        text += line
        if line.rstrip() == b"}":
            answer = json.loads(text)
            assert isinstance(answer, dict)
            return answer
    process.wait(timeout=60)
    pytest.fail(f"the platform did not start:\n{(folder / 'site.log').read_text(errors='replace')[-4000:]}")


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a platform that was started once, filled, and stopped: others begin with a copy of it.

    Made by whichever process of the session comes first; the others wait.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    kept = shared / "filled-site"
    with (shared / "filled-site.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            with running_site() as first:
                first.until(first.ready, what="the first start")
                first.stop()
                _copy(first.folder, shared / "filling")
            (shared / "filling").rename(kept)
    return kept


@pytest.fixture(scope="session")
def site(filled: Path) -> Iterator[Site]:
    """One platform for all tests of the session."""
    with running_site(like=filled) as running:
        yield running


@pytest.fixture
def own_site(filled: Path) -> Iterator[Site]:
    """A platform of this test alone."""
    with running_site(like=filled) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a screen. Make a context of your own per test: `browser.new_context(locale="nl-NL")`."""
    found = next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
    )
    if found is None:
        if os.environ.get("VLIEGWIEL_BROWSER_TESTS") == "required":
            pytest.fail("VLIEGWIEL_BROWSER_TESTS=required, but there is no Chromium")
        pytest.skip("there is no Chromium on this machine (apt-get install chromium)")
    from playwright.sync_api import sync_playwright

    # Playwright keeps an event loop in this thread; other tests in the same process may use the database all the same.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

    quiet = ["--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    quiet += ["--disable-sync", "--disable-quic", "--disable-dev-shm-usage", "--font-render-hinting=none"]
    if os.geteuid() == 0:
        quiet.append("--no-sandbox")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=quiet)
        yield chromium
        chromium.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests on the shared platform run in one process, so that it is started once."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if "site" in names:
            item.add_marker(pytest.mark.xdist_group("site"))
        elif {"own_site", "battered"} & set(names):
            item.add_marker(pytest.mark.xdist_group("own_site"))
