"""The map over which a municipality plans its rounds from now on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import bootstrap
from vliegwiel.base.errors import Invalid
from vliegwiel.base.queries import served_municipality
from vliegwiel.rounds.actions.roads import use_map
from vliegwiel.trust.identity import System

from .output import Json, Refused, show, show_json

app = typer.Typer(add_completion=False)


@app.command("map")
def use(
    code: Annotated[str, typer.Argument(metavar="GEMEENTE", help="Code van de gemeente, zoals GM0546.")],
    file: Annotated[
        Path, typer.Argument(metavar="BESTAND", exists=True, dir_okay=False, readable=True, help="Een .osm.pbf.")
    ],
    name: Annotated[str, typer.Option(help="Hoe de kaart heet.")] = "",
    as_json: Json = False,
) -> None:
    """Plan de rondes van een gemeente voortaan over de wegen van deze kaart. Zonder kaart wordt hemelsbreed geschat."""
    with bootstrap.database():
        actor = System(served_municipality(code).code, "kaart")
        try:
            area = use_map(actor, name or file.name.partition(".")[0], file)
        except Invalid as error:
            raise Refused(error.sentence) from error
    if as_json:
        show_json({"area": str(area)})
        return
    show("De kaart is bewaard. Plannen die u hierna maakt, gaan over deze wegen.")
