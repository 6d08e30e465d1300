"""Stop the platform that runs on this data folder."""

from __future__ import annotations

import contextlib
import os
import signal
import time

import psutil
import typer

from vliegwiel.base import bootstrap, supervisor

from .output import Exit, Json, Refused, show, show_json

app = typer.Typer(help="Stop het platform.", add_completion=False)

PATIENCE = 60.0


@app.command()
def stop(as_json: Json = False) -> None:
    """Stop het platform dat op deze gegevensmap draait, en wacht tot alles netjes is afgesloten."""
    found = supervisor.running(bootstrap.data_folder())
    if found is not None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(found.pid, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while psutil.pid_exists(found.pid) and supervisor.running(bootstrap.data_folder()) is not None:
            if time.monotonic() > deadline:
                raise Refused(f"Proces {found.pid} stopt niet binnen {PATIENCE:.0f} seconden.", Exit.BUSY)
            time.sleep(0.1)
    if as_json:
        show_json({"was_running": found is not None})
    else:
        show("Gestopt." if found else "Er draaide niets.")
