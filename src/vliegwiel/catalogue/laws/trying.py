"""Trying a law: a form made of its data, the decision with its reasons, and the same for another municipality or date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from vliegwiel.base.errors import InvalidParam, VliegwielError
from vliegwiel.law import Decision, Explanation, Fact, LawBook, decide, explain
from vliegwiel.law.errors import WrongFact
from vliegwiel.law.lawfile import ExampleSpec
from vliegwiel.law.model import Datum, JudgementQuestion, OpenTerm, Text
from vliegwiel.law.outcomes import outcomes_of
from vliegwiel.law.plain import NotThisType, read_node
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.types import kind_of

from . import typed
from .shelf import Town, town

SOURCE: Final = "ingevuld"
"""What stands as the source of a datum that was typed to try the law."""
MOST_OUTCOMES: Final = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried: a law on a date, for a municipality or for none, and what was typed by name of the datum.

    `wanted` are names of rules; none means the outcomes of the law.
    """

    law: str
    on: date
    town: str | None
    wanted: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OutcomeOption:
    """A rule that can be asked for. `main`: it is an outcome of the law, nothing else of it uses it."""

    name: str
    label: str
    kind: str
    chosen: bool
    main: bool


@dataclass(frozen=True, slots=True)
class Form:
    """The form: `data` a person gives, `judgements` a person makes, `terms` the municipality fills (may be tried otherwise)."""

    outcomes: tuple[OutcomeOption, ...]
    data: tuple[typed.Field, ...]
    judgements: tuple[typed.Field, ...]
    terms: tuple[typed.Field, ...]

    @property
    def terms_filled(self) -> bool:
        """Whether another value of an open term is tried."""
        return any(one.filled for one in self.terms)


@dataclass(frozen=True, slots=True)
class Tried:
    """A decision with its explanation."""

    asked: Asked
    town: Town | None
    decision: Decision
    explanation: Explanation


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One outcome under two municipalities or dates."""

    label: str
    first: str
    second: str

    @property
    def same(self) -> bool:
        """Whether both give the same."""
        return self.first == self.second


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it. `problem` is the sentence when the law could not be applied; `invalid` says which fields are wrong."""

    form: Form | None
    first: Tried | None
    second: Tried | None
    rows: tuple[CompareRow, ...]
    problem: str
    invalid: tuple[InvalidParam, ...]


def trial(book: LawBook, asked: Asked, second: Asked | None = None, *, run: bool) -> Trial:
    """The form, and when `run` the decision. What is typed wrong, or a law that does not hold, is told and never raised."""
    try:
        programs = [book.program(asked.law, asked.on, asked.town)]
        if second is not None:
            programs.append(book.program(second.law, second.on, second.town))
        wanted = _wanted(programs[0], asked.wanted)
    except VliegwielError as error:
        return Trial(None, None, None, (), error.sentence, ())
    invalid: list[InvalidParam] = []
    facts = _facts(programs, wanted, asked.typed, invalid)
    problem = ""
    tried: list[Tried] = []
    if run and not invalid:
        try:
            both = [replace(one, wanted=wanted, typed=asked.typed) for one in (asked, second) if one is not None]
            tried = [_tried(book, one, facts) for one in both]
        except WrongFact as error:
            invalid += error.invalid
        except VliegwielError as error:
            problem = error.sentence
    form_ = form(programs, wanted, asked.typed, invalid)
    first = tried[0] if tried else None
    other = tried[1] if len(tried) > 1 else None
    return Trial(form_, first, other, _rows(first, other), problem, tuple(invalid))


def _tried(book: LawBook, asked: Asked, facts: Mapping[str, Fact]) -> Tried:
    decision = decide(book, asked.law, asked.wanted, facts, on=asked.on, gemeente=asked.town)
    return Tried(asked, town(asked.town) if asked.town else None, decision, explain(decision))


def _rows(first: Tried | None, second: Tried | None) -> tuple[CompareRow, ...]:
    if first is None or second is None:
        return ()
    one, other = first.decision.outcomes, second.decision.outcomes
    return tuple(CompareRow(outcome.label, outcome.text, other[name].text) for name, outcome in one.items())


def _wanted(program: Program, names: Sequence[str]) -> tuple[str, ...]:
    """The rules asked for, as far as they exist; by default the outcomes of the law."""
    rules = {name for name, key in program.names.items() if program.units[key].kind == "regel"}
    asked = tuple(dict.fromkeys(name for name in names if name in rules))[:MOST_OUTCOMES]
    return asked or tuple(outcomes_of(program))[:MOST_OUTCOMES] or tuple(sorted(rules))[:MOST_OUTCOMES]


# --- facts -----------------------------------------------------------------------------------------------------------


def _reached(programs: Iterable[Program], wanted: Sequence[str]) -> dict[str, Unit]:
    """What can be given and may matter, by name, in the order of the file."""
    found: dict[str, Unit] = {}
    for program in programs:
        keys = program.reach([program.unit(name).key for name in wanted if name in program.names])
        for name, key in program.inputs.items():
            if key in keys:
                found.setdefault(name, program.units[key])
    return found


def _facts(
    programs: Sequence[Program], wanted: Sequence[str], given: Mapping[str, str], invalid: list[InvalidParam]
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    for name, unit in _reached(programs, wanted).items():
        value = typed.read(unit.type, name, given, invalid)
        if not isinstance(value, typed.Absent):
            facts[name] = Fact(value, SOURCE, verified=True)
    return facts


def form(
    programs: Sequence[Program], wanted: Sequence[str], given: Mapping[str, str], invalid: Iterable[InvalidParam]
) -> Form:
    """The form of a law with what was typed in it."""
    faults: dict[str, str] = {}
    for param in invalid:
        faults.setdefault(param.name, param.reason)
    made: dict[str, list[typed.Field]] = {"gegeven": [], "oordeel": [], "open term": []}
    for name, unit in _reached(programs, wanted).items():
        if unit.kind in made:
            label, hint = _said(unit)
            made[unit.kind].append(typed.field(unit.type, name, label, hint, given, faults))
    return Form(
        outcomes=_options(programs[0], wanted),
        data=tuple(made["gegeven"]),
        judgements=tuple(made["oordeel"]),
        terms=tuple(made["open term"]),
    )


def _said(unit: Unit) -> tuple[str, str]:
    label = unit.label[:1].upper() + unit.label[1:]
    match unit.definition:
        case Datum():
            return label, f"{unit.definition.question} {unit.definition.help}".strip()
        case JudgementQuestion():
            return unit.definition.question, " ".join(unit.definition.attention)
        case OpenTerm():
            return label, kind_of(unit.type)
        case _:
            return label, ""


def _options(program: Program, wanted: Sequence[str]) -> tuple[OutcomeOption, ...]:
    main = set(outcomes_of(program))
    made = [
        OutcomeOption(name, program.units[key].label, kind_of(program.units[key].type), name in wanted, name in main)
        for name, key in program.names.items()
        if program.units[key].kind == "regel" and ("." not in name or name in wanted)
    ]
    return tuple(sorted(made, key=lambda one: not one.main))


# --- examples --------------------------------------------------------------------------------------------------------


def example_of(book: LawBook, text: Text, spec: ExampleSpec) -> Asked:
    """What an example of a law or ordinance tries. Raises `LawNotFound`, `NotInForce`, `LawFault`."""
    code = spec.gemeente or (text.gemeenten[0] if text.gemeenten else None)
    law = text.fills or text.id
    program = book.program(law, spec.op, code)
    given: dict[str, str] = {}
    for key, node in spec.gegevens.entries if spec.gegevens is not None else ():
        unit_key = program.inputs.get(key.text)
        if unit_key is None:
            continue
        unit = program.units[unit_key]
        try:
            given |= typed.write(unit.type, key.text, read_node(unit.type, node, key.text))
        except NotThisType:
            continue
    wanted = tuple(key.text for key, _ in spec.verwacht.entries if key.text in program.names)
    rules = tuple(name for name in wanted if program.unit(name).kind == "regel")
    return Asked(law, spec.op, code, rules, given)
