"""Examples that travel with a law: run them, and see whether every rule fires in one of them ("must-fire" coverage)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vliegwiel.base.errors import VliegwielError
from vliegwiel.base.sourcedecode import nearest
from vliegwiel.base.sourcefile import Node, TextNode
from vliegwiel.law.book import LawBook
from vliegwiel.law.coverage import Coverage
from vliegwiel.law.feel.values import Unknown, Value, equal
from vliegwiel.law.findings import Finding
from vliegwiel.law.lawfile import ExampleSpec
from vliegwiel.law.model import Text
from vliegwiel.law.plain import NotThisType, read_node
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.wording import say


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """How one example went. `problems` are Dutch sentences; none means that it came out as it should."""

    text: str
    name: str
    file: str
    line: int
    problems: tuple[str, ...]

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
            Finding(result.file, result.line, 1, "fout", "voorbeeld", f"Voorbeeld '{result.name}': {problem}")
            for result in self.results
            for problem in result.problems
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
            problems = [error.sentence]
        yield ExampleResult(text.id, example.naam, text.file, example.at.line, tuple(problems))


def _problems(program: Program, example: ExampleSpec, coverage: Coverage) -> list[str]:
    problems: list[str] = []
    frame = program.frame(example.op)
    for key, node in example.gegevens.entries if example.gegevens is not None else ():
        unit = _input(program, key.text, problems)
        if unit is not None:
            try:
                frame[unit.slot] = read_node(unit.type, node, unit.name)
            except NotThisType as error:
                problems.append(f"{key.text}: {error}")
    missing: set[str] = set()
    for key, node in example.verwacht.entries:
        unit = program.unit(key.text)
        value = unit.load(frame)
        if isinstance(value, Unknown):
            missing |= {_asked(name) for name in value.names}
        problem = _difference(unit, value, node)
        if problem:
            problems.append(f"{key.text}: {problem}")
    if example.vraagt is not None:
        wanted = {item.text for item in example.vraagt}
        if wanted != missing:
            problems.append(f"vraagt {_listed(missing)}, niet {_listed(wanted)}.")
    coverage.note(program, frame)
    return problems


def _input(program: Program, name: str, problems: list[str]) -> Unit | None:
    key = program.inputs.get(name)
    if key is None:
        meant = nearest(name, program.inputs)
        problems.append(f"'{name}' is geen gegeven van deze wet." + (f" Bedoelt u '{meant}'?" if meant else ""))
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
