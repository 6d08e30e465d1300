"""Jobs are done, by a worker that may be killed at any moment; ticks go on; stopping lets the work at hand end."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from vliegwiel.base.postgres import Urls

ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Starts workers on a database and reads what they tell."""

    def __init__(self, urls: Urls, folder: Path) -> None:
        self.urls = urls
        self.seen = folder / "seen"
        self.seen.touch()
        self.log = folder / "log"
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ, "DATABASE_URL": self.urls.app, "DATABASE_OWNER_URL": self.urls.owner, "VLIEGWIEL_MODE": "test",
            "VLIEGWIEL_DATA": str(self.seen.parent), "VLIEGWIEL_LOG": "json",
        }  # fmt: skip
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.base.worker_process", str(self.seen)],
                cwd=ROOT,
                env=environment,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def lines(self) -> list[str]:
        return self.seen.read_text().splitlines()

    def until(self, condition: Callable[[list[str]], bool], seconds: float = 30) -> list[str]:
        deadline = time.monotonic() + seconds
        while not condition(found := self.lines()):
            assert time.monotonic() < deadline, f"{found[-20:]}\n{self.log.read_text()[-3000:]}"
        return found

    def ask(self, task: str, once: str | None = None, **arguments: str) -> None:
        with psycopg.connect(self.urls.app) as db:
            row = psycopg.types.json.Jsonb({"municipality": "GM0546", **arguments})
            db.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, args, queueing_lock) VALUES ('default', %s, %s, %s)",
                [task, row, once],
            )

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a worker; for the others it was silent for so long that it is dead."""
        process.send_signal(signal.SIGKILL)
        process.wait()
        with psycopg.connect(self.urls.owner) as db:
            db.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")

    def statuses(self) -> list[str]:
        with psycopg.connect(self.urls.app) as db:
            rows = db.execute("SELECT status FROM procrastinate_jobs WHERE task_name LIKE 'tests.%'")
            return [str(row[0]) for row in rows]


@pytest.fixture
def workers(fresh_database: Urls, tmp_path: Path) -> Iterator[Workers]:
    found = Workers(fresh_database, tmp_path)
    yield found
    for process in found.processes:
        process.kill()
        process.wait()


def test_a_job_is_done_and_ticks_go_on_whatever_another_tick_does(workers: Workers) -> None:
    workers.start()
    workers.ask("tests.note", what="eerste")
    found = workers.until(lambda lines: "note GM0546 eerste" in lines and lines.count("tick") > 3)
    assert found.count("broken tick") < found.count("tick")  # a tick that fails gets growing pauses
    assert "deze tik gaat altijd mis" in workers.log.read_text()


def test_a_job_that_fails_is_tried_again_and_its_error_is_logged_without_the_bsn(workers: Workers) -> None:
    workers.start()
    workers.ask("tests.fail_twice")
    workers.until(lambda lines: "worked" in lines)
    assert "999993653" not in workers.log.read_text()


def test_the_job_of_a_killed_worker_goes_to_another(workers: Workers) -> None:
    first = workers.start()
    workers.ask("tests.hang")
    workers.until(lambda lines: "hang started" in lines)
    workers.kill(first)
    workers.seen.with_suffix(".go").touch()
    workers.start()
    found = workers.until(lambda lines: "hang ended" in lines)
    assert found.count("hang started") == 2
    assert found.count("hang ended") == 1


def test_the_job_of_a_killed_worker_that_was_asked_again_meanwhile_is_done_once(workers: Workers) -> None:
    """Work that may wait only once waits already: giving it back would be twice, and must not take the next worker down."""
    first = workers.start()
    workers.ask("tests.hang", once="een")
    workers.until(lambda lines: "hang started" in lines)
    workers.kill(first)
    workers.ask("tests.hang", once="een")
    workers.seen.with_suffix(".go").touch()
    second = workers.start()
    found = workers.until(lambda lines: "hang ended" in lines and "doing" not in workers.statuses())
    assert found.count("hang ended") == 1
    assert "failed" in workers.statuses()
    assert second.poll() is None


def test_only_one_worker_ticks_and_another_takes_over(workers: Workers) -> None:
    first = workers.start()
    workers.until(lambda lines: lines.count("tick") > 2)
    workers.start()
    workers.ask("tests.note", what="tweede")
    first.send_signal(signal.SIGKILL)
    first.wait()
    before = workers.lines().count("tick")
    workers.until(lambda lines: lines.count("tick") > before + 3)


def test_asked_to_stop_it_ends_the_job_at_hand_and_leaves_cleanly(workers: Workers) -> None:
    worker = workers.start()
    workers.ask("tests.hang")
    workers.until(lambda lines: "hang started" in lines)
    worker.send_signal(signal.SIGTERM)
    workers.seen.with_suffix(".go").touch()
    assert worker.wait(timeout=30) == 0
    assert "hang ended" in workers.lines()
    assert workers.statuses() == []


def test_without_a_database_it_ends_with_an_error_so_that_it_is_started_again(workers: Workers) -> None:
    worker = workers.start()
    workers.until(lambda lines: "tick" in lines)
    with psycopg.connect(workers.urls.app, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        db.execute("SELECT 1")
    assert worker.wait(timeout=30) != 0
