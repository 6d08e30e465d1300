"""`vliegwiel law check` and `law schema`: what is wrong with a law, shown at its line; and the form a law file has."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from vliegwiel.base import clock
from vliegwiel.law.checking import Report, advice
from vliegwiel.law.checking import check as check_laws
from vliegwiel.law.findings import Finding
from vliegwiel.law.schema import schema_text

from .law_decide import checked_code
from .law_source import CATALOGUE, find_file
from .output import Exit, Json, Refused, finish, show, show_json

_MOST_SHOWN = 110


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="[BESTAND|MAP|WET]…", help="Wat te controleren. Zonder: alle wetten van de catalogus."),
    ] = None,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="De dag waarvoor wordt gekeken. Zonder: vandaag.")
    ] = None,
    municipalities: Annotated[
        list[str] | None,
        typer.Option("--municipality", metavar="GM…", help="Gemeente waarvoor alles geregeld moet zijn. Mag vaker."),
    ] = None,
    ordinances: Annotated[
        Path | None, typer.Option(help="Map met verordeningen die meedoen, in plaats van die uit de catalogus.")
    ] = None,
    notes: Annotated[
        bool, typer.Option("--notes", help="Toon ook opmerkingen: waar u niets aan hoeft te doen.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Controleer wetten: fouten, gaten en dubbele regels in tabellen, wat nooit kan, data, open termen en voorbeelden.

    Uitkomst 3 als er iets gerepareerd moet worden.
    """
    paths = [_path(given) for given in files or ()] or [CATALOGUE]
    if ordinances is not None:
        if not ordinances.exists():
            raise Refused(f"{ordinances} bestaat niet.")
        paths.append(ordinances)
    codes = [checked_code(code) for code in municipalities or ()]
    report = check_laws(
        paths,
        on=on.date() if on else clock.today(),
        gemeenten=codes,
        context=[CATALOGUE],
        name=_shown,
    )
    if not report.texts and not report.findings:
        raise Refused("Daar staan geen wetten (bestanden die op .yaml eindigen).")
    if as_json:
        show_json(_as_json(report))
    else:
        _tell(report, notes=notes)
    if report.wrong:
        finish(Exit.FOUND)


def schema(
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="BESTAND", help="Schrijf het naar dit bestand in plaats van naar het scherm."),
    ] = None,
) -> None:
    """Het JSON Schema van wetten en verordeningen: uw editor vult er sleutels mee aan en ziet fouten tijdens het typen."""
    if out is None:
        show(schema_text().rstrip("\n"))
        return
    try:
        out.write_text(schema_text(), "utf-8")
    except OSError as error:
        raise Refused(f"{out} is niet te schrijven: {error.strerror}.") from error
    show(f"Geschreven: {out}. Zet in een wetsbestand als eerste regel: # yaml-language-server: $schema={out}")


def _path(given: str) -> Path:
    """A file or folder, or the file of a law of the catalogue by its name."""
    path = Path(given)
    return path if path.exists() else find_file(given)


def _shown(path: Path) -> str:
    """A path as people can open it from where they are."""
    full = path.resolve()
    try:
        return str(full.relative_to(Path.cwd()))
    except ValueError:
        return os.fspath(full)


# --- for people ------------------------------------------------------------------------------------------------------


def _tell(report: Report, *, notes: bool) -> None:
    told = [finding for finding in report.findings if notes or finding.severity != "opmerking"]
    for finding in told:
        show("\n".join(_lines(report, finding)))
        show()
    show(_sum(report, notes=notes))


def _lines(report: Report, finding: Finding) -> Iterator[str]:
    """A finding with its line and a mark under it, and what to do."""
    where = f"{finding.file}:{finding.line}:{finding.column}"
    yield _plain(f"{where}: {finding.severity}: {finding.message} [{finding.code}]")
    text = _plain(report.line(finding))
    number = str(finding.line)
    if text.strip():
        shown, column = _cut(text.rstrip(), finding.column)
        yield f"  {number} | {shown}"
        yield f"  {' ' * len(number)} | {' ' * (column - 1)}^"
    hint = finding.hint or advice(finding.code)
    if hint:
        yield _plain(f"  {' ' * len(number)} = {hint}")


def _plain(text: str) -> str:
    """Text of a stranger's file without what would steer the terminal."""
    return "".join(character if character.isprintable() else "·" for character in text)


def _cut(text: str, column: int) -> tuple[str, int]:
    """A long line around the place it is about."""
    if len(text) <= _MOST_SHOWN:
        return text, column
    start = max(0, min(column - 1 - _MOST_SHOWN // 2, len(text) - _MOST_SHOWN))
    end = start + _MOST_SHOWN
    before, after = ("…" if start else ""), ("…" if end < len(text) else "")
    return before + text[start:end] + after, column - start + len(before)


def _sum(report: Report, *, notes: bool) -> str:
    counts = _counts(report.findings)
    checked = f"{_many(report.texts, 'tekst', 'teksten')}, {_many(report.examples, 'voorbeeld', 'voorbeelden')}"
    if not counts["fout"] and not counts["let op"]:
        said = f"Alles klopt: {checked}."
    else:
        parts = [_many(counts["fout"], "fout", "fouten")] if counts["fout"] else []
        parts += [f"{counts['let op']} keer let op"] if counts["let op"] else []
        said = f"{' en '.join(parts)} ({checked})."
    hidden = counts["opmerking"] if not notes else 0
    return said + (f" {_many(hidden, 'opmerking', 'opmerkingen')}; toon ze met --notes." if hidden else "")


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {
        severity: sum(finding.severity == severity for finding in findings)
        for severity in ("fout", "let op", "opmerking")
    }


# --- for programs ----------------------------------------------------------------------------------------------------


def _as_json(report: Report) -> dict[str, object]:
    return {
        "ok": not report.wrong,
        "texts": report.texts,
        "examples": {"total": report.examples, "passed": report.passed},
        "counts": _counts(report.findings),
        "findings": [
            {
                "file": finding.file,
                "line": finding.line,
                "column": finding.column,
                "severity": finding.severity,
                "code": finding.code,
                "path": list(finding.path),
                "message": finding.message,
                "hint": finding.hint or advice(finding.code),
                "source": report.line(finding),
            }
            for finding in report.findings
        ],
    }
