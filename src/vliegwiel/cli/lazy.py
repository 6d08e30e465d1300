"""Commands that are read only when they are asked for.

Most need Django set up before their module can be imported, and `vliegwiel run` must start fast and needs none of it. So
the list of commands is data here; a command's module is imported when it is run, after `bootstrap.configure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from vliegwiel.base import bootstrap

from . import places


@dataclass(frozen=True, slots=True)
class Entry:
    """A noun (or a single verb): where its commands are, one line of help, whether it needs Django."""

    module: str
    help: str
    django: bool = True
    serves: bool = False


COMMANDS: dict[str, Entry] = {
    "run": Entry(
        "run", "Start alles: database, werkproces, webserver en (in de demo) de nagebootste buitenwereld.", False
    ),
    "stop": Entry("stop", "Stop het platform dat op deze gegevensmap draait.", False),
    "doctor": Entry("doctor", "Kijk of alles in orde is, en zeg wat er te doen is."),
    "migrate": Entry("migrate", "Breng de tabellen van de database op orde."),
    "demo": Entry("demo", "Voorbeeldgegevens: zeven gemeenten, producten en zaken."),
    "definitions": Entry("definitions", "Wetten, patronen, producten en varianten."),
    "law": Entry("law", "Wetten laten beslissen, uitleggen, controleren, doorrekenen en uitwisselen.", False),
    "rounds": Entry("rounds", "Inzamelrondes: welke containers vandaag, en hoe rijden de wagens.", False),
    "sensors": Entry("sensors", "Sensoren: bekende types, bronnen van berichten, en wat apart is gezet."),
    "registers": Entry("registers", "Basisregistraties en de nagebootste registers."),
    "municipalities": Entry("municipalities", "De gemeenten van Nederland sinds 2015, en welke hier meedoen."),
    "ledger": Entry("ledger", "Het logboek van gebeurtenissen: verzegelen en controleren."),
    "jobs": Entry("jobs", "Werk op de achtergrond: wat wacht, loopt of is mislukt."),
    "web": Entry("web", "Alleen de webserver (voor een eigen opstelling).", False, True),
    "worker": Entry("worker", "Alleen het werkproces (voor een eigen opstelling).", True, True),
}


class LazyGroup(TyperGroup):
    """The top of the command line. Listing it imports nothing."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """For the overview: only a name and a line of help."""
        entry = COMMANDS.get(cmd_name)
        return TyperCommand(cmd_name, help=entry.help, short_help=entry.help) if entry else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """For running: the real one."""
        if not args or args[0] not in COMMANDS:
            return super().resolve_command(ctx, args)
        return args[0], _read(args[0], COMMANDS[args[0]]), args[1:]


def _read(name: str, entry: Entry) -> Any:
    """The command itself, with what it needs set up."""
    # On the command line stderr is for the one line that says why it cannot be done; servers tell all they do.
    level = "INFO" if entry.serves else "WARNING"
    if entry.django:
        places.find_running()
        bootstrap.configure(log_level=level)
    else:
        bootstrap.set_up_logs(level)
    module = import_module(f"vliegwiel.cli.{entry.module}")
    app: typer.Typer = module.app
    command = get_command(app)
    command.name = name
    return command


class VerbsLater(TyperGroup):
    """A noun of which some verbs need Django and the others do not: `later` are read only when they are asked for."""

    later: ClassVar[Mapping[str, Entry]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *self.later]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """For the overview: only a name and a line of help."""
        entry = self.later.get(cmd_name)
        if entry is None:
            return super().get_command(ctx, cmd_name)
        return TyperCommand(cmd_name, help=entry.help, short_help=entry.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """For running: the real one."""
        if not args or args[0] not in self.later:
            return super().resolve_command(ctx, args)
        return args[0], _read(args[0], self.later[args[0]]), args[1:]
