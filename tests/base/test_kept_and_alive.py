"""A secret is made once, whole and for its owner only; a process is known by its number and its start."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

import psutil

from vliegwiel.base import alive, schema
from vliegwiel.base.keptfile import keep
from vliegwiel.cli import ports


def test_a_kept_file_is_made_once_whoever_is_first(tmp_path: Path) -> None:
    numbers, together = count(), Barrier(16)

    def one(_: int) -> str:
        together.wait()
        return keep(tmp_path / "map" / "geheim", lambda: f"tekst {next(numbers)}")

    with ThreadPoolExecutor(16) as pool:
        found = set(pool.map(one, range(16)))
    assert len(found) == 1
    assert keep(tmp_path / "map" / "geheim", lambda: "later") == found.pop()
    assert [path.name for path in (tmp_path / "map").iterdir()] == ["geheim"]


def test_a_kept_file_is_readable_for_its_owner_only(tmp_path: Path) -> None:
    keep(tmp_path / "geheim", lambda: "x")
    assert stat.S_IMODE((tmp_path / "geheim").stat().st_mode) == 0o600


def test_a_process_is_known_by_its_start_even_when_the_clock_was_corrected() -> None:
    start = alive.born(os.getpid())
    assert start is not None
    assert alive.lives(os.getpid(), start + 2)
    assert not alive.lives(os.getpid(), start - 3600), "a number that is used again is another process"


def test_a_dead_process_that_nobody_buried_does_not_live() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    # Waits until it has ended, and leaves it unburied.
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert alive.born(process.pid) is None
    assert not alive.lives(process.pid, psutil.Process(process.pid).create_time())
    process.wait()
    assert alive.born(process.pid) is None


def test_the_migrations_of_every_room_and_of_the_queue_are_known_without_django() -> None:
    rooms = {room for room, _ in schema.known()}
    assert {"base", "trust", "catalogue", "casework", "procrastinate"} <= rooms


def test_free_ports_are_three_different_ones() -> None:
    chosen = ports.choose(0)
    assert len({chosen.web, chosen.oidc, chosen.registers}) == 3
    assert ports.is_free(chosen.web)
    assert not ports.is_free(70_000)
