"""Definitions: read everything, run every example, and say file, line and key of each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import clock
from vliegwiel.base.sourcefile import SourceInvalid
from vliegwiel.catalogue.check.report import Report, check_all
from vliegwiel.law.checking import check as check_laws
from vliegwiel.law.findings import Finding, from_errors

from . import definitions_exchange, definitions_versions, definitions_zgw
from .definitions_bpmn import bpmn
from .output import Exit, Json, Refused, finish, show, show_json

app = typer.Typer(help="Wetten, patronen, producten en varianten.", add_completion=False)

definitions_exchange.register(app)
definitions_zgw.register(app)
definitions_versions.register(app)

app.command()(bpmn)

LAWS = Path(__file__).resolve().parents[1] / "definitions" / "wetten"


@app.callback()
def _top() -> None:
    """Wetten, patronen, producten en varianten."""


@app.command()
def check(
    files: Annotated[
        list[Path] | None,
        typer.Argument(exists=True, readable=True, help="Wetsbestanden of mappen. Zonder: alles wat meegeleverd is."),
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Op welke dag de definities gelden.")
    ] = None,
    notes: Annotated[bool, typer.Option(help="Toon ook wat een blik verdient, en opmerkingen.")] = False,
    as_json: Json = False,
) -> None:
    """Lees alle definities en voer alle voorbeelden uit. Uitkomst 3 als er iets gerepareerd moet worden."""
    report = None
    day = on.date() if on else clock.today()
    findings = list(check_laws(_law_files(files or [LAWS]), on=day).findings)
    if not files and not any(found.severity == "fout" for found in findings):
        try:
            report = check_all(day)
            findings = [*findings, *report.findings]
        except SourceInvalid as error:
            findings = [*findings, *from_errors(error.errors)]
    findings = sorted(set(findings))
    wrong = [found for found in findings if found.severity == "fout"]
    if as_json:
        show_json({"ok": not wrong, "findings": [_as_json(found) for found in findings], **_counts(report)})
    else:
        _tell(findings if notes else wrong, report, wrong=len(wrong), hidden="" if notes else _hidden(findings))
    if wrong:
        finish(Exit.FOUND)


def _law_files(given: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in given:
        found += sorted(path.rglob("*.yaml")) if path.is_dir() else [path]
    if not found:
        raise Refused("Daar staan geen definities (bestanden die op .yaml eindigen).")
    return found


def _tell(findings: Sequence[Finding], report: Report | None, *, wrong: int, hidden: str) -> None:
    for found in findings:
        key = ".".join(map(str, found.path))
        show(f"{found.file}:{found.line}:{found.column}: {found.severity}: {f'{key}: ' if key else ''}{found.message}")
    if report is not None:
        show(report.sentence)
    elif not wrong:
        show("Alles klopt.")
    else:
        show(f"{wrong} fouten.")
    if hidden:
        show(hidden)


def _hidden(findings: Sequence[Finding]) -> str:
    """How much there is besides what must be repaired."""
    looks = sum(found.severity == "let op" for found in findings)
    told = sum(found.severity == "opmerking" for found in findings)
    parts = ([f"{looks} keer let op"] if looks else []) + ([f"{told} opmerkingen"] if told else [])
    return f"{' en '.join(parts)}; toon ze met --notes." if parts else ""


def _counts(report: Report | None) -> dict[str, int]:
    if report is None:
        return {}
    return {
        "products": report.products,
        "municipalities": report.municipalities,
        "definitions": report.definitions,
        "examples": report.examples,
    }


def _as_json(found: Finding) -> dict[str, object]:
    return {
        "file": found.file, "line": found.line, "column": found.column, "severity": found.severity, "code": found.code,
        "path": list(found.path), "message": found.message,
    }  # fmt: skip
