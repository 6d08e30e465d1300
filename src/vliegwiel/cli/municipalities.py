"""The municipalities: which exist on a day, and which this installation serves."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from vliegwiel.base import bootstrap, clock, queries
from vliegwiel.base.municipalities import existing_on, municipality

from .output import Json, show, show_json, table

app = typer.Typer(help="De gemeenten van Nederland sinds 2015.", add_completion=False)


@app.callback()
def _top() -> None:
    """De gemeenten van Nederland sinds 2015, en welke hier meedoen."""


@app.command("list")
def list_(
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Op welke dag (2015-01-01 of later).")
    ] = None,
    live: Annotated[bool, typer.Option(help="Alleen de gemeenten die hier meedoen.")] = False,
    as_json: Json = False,
) -> None:
    """Toon de gemeenten die op een dag bestaan."""
    day = on.date() if on else clock.today()
    if live:
        with bootstrap.database():
            facts = tuple(municipality(row.code) for row in queries.served())
    else:
        facts = existing_on(day)
    rows = [
        {"code": f.code, "name": f.name, "province": str(f.province), "begin": f.begin, "end": f.end, "slug": f.slug}
        for f in facts
    ]
    if as_json:
        show_json({"on": day, "count": len(rows), "municipalities": rows})
        return
    show(table(("code", "naam", "provincie", "sinds"), [(f.code, f.name, f.province, f.begin or "") for f in facts]))
    show(f"\n{len(rows)} gemeenten op {day:%d-%m-%Y}")


@app.command("show")
def show_(
    code: Annotated[str, typer.Argument(help="Gemeentecode, bijvoorbeeld GM0546.")],
    as_json: Json = False,
) -> None:
    """Toon één gemeente, en wie haar werk overnam."""
    fact = municipality(code.upper())
    if as_json:
        show_json(
            {
                "code": fact.code, "name": fact.name, "province": str(fact.province), "begin": fact.begin, "end": fact.end,
                "successors": list(fact.successors), "slug": fact.slug,
            }
        )  # fmt: skip
        return
    show(f"{fact.name} ({fact.code}), {fact.province}")
    show(f"van {fact.begin or 'onbekend'} tot {fact.end or 'nu'}")
    for successor in fact.successors:
        show(f"opgevolgd door {municipality(successor).name} ({successor})")
