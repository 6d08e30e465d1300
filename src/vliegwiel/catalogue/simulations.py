"""What is asked of a calculation for a whole population, and what comes out: totals and groups, never a household.

Pure: the tables are in `models`, the writes in `actions`, the calculation itself in `simulating`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from msgspec import Struct

from vliegwiel.base.errors import Invalid, InvalidParam
from vliegwiel.base.typed import prepare
from vliegwiel.law import LawBook
from vliegwiel.law.errors import LawFault, LawNotFound, NotInForce
from vliegwiel.law.feel.errors import FeelError, place
from vliegwiel.law.feel.parser import Scope, parse_expression
from vliegwiel.law.outcomes import outcomes_of
from vliegwiel.law.program import Program, Unit
from vliegwiel.law.types import Choice, Day, Group, Money, Number, Type, YesNo, kind_of
from vliegwiel.law.typing import TypeChecker

NOW: Final = "Zoals nu"
CHANGED: Final = "Met de wijziging"
FEWEST, MOST_HOUSEHOLDS, USUAL_HOUSEHOLDS = 100, 500_000, 20_000
MOST_CHANGES: Final = 5
MOST_SPLITS: Final = 4
MOST_OUTCOMES: Final = 8
LONGEST_CHANGE: Final = 1_000
SMALL: Final = 10
"""Households. A smaller group of a population that was uploaded is not shown: it could be about somebody."""
KEPT_DAYS: Final = 180
# Data by which everyone recognises a group, the best known first.
_USUAL: Final = {name: place for place, name in enumerate(("huishouden", "geboortedatum", "kinderen_ten_laste"))}


class Change(Struct, frozen=True):
    """Another value or expression (FEEL) for a norm, an open term or a rule."""

    name: str
    expression: str


class Question(Struct, frozen=True):
    """What is calculated: a law for a population on a date, as it is and changed.

    `file_name` is filled when the population was uploaded, and `households` and `seed` when it is made up. `empty_is_none`: an
    empty cell means that something is not there, instead of unknown. `other_on` and `other_town` belong to the change.
    """

    law: str
    wanted: tuple[str, ...]
    on: date
    town: str | None
    changes: tuple[Change, ...] = ()
    other_on: date | None = None
    other_town: str | None = None
    by: tuple[str, ...] = ()
    households: int = USUAL_HOUSEHOLDS
    seed: int = 1
    file_name: str = ""
    empty_is_none: bool = True

    @property
    def changed(self) -> bool:
        """Whether there is anything to compare with."""
        return bool(self.changes or self.other_on or self.other_town)


class Figures(Struct, frozen=True):
    """An outcome under one version of the law, in households. Amounts in euros, None for outcomes that are no amount."""

    label: str
    yes: Decimal
    no: Decimal
    value: Decimal
    nothing: Decimal
    unknown: Decimal
    total: Decimal | None
    mean: Decimal | None
    median: Decimal | None


class GroupLine(Struct, frozen=True):
    """What changes for one group, in households. `total` and `mean` are differences in euros."""

    group: str
    rows: int
    households: Decimal
    gains: Decimal
    loses: Decimal
    differs: Decimal
    same: Decimal
    unknown: Decimal
    total: Decimal | None
    mean: Decimal | None


class Split(Struct, frozen=True):
    """What changes by the groups of one datum."""

    column: str
    label: str
    lines: tuple[GroupLine, ...]


class OutcomeResult(Struct, frozen=True):
    """One outcome: as it is, changed, and who gains and loses. `kind` is its type in words, `amount` whether it is money."""

    name: str
    label: str
    kind: str
    amount: bool
    now: Figures
    then: Figures | None
    gains: Decimal
    loses: Decimal
    differs: Decimal
    same: Decimal
    unknown: Decimal
    total: Decimal | None
    gain_total: Decimal | None
    loss_total: Decimal | None
    splits: tuple[Split, ...]
    missing: tuple[tuple[str, Decimal], ...]


class Result(Struct, frozen=True):
    """All of it. `absent` are data that no column gave, `notes` what to know about the population and the calculation."""

    rows: int
    households: Decimal
    outcomes: tuple[OutcomeResult, ...]
    absent: tuple[str, ...]
    notes: tuple[str, ...]
    seconds: float


class Changeable(Struct, frozen=True):
    """Something of a law that can be changed: `group` is norm, open term or regel; `now` its value or rule today, in short."""

    name: str
    label: str
    group: str
    kind: str
    now: str


class Splittable(Struct, frozen=True):
    """A datum by which households can be grouped. `usual`: how people live, their age, a choice: what everyone recognises."""

    name: str
    label: str
    usual: bool


# --- what can be asked -----------------------------------------------------------------------------------------------


def changeable(program: Program) -> tuple[Changeable, ...]:
    """What can be changed: amounts (also those of another law that this one leans on) and open terms first, then rules."""
    made: list[Changeable] = []
    used = program.reach([key for name, key in program.names.items() if "." not in name])
    for name, key in program.names.items():
        unit = program.units[key]
        if unit.kind not in ("norm", "open term", "regel") or (
            "." in name and (unit.kind != "norm" or key not in used)
        ):
            continue
        if isinstance(unit.type, Group) and unit.kind == "norm":
            made += [
                Changeable(f"{name}.{field}", f"{unit.label}: {field.replace('_', ' ')}", unit.kind, kind_of(type_), "")
                for field, type_ in unit.type.fields
            ]
        else:
            made.append(Changeable(name, unit.label, unit.kind, kind_of(unit.type), unit.text))
    order = ("norm", "open term", "regel")
    return tuple(sorted(made, key=lambda one: (order.index(one.group), one.label.casefold())))


def splittable(program: Program, wanted: Sequence[str]) -> tuple[Splittable, ...]:
    """The data that households can be grouped by."""
    found = program.reach([program.unit(name).key for name in wanted])
    return tuple(
        Splittable(unit.name, unit.label, unit.name in _USUAL or isinstance(unit.type, Choice))
        for unit in sorted(program.units.values(), key=lambda unit: _USUAL.get(unit.name, len(_USUAL)))
        if unit.kind == "gegeven" and unit.key in found and _groups(unit)
    )


def _groups(unit: Unit) -> bool:
    return isinstance(unit.type, YesNo | Choice | Day | Money | Number)


def check(book: LawBook, question: Question) -> Question:
    """The question with its gaps filled in. Raises `Invalid` with what to do per field."""
    invalid: list[InvalidParam] = []
    program = _program(book, question.law, question.on, question.town, "on", invalid)
    if question.other_on is not None or question.other_town is not None:
        _program(
            book,
            question.law,
            question.other_on or question.on,
            question.other_town or question.town,
            "other_on",
            invalid,
        )
    if program is None or invalid:
        raise Invalid("Kijk na wat u vraagt.", invalid=invalid)
    wanted = _wanted(program, question.wanted)
    if not question.file_name and not FEWEST <= question.households <= MOST_HOUSEHOLDS:
        say = f"Kies een aantal van {FEWEST} tot en met {MOST_HOUSEHOLDS}."
        invalid.append(InvalidParam("households", "range", say))
    if not 0 <= question.seed <= 2**31:
        invalid.append(InvalidParam("seed", "range", "Kies een heel getal van 0 of meer."))
    if len(question.by) > MOST_SPLITS:
        invalid.append(InvalidParam("by", "many", f"Kies hoogstens {MOST_SPLITS} groepen."))
    _check_changes(program, question.changes, invalid)
    if not question.changed:
        invalid.append(
            InvalidParam("change-0", "none", "Verander iets: een bedrag, een regel, de gemeente of de datum.")
        )
    if invalid:
        raise Invalid("Kijk na wat u vraagt.", invalid=invalid)
    known = {one.name for one in splittable(program, wanted)}
    by = tuple(name for name in question.by if name in known or question.file_name)
    return Question(
        question.law, wanted, question.on, question.town, question.changes, question.other_on, question.other_town, by,
        question.households, question.seed, question.file_name, question.empty_is_none,
    )  # fmt: skip


def _program(
    book: LawBook, law: str, on: date, town: str | None, field: str, invalid: list[InvalidParam]
) -> Program | None:
    try:
        return book.program(law, on, town)
    except (LawNotFound, NotInForce, LawFault) as error:
        invalid.append(InvalidParam(field, "law", error.sentence))
        return None


def _wanted(program: Program, names: Sequence[str]) -> tuple[str, ...]:
    rules = {name for name, key in program.names.items() if program.units[key].kind == "regel"}
    return (tuple(name for name in names if name in rules) or outcomes_of(program))[:MOST_OUTCOMES]


def _check_changes(program: Program, changes: Sequence[Change], invalid: list[InvalidParam]) -> None:
    known = {one.name for one in changeable(program)}
    seen: set[str] = set()
    for number, change in enumerate(changes):
        field = f"change-{number}"
        if change.name not in known:
            invalid.append(InvalidParam(field, "name", "Kies uit de lijst wat u wilt veranderen."))
        elif change.name in seen:
            invalid.append(InvalidParam(field, "twice", "Dit verandert u al. Kies iets anders, of haal er een weg."))
        elif not change.expression:
            invalid.append(InvalidParam(field, "empty", "Vul in wat het moet worden."))
        elif len(change.expression) > LONGEST_CHANGE:
            invalid.append(InvalidParam(field, "long", f"Maak het korter: hoogstens {LONGEST_CHANGE} tekens."))
        elif fault := _expression_fault(program, change):
            invalid.append(InvalidParam(field, "feel", fault))
        seen.add(change.name)


def _expression_fault(program: Program, change: Change) -> str:
    """What is wrong with an expression, with line and column; empty when it can be read and fits what it replaces."""
    types: dict[str, Type] = {"peildatum": Day()}
    types |= {name: program.units[key].type for name, key in program.names.items()}
    name, field = change.name, ""
    if name not in types:
        name, _, field = name.rpartition(".")
    declared = types[name]
    if field and isinstance(declared, Group):
        declared = declared.field(field) or declared
    try:
        parsed = parse_expression(change.expression, Scope(known for known in types if "." not in known))
    except FeelError as error:
        return error.sentence
    checker = TypeChecker(types.get, lambda: list(types))
    checker.expression(parsed, declared)
    if not checker.problems:
        return ""
    offset, message = checker.problems[0]
    line, column = place(change.expression, offset)
    return f"Regel {line}, teken {column}: {message}"


def title_of(question: Question, labels: Mapping[str, str]) -> str:
    """What a calculation is called when nobody gave it a name."""
    parts = [f"{labels.get(change.name, change.name)}: {change.expression}" for change in question.changes]
    if question.other_town:
        parts.append(f"verordening van {labels.get(question.other_town, question.other_town)}")
    if question.other_on:
        parts.append(f"op {question.other_on.isoformat()}")
    return ", ".join(parts)[:200] or question.law


prepare(Question, Result)
