"""Decision tables: combinations for which no line is written, lines that match together, lines that never have a turn.

Exact over amounts, numbers, dates, durations, choices, yes and no, and null, also where columns depend on each other.
What is said to happen was seen to happen by running the law (`trying`); what is said to be impossible is proved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeAlias

from vliegwiel.law.checking import trying
from vliegwiel.law.checking.formulas import NOT_YES, YES, Formula, every
from vliegwiel.law.checking.meaning import Meaning
from vliegwiel.law.checking.scale import Range
from vliegwiel.law.checking.solving import Solver, other_than, solve
from vliegwiel.law.checking.walking import Asking
from vliegwiel.law.errors import LawFault
from vliegwiel.law.feel import tree
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.scope import UNSET
from vliegwiel.law.feel.values import Unknown, Value, equal
from vliegwiel.law.feel.walk import every_node
from vliegwiel.law.findings import Finding, Severity
from vliegwiel.law.lawfile import HitPolicy
from vliegwiel.law.model import Line, Rule, Table
from vliegwiel.law.program import CompiledTableParts, Unit
from vliegwiel.law.types import Choice, Type
from vliegwiel.law.wording import say

_Happens: TypeAlias = Callable[[Frame], bool]

_ONE_OUTCOME: Final = (HitPolicy.UNIQUE, HitPolicy.ANY, HitPolicy.PRIORITY, HitPolicy.FIRST)
_MOST_WITNESSES: Final = 6
_MOST_PAIRS: Final = 4_000
_EXPECTED: Final = Range(usual=True, whole=True, named=True)
_WIDEST: Final = Range(usual=True)
# Fractions and texts that no line names may be meant to give nothing.
_TEXT_HINT: Final = (
    "Bij een andere tekst geeft de tabel niets. Maak er een keuze van, of schrijf een regel voor de rest."
)
_FRACTION_HINT: Final = "Is het altijd een heel getal? Schrijf dan toch '< 18' en '>= 18', niet '<= 17' en '>= 18'."
_WIDTHS: Final[tuple[tuple[Range, Severity, str], ...]] = (
    (_EXPECTED, "fout", ""),
    (Range(usual=True, whole=True), "opmerking", _TEXT_HINT),
    (_WIDEST, "opmerking", _FRACTION_HINT),
)


@dataclass(frozen=True, slots=True)
class TableCheck:
    """One table of one program on one date."""

    asking: Asking
    unit: Unit
    table: Table
    anatomy: CompiledTableParts
    on: date

    @classmethod
    def of(cls, asking: Asking, unit: Unit, on: date) -> TableCheck | None:
        """The check of a unit, when it is a table."""
        if isinstance(unit.body, Table) and isinstance(unit.anatomy, CompiledTableParts):
            return cls(asking, unit, unit.body, unit.anatomy, on)
        return None

    @property
    def meaning(self) -> Meaning:
        """The formulas of the program."""
        return self.asking.meaning

    @property
    def lines(self) -> tuple[Line, ...]:
        """The lines that hold on the date."""
        return self.anatomy.lines

    def matches(self, number: int) -> Formula:
        """That a line matches."""
        return self.meaning.line(self.unit, self.table, self.lines[number], YES)

    def passes(self, number: int) -> Formula:
        """That a line does not match."""
        return self.meaning.line(self.unit, self.table, self.lines[number], NOT_YES)

    def finding(self, line: Line, severity: Severity, code: str, message: str, hint: str = "") -> Finding:
        """Something about a line."""
        return Finding(self.unit.definition.file, line.at.line, line.at.column, severity, code, message, (), hint)

    # --- lines that never decide -------------------------------------------------------------------------------------

    def dead_lines(self) -> Iterator[Finding]:
        """Lines that no facts reach: impossible in themselves, or always taken by a line that goes before."""
        yes = [self.matches(number) for number in range(len(self.lines))]
        no = [self.passes(number) for number in range(len(self.lines))]
        solver = Solver([*yes, *no])
        for number, line in enumerate(self.lines):
            said = f"'{self.unit.name}': regel {number + 1} van de tabel"
            if solver.ask([yes[number]]).possible is False:
                yield self.finding(line, "fout", "regel-onmogelijk", f"{said} kan nooit passen.{self.why(line)}")
                continue
            before = self.before(number)
            if not before or solver.ask([yes[number], *(no[n] for n in before)]).possible is not False:
                continue
            alone = next((n for n in before if solver.ask([yes[number], no[n]]).possible is False), None)
            one, more = "past dan ook en gaat voor", "de regels daarvoor passen dan ook en gaan voor"
            taken = f"regel {alone + 1} {one}" if alone is not None else more
            yield self.finding(line, "fout", "regel-overschaduwd", f"{said} komt nooit aan de beurt: {taken}.")

    def why(self, line: Line) -> str:
        """Which column alone makes a line impossible."""
        for cell, column in zip(line.cells, self.table.columns, strict=True):
            if cell is not None:
                alone = self.meaning.cell(cell, column.tree, column.type, self.unit.reads, YES)
                if solve(alone).possible is False:
                    return f" Bij '{column.text.strip()}' voldoet niets aan '{cell.text.strip()}'."
        return ""

    def before(self, number: int) -> list[int]:
        """The lines that go before a line when both match."""
        if self.table.policy is HitPolicy.FIRST:
            return list(range(number))
        if self.table.policy is HitPolicy.PRIORITY:
            mine = self.rank(number)
            return [n for n in range(len(self.lines)) if self.rank(n) < mine]
        return []

    def rank(self, number: int) -> int:
        """The place of the outcome of a line in `volgorde`."""
        known = self.meaning.known(self.lines[number].output.tree, self.unit.reads)
        order = self.table.order
        if known is None:
            return len(order)
        return next((n for n, value in enumerate(order) if equal(value, known.value) is True), len(order))

    # --- lines that match together -----------------------------------------------------------------------------------

    def overlaps(self) -> Iterator[Finding]:
        """Lines that match together where the policy forbids it: each line with the first such line before it."""
        if self.table.policy not in (HitPolicy.UNIQUE, HitPolicy.ANY):
            return
        yes = [self.matches(number) for number in range(len(self.lines))]
        asked = self.asking.of(self.unit)
        solver = Solver([asked, *yes], _EXPECTED)
        left = _MOST_PAIRS
        for second in range(len(self.lines)):
            for first in range(second):
                left -= 1
                if left < 0:
                    return
                both: list[Formula] = [asked, yes[first], yes[second]]
                if solver.ask(both).possible is False:
                    continue
                found = self.overlap(first, second, every(both))
                if found is not None:
                    yield found
                    break

    def overlap(self, first: int, second: int, both: Formula) -> Finding | None:
        """Two lines that match together."""
        if self.table.policy is HitPolicy.ANY and self.same_outcome(first, second):
            return None

        def happens(frame: Frame) -> bool:
            sure = self.anatomy.table.matches(frame).sure
            if first not in sure or second not in sure or not (self.is_plain(frame) and self.is_asked(frame)):
                return False
            if self.table.policy is HitPolicy.UNIQUE:
                return True
            one, other = (self.anatomy.outputs[n].code(frame) for n in (first, second))
            return not isinstance(one, Unknown) and not isinstance(other, Unknown) and equal(one, other) is not True

        frame = self.witness(both, _EXPECTED, happens)
        if frame is None:
            return None
        line = self.lines[second]
        different = " met een andere uitkomst" if self.table.policy is HitPolicy.ANY else ""
        said = (
            f"'{self.unit.name}': regel {second + 1} van de tabel past tegelijk met regel {first + 1}{different}: "
            f"als {self.example(frame)}."
        )
        hint = (
            f"Regel {first + 1} staat op regel {self.lines[first].at.line} van het bestand. Maak de regels zo dat er steeds "
            "één past, of kies treffer F: dan gaat de eerste voor."
        )
        return self.finding(line, "fout", "overlap", said, hint)

    def same_outcome(self, first: int, second: int) -> bool:
        """Whether two lines surely give the same."""
        one, other = (self.meaning.known(self.lines[n].output.tree, self.unit.reads) for n in (first, second))
        if one is not None and other is not None:
            return equal(one.value, other.value) is True
        return self.lines[first].output.text.strip() == self.lines[second].output.text.strip()

    # --- combinations without a line ---------------------------------------------------------------------------------

    def gaps(self) -> Iterator[Finding]:
        """A combination for which no line is written, the plainest that there is."""
        if self.table.policy not in _ONE_OUTCOME:
            return
        none = every([self.asking.of(self.unit), *(self.passes(number) for number in range(len(self.lines)))])
        if solve(none, _WIDEST).possible is False:
            return
        undecided = False
        for width, severity, hint in _WIDTHS:
            answer = solve(none, width)
            undecided = undecided or answer.possible is None
            frame = self.witness(none, width, self.is_gap) if answer.possible else None
            if frame is not None:
                said = f"'{self.unit.name}': geen regel van de tabel past als {self.example(frame)}."
                yield self.about(severity, "gat", said, hint)
                return
        if undecided:
            said = f"De tabel van '{self.unit.name}' is te groot om op gaten na te rekenen."
            yield self.about("opmerking", "niet-nagerekend", said)

    def about(self, severity: Severity, code: str, message: str, hint: str = "") -> Finding:
        """Something about the table as a whole."""
        about = self.unit.definition
        path = ("invulling" if isinstance(about, Rule) and about.fills else "regels", about.name)
        return Finding(about.file, about.at.line, about.at.column, severity, code, message, path, hint)

    def is_gap(self, frame: Frame) -> bool:
        """Whether no line matches, with everything known."""
        found = self.anatomy.table.matches(frame)
        return not found.sure and not found.maybe and self.is_plain(frame) and self.is_asked(frame)

    def is_asked(self, frame: Frame) -> bool:
        """Whether some rule needs the outcome of this one in a run; two lines at once break that rule off."""
        users = self.asking.users.get(self.unit.key)
        if not users:
            return True
        frame[self.unit.slot] = UNSET
        for user in users:
            try:
                user.load(frame)
            except LawFault:
                return True
            if frame[self.unit.slot] is not UNSET:
                return True
        return False

    def is_plain(self, frame: Frame) -> bool:
        """Whether every column has a value, and null only where the table speaks of null."""
        for number, column in enumerate(self.anatomy.columns):
            value = column.code(frame)
            if isinstance(value, Unknown) or (value is None and not self.speaks_of_null(number)):
                return False
        return True

    def speaks_of_null(self, number: int) -> bool:
        """Whether a cell of a column names null."""
        cells = [line.cells[number] for line in self.lines]
        return any(isinstance(node, tree.Null) for cell in cells if cell is not None for node in every_node(cell.tests))

    # --- examples ----------------------------------------------------------------------------------------------------

    def witness(self, formula: Formula, width: Range, happens: _Happens) -> Frame | None:
        """A run in which it happens; other values are tried when the first ones turn out not to be possible."""
        asked = formula
        for _ in range(_MOST_WITNESSES):
            answer = solve(asked, width)
            if not answer.possible:
                return None
            found = trying.find(self.meaning.program, self.unit, self.on, answer.values, happens)
            if found is not None:
                return found.frame
            asked = every([asked, other_than(formula, answer.values)])
        return None

    def example(self, frame: Frame) -> str:
        """The values of the columns in a run, those that some line looks at."""
        parts: list[str] = []
        for number, (part, column) in enumerate(zip(self.anatomy.columns, self.table.columns, strict=True)):
            if any(line.cells[number] is not None for line in self.lines):
                parts.append(f"{column.text.strip()} = {shown(column.type, part.code(frame))}")
        return ", ".join(parts) or "er iets wordt gevraagd"


def shown(type_: Type, value: Value) -> str:
    """A value as somebody who writes laws knows it."""
    if isinstance(type_, Choice) and isinstance(value, str):
        return value
    return "null" if value is None else say(type_, value)
