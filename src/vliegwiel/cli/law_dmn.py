"""`vliegwiel law export-dmn` and `law import-dmn`: exchange laws with programs that speak DMN."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import clock
from vliegwiel.law.dmn.adopting import Adopted, adopt
from vliegwiel.law.dmn.exporting import export
from vliegwiel.law.dmn.reading import MAX_BYTES
from vliegwiel.law.dmn.writing import VERSIONS

from .law_decide import checked_code
from .law_source import open_law
from .output import Json, Refused, show, show_json


def export_dmn(
    law: Annotated[str, typer.Argument(metavar="WET", help="Naam in de catalogus, een bestand of een map.")],
    out: Annotated[Path, typer.Option("--out", help="Het DMN-bestand dat wordt geschreven.")],
    on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="De bedragen van een dag. Zonder: alle bedragen, in tabellen op datum."
        ),
    ] = None,
    place: Annotated[
        str | None,
        typer.Option("--municipality", metavar="GM…", help="Open termen zoals deze gemeente ze invult, als GM0546."),
    ] = None,
    ordinances: Annotated[
        Path | None, typer.Option(help="Map met verordeningen, in plaats van die uit de catalogus.")
    ] = None,
    version: Annotated[
        str, typer.Option("--dmn", help="Versie van DMN: 1.5, of 1.3 voor programma's die niets nieuwers lezen.")
    ] = "1.5",
    as_json: Json = False,
) -> None:
    """Schrijf een wet als DMN-model, met tekening, artikelen en bronnen."""
    if version not in VERSIONS:
        raise Refused(f"DMN {version} kan niet. Wel: {', '.join(VERSIONS)}.")
    code = checked_code(place) if place else None
    chosen = open_law(law, ordinances)
    day = on.date() if on else None
    data = export(chosen.book, chosen.law, today=clock.today(), on=day, gemeente=code, version=version)
    _write(out, data)
    if as_json:
        show_json({"law": chosen.law, "file": str(out), "bytes": len(data), "dmn": version, "municipality": code})
    else:
        show(f"De wet '{chosen.law}' staat in {out} (DMN {version}).")


def import_dmn(
    file: Annotated[Path, typer.Argument(metavar="DMN", help="Het DMN-bestand.")],
    out: Annotated[Path, typer.Option("--out", help="Het wetsbestand (YAML) dat wordt geschreven.")],
    as_json: Json = False,
) -> None:
    """Maak een wetsbestand van een DMN-model. Wat niet te vertalen is, staat er met reden bij."""
    try:
        size = file.stat().st_size
        data = file.read_bytes() if size <= MAX_BYTES else b""
    except OSError as error:
        raise Refused(f"{file} is niet te lezen.") from error
    if size > MAX_BYTES:
        raise Refused(f"{file} is te groot.")
    adopted = adopt(data, file.name, today=clock.today())
    _write(out, adopted.text.encode())
    if as_json:
        left = [{"name": left.name, "reason": left.reason} for left in adopted.left]
        show_json({"file": str(out), "rules": adopted.rules, "left": left})
    else:
        _tell(adopted, out)


def _tell(adopted: Adopted, out: Path) -> None:
    count = "1 regel" if adopted.rules == 1 else f"{adopted.rules} regels"
    show(f"{count} in {out}.")
    if adopted.left:
        show("Niet of anders overgenomen:")
        for left in adopted.left:
            show(f"  {left.name}: {left.reason}")
    show(f"Bekijk het bestand, vul artikelen en bronnen aan, en controleer het: vliegwiel law check {out}")


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise Refused(f"{path} is niet te schrijven.") from error
