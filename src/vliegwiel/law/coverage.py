"""Which parts of a law fired in some example: lines of tables, conditions both ways, both branches of an `if`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from vliegwiel.base.sourcefile import Position
from vliegwiel.law.branching import branches
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.findings import Finding
from vliegwiel.law.model import Body, Conditions, Formula, Table, Text
from vliegwiel.law.program import CompiledConditions, CompiledFormula, CompiledTableParts, Program, Unit
from vliegwiel.law.types import Type, YesNo

# What must be seen: (file, line, column, what). A condition and a branch appear twice: for yes and for no.
_Key = tuple[str, int, int, str]


@dataclass(slots=True)
class Coverage:
    """Collects over many runs."""

    wanted: dict[_Key, str] = field(default_factory=dict)
    seen: set[_Key] = field(default_factory=set)

    def expect(self, text: Text) -> None:
        """All parts of a text must fire."""
        for rule in (*text.rules.values(), *text.filled.values()):
            for at, what, said in _parts(rule.body, rule.type, rule.at):
                self.wanted[(rule.file, at.line, at.column, what)] = f"'{rule.name}': {said}"
        for deviation in text.deviations:
            for at, what, said in _parts(deviation.body, deviation.type, deviation.at):
                self.wanted[(deviation.file, at.line, at.column, what)] = f"'{deviation.law}.{deviation.rule}': {said}"

    def note(self, program: Program, frame: Frame) -> None:
        """Which parts fired in this run."""
        for unit in program.units.values():
            if unit.kind in ("regel", "open term") and frame[unit.slot] is not UNSET:
                self.note_unit(unit, frame)

    def note_unit(self, unit: Unit, frame: Frame) -> None:
        """The parts of one rule."""
        file, anatomy = unit.definition.file, unit.anatomy
        if isinstance(anatomy, CompiledConditions):
            for item in anatomy.items:
                value = item.part.code(frame)
                if isinstance(value, bool):
                    self.mark(file, item.condition.at, "ja" if value else "nee")
        elif isinstance(anatomy, CompiledTableParts):
            for number in anatomy.table.matches(frame).sure:
                self.mark(file, anatomy.lines[number].at, "regel")
        elif isinstance(anatomy, CompiledFormula):
            value = frame[unit.slot]
            self.mark(file, unit.definition.at, "ja" if value is True else "nee" if value is False else "regel")
            for branch in anatomy.branches:
                taken = branch.code(frame)
                if isinstance(taken, bool):
                    self.mark(file, branch.at, "then" if taken else "else")

    def mark(self, file: str, at: Position, what: str) -> None:
        """A part fired."""
        self.seen.add((file, at.line, at.column, what))

    def missing(self) -> Iterator[Finding]:
        """What no example reached."""
        for key, said in sorted(self.wanted.items()):
            if key not in self.seen:
                file, line, column, _ = key
                yield Finding(file, line, column, "fout", "dekking", f"Geen voorbeeld raakt {said}.")


def _parts(body: Body, type_: Type, at: Position) -> Iterator[tuple[Position, str, str]]:
    if isinstance(body, Conditions):
        for number, item in enumerate(body.items, 1):
            yield item.at, "ja", f"voorwaarde {number} met als uitkomst ja"
            yield item.at, "nee", f"voorwaarde {number} met als uitkomst nee"
    elif isinstance(body, Table):
        for number, line in enumerate(body.lines, 1):
            yield line.at, "regel", f"regel {number} van de tabel"
    elif isinstance(body, Formula):
        if isinstance(type_, YesNo):
            yield at, "ja", "de formule met als uitkomst ja"
            yield at, "nee", "de formule met als uitkomst nee"
        else:
            yield at, "regel", "de formule"
        for place, _ in branches(body.expression):
            yield place, "then", "de tak 'then' van de formule"
            yield place, "else", "de tak 'else' van de formule"
