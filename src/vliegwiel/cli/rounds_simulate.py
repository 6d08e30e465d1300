"""`vliegwiel rounds simulate`: what smart collection would have saved on real weighings, and what it does to overflow."""

from __future__ import annotations

import os
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from vliegwiel.base.errors import Invalid
from vliegwiel.rounds.simulation.areas import Area, area_of, everything, middle_area, site_of
from vliegwiel.rounds.simulation.assumptions import Assumptions
from vliegwiel.rounds.simulation.comparing import Settings, compare
from vliegwiel.rounds.simulation.district import District, district_of
from vliegwiel.rounds.simulation.report import Savings, csv_of
from vliegwiel.rounds.simulation.weighings import Period, Places, Visits, read_places, read_visits

from .output import Exit, Json, Refused, show, show_json
from .rounds_simulated import told_of

app = typer.Typer(add_completion=False)

ALL: Final = 600
"""Locations up to which a file without a chosen district is taken whole."""


@app.command()
def simulate(
    deposits: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="Wegingen: location, time_utc, kg (CSV, .gz, Parquet)."
        ),
    ],
    locations: Annotated[
        Path,
        typer.Option(
            exists=True, dir_okay=False, readable=True, help="Locaties: location, en rd_x en rd_y of lon en lat."
        ),
    ],
    train: Annotated[
        str, typer.Option(metavar="VAN:TOT", help="Leerperiode, beide dagen meegeteld. Zonder: het eerste jaar.")
    ] = "",
    plan: Annotated[
        str, typer.Option(metavar="VAN:TOT", help="Planperiode, daarna. Zonder: alles na de leerperiode.")
    ] = "",
    district: Annotated[
        str,
        typer.Option(metavar="NAAM|VAK", help="Naam van een wijk, of een vak: lengte,breedte,lengte,breedte (ook RD)."),
    ] = "",
    seeds: Annotated[int, typer.Option(min=2, max=1000, help="Hoeveel trekkingen van de stortingen.")] = 50,
    truck: Annotated[float, typer.Option(min=4, max=60, help="Laadruimte van een wagen, in m³.")] = 24.0,
    yard: Annotated[str, typer.Option(metavar="LON,LAT", help="Waar de wagens vertrekken (ook RD x,y).")] = "",
    tip: Annotated[str, typer.Option(metavar="LON,LAT", help="Waar zij storten (ook RD x,y).")] = "",
    allowed: Annotated[
        float, typer.Option(min=0.05, max=20, help="Hoeveel procent van de containerdagen overvol mag zijn.")
    ] = 1.0,
    full: Annotated[float, typer.Option(min=50, max=900, help="Kilogram in een volle container.")] = 500.0,
    sensor: Annotated[float, typer.Option(min=0, max=500, help="Cent per sensor per dag.")] = 25.0,
    steps: Annotated[int, typer.Option(min=0, max=2000, help="Hoe lang er per dagplan gezocht wordt.")] = 20,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Hoeveel processen tegelijk.")] = (os.cpu_count() or 1),
    extras: Annotated[bool, typer.Option(help="Ook de stresstest en de grens van kilometers en overloop.")] = True,
    csv: Annotated[Path | None, typer.Option(dir_okay=False, help="Schrijf de tabel ook als CSV.")] = None,
    out: Annotated[Path | None, typer.Option(dir_okay=False, help="Schrijf alle cijfers ook als JSON.")] = None,
    as_json: Json = False,
) -> None:
    """Reken uit wat slim legen bespaart: dezelfde stortingen, wagens en zoeker voor elk beleid. Duurt minuten."""
    try:
        places = read_places(locations)
        visits = read_visits(deposits, places)
        train_period, plan_period = _periods(train, plan, visits)
        area = _area(places, visits, district)
        density = full / Assumptions().container_litres * 1000
        assumed = Assumptions(truck_m3=truck, kilograms_per_m3=density, cents_sensor_day=sensor)
        chosen = district_of(places, visits, area, train_period, plan_period, assumed)
        savings = _compared(chosen, yard, tip, assumed, Settings(seeds, steps, processes, allowed, extras))
        _write(savings, csv, out)
    except Invalid as error:
        raise Refused(error.sentence) from error
    if as_json:
        show_json(_json(savings))
        return
    for line in told_of(savings):
        show(line)


def _compared(district: District, yard: str, tip: str, assumed: Assumptions, settings: Settings) -> Savings:
    """With a line on stderr that says how far it is, for whoever looks at a screen."""
    begun = time.monotonic()
    shown = 0.0

    def told(what: str, part: float) -> None:
        nonlocal shown
        now = time.monotonic()
        if not sys.stderr.isatty() or (now - shown < 1 and part < 1):
            return
        shown = now
        sys.stderr.write(
            f"\r{district.name}, {district.size} locaties: {what} {100 * part:3.0f} % ({now - begun:.0f} s)   "
        )
        sys.stderr.write("\n" if part >= 1 else "")
        sys.stderr.flush()

    return compare(district, site_of(district.x, district.y, yard, tip), assumed, settings, told)


def _periods(train: str, plan: str, visits: Visits) -> tuple[Period, Period]:
    """As asked, or the first year and what comes after."""
    if train:
        learned = _period("--train", train)
    else:
        months = (visits.first.replace(day=1) + timedelta(days=366)).replace(day=1)
        year_later = months + timedelta(days=visits.first.day - 1)
        learned = Period(visits.first, year_later - timedelta(days=1))
    if plan:
        return learned, _period("--plan", plan)
    if learned.last >= visits.last:
        raise Refused("Na de leerperiode is er geen weging meer. Geef --train VAN:TOT met een eerdere laatste dag.")
    return learned, Period(learned.last + timedelta(days=1), visits.last)


def _period(option: str, text: str) -> Period:
    parts = [part.strip() for part in text.replace("..", ":").replace("/", ":").split(":")]
    try:
        first, last = (date.fromisoformat(part) for part in parts)
    except ValueError as error:
        raise Refused(f"{option} {text}: schrijf een periode als 2020-01-01:2020-12-31.") from error
    return Period(first, last)


def _area(places: Places, visits: Visits, wanted: str) -> Area:
    """As asked; without a wish everything, or the middle one of the districts when that is too much."""
    if wanted.strip():
        return area_of(places, wanted)
    if len(places) <= ALL:
        return everything(places)
    return middle_area(places, visits.row)


def _write(savings: Savings, csv: Path | None, out: Path | None) -> None:
    try:
        if csv is not None:
            csv.write_text(csv_of(savings), encoding="utf-8")
        if out is not None:
            out.write_bytes(msgspec.json.format(msgspec.json.encode(savings)))
    except OSError as error:
        raise Refused(f"{error.filename} is niet te schrijven.", Exit.MISSING) from error


def _json(savings: Savings) -> object:
    """Per policy the mean and interval of each measure; the rest of the report beside it."""
    whole: dict[str, object] = msgspec.to_builtins(savings)
    whole.pop("rows")
    return {
        "policies": {row.policy: msgspec.to_builtins(row.measures) for row in savings.rows},
        **whole,
        "stress": {row.policy: msgspec.to_builtins(row.measures) for row in savings.stress},
        "titles": {
            row.policy: {"title": row.title, "settings": row.settings} for row in (*savings.rows, *savings.stress)
        },
    }
