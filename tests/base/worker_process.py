"""A worker in a process of its own with a few jobs for the tests of it; run as `python -m tests.base.worker_process FILE`.

What happens is appended to FILE, one line each: the tests wait for lines, never for time.
"""

from __future__ import annotations

import sys
from pathlib import Path

from vliegwiel.base import bootstrap

bootstrap.configure()

from vliegwiel.base import jobs, worker  # noqa: E402  # needs Django's settings

SEEN = Path(sys.argv[1])


def tell(line: str) -> None:
    with SEEN.open("a") as handle:
        handle.write(line + "\n")


@jobs.job("tests.note")
def note(municipality: str, what: str) -> None:
    tell(f"note {municipality} {what}")


@jobs.job("tests.hang")
def hang(municipality: str) -> None:
    """Starts, and ends only when a file says so: time enough to be killed in the middle."""
    tell("hang started")
    while not SEEN.with_suffix(".go").exists():
        pass
    tell("hang ended")


@jobs.job("tests.fail_twice")
def fail_twice(municipality: str) -> None:
    tell("try")
    if SEEN.read_text().count("try\n") < 3:
        raise ConnectionError("nog niet, 999993653")
    tell("worked")


@jobs.every(0.2, name="tests.tick")
def tick() -> None:
    tell("tick")


@jobs.every(0.2, name="tests.broken_tick")
def broken_tick() -> None:
    tell("broken tick")
    raise RuntimeError("deze tik gaat altijd mis")


if __name__ == "__main__":
    worker.HEARTBEAT, worker.STALLED = 0.3, 1.5
    jobs.FIRST_PAUSE, jobs.FACTOR = 0, 1
    worker.run()
