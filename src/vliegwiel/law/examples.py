"""Examples that travel with a law: run them, and see whether every rule fires in one of them ("must-fire" coverage)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from vliegwiel.base.errors import VliegwielError
from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import Node, TextNode
from vliegwiel.law.book import LawBook
from vliegwiel.law.coverage import Coverage
from vliegwiel.law.feel.runtime import Frame
from vliegwiel.law.feel.values import Unknown, Value, equal
from vliegwiel.law.findings import Finding
from vliegwiel.law.lawfile import ExampleSpec
from vliegwiel.law.model import Expression, Formula, Table, Text
from vliegwiel.law.plain import NotThisType, read_node
from vliegwiel.law.program import CompiledConditions, CompiledFormula, CompiledTableParts, Program, Unit
from vliegwiel.law.wording import enumerate_words, say


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went. `problems` are Dutch sentences; none means that it came out as it should.

    `reasons` says of each problem how the law came to its outcome, or "".
    """

    text: str
    name: str
    file: str
    line: int
    problems: tuple[str, ...]
    column: int = 1
    reasons: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the law gave what the example says."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class ExamplesReport:
    """All examples of a book, and the parts of its laws that no example reaches."""

    results: tuple[ExampleResult, ...]
    uncovered: tuple[Finding, ...]

    @property
    def passed(self) -> int:
        """How many came out as they should."""
        return sum(result.passed for result in self.results)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that is wrong, as findings."""
        failed = [
            Finding(
                result.file,
                result.line,
                result.column,
                "fout",
                "voorbeeld",
                f"Voorbeeld '{result.name}': {problem}",
                hint=reason,
            )
            for result in self.results
            for problem, reason in zip_longest(result.problems, result.reasons, fillvalue="")
        ]
        return (*failed, *self.uncovered)


def run_examples(book: LawBook, texts: Sequence[str] | None = None) -> ExamplesReport:
    """Run the examples of all laws and ordinances, or of the texts named."""
    coverage = Coverage()
    results: list[ExampleResult] = []
    chosen = [text for text in book.texts if texts is None or text.id in texts]
    for text in chosen:
        coverage.expect(text)
        for example in text.examples:
            results.extend(_run(book, text, example, coverage))
    return ExamplesReport(tuple(results), tuple(coverage.missing()))


def _run(book: LawBook, text: Text, example: ExampleSpec, coverage: Coverage) -> Iterable[ExampleResult]:
    law = text.fills or text.id
    gemeenten = [example.gemeente] if example.gemeente else (text.gemeenten or [None])
    for gemeente in gemeenten:
        try:
            program = book.program(law, example.op, gemeente)
            problems = _problems(program, example, coverage)
        except VliegwielError as error:
            problems = [(error.sentence, "")]
        at = example.at
        said, reasons = tuple(problem for problem, _ in problems), tuple(reason for _, reason in problems)
        yield ExampleResult(text.id, example.naam, text.file, at.line, said, at.column, reasons)


def _problems(program: Program, example: ExampleSpec, coverage: Coverage) -> list[tuple[str, str]]:
    """What came out otherwise, each with how the law came to it."""
    problems: list[tuple[str, str]] = []
    frame = program.frame(example.op)
    for key, node in example.gegevens.entries if example.gegevens is not None else ():
        unit = _input(program, key.text, problems)
        if unit is not None:
            try:
                frame[unit.slot] = read_node(unit.type, node, unit.name)
            except NotThisType as error:
                problems.append((f"{key.text}: {error}", ""))
    missing: set[str] = set()
    for key, node in example.verwacht.entries:
        unit = program.unit(key.text)
        value = unit.load(frame)
        if isinstance(value, Unknown):
            missing |= {_asked(name) for name in value.names}
        problem = _difference(unit, value, node)
        if problem:
            problems.append((f"{key.text}: {problem}", why(unit, frame)))
    if example.vraagt is not None:
        wanted = {item.text for item in example.vraagt}
        if wanted != missing:
            problems.append((f"vraagt {_listed(missing)}, niet {_listed(wanted)}.", ""))
    coverage.note(program, frame)
    return problems


def why(unit: Unit, frame: Frame) -> str:
    """How a rule came to its outcome in a run: which conditions did not hold, which line matched, what it was made of."""
    anatomy = unit.anatomy
    unknown = isinstance(unit.load(frame), Unknown)
    if isinstance(anatomy, CompiledConditions):
        return _why_conditions(anatomy, frame, unknown=unknown)
    if isinstance(anatomy, CompiledTableParts):
        columns = [(column, part.code(frame)) for part, column in zip(anatomy.columns, _columns(unit), strict=True)]
        if unknown:
            open_ = [column.text.strip() for column, value in columns if isinstance(value, Unknown)]
            return f"Nog niet bekend: {enumerate_words(open_)}." if open_ else ""
        values = ", ".join(f"{column.text.strip()} = {say(column.type, value)}" for column, value in columns)
        sure = [str(number + 1) for number in anatomy.table.matches(frame).sure]
        return f"{f'Regel {enumerate_words(sure)} past' if sure else 'Geen regel past'}: {values}."
    if isinstance(anatomy, CompiledFormula) and isinstance(unit.body, Formula) and not unknown:
        return f"De formule is: {' '.join(unit.body.expression.text.split())}."
    return ""


def _why_conditions(anatomy: CompiledConditions, frame: Frame, *, unknown: bool) -> str:
    """The conditions that decided, or those that are not known yet."""
    named: list[str] = []
    for number, item in enumerate(anatomy.items, 1):
        value = item.part.code(frame)
        if isinstance(value, Unknown) if unknown else value is (not anatomy.every):
            named.append(f"{number} ({item.condition.expression.text.strip()})")
    if not named:
        return "Aan alle voorwaarden is voldaan." if anatomy.every else "Aan geen van de voorwaarden is voldaan."
    how = "is nog niet bekend" if unknown else "is nee" if anatomy.every else "is ja"
    return f"Voorwaarde {enumerate_words(named)} {how}."


def _columns(unit: Unit) -> tuple[Expression, ...]:
    return unit.body.columns if isinstance(unit.body, Table) else ()


def _input(program: Program, name: str, problems: list[tuple[str, str]]) -> Unit | None:
    key = program.inputs.get(name)
    if key is None:
        meant = nearest(name, program.inputs)
        said = f"'{name}' is geen gegeven van deze wet." + (f" Bedoelt u '{meant}'?" if meant else "")
        problems.append((said, ""))
        return None
    return program.units[key]


def _difference(unit: Unit, value: Value, node: Node) -> str | None:
    if isinstance(node, TextNode) and node.plain and node.text == "onbekend":
        return None if isinstance(value, Unknown) else f"onbekend verwacht, maar de wet geeft {say(unit.type, value)}."
    try:
        wanted = read_node(unit.type, node)
    except NotThisType as error:
        return str(error)
    if isinstance(value, Unknown):
        names = _listed({_asked(name) for name in value.names})
        return f"{say(unit.type, wanted)} verwacht, maar de wet weet het niet: {names} ontbreekt."
    if equal(wanted, value) is True:
        return None
    return f"{say(unit.type, wanted)} verwacht, maar de wet geeft {say(unit.type, value)}."


def _asked(name: str) -> str:
    """What is missing, by the name the file uses: a datum, a judgement or an open term."""
    kind, _, key = name.rpartition(":")
    return key.rpartition(".")[2] if kind else key.partition(".")[0]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "niets"
