"""Reading tables in: containers, sensors, readings of sensors, weighings of trucks, counted deposits."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import bootstrap
from vliegwiel.base.queries import served_municipality
from vliegwiel.rounds.actions.import_containers import import_containers
from vliegwiel.rounds.actions.import_evidence import import_deposits, import_weighings
from vliegwiel.rounds.actions.import_readings import import_readings
from vliegwiel.rounds.actions.import_sensors import import_sensors
from vliegwiel.rounds.actions.imported import Imported
from vliegwiel.rounds.models import Fraction
from vliegwiel.trust.identity import System

from .output import Exit, Json, Refused, finish, show, show_json

app = typer.Typer(add_completion=False)


class What(StrEnum):
    """What is in the table."""

    CONTAINERS = "containers"
    SENSORS = "sensoren"
    READINGS = "metingen"
    WEIGHINGS = "wegingen"
    DEPOSITS = "stortingen"


@app.command("import")
def read_in(
    code: Annotated[str, typer.Argument(metavar="GEMEENTE", help="Code van de gemeente, zoals GM0546.")],
    what: Annotated[
        What, typer.Argument(metavar="WAT", help="containers, sensoren, metingen, wegingen of stortingen.")
    ],
    file: Annotated[
        Path, typer.Argument(metavar="BESTAND", exists=True, dir_okay=False, readable=True, help="CSV of Parquet.")
    ],
    source: Annotated[str, typer.Option(help="Naam van de bron van deze sensoren of metingen.")] = "bestand",
    fraction: Annotated[str, typer.Option(help="Fractie van containers waar de tabel die niet noemt.")] = "rest",
    litres: Annotated[float | None, typer.Option(help="Inhoud waar de tabel die niet noemt.")] = None,
    kilograms: Annotated[float | None, typer.Option(help="Gewicht vol waar de tabel dat niet noemt.")] = None,
    as_json: Json = False,
) -> None:
    """Lees een tabel in. Twee keer hetzelfde bestand verandert niets. Uitkomst 3 als er rijen zijn geweigerd."""
    if fraction not in Fraction.values:
        raise Refused(f"--fraction is een van: {', '.join(Fraction.values)}.")
    if not 0 < len(source) <= 120:
        raise Refused("--source is een naam van hoogstens 120 tekens.")
    with bootstrap.database():
        actor = System(served_municipality(code).code, "inlezen")
        match what:
            case What.CONTAINERS:
                found = import_containers(actor, file, fraction=fraction, litres=litres, kilograms=kilograms)
            case What.SENSORS:
                found = import_sensors(actor, file, source=source)
            case What.READINGS:
                found = import_readings(actor, file, source=source)
            case What.WEIGHINGS:
                found = import_weighings(actor, file)
            case What.DEPOSITS:
                found = import_deposits(actor, file)
    _tell(found, what, as_json=as_json)
    if found.refused:
        finish(Exit.FOUND)


def _tell(found: Imported, what: What, *, as_json: bool) -> None:
    if as_json:
        show_json(
            {
                "rows": found.rows, "stored": found.stored, "doubles": found.doubles, "doubtful": found.doubtful,
                "emptyings": found.emptyings, "refused": found.refused,
                "refusals": [{"row": r.row, "reason": r.reason} for r in found.refusals],
            }
        )  # fmt: skip
        return
    show(f"{found.rows} rijen gelezen: {found.stored} nieuw, {found.doubles} waren er al, {found.refused} geweigerd.")
    if found.doubtful:
        less = (
            "het gewicht kan niet en is weggelaten" if what is What.WEIGHINGS else "de waarde kan niet en is zo gemerkt"
        )
        show(f"Bij {found.doubtful} rijen: {less}.")
    if found.emptyings:
        show(f"In de vulgraad zijn {found.emptyings} legingen te zien.")
    for refusal in found.refusals:
        show(f"  rij {refusal.row}: {refusal.reason}")
    if found.refused > len(found.refusals):
        show(f"  … en nog {found.refused - len(found.refusals)} rijen.")
