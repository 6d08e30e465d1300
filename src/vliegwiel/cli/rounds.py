"""Rounds: plan which containers are emptied today and how the trucks drive."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, ClassVar

import typer

from vliegwiel.rounds.benchmark.reading import InstanceInvalid
from vliegwiel.rounds.benchmark.running import Outcome, Unsolved, run
from vliegwiel.rounds.planning.plans import Doing

from .lazy import Entry, VerbsLater
from .output import Exit, Json, Refused, finish, show, show_json, table


class RoundsGroup(VerbsLater):
    """Planning and simulating need no database; reading in does. Nobody waits for what another verb has to load."""

    later: ClassVar[Mapping[str, Entry]] = {
        "forecast": Entry(
            "rounds_forecast", "Voorspel wegingen vooruit in de tijd en vergelijk met eenvoudige verwachtingen.", False
        ),
        "simulate": Entry(
            "rounds_simulate",
            "Reken uit wat slim legen bespaart: dezelfde stortingen, wagens en zoeker voor elk beleid. Duurt minuten.",
            False,
        ),
        "roads": Entry(
            "rounds_roads",
            "Zeg wat een vuilniswagen op een kaart kan: straten, verboden, zones. En hoe ver het is langs punten.",
            False,
        ),
        "import": Entry("rounds_import", "Lees containers, metingen, wegingen of stortingen in uit een tabel."),
        "map": Entry("rounds_map", "Plan voortaan over de wegen van deze kaart van OpenStreetMap."),
        "keep": Entry("rounds_keep", "Bewaar een doorgerekende besparing (rounds simulate --out) voor een gemeente."),
        "plan": Entry("rounds_plan", "Maak het plan van een dag: welke containers, welke wagen, in welke volgorde."),
    }


app = typer.Typer(
    cls=RoundsGroup,
    help="Inzamelrondes: welke containers vandaag, en hoe rijden de wagens.",
    add_completion=False,
)


@app.callback()
def _top() -> None:
    """Inzamelrondes: welke containers vandaag, en hoe rijden de wagens."""


@app.command()
def benchmark(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Instantie van Kim e.a. (2006), als tekst."),
    ],
    seconds: Annotated[float, typer.Option(min=2, max=86_400, help="Hoe lang er gezocht wordt.")] = 120.0,
    vehicles: Annotated[
        int | None, typer.Option(min=1, max=10_000, help="Met zoveel wagens. Zonder: zo weinig als kan.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Ander geluk bij het zoeken.")] = 1,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Hoeveel processen tegelijk zoeken.")] = 2,
    routes: Annotated[bool, typer.Option(help="Toon ook de routes.")] = False,
    as_json: Json = False,
) -> None:
    """Los een bekende opgave op en laat een onafhankelijke controleur het plan nakijken. Uitkomst 3 als een regel is gebroken."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{file} is niet te lezen als tekst.") from error

    def told(line: str) -> None:
        if sys.stderr.isatty():
            sys.stderr.write(f"{line}\n")

    try:
        outcome = run(text, seconds=seconds, seed=seed, processes=processes, vehicles=vehicles, told=told)
    except InstanceInvalid as error:
        raise Refused(f"{file}: {error.sentence}") from error
    except Unsolved as error:
        raise Refused(f"{file}: {error}", Exit.FOUND) from error
    _tell(outcome, routes=routes, as_json=as_json)
    if not outcome.verdict.valid:
        finish(Exit.FOUND)


def _tell(outcome: Outcome, *, routes: bool, as_json: bool) -> None:
    verdict = outcome.verdict
    if as_json:
        found: dict[str, object] = {
            "vehicles": verdict.vehicles, "miles": round(verdict.miles, 3), "hours": round(verdict.hours, 3),
            "valid": verdict.valid, "violations": list(verdict.violations),
        }  # fmt: skip
        if routes:
            found["routes"] = [
                [{"doing": a.doing.value, "key": a.key, "begins": a.begins, "ends": a.ends} for a in route.activities]
                for route in outcome.routes
            ]
        show_json(found)
        return
    show(
        f"{verdict.vehicles} wagens, {verdict.miles:.1f} mijl, {verdict.hours:.1f} uur (gezocht in {outcome.seconds:.0f} s)"
    )
    show(
        "Nagekeken: alle regels gehouden."
        if verdict.valid
        else f"Nagekeken: {len(verdict.violations)} regels gebroken."
    )
    for line in verdict.violations[:20]:
        show(f"  {line}")
    if routes:
        for route in outcome.routes:
            show(f"\nWagen {route.number}: {len(route.stops)} stops, {route.tips} keer storten")
            rows = [
                (_clock(a.begins), _clock(a.ends), a.doing.value, a.key)
                for a in route.activities
                if a.doing is not Doing.EMPTY
            ]
            show(table(("begint", "klaar", "wat", "waar"), rows))


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
