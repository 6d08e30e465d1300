"""Plan the round of a day from the command line: the same plan as on the page, made by the same action."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from vliegwiel.base import bootstrap, clock
from vliegwiel.base.queries import served_municipality
from vliegwiel.rounds.actions.plans import make_plan
from vliegwiel.rounds.models import Fraction
from vliegwiel.rounds.operations.daypage import plan_page
from vliegwiel.rounds.operations.pages import BinLine, DayPage, Group, TruckLine
from vliegwiel.trust.identity import System

from .output import Json, Refused, show, show_json, table

app = typer.Typer(add_completion=False)
MOST_WAITING = 10
"""Waiting containers that are shown, likeliest to overflow first; --json gives all."""


@app.command("plan")
def plan(
    code: Annotated[str, typer.Argument(metavar="GEMEENTE", help="Code van de gemeente, zoals GM0546.")],
    fraction: Annotated[str, typer.Argument(metavar="SOORT", help="Soort afval, zoals rest of papier.")] = "rest",
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Dag van de ronde. Zonder: vandaag.")
    ] = None,
    seconds: Annotated[
        float | None,
        typer.Option(min=0.5, max=3600, help="Hoe lang er gezocht wordt. Zonder: naar het aantal containers."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Maak het plan van een dag, of maak het opnieuw zolang het niet vaststaat. Wat u met de hand koos, blijft."""
    if fraction not in Fraction.values:
        raise Refused(f"SOORT is een van: {', '.join(Fraction.values)}.")
    with bootstrap.database():
        actor = System(served_municipality(code).code, "plannen")
        on = day.date() if day is not None else clock.today()
        page = plan_page(actor, make_plan(actor, on, fraction, seconds=seconds))
    if as_json:
        show_json(_figures(page))
        return
    _tell(page)


def _figures(page: DayPage) -> dict[str, object]:
    return {
        "date": page.day.isoformat(),
        "fraction": page.fraction,
        "routes": [_route(truck) for truck in page.trucks],
        "emptied": [_container(one) for group in (Group.MUST, Group.MAY) for one in page.of(group)],
        "waiting": [_container(one) for one in page.of(Group.WAIT)],
        "advice": list(page.advice),
    }


def _route(truck: TruckLine) -> dict[str, object]:
    return {
        "truck": truck.code, "start": _clock(truck.start), "end": _clock(truck.end),
        "kilometres": round(truck.metres / 1000, 1), "tips": truck.tips,
        "stops": [{"arrival": _clock(s.arrival), "what": s.kind, "container": s.code or None} for s in truck.stops],
    }  # fmt: skip


def _container(one: BinLine) -> dict[str, object]:
    return {
        "container": one.code, "level": one.level, "need": one.group.value, "overflow": round(one.overflow, 4),
        "reason": one.reason,
    }  # fmt: skip


def _tell(page: DayPage) -> None:
    waiting = page.of(Group.WAIT)
    show(f"{page.day:%d-%m-%Y}, {page.fraction}: {page.emptied} containers leeg, {len(waiting)} wachten.\n")
    rows = [
        (t.code, _clock(t.start), _clock(t.end), f"{t.metres / 1000:.1f}".replace(".", ","), t.containers, t.tips)
        for t in page.trucks
    ]
    show(table(("wagen", "vertrekt", "terug", "km", "containers", "storten"), rows))
    for line in page.advice:
        show(line)
    if waiting:
        show("\nWat wacht, en waarom:")
        for one in waiting[:MOST_WAITING]:
            show(f"  {one.code}: {one.reason}")
        if len(waiting) > MOST_WAITING:
            show(f"  en nog {len(waiting) - MOST_WAITING}; --json toont ze alle.")


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}"
