"""The base registries: whether they answer, and loading test persons into the simulated ones."""

from __future__ import annotations

import os
import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import httpx
import typer
from django.conf import settings

from vliegwiel.base import bootstrap, supervisor
from vliegwiel.simulators.registers.load import load_brp as load_lists

from .output import Exit, Json, Refused, finish, show, show_json, table
from .places import registers_file

app = typer.Typer(help="Basisregistraties.", add_completion=False)

REGISTERS = (("BRP", "VLIEGWIEL_BRP_URL"), ("BAG", "VLIEGWIEL_BAG_URL"), ("RDW", "VLIEGWIEL_RDW_URL"))


@app.callback()
def _top() -> None:
    """Basisregistraties en de nagebootste registers."""


@app.command("load-brp")
def load_brp(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="Testpersonen (LO3, CSV).")],
    licences: Annotated[bool, typer.Option(help="Geef volwassenen ook een verzonnen rijbewijs.")] = True,
    as_json: Json = False,
) -> None:
    """Laad testpersonen (LO3-rubrieken, CSV van RvIG) in de nagebootste BRP. Kan terwijl het platform draait."""
    if settings.MODE == "production":
        raise Refused("In productie is er geen nagebootste BRP.", Exit.BUSY)
    try:
        report = load_lists(file, registers_file(), licences=licences)
    except (ValueError, OSError) as error:
        raise Refused(f"{file} is niet te laden: {bootstrap.one_line(error)}.") from error
    if as_json:
        show_json(asdict(report))
        return
    for line in report.lines():
        show(line)


@app.command()
def status(as_json: Json = False) -> None:
    """Toon of de registers antwoorden. Uitkomst 3 als er een niet antwoordt."""
    running = supervisor.running(bootstrap.data_folder())
    rows = []
    for name, setting in REGISTERS:
        url = os.environ.get(setting) or (running.outside.get(setting, "") if running else "")
        rows.append({"register": name, "url": url, **_ask(url)})
    if as_json:
        show_json(rows)
    else:
        show(
            table(
                ("register", "adres", "antwoordt", "ms"), [(r["register"], r["url"], r["said"], r["ms"]) for r in rows]
            )
        )
    if not all(row["ok"] for row in rows):
        finish(Exit.FOUND)


def _ask(url: str) -> dict[str, object]:
    """Whether anything answers. Without a key: what it says does not matter, a person is never asked for."""
    if not url:
        return {"ok": False, "said": "geen adres", "ms": ""}
    began = time.monotonic()
    try:
        httpx.get(url, timeout=5.0)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return {"ok": False, "said": f"nee: {bootstrap.one_line(error)}", "ms": ""}
    return {"ok": True, "said": "ja", "ms": round((time.monotonic() - began) * 1000)}
