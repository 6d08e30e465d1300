"""The ledger of each municipality: seal what waits, and compute everything again to see whether it still adds up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import bootstrap, queries
from vliegwiel.trust import sealing
from vliegwiel.trust.verification import verify as verify_ledger

from .output import Exit, Json, Refused, finish, show, show_json

app = typer.Typer(help="Het logboek van gebeurtenissen.", add_completion=False)

Municipality = Annotated[str | None, typer.Option("--municipality", help="Alleen deze gemeente, bijvoorbeeld GM0546.")]


@app.callback()
def _top() -> None:
    """Het logboek van gebeurtenissen: verzegelen en controleren."""


@app.command()
def seal(municipality: Municipality = None, as_json: Json = False) -> None:
    """Verzegel nu wat nog niet verzegeld is. Het werkproces doet dit elke seconde."""
    with bootstrap.database():
        made = {code: sealing.seal_all(code) for code in _codes(municipality)}
    rows = [{"municipality": code, "size": point.size} for code, point in made.items() if point is not None]
    if as_json:
        show_json(rows)
    elif not rows:
        show("Alles was al verzegeld.")
    for row in rows if not as_json else []:
        show(f"{row['municipality']}: verzegeld tot en met gebeurtenis {row['size']}.")


@app.command()
def verify(
    municipality: Municipality = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option(exists=True, dir_okay=False, readable=True, help="Controlepunt dat u zelf bewaarde (bestand)."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Reken het logboek opnieuw uit. Uitkomst 3 als er iets niet klopt."""
    if checkpoint and municipality is None:
        raise Refused("Een controlepunt hoort bij één gemeente. Zeg welke: --municipality GM0546.", Exit.WRONG_INPUT)
    kept = [path.read_text(errors="replace") for path in checkpoint or []]
    with bootstrap.database():
        reports = [verify_ledger(code, kept=kept) for code in _codes(municipality)]
    if as_json:
        show_json(
            [
                {
                    "municipality": report.municipality, "ok": report.ok, "size": report.size, "root": report.root.hex(),
                    "checkpoints": report.checkpoints,
                    "findings": [
                        {"fault": str(f.fault), "sentence": f.sentence, "index": f.index, "event": f.event}
                        for f in report.findings
                    ],
                }
                for report in reports
            ]
        )  # fmt: skip
    else:
        for report in reports:
            verdict = "klopt" if report.ok else "KLOPT NIET"
            show(
                f"{report.municipality}: {verdict}. {report.size} gebeurtenissen, {report.checkpoints} controlepunten."
            )
            for finding in report.findings:
                show(f"  {finding.sentence}")
    if not all(report.ok for report in reports):
        finish(Exit.FOUND)


def _codes(municipality: str | None) -> tuple[str, ...]:
    if municipality is not None:
        return (queries.served_municipality(municipality.upper()).code,)
    return tuple(row.code for row in queries.served())
