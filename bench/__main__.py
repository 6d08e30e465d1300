"""Run every benchmark in this folder and print its table: `make bench`, or `python -m bench casework` for some.

A benchmark is a module with `main()` that prints its table (see `bench.figures`). A slow figure never fails anything; a
benchmark that cannot run is said at the end and makes the exit code 1.
"""

from __future__ import annotations

import platform
import subprocess
import sys
import time
from pathlib import Path

import psutil

HERE = Path(__file__).parent
NO_BENCHMARK = {"__init__", "__main__", "figures"}


def machine() -> str:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 2**30
    return f"{psutil.cpu_count()} kernen, {memory:.0f} GiB, Python {platform.python_version()}, {platform.machine()}"


def main(wanted: list[str]) -> int:
    names = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in NO_BENCHMARK)
    chosen = [name for name in names if not wanted or any(word in name for word in wanted)]
    print(f"Gemeten op: {machine()}\n", flush=True)
    failed = []
    for name in chosen:
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent, check=False)
        if done.returncode:
            failed.append(name)
        print(f"({name}: {time.monotonic() - began:.0f} s)\n", flush=True)
    if failed:
        print(f"Niet gelukt: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
