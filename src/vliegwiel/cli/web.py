"""The web server as a process of its own: granian, several workers, each with a few threads and a small pool."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from granian import Granian
from granian.constants import Interfaces

from vliegwiel.base import bootstrap
from vliegwiel.base.child import follow_parent

from . import webprocess

app = typer.Typer(help="De webserver.", add_completion=False)

WORKERS = max(2, min(8, os.cpu_count() or 2))
THREADS = 8


@app.callback()
def _top() -> None:
    """De webserver."""


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1, max=65535, envvar="VLIEGWIEL_PORT", help="Poort.")] = 8000,
    host: Annotated[str, typer.Option(envvar="VLIEGWIEL_BIND", help="Adres waarop wordt geluisterd.")] = "127.0.0.1",
    workers: Annotated[
        int, typer.Option(min=1, max=64, envvar="VLIEGWIEL_WEB_WORKERS", help="Aantal processen.")
    ] = WORKERS,
    threads: Annotated[
        int, typer.Option(min=1, max=64, envvar="VLIEGWIEL_WEB_THREADS", help="Draden per proces.")
    ] = THREADS,
) -> None:
    """Start de webserver. Een proces dat uitvalt, wordt vervangen; SIGTERM laat lopende verzoeken eerst aflopen."""
    if os.environ.get("VLIEGWIEL_PARENT"):
        follow_parent()
    bootstrap.environment()
    with bootstrap.database():
        os.environ["VLIEGWIEL_PORT"] = str(port)
        os.environ.setdefault("VLIEGWIEL_POOL", str(threads))
        webprocess.load()
        Granian(
            target="vliegwiel.cli.webprocess:make",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=threads,
            backpressure=max(64, threads * 8),
            websockets=False,
            log_enabled=False,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=15,
        ).serve()
