"""Run every benchmark in this folder and print its table: `make bench`, or `python -m bench casework` for some.

A benchmark is a module with `main()` that prints its table (see `bench.figures`). Each runs in a process of its own, with Django
set up on an empty, durable, migrated database of its own. A slow figure never fails anything; a benchmark that cannot run is
said at the end and makes the exit code 1.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import psutil

from bench.figures import own_database

HERE = Path(__file__).parent
NO_BENCHMARK = {"__init__", "__main__", "figures", "openfisca_rules"}


def machine() -> str:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} kernen, {memory:.0f} GiB, Python {platform.python_version()}, {platform.machine()}"


def run_one(name: str) -> None:
    """One benchmark, in this process."""
    with own_database():
        import_module(f"bench.{name}").main()


def run_all(wanted: list[str]) -> int:
    """Each benchmark whose name holds one of the words, or all."""
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NO_BENCHMARK)
    print(f"Gemeten op: {machine()}\n", flush=True)
    failed = []
    for name in (n for n in names if not wanted or any(word in n for word in wanted)):
        began = time.monotonic()
        if subprocess.run([sys.executable, "-m", "bench", "--one", name], cwd=HERE.parent, check=False).returncode:
            failed.append(name)
        print(f"({name}: {time.monotonic() - began:.0f} s)\n", flush=True)
    if failed:
        print(f"Niet gelukt: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_one(sys.argv[2])
    else:
        sys.exit(run_all(sys.argv[1:]))
