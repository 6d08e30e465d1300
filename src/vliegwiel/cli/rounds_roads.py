"""Rounds: what a truck finds in a map, and how far it is between places."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.roads import Area, Bounds, Leg, Point, TruckProfile

from .output import Json, Refused, show, show_json

app = typer.Typer(add_completion=False)


@app.command()
def roads(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, readable=True, help="Kaart van OpenStreetMap: een .osm.pbf."),
    ],
    box: Annotated[
        str, typer.Option(metavar="WEST,ZUID,OOST,NOORD", help="Alleen straten in dit kader, in graden (WGS84).")
    ] = "",
    cache: Annotated[
        Path | None, typer.Option(file_okay=False, help="Map waarin bewaard wordt wat gemaakt is.")
    ] = None,
    tonnes: Annotated[float, typer.Option(min=0.5, max=60, help="Gewicht van de geladen wagen.")] = 26.0,
    metres: Annotated[float, typer.Option(min=1, max=5, help="Hoogte van de wagen.")] = 3.8,
    euro: Annotated[int, typer.Option(min=0, max=9, help="Emissieklasse (Euro).")] = 6,
    points: Annotated[
        list[str] | None,
        typer.Option("--via", metavar="LON,LAT", help="Reken de rit langs deze punten uit. Mag vaker, op volgorde."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Zeg wat een vuilniswagen op een kaart kan: straten, verboden, zones. En hoe ver het is langs punten."""
    began = time.perf_counter()
    try:
        bounds = Bounds(*_numbers(box, 4)) if box else None
        truck = TruckProfile(
            "wagen", weight_kg=round(tonnes * 1000), height_cm=round(metres * 100), emission_class=euro
        )
        area = Area.open(file, cache=cache, bounds=bounds)
        facts = area.facts(truck)
        legs = area.route([Point(*_numbers(point, 2)) for point in points or ()], truck)
    except Invalid as error:
        raise Refused(error.sentence) from error
    if as_json:
        show_json({
            "version": area.version, "facts": msgspec.to_builtins(facts), "source": area.sentence,
            "legs": [{"metres": leg.metres, "seconds": leg.seconds, "line": leg.line} for leg in legs],
        })  # fmt: skip
        return
    show(f"{facts.crossings} kruispunten, {facts.streets} straten, {_dutch(facts.kilometres)} km (elke richting telt)")
    show(f"{facts.restrictions} rijverboden bij afslaan gevolgd, {facts.unclear} niet te plaatsen")
    show(f"{facts.cut_off} straten vallen af: daar kan de wagen niet komen, of niet meer weg")
    show(f"Gesloten emissiezones: {', '.join(facts.zones) or 'geen'}")
    _tell(legs)
    show(f"{area.sentence} ({_dutch(time.perf_counter() - began)} s)")


def _tell(legs: tuple[Leg, ...]) -> None:
    for number, leg in enumerate(legs, start=1):
        show(f"Rit {number}: {leg.metres} m, {leg.seconds // 60}:{leg.seconds % 60:02} minuten")


def _numbers(text: str, count: int) -> tuple[float, ...]:
    try:
        found = tuple(float(part) for part in text.split(","))
    except ValueError:
        found = ()
    if len(found) != count:
        raise Refused(f"‘{text}’ is niet {count} getallen met een komma ertussen.")
    return found


def _dutch(value: float) -> str:
    return f"{value:.1f}".replace(".", ",")
