"""What benchmarks share: a table, percentiles, and a database of their own that is thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from vliegwiel.base import bootstrap
from vliegwiel.base.postgres import EmbeddedPostgres


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a table: figures to the right, text to the left."""
    cells = [[_cell(value) for value in row] for row in rows]
    widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
    print(title)
    print("  " + "  ".join(name.ljust(width) for name, width in zip(head, widths, strict=True)))
    print("  " + "  ".join("-" * width for width in widths))
    for row, raw in zip(cells, rows, strict=True):
        print(
            "  " + "  ".join(_align(text, value, w) for text, value, w in zip(row, raw, widths, strict=True)).rstrip()
        )
    print(flush=True)


def percentile(times: Sequence[float], share: float) -> float:
    """The value below which this share (0..1) of the measurements lies."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(work: Callable[[], object], times: int) -> tuple[float, float]:
    """Median and 95th percentile of one call, in ms."""
    took = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1e3)
    return percentile(took, 0.5), percentile(took, 0.95)


def seconds(work: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@contextmanager
def own_database() -> Iterator[Path]:
    """An empty, durable, migrated database in a folder of its own, with Django set up on it; gives the folder."""
    with tempfile.TemporaryDirectory(prefix="vliegwiel-bench-", ignore_cleanup_errors=True) as name:
        for variable in ("DATABASE_URL", "DATABASE_OWNER_URL", "VLIEGWIEL_DATABASE"):
            os.environ.pop(variable, None)
        os.environ.update(VLIEGWIEL_DATA=name, VLIEGWIEL_MODE="test", VLIEGWIEL_LOG_LEVEL="ERROR")
        with EmbeddedPostgres(Path(name) / "postgres").hold():
            subprocess.run([sys.executable, "-m", "vliegwiel", "migrate"], check=True, stdout=subprocess.DEVNULL)
            bootstrap.configure()
            yield Path(name)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.1f}" if abs(value) >= 10 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _align(text: str, value: object, width: int) -> str:
    return text.rjust(width) if isinstance(value, int | float) else text.ljust(width)
