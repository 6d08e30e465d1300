"""How long `vliegwiel run` takes: on an empty folder, and warm. Measured from the command to the address that answers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time

from bench.figures import table

WARM = 5


def start_and_stop(folder: str) -> tuple[float, float]:
    """Seconds until it served, and seconds until it had stopped."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "VLIEGWIEL_"))}
    environment = {**kept, "VLIEGWIEL_DATA": folder, "VLIEGWIEL_LOG_LEVEL": "ERROR"}
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "vliegwiel", "run", "--port", "0", "--json"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    assert process.stdout is not None
    text = b""
    for line in process.stdout:
        text += line
        if line.rstrip() == b"}":
            break
    json.loads(text)
    served = time.perf_counter()
    process.send_signal(signal.SIGTERM)
    process.wait()
    return served - began, time.perf_counter() - served


def main() -> None:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        first = start_and_stop(folder)
        warm = [start_and_stop(folder) for _ in range(WARM)]
    rows = [
        ("first start (database, tables, demo data)", *first),
        (f"warm start, best of {WARM}", *min(warm)),
        (f"warm start, worst of {WARM}", *max(warm)),
    ]
    table("Start and stop of the whole platform (aim: warm start within 10 s)", ("what", "start (s)", "stop (s)"), rows)
