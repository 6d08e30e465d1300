"""Keep the outcome of a simulation for a municipality, so that its page and PDF show it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vliegwiel.base import bootstrap
from vliegwiel.base.queries import served_municipality
from vliegwiel.rounds.actions.savings import keep_report
from vliegwiel.rounds.simulation.report import Savings
from vliegwiel.trust.identity import System

from .output import Json, Refused, show, show_json

app = typer.Typer(add_completion=False)


@app.command("keep")
def keep(
    code: Annotated[str, typer.Argument(metavar="GEMEENTE", help="Code van de gemeente, zoals GM0546.")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Wat rounds simulate --out schreef.")
    ],
    as_json: Json = False,
) -> None:
    """Bewaar een doorgerekende besparing: zij komt op de bladzijde van de gemeente."""
    try:
        savings = msgspec.json.decode(file.read_bytes(), type=Savings)
    except (OSError, msgspec.MsgspecError) as error:
        raise Refused(f"{file} is geen uitkomst van rounds simulate --out.") from error
    with bootstrap.database():
        report = keep_report(System(served_municipality(code).code, "besparing"), savings)
    if as_json:
        show_json({"report": str(report)})
        return
    show(f"Bewaard voor {code}: {savings.facts.district}, {savings.facts.seeds} trekkingen.")
