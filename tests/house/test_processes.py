"""The platform on one machine: parts that are killed come back, a second start says so, stopping is clean."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.fixtures_site import ROOT, Site, environment, running_site
from vliegwiel.base.alive import born


def alive(pid: int) -> bool:
    """Whether it does anything still; a dead process that nobody buried does not count."""
    return born(pid) is not None


@pytest.fixture(scope="module")
def battered(filled: Path) -> Iterator[Site]:
    """A platform that the tests of this module may kill, one after the other; each leaves it running."""
    with running_site(like=filled) as site:
        yield site


@pytest.mark.slow
def test_every_part_that_is_killed_comes_back(battered: Site) -> None:
    site = battered
    for name in ("worker", "web", "database"):
        dead = site.kill(name)
        site.until(lambda dead=dead: not alive(dead))
        if name != "database":
            site.until(lambda name=name, dead=dead: site.children().get(name) != dead, what=f"a new {name}")
        site.until(site.ready, what=f"ready after {name} was killed")


@pytest.mark.slow
def test_a_killed_supervisor_leaves_nobody_and_the_next_start_is_normal_and_quick(battered: Site) -> None:
    """Work is counted in processor seconds, because other tests want the processor too; `make bench` shows the clock."""
    site = battered
    children = list(psutil.Process(site.process.pid).children(recursive=True))
    os.kill(site.process.pid, signal.SIGKILL)
    site.process.wait()
    _gone, left = psutil.wait_procs(children, timeout=60)
    assert [" ".join(process.cmdline()) for process in left] == []
    site.start_again()
    supervisor = psutil.Process(site.process.pid)
    times = [process.cpu_times() for process in [supervisor, *supervisor.children(recursive=True)]]
    site.until(site.ready)
    assert sum(used.user + used.system for used in times) < 20


@pytest.mark.slow
def test_asked_to_stop_it_leaves_nothing_behind(battered: Site) -> None:
    site = battered
    family = [site.database_pid(), *(child.pid for child in psutil.Process(site.process.pid).children(recursive=True))]
    assert site.stop() == 0
    assert [pid for pid in family if alive(pid)] == []
    assert not (site.folder / "run.json").exists()
    site.start_again()


def test_a_second_start_says_where_it_runs_already(site: Site) -> None:
    answer = site.command("run", "--port", "0")
    assert answer.returncode == 5
    assert site.address in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_said_with_who_has_it(tmp_path: object) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "-m", "vliegwiel", "run", "--port", str(port)],
            env=environment(tmp_path), cwd=ROOT, capture_output=True, text=True, check=False,  # type: ignore[arg-type]
        )  # fmt: skip
    assert answer.returncode == 4
    assert f"Poort {port} is bezet (door " in answer.stderr
    assert "--port" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_it_tells_where_it_is_and_who_can_log_in(site: Site) -> None:
    names = {row["name"] for row in site.welcome["municipalities"]}  # type: ignore[attr-defined]
    assert names == {"Leiden", "Leiderdorp", "Schiedam", "Eindhoven", "Utrecht", "Rotterdam", "'s-Hertogenbosch"}
    for kind in ("citizens", "staff"):
        served = {row["municipality"] for row in site.welcome[kind]}  # type: ignore[attr-defined]
        assert len(served) == 7, kind


def test_doctor_finds_the_running_platform_in_order(site: Site) -> None:
    answer = site.command("doctor", "--json")
    wrong = [row for row in json.loads(answer.stdout) if row["verdict"] == "fout"]
    assert (answer.returncode, wrong) == (0, [])


def test_the_health_of_the_process_and_of_what_it_needs_can_be_asked(site: Site) -> None:
    for path in ("/health/live", "/health/ready"):
        answer = httpx.get(f"http://127.0.0.1:{site.port}{path}", trust_env=False)
        assert answer.status_code == 200
