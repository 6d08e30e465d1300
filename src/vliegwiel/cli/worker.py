"""The worker as a process of its own."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from vliegwiel.base import bootstrap, worker
from vliegwiel.base.child import follow_parent

from .output import Exit, Refused

app = typer.Typer(help="Het werkproces.", add_completion=False)


@app.callback()
def _top() -> None:
    """Het werkproces."""


@app.command()
def run(
    concurrency: Annotated[
        int, typer.Option(min=1, max=64, envvar="VLIEGWIEL_WORKER_THREADS", help="Hoeveel taken tegelijk.")
    ] = 4,
) -> None:
    """Doe de taken op de achtergrond. SIGTERM laat lopende taken eerst aflopen."""
    if os.environ.get("VLIEGWIEL_PARENT"):
        follow_parent()
    with bootstrap.database():
        try:
            worker.run(concurrency=concurrency)
        except worker.DatabaseLost as lost:
            raise Refused(f"De database is weg ({lost}). Start opnieuw.", Exit.MISSING) from lost
