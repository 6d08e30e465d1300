"""What the command line says and how it ends: text or JSON on stdout, one line on stderr when it cannot be done."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import Annotated, NoReturn, TypeAlias

import typer


class Exit(IntEnum):
    """How a command ended. In the handbook (beheer.md); scripts rely on the numbers."""

    GOOD = 0
    DEFECT = 1
    """Something the platform did not foresee. A mistake of ours."""
    WRONG_INPUT = 2
    """The command, an option or a file is not right."""
    FOUND = 3
    """A check did its work and found something that is not right."""
    MISSING = 4
    """Something needed is not there: the database, a port, a right on a folder."""
    BUSY = 5
    """It runs already, or someone else was first."""
    INTERRUPTED = 130


Json: TypeAlias = Annotated[bool, typer.Option("--json", help="Geef het antwoord als JSON.")]


class Refused(Exception):
    """The command cannot be done. `sentence` is the one line on stderr."""

    def __init__(self, sentence: str, code: Exit = Exit.WRONG_INPUT) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.code = code


def show(text: str = "") -> None:
    """A line for a person."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def show_json(value: object) -> None:
    """One JSON document."""
    show(json.dumps(value, ensure_ascii=False, indent=1, default=str))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns that line up; a single line says so when there are no rows."""
    cells = [[str(c) for c in row] for row in rows]
    if not cells:
        return "(niets)"
    widths = [max(len(row[i]) for row in [list(head), *cells]) for i in range(len(head))]
    lines = ["  ".join(c.ljust(w) for c, w in zip(row, widths, strict=True)).rstrip() for row in [list(head), *cells]]
    return "\n".join([lines[0], "  ".join("─" * w for w in widths), *lines[1:]])


_DUTCH = (
    (r"No such command '(.*)'\.?", r"De opdracht '\1' bestaat niet."),
    (r"No such option: (\S+?)\.?(?: \(.*\))?", r"De optie \1 bestaat niet."),
    (r"Missing command\.?", "Zeg ook wat er moet gebeuren."),
    (r"Missing (?:argument|option|parameter) '?(.*?)'?\.?", r"Er ontbreekt iets: \1."),
    (r"Option '(.*)' requires an argument\.?", r"Zet een waarde achter \1."),
    (r"Got unexpected extra argument(?:s|\(s\))? \((.*)\)", r"Dit hoort er niet bij: \1."),
    (
        r"Invalid value for '?(--?[\w-]+|[\w\[\]]+).*?'?(?: \(env var: '\w+'\))?: (.*)",
        r"De waarde van \1 klopt niet (\2).",
    ),
)
_WHY = (
    (r"Value error, ", ""),
    (r"Input should be a valid integer\b.*(?=\))", "geef een heel getal"),
    (r"Input should be less than or equal to (\S+?)(?=\))", r"hoogstens \1"),
    (r"Input should be greater than or equal to (\S+?)(?=\))", r"minstens \1"),
    (r"'(.*)' does not match the formats? .*(?=\))", r"schrijf een datum als 2026-01-31, niet \1"),
    (r"(?i)(?:file|path|dir|directory) '(.*)' does not exist\.?(?=\))", r"\1 bestaat niet"),
    (r"(?i)(?:file|path) '(.*)' is a directory\.?(?=\))", r"\1 is een map"),
    (r"(?i)(?:file|path) '(.*)' is not readable\.?(?=\))", r"\1 is niet te lezen"),
)


def in_dutch(message: str) -> str:
    """What the command line library says about wrong input, in our language; unknown sentences stay as they are."""
    for pattern, sentence in _DUTCH:
        if match := re.fullmatch(pattern, message.strip(), re.DOTALL):
            said = match.expand(sentence)
            for english, dutch in _WHY:
                said = re.sub(english, dutch, said)
            return said
    return message


def finish(code: Exit) -> NoReturn:
    """End the command with this code."""
    raise typer.Exit(int(code))


def complain(sentence: str) -> None:
    """The one line on stderr."""
    sys.stderr.write("vliegwiel: " + " ".join(sentence.split()) + "\n")
    sys.stderr.flush()
