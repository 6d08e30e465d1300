"""Laws: decide, explain, check, simulate, and exchange them as DMN. Works without Django and without a database.

Checking and simulating read large libraries, deciding does not. So the list of verbs is data here, and the module of a verb is
imported when that verb is run.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: the function in `vliegwiel.cli.MODULE` that does it, and one line of help."""

    module: str
    function: str
    help: str


VERBS: Final[dict[str, Verb]] = {
    "decide": Verb("law_decide", "decide", "Laat een wet beslissen over gegevens uit een JSON-bestand."),
    "explain": Verb("law_decide", "explain", "Leg in gewone taal uit waarom de wet zo beslist."),
    "check": Verb("law_check", "check", "Controleer een wet: fouten, gaten, dode regels, voorbeelden."),
    "schema": Verb("law_check", "schema", "Het JSON Schema van het wetformaat, voor uw editor."),
    "simulate": Verb("law_simulate", "simulate", "Reken een wet door voor een hele bevolking."),
    "population": Verb("law_simulate", "population", "Maak een verzonnen bevolking om mee te rekenen."),
    "import-dmn": Verb("law_dmn", "import_dmn", "Maak een wetsbestand van een DMN-model."),
    "export-dmn": Verb("law_dmn", "export_dmn", "Schrijf een wet als DMN-model, voor andere programma's."),
    "tck": Verb("law_tck", "tck", "Voer de testbestanden van de DMN-testkit uit."),
}


class LazyVerbs(TyperGroup):
    """The verbs of the noun `law`. Listing them imports nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """For the overview: only a name and a line of help."""
        verb = VERBS.get(cmd_name)
        return TyperCommand(cmd_name, help=verb.help, short_help=verb.help) if verb else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """For running: the real one."""
        if not args or args[0] not in VERBS:
            return super().resolve_command(ctx, args)
        name, verb = args[0], VERBS[args[0]]
        function = getattr(import_module(f"vliegwiel.cli.{verb.module}"), verb.function)
        one = typer.Typer(add_completion=False)
        one.command(name)(function)
        command = get_command(one)
        command.name = name
        return name, command, args[1:]


app = typer.Typer(
    cls=LazyVerbs,
    help="Wetten laten beslissen, uitleggen, controleren, doorrekenen en uitwisselen.",
    add_completion=False,
)


@app.callback()
def _top() -> None:
    """Wetten laten beslissen, uitleggen, controleren, doorrekenen en uitwisselen."""
