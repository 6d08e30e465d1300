"""What a check of law files finds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vliegwiel.base.sourcefile import KeyPath, Position, SourceError, SourceInvalid

Severity: TypeAlias = Literal["fout", "let op", "opmerking"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One thing about a file. A `fout` must be repaired; a `let op` deserves a look; an `opmerking` only tells something.

    `code` is stable, for machines; `vliegwiel.law.checking.codes` has them all. `hint` says what to do, where that differs
    from what the code says of itself.
    """

    file: str
    line: int
    column: int
    severity: Severity
    code: str
    message: str
    path: KeyPath = ()
    hint: str = field(default="", compare=False)

    def __str__(self) -> str:
        where = ".".join(str(part) for part in self.path)
        return f"{self.file}:{self.line}:{self.column}: {self.severity}: {where + ': ' if where else ''}{self.message}"


class Findings:
    """Collects findings about one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Finding] = []

    def wrong(self, at: Position, code: str, message: str, path: KeyPath = ()) -> None:
        """Something that must be repaired."""
        self.found.append(Finding(self.file, at.line, at.column, "fout", code, message, path))

    def note(self, at: Position, code: str, message: str, path: KeyPath = ()) -> None:
        """Something that deserves a look."""
        self.found.append(Finding(self.file, at.line, at.column, "let op", code, message, path))


def from_errors(errors: Iterable[SourceError]) -> list[Finding]:
    """Errors of reading as findings."""
    return [Finding(e.file, e.line, e.column, "fout", "bestand", e.message, e.path) for e in errors]


def refuse_wrong(findings: Iterable[Finding]) -> None:
    """Raise `SourceInvalid` when any finding must be repaired."""
    errors = [SourceError(f.file, f.line, f.column, f.path, f.message) for f in findings if f.severity == "fout"]
    if errors:
        raise SourceInvalid(errors)
