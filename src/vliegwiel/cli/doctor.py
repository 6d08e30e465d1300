"""Is everything in order? A line for each thing, and what to do."""

from __future__ import annotations

from dataclasses import asdict

import typer

from vliegwiel.base import bootstrap

from .checkup import Finding, Verdict, machine, run_all
from .output import Exit, Json, finish, show, show_json

app = typer.Typer(help="Kijk of alles in orde is.", add_completion=False)

SIGNS = {Verdict.GOED: "✓", Verdict.LET_OP: "!", Verdict.FOUT: "✗"}


@app.command()
def doctor(as_json: Json = False) -> None:
    """Kijk of alles in orde is, en zeg wat er te doen is. Uitkomst 3 als er iets fout is."""
    findings = _look()
    if as_json:
        show_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.name) for finding in findings)
        for finding in findings:
            show(f"  {SIGNS[finding.verdict]} {finding.name.ljust(width)}  {finding.detail}")
            if finding.todo:
                show(f"    {' ' * width}→ {finding.todo}")
    if any(finding.verdict is Verdict.FOUT for finding in findings):
        finish(Exit.FOUND)


def _look() -> list[Finding]:
    try:
        with bootstrap.database():
            return run_all()
    except bootstrap.CannotStart as error:
        # Without a database the rest cannot be looked at; say so instead of giving up.
        return [*machine(), Finding("database", Verdict.FOUT, "is er niet", str(error))]
